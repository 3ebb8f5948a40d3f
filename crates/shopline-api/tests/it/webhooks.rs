//! Pushes: verified or refused, each for its own reason; then read.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use orders_core::{Meaning, Version};
use shopline_api::orders::Service;
use shopline_api::webhooks::{
    Event, Headers, Push, Resource, SignatureEncoding, Topic, Verifier, WebhookError,
    WebhookErrorKind, read_push, signature, verify,
};

const SECRET: &str = "app_secret_test";
const ORDER: &str = r#"{"id": "21076844529148410284138412","serivce":"pickUp","draft_order_seq":null,"updated_at":"2026-09-02T21:44:06+08:00","total_outstanding":"12.50","refunds":[{"refund_line_items":[{"quantity":"1","subtotal":"3.00"}]}]}"#;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_788_000_000, 0).unwrap()
}

fn headers(push: &Push) -> Headers<'_> {
    Headers::from_pairs(
        push.headers
            .iter()
            .map(|(name, value)| (*name, value.as_str())),
    )
}

fn read(topic: Topic, body: &str) -> Result<Event, WebhookError> {
    let push = Push::sign(SECRET, topic, "hook-1", body.to_owned());
    verify(&headers(&push), &push.body, SECRET, now())
}

fn refused(result: Result<Event, WebhookError>) -> WebhookErrorKind {
    result.unwrap_err().kind()
}

#[test]
fn the_signature_in_both_encodings() {
    // The digests were computed with another implementation of HMAC-SHA256.
    let body = br#"{"id":"2107"}"#;
    assert_eq!(
        signature(SECRET, body, SignatureEncoding::Hex),
        "b9813629d591f16bf460ba0970d0e63fd124b751c0303d0a19fae08b5c5ef0e0"
    );
    assert_eq!(
        signature(SECRET, body, SignatureEncoding::Base64),
        "uYE2KdWR8Wv0YLoJcNDmP9Ekt1HAMD0KGfrgi1xe8OA="
    );
}

#[test]
fn a_genuine_push_is_read_in_either_encoding() {
    for encoding in [SignatureEncoding::Hex, SignatureEncoding::Base64] {
        let push = Push::sign_as(encoding, SECRET, Topic::OrdersCreate, "hook-1", ORDER);
        let event = verify(&headers(&push), &push.body, SECRET, now()).unwrap();
        assert_eq!(
            (event.idempotency_key(), &event.topic),
            ("hook-1", &Topic::OrdersCreate)
        );
        assert_eq!(event.raw.as_str(), ORDER);
        assert_eq!(
            (event.received_at, event.api_version.as_deref()),
            (now(), Some("v20260301"))
        );
        assert_eq!(
            event.changed_at().unwrap().to_rfc3339(),
            "2026-09-02T21:44:06+08:00"
        );
        let Resource::Order(order) = &event.resource else {
            panic!("{event:?}")
        };
        assert_eq!(order.id.as_deref(), Some("21076844529148410284138412"));
        assert_eq!(order.total_outstanding.unwrap().to_string(), "12.50");
        assert_eq!(order.raw.as_str(), ORDER);
    }
}

#[test]
fn what_only_a_pushed_order_has_is_read_and_written() {
    let body = r#"{"id":"21","serivce":"Pickup","draft_order_seq":"77","exist_subscription":true,"total_outstanding_set":{"shop_money":{"amount":"12.50","currency_code":"USD"}},"line_items":[{"giftCard":false}]}"#;
    let event = read(Topic::OrdersCreate, body).unwrap();
    let Resource::Order(order) = &event.resource else {
        panic!("{event:?}")
    };
    assert_eq!(order.service, None);
    assert_eq!(order.service(), Some(&Service::Pickup));
    assert_eq!(order.draft_order_seq.as_deref(), Some("77"));
    assert_eq!(order.exist_subscription, Some(true));
    assert_eq!(order.line_items[0].is_gift_card(), Some(false));
    let outstanding = order.total_outstanding_set.as_ref().unwrap();
    let shop = outstanding.shop_money.as_ref().unwrap();
    assert_eq!(shop.amount.unwrap().to_string(), "12.50");
    let written = serde_json::to_string(&order.value).unwrap();
    for key in [
        "serivce",
        "draft_order_seq",
        "exist_subscription",
        "giftCard",
    ] {
        assert!(written.contains(&format!("\"{key}\":")), "{key}: {written}");
    }
    let again = read(Topic::OrdersCreate, &written).unwrap();
    let Resource::Order(again) = again.resource else {
        panic!()
    };
    assert_eq!(again.value, order.value);
    // The right name counts where both come.
    let both = read(
        Topic::OrdersUpdated,
        r#"{"service":"pickUp","serivce":"null"}"#,
    );
    let Resource::Order(both) = both.unwrap().resource else {
        panic!()
    };
    assert_eq!(both.service(), Some(&Service::PickUp));
}

