//! Pushes: verified or refused, each for its own reason; then read.

use bytes::Bytes;
use linkbest_api::webhooks::{
    Answer, Checksum, Event, Fields, JoinedValues, Push, Resource, Verifier, WebhookError,
    WebhookErrorKind, read_push, verify,
};
use linkbest_api::{Order, Record};
use orders_core::{Meaning, Version};
use proptest::prelude::*;

const SECRET: &str = "testsecret";
const FIELDS: [(&str, &str); 7] = [
    ("Id", "7001"),
    ("ProgramId", "61"),
    ("ProgramName", "示例 & Co"),
    ("OrderSn", "A-1"),
    ("OrdersPrice", "10.00"),
    ("OrderTime", "2026-02-01 08:00:00"),
    ("Status", "-1"),
];

fn push() -> Push {
    Push::sign(SECRET, FIELDS)
}

/// The order in a v1 push that is none of the vendor's tests.
fn order(push: &Push) -> Box<Record<Order>> {
    match read(push).resource {
        Resource::Order(order) => order,
        other => panic!("{other:?}"),
    }
}

fn read(push: &Push) -> Event {
    verify(&push.query(), &Bytes::new(), SECRET).unwrap()
}

fn refused(result: Result<Event, WebhookError>) -> WebhookErrorKind {
    result.unwrap_err().kind()
}

#[test]
fn the_checksum_in_stages() {
    let fields = Fields::from_query(&push().query()).unwrap();
    // By name: OrderSn, OrderTime, OrdersPrice, ProgramId, ProgramName, Status; without Id and Sign.
    assert_eq!(
        JoinedValues::bytes(&fields),
        "A-12026-02-01 08:00:0010.0061示例 & Co-1".as_bytes()
    );
    assert_eq!(
        JoinedValues.sign(&fields, SECRET),
        "49650b2f7c946b04404b67be05313564"
    );
    assert_eq!(fields.get("Sign"), Some("49650b2f7c946b04404b67be05313564"));
}

#[test]
fn a_query_and_a_body_are_read_alike() {
    let v1 = verify(&push().query(), &Bytes::new(), SECRET).unwrap();
    let v2 = verify("", &push().body(), SECRET).unwrap();
    let form = verify("", &Bytes::from(push().query()), SECRET).unwrap();
    for event in [&v1, &v2, &form] {
        assert_eq!(event.push_id.as_deref(), Some("7001"));
        let Resource::Order(order) = &event.resource else {
            panic!("{event:?}")
        };
        assert_eq!(order.orders_price.unwrap().to_string(), "10.00");
        assert_eq!(order.program_name.as_deref(), Some("示例 & Co"));
        assert_eq!(event.idempotency_key(), v1.idempotency_key());
        let core = linkbest_api::Mapper::new("main").order(order);
        assert!(core.is_terminal(), "an invalidated order");
        assert_eq!(
            core.id, "no-id/61/A-1/+",
            "the id of the push is not the order's"
        );
        assert!(core.reference().is_by_key());
        let sign = event.fields.get("Sign").unwrap();
        assert!(!format!("{event:?}").contains(sign));
    }
    assert_eq!(v1.received, push().query());
}

/// The push with another id (none where that is empty) and another status.
fn pushed(id: &'static str, status: &'static str) -> Event {
    let fields = FIELDS.map(|(name, value)| match name {
        "Id" => (name, id),
        "Status" => (name, status),
        _ => (name, value),
    });
    read(&Push::sign(
        SECRET,
        fields.into_iter().filter(|(_, v)| !v.is_empty()),
    ))
}

#[test]
fn a_push_is_told_from_its_repetition_by_its_own_id_and_its_state() {
    let kept = |pushes: &[(&'static str, &'static str)]| {
        let keys = pushes
            .iter()
            .map(|(id, status)| pushed(id, status).idempotency_key());
        keys.collect::<std::collections::HashSet<_>>().len()
    };
    assert_eq!(kept(&[("101", "1"), ("102", "-1"), ("103", "1")]), 3);
    assert_eq!(kept(&[("101", "1"), ("102", "-1"), ("101", "1")]), 2);
    assert_eq!(kept(&[("101", "1"), ("101", "1")]), 1);
    assert_eq!(
        kept(&[("101", "1"), ("101", "-1")]),
        2,
        "a state is never lost"
    );
}

#[test]
fn a_push_without_an_id_has_a_state_and_no_key() {
    for none in ["", "0"] {
        let event = pushed(none, "1");
        assert_eq!((&event.push_id, event.idempotency_key()), (&None, None));
    }
    let (first, again, next) = (pushed("1", "1"), pushed("2", "1"), pushed("1", "-1"));
    assert_eq!(first.state_key(), again.state_key());
    assert_ne!(first.state_key(), next.state_key());
    assert_eq!(first.order_key(), next.order_key());
    assert_eq!(first.order_key(), "61/A-1");
}

