//! A throw-away Postgres server for tests: made in a second, gone with the process that made it, however it ends.
//!
//! ```no_run
//! # fn test() -> Result<(), String> {
//! let Some(server) = test_postgres::shared() else {
//!     return Ok(()); // What was left out, and why, was printed.
//! };
//! let url = server.fresh()?; // an empty database, `postgres://postgres@127.0.0.1:PORT/NAME`
//! # drop(url);
//! # Ok(())
//! # }
//! ```
//!
//! Nothing but the standard library and the programs of Postgres, which are taken from `PATH`, or else from the newest
//! `/usr/lib/postgresql/*/bin`. Where there are none, tests are left out, one printed line each; with
//! `ORDERS_REQUIRE_POSTGRES=1` they fail instead. Root cannot run a server: it runs as the user `postgres` then.

// Only tests depend on this crate: it talks to whoever runs them, and fails them.
#![allow(clippy::print_stderr, clippy::panic)]

mod installed;
mod missing;
mod server;

pub use missing::Missing;
pub use server::{Durability, PASSWORD, ROLE, Server};

use std::sync::OnceLock;

/// The server of this process, started by the first test that asks. It is not stopped by any of them.
///
/// `None` where there is none: return from the test then, what was left out is printed.
#[must_use]
pub fn shared() -> Option<&'static Server> {
    static SHARED: OnceLock<Result<Server, Missing>> = OnceLock::new();
    let server = SHARED.get_or_init(Server::start).as_ref();
    server.map_err(Missing::leave_out).ok()
}

/// Prints that this test is left out, and why: something else than a server is not there.
///
/// # Panics
/// Where the environment says that Postgres is required.
pub fn leave_out(why: impl Into<String>) {
    Missing(why.into()).leave_out();
}

/// A server of the test's own, which it may stop and start again; `None` as of [`shared`].
#[must_use]
pub fn own(durability: Durability) -> Option<Server> {
    Server::start_with(durability)
        .map_err(|missing| missing.leave_out())
        .ok()
}
