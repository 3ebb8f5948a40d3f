//! Events that SHOPLINE pushes: verify, then read. No HTTP stack needed.
//!
//! Documented: `X-Shopline-Hmac-Sha256` is the HMAC-SHA256 of the body **as received** with the app secret. The vendor's
//! own SDK writes it in hexadecimal, the sample in its documentation looks like base64: both are read. Answer 200 within
//! five seconds; otherwise the push is repeated up to nineteen times over two days, and after nineteen failures in a row
//! the subscription is deleted. Pushes can come twice, out of order, or never: keep each
//! [`Event::idempotency_key`] once, keep the newest `updated_at` of an order, and reconcile with a pull.
//!
//! No signed time exists: the signature covers the body alone, and a recorded push stays valid for ever. A tolerance
//! would only look like safety, so there is none; the idempotency key is the guard against replays.
//!
//! ```
//! use chrono::DateTime;
//! use shopline_api::webhooks::{self, Headers, Push, Resource, Topic};
//!
//! let push = Push::sign("app secret", Topic::OrdersPaid, "hook-1", br#"{"id":"2107","current_total_price":"60.00"}"#.to_vec());
//! let headers = Headers::from_pairs(push.headers.iter().map(|(name, value)| (*name, value.as_str())));
//! let event = webhooks::verify(&headers, &push.body, "app secret", DateTime::UNIX_EPOCH)?;
//! assert_eq!(event.idempotency_key(), "hook-1");
//! let Resource::Order(order) = event.resource else { panic!("no order") };
//! assert_eq!(order.id.as_deref(), Some("2107"));
//! # Ok::<(), shopline_api::webhooks::WebhookError>(())
//! ```

mod attribution;
mod event;
mod meaning;
mod redaction;
mod signature;
mod topic;

pub use attribution::Attribution;
pub use event::{Event, Resource};
pub use meaning::{push, read_push};
pub use orders_wire::webhook::{Headers, WebhookError, WebhookErrorKind};
pub use redaction::{RedactedCustomer, Redaction};
pub use signature::{Push, SignatureEncoding, Verifier, signature, verify};
pub use topic::Topic;