#[test]
fn every_refusal_has_its_own_kind() {
    let push = Push::sign(SECRET, Topic::OrdersPaid, "hook-1", ORDER);
    let tampered = Bytes::from(ORDER.replace("12.50", "99.50"));
    let with = |body: &Bytes, secret: &str| refused(verify(&headers(&push), body, secret, now()));
    assert_eq!(with(&tampered, SECRET), WebhookErrorKind::Signature);
    assert_eq!(with(&push.body, "other"), WebhookErrorKind::Signature);
    assert_eq!(with(&push.body, ""), WebhookErrorKind::Config);
    for name in [
        "X-Shopline-Hmac-Sha256",
        "X-Shopline-Topic",
        "X-Shopline-Webhook-Id",
    ] {
        let pairs: Vec<(&str, &str)> = push.headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let left = Headers::from_pairs(pairs.iter().copied().filter(|(n, _)| *n != name));
        let kind = refused(verify(&left, &push.body, SECRET, now()));
        assert_eq!(kind, WebhookErrorKind::Missing, "{name}");
        let twice = Headers::from_pairs(pairs.iter().copied().chain([(name, "x")]));
        let kind = refused(verify(&twice, &push.body, SECRET, now()));
        assert_eq!(kind, WebhookErrorKind::Duplicate, "{name}");
    }
    for signature in ["", "zz", "not base64!", "YWJj"] {
        let mut other = push.clone();
        other
            .headers
            .retain(|(n, _)| *n != "X-Shopline-Hmac-Sha256");
        other
            .headers
            .push(("X-Shopline-Hmac-Sha256", signature.to_owned()));
        let kind = refused(verify(&headers(&other), &other.body, SECRET, now()));
        assert_eq!(kind, WebhookErrorKind::Malformed, "{signature:?}");
    }
    let small = Verifier::new(SECRET).max_body(10);
    let kind = refused(small.verify(&headers(&push), &push.body, now()));
    assert_eq!(kind, WebhookErrorKind::TooLarge);
    let push = Push::sign(SECRET, Topic::OrdersPaid, "hook-1", &b"\xff"[..]);
    let error = verify(&headers(&push), &push.body, SECRET, now()).unwrap_err();
    assert_eq!(error.kind(), WebhookErrorKind::Encoding);
    assert!(error.is_genuine());
    // Not genuine: whether it is text is not looked at.
    let kind = refused(verify(&headers(&push), &push.body, "another", now()));
    assert_eq!(kind, WebhookErrorKind::Signature);
    assert!(!format!("{small:?}").contains(SECRET));
}

