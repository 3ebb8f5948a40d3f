//! Bodies, well and not.

use bytes::Bytes;
use linkbest_api::orders::{decode_order, decode_page};
use linkbest_api::{Error, ErrorKind, LbOrderStatus, Order, OrderStatus};
use proptest::prelude::*;

use crate::fixture;

fn page(body: &str) -> Result<linkbest_api::Page<linkbest_api::Order>, Error> {
    decode_page(&Bytes::copy_from_slice(body.as_bytes()))
}

fn written(order: &Order) -> String {
    serde_json::to_string(order).unwrap()
}

#[test]
fn every_value_of_the_full_order_survives_with_its_scale() {
    let body = fixture("full.json");
    let page = decode_page(&body).unwrap();
    let typed = written(&page.records[0].value);
    let raw: String = page.records[0]
        .raw
        .as_str()
        .split('\n')
        .map(str::trim)
        .collect::<String>()
        .replace("\": ", "\":");
    assert_eq!(typed, raw);
}

#[test]
fn numbers_as_text_and_text_as_numbers_are_the_same_order() {
    let full = decode_page(&fixture("full.json")).unwrap();
    let numbers = decode_page(&fixture("numbers-as-text.json")).unwrap();
    assert_eq!(written(&numbers.records[0]), written(&full.records[0]));
    let text = decode_page(&fixture("text-as-numbers.json")).unwrap();
    let (text, full) = (&text.records[0], &full.records[0]);
    assert_eq!(text.id, full.id);
    assert_eq!(text.status, full.status);
    assert_eq!(text.details[0].item_price, full.details[0].item_price);
    assert_eq!(text.details[0].item_count, full.details[0].item_count);
}

#[test]
fn the_raw_record_is_the_text_that_came() {
    let body = fixture("page-1.json");
    let page = decode_page(&body).unwrap();
    assert_eq!(page.records.len(), 2);
    let text = std::str::from_utf8(&body).unwrap();
    for order in &page.records {
        assert!(text.contains(order.raw.as_str()));
        assert_eq!(
            decode_order(&order.raw.clone().into_bytes()).unwrap(),
            *order
        );
    }
}

