//! What a body holds that the contract does not know. Walks the JSON text itself, so that no number changes.

use std::collections::BTreeMap;

use orders_core::Error;
use orders_wire::{AnyJson, DecodeError, Members, decode_text, parse_decimal};
use serde::ser::{Serialize, SerializeSeq, Serializer};
use serde_json::value::RawValue;

use crate::contract::{Contract, Field, Form, Promise};
use crate::json_text::kind;
use crate::vendor::Vendor;

/// How much of an unknown word is kept.
const LONGEST_WORD: usize = 60;

/// The differences, once each with a count.
#[derive(Debug, Default, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Drift {
    /// Paths that the contract does not have.
    pub(crate) unknown_fields: Counts<UnknownField>,
    /// Words outside the contract's closed lists.
    pub(crate) unknown_words: Counts<UnknownWord>,
    /// JSON types other than the vendor promises.
    pub(crate) type_differences: Counts<TypeDifference>,
    /// Values that the types write with other characters than came, or without some of them.
    pub(crate) other_characters: Counts<OtherCharacters>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub(crate) struct UnknownField {
    pub(crate) path: String,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub(crate) struct UnknownWord {
    pub(crate) path: String,
    pub(crate) word: String,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub(crate) struct TypeDifference {
    pub(crate) path: String,
    pub(crate) promised: &'static str,
    pub(crate) found: &'static str,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub(crate) struct OtherCharacters {
    pub(crate) path: String,
    pub(crate) what: &'static str,
}

/// Things with how often each was seen; as JSON a list of objects with `count`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Counts<T>(pub(crate) BTreeMap<T, u64>);

impl<T> Default for Counts<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T: Ord> Counts<T> {
    fn add(&mut self, thing: T) {
        *self.0.entry(thing).or_default() += 1;
    }
}

impl<T: Serialize> Serialize for Counts<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(serde::Serialize)]
        struct Counted<'a, T> {
            #[serde(flatten)]
            thing: &'a T,
            count: u64,
        }
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        for (thing, count) in &self.0 {
            list.serialize_element(&Counted {
                thing,
                count: *count,
            })?;
        }
        list.end()
    }
}

impl Drift {
    /// The drift of the text of a page, or of one order, that was decoded before.
    ///
    /// # Errors
    /// `Decode` where the text is no JSON after all.
    pub(crate) fn of(vendor: Vendor, text: &str, one: bool) -> Result<Self, Error> {
        let contract = Contract::of(vendor)?;
        let mut walk = Walk {
            contract: &contract,
            lists: vendor.lists(),
            drift: Self::default(),
        };
        let value: &RawValue = decode_text(text).map_err(undecodable)?;
        let walked = match one {
            false => walk.members("", value.get()),
            true => walk.element(&format!("{}[]", vendor.lists()[0]), value.get()),
        };
        walked.map_err(undecodable)?;
        Ok(walk.drift)
    }

    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

fn undecodable(error: DecodeError) -> Error {
    Error::decode(error.path(), error.message()).with_source(error)
}

struct Walk<'c> {
    contract: &'c Contract,
    lists: &'static [&'static str],
    drift: Drift,
}

