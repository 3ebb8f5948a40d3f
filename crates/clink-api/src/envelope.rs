//! `{ code, msg, data }`: the envelope of a single thing.

use bytes::Bytes;
use orders_core::{Error, ErrorKind};
use orders_wire::{DecodeError, Record, Text};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_with::serde_as;

use crate::error::{Payload, undecodable};

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
/// with the JSON path.
pub(crate) fn read<T: DeserializeOwned>(body: &Bytes, what: &str) -> Result<Record<T>, Error> {
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
    Record::of(body, data).map_err(|error| undecodable(error.inside("data")))
}
