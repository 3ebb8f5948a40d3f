//! Webhook bodies: both generations of the envelope, around every kind of resource.

use crate::contract::{self, Contract};
use crate::generate::{Body, Dice, full};
use crate::json::Json;
use crate::workspace::Result;

use super::order;
use super::single::refund;

/// Where the resource stands; what is around it belongs to no resource.
pub(crate) const PLACE: &str = "data.object";

pub(crate) fn bodies(contract: &Contract) -> Result<Vec<Body>> {
    let mut bodies = vec![Body::json("full", &full(contract, "clink"))];
    for (kind, event, resource) in resources()? {
        bodies.push(Body::json(kind, &canonical(event, resource.clone())));
        bodies.push(Body::json(
            &format!("{kind}-deprecated"),
            &deprecated(event, kind, resource),
        ));
    }
    bodies.extend(quirks()?);
    Ok(bodies)
}

/// A resource of each kind, with the name of an event about it.
fn resources() -> Result<Vec<(&'static str, &'static str, Json)>> {
    let billing = |shape: &str| {
        let contract = contract::load("clink", shape)?;
        Ok::<_, String>(full(&contract, "clink").without("lineItems"))
    };
    let later = Json::parse(r#"{"thingId": "thing_0001", "weight": 1.50}"#)?;
    Ok(vec![
        // Recorded ones carry no creation time.
        ("order", "order.succeeded", order(50)?.without("createTime")),
        ("refund", "refund.succeeded", refund(50)?),
        ("invoice", "invoice.paid", billing("invoice")?),
        (
            "subscription",
            "subscription.activated",
            billing("subscription")?,
        ),
        ("dispute", "dispute.created", billing("dispute")?),
        ("unknown", "payment_method.deleted", later),
    ])
}

fn canonical(event: &str, resource: Json) -> Json {
    Json::object([
        (
            "id",
            Json::text(format!("event_{}", Dice::new(event).hex(20))),
        ),
        ("object", Json::text("event")),
        ("created", Json::number(1_754_819_711_382_u64)),
        ("type", Json::text(event)),
        ("data", Json::object([("object", resource)])),
    ])
}

/// The resource's own fields in `data`, beside the name of its kind.
fn deprecated(event: &str, kind: &str, resource: Json) -> Json {
    let resource = match resource.get("items").cloned() {
        Some(items) => resource.without("items").with("lineItems", items),
        None => resource,
    };
    Json::object([
        (
            "id",
            Json::text(format!("evt_{}", Dice::new(event).hex(20))),
        ),
        ("object", Json::text("event")),
        ("created", Json::text("2025-08-10T09:55:11.382Z")),
        ("livemode", Json::Bool(false)),
        ("type", Json::text(event)),
        ("data", resource.with("object", Json::text(kind))),
    ])
}

fn quirks() -> Result<Vec<Body>> {
    let event = || Ok::<_, String>(canonical("order.failed", order(51)?));
    Ok(vec![
        Body::json("no-id", &event()?.without("id")),
        Body::json("empty-id", &event()?.with("id", Json::text(""))),
        Body::json("no-type", &event()?.without("type")),
        Body::json("no-data", &event()?.without("data")),
        Body::json("data-null", &event()?.with("data", Json::Null)),
        Body::json("no-created", &event()?.without("created")),
        Body::json(
            "created-no-time",
            &event()?.with("created", Json::text("yesterday")),
        ),
        Body::json(
            "wrong-amount",
            &event()?.with("data.object.amountTotal", Json::text("12,50")),
        ),
        Body::json(
            "drift",
            &event()?
                .with("attempt", Json::number(2))
                .with("data.object.orderNews", Json::number("1.10")),
        ),
        Body::raw(
            "cut.txt",
            "{\"id\": \"event_1\", \"type\": \"order.succeeded\", \"data\": {\"obj",
        ),
        Body::raw("html.txt", "<!doctype html><title>Moved</title>\n"),
    ])
}
