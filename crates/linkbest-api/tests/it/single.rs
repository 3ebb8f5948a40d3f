//! One order, by program and order number.

use linkbest_api::ErrorKind;
use linkbest_api::http::testing::MemoryTransport;
use linkbest_api::orders::{ORDER_DETAIL, decode_single};
use orders_core::{OrderRef, OrderSource};

use crate::vendor::{client, sent};

const ORDER: &str =
    r#"{"Id":"7","ProgramId":"12","OrderSn":"A/1","OrdersPrice":10.00,"Currency":"USD"}"#;

fn reference(program: Option<&str>, number: Option<&str>) -> OrderRef {
    let mut reference = OrderRef::new("7");
    reference.number = number.map(str::to_owned);
    reference.program_id = program.map(str::to_owned);
    reference
}

#[tokio::test(start_paused = true)]
async fn an_order_is_asked_by_program_and_number() {
    for data in [
        ORDER.to_owned(),
        format!("[{ORDER}]"),
        format!(r#"{{"0":{ORDER}}}"#),
    ] {
        let transport = MemoryTransport::new();
        transport.reply(
            200,
            format!(r#"{{"Status":0,"Message":"success","Data": {data}}}"#),
        );
        let order = client(&transport).get_order("12", "A/1").await.unwrap();
        assert_eq!(order.raw.as_str(), ORDER);
        assert_eq!(order.orders_price.unwrap().to_string(), "10.00");
        let request = &transport.requests()[0];
        assert!(request.uri().path().ends_with(&format!("/{ORDER_DETAIL}")));
        assert_eq!(
            sent(request).to_string(),
            r#"{"OrderSn":"A/1","ProgramId":"12","Timestamp":"1792000000"}"#
        );
    }
}

#[tokio::test(start_paused = true)]
async fn not_found_has_several_forms_and_one_kind() {
    for (status, body) in [
        (400, r#"{"Status":4001,"Message":"no such order"}"#),
        (
            200,
            r#"{"Status":"4001","Message":"no such order","Data":null}"#,
        ),
        (400, r#"{"status":4001,"message":"no such order"}"#),
        (200, r#"{"Status":0,"Data":null}"#),
        (200, r#"{"Status":0,"Data":{}}"#),
        (200, r#"{"Status":200,"Data":[]}"#),
        (200, r#"{"Status":0,"Data":[null]}"#),
        (200, r#"{"Status":0,"Data":""}"#),
    ] {
        let transport = MemoryTransport::new();
        transport.reply(status, body).reply(status, body);
        let client = client(&transport);
        let error = client.get_order("12", "A1").await.unwrap_err();
        assert_eq!(
            (error.kind(), error.attempts()),
            (ErrorKind::NotFound, 1),
            "{body}"
        );
        assert_eq!(error.endpoint(), Some(ORDER_DETAIL));
        let found = client.fetch(&reference(Some("12"), Some("A1"))).await;
        assert_eq!(found.unwrap(), None, "{body}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_or_an_address_that_is_not_there_is_no_missing_order() {
    for (status, body) in [
        (404, "<html></html>"),
        (404, ""),
        (400, r#"{"Status":404,"Message":"no such service"}"#),
    ] {
        let transport = MemoryTransport::new();
        transport.reply(status, body);
        let found = client(&transport)
            .fetch(&reference(Some("12"), Some("A1")))
            .await;
        assert_eq!(found.unwrap_err().kind(), ErrorKind::NotFound, "{body}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_source_fetches_the_core_order_and_says_what_it_needs() {
    let transport = MemoryTransport::new();
    transport.reply(200, format!(r#"{{"Status":0,"Data":{ORDER}}}"#));
    let client = client(&transport);
    assert!(client.capabilities().fetches);
    let mut asked = reference(Some("12"), Some("A/1"));
    let order = client.fetch(&asked).await.unwrap().unwrap();
    asked.key = Some("12/A/1/+".into());
    assert_eq!(order.reference(), asked);
    for (program, number, missing) in [
        (None, Some("A1"), "ProgramId"),
        (Some(""), Some("A1"), "ProgramId"),
        (Some("12"), None, "OrderSn"),
        (Some("12"), Some(""), "OrderSn"),
    ] {
        let error = client.fetch(&reference(program, number)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(error.message().contains(missing), "{error}");
        assert_eq!(error.endpoint(), Some(ORDER_DETAIL));
    }
    assert_eq!(transport.requests().len(), 1);
}

/// Else the same order would be stored twice: once as the list names it, once by program and number.
#[tokio::test(start_paused = true)]
async fn an_answer_without_its_id_keeps_the_id_that_was_asked_for() {
    for (number, id) in [("A1", "900"), ("A2", "no-id/12/A2/+")] {
        let transport = MemoryTransport::new();
        let order = format!(r#"{{"ProgramId":"12","OrderSn":"{number}"}}"#);
        transport.reply(200, format!(r#"{{"Status":0,"Data":{order}}}"#));
        let mut asked = reference(Some("12"), Some("A1"));
        asked.id = "900".into();
        let found = client(&transport).fetch(&asked).await.unwrap().unwrap();
        assert_eq!(found.id, id, "only of the same program and number");
    }
}

/// The order of a push, or of a row without an id, has a key alone.
#[tokio::test(start_paused = true)]
async fn an_order_asked_for_by_its_key_is_the_one_of_its_sign() {
    for (price, id) in [("5.00", "no-id/12/A1/+"), ("-5.00", "9")] {
        let transport = MemoryTransport::new();
        let order =
            format!(r#"{{"Id":"9","ProgramId":"12","OrderSn":"A1","OrdersPrice":{price}}}"#);
        transport.reply(200, format!(r#"{{"Status":0,"Data":{order}}}"#));
        let asked = OrderRef::by_key("12/A1/+")
            .with_program("12")
            .with_number("A1");
        let found = client(&transport).fetch(&asked).await.unwrap().unwrap();
        assert_eq!(found.id, id);
        assert_eq!(found.reference().is_same_order(&asked), price == "5.00");
    }
}

#[test]
fn what_is_no_single_order_is_a_decode_error() {
    for (body, path, said) in [
        (r#"{"Status":0}"#, "Data", "no Data"),
        (r#"{"Status":0,"Data":7}"#, "Data", "scalar"),
        (
            r#"{"Status":0,"Data":[{"Id":"1"},{"Id":"2"}]}"#,
            "Data",
            "expected one order, got 2",
        ),
        (r#"{"Status":0,"Data":[["1"]]}"#, "Data[0]", "list"),
        (r#"{"Status":0,"Data":{"Id":{}}}"#, "Data.Id", "text"),
        (r#"{"Status":0,"Data":{"Result":1}}"#, "Data", "Result"),
    ] {
        let error = decode_single(&body.into()).unwrap_err();
        assert_eq!(
            (error.kind(), error.path()),
            (ErrorKind::Decode, Some(path)),
            "{body}"
        );
        assert!(error.to_string().contains(said), "{error}");
        assert_eq!(
            error.endpoint(),
            None,
            "a body alone says nothing of a call"
        );
        assert_eq!(error.record().is_some(), path != "Data", "{body}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_with_another_id_keeps_it() {
    let transport = MemoryTransport::new();
    let other = ORDER.replace(r#""Id":"7""#, r#""Id":"8""#);
    transport.reply(200, format!(r#"{{"Status":0,"Data":{other}}}"#));
    let order = client(&transport)
        .fetch(&reference(Some("12"), Some("A/1")))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(order.id, "8", "never the id that was requested");
}
