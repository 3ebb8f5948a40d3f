//! What every answer of Linkbest is wrapped in: `{"Status": 0, "Message": "..", "Data": ..}`.

use std::collections::BTreeMap;
use std::fmt;

use bytes::Bytes;
use orders_wire::{DecodeError, RawJson, RawList, Record, Text, decode, decode_text, records};
use serde::de::value::SeqAccessDeserializer;
use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use serde_with::serde_as;

use super::Order;
use crate::error::Code;

/// An answer, with its orders not yet read.
#[serde_as]
#[derive(Debug, Deserialize)]
pub(crate) struct Envelope<'a> {
    #[serde_as(as = "Text")]
    #[serde(default, rename = "Status")]
    status: Option<String>,
    #[serde_as(as = "Text")]
    #[serde(default, rename = "Message")]
    message: Option<String>,
    #[serde(borrow, default, rename = "Data")]
    data: Data<'a>,
    // How the sister platform spells them; a failure of the gateway may come so.
    #[serde_as(as = "Text")]
    #[serde(default, rename = "status")]
    lower_status: Option<String>,
    #[serde_as(as = "Text")]
    #[serde(default, rename = "message")]
    lower_message: Option<String>,
}

/// The shape of `Data`. Absent and null are told apart.
#[derive(Debug, Default)]
enum Data<'a> {
    #[default]
    Absent,
    Empty,
    List(RawList<'a>),
    Object,
    Scalar,
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
    pub(crate) fn orders(self, body: &Bytes) -> Result<Vec<Record<Order>>, DecodeError> {
        let read = match self.data {
            Data::List(list) => list.records(body, "Data")?,
            Data::Object => orders_of_object(body)?,
            Data::Empty => Vec::new(),
            Data::Scalar => {
                let unlike = "expected a list of orders, got a scalar";
                return Err(DecodeError::new("Data", unlike));
            }
            Data::Absent => {
                let seen = format!("no Data; the body has {}", names(body));
                return Err(DecodeError::new("Data", seen));
            }
        };
        refuse_lists(&read)?;
        Ok(read)
    }
}

/// The table says `object`, the example shows a list: one order, or orders under keys, are read as well.
fn orders_of_object(body: &Bytes) -> Result<Vec<Record<Order>>, DecodeError> {
    #[derive(Deserialize)]
    struct Whole<'a> {
        #[serde(borrow, rename = "Data")]
        data: &'a RawValue,
    }
    let Whole { data } = decode(body)?;
    let members: BTreeMap<String, &RawValue> =
        decode_text(data.get()).map_err(|error| error.inside("Data"))?;
    if members.contains_key("Id") || members.contains_key("OrderSn") {
        let one = RawJson::slice_of(body, data).into_bytes();
        return Ok(vec![Record::read(&one).map_err(|e| e.inside("Data"))?]);
    }
    let keyed = |value: &RawValue| value.get().starts_with('{') || value.get() == "null";
    if members.values().all(|value| keyed(value)) {
        return records(body, data, "Data");
    }
    let names: Vec<_> = members.into_keys().take(12).collect();
    let unlike = format!(
        "expected a list of orders, got an object with {}",
        names.join(", ")
    );
    Err(DecodeError::new("Data", unlike))
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

impl<'de: 'a, 'a> Deserialize<'de> for Data<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DataVisitor)
    }
}

struct DataVisitor;

impl<'de> Visitor<'de> for DataVisitor {
    type Value = Data<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of orders")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, seq: S) -> Result<Data<'de>, S::Error> {
        RawList::deserialize(SeqAccessDeserializer::new(seq)).map(Data::List)
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Data<'de>, M::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Data::Object)
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Data<'de>, E> {
        Ok(Data::Empty)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Data<'de>, E> {
        Ok(if text.is_empty() {
            Data::Empty
        } else {
            Data::Scalar
        })
    }

    fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<Data<'de>, E> {
        Ok(Data::Scalar)
    }

    fn visit_i64<E: serde::de::Error>(self, _: i64) -> Result<Data<'de>, E> {
        Ok(Data::Scalar)
    }

    fn visit_u64<E: serde::de::Error>(self, _: u64) -> Result<Data<'de>, E> {
        Ok(Data::Scalar)
    }

    fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<Data<'de>, E> {
        Ok(Data::Scalar)
    }
}
