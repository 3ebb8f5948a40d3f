//! The event in a verified push.

use bytes::Bytes;
use chrono::{DateTime, FixedOffset, Utc};
use orders_wire::{DecodeError, Members, RawJson, Record, Row};
use serde_json::value::RawValue;

use super::{Attribution, Redaction, Topic};
use crate::orders::{Fulfillment, Order, Refund};
use crate::payments::Dispute;

/// One event.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Event {
    /// The vendor's id of the delivery (`X-Shopline-Webhook-Id`), the same on every repetition.
    pub webhook_id: String,
    /// What happened.
    pub topic: Topic,
    /// The store's domain.
    pub shop_domain: Option<String>,
    /// The store's id.
    pub shop_id: Option<String>,
    /// The merchant's id.
    pub merchant_id: Option<String>,
    /// The version of the body's schema, as `v20260301`.
    pub api_version: Option<String>,
    /// What it happened to.
    pub resource: Resource,
    /// When it was received, by the caller's clock. The push itself carries no time of its own; see
    /// [`changed_at`](Event::changed_at).
    pub received_at: DateTime<Utc>,
    /// The exact text of the body.
    pub raw: RawJson,
}

/// What an event is about: the body is the bare thing, without an envelope; only disputes have one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Resource {
    /// An order.
    Order(Box<Record<Order>>),
    /// A refund, bare, as documented. It is about goods: that money moved is what its payments say, if any.
    Refund(Box<Record<Refund>>),
    /// A parcel (that its body is a bare parcel is inferred).
    Fulfillment(Box<Record<Fulfillment>>),
    /// A dispute of SHOPLINE Payments, without its envelope.
    Dispute(Box<Record<Dispute>>),
    /// What led the buyer of an order to the store.
    Attribution(Box<Record<Attribution>>),
    /// Personal data that is to be erased.
    Redaction(Box<Record<Redaction>>),
    /// Anything else, by its exact text.
    Other(RawJson),
}

impl Event {
    /// The key under which to keep an event once: the id of the delivery.
    #[must_use]
    pub fn idempotency_key(&self) -> &str {
        &self.webhook_id
    }

    /// The time of the change, where the body says one: the order's `updated_at`.
    #[must_use]
    pub fn changed_at(&self) -> Option<DateTime<FixedOffset>> {
        match &self.resource {
            Resource::Order(order) => order.updated_at,
            _ => None,
        }
    }
}

impl Resource {
    pub(super) fn read(body: &Bytes, topic: &Topic) -> Result<(Self, RawJson), DecodeError> {
        let whole: &RawValue = orders_wire::decode(body)?;
        let raw = RawJson::slice_of(body, whole);
        let resource = match topic.resource() {
            "payments" => Self::Dispute(detail(body)?),
            "order_attribution" | "abandoned_order_attribution" => {
                Self::Attribution(boxed(body, whole)?)
            }
            _ if matches!(topic, Topic::CustomersRedact | Topic::MerchantsRedact) => {
                Self::Redaction(boxed(body, whole)?)
            }
            "orders" => Self::Order(boxed(body, whole)?),
            "refunds" => Self::Refund(boxed(body, whole)?),
            "fulfillments" => Self::Fulfillment(boxed(body, whole)?),
            _ => Self::Other(raw.clone()),
        };
        Ok((resource, raw))
    }
}

/// The thing in the envelope `detail`.
fn detail<T: Row>(body: &Bytes) -> Result<Box<Record<T>>, DecodeError> {
    let members = Members::read(body)?;
    let Some(inner) = members.get("detail") else {
        return Err(DecodeError::new("detail", "a dispute without its detail"));
    };
    boxed(body, inner).map_err(|error| error.inside("detail"))
}

fn boxed<T: Row>(body: &Bytes, whole: &RawValue) -> Result<Box<Record<T>>, DecodeError> {
    Ok(Box::new(Record::of(body, whole)?))
}