#[test]
fn a_pushed_order_is_the_pulled_one_of_its_program_number_and_sign() {
    let core = |order: &orders_wire::Record<linkbest_api::Order>| {
        linkbest_api::Mapper::new("main").order(order).reference()
    };
    let pushed = core(&order(&push()));
    let pulled = |json: &str| {
        let row = linkbest_api::orders::decode_order(&json.as_bytes().to_vec().into());
        core(&row.unwrap())
    };
    let sale = r#"{"Id":"7001","ProgramId":61,"OrderSn":"A-1","OrdersPrice":10}"#;
    assert_eq!(pulled(sale).id, "7001", "the id of the push, by chance");
    assert!(pushed.is_same_order(&pulled(sale)));
    assert!(pushed.is_same_order(&pulled(&sale.replace("7001", "9"))));
    assert!(pushed.is_same_order(&pulled(&sale.replace("7001", "0"))));
    assert!(!pushed.is_same_order(&pulled(&sale.replace(":10", ":-10"))));
    assert!(!pushed.is_same_order(&pulled(&sale.replace("A-1", "A-2"))));
}

#[test]
fn numbers_in_a_body_are_signed_by_their_characters() {
    let text = JoinedValues::bytes(
        &Fields::from_json(r#"{"Sign":"x","OrdersPrice":10.00,"ProgramId":61,"SubId":null}"#)
            .unwrap(),
    );
    assert_eq!(text, b"10.0061");
}

#[test]
fn details_may_come_as_the_text_of_a_list() {
    let details = r#"[{"ItemId":"i","OrdersPrice":"5.50"}]"#;
    let push = Push::sign(
        SECRET,
        [
            ("Id", "1"),
            ("OrderSn", "A"),
            ("ProgramId", "2"),
            ("Details", details),
        ],
    );
    let price = order(&push).details[0].orders_price.unwrap();
    assert_eq!(price.to_string(), "5.50");
}

#[test]
fn a_text_that_looks_like_json_stays_text() {
    let push = Push::sign(SECRET, [("OrderSn", "A"), ("SubId", r#"{"a":1}"#)]);
    assert_eq!(order(&push).sub_id.as_deref(), Some(r#"{"a":1}"#));
}

#[test]
fn a_push_without_number_and_program_is_no_review() {
    let push = Push::sign(SECRET, [("Id", "7"), ("OrdersPrice", "1.00")]);
    assert!(matches!(read(&push).resource, Resource::Order(_)));
}

proptest! {
    #[test]
    fn any_fields_come_through_query_and_body(
        fields in proptest::collection::btree_map("x[a-z]{1,8}", any::<String>(), 0..8),
        secret in "[a-z]{1,8}",
    ) {
        let pairs = || fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let push = Push::sign(&secret, pairs());
        for event in [
            verify(&push.query(), &Bytes::new(), &secret).unwrap(),
            verify("", &push.body(), &secret).unwrap(),
        ] {
            let found: Vec<_> = event.fields.iter().filter(|(name, _)| *name != "Sign").collect();
            prop_assert_eq!(found, pairs().collect::<Vec<_>>());
        }
    }
}

#[test]
fn the_review_push_is_known_by_its_zeros() {
    let push = Push::sign(
        SECRET,
        [
            ("Id", "0"),
            ("ProgramId", "0"),
            ("ProgramName", "test"),
            ("OrderSn", "0"),
            ("OrderTime", "0000-00-00 00:00:00"),
            ("ChargeTime", "0000-00-00 00:00:00"),
            ("OrdersPrice", "0.00"),
            ("Status", "0"),
        ],
    );
    let Resource::Review(order) = read(&push).resource else {
        panic!("no review")
    };
    assert_eq!((order.order_time, order.charge_time), (None, None));
}

#[test]
fn every_refusal_has_its_own_kind() {
    let query = push().query();
    assert_eq!(
        refused(verify(
            &query.replace("10.00", "99.00"),
            &Bytes::new(),
            SECRET
        )),
        WebhookErrorKind::Signature
    );
    assert_eq!(
        refused(verify(&query, &Bytes::new(), "other")),
        WebhookErrorKind::Signature
    );
    assert_eq!(
        refused(verify(&query, &Bytes::new(), "")),
        WebhookErrorKind::Config
    );
    assert_eq!(
        refused(verify("Id=1&OrderSn=2", &Bytes::new(), SECRET)),
        WebhookErrorKind::Missing
    );
    assert_eq!(
        refused(verify(&format!("{query}&Status=2"), &Bytes::new(), SECRET)),
        WebhookErrorKind::Duplicate
    );
    assert_eq!(
        refused(verify("", &Bytes::from(r#"{"a":1,"a":2}"#), SECRET)),
        WebhookErrorKind::Duplicate
    );
    assert_eq!(
        refused(verify("", &Bytes::from("{cut"), SECRET)),
        WebhookErrorKind::Malformed
    );
    assert_eq!(
        refused(verify("", &Bytes::from_static(b"{\"a\":\"\xff\"}"), SECRET)),
        WebhookErrorKind::Malformed
    );
    assert_eq!(
        refused(verify(&format!("{query}&SubId=%FF"), &Bytes::new(), SECRET)),
        WebhookErrorKind::Signature
    );
    let small = Verifier::new(SECRET).max_body(10);
    assert_eq!(
        refused(small.verify(&query, &Bytes::new())),
        WebhookErrorKind::TooLarge
    );
    let broken = Push::sign(SECRET, [("OrdersPrice", "1,000.00")]);
    let error = verify(&broken.query(), &Bytes::new(), SECRET).unwrap_err();
    assert!(
        error.is_genuine() && error.to_string().contains("OrdersPrice"),
        "{error}"
    );
}

/// What is signed are bytes: a genuine push that is no text has to be kept, and a forged one refused.
#[test]
fn a_signature_is_checked_before_the_encoding() {
    let sign = format!(
        "{:x}",
        md5::compute([b"A1".as_slice(), b"9", b"\xff", SECRET.as_bytes()].concat())
    );
    for query in [
        "OrderSn=A1&ProgramId=9&SubId=%FF",
        "SubId=%ff&ProgramId=9&OrderSn=A1",
    ] {
        let error = verify(&format!("{query}&Sign={sign}"), &Bytes::new(), SECRET).unwrap_err();
        assert_eq!(error.kind(), WebhookErrorKind::Encoding);
        assert!(
            error.is_genuine() && error.to_string().contains("SubId"),
            "{error}"
        );
    }
    let body = [
        b"OrderSn=A1&ProgramId=9&SubId=\xff&Sign=".as_slice(),
        sign.as_bytes(),
    ]
    .concat();
    let error = verify("", &Bytes::from(body), SECRET).unwrap_err();
    assert!(error.is_genuine(), "{error}");
    let forged = format!("OrderSn=A2&ProgramId=9&SubId=%FF&Sign={sign}");
    let error = verify(&forged, &Bytes::new(), SECRET).unwrap_err();
    assert_eq!(error.kind(), WebhookErrorKind::Signature);
    assert!(!error.is_genuine());
}

#[test]
fn a_stored_push_is_read_again_without_its_signature() {
    for received in [Bytes::from(push().query()), push().body()] {
        let event = Event::read(&received).unwrap();
        assert_eq!(event.idempotency_key(), read(&push()).idempotency_key());
    }
    let error = Event::read(&Bytes::from("OrdersPrice=1,5")).unwrap_err();
    assert_eq!(error.kind(), WebhookErrorKind::Decode);
}

#[test]
fn the_inferred_rule_can_be_replaced() {
    #[derive(Debug)]
    struct Mine;
    impl Checksum for Mine {
        fn sign(&self, fields: &Fields, secret: &str) -> String {
            format!("{}{secret}", fields.get("OrderSn").unwrap_or_default())
        }
    }
    let push = Push::sign_by(&Mine, SECRET, FIELDS);
    assert_eq!(
        refused(verify(&push.query(), &Bytes::new(), SECRET)),
        WebhookErrorKind::Signature
    );
    let verifier = Verifier::new(SECRET).checksum(Mine);
    assert!(verifier.verify(&push.query(), &Bytes::new()).is_ok());
    assert!(!format!("{verifier:?}").contains(SECRET));
}

#[test]
fn the_answers_are_words() {
    let words = [Answer::Stored, Answer::AlreadyKnown, Answer::NotReceived]
        .map(|answer| answer.to_string());
    assert_eq!(words, ["1", "0", "-1"]);
}

#[test]
fn what_follows_from_a_push_is_in_the_common_vocabulary() {
    let mapper = linkbest_api::Mapper::new("main");
    let event = read(&push());
    let of = linkbest_api::webhooks::push(&mapper, &event);
    assert_eq!(Some(of.key), event.idempotency_key());
    assert!(!of.may_recur);
    let Meaning::Order(order, Version::Untimed) = of.meaning else {
        panic!("{:?}", of.meaning)
    };
    assert!(order.reference().is_by_key());
    assert_eq!(of.order, Some(order.id));
    assert_eq!(of.raw, event.received);
    let again = read_push(&mapper, &event.received).unwrap();
    assert_eq!(again.order, of.order);

    let without = read(&Push::sign(SECRET, [("OrderSn", "A1"), ("ProgramId", "9")]));
    let of = linkbest_api::webhooks::push(&mapper, &without);
    assert_eq!((of.key, of.may_recur), (without.state_key(), true));
    for fields in [
        [("OrderSn", "0"), ("ProgramId", "0")],
        [("OrderSn", "A1"), ("ProgramId", "")],
    ] {
        let event = read(&Push::sign(SECRET, fields));
        let of = linkbest_api::webhooks::push(&mapper, &event);
        assert_eq!((of.order, of.meaning), (None, Meaning::Nothing));
    }
}
