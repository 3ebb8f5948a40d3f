//! Words that an order and its lines have.

use orders_core::{FulfillmentStatus, Mapped};
use orders_wire::OpenEnum;

use crate::orders::FulfillmentStatus as Fulfillment;

pub(super) fn filled(text: &Option<String>) -> Option<String> {
    text.clone().filter(|text| !text.is_empty())
}

pub(super) fn fulfillment(status: &Fulfillment) -> Mapped<FulfillmentStatus> {
    let normal = match status.in_any_case() {
        Fulfillment::Null | Fulfillment::Unshipped => FulfillmentStatus::Unfulfilled,
        Fulfillment::Partial => FulfillmentStatus::Partial,
        Fulfillment::Shipped | Fulfillment::Fulfilled => FulfillmentStatus::Fulfilled,
        Fulfillment::Unknown(_) => FulfillmentStatus::Unknown,
    };
    Mapped::new(status.as_str(), normal)
}
