//! A push in the common vocabulary: what follows from it for its order.

use bytes::Bytes;
use orders_core::{Meaning, Push, Version};
use orders_wire::webhook::WebhookError;

use super::{Event, Resource};
use crate::mapping::Mapper;

/// What follows from a push: the order as it was when it was pushed, which is not known. So it takes the place of no stored
/// order. From a test push nothing follows.
///
/// A push without an id of its own is kept by its [state](Event::state_key).
///
/// ```
/// use linkbest_api::core::Meaning;
/// use linkbest_api::webhooks::{self, Event};
/// use linkbest_api::{Bytes, Mapper};
///
/// let event = Event::read(&Bytes::from_static(b"ProgramId=9&OrderSn=A1&Status=1&OrdersPrice=10.00&Currency=USD"))?;
/// let push = webhooks::push(&Mapper::new("main"), &event);
/// // No id of its own: the same state may come again later, so the key alone makes no repetition of it.
/// assert!(push.may_recur);
/// assert_eq!(push.order.as_deref(), Some("no-id/9/A1/+"));
/// assert!(matches!(push.meaning, Meaning::Order(..)));
/// # Ok::<(), webhooks::WebhookError>(())
/// ```
#[must_use]
pub fn push(mapper: &Mapper, event: &Event) -> Push {
    let id = event.idempotency_key();
    let may_recur = id.is_none();
    let key = id.unwrap_or_else(|| event.state_key());
    let mut push = Push::new(key, "", event.received.clone());
    push.may_recur = may_recur;
    if let Resource::Order(record) = &event.resource {
        let order = mapper.order(record);
        // Without program or number it is no order that could be found again.
        if !order.id.is_empty() {
            push.order = Some(order.id.clone());
            push.meaning = Meaning::Order(Box::new(order), Version::Untimed);
        }
    }
    push
}

/// Reads the query or the body of a push that was kept, and what follows from it.
///
/// # Errors
/// As [`Event::read`].
pub fn read_push(mapper: &Mapper, received: &Bytes) -> Result<Push, WebhookError> {
    Event::read(received).map(|event| push(mapper, &event))
}
