//! Clink, Linkbest and SHOPLINE played over HTTP on loopback, seeded and strict, for tests and demos.
//!
//! One [`Sandbox`] is one server with the order family of the three vendors under three paths. It holds invented orders
//! made from a seed: the same seed, number of orders and virtual now give the same bytes in every run. What it serves
//! is known ([`Sandbox::truth`]), and what it was asked is recorded ([`Sandbox::requests`]), so that a test can say
//! *everything was pulled, by content, with that many requests*.
//!
//! Orders change when a test says so ([`Sandbox::change_order`], [`Sandbox::create_order`], [`Sandbox::advance`]), and
//! signed pushes tell a URL of the test's ([`Sandbox::push_to`], [`Sandbox::push`]), with every attempt written down
//! ([`Sandbox::deliveries`]).
//!
//! Answers go wrong by rule ([`Sandbox::set_faults`]), orders change between two requests ([`Sandbox::set_races`]) and live
//! while virtual time passes ([`SandboxBuilder::life`]), all by a seed. [`Sandbox::reset`] goes back to the start, and
//! [`Sandbox::handle`] answers without a socket.
//!
//! ```
//! use orders_sandbox::{Sandbox, Vendor};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
//! # runtime.block_on(async {
//! let sandbox = Sandbox::builder().seed(7).orders(40).start().await?;
//! println!("ask {}order", sandbox.clink_base_url());
//! assert_eq!(sandbox.truth(Vendor::Clink).len(), 40);
//! # Ok(())
//! # })
//! # }
//! ```
//!
//! The sandbox reads the vendors' contracts by itself and depends on no client crate: two independent readings check
//! each other. It is strict where the vendor is: headers, timestamps, signature, required parameters, the window of one
//! day, page caps, cursors in a `link` header, the rate limit. Which behaviour is documented, recorded or only inferred
//! stands in the table of the crate's README. It is unofficial, and holds no data of anybody.

mod actions;
mod answer;
mod bodies;
mod builder;
mod change;
mod clink;
mod clock;
mod control;
mod faults;
mod hmac;
mod in_memory;
mod json;
mod lifecycle;
mod limit;
mod linkbest;
mod log;
mod names;
mod observe;
mod params;
mod push;
mod races;
mod random;
mod request_info;
mod rules;
mod server;
mod setup;
mod shopline;
mod socket;
mod trigger;
mod truth;
mod vendor;
mod world;

pub use builder::SandboxBuilder;
pub use change::{Change, ChangeError};
pub use clock::Clock;
pub use faults::{Fault, FaultRule};
pub use log::RequestRecord;
pub use push::{Delivery, PushError, PushForm, PushTarget};
pub use races::{Race, RaceRule};
pub use rules::Rule;
pub use server::Sandbox;
pub use truth::{TruthOrder, TruthRefund};
pub use vendor::Vendor;

/// Compiles the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
