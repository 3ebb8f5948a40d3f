//! There is no server.

use std::fmt;
use std::io::Write as _;

/// Set to `1` where a missing server has to fail the tests that need one.
const REQUIRED: &str = "ORDERS_REQUIRE_POSTGRES";

/// Why there is no server, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing(pub(crate) String);

impl Missing {
    /// Prints which test is left out and why, past the test harness, which would keep the line to itself.
    ///
    /// # Panics
    /// Where the environment says that a server is required.
    pub fn leave_out(&self) {
        let thread = std::thread::current();
        let test = thread.name().unwrap_or("a test").to_owned();
        let required = std::env::var_os(REQUIRED).is_some_and(|value| value == "1");
        assert!(!required, "{test} needs Postgres: {self}");
        let line = format!("left out: {test}, which needs Postgres: {self}\n");
        // Whoever closed the stream does not read it.
        let _ = std::io::stderr().write_all(line.as_bytes());
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