#[test]
fn status_0_and_200_as_number_and_text_are_success() {
    for status in ["0", "200", "\"0\"", "\"200\"", "2e2", "0.0", "\"200.0\""] {
        let page = page(&format!(r#"{{"Status":{status},"Data":[{{"Id":"1"}}]}}"#)).unwrap();
        assert_eq!(page.records.len(), 1, "{status}");
    }
}

#[test]
fn an_empty_list_is_an_empty_page_and_what_is_no_list_is_not() {
    for data in ["[]", "[null]"] {
        let page = page(&format!(r#"{{"Status":0,"Data":{data}}}"#)).unwrap();
        assert!(page.records.is_empty(), "{data}");
    }
    for data in ["null", "{}", "{ }", "\"\""] {
        let error = page(&format!(r#"{{"Status":0,"Data":{data}}}"#)).unwrap_err();
        assert!(error.is_missing_list(), "{data}: {error}");
    }
    let error = page(r#"{"Status":0,"Message":"success","List":[]}"#).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.path(), Some("Data"));
    assert!(
        error.message().contains("`List`, `Message`, `Status`"),
        "{error}"
    );
}

/// Two orders of one program are not one order that bears the program's number.
#[test]
fn a_program_alone_names_no_order() {
    let row = |more: &str| format!(r#"{{"Id":"","ProgramId":"7",{more}}}"#);
    let odd = row(r#""OrderSn":"","OrdersPrice":"10.00""#);
    let other = row(r#""OrderSn":"0","OrdersPrice":"99.00""#);
    let body = format!(r#"{{"Status":0,"Data":[{odd},{{"Id":"7"}},{other}]}}"#);
    let page = page(&body).unwrap();
    let ids: Vec<_> = page.records.iter().map(|o| o.id.as_deref()).collect();
    assert_eq!(ids, [Some("7")]);
    let texts: Vec<_> = page.unreadable.iter().map(|row| &row.raw[..]).collect();
    assert_eq!(texts, [odd.as_bytes(), other.as_bytes()]);
}

#[test]
fn data_may_be_one_order_or_orders_under_keys() {
    let one = page(
        r#"{"Status":0,"Data":{"ProgramId":"1","OrderSn":"a","Details":{"0":{"ItemId":"x"}}}}"#,
    )
    .unwrap();
    assert_eq!(one.records[0].order_sn.as_deref(), Some("a"));
    assert_eq!(one.records[0].details[0].item_id.as_deref(), Some("x"));
    assert_eq!(
        one.records[0].raw.as_str(),
        r#"{"ProgramId":"1","OrderSn":"a","Details":{"0":{"ItemId":"x"}}}"#
    );
    let keyed = page(r#"{"Status":0,"Data":{"5":{"Id":"a"},"3":{"Id":"b"},"4":null}}"#).unwrap();
    let ids: Vec<_> = keyed
        .records
        .iter()
        .map(|o| o.id.as_deref().unwrap())
        .collect();
    assert_eq!(ids, ["a", "b"], "in the order sent");
}

#[test]
fn what_is_no_page_is_an_error_and_never_an_empty_page() {
    for (body, path, said) in [
        ("", None, "the body is empty"),
        ("  \n", None, "the body is empty"),
        ("<html>busy</html>", None, "a web page"),
        ("[]", None, "expected an object"),
        ("\"Status\"", None, "expected an object"),
        (
            "{}",
            Some("Status"),
            "no Status; the body has no key at all",
        ),
        (r#"{"Data":[]}"#, Some("Status"), "the body has `Data`"),
        (r#"{"Status":null,"Data":[]}"#, Some("Status"), "no Status"),
        (
            r#"{"Code":200,"Message":"Success"}"#,
            Some("Status"),
            "`Code`, `Message`",
        ),
        (r#"{"Status":0,"Data":7}"#, Some("Data"), "got a scalar"),
        (
            r#"{"Status":0,"Data":"busy"}"#,
            Some("Data"),
            "got a scalar",
        ),
        (
            r#"{"Status":0,"Data":{"List":[],"Total":0}}"#,
            Some("Data"),
            "`List`, `Total`",
        ),
        (r#"{"Status":0,"Data":[{"Id":"1"}"#, Some("Data"), "EOF"),
        (r#"{"Status":0,"Data":[]} x"#, None, "trailing"),
    ] {
        let error = page(body).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{body}");
        assert_eq!(error.path(), path, "{body}: {error}");
        assert!(error.to_string().contains(said), "{body}: {error}");
    }
    assert!(decode_order(&Bytes::from_static(b"[]")).is_err());
    assert!(decode_page(&Bytes::from_static(b"{\"Status\":0,\"Message\":\"\xff\"}")).is_err());
}

#[test]
fn numbers_beyond_a_decimal_name_their_field() {
    let page = decode_page(&fixture("beyond-decimal.json")).unwrap();
    assert_eq!(page.unreadable[0].path, "Data[0].OrdersPrice");
}

#[test]
fn a_byte_order_mark_is_skipped() {
    let page = page("\u{feff}{\"Status\":0,\"Data\":[{\"Id\":\"1\"}]}").unwrap();
    assert_eq!(page.records[0].raw.as_str(), r#"{"Id":"1"}"#);
}

#[test]
fn failures_are_known_by_their_code_in_either_spelling() {
    for (body, code, kind, retryable) in [
        (
            r#"{"Status":4000,"Message":"m"}"#,
            "4000",
            ErrorKind::InvalidRequest,
            false,
        ),
        (
            r#"{"Status":"4001","Message":"m","Data":[]}"#,
            "4001",
            ErrorKind::NotFound,
            false,
        ),
        (
            r#"{"Status":4002,"Message":"m"}"#,
            "4002",
            ErrorKind::Other,
            false,
        ),
        (
            r#"{"Status":4003,"Message":"m","Data":null}"#,
            "4003",
            ErrorKind::Permission,
            false,
        ),
        (
            r#"{"Status":5001,"Message":"m"}"#,
            "5001",
            ErrorKind::Server,
            true,
        ),
        (
            r#"{"Status":401,"Message":"m"}"#,
            "401",
            ErrorKind::Auth,
            false,
        ),
        (
            r#"{"status":401,"message":"m"}"#,
            "401",
            ErrorKind::Auth,
            false,
        ),
        (
            r#"{"Status":404,"Message":"m"}"#,
            "404",
            ErrorKind::NotFound,
            false,
        ),
        (
            r#"{"Status":429,"Message":"m"}"#,
            "429",
            ErrorKind::RateLimit,
            true,
        ),
        (
            r#"{"Status":500,"Message":"m"}"#,
            "500",
            ErrorKind::Server,
            true,
        ),
        (
            r#"{"Status":4010,"Message":"m"}"#,
            "4010",
            ErrorKind::Other,
            false,
        ),
        (
            r#"{"Status":"FAIL","Message":"m"}"#,
            "FAIL",
            ErrorKind::Other,
            false,
        ),
        (
            r#"{"Status":-1,"Message":"m","Data":[{"Id":"1"}]}"#,
            "-1",
            ErrorKind::Other,
            false,
        ),
    ] {
        let error = page(body).unwrap_err();
        assert_eq!(error.code(), Some(code), "{body}");
        assert_eq!(error.kind(), kind, "{body}");
        assert_eq!(error.message(), "m", "{body}");
        assert_eq!(error.is_retryable(), retryable, "{body}");
        assert_eq!(error.hint().is_some(), kind == ErrorKind::Auth, "{body}");
    }
}

#[test]
fn unknown_words_are_kept() {
    let page = page(
        r#"{"Status":0,"Data":[{"Id":"1","Status":3,"Currency":"RMB","Details":[{"LbOrderStatus":"12"}]}]}"#,
    )
    .unwrap();
    let order = &page.records[0];
    assert_eq!(order.status, Some(OrderStatus::Unknown("3".into())));
    assert_eq!(order.currency.as_deref(), Some("RMB"));
    assert_eq!(
        order.details[0].lb_order_status,
        Some(LbOrderStatus::Unknown("12".into()))
    );
}

proptest! {
    #[test]
    fn any_decimal_survives_reading_and_writing(mantissa in any::<i64>(), scale in 0u32..=28) {
        let text = rust_decimal::Decimal::new(mantissa, scale).to_string();
        let (number, string) = (text.clone(), format!("\"{text}\""));
        for value in [&number, &string] {
            let body = format!(
                r#"{{"OrdersPrice":{value},"Details":[{{"ItemPrice":{value},"OrderCommission":{value}}}]}}"#
            );
            let order = decode_order(&Bytes::from(body)).unwrap();
            prop_assert_eq!(
                written(&order),
                format!(r#"{{"OrdersPrice":{number},"Details":[{{"ItemPrice":{string},"OrderCommission":{number}}}]}}"#)
            );
        }
    }
}

#[test]
fn a_wrapper_is_not_taken_for_an_order_or_an_empty_page() {
    for data in [
        r#"{"Orders":{"1":{"Id":"1"},"2":{"Id":"2"}}}"#,
        r#"{"Page":{"Total":500}}"#,
        r#"{"List":null}"#,
    ] {
        let error = page(&format!(r#"{{"Status":0,"Data":{data}}}"#)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{data}");
    }
}

#[test]
fn null_rows_count_for_a_full_page() {
    let page = page(r#"{"Status":0,"Data":[null,{"Id":"1"},null]}"#).unwrap();
    assert_eq!((page.records.len(), page.sent), (1, 3));
}
