//! Pulled == truth: the real clients, the real engine, the real program, against the sandbox.
//!
//! [`scenario`] lets one account live through faults, races, life and kills, and then asks whether what is stored is
//! what the sandbox holds, by content. [`pushing`] pulls while orders are pushed, in disorder. [`days`] pulls daily over months. [`program`] kills the real program at named
//! points, [`workers`] many of them on one database. [`size`] measures memory and speed, [`held`] what a process holds after
//! hours. Each failure names its seed; the tests of this crate run some, `cargo
//! xtask soak` runs as many as there is time for.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod bodies;
pub mod compare;
pub mod connect;
pub mod days;
pub mod held;
pub mod program;
pub mod pushing;
pub mod random;
pub mod readers;
pub mod scenario;
pub mod size;
pub mod stores;
pub mod trouble;
pub mod workers;

/// What a proof answers: what it saw, or what went wrong, in words.
pub type Result<T> = std::result::Result<T, String>;
