//! Plays Clink, Linkbest and SHOPLINE over HTTP on loopback, seeded and strict, for tests and demos.
//!
//! One [`Sandbox`] is one server. It serves the order API of the three vendors under three paths. It holds invented
//! orders made from a seed: the same seed, number of orders and virtual now give the same bytes in every run. Its data
//! are known ([`Sandbox::truth`]), and every request is recorded ([`Sandbox::requests`]). So a test can check that
//! *everything was pulled, byte for byte, with that many requests*.
//!
//! Orders change when a test changes them ([`Sandbox::change_order`], [`Sandbox::create_order`], [`Sandbox::advance`]).
//! Signed pushes go to a URL of the test ([`Sandbox::push_to`], [`Sandbox::push`]), and every attempt is logged
//! ([`Sandbox::deliveries`]).
//!
//! By rule and seed, answers go wrong ([`Sandbox::set_faults`]) and orders change between two requests
//! ([`Sandbox::set_races`]). Orders can also change by themselves while virtual time passes ([`SandboxBuilder::life`]).
//! [`Sandbox::reset`] returns to the start. [`Sandbox::handle`] answers without a socket.
//!
//! ```
//! use orders_sandbox::{Sandbox, Vendor};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
//! # runtime.block_on(async {
//! let sandbox = Sandbox::builder().seed(7).orders(40).start().await?;
//! println!("GET {}order", sandbox.clink_base_url());
//! assert_eq!(sandbox.truth(Vendor::Clink).len(), 40);
//! # Ok(())
//! # })
//! # }
//! ```
//!
//! The sandbox implements the vendors' contracts by its own reading and depends on no client crate. So the two readings
//! check each other. It is as strict as the vendor: headers, timestamps, signature, required parameters, the window of
//! one day, page caps, cursors in a `link` header, the rate limit. The crate's README has a table of every behaviour:
//! documented, recorded or inferred. The sandbox is unofficial, and holds nobody's data.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod actions;
mod answer;
mod bodies;
mod builder;
mod caller;
mod change;
mod clink;
mod clock;
mod control;
mod faults;
mod habits;
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
pub use chrono;
pub use clock::Clock;
pub use faults::{Fault, FaultRule};
pub use habits::{EmptyList, Habits};
pub use log::RequestRecord;
pub use push::{Delivery, PushError, PushForm, PushTarget};
pub use races::{Race, RaceRule};
pub use rules::Rule;
pub use server::Sandbox;
pub use shopline::TruthPayments;
pub use truth::{TruthOrder, TruthRefund};
pub use vendor::Vendor;

/// Compiles the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
