use bytes::Bytes;
use clink_api::orders::{OrderStatus, decode_order, decode_page};
use clink_api::{Error, ErrorKind, Mapper};
use orders_core::PaymentStatus;
use proptest::prelude::*;

fn page(rows: &str) -> Result<clink_api::Page<clink_api::Order>, Error> {
    decode_page(&Bytes::from(format!(
        r#"{{"total":1,"rows":[{rows}],"code":200,"msg":"success"}}"#
    )))
}

#[test]
fn every_cent_is_exact_and_the_text_is_kept() {
    let text =
        r#"{"orderId": "order_1", "amountTotal":10.00, "amountSubtotal":"12345678901234567.89"}"#;
    let page = page(text).unwrap();
    let order = &page.records[0];
    assert_eq!(order.amount_total.unwrap().to_string(), "10.00");
    assert_eq!(
        order.amount_subtotal.unwrap().to_string(),
        "12345678901234567.89"
    );
    assert_eq!(order.raw.as_str(), text);
}

#[test]
fn an_unknown_word_never_fails_a_page() {
    let page = page(r#"{"orderId":"o","status":"disputed","type":"gift","riskLevel":7}"#).unwrap();
    let order = &page.records[0];
    assert_eq!(order.status, Some(OrderStatus::Unknown("disputed".into())));
    let core = Mapper::new("main").order(order);
    let payment = core.payment.unwrap();
    assert_eq!(
        (payment.native.as_str(), payment.normal),
        ("disputed", PaymentStatus::Unknown)
    );
}

#[test]
fn an_amount_that_cannot_be_kept_names_its_place() {
    let one =
        page(r#"{"orderId":"o","amountTotal":0.12345678901234567890123456789012345}"#).unwrap();
    assert_eq!(one.unreadable[0].path, "rows[0].amountTotal");
    let two = page(r#"{"orderId":"o"},{"priceDataList":[{"unitAmount":"1,000.00"}]}"#).unwrap();
    assert_eq!(
        two.unreadable[0].path,
        "rows[1].priceDataList[0].unitAmount"
    );
    assert_eq!((two.records.len(), two.sent), (1, 2));
}

#[test]
fn a_failure_under_http_200_is_an_error() {
    let error = decode_page(&Bytes::from_static(
        br#"{"code":500,"msg":"busy","rows":[]}"#,
    ))
    .unwrap_err();
    assert_eq!(
        (error.kind(), error.code(), error.message()),
        (ErrorKind::Server, Some("500"), "busy")
    );
    let error = decode_page(&Bytes::from_static(br#"{"code":"401","msg":"bad key"}"#)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
}

#[test]
fn success_is_200_in_any_spelling() {
    for code in ["200", r#""200""#, "2e2", "200.0", r#""""#, "null"] {
        let body = format!(r#"{{"total":0,"rows":[],"code":{code}}}"#);
        assert!(decode_page(&Bytes::from(body)).is_ok(), "{code}");
    }
    for code in ["0", r#""ok""#, "true", "2000"] {
        let body = format!(r#"{{"total":0,"rows":[],"code":{code}}}"#);
        assert!(decode_page(&Bytes::from(body)).is_err(), "{code}");
    }
}

#[test]
fn a_claim_without_its_list_is_not_an_empty_page() {
    for body in [
        r#"{"code":200,"msg":"success","total":1}"#,
        r#"{"code":200,"rows":null}"#,
        r#"{"data":[]}"#,
    ] {
        let error = decode_page(&Bytes::from(body)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{body}");
        assert!(error.message().contains("keys seen"), "{error}");
    }
    for body in [
        r#"{"code":200,"rows":null,"total":0}"#,
        r#"{"code":200,"total":0}"#,
    ] {
        let page = decode_page(&Bytes::from(body)).unwrap();
        assert_eq!(
            (page.sent, page.total),
            (0, Some(0)),
            "a count of 0 is reached"
        );
    }
    assert_eq!(page("").unwrap().records.len(), 0);
}

#[test]
fn cut_and_foreign_bodies_are_errors() {
    let empty = decode_page(&Bytes::new()).unwrap_err();
    assert_eq!(empty.message(), "the body is empty");
    for body in [
        "",
        "{\"rows\":[{\"orderId\":",
        "<html></html>",
        "null",
        "[]",
        "\"text\"",
    ] {
        assert_eq!(
            decode_page(&Bytes::from(body)).unwrap_err().kind(),
            ErrorKind::Decode,
            "{body}"
        );
    }
}

proptest! {
    #[test]
    fn typed_to_json_to_typed_is_the_same(
        amount in "-?(0|[1-9][0-9]{0,15})\\.[0-9]{1,8}",
        id in "[a-zA-Z0-9_é\"\\\\]{0,20}",
        status in "[a-z_]{1,12}",
        millis in 0i64..4_000_000_000_000,
    ) {
        let id = serde_json::to_string(&id).unwrap();
        let text = format!(
            r#"{{"orderId":{id},"status":"{status}","amountTotal":{amount},"createTime":{millis},"metadata":{{"k":null}}}}"#
        );
        let order = decode_order(&Bytes::from(text)).unwrap();
        let again = serde_json::to_vec(&order.value).unwrap();
        let again = decode_order(&Bytes::from(again)).unwrap();
        prop_assert_eq!(&again.value, &order.value);
        prop_assert_eq!(again.amount_total.unwrap().to_string(), amount);
    }
}
