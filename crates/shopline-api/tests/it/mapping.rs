//! What an order becomes in the common vocabulary.

use bytes::Bytes;
use orders_core::{Amount, FulfillmentStatus, Money, Order, OrderKind, PaymentStatus, TotalKind};
use shopline_api::{Mapper, orders};

use crate::fixtures;

/// The core order of an order, which gets an id where it has none.
pub(crate) fn core(order: &str) -> Order {
    let order = match orders_wire::Members::of(order).unwrap() {
        members if members.get("id").is_some() => order.to_owned(),
        members if members.is_empty() => r#"{"id":"1"}"#.to_owned(),
        _ => order.replacen('{', r#"{"id":"1","#, 1),
    };
    let record = orders::decode_order(&Bytes::from(order));
    Mapper::new("main").order(&record.unwrap())
}

pub(crate) fn money(amount: &str, currency: &str) -> Money {
    Money::parse(amount, currency).unwrap()
}

#[test]
fn identity_and_raw_text() {
    let order = core(r#"{"id":"26","name":"1012","user_id":"7","email":"a@example.com"}"#);
    assert_eq!(
        (
            order.provider.as_str(),
            order.account.as_str(),
            order.id.as_str()
        ),
        ("shopline", "main", "26")
    );
    assert_eq!(order.number.as_deref(), Some("1012"));
    assert_eq!(order.kind, OrderKind::Sale);
    assert_eq!(order.customer.unwrap().id.as_deref(), Some("7"));
    assert!(order.raw.starts_with(br#"{"id":"26""#));
    assert_eq!(
        core(r#"{"contract_seq":"9"}"#).kind,
        OrderKind::Subscription
    );
    assert_eq!(core(r#"{"contract_seq":""}"#).kind, OrderKind::Sale);
}

#[test]
fn a_guest_is_nobody() {
    let guest = r#"{"user_id":null,"customer":{"id":null,"email":"","currency":"USD"}}"#;
    assert_eq!(core(guest).customer, None);
    let nested = core(r#"{"customer":{"id":"7","email":"a@example.com"}}"#);
    assert_eq!(
        nested.customer.unwrap().email.as_deref(),
        Some("a@example.com")
    );
}

#[test]
fn every_word_of_the_payment() {
    for (word, status) in [
        ("unpaid", PaymentStatus::Unpaid),
        ("authorized", PaymentStatus::Authorized),
        ("pending", PaymentStatus::Pending),
        ("partially_paid", PaymentStatus::PartiallyPaid),
        ("paid", PaymentStatus::Paid),
        ("partially_refunded", PaymentStatus::PartiallyRefunded),
        ("refunded", PaymentStatus::Refunded),
        ("un pad", PaymentStatus::Unknown),
    ] {
        let mapped = core(&format!(r#"{{"financial_status":"{word}"}}"#))
            .payment
            .unwrap();
        assert_eq!((mapped.native.as_str(), mapped.normal), (word, status));
    }
    assert_eq!(core("{}").payment, None);
}

#[test]
fn every_word_of_the_goods() {
    for (word, status) in [
        ("unshipped", FulfillmentStatus::Unfulfilled),
        ("partial", FulfillmentStatus::Partial),
        ("shipped", FulfillmentStatus::Fulfilled),
        ("fulfilled", FulfillmentStatus::Fulfilled),
        ("FULFILLED", FulfillmentStatus::Fulfilled),
        ("fullfilled", FulfillmentStatus::Unknown),
    ] {
        let order = core(&format!(
            r#"{{"fulfillment_status":"{word}","fulfillment_status_v2":"partial","line_items":[{{"fulfillment_status":"{word}"}}]}}"#
        ));
        let line = order.lines[0].fulfillment.clone().unwrap();
        let mapped = order.fulfillment.unwrap();
        assert_eq!((mapped.native.as_str(), mapped.normal), (word, status));
        assert_eq!(line.normal, status);
    }
}

#[test]
fn the_text_null_gives_way_to_a_newer_word_that_says_more() {
    use FulfillmentStatus::{Fulfilled, Partial, Unfulfilled, Unknown};
    for (old, new, native, normal) in [
        (r#""null""#, r#""unshipped""#, "null", Unfulfilled),
        (r#""null""#, "null", "null", Unfulfilled),
        (r#""null""#, r#""null""#, "null", Unfulfilled),
        (r#""null""#, r#""partial""#, "partial", Partial),
        (r#""null""#, r#""shipped""#, "shipped", Fulfilled),
        (r#""null""#, r#""on_hold""#, "on_hold", Unknown),
        (r#""fulfilled""#, r#""partial""#, "fulfilled", Fulfilled),
        ("null", r#""shipped""#, "shipped", Fulfilled),
    ] {
        let order = core(&format!(
            r#"{{"fulfillment_status":{old},"fulfillment_status_v2":{new}}}"#
        ));
        let status = order.fulfillment.unwrap();
        let read = (status.native.as_str(), status.normal);
        assert_eq!(read, (native, normal), "{old} {new}");
    }
}

#[test]
fn a_pair_without_its_shop_side_is_filled_from_the_plain_amount_alone() {
    let order = core(
        r#"{"currency":"USD","subtotal_price":"9.00",
        "subtotal_price_set":{"presentment_money":{"amount":"8.50","currency_code":"EUR"}},
        "total_tax":"1.0","total_tax_set":{"shop_money":{"amount":null,"currency_code":"USD"}},
        "total_shipping_price_set":{"shop_money":{"amount":"4.00","currency_code":"USD"},"presentment_money":{"amount":"3.80","currency_code":"EUR"}},
        "total_tip_received_set":{"presentment_money":{"amount":"0.50","currency_code":"EUR"}},
        "current_total_price":"14.00"}"#,
    );
    let tip = order.amount_of(&TotalKind::Tip).unwrap();
    assert_eq!(tip.presentment(), Some(&money("0.50", "EUR")));
    assert_eq!(
        tip.shop(),
        None,
        "no plain amount came, and none is converted"
    );
    let subtotal = order.amount_of(&TotalKind::Subtotal).unwrap();
    assert_eq!(subtotal.presentment(), Some(&money("8.50", "EUR")));
    assert_eq!(subtotal.shop(), Some(&money("9.00", "USD")));
    let tax = order.amount_of(&TotalKind::Tax).unwrap();
    assert_eq!(*tax, Amount::Single(money("1.0", "USD")));
    let shipping = order.amount_of(&TotalKind::Shipping).unwrap();
    assert_eq!(shipping.shop(), Some(&money("4.00", "USD")));
    assert_eq!(shipping.presentment(), Some(&money("3.80", "EUR")));
    let current = TotalKind::Current("current_total_price".to_owned());
    assert!(order.amount_of(&current).is_some());
    assert_eq!(order.amount_of(&TotalKind::Grand), None);
    assert_eq!(order.totals.len(), 5);
    assert_eq!(order.total(), Some(&money("14.00", "USD")));
}

#[test]
fn an_amount_without_a_currency_has_none() {
    let order = core(r#"{"total_tax":"1.00"}"#);
    let tax = order.amount_of(&TotalKind::Tax).unwrap().shop().unwrap();
    assert!(!tax.currency.is_known());
}

#[test]
fn closed_is_archived_or_cancelled_with_no_money_in_it() {
    for (order, closed) in [
        (r#"{"hidden_order":true,"status":"open"}"#, Some(true)),
        (r#"{"hidden_order":false,"status":"open"}"#, Some(false)),
        (
            r#"{"status":"cancelled","total_outstanding":"0.00"}"#,
            Some(true),
        ),
        (r#"{"status":"canceled","total_outstanding":0}"#, Some(true)),
        (
            r#"{"cancelled_at":"2026-01-01T00:00:00Z","total_outstanding":"0"}"#,
            Some(true),
        ),
        (
            r#"{"hidden_order":false,"status":"cancelled","total_outstanding":"5.00"}"#,
            Some(false),
        ),
        (r#"{"status":"cancelled"}"#, Some(false)),
        (
            r#"{"status":"cancelled","financial_status":"unpaid","total_outstanding":"500.00"}"#,
            Some(true),
        ),
        (
            r#"{"status":"CANCELLED","financial_status":"Unpaid"}"#,
            Some(true),
        ),
        (
            r#"{"status":"cancelled","financial_status":"unpaid","payment_details":[{"pay_status":"paid","pay_amount":5}]}"#,
            Some(false),
        ),
        (
            r#"{"status":"cancelled","financial_status":"authorized","total_outstanding":"5.00"}"#,
            Some(false),
        ),
        (
            r#"{"status":"cancelled","financial_status":"paid","total_outstanding":"5.00"}"#,
            Some(false),
        ),
        (
            r#"{"status":"cancelled","financial_status":"refunded","total_outstanding":"5.00"}"#,
            Some(true),
        ),
        (
            r#"{"status":"cancelled","financial_status":"partially_refunded","total_outstanding":"5.00","currency":"USD",
            "payment_details":[{"pay_status":"paid","pay_amount":5}],
            "refunds":[{"transactions":[{"status":"success","amount":"5.00","currency":"usd"}]}]}"#,
            Some(true),
        ),
        (
            r#"{"status":"cancelled","financial_status":"partially_refunded","total_outstanding":"5.00","currency":"USD",
            "payment_details":[{"pay_status":"paid","pay_amount":5}],
            "refunds":[{"transactions":[{"status":"pending","amount":"5.00","currency":"USD"}]}]}"#,
            Some(false),
        ),
        (
            r#"{"status":"cancelled","total_outstanding_set":{"shop_money":{"amount":"0.0"}}}"#,
            Some(true),
        ),
        (r#"{"status":"open"}"#, Some(false)),
        ("{}", None),
    ] {
        assert_eq!(core(order).closed, closed, "{order}");
    }
}

#[test]
fn lines_take_the_price_of_the_shop() {
    let order = core(
        r#"{"currency":"USD","line_items":[
        {"id":"1","title":"Tea","quantity":3,"price":"2.50","sku":""},
        {"name":"Pot","price":"9.00","price_set":{"shop_money":{"amount":"9.00","currency_code":"HKD"}}}]}"#,
    );
    assert_eq!(order.lines[0].unit_price, Some(money("2.50", "USD")));
    assert_eq!(order.lines[0].quantity.unwrap().to_string(), "3");
    assert_eq!(order.lines[0].sku, None);
    assert_eq!(order.lines[1].title.as_deref(), Some("Pot"));
    assert_eq!(order.lines[1].unit_price, Some(money("9.00", "HKD")));
}

#[test]
fn every_fixture_can_be_mapped() {
    for name in fixtures::names(".json") {
        if let Ok(page) = orders::decode_page(&fixtures::body(&name)) {
            for record in &page.records {
                let order = Mapper::new("main").order(record);
                assert_eq!(order.raw, record.raw.clone().into_bytes(), "{name}");
            }
        }
    }
}
