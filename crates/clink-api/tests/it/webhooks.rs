//! Pushes: verified or refused, each for its own reason; then read.

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use clink_api::webhooks::{
    AccountEvent, Event, EventName, Headers, OrderSucceededReply, Push, ReplyData, Resource,
    Tolerance, Verifier, WebhookError, WebhookErrorKind, read_push, signature, verify,
};
use orders_core::{Meaning, Version};
use orders_wire::OpenEnum;

const SECRET: &str = "whsec_test";
const ORDER: &str = r#"{"id":"event_1","object":"event","created":1754819711382,"type":"order.failed","data":{"object":{"orderId":"o","amountTotal":2.50,"status":"failed","merchantReferenceId":"null"}}}"#;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_754_819_711_382).unwrap()
}

fn headers(push: &Push) -> Headers<'_> {
    Headers::from_pairs(
        push.headers
            .iter()
            .map(|(name, value)| (*name, value.as_str())),
    )
}

fn read(body: &str) -> Result<Event, WebhookError> {
    let push = Push::sign(SECRET, now(), body.to_owned());
    verify(&headers(&push), &push.body, SECRET, now())
}

fn refused(result: Result<Event, WebhookError>) -> WebhookErrorKind {
    result.unwrap_err().kind()
}

#[test]
fn the_signature_in_stages() {
    // Text to sign: timestamp, dot, body. The digest was computed with another implementation of HMAC-SHA256.
    assert_eq!(
        signature("whsec_test", "1754819711382", br#"{"id":"event_1"}"#),
        "6c5156e0dfd4cc10bd21b9523ab15e62a747522641cee7c88d1a6a03c9aafec9"
    );
}

#[test]
fn a_genuine_push_is_read() {
    let event = read(ORDER).unwrap();
    assert_eq!(
        (event.idempotency_key(), &event.name),
        ("event_1", &EventName::OrderFailed)
    );
    assert_eq!((event.created, event.sent_at), (Some(now()), now()));
    assert_eq!(event.raw.as_str(), ORDER);
    let Resource::Order(order) = &event.resource else {
        panic!("{event:?}")
    };
    assert_eq!(order.amount_total.unwrap().to_string(), "2.50");
    assert_eq!(
        (order.merchant_reference(), order.create_time),
        (None, None)
    );
    assert!(ORDER.contains(order.raw.as_str()));
}

#[test]
fn seconds_and_any_case_of_hex_are_read() {
    let body = Bytes::from(ORDER);
    let timestamp = now().timestamp().to_string();
    let signature = signature(SECRET, &timestamp, &body).to_uppercase();
    let pairs = [
        ("x-clink-timestamp", timestamp.as_str()),
        ("x-clink-signature", signature.as_str()),
    ];
    assert!(verify(&Headers::from_pairs(pairs), &body, SECRET, now()).is_ok());
}

#[test]
fn every_refusal_has_its_own_kind() {
    let push = Push::sign(SECRET, now(), ORDER);
    let pairs: Vec<(&str, &str)> = push.headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let with = |pairs: &[(&'static str, &'static str)]| {
        let mut all: Vec<(&str, String)> =
            push.headers.iter().map(|(n, v)| (*n, v.clone())).collect();
        for (name, value) in pairs {
            all.retain(|(n, _)| n != name);
            all.push((name, (*value).to_owned()));
        }
        let headers = Headers::from_pairs(all.iter().map(|(n, v)| (*n, v.as_str())));
        refused(verify(&headers, &push.body, SECRET, now()))
    };
    let tampered = Bytes::from(ORDER.replace("2.50", "9.50"));
    assert_eq!(
        refused(verify(&headers(&push), &tampered, SECRET, now())),
        WebhookErrorKind::Signature
    );
    assert_eq!(
        refused(verify(&headers(&push), &push.body, "whsec_other", now())),
        WebhookErrorKind::Signature
    );
    assert_eq!(
        refused(verify(&headers(&push), &push.body, "", now())),
        WebhookErrorKind::Config
    );
    assert_eq!(
        with(&[("X-Clink-Timestamp", "1754819711383")]),
        WebhookErrorKind::Signature
    );
    assert_eq!(
        with(&[("X-Clink-Timestamp", "yesterday")]),
        WebhookErrorKind::Malformed
    );
    assert_eq!(
        with(&[("X-Clink-Timestamp", "-5")]),
        WebhookErrorKind::Malformed
    );
    assert_eq!(
        with(&[("X-Clink-Signature", "no hex")]),
        WebhookErrorKind::Malformed
    );
    assert_eq!(
        with(&[("X-Clink-Signature", "abcd")]),
        WebhookErrorKind::Malformed
    );
    assert_eq!(
        with(&[("X-Clink-SignType", "MD5")]),
        WebhookErrorKind::Malformed
    );
    for missing in ["X-Clink-Timestamp", "X-Clink-Signature"] {
        let left = pairs.iter().copied().filter(|(name, _)| *name != missing);
        let error = verify(&Headers::from_pairs(left), &push.body, SECRET, now());
        assert_eq!(refused(error), WebhookErrorKind::Missing, "{missing}");
        let twice = pairs.iter().copied().chain([(missing, "1")]);
        let error = verify(&Headers::from_pairs(twice), &push.body, SECRET, now());
        assert_eq!(refused(error), WebhookErrorKind::Duplicate, "{missing}");
    }
    let later = now() + TimeDelta::seconds(301);
    assert_eq!(
        refused(verify(&headers(&push), &push.body, SECRET, later)),
        WebhookErrorKind::Stale
    );
    let small = Verifier::new(SECRET).max_body(10);
    assert_eq!(
        refused(small.verify(&headers(&push), &push.body, now())),
        WebhookErrorKind::TooLarge
    );
    let push = Push::sign(SECRET, now(), &b"\xff\xfe"[..]);
    let error = verify(&headers(&push), &push.body, SECRET, now()).unwrap_err();
    assert_eq!(error.kind(), WebhookErrorKind::Encoding);
    assert!(error.is_genuine());
    // Not genuine: whether it is text is not looked at.
    assert_eq!(
        refused(verify(&headers(&push), &push.body, "whsec_other", now())),
        WebhookErrorKind::Signature
    );
}

#[test]
fn an_old_push_is_read_where_the_tolerance_is_off() {
    let push = Push::sign(SECRET, now(), ORDER);
    let verifier = Verifier::new(SECRET).tolerance(Tolerance::Off);
    let later = now() + TimeDelta::days(400);
    assert!(verifier.verify(&headers(&push), &push.body, later).is_ok());
    assert!(!format!("{verifier:?}").contains(SECRET));
}

#[test]
fn a_genuine_push_that_cannot_be_read_names_the_place() {
    for (body, path) in [
        (r#"{"id":"e"}"#, "type"),
        (r#"{"type":"order.failed","data":{}}"#, "id"),
        (r#"{"id":"e","type":"order.failed"}"#, "data"),
        (
            r#"{"id":"e","type":"order.failed","created":"soon","data":{}}"#,
            "created",
        ),
        (
            r#"{"id":"e","type":"order.failed","data":{"object":{"amountTotal":"1,0"}}}"#,
            "data.object.amountTotal",
        ),
        ("[]", ""),
        ("<html>", ""),
    ] {
        let error = read(body).unwrap_err();
        assert!(error.is_genuine(), "{body}");
        assert!(error.to_string().ends_with(path), "{error}");
    }
}

#[test]
fn the_deprecated_envelope_is_read_too() {
    let event = read(
        r#"{"id":"evt_1","object":"event","created":"2025-08-10T09:55:11Z","livemode":false,"type":"invoice.paid",
            "data":{"object":"invoice","invoiceId":"inv_1","originalAmount":"20.00","lineItems":[{"amount":"20"}]}}"#,
    )
    .unwrap();
    assert_eq!(event.created.unwrap().timestamp(), 1_754_819_711);
    let Resource::Invoice(invoice) = &event.resource else {
        panic!("{event:?}")
    };
    assert_eq!(invoice.original_amount.unwrap().to_string(), "20.00");
    assert_eq!(invoice.all_items()[0].amount.unwrap().to_string(), "20");
}

#[test]
fn resources_without_a_type_stay_readable() {
    let event = read(r#"{"id":"e","type":"risk_rule.brand_new","data":{"object":{"status": 1,"someAmount":10.46}}}"#).unwrap();
    assert_eq!(event.name, EventName::Unknown("risk_rule.brand_new".into()));
    let Resource::Other(raw) = &event.resource else {
        panic!("{event:?}")
    };
    assert_eq!(raw.as_str(), r#"{"status": 1,"someAmount":10.46}"#);
}

#[test]
fn refunds_and_subscriptions_keep_their_cents() {
    let event = read(
        r#"{"id":"e","type":"refund.succeeded","data":{"object":{"refundId":"r","refundAmount":227.91,"metadata":{}}}}"#,
    );
    let Resource::Refund(refund) = event.unwrap().resource else {
        panic!()
    };
    assert_eq!(refund.refund_amount.unwrap().to_string(), "227.91");
    let event = read(
        r#"{"id":"e","type":"subscription.past_due","data":{"object":{"subscriptionId":"s","paymentMethodType":"paypal",
            "recurringInvoiceItem":{"amount":"20","price":{"unitAmount":"20.00","recurring":{"trialPeriodDays":0}}}}}}"#,
    );
    let Resource::Subscription(subscription) = event.unwrap().resource else {
        panic!()
    };
    let item = subscription.recurring_invoice_item.clone().unwrap();
    assert_eq!(
        item.price.unwrap().unit_amount.unwrap().to_string(),
        "20.00"
    );
}

#[test]
fn all_documented_names_are_known() {
    // 44 in the specification, one in the notes for paying agents.
    assert_eq!(EventName::WORDS.len(), 45);
    assert!(
        EventName::WORDS
            .iter()
            .all(|word| EventName::from(*word).as_str() == *word)
    );
}

#[test]
fn the_reply_to_a_paid_order_is_as_described() {
    let data = ReplyData {
        customer_email: Some("someone@example.com".into()),
        amount: Some("10.00".parse().unwrap()),
        currency: Some("USD".into()),
        ..ReplyData::default()
    };
    let reply = OrderSucceededReply::new(AccountEvent::Reloaded, data);
    assert_eq!(
        serde_json::to_string(&reply).unwrap(),
        r#"{"object":"event","type":"account.reloaded","data":{"customerEmail":"someone@example.com","amount":10.00,"currency":"USD"}}"#
    );
}

#[test]
fn what_follows_from_an_event_is_in_the_common_vocabulary() {
    let mapper = clink_api::Mapper::new("main");
    let of = |name: &str, created: &str, object: &str| {
        let body = format!(
            r#"{{"id":"event_1","type":"{name}","created":{created},"data":{{"object":{object}}}}}"#
        );
        let push = read_push(&mapper, &body.clone().into(), now()).unwrap();
        assert_eq!((push.key.as_str(), push.event.as_str()), ("event_1", name));
        assert_eq!(push.raw, body);
        push
    };
    let order = r#"{"orderId":"o1","status":"success"}"#;
    let paid = of("order.succeeded", "1754819711382", order);
    assert_eq!(paid.order.as_deref(), Some("o1"));
    let at = DateTime::from_timestamp_millis(1_754_819_711_382).unwrap();
    assert_eq!(paid.at, Some(at));
    let Meaning::Order(core, version) = paid.meaning else {
        panic!("{paid:?}")
    };
    assert_eq!(version, Version::At(at));
    assert_eq!((core.id.as_str(), &core.raw[..]), ("o1", order.as_bytes()));
    assert_eq!(of("order.failed", "null", order).meaning, Meaning::Due);

    let refund = r#"{"refundId":"r1","orderId":"o1","refundAmount":5.00,"refundCurrency":"USD","status":"success"}"#;
    let back = of("refund.succeeded", "1754819711382", refund);
    assert_eq!(back.order.as_deref(), Some("o1"));
    assert!(matches!(back.meaning, Meaning::Adjustment(it) if it.id.as_deref() == Some("r1")));
    let dispute = r#"{"chargeBackId":"cb_1","orderId":"o1"}"#;
    let lost = of("dispute.lost", "1754819711382", dispute);
    assert!(matches!(lost.meaning, Meaning::Adjustment(it) if it.id.as_deref() == Some("cb_1")));

    let nameless = of("refund.created", "1754819711382", r#"{"refundId":"r1"}"#);
    assert_eq!((nameless.order, nameless.meaning), (None, Meaning::Nothing));
    let other = of("customer.verify", "1754819711382", r#"{"orderId":"o1"}"#);
    assert_eq!(other.meaning, Meaning::Nothing);
}
