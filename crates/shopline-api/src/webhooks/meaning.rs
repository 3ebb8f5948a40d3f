//! An event in the common vocabulary: what follows from it for its order.

use bytes::Bytes;
use orders_core::{Meaning, Push, Version};
use orders_wire::DecodeError;

use super::{Event, Resource, Topic};
use crate::mapping::Mapper;

/// What follows from an event.
///
/// The newest order is the one of the newest `updated_at`. One that was deleted is due to be requested: its event contains
/// it as it was. So is the order of a refund, whose own text lists its refunds. From anything else nothing follows: a
/// dispute names no order, and [redactions](super::Redaction) are for people.
///
/// ```
/// use shopline_api::core::Meaning;
/// use shopline_api::webhooks::{self, Topic, WebhookError};
/// use shopline_api::{Bytes, Mapper};
///
/// let mapper = Mapper::new("our shop");
/// let body = Bytes::from_static(br#"{"id":"2107","updated_at":"2026-03-01T10:30:00+08:00"}"#);
/// let read = |topic| webhooks::read_push(&mapper, &topic, &body).map(|push| push.meaning);
/// assert!(matches!(read(Topic::OrdersUpdated)?, Meaning::Order(..)));
/// assert_eq!(read(Topic::OrdersDelete)?, Meaning::Due); // as it was: whether it is gone is to be requested
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn push(mapper: &Mapper, event: &Event) -> Push {
    let body = event.raw.clone().into_bytes();
    let mut push = of(mapper, &event.topic, &event.resource, body);
    push.key.clone_from(&event.webhook_id);
    push
}

/// Reads the body of an event that was kept under its topic, and what follows from it. The key is left empty: it stood in
/// a header.
///
/// # Errors
/// [`DecodeError`] with the JSON path.
pub fn read_push(mapper: &Mapper, topic: &Topic, body: &Bytes) -> Result<Push, DecodeError> {
    let (resource, _) = Resource::read(body, topic)?;
    Ok(of(mapper, topic, &resource, body.clone()))
}

fn of(mapper: &Mapper, topic: &Topic, resource: &Resource, body: Bytes) -> Push {
    let mut push = Push::new("", topic.as_str(), body);
    let named = |id: &Option<String>| id.clone().filter(|id| !id.is_empty());
    match resource {
        Resource::Order(record) => {
            push.order = named(&record.id);
            push.at = record.updated_at.map(|at| at.to_utc());
            push.meaning = match topic {
                Topic::OrdersDelete => Meaning::Due,
                _ => Meaning::Order(Box::new(mapper.order(record)), Version::Updated),
            };
        }
        Resource::Refund(record) => {
            push.order = named(&record.order_id);
            push.meaning = Meaning::Due;
        }
        Resource::Fulfillment(record) => push.order = named(&record.order_id),
        Resource::Attribution(record) => push.order = named(&record.order_seq),
        Resource::Dispute(_) | Resource::Redaction(_) | Resource::Other(_) => {}
    }
    if push.order.is_none() {
        push.meaning = Meaning::Nothing;
    }
    push
}
