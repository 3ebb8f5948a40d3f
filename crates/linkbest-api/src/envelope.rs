//! What every answer of Linkbest is wrapped in: `{"Status": 0, "Message": "..", "Data": ..}`.

use bytes::Bytes;
use chrono::{DateTime, NaiveDateTime, Utc};
use orders_core::{Error, OrderRef, Unreadable};
use orders_wire::{
    DecodeError, JsonType, Members, Record, Row, RowError, Rows, Text, decode, keys, parse_decimal,
};
use rust_decimal::Decimal;
use serde_json::value::RawValue;

use crate::failure::{Code, no_status, refusal, undecodable};
use crate::orders::{china, key_of, means_none};

/// How the vendor writes a time.
const LOCAL_TIME: &str = "%Y-%m-%d %H:%M:%S%.f";

/// A record that comes in `Data`.
pub(crate) trait Listed: Row {
    /// What several of them are called in errors.
    const MANY: &'static str;
    /// Names by one of which a row is known that stands in `Data` alone, without a list around it.
    const KNOWN_BY: &'static [&'static str];
    /// Whether `null`, `""` and `{}` in the place of the list are an empty page. Where windows are read such an answer is
    /// no list, so that it is requested once more and named.
    const EMPTY_WITHOUT_LIST: bool = false;
}

/// One page of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Page<T> {
    /// The records in the vendor's order (which is not documented), each with its exact text.
    pub records: Vec<Record<T>>,
    /// The records that could not be read. They cost no other.
    pub unreadable: Vec<Unreadable>,
    /// How many the vendor sent, `null` and unreadable ones included: 200 of them are a full page.
    pub sent: usize,
    /// The vendor's message to the success, where it sent one.
    pub message: Option<String>,
    /// When the vendor made the answer, by its own clock. From the `Date` header, so only the client sets it.
    pub answered_at: Option<DateTime<Utc>>,
}

/// Reads a body without its HTTP answer.
pub(crate) fn read<T: Listed>(body: &Bytes) -> Result<Page<T>, Error> {
    let envelope = success(body)?;
    envelope.rows(body)
}

/// The wrapping of a success, without its HTTP answer.
pub(crate) fn success(body: &Bytes) -> Result<Envelope<'_>, Error> {
    let envelope = Envelope::read(body).map_err(undecodable)?;
    match envelope.code() {
        Some(code) if code.is_success() => Ok(envelope),
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
        .with_time(
            time.and_then(|time| time.and_local_timezone(china()?).single())
                .and_then(orders_wire::since_2000),
        )
}

/// The id of a record as the mapping makes it: `Id`, else one of program, order number and sign.
fn id_of(members: &Members<'_>, identity: &[&str]) -> Option<String> {
    let text = |name: &str| members.text(name).filter(|text| !means_none(text));
    match identity {
        ["Id", ..] => text("Id")
            .map(|id| OrderRef::id_of_vendor(&id))
            .or_else(|| {
                let (program, number) = (text("ProgramId")?, text("OrderSn")?);
                let key = key_of(&program, &number, is_negative(members));
                Some(OrderRef::id_of_key(&key))
            }),
        names => names.iter().find_map(|name| text(name)),
    }
}

/// Whether the amount that says what an order is, is negative; by its first character where it is no decimal.
fn is_negative(members: &Members<'_>) -> bool {
    let amounts = ["OrdersPrice", "SiterCommission"];
    let mut amounts = amounts.iter().filter_map(|name| members.text(name));
    let Some(amount) = amounts.find(|text| !text.is_empty()) else {
        return false;
    };
    parse_decimal(&amount).map_or(amount.starts_with('-'), |amount| amount < Decimal::ZERO)
}

/// An answer, with its rows not yet read.
#[derive(Debug)]
pub(crate) struct Envelope<'a> {
    members: Members<'a>,
    status: Option<String>,
    message: Option<String>,
}

