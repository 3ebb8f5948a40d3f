//! What every answer of Linkbest is wrapped in: `{"Status": 0, "Message": "..", "Data": ..}`.

use std::fmt;

use bytes::Bytes;
use chrono::NaiveDateTime;
use orders_core::{Error, Unreadable};
use orders_wire::{DecodeError, Members, RawList, Record, Row, RowError, Text, decode, keys};
use serde::de::value::SeqAccessDeserializer;
use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use serde_with::serde_as;

use crate::failure::{Code, no_status, refusal, undecodable};
use crate::mapping::china;

/// How the vendor writes a time.
const LOCAL_TIME: &str = "%Y-%m-%d %H:%M:%S%.f";

/// A record that comes in `Data`.
pub(crate) trait Listed: Row {
    /// What several of them are called in errors.
    const MANY: &'static str;
    /// Names by one of which a row is known that stands in `Data` alone, without a list around it.
    const KNOWN_BY: &'static [&'static str];
}

/// The rows of a successful answer.
#[derive(Debug)]
pub(crate) struct Rows<T> {
    pub(crate) records: Vec<Record<T>>,
    pub(crate) unreadable: Vec<Unreadable>,
    /// How many the vendor sent, `null` and unreadable ones included: what counts for a full page.
    pub(crate) sent: usize,
    pub(crate) message: Option<String>,
}

/// Reads a body without its HTTP answer.
pub(crate) fn read<T: Listed>(body: &Bytes) -> Result<Rows<T>, Error> {
    let envelope = Envelope::read(body).map_err(undecodable)?;
    match envelope.code() {
        Some(code) if code.is_success() => envelope.rows(body),
        Some(code) => Err(refusal(&code, envelope.message())),
        None => Err(no_status(&keys(body))),
    }
}

/// The wrapping of a successful answer, or the failure that status and body together name. Failures come as HTTP 400 with
/// a JSON body, so the body is read whatever the status.
#[cfg(feature = "client")]
pub(crate) fn check(reply: &orders_http::Reply) -> Result<Envelope<'_>, Error> {
    use crate::failure::http::{fault, no_envelope, refused};

    let envelope = Envelope::read(reply.body()).map_err(|error| no_envelope(reply, error))?;
    match envelope.code() {
        Some(code) if !code.is_success() => Err(refused(reply, &code, envelope.message())),
        _ if !reply.is_success() => Err(fault(reply)),
        Some(_) => Ok(envelope),
        None => Err(no_status(&keys(reply.body()))),
    }
}

/// Reads one bare record.
pub(crate) fn bare<T: Row>(text: &Bytes) -> Result<Record<T>, Error> {
    let whole: &RawValue = decode(text).map_err(undecodable)?;
    Record::of(text, whole).map_err(|error| Error::unreadable(unreadable::<T>(error)))
}

/// A record that cannot be read, with its id and the time it was ordered (UTC+8 by inference), where these can.
fn unreadable<T: Row>(error: RowError) -> Unreadable {
    let raw = error.raw.clone();
    let members = Members::of(raw.as_str()).unwrap_or_default();
    let text = members.text("OrderTime");
    let time = text.and_then(|text| NaiveDateTime::parse_from_str(&text, LOCAL_TIME).ok());
    Unreadable::new(error.path, error.reason, error.raw.into_bytes())
        .with_id(id_of(&members, T::IDENTITY))
        .with_time(time.and_then(|time| time.and_local_timezone(china()?).single()))
}

/// The id of a record as the mapping makes it: `Id`, else program and order number.
fn id_of(members: &Members<'_>, identity: &[&str]) -> Option<String> {
    let text = |name: &str| members.text(name);
    match identity {
        ["Id", ..] => text("Id").or_else(|| {
            let number = text("OrderSn")?;
            Some(text("ProgramId").map_or(number.clone(), |program| format!("{program}/{number}")))
        }),
        names => names.iter().find_map(|name| text(name)),
    }
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

    /// The rows of a successful answer, each read by itself.
    ///
    /// `null`, `""`, `{}` and `[]` are an empty page; an answer without the key is none: it says success and lacks
    /// its list.
    pub(crate) fn rows<T: Listed>(self, body: &Bytes) -> Result<Rows<T>, Error> {
        let message = self.message().map(str::to_owned);
        let rows = match self.data {
            Data::List(list) => list.rows(body, "Data"),
            Data::Object => rows_of_object(body).map_err(undecodable)?,
            Data::Empty => orders_wire::Rows::default(),
            Data::Scalar => {
                let message = format!("expected a list of {}, got a scalar", T::MANY);
                return Err(Error::decode("Data", message));
            }
            Data::Absent => {
                let message = format!("no Data; the body has {}", keys(body));
                return Err(Error::missing_list("Data", message));
            }
        };
        Ok(Rows {
            records: rows.records,
            unreadable: rows.unreadable.into_iter().map(unreadable::<T>).collect(),
            sent: rows.sent,
            message,
        })
    }
}

/// The tables say `object`, the examples show lists: one row, or rows under keys, are read as well.
fn rows_of_object<T: Listed>(body: &Bytes) -> Result<orders_wire::Rows<T>, DecodeError> {
    let whole = Members::read(body)?;
    let Some(data) = whole.get("Data") else {
        return Ok(orders_wire::Rows::default());
    };
    let members = Members::of(data.get()).map_err(|error| error.inside("Data"))?;
    if T::KNOWN_BY.iter().any(|name| members.get(name).is_some()) {
        return Ok(orders_wire::Rows::of_one(body, data, "Data"));
    }
    let keyed = |value: &RawValue| value.get().starts_with('{') || value.get() == "null";
    if members.iter().all(|(_, value)| keyed(value)) {
        return orders_wire::Rows::of_list(body, data, "Data");
    }
    let unlike = format!(
        "expected a list of {}, got an object with {}",
        T::MANY,
        members.names()
    );
    Err(DecodeError::new("Data", unlike))
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
