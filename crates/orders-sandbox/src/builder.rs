//! The settings of a sandbox.

use std::fmt;
use std::io;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::clock::{self, Clock, Dates};
use crate::server::Sandbox;
use crate::setup::Setup;
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
    setup: Setup,
    port: u16,
    clock: Clock,
    dates: Option<Dates>,
}

impl SandboxBuilder {
    pub(crate) fn new() -> Self {
        Self {
            setup: Setup {
                seed: 1,
                orders: 120,
                now: NOW,
                life: 0,
                small: false,
                limit: Some((4, 40)),
                scopes: ["read_customers", "read_orders", "read_payment"]
                    .map(str::to_owned)
                    .into(),
            },
            port: 0,
            clock: clock::system(),
            dates: None,
        }
    }

    /// The seed of all data and credentials. Default 1.
    pub fn seed(mut self, seed: u64) -> Self {
        self.setup.seed = seed;
        self
    }

    /// How many orders each vendor has. Default 120.
    pub fn orders(mut self, orders: usize) -> Self {
        self.setup.orders = orders;
        self
    }

    /// The TCP port on 127.0.0.1. Default 0: the system chooses a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// SHOPLINE's leaky bucket as (requests per second, burst). Default `Some((4, 40))`, as documented. `None` means no
    /// limit, as documented for enterprise plans.
    pub fn shopline_rate_limit(mut self, limit: Option<(u32, u32)>) -> Self {
        self.setup.limit = limit;
        self
    }

    /// The scopes of SHOPLINE's tokens. Default `read_customers`, `read_orders` and `read_payment`, which cover all
    /// played routes. A token without the scope of a route gets HTTP 403.
    pub fn shopline_scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.setup.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// The virtual now of the data: all orders are older. Default 2026-03-01T00:00:00Z, so that the data are the same
    /// in every run. Fractions of a second are dropped.
    pub fn now(mut self, now: DateTime<Utc>) -> Self {
        self.setup.now = now;
        self
    }

    /// How many new orders each vendor gets in a virtual day when [`Sandbox::advance`] moves time. Default 0: nothing
    /// changes by itself. With more, all orders change over time: they are paid, shipped, refunded, settled and
    /// archived, each at its own virtual time, by the seed. See [`Sandbox::advance`].
    pub fn life(mut self, per_day: u32) -> Self {
        self.setup.life = per_day;
        self
    }

    /// Small orders: one line, and only the necessary members, some 500 bytes each. For runs of a million. The same
    /// seed gives other bytes with it. Default false.
    pub fn small(mut self, small: bool) -> Self {
        self.setup.small = small;
        self
    }

    /// The clock that request timestamps are compared with, that the rate limit leaks by, and that dates the answers
    /// (unless [`date`](Self::date) is called). Default: the system's.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Dates the answers by the virtual now, for a client whose clock goes with it: the header `Date` is what `date`
    /// makes of it, in whole seconds.
    pub fn date(
        mut self,
        date: impl Fn(DateTime<Utc>) -> DateTime<Utc> + Send + Sync + 'static,
    ) -> Self {
        self.dates = Some(Arc::new(date));
        self
    }

    /// Makes the orders, binds the port and serves in a task of the current Tokio runtime (with its I/O enabled).
    ///
    /// # Errors
    /// The port cannot be bound.
    pub async fn start(self) -> io::Result<Sandbox> {
        let world = World::new(self.setup, self.clock, self.dates);
        Sandbox::serve(Arc::new(world), self.port).await
    }
}

impl fmt::Debug for SandboxBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SandboxBuilder")
            .field("setup", &self.setup)
            .field("port", &self.port)
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