impl<'a> Envelope<'a> {
    /// Reads the wrapping of a body.
    pub(crate) fn read(body: &'a Bytes) -> Result<Self, DecodeError> {
        let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        let unlike = |what| Err(DecodeError::new("", what));
        match text.trim_ascii_start().first() {
            Some(b'{') => {}
            Some(b'<') => return unlike("the body is a web page, not JSON"),
            Some(_) => return unlike("expected an object with Status and Data"),
            None => {}
        }
        let members = Members::read(body)?;
        // The sister platform spells them in lower case; a failure of the gateway may come so.
        let text = |name: &str, lower: &str| match members.value::<Text, String>(name)? {
            None => members.value::<Text, String>(lower),
            text => Ok(text),
        };
        Ok(Self {
            status: text("Status", "status")?,
            message: text("Message", "message")?,
            members,
        })
    }

    /// The business code; `None` where the body has none.
    pub(crate) fn code(&self) -> Option<Code> {
        let word = self.status.as_deref().filter(|word| !word.is_empty());
        word.map(Code::of)
    }

    /// What the vendor says to it.
    pub(crate) fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// The rows of a successful answer, each read by itself.
    ///
    /// `[]` is an empty page. An answer without the key says success and lacks its list; so do `null`, `""` and `{}`, which
    /// a half-broken service would send as well, unless [`Listed::EMPTY_WITHOUT_LIST`].
    pub(crate) fn rows<T: Listed>(self, body: &Bytes) -> Result<Page<T>, Error> {
        self.rows_or_none(body, T::EMPTY_WITHOUT_LIST)
    }

    /// The rows, where `null`, `""` and `{}` may stand for none.
    pub(crate) fn rows_or_none<T: Listed>(
        self,
        body: &Bytes,
        empty_without_list: bool,
    ) -> Result<Page<T>, Error> {
        let Some(data) = self.members.once("Data").map_err(undecodable)? else {
            let message = format!("no Data; the body has {}", self.members.names());
            return Err(Error::missing_list("Data", message));
        };
        let bare = match JsonType::of(data.get()) {
            JsonType::Null => true,
            JsonType::Text => data.get() == "\"\"",
            JsonType::Object => Members::of(data.get()).is_ok_and(|members| members.is_empty()),
            _ => false,
        };
        if bare && !empty_without_list {
            let message = format!("no list of {}, but {}", T::MANY, data.get());
            return Err(Error::missing_list("Data", message));
        }
        let rows = match JsonType::of(data.get()) {
            _ if bare => Ok(Rows::default()),
            JsonType::List => Rows::of_list(body, data, "Data"),
            JsonType::Object => rows_of_object(body, data),
            _ => {
                let message = format!("expected a list of {}, got a scalar", T::MANY);
                Err(DecodeError::new("Data", message))
            }
        };
        let rows = rows.map_err(undecodable)?;
        Ok(Page {
            records: rows.records,
            unreadable: rows.unreadable.into_iter().map(unreadable::<T>).collect(),
            sent: rows.sent,
            message: self.message,
            answered_at: None,
        })
    }
}

/// The tables say `object`, the examples show lists: one row, or rows under keys, are read as well.
fn rows_of_object<T: Listed>(body: &Bytes, data: &RawValue) -> Result<Rows<T>, DecodeError> {
    let members = Members::of(data.get()).map_err(|error| error.inside("Data"))?;
    if T::KNOWN_BY.iter().any(|name| members.get(name).is_some()) {
        return Ok(Rows::of_one(body, data, "Data"));
    }
    let keyed = |value: &RawValue| value.get().starts_with('{') || value.get() == "null";
    if members.iter().all(|(_, value)| keyed(value)) {
        return Rows::of_list(body, data, "Data");
    }
    let unlike = format!(
        "expected a list of {}, got an object with {}",
        T::MANY,
        members.names()
    );
    Err(DecodeError::new("Data", unlike))
}
