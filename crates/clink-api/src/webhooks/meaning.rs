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
///
/// ```
/// use clink_api::chrono::DateTime;
/// use clink_api::core::{Meaning, Version};
/// use clink_api::webhooks::{self, Event};
/// use clink_api::{Bytes, Mapper};
///
/// let body = br#"{"id":"event_1","type":"order.succeeded","created":1754819711382,
///     "data":{"object":{"orderId":"order_1","amountTotal":19.90,"paymentCurrency":"USD"}}}"#;
/// let event = Event::read(&Bytes::from_static(body), DateTime::UNIX_EPOCH)?;
/// let push = webhooks::push(&Mapper::new("main"), &event);
/// assert_eq!((push.key.as_str(), push.order.as_deref()), ("event_1", Some("order_1")));
/// match push.meaning {
///     Meaning::Order(order, Version::At(time)) => println!("{} as it was at {time}", order.id),
///     Meaning::Adjustment(adjustment) => println!("order.adjust: {}", adjustment.kind),
///     Meaning::Due => println!("request it anew"),
///     _ => println!("keep it, and no more"),
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
