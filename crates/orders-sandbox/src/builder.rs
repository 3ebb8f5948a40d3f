//! How a sandbox is set up.

use std::fmt;
use std::io;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::clock::{self, Clock};
use crate::server::Sandbox;
use crate::world::World;

/// 2026-03-01T00:00:00Z.
const NOW: DateTime<Utc> = match DateTime::from_timestamp(1_772_323_200, 0) {
    Some(now) => now,
    None => DateTime::<Utc>::UNIX_EPOCH,
};

/// Settings of a [`Sandbox`], each with a default.
#[derive(Clone)]
#[must_use]
pub struct SandboxBuilder {
    seed: u64,
    orders: usize,
    port: u16,
    shopline_rate_limit: Option<(u32, u32)>,
    shopline_scopes: Vec<String>,
    now: DateTime<Utc>,
    clock: Clock,
}

impl SandboxBuilder {
    pub(crate) fn new() -> Self {
        Self {
            seed: 1,
            orders: 120,
            port: 0,
            shopline_rate_limit: Some((4, 40)),
            shopline_scopes: vec!["read_customers".to_owned(), "read_orders".to_owned()],
            now: NOW,
            clock: clock::system(),
        }
    }

    /// The seed of all data and credentials. Default 1.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// How many orders each vendor has. Default 120.
    pub fn orders(mut self, orders: usize) -> Self {
        self.orders = orders;
        self
    }

    /// The TCP port on 127.0.0.1. Default 0: the system gives a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// SHOPLINE's leaky bucket as (requests per second, burst). Default `Some((4, 40))`, as documented; `None` is no
    /// limit, as documented for enterprise plans.
    pub fn shopline_rate_limit(mut self, limit: Option<(u32, u32)>) -> Self {
        self.shopline_rate_limit = limit;
        self
    }

    /// What SHOPLINE's tokens may read. Default `read_customers` and `read_orders`, which is all that the played routes
    /// ask for; a token without the scope of a route gets HTTP 403.
    pub fn shopline_scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.shopline_scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// The virtual now of the data: all orders are older than this. Default 2026-03-01T00:00:00Z, so that the data are
    /// the same in every run. Fractions of a second are cut.
    pub fn now(mut self, now: DateTime<Utc>) -> Self {
        self.now = now;
        self
    }

    /// The clock that timestamps of requests are held against and that the rate limit leaks by. Default: the system's.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Makes the orders, binds the port and serves in a task of the current Tokio runtime (which needs its I/O enabled).
    ///
    /// # Errors
    /// When the port cannot be bound.
    pub async fn start(self) -> io::Result<Sandbox> {
        let world = World::new(
            self.seed,
            self.orders,
            self.now,
            self.clock,
            self.shopline_rate_limit,
            self.shopline_scopes,
        );
        Sandbox::serve(Arc::new(world), self.port).await
    }
}

impl fmt::Debug for SandboxBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SandboxBuilder")
            .field("seed", &self.seed)
            .field("orders", &self.orders)
            .field("port", &self.port)
            .field("shopline_rate_limit", &self.shopline_rate_limit)
            .field("shopline_scopes", &self.shopline_scopes)
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_now_is_what_its_doc_says() {
        assert_eq!(NOW.to_rfc3339(), "2026-03-01T00:00:00+00:00");
    }
}
