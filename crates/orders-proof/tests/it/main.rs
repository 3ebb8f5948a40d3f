//! Some of the proofs, each time; `cargo xtask soak` runs more.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod altered;
mod days;
mod kills;
mod payments;
mod postgres;
mod pushes;
mod readers;
mod seeds;
mod size;
mod user_agents;
