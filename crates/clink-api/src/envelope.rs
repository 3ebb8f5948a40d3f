//! `{ code, msg, data }`: the envelope of a single thing; and what becomes of a record that cannot be read.

use bytes::Bytes;
use chrono::DateTime;
use orders_core::{Error, ErrorKind, Unreadable};
use orders_wire::{DecodeError, Members, Record, Row, RowError, Text};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_with::serde_as;

use crate::failure::{Payload, undecodable};

#[serde_as]
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
    #[serde_as(as = "Text")]
    #[serde(default)]
    code: Option<String>,
    #[serde_as(as = "Text")]
    #[serde(default)]
    msg: Option<String>,
}

/// Reads the thing in `data`.
///
/// # Errors
/// The vendor's failure where `code` is not 200; `NotFound` where `data` is null or absent beside a success; `Decode`
/// with the JSON path, and with the record where only that could not be read.
pub(crate) fn read<T: Row>(body: &Bytes, what: &str) -> Result<Record<T>, Error> {
    let envelope: Envelope<'_> = orders_wire::decode(body).map_err(undecodable)?;
    let status = Payload::new(envelope.code, envelope.msg);
    if status.is_failure() {
        return Err(status.into_error());
    }
    let Some(data) = envelope.data else {
        return match status.code {
            Some(_) => Err(Error::new(
                ErrorKind::NotFound,
                format!("the vendor has no such {what}"),
            )),
            None => Err(undecodable(DecodeError::new(
                "",
                "neither `code` nor `data` in the body",
            ))),
        };
    };
    let record = Record::of(body, data);
    record.map_err(|error| Error::unreadable(unreadable::<T>(error.inside("data"))))
}

/// Reads one bare record.
pub(crate) fn bare<T: Row>(text: &Bytes) -> Result<Record<T>, Error> {
    let whole: &RawValue = orders_wire::decode(text).map_err(undecodable)?;
    Record::of(text, whole).map_err(|error| Error::unreadable(unreadable::<T>(error)))
}

/// A record that cannot be read, with its id and the time it was made, where these can.
pub(crate) fn unreadable<T: Row>(error: RowError) -> Unreadable {
    let raw = error.raw.clone();
    let members = Members::of(raw.as_str()).unwrap_or_default();
    let millis = members
        .text("createTime")
        .and_then(|text| text.parse().ok());
    let time = millis.and_then(DateTime::from_timestamp_millis);
    Unreadable::new(error.path, error.reason, error.raw.into_bytes())
        .with_id(T::IDENTITY.iter().find_map(|name| members.text(name)))
        .with_time(time.map(|time| time.fixed_offset()))
}
