//! The order in a verified push.

use std::fmt;

use bytes::Bytes;
use orders_wire::Record;
use orders_wire::webhook::{WebhookError, WebhookErrorKind};

use super::Fields;
use super::fields::{ID, SIGN};
use crate::orders::{Order, decode_order, means_none};

/// One push.
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Event {
    /// The id of the push (`Id`), where one was sent: never that of the order. Whether it repeats with a repeated push is
    /// not documented. `0` and an empty text are none.
    pub push_id: Option<String>,
    /// What was pushed.
    pub resource: Resource,
    /// All fields, as they were signed.
    pub fields: Fields,
    /// The query or body, exactly as received.
    pub received: Bytes,
}

/// What a push is about. Only orders are pushed.
///
/// An order has no `id` here: the `Id` of a push is the push's own (documented). Program, order number and sign are the
/// order's identity: the mapping makes [`key`](orders_core::Order::key) of them, by which a pushed order is found among
/// pulled ones (see [`OrderRef::is_same_order`](orders_core::OrderRef::is_same_order)).
/// Its raw text is a JSON object made of the fields: a query is no JSON.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Resource {
    /// The order as it was when it was pushed.
    Order(Box<Record<Order>>),
    /// The test push that the vendor sends at submission and at review: order number and program are zero. Answer it like
    /// any other; do not store it as an order.
    Review(Box<Record<Order>>),
}

impl Event {
    /// Reads the order of a push that was verified, or that needs no verification (a stored one), from its query or body.
    ///
    /// # Errors
    /// `Duplicate` or `Malformed` where the fields cannot be told, `Encoding` or `Decode` where the order cannot be read.
    pub fn read(received: &Bytes) -> Result<Self, WebhookError> {
        Self::of(Fields::of(received)?, received.clone())
    }

    pub(super) fn of(fields: Fields, received: Bytes) -> Result<Self, WebhookError> {
        fields.check_text()?;
        let order = decode_order(&Bytes::from(fields.to_json()))
            .map_err(|error| WebhookError::new(WebhookErrorKind::Decode, error.to_string()))?;
        let zero = |text: &Option<String>| text.as_deref() == Some("0");
        let review = zero(&order.order_sn) && zero(&order.program_id);
        let resource = match review {
            true => Resource::Review,
            false => Resource::Order,
        };
        Ok(Self {
            push_id: fields
                .get(ID)
                .filter(|id| !means_none(id))
                .map(str::to_owned),
            resource: resource(Box::new(order)),
            fields,
            received,
        })
    }

    /// The key under which to keep a push once: the push's own id, with [what was pushed](Self::state_key). `None` where the
    /// push has no id: then nothing tells its repetition from the same state later (valid, invalid, valid again), and it is
    /// to be kept unless the newest push kept of the [same order](Self::order_key) has the same [state](Self::state_key).
    ///
    /// ```
    /// use linkbest_api::Bytes;
    /// use linkbest_api::webhooks::{Event, WebhookError};
    ///
    /// let read = |fields: &'static str| Event::read(&Bytes::from_static(fields.as_bytes()));
    /// let named = read("Id=7&ProgramId=9&OrderSn=A1&Status=1")?;
    /// let unnamed = read("ProgramId=9&OrderSn=A1&Status=1")?;
    /// assert!(named.idempotency_key().is_some_and(|key| key.ends_with("/7")));
    /// // Compare its state with that of the newest push of its order, and of no older one.
    /// assert_eq!(unnamed.idempotency_key(), None);
    /// assert_eq!((unnamed.order_key(), unnamed.state_key()), (named.order_key(), named.state_key()));
    /// # Ok::<(), WebhookError>(())
    /// ```
    #[must_use]
    pub fn idempotency_key(&self) -> Option<String> {
        let id = self.push_id.as_ref()?;
        Some(format!("{}/{id}", self.state_key()))
    }

    /// The order that was pushed: program and order number.
    #[must_use]
    pub fn order_key(&self) -> String {
        let field = |name| self.fields.get(name).unwrap_or_default();
        format!("{}/{}", field("ProgramId"), field("OrderSn"))
    }

    /// The state that was pushed: the order, and the digest of all fields but `Id` and `Sign`. Equal states have equal
    /// keys, at whatever time they were pushed.
    #[must_use]
    pub fn state_key(&self) -> String {
        let text: String = self
            .fields
            .iter()
            .filter(|(name, _)| !matches!(*name, ID | SIGN))
            .map(|(name, value)| format!("{name}={value}\n"))
            .collect();
        format!("{}/{:x}", self.order_key(), md5::compute(text))
    }
}

impl fmt::Debug for Event {
    /// Without the text received: the signature stands in it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("push_id", &self.push_id)
            .field("resource", &self.resource)
            .field("fields", &self.fields)
            .finish_non_exhaustive()
    }
}