#[test]
fn a_genuine_push_that_cannot_be_read_says_so() {
    for (body, ending) in [
        ("[]", "got list"),
        ("<html>", "(a web page?)"),
        (r#"{"total_outstanding":"1,0"}"#, "at total_outstanding"),
    ] {
        let error = read(Topic::OrdersUpdated, body).unwrap_err();
        assert!(
            error.is_genuine() && error.to_string().ends_with(ending),
            "{error}"
        );
    }
}

#[test]
fn other_topics_are_read_as_what_they_are() {
    let event = read(
        Topic::RefundsCreate,
        r#"{"id":"42","refund_line_items":null}"#,
    )
    .unwrap();
    let Resource::Refund(refund) = &event.resource else {
        panic!("{event:?}")
    };
    assert_eq!(refund.id.as_deref(), Some("42"));
    let body = r#"{"id":"43","line_items":[{"id":459465}]}"#;
    let event = read(Topic::FulfillmentsUpdate, body).unwrap();
    let Resource::Fulfillment(parcel) = &event.resource else {
        panic!("{event:?}")
    };
    assert_eq!(parcel.line_items[0].id.as_deref(), Some("459465"));
    let body = r#"{"detail":{"dispute_id":"7","dispute_type":"CHARGEBACK","amount":"20.00","currency":"EUR","news":1}}"#;
    for topic in [Topic::PaymentsCreate, Topic::PaymentsUpdate] {
        let event = read(topic, body).unwrap();
        let Resource::Dispute(dispute) = &event.resource else {
            panic!("{event:?}")
        };
        assert_eq!(dispute.amount.unwrap().to_string(), "20.00");
        assert!(dispute.raw.as_str().starts_with(r#"{"dispute_id""#));
    }
    let error = read(Topic::PaymentsCreate, r#"{"detail":{"amount":"1,0"}}"#).unwrap_err();
    assert!(
        error.is_genuine() && error.to_string().ends_with("at detail.amount"),
        "{error}"
    );
    // The topics of data to be erased, which every public app has to take.
    let body = r##"{"customer":{"id":"8","email":"buyer@example.com"},"orders_to_redact":["#1012"],"shop_id":"1"}"##;
    let event = read(Topic::from("customers/redact"), body).unwrap();
    let Resource::Redaction(redaction) = &event.resource else {
        panic!("{event:?}")
    };
    assert_eq!(redaction.orders_to_redact, ["#1012"]);
    assert!(
        !format!("{redaction:?}").contains("buyer@"),
        "{redaction:?}"
    );
    let event = read(Topic::from("merchants/redact"), r#"{"store_id":"9"}"#).unwrap();
    let Resource::Redaction(redaction) = &event.resource else {
        panic!("{event:?}")
    };
    assert_eq!(redaction.store_id.as_deref(), Some("9"));
    let body = r#"{"orderSeq":"21","firstInteractSource":"AI Chat","isOffline":"false"}"#;
    let event = read(Topic::OrderAttributionCreate, body).unwrap();
    let Resource::Attribution(attribution) = &event.resource else {
        panic!("{event:?}")
    };
    assert_eq!(
        attribution.first_interact_source.as_deref(),
        Some("AI Chat")
    );
    let event = read(Topic::from("orders_v9/teleported"), r#"{"id": 1.50}"#).unwrap();
    let Resource::Other(raw) = &event.resource else {
        panic!("{event:?}")
    };
    assert_eq!(raw.as_str(), r#"{"id": 1.50}"#);
    assert_eq!(event.changed_at(), None);
}

#[test]
fn what_follows_from_an_event_is_in_the_common_vocabulary() {
    let mapper = shopline_api::Mapper::new("main");
    let of = |topic: Topic, body: &str| {
        let event = read(topic, body).unwrap();
        let push = shopline_api::webhooks::push(&mapper, &event);
        assert_eq!(push.key, event.webhook_id);
        assert_eq!(push.event, event.topic.as_str());
        let mut again = read_push(&mapper, &event.topic, &push.raw).unwrap();
        again.key.clone_from(&push.key);
        assert_eq!(again, push);
        push
    };
    let updated = of(Topic::OrdersUpdated, ORDER);
    let id = "21076844529148410284138412";
    assert_eq!(updated.order.as_deref(), Some(id));
    assert!(updated.at.is_some());
    let Meaning::Order(order, Version::Updated) = updated.meaning else {
        panic!("{:?}", updated.meaning)
    };
    assert_eq!((order.id.as_str(), &order.raw[..]), (id, ORDER.as_bytes()));
    assert_eq!(of(Topic::OrdersDelete, ORDER).meaning, Meaning::Due);
    let refund = of(Topic::RefundsCreate, r#"{"id":"r1","order_id":"7"}"#);
    assert_eq!(refund.order.as_deref(), Some("7"));
    assert_eq!(refund.meaning, Meaning::Due);
    for (topic, body, order) in [
        (
            Topic::FulfillmentsCreate,
            r#"{"id":"f1","order_id":"7"}"#,
            Some("7"),
        ),
        (
            Topic::PaymentsCreate,
            r#"{"detail":{"dispute_id":"d1"}}"#,
            None,
        ),
        (
            Topic::CustomersRedact,
            r#"{"shop_id":"1","customer":{"id":"5"}}"#,
            None,
        ),
        (Topic::CustomersUpdate, r#"{"id":"5"}"#, None),
    ] {
        let push = of(topic, body);
        assert_eq!(
            (push.order.as_deref(), push.meaning),
            (order, Meaning::Nothing)
        );
    }
}