impl Walk<'_> {
    /// Every member of the object `text`, which stands at `path`.
    fn members(&mut self, path: &str, text: &str) -> Result<(), DecodeError> {
        let members = Members::of(text)?;
        for (name, value) in members.iter() {
            let inside = if path.is_empty() {
                self.list_name(name).to_owned()
            } else {
                format!("{path}.{name}")
            };
            self.member(inside, value.get())?;
        }
        Ok(())
    }

    /// A page's list under another of its names is the same list.
    fn list_name<'n>(&self, name: &'n str) -> &'n str {
        if self.lists.contains(&name) {
            self.lists[0]
        } else {
            name
        }
    }

    fn member(&mut self, path: String, text: &str) -> Result<(), DecodeError> {
        let elements = format!("{path}[]");
        if let Some(field) = self.contract.get(&elements) {
            let open = field.promise == Promise::Any;
            return if open {
                Ok(())
            } else {
                self.list(&path, &elements, text)
            };
        }
        match self.contract.get(&path) {
            Some(field) => self.value(path, field, text),
            None => {
                self.drift.unknown_fields.add(UnknownField { path });
                Ok(())
            }
        }
    }

    /// A value where a list was promised. A keyed object is read as a list of its values, one bare element as itself.
    fn list(&mut self, path: &str, elements: &str, text: &str) -> Result<(), DecodeError> {
        match kind(text) {
            "null" => Ok(()),
            "list" => {
                let items: Vec<&RawValue> = decode_text(text)?;
                for item in items {
                    match item.get() {
                        "null" => self.differs(elements, self.promised(elements), "null"),
                        item => self.element(elements, item)?,
                    }
                }
                Ok(())
            }
            "object" => {
                self.differs(path, "list", "object");
                let members = Members::of(text)?;
                let known = |name: &str| self.contract.get(&format!("{elements}.{name}")).is_some();
                if members.iter().any(|(name, _)| known(name)) {
                    return self.element(elements, text);
                }
                members
                    .iter()
                    .try_for_each(|(_, item)| self.element(elements, item.get()))
            }
            other => {
                self.differs(path, "list", other);
                Ok(())
            }
        }
    }

    fn promised(&self, path: &str) -> &'static str {
        self.contract
            .get(path)
            .map_or("object", |field| field.promise.word())
    }

    fn element(&mut self, path: &str, text: &str) -> Result<(), DecodeError> {
        match self.contract.get(path) {
            Some(field) => self.value(path.to_owned(), field, text),
            None => Ok(()),
        }
    }

    fn value(&mut self, path: String, field: &Field, text: &str) -> Result<(), DecodeError> {
        let found = kind(text);
        if found == "null" || field.promise == Promise::Any {
            return Ok(());
        }
        let promised = field.promise.word();
        if found != promised {
            self.differs(&path, promised, found);
        }
        match (field.promise, found) {
            (Promise::Object, "object") => self.members(&path, text),
            // A list where one object was promised: each of its objects counts.
            (Promise::Object, "list") => {
                let items: Vec<&RawValue> = decode_text(text)?;
                items
                    .iter()
                    .filter(|item| kind(item.get()) == "object")
                    .try_for_each(|item| self.members(&path, item.get()))
            }
            (_, "string" | "number") => self.word(path, field, text),
            _ => Ok(()),
        }
    }

    fn word(&mut self, path: String, field: &Field, text: &str) -> Result<(), DecodeError> {
        let word = match kind(text) {
            "string" => decode_text::<AnyJson>(text)?.text().unwrap_or_default(),
            _ => text.to_owned(),
        };
        if let Some(what) = other_characters(field.form, &word) {
            let path = path.clone();
            self.drift
                .other_characters
                .add(OtherCharacters { path, what });
        }
        let known =
            field.words.is_empty() || word.is_empty() || field.words.contains(&word.as_str());
        if !known {
            let word = word.chars().take(LONGEST_WORD).collect();
            self.drift.unknown_words.add(UnknownWord { path, word });
        }
        Ok(())
    }

    fn differs(&mut self, path: &str, promised: &'static str, found: &'static str) {
        let path = path.to_owned();
        self.drift.type_differences.add(TypeDifference {
            path,
            promised,
            found,
        });
    }
}

