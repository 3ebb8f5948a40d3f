//! Clink's pushes.
//!
//! Documented on the specification: the headers, the signed text, the envelope, the names of events, the members of a
//! dispute. Inferred:
//! milliseconds, lower-case hex, and the secret with its prefix as the key. Recorded: an order without `createTime`,
//! and amounts of invoices as strings.

use chrono::TimeDelta;

use super::refund_json;
use crate::hmac;
use crate::json::{self, Object};
use crate::push::{Message, PushError, PushForm};
use crate::vendor::Vendor;
use crate::world::World;

pub(crate) fn message(
    world: &World,
    form: PushForm,
    event: &str,
    order: &str,
) -> Result<Message, PushError> {
    let resource = resource(world, event, order)?;
    let dice = &mut world.dice("clink-push", world.pushes.number());
    let now = world.virtual_now();
    let (id, payload) = match form {
        PushForm::ClinkFlattened => {
            let id = format!("evt_{}", dice.letters(24));
            // Deprecated form: the members of the resource stand directly in `data`, whose `object` is a word.
            let kind = json::string(event.split('.').next().unwrap_or(event));
            let flat = resource.replace("\"items\":", "\"lineItems\":");
            let flat = format!("{{\"object\":{kind},{}", flat.trim_start_matches('{'));
            let created = now.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
            let body = Object::new()
                .text("id", &id)
                .text("object", "event")
                .text("created", &created)
                .raw("livemode", false)
                .text("type", event)
                .raw("data", flat);
            (id, body.end())
        }
        _ => {
            let id = format!("event_{}", dice.letters(24));
            let body = Object::new()
                .text("id", &id)
                .text("object", "event")
                .raw("created", now.timestamp_millis())
                .text("type", event)
                .raw("data", Object::new().raw("object", resource).end());
            (id, body.end())
        }
    };
    Ok(Message {
        vendor: Vendor::Clink,
        event: event.to_owned(),
        id,
        order: order.to_owned(),
        form,
        payload,
        is_get: false,
    })
}

/// The resource of an event: the order, its last refund, a dispute over all of it, or for any other kind a few invented
/// members.
fn resource(world: &World, event: &str, order: &str) -> Result<String, PushError> {
    let store = world.clink();
    let number = store.number(order).ok_or_else(|| PushError::UnknownOrder {
        vendor: Vendor::Clink,
        id: order.to_owned(),
    })?;
    let kind = event.split_once('.').map_or("", |(kind, _)| kind);
    let head = &store.heads[number];
    match kind {
        "order" => {
            let created = format!("\"createTime\":{},", head.created);
            Ok(store.written(number).json.replacen(&created, "", 1))
        }
        "refund" => refund_json::all(&store, number)
            .pop()
            .map(|refund| refund.json)
            .ok_or_else(|| no_such(event)),
        "dispute" => {
            let figures = store.figures(number);
            let now = world.virtual_now();
            let later = |days| (now + TimeDelta::days(days)).format("%Y-%m-%dT%H:%M:%SZ");
            Ok(Object::new()
                .text("chargeBackId", &format!("cb_sandbox{number:x}"))
                .text("orderId", order)
                .text("customerId", &head.customer)
                .text("merchantId", "merchant_sandbox")
                .text("channelCode", "CARD")
                .raw("disputeAmount", figures.total)
                .text("disputeCurrency", figures.payment_currency)
                .raw("originalAmount", figures.total)
                .text("originalCurrency", figures.payment_currency)
                .text("reasonCode", "product_not_received")
                .text("reasonDescription", "The goods did not arrive")
                .text("networkReasonCode", "13.1")
                .raw("status", 1)
                .text("evidenceDeadline", &later(14).to_string())
                .text("channelDisputeTime", &later(0).to_string())
                .end())
        }
        "" => Err(no_such(event)),
        _ => {
            let total = store.figures(number).total.to_string();
            let item = Object::new()
                .text("amount", &total)
                .raw("quantity", 1)
                .end();
            Ok(Object::new()
                .text("id", &format!("{kind}_sandbox{number:x}"))
                .text("orderId", order)
                .text("customerId", &head.customer)
                .text_or_null("subscriptionId", head.subscription.as_deref())
                .text("amountTotal", &total)
                .raw("items", json::list([item]))
                .end())
        }
    }
}

fn no_such(event: &str) -> PushError {
    PushError::Event {
        vendor: Vendor::Clink,
        event: event.to_owned(),
    }
}

/// Over the timestamp, a dot and the body.
pub(crate) fn push_headers(world: &World, message: &Message) -> Vec<(&'static str, String)> {
    let timestamp = world.now().timestamp_millis().to_string();
    let text = format!("{timestamp}.{}", message.payload);
    let signature = hmac::hex(&world.keys.clink_webhook_secret, text.as_bytes());
    vec![
        ("X-Clink-Timestamp", timestamp),
        ("X-Clink-Signature", signature),
        ("X-Clink-SignType", "SHA256".to_owned()),
    ]
}
