//! The order in a verified push.

use std::fmt;

use bytes::Bytes;
use orders_wire::Record;
use orders_wire::webhook::{WebhookError, WebhookErrorKind};

use super::Fields;
use super::fields::{ID, SIGN};
use crate::orders::{Order, decode_order};

/// One push.
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Event {
    /// The id of the push (`Id`), where one was sent. Whether it repeats with a repeated push is not documented.
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
/// An order has no `id` here: the `Id` of a push is the push's own, and program and order number are the order's identity.
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
            push_id: fields.get(ID).map(str::to_owned),
            resource: resource(Box::new(order)),
            fields,
            received,
        })
    }

    /// The key under which to keep a push once: program, order number and the digest of all fields but `Id` and `Sign`,
    /// so that the same state twice has the same key, and the next state another.
    #[must_use]
    pub fn idempotency_key(&self) -> String {
        let text: String = self
            .fields
            .iter()
            .filter(|(name, _)| !matches!(*name, ID | SIGN))
            .map(|(name, value)| format!("{name}={value}\n"))
            .collect();
        let field = |name| self.fields.get(name).unwrap_or_default();
        format!(
            "{}/{}/{:x}",
            field("ProgramId"),
            field("OrderSn"),
            md5::compute(text)
        )
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
