//! What every answer of Linkbest is wrapped in: `{"Status": 0, "Message": "..", "Data": ..}`.

use std::collections::BTreeMap;
use std::fmt;

use bytes::Bytes;
use orders_core::Error;
use orders_wire::{DecodeError, RawList, Record, Text, decode, decode_text, records};
use serde::de::value::SeqAccessDeserializer;
use serde::de::{DeserializeOwned, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use serde_with::serde_as;

use crate::VENDOR;
use crate::error::{Code, no_status, refusal, undecodable};

/// One row of `Data`.
pub(crate) trait Row: DeserializeOwned {
    /// What several of them are called in errors.
    const MANY: &'static str;
    /// Names by one of which a row is known that stands in `Data` alone, without a list around it.
    const KNOWN_BY: &'static [&'static str];
}

/// The rows of a successful answer.
#[derive(Debug)]
pub(crate) struct Rows<T> {
    pub(crate) rows: Vec<Record<T>>,
    /// How many the vendor sent, `null` ones included: what counts for a full page.
    pub(crate) sent: usize,
    pub(crate) message: Option<String>,
}

/// Reads a body without its HTTP answer.
pub(crate) fn read<T: Row>(body: &Bytes, service: &'static str) -> Result<Rows<T>, Error> {
    let read = || {
        let envelope = Envelope::read(body).map_err(undecodable)?;
        match envelope.code() {
            Some(code) if code.is_success() => envelope.rows(body),
            Some(code) => Err(refusal(&code, &envelope)),
            None => Err(no_status(&names(body))),
        }
    };
    read().map_err(|error: Error| error.at(VENDOR, service))
}

/// An answer, with its rows not yet read.
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

    /// The rows of a successful answer.
    ///
    /// `null`, `""`, `{}` and `[]` are an empty page; an answer without the key is none: it says success and lacks
    /// its list.
    pub(crate) fn rows<T: Row>(self, body: &Bytes) -> Result<Rows<T>, Error> {
        let message = self.message().map(str::to_owned);
        let listed = match &self.data {
            Data::List(list) => list.len(),
            _ => 0,
        };
        let rows = match self.data {
            Data::List(list) => list.records(body, "Data"),
            Data::Object => rows_of_object(body),
            Data::Empty => Ok(Vec::new()),
            Data::Scalar => Err(DecodeError::new(
                "Data",
                format!("expected a list of {}, got a scalar", T::MANY),
            )),
            Data::Absent => Err(DecodeError::new(
                "Data",
                format!("no Data; the body has {}", names(body)),
            )),
        };
        let rows = rows.map_err(undecodable)?;
        let sent = listed.max(rows.len());
        Ok(Rows {
            rows,
            sent,
            message,
        })
    }
}

/// The tables say `object`, the examples show lists: one row, or rows under keys, are read as well.
fn rows_of_object<T: Row>(body: &Bytes) -> Result<Vec<Record<T>>, DecodeError> {
    #[derive(Deserialize)]
    struct Whole<'a> {
        #[serde(borrow, rename = "Data")]
        data: &'a RawValue,
    }
    let Whole { data } = decode(body)?;
    let members: BTreeMap<String, &RawValue> =
        decode_text(data.get()).map_err(|error| error.inside("Data"))?;
    if T::KNOWN_BY.iter().any(|name| members.contains_key(*name)) {
        let one = Record::of(body, data).map_err(|error| error.inside("Data"))?;
        return Ok(vec![one]);
    }
    let keyed = |value: &RawValue| value.get().starts_with('{') || value.get() == "null";
    if members.values().all(|value| keyed(value)) {
        return records(body, data, "Data");
    }
    let names: Vec<_> = members.into_keys().take(12).collect();
    let unlike = format!(
        "expected a list of {}, got an object with {}",
        T::MANY,
        names.join(", ")
    );
    Err(DecodeError::new("Data", unlike))
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
        f.write_str("a list")
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
