//! An event in the common vocabulary: what follows from it for its order.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use orders_core::{Meaning, Push, Version};
use orders_wire::DecodeError;

use super::{Event, Resource};
use crate::mapping::Mapper;

/// What follows from an event.
///
/// The order of an `order.*` event is as it was at [`Event::created`]; without that time the order is only due to be
/// requested. A refund or a dispute is an adjustment of its order. From anything else nothing follows.
#[must_use]
pub fn push(mapper: &Mapper, event: &Event) -> Push {
    let mut push = Push::new(
        &event.id,
        event.name.as_str(),
        event.raw.clone().into_bytes(),
    );
    push.at = event.created;
    let named = |id: &Option<String>| id.clone().filter(|id| !id.is_empty());
    match &event.resource {
        Resource::Order(record) => {
            push.order = named(&record.order_id);
            push.meaning = match event.created {
                Some(at) => Meaning::Order(Box::new(mapper.order(record)), Version::At(at)),
                None => Meaning::Due,
            };
        }
        Resource::Refund(record) => {
            push.order = named(&record.order_id);
            push.meaning = Meaning::Adjustment(Box::new(mapper.refund(record)));
        }
        Resource::Dispute(record) => {
            push.order = named(&record.order_id);
            push.meaning = Meaning::Adjustment(Box::new(mapper.dispute(record, &event.name)));
        }
        _ => {}
    }
    if push.order.is_none() {
        push.meaning = Meaning::Nothing;
    }
    push
}

/// Reads the body of an event that was kept, as received at `received_at`, and what follows from it.
///
/// # Errors
/// [`DecodeError`] with the JSON path.
pub fn read_push(
    mapper: &Mapper,
    body: &Bytes,
    received_at: DateTime<Utc>,
) -> Result<Push, DecodeError> {
    Event::read(body, received_at).map(|event| push(mapper, &event))
}
