//! The event in a verified push.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use orders_wire::{DecodeError, RawJson, Record, Row, Text};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_with::serde_as;

use super::{Dispute, EventName, Invoice, Subscription};
use crate::orders::Order;
use crate::refunds::Refund;

/// One event.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Event {
    /// The vendor's id of the event, `event_...` (`evt_...` in the older envelope). The same on every repetition.
    pub id: String,
    /// What happened.
    pub name: EventName,
    /// When it happened.
    pub created: Option<DateTime<Utc>>,
    /// When this delivery was signed; repetitions differ.
    pub sent_at: DateTime<Utc>,
    /// What it happened to.
    pub resource: Resource,
    /// The exact text of the whole body.
    pub raw: RawJson,
}

/// What an event is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Resource {
    /// An order; recorded ones lack `createTime`.
    Order(Box<Record<Order>>),
    /// A refund.
    Refund(Box<Record<Refund>>),
    /// An invoice of a subscription; its amounts are strings on the wire.
    Invoice(Box<Record<Invoice>>),
    /// A subscription; the amounts of its items are strings on the wire.
    Subscription(Box<Record<Subscription>>),
    /// A dispute; see [`Mapper::dispute`](crate::Mapper::dispute).
    Dispute(Box<Record<Dispute>>),
    /// Anything else, by its exact text.
    Other(RawJson),
}

#[serde_as]
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde_as(as = "Text")]
    #[serde(default)]
    id: Option<String>,
    #[serde_as(as = "Text")]
    #[serde(default, rename = "type")]
    name: Option<String>,
    #[serde_as(as = "Text")]
    #[serde(default)]
    created: Option<String>,
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Data<'a> {
    #[serde(borrow, default)]
    object: Option<&'a RawValue>,
}

impl Event {
    /// The key under which to keep an event once: its id.
    #[must_use]
    pub fn idempotency_key(&self) -> &str {
        &self.id
    }

    /// Reads the event of a body that was verified, or that needs no verification (a stored one).
    ///
    /// Both generations of the envelope are read: the resource in `data.object`, or (deprecated) its fields in `data`
    /// itself, beside an `object` that names the kind.
    ///
    /// # Errors
    /// [`DecodeError`] with the JSON path.
    pub fn read(body: &Bytes, sent_at: DateTime<Utc>) -> Result<Self, DecodeError> {
        let whole: &RawValue = orders_wire::decode(body)?;
        let envelope: Envelope<'_> = orders_wire::decode(body)?;
        let id = envelope
            .id
            .filter(|id| !id.is_empty())
            .ok_or_else(|| DecodeError::new("id", "an event without an id"))?;
        let name = envelope
            .name
            .ok_or_else(|| DecodeError::new("type", "an event without a type"))?;
        let name = EventName::from(name.as_str());
        let data = envelope
            .data
            .ok_or_else(|| DecodeError::new("data", "an event without data"))?;
        Ok(Self {
            resource: Resource::read(body, &name, data)?,
            created: envelope.created.as_deref().map(read_created).transpose()?,
            id,
            name,
            sent_at,
            raw: RawJson::slice_of(body, whole),
        })
    }
}

impl Resource {
    fn read(body: &Bytes, name: &EventName, data: &RawValue) -> Result<Self, DecodeError> {
        let inner: Data<'_> =
            orders_wire::decode_text(data.get()).map_err(|error| error.inside("data"))?;
        let (path, value) = match inner.object {
            Some(object) if object.get().starts_with('{') => ("data.object", object),
            _ => ("data", data),
        };
        Ok(match name.resource() {
            "order" => Self::Order(boxed(body, value, path)?),
            "refund" => Self::Refund(boxed(body, value, path)?),
            "invoice" => Self::Invoice(boxed(body, value, path)?),
            "subscription" => Self::Subscription(boxed(body, value, path)?),
            "dispute" => Self::Dispute(boxed(body, value, path)?),
            _ => Self::Other(RawJson::slice_of(body, value)),
        })
    }
}

fn boxed<T: Row>(
    body: &Bytes,
    value: &RawValue,
    path: &str,
) -> Result<Box<Record<T>>, DecodeError> {
    Record::of(body, value)
        .map(Box::new)
        .map_err(|error| error.inside(path).into())
}

/// Milliseconds, or (deprecated) ISO 8601.
fn read_created(text: &str) -> Result<DateTime<Utc>, DecodeError> {
    let millis = text.parse().ok().and_then(DateTime::from_timestamp_millis);
    let time = millis.or_else(|| {
        DateTime::parse_from_rfc3339(text)
            .ok()
            .map(|time| time.to_utc())
    });
    time.ok_or_else(|| DecodeError::new("created", "neither Unix milliseconds nor ISO 8601"))
}
