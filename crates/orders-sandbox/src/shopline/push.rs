//! SHOPLINE's pushes.
//!
//! Documented: the headers, the signature over the body, a bare object as body, the misspelt `serivce` and three more
//! members on `orders/create`. The vendor's own SDK compares hex; the page's sample looks like base64.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::data::Store;
use super::{HANDLE, customers, order_parts, payment_json};
use crate::hmac;
use crate::json::{self, Object};
use crate::push::{Message, PushError, PushForm};
use crate::vendor::Vendor;
use crate::world::World;

/// The version of the subscription.
const VERSION: &str = "v20260301";
const SHOP: &str = "1672369729000";
const MERCHANT: &str = "2001634702";

pub(crate) fn message(
    world: &World,
    form: PushForm,
    topic: &str,
    order: &str,
) -> Result<Message, PushError> {
    let store = world.shopline();
    let number = store.number(order).ok_or_else(|| PushError::UnknownOrder {
        vendor: Vendor::Shopline,
        id: order.to_owned(),
    })?;
    let payload = body(&store, topic, number).ok_or_else(|| PushError::Event {
        vendor: Vendor::Shopline,
        event: topic.to_owned(),
    })?;
    let mut dice = world.dice("shopline-push", world.pushes.number());
    Ok(Message {
        vendor: Vendor::Shopline,
        event: topic.to_owned(),
        id: dice.hex(32),
        order: order.to_owned(),
        form,
        payload,
        is_get: false,
    })
}

/// The resource of a topic. None if the order has no such thing.
fn body(store: &Store, topic: &str, number: usize) -> Option<String> {
    let (kind, _) = topic.split_once('/')?;
    match kind {
        "orders" if topic == "orders/create" => Some(created(store, number)),
        "orders" if topic == "orders/updated" => Some(updated(&store.written(number).json)),
        "orders" => Some(store.written(number).json.clone()),
        "refunds" => order_parts::refunds_of(store, number).pop(),
        "fulfillments" => order_parts::fulfillments_of(store, number).pop(),
        "order_transactions" => order_parts::transactions_of(store, number)
            .pop()
            // Reported by users: it does not name its order.
            .map(|transaction| json::without(&transaction, &["order_id"])),
        "customers" => Some(customers::write(store, store.heads[number].customer)),
        _ => None,
    }
}

fn created(store: &Store, number: usize) -> String {
    let order = &store.written(number).json;
    let misspelt = order.replacen("\"service\":", "\"serivce\":", 1);
    let mut more = Object::new()
        .text("draft_order_seq", "")
        .raw("exist_subscription", false);
    if json::member(order, "total_outstanding_set").is_none() {
        let outstanding = payment_json::outstanding_set(&store.subject(number));
        more = more.raw("total_outstanding_set", outstanding);
    }
    let more = more.end();
    format!(
        "{},{}",
        misspelt.strip_suffix('}').unwrap_or(&misspelt),
        more.strip_prefix('{').unwrap_or(&more)
    )
}

/// Documented for this topic: two numbers of a refund's lines are texts.
fn updated(order: &str) -> String {
    json::changed(order, "refunds", |refunds| {
        json::each(refunds, |refund| {
            json::changed(refund, "refund_line_items", |lines| {
                json::each(lines, |line| {
                    let line = json::changed(line, "quantity", json::string);
                    json::changed(&line, "subtotal", json::string)
                })
            })
        })
    })
}

pub(crate) fn push_headers(world: &World, message: &Message) -> Vec<(&'static str, String)> {
    let secret = &world.keys.shopline_app_secret;
    let body = message.payload.as_bytes();
    let signature = match message.form {
        PushForm::ShoplineBase64 => STANDARD.encode(hmac::mac(secret, body)),
        _ => hmac::hex(secret, body),
    };
    vec![
        ("X-Shopline-Topic", message.event.clone()),
        ("X-Shopline-Hmac-Sha256", signature),
        ("X-Shopline-Shop-Domain", format!("{HANDLE}.myshopline.com")),
        ("X-Shopline-Shop-Id", SHOP.to_owned()),
        ("X-Shopline-Merchant-Id", MERCHANT.to_owned()),
        ("X-Shopline-API-Version", VERSION.to_owned()),
        ("X-Shopline-Webhook-Id", message.id.clone()),
    ]
}
