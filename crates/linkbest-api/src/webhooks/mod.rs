//! Orders that Linkbest pushes: verify, then read. No HTTP stack needed.
//!
//! Push v1 comes as a GET with one order in the query, push v2 as a POST with it in the body; both when an order is
//! created, confirmed, settled or invalidated. Documented: the answer is the word `1` or `0` (received) or `-1` (not
//! received), see [`Answer`]; after more than three abnormal answers in a row the vendor writes an e-mail, after seven
//! days without a normal one it stops pushing. Pushes can come twice and out of order: keep each
//! [`Event::idempotency_key`] once, and request the order detail where the newest state matters. A push carries no
//! signed time, so an old one looks like a new one: the key is the only guard against replays. Its `Id` is that
//! of the push, not of the order: it tells a push from its repetition, and an order is found by program, number and sign.
//!
//! **The checksum rule is inferred** from the sister platform: the values, sorted by name, without `Id` and `Sign`,
//! joined without separator, then the secret; MD5 in lower-case hex digits. The vendor's own rule could not be read:
//! it can be replaced with [`Verifier::checksum`]. That v2 uses the same names and rule, as JSON or as a form, is inferred
//! too.
//!
//! ```
//! use linkbest_api::Bytes;
//! use linkbest_api::webhooks::{self, Answer, Push, Resource};
//!
//! let fields = [("Id", "7"), ("OrderSn", "A1"), ("ProgramId", "9"), ("OrdersPrice", "10.00")];
//! let push = Push::sign("secret", fields);
//!
//! let event = webhooks::verify(&push.query(), &Bytes::new(), "secret")?;
//! let Resource::Order(order) = &event.resource else { panic!("no order") };
//! assert_eq!(order.orders_price.unwrap().to_string(), "10.00");
//! assert!(event.idempotency_key().is_some_and(|key| key.starts_with("9/A1/")));
//! assert_eq!(Answer::Stored.to_string(), "1");
//! # Ok::<(), linkbest_api::webhooks::WebhookError>(())
//! ```

mod answer;
mod event;
mod fields;
mod meaning;
mod push;
mod signature;

pub use answer::Answer;
pub use event::{Event, Resource};
pub use fields::Fields;
pub use meaning::{push, read_push};
pub use orders_wire::webhook::{WebhookError, WebhookErrorKind};
pub use push::Push;
pub use signature::{Checksum, JoinedValues, Verifier, verify};