/// What of a value the types keep, and write otherwise: the amount `1e3` is written `1000`, and a time has nine digits of a
/// second.
fn other_characters(form: Form, word: &str) -> Option<&'static str> {
    let fraction = |text: &str| {
        let digits = text.split_once('.').map_or("", |(_, behind)| behind);
        digits.bytes().take_while(u8::is_ascii_digit).count()
    };
    match form {
        Form::Decimal if word.contains(['e', 'E']) && parse_decimal(word).is_ok() => {
            Some("an exponent, written out")
        }
        Form::Time if fraction(word) > 9 => Some("more than nine digits of a second, cut"),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn drift(vendor: Vendor, text: &str) -> Drift {
        Drift::of(vendor, text, false).unwrap()
    }

    #[test]
    fn each_difference_counts_once_with_how_often_it_was_seen() {
        let text = r#"{"total":"2","code":200,"rows":[
            {"orderId":7,"status":"chargeback","news":{"deep":[1.10]},"priceDataList":{"name":"x","quantity":1}},
            {"orderId":null,"status":"success","news":1,"metadata":{"any":"name"},"paymentMethod":[{"network":"n"}]},
            {"orderId":"o","status":"chargeback","priceDataList":{"0":{"size":"L"},"1":{"size":"M"}}}]}"#;
        let json = serde_json::to_string(&drift(Vendor::Clink, text)).unwrap();
        assert_eq!(
            json,
            concat!(
                r#"{"unknown_fields":[{"path":"rows[].news","count":2},{"path":"rows[].paymentMethod.network","count":1},"#,
                r#"{"path":"rows[].priceDataList[].size","count":2}],"#,
                r#""unknown_words":[{"path":"rows[].status","word":"chargeback","count":2}],"#,
                r#""type_differences":[{"path":"rows[].orderId","promised":"string","found":"number","count":1},"#,
                r#"{"path":"rows[].paymentMethod","promised":"object","found":"list","count":1},"#,
                r#"{"path":"rows[].priceDataList","promised":"list","found":"object","count":2},"#,
                r#"{"path":"total","promised":"number","found":"string","count":1}],"other_characters":[]}"#
            )
        );
    }

    #[test]
    fn words_are_known_whatever_their_type_and_numbers_keep_their_digits() {
        let text = r#"{"Status":0,"Data":[{"Status":1},{"Status":"2"},{"Status":12345678901234567.890},{"Status":""}]}"#;
        let drift = drift(Vendor::Linkbest, text);
        let words: Vec<_> = drift
            .unknown_words
            .0
            .keys()
            .map(|w| w.word.as_str())
            .collect();
        assert_eq!(words, ["12345678901234567.890"]);
        assert_eq!(drift.type_differences.0.values().sum::<u64>(), 2);
    }

    #[test]
    fn what_is_kept_and_written_otherwise_is_named() {
        let text = r#"{"orders":[{"id":"1e3","current_total_price":"1e3","total_weight":1.5E2,
            "created_at":"2024-01-01T09:00:00.1234567891+08:00","updated_at":"2024-01-01T09:00:00.123456789Z",
            "hidden_order":1,"taxes_included":"0","note":"1e3"}]}"#;
        let drift = drift(Vendor::Shopline, text);
        let other: Vec<_> = drift.other_characters.0.keys().collect();
        let expected = [
            (
                "list[].created_at",
                "more than nine digits of a second, cut",
            ),
            ("list[].current_total_price", "an exponent, written out"),
            ("list[].total_weight", "an exponent, written out"),
        ];
        let expected: Vec<_> = expected
            .map(|(path, what)| OtherCharacters {
                path: path.to_owned(),
                what,
            })
            .into_iter()
            .collect();
        assert_eq!(other, expected.iter().collect::<Vec<_>>());
        let types = |found| {
            drift
                .type_differences
                .0
                .keys()
                .filter(move |d| d.found == found)
        };
        assert!(types("number").any(|d| d.path == "list[].hidden_order"));
        assert!(types("string").any(|d| d.path == "list[].taxes_included"));
    }

    #[test]
    fn the_list_of_the_sister_endpoint_is_the_same_list() {
        let one = drift(Vendor::Shopline, r#"{"list":[{"planet":"Earth"}]}"#);
        let other = drift(Vendor::Shopline, r#"{"orders":[{"planet":"Earth"}]}"#);
        assert_eq!(one, other);
        assert_eq!(one.unknown_fields.0.len(), 1);
    }

    #[test]
    fn a_bare_order_has_the_same_paths() {
        let drift = Drift::of(Vendor::Clink, r#"{"orderId":"o","news":1}"#, true).unwrap();
        let field = drift.unknown_fields.0.keys().next().unwrap();
        assert_eq!(field.path, "rows[].news");
        assert!(
            Drift::of(Vendor::Clink, r#"{"orderId":"o"}"#, true)
                .unwrap()
                .is_empty()
        );
    }
}
