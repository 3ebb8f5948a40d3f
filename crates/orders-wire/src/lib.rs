#![doc = include_str!("../README.md")]
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
pub use open::{NumberWord, OpenEnum, Word};
pub use raw::RawJson;
pub use record::{Record, Rows};
pub use row::{Drift, JsonType, Row, RowError, Strict};
pub use text::Text;
pub use time::{AnyTime, EpochMillis, IsoTime, LocalTime, since_2000};
pub use unknown::unknown_fields;

#[doc(hidden)]
pub use {serde, serde_with};
