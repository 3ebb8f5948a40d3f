//! Pulling against vendors in memory.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod altered_state;
mod at_end;
mod basics;
mod begins;
mod bench;
mod busy;
mod clocks;
mod doubts;
mod empties;
#[cfg(unix)]
mod files;
mod forget;
mod gone;
mod grouped;
mod habits;
mod histories;
mod horizon;
mod identity;
mod known_bugs;
mod liars;
mod migration;
mod odd;
mod old;
mod partitions;
#[cfg(feature = "postgres")]
mod postgres;
mod progress;
mod pushes;
mod remap;
mod sample;
mod sim;
mod stores;
mod tables;
mod tiers;
mod truth;
mod unfinished;
mod unreadable;
mod unseen;
mod vendor_clock;
mod verify;
mod views;
mod weak_places;
mod who;
mod world;
