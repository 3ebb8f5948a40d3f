//! Events that Clink pushes: verify, then read. No HTTP stack needed.
//!
//! Documented: `X-Clink-Signature` is the hexadecimal HMAC-SHA256, with the endpoint's signing secret, of
//! `X-Clink-Timestamp`, a dot and the body **as received**; `X-Clink-SignType` is `SHA256`. Pushes are repeated up to ten
//! times over about a day after anything but a 2xx answer, can come twice and out of order: keep each
//! [`Event::idempotency_key`] once, and trust the newest [`Event::created`] of an order.
//! Inferred: the timestamp is in seconds or milliseconds (both are read); the secret is used with its `whsec_` prefix;
//! five minutes of tolerance.
//!
//! ```
//! use chrono::DateTime;
//! use clink_api::webhooks::{self, Headers, Resource};
//!
//! let now = DateTime::from_timestamp(1_754_819_711, 0).unwrap();
//! let body = br#"{"id":"event_1","object":"event","created":1754819711382,"type":"order.succeeded",
//!                 "data":{"object":{"orderId":"order_1","amountTotal":19.90}}}"#;
//! let push = webhooks::Push::sign("whsec_test", now, body.to_vec());
//!
//! let headers = Headers::from_pairs(push.headers.iter().map(|(name, value)| (*name, value.as_str())));
//! let event = webhooks::verify(&headers, &push.body, "whsec_test", now)?;
//! assert_eq!(event.idempotency_key(), "event_1");
//! let Resource::Order(order) = event.resource else { panic!("no order") };
//! assert_eq!(order.amount_total.unwrap().to_string(), "19.90");
//! # Ok::<(), clink_api::webhooks::WebhookError>(())
//! ```

mod billing;
mod dispute;
mod event;
mod meaning;
mod names;
mod reply;
mod signature;

pub use billing::{Invoice, InvoiceItem, InvoicePrice, Recurring, Subscription};
pub use dispute::Dispute;
pub use event::{Event, Resource};
pub use meaning::{push, read_push};
pub use names::EventName;
pub use orders_wire::webhook::{Headers, Tolerance, WebhookError, WebhookErrorKind};
pub use reply::{AccountEvent, OrderSucceededReply, ReplyData};
pub use signature::{Push, Verifier, signature, verify};
