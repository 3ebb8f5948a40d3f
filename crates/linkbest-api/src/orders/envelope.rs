//! What every answer of Linkbest is wrapped in: `{"Status": 0, "Message": "..", "Data": ..}`.

use std::collections::BTreeMap;

use bytes::Bytes;
use orders_wire::{DecodeError, RawJson, Record, Text, decode, decode_text, records};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use serde_with::serde_as;

use super::Order;
use crate::error::Code;

/// An answer, with its `Data` not yet read.
#[serde_as]
#[derive(Debug, Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub(crate) struct Envelope<'a> {
    #[serde_as(as = "Text")]
    #[serde(default, rename = "Status")]
    status: Option<String>,
    #[serde_as(as = "Text")]
    #[serde(default, rename = "Message")]
    message: Option<String>,
    // Absent, and null, are told apart.
    #[serde(default, rename = "Data", deserialize_with = "present")]
    data: Option<&'a RawValue>,
    // How the sister platform spells them; a failure of the gateway may come so.
    #[serde_as(as = "Text")]
    #[serde(default, rename = "status")]
    lower_status: Option<String>,
    #[serde_as(as = "Text")]
    #[serde(default, rename = "message")]
    lower_message: Option<String>,
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

impl<'a> Envelope<'a> {
    /// Reads the wrapping of a body.
    pub(crate) fn read(body: &'a Bytes) -> Result<Self, DecodeError> {
        let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        let unlike = |what| Err(DecodeError::new("", what));
        match text.trim_ascii_start().first() {
            Some(b'{') => decode(body),
            Some(b'<') => unlike("the body is a web page, not JSON"),
            Some(_) => unlike("expected an object with Status and Data"),
            None => unlike("the body is empty"),
        }
    }

    /// The business code; `None` where the body has none.
    pub(crate) fn code(&self) -> Option<Code> {
        let word = self.status.as_deref().or(self.lower_status.as_deref())?;
        (!word.is_empty()).then(|| Code::of(word))
    }

    /// What the vendor says to it.
    pub(crate) fn message(&self) -> Option<&str> {
        self.message.as_deref().or(self.lower_message.as_deref())
    }

    /// The orders of a successful answer.
    ///
    /// `null`, `""`, `{}` and `[]` are an empty page; an answer without the key is none: it says success and lacks
    /// its list.
    pub(crate) fn orders(&self, body: &Bytes) -> Result<Vec<Record<Order>>, DecodeError> {
        let data = self.data.ok_or_else(|| {
            DecodeError::new("Data", format!("no Data; the body has {}", names(body)))
        })?;
        let read = match data.get().as_bytes().first() {
            Some(b'[') | Some(b'n') => records(body, data, "Data")?,
            Some(b'{') => orders_of_object(body, data)?,
            _ if data.get() == "\"\"" => Vec::new(),
            _ => {
                return Err(DecodeError::new(
                    "Data",
                    "expected a list of orders, got a scalar",
                ));
            }
        };
        refuse_lists(&read)?;
        Ok(read)
    }
}

/// The table says `object`, the example shows a list: one order, or orders under keys, are read as well.
fn orders_of_object(body: &Bytes, data: &RawValue) -> Result<Vec<Record<Order>>, DecodeError> {
    let members: BTreeMap<String, &RawValue> =
        decode_text(data.get()).map_err(|error| error.inside("Data"))?;
    if members.contains_key("Id") || members.contains_key("OrderSn") {
        let one = RawJson::slice_of(body, data).into_bytes();
        return Ok(vec![Record::read(&one).map_err(|e| e.inside("Data"))?]);
    }
    let keyed = |value: &&RawValue| value.get().starts_with('{') || value.get() == "null";
    if members.values().all(keyed) {
        return records(body, data, "Data");
    }
    let names: Vec<_> = members.keys().take(12).map(String::as_str).collect();
    Err(DecodeError::new(
        "Data",
        format!(
            "expected a list of orders, got an object with {}",
            names.join(", ")
        ),
    ))
}

/// serde would read a list as the fields of an order in their order.
fn refuse_lists(orders: &[Record<Order>]) -> Result<(), DecodeError> {
    match orders.iter().position(|o| !o.raw.as_str().starts_with('{')) {
        Some(index) => Err(DecodeError::new(
            format!("Data[{index}]"),
            "expected an order, got something else",
        )),
        None => Ok(()),
    }
}

/// The names of the members of a body, for an error.
pub(crate) fn names(body: &Bytes) -> String {
    let members: BTreeMap<String, &RawValue> = decode(body).unwrap_or_default();
    if members.is_empty() {
        return "no members".to_owned();
    }
    let names: Vec<_> = members.into_keys().take(12).collect();
    names.join(", ")
}
