//! The order in a verified push.

use std::fmt;

use bytes::Bytes;
use orders_wire::Record;
use orders_wire::webhook::{WebhookError, WebhookErrorKind};

use super::Fields;
use super::checksum::ID;
use crate::orders::{Order, decode_order};

/// One pushed order.
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Event {
    /// The id of the push (`Id`), where one was sent. Whether it repeats with a repeated push is not documented.
    pub push_id: Option<String>,
    /// The order as it was when it was pushed, without an `id`: the `Id` of a push is its own, and program and order
    /// number are the order's identity. Its raw text is a JSON object made of the fields: a query is no JSON.
    pub order: Record<Order>,
    /// All fields, as they were signed.
    pub fields: Fields,
    /// The query or body, exactly as received.
    pub received: Bytes,
}

impl Event {
    pub(super) fn read(fields: Fields, received: Bytes) -> Result<Self, WebhookError> {
        let order = decode_order(&Bytes::from(fields.to_json()))
            .map_err(|error| WebhookError::new(WebhookErrorKind::Decode, error.to_string()))?;
        Ok(Self {
            push_id: fields.get(ID).map(str::to_owned),
            order,
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
            .filter(|(name, _)| !matches!(*name, ID | super::checksum::SIGN))
            .map(|(name, value)| format!("{name}={value}\n"))
            .collect();
        let part = |text: &Option<String>| text.clone().unwrap_or_default();
        format!(
            "{}/{}/{:x}",
            part(&self.order.program_id),
            part(&self.order.order_sn),
            md5::compute(text)
        )
    }

    /// Whether this is the test push that the vendor sends at submission and at review: order number and program are
    /// zero. Answer it like any other; do not store it as an order.
    #[must_use]
    pub fn is_review(&self) -> bool {
        let zero = |text: &Option<String>| text.as_deref() == Some("0");
        zero(&self.order.order_sn) && zero(&self.order.program_id)
    }
}

impl fmt::Debug for Event {
    /// Without the text received: the signature stands in it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("push_id", &self.push_id)
            .field("order", &self.order)
            .field("fields", &self.fields)
            .finish_non_exhaustive()
    }
}
