//! Which fields can a type read? A deserializer that answers every question and writes down what was asked.
//!
//! It offers each struct all of its fields, each list one element, and each scalar a value. Where a value does not
//! suit, the whole walk begins again with another value at that place.

mod notes;
mod walk;

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde::Deserialize;

use crate::workspace::Result;
use notes::Notes;
pub(crate) use notes::Read;
use walk::Recorder;

/// All fields that `T` reads, with their paths below `start`.
pub(crate) fn record<T: for<'de> Deserialize<'de>>(start: &str) -> Result<BTreeSet<Read>> {
    let mut notes = Notes::default();
    loop {
        let cell = RefCell::new(notes);
        let walked = T::deserialize(Recorder::new(start, &cell));
        notes = cell.into_inner();
        match walked {
            Ok(_) => return Ok(notes.read),
            Err(refusal) => notes.learn(&refusal)?,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::HashMap;

    use chrono::{DateTime, FixedOffset};
    use orders_wire::{Exact, IsoTime, List, OneOrMany, Text};
    use rust_decimal::Decimal;
    use serde::{Deserializer, de};
    use serde_json::value::RawValue;
    use serde_with::serde_as;

    use super::*;

    fn paths<T: for<'de> Deserialize<'de>>() -> Vec<String> {
        record::<T>("")
            .unwrap()
            .into_iter()
            .map(|read| format!("{} {}", read.owner, read.path))
            .collect()
    }

    #[derive(Deserialize)]
    struct Id(#[allow(dead_code)] String);

    #[serde_as]
    #[derive(Deserialize)]
    #[allow(dead_code)]
    struct Order {
        id: Id,
        count: u32,
        paid: bool,
        note: Option<String>,
        #[serde_as(as = "Exact")]
        total: Decimal,
        #[serde_as(as = "IsoTime")]
        at: Option<DateTime<FixedOffset>>,
        #[serde_as(as = "List")]
        lines: Vec<Line>,
        #[serde_as(as = "OneOrMany")]
        places: Vec<Place>,
        #[serde_as(as = "List<Text>")]
        tags: Vec<String>,
        metadata: HashMap<String, String>,
        anything: Box<RawValue>,
        #[serde(skip)]
        ours: u32,
    }

    #[derive(Deserialize)]
    #[allow(dead_code)]
    struct Line {
        sku: String,
        kind: Kind,
        parent: Option<Box<Line>>,
    }

    #[derive(Deserialize)]
    #[allow(dead_code)]
    struct Place {
        #[serde(alias = "zip_code", rename = "zip")]
        post_code: Option<String>,
    }

    #[derive(Deserialize)]
    enum Kind {
        Big,
        #[serde(other)]
        Other,
    }

    #[test]
    fn every_adapter_is_seen_through() {
        assert_eq!(
            paths::<Order>(),
            [
                "Line lines[].kind",
                "Line lines[].parent",
                "Line lines[].sku",
                "Order anything",
                "Order at",
                "Order count",
                "Order id",
                "Order lines",
                "Order metadata",
                "Order note",
                "Order paid",
                "Order places",
                "Order tags",
                "Order total",
                "Place places[].zip",
                "Place places[].zip_code",
            ]
        );
    }

    #[derive(Deserialize)]
    #[serde(untagged)]
    #[allow(dead_code)]
    enum Odd {
        Listed(Vec<u8>),
    }

    #[test]
    fn a_value_that_does_not_suit_is_replaced_by_another() {
        #[derive(Deserialize)]
        #[allow(dead_code)]
        struct Holder {
            odd: Odd,
        }
        assert_eq!(paths::<Holder>(), ["Holder odd"]);
    }

    #[test]
    fn a_type_that_takes_nothing_is_named() {
        #[derive(Debug)]
        struct Never;
        impl<'de> Deserialize<'de> for Never {
            fn deserialize<D: Deserializer<'de>>(d: D) -> std::result::Result<Self, D::Error> {
                de::IgnoredAny::deserialize(d)?;
                Err(de::Error::custom("never"))
            }
        }
        #[derive(Deserialize)]
        #[allow(dead_code)]
        struct Holder {
            never: Never,
        }
        assert!(
            record::<Holder>("list[]")
                .unwrap_err()
                .starts_with("list[].never: no answer suits")
        );
    }
}
