//! The sandbox over real sockets.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod changes;
mod clink;
mod clink_single;
mod control;
mod control_rules;
mod data;
mod deliveries;
mod faults;
mod habits;
mod in_memory;
mod life;
mod linkbest;
mod linkbest_services;
mod payments;
mod pushes;
mod races;
mod receiver;
mod sandbox;
mod shopline;
mod small;
mod store;
mod store_parts;
mod support;
mod tokens;
