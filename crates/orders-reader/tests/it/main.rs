//! The machine and its stream over sources in memory: nothing lost, nothing twice, and an end.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod exploration;
mod liars;
mod positions;
mod stream;
