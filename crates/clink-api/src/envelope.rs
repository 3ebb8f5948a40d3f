//! `{ code, msg, data }`: the envelope of a single thing; and what becomes of a record that cannot be read.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use orders_core::{Error, ErrorKind, Unreadable};
use orders_wire::{Members, Record, Row, RowError};
use serde_json::value::RawValue;

use crate::failure::{Payload, undecodable};

/// One page of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Page<T> {
    /// The records, in the vendor's order, each beside its exact text.
    pub records: Vec<Record<T>>,
    /// The records that could not be read. They cost no other.
    pub unreadable: Vec<Unreadable>,
    /// How many rows the vendor sent, `null` and unreadable ones included.
    pub sent: usize,
    /// How many there are on all pages.
    pub total: Option<i64>,
    /// When the vendor made the answer, by its own clock. From the `Date` header, so only the client sets it.
    pub answered_at: Option<DateTime<Utc>>,
}

/// The members of a success.
///
/// # Errors
/// The vendor's failure where `code` is not 200; `Decode` where the body is no JSON object.
pub(crate) fn success(body: &Bytes) -> Result<Members<'_>, Error> {
    let members = Members::read(body).map_err(undecodable)?;
    let status = Payload::of(&members).map_err(undecodable)?;
    match status.is_failure() {
        true => Err(status.into_error()),
        false => Ok(members),
    }
}

/// Reads the thing in `data`.
///
/// # Errors
/// As [`success`]; `NotFound` where `data` is null or absent beside a `code`; `Decode` with the JSON path, and with the
/// record where only that could not be read.
pub(crate) fn read<T: Row>(body: &Bytes, what: &str) -> Result<Record<T>, Error> {
    let members = success(body)?;
    let data = members.once("data").map_err(undecodable)?;
    let Some(data) = data.filter(|data| data.get() != "null") else {
        let message = format!("the vendor has no such {what}");
        return Err(match members.text("code") {
            Some(_) => Error::new(ErrorKind::NotFound, message),
            None => Error::decode("", "neither `code` nor `data` in the body"),
        });
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
    let time = millis
        .and_then(DateTime::from_timestamp_millis)
        .and_then(orders_wire::since_2000);
    Unreadable::new(error.path, error.reason, error.raw.into_bytes())
        .with_id(T::IDENTITY.iter().find_map(|name| members.text(name)))
        .with_time(time.map(|time| time.fixed_offset()))
}
