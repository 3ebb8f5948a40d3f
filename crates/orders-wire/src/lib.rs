//! Serde adapters that read vendor JSON exactly.
//!
//! A vendor writes an amount as a number here and as text there, an id as text today and as a number tomorrow, a
//! list as `null`. The adapters in this crate read all of these, and keep every digit: a decimal is made from the
//! literal characters of the number, never through a float. They are used with [`serde_with::serde_as`].
//!
//! ```
//! use orders_wire::{Exact, List, Text};
//! use rust_decimal::Decimal;
//! use serde::{Deserialize, Serialize};
//! use serde_with::serde_as;
//!
//! #[serde_as]
//! #[derive(Debug, Default, Deserialize, Serialize)]
//! #[serde(default)]
//! struct Order {
//!     #[serde_as(as = "Text")]
//!     id: Option<String>,
//!     #[serde_as(as = "Exact")]
//!     total: Option<Decimal>,
//!     #[serde_as(as = "List<Text>")]
//!     tags: Vec<String>,
//! }
//!
//! let order: Order = orders_wire::decode(br#"{"id": 12345678901234567890123456, "total": 10.00, "tags": null}"#)?;
//! assert_eq!(order.id.as_deref(), Some("12345678901234567890123456"));
//! assert_eq!(order.total.unwrap().to_string(), "10.00");
//! # Ok::<(), orders_wire::DecodeError>(())
//! ```
//!
//! # What the adapters promise
//! - A decimal that does not fit (more than 28 places, more than 96 bits) is an error, never rounded.
//! - Where a number may already have gone through a float (serde's `flatten`, `untagged`, `from_value`), a number
//!   with a fraction or an exponent is refused. Strings and integers work there.
//! - They read and write the same text whatever features of `serde_json` or `rust_decimal` the rest of the program
//!   switches on. Never decode through [`serde_json::Value`]; encode with `to_string`, `to_vec` or `to_writer`.
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod adapter;
mod any;
mod decimal;
mod decimal_text;
mod decode;
mod flag;
pub mod hint;
mod integer;
mod json_object;
mod list;
mod members;
mod number;
mod object;
mod open;
mod raw;
mod record;
mod repair;
mod row;
mod scalar;
mod sink;
mod text;
mod time;
mod unknown;
pub mod webhook;

pub use any::AnyJson;
pub use decimal::{Exact, ExactNumber};
pub use decimal_text::DecimalText;
pub use decode::{DecodeError, decode, decode_text};
pub use flag::Flag;
pub use integer::{Integer, IntegerText};
pub use list::{List, OneOrMany};
pub use members::{Members, keys};
pub use number::{NumberError, parse_decimal};
pub use object::Object;
pub use open::{OpenEnum, Word};
pub use raw::RawJson;
pub use record::{Record, Rows};
pub use row::{Drift, JsonType, Row, RowError, Strict};
pub use text::Text;
pub use time::{EpochMillis, IsoTime, LocalTime};
pub use unknown::unknown_fields;

#[doc(hidden)]
pub use {serde, serde_with};
