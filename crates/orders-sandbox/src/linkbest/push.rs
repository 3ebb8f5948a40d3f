//! Linkbest's pushes: a GET with the order as query parameters (v1), or a POST with a JSON body (v2).
//!
//! Documented: GET and POST, names in UpperCamelCase, a push id as `Id`, `Sign`, the replies. Recorded on the twin
//! platform: the checksum, and the zeros of the review push. Inferred: the members, that all are strings, that the
//! twin's checksum applies here without `Id` and `Sign`, and that v2 signs like v1.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::order_json::ZERO_DATE;
use crate::json::Object;
use crate::push::{Message, PushError, PushForm, encoded};
use crate::vendor::Vendor;
use crate::world::World;

/// The members of an order in a push, apart from `Id` (the push's own) and `Sign`.
const MEMBERS: &[&str] = &[
    "ChargeCurrency",
    "ChargeTime",
    "ConfirmPrice",
    "ConfirmSiterCommission",
    "Currency",
    "LinkId",
    "OrderSn",
    "OrderTime",
    "OrdersPrice",
    "ParentOrderSn",
    "ProgramId",
    "ProgramName",
    "SiterCommission",
    "Status",
    "SubId",
    "WebsiteId",
];

/// The events by the status of the order; a push does not name its event. `review` and `review_unsigned` are the test
/// pushes of a new address and need no order.
const EVENTS: &[&str] = &[
    "created",
    "confirmed",
    "settled",
    "invalidated",
    "review",
    "review_unsigned",
];

pub(crate) fn message(
    world: &World,
    form: PushForm,
    event: &str,
    order: &str,
) -> Result<Message, PushError> {
    if !EVENTS.contains(&event) {
        return Err(PushError::Event {
            vendor: Vendor::Linkbest,
            event: event.to_owned(),
        });
    }
    let review = event.starts_with("review");
    let mut members = if review {
        zeros()
    } else {
        members(world, order)?
    };
    let id = match review {
        true => "0".to_owned(),
        false => (9_000_001 + world.pushes.number()).to_string(),
    };
    let sign = match event {
        // As on the twin: not a checksum of anything.
        "review_unsigned" => "0".repeat(32),
        _ => sign(&members, &world.keys.linkbest_push_secret),
    };
    members.insert("Id", id.clone());
    members.insert("Sign", sign);
    let is_get = form == PushForm::LinkbestV1;
    let payload = match is_get {
        true => {
            let pair = |(name, value): (&&str, &String)| format!("{name}={}", encoded(value));
            members.iter().map(pair).collect::<Vec<_>>().join("&")
        }
        false => members
            .iter()
            .fold(Object::new(), |body, (name, value)| body.text(name, value))
            .end(),
    };
    Ok(Message {
        vendor: Vendor::Linkbest,
        event: event.to_owned(),
        id,
        order: order.to_owned(),
        form,
        payload,
        is_get,
    })
}

/// Lower-case hex of the MD5 over the values in the order of their names, and the secret.
fn sign(members: &BTreeMap<&'static str, String>, secret: &str) -> String {
    let text: String = members
        .values()
        .map(String::as_str)
        .chain([secret])
        .collect();
    format!("{:x}", md5::compute(text))
}

/// The members of the order as strings. Numbers keep their digits; null becomes an empty string.
fn members(world: &World, order: &str) -> Result<BTreeMap<&'static str, String>, PushError> {
    let unknown = || PushError::UnknownOrder {
        vendor: Vendor::Linkbest,
        id: order.to_owned(),
    };
    let store = world.linkbest();
    let written = store.written(store.number(order).ok_or_else(unknown)?);
    let order: BTreeMap<&str, &RawValue> =
        serde_json::from_str(&written.json).map_err(|_| unknown())?;
    let text = |name: &str| match order.get(name).map_or("null", |value| value.get()) {
        "null" => String::new(),
        text if text.starts_with('"') => serde_json::from_str(text).unwrap_or_default(),
        number => number.to_owned(),
    };
    Ok(MEMBERS.iter().map(|name| (*name, text(name))).collect())
}

/// The test push of a new address.
fn zeros() -> BTreeMap<&'static str, String> {
    let value = |name: &str| match name {
        "ChargeTime" | "OrderTime" => ZERO_DATE,
        "OrdersPrice" | "SiterCommission" | "ConfirmPrice" | "ConfirmSiterCommission" => "0.00",
        "ProgramName" => "测试 / test",
        "Currency" | "ChargeCurrency" => "CNY",
        "SubId" => "",
        _ => "0",
    };
    MEMBERS
        .iter()
        .map(|name| (*name, value(name).to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_stand_in_the_order_of_their_names() {
        assert!(MEMBERS.is_sorted());
        assert_eq!(zeros().len(), MEMBERS.len());
    }

    /// The digest was computed elsewhere.
    #[test]
    fn values_are_joined_without_a_separator() {
        let members = [("A", "10"), ("B", "20")].map(|(name, value)| (name, value.to_owned()));
        assert_eq!(
            sign(&members.into(), "secret"),
            "699a12b8bd74821973d06714675bbebf"
        );
    }
}
