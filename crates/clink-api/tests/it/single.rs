//! One order, one refund.

use std::sync::Arc;

use clink_api::http::testing::MemoryTransport;
use clink_api::refunds::{Refund, RefundStatus};
use clink_api::{Client, ErrorKind, Record};
use orders_core::{OrderRef, OrderSource};

fn client(transport: &MemoryTransport) -> Client {
    Client::builder("sk")
        .base_url("https://clink.test/api/")
        .transport(Arc::new(transport.clone()))
        .build()
        .unwrap()
}

#[tokio::test]
async fn an_order_is_read_by_its_id() {
    let transport = MemoryTransport::new();
    transport.reply(
        200,
        r#"{"code":200,"msg":"success","data": {"orderId":"order_1","amountTotal":19.90}}"#,
    );
    let order = client(&transport).get_order("order_1/x?y").await.unwrap();
    assert_eq!(
        order.raw.as_str(),
        r#"{"orderId":"order_1","amountTotal":19.90}"#
    );
    assert_eq!(order.amount_total.unwrap().to_string(), "19.90");
    assert_eq!(
        transport.requests()[0].uri().path(),
        "/api/order/order_1%2Fx%3Fy"
    );
}

#[tokio::test]
async fn not_found_has_three_forms_and_one_kind() {
    for (status, body) in [
        (200, r#"{"code":200,"msg":"success","data":null}"#),
        (200, r#"{"code":404,"msg":"order not found","data":null}"#),
        (404, r#"{"code":404,"msg":"order not found"}"#),
    ] {
        let transport = MemoryTransport::new();
        transport.reply(status, body).reply(status, body);
        let client = client(&transport);
        let error = client.get_order("order_1").await.unwrap_err();
        assert_eq!(
            (error.kind(), error.attempts()),
            (ErrorKind::NotFound, 1),
            "{body}"
        );
        let reference = OrderRef::new("order_1");
        assert!(client.fetch(&reference).await.unwrap().is_none(), "{body}");
    }
}

#[tokio::test]
async fn a_404_that_is_not_the_vendors_does_not_say_that_an_order_does_not_exist() {
    for body in ["<html><title>404</title></html>", "", "no such route"] {
        let transport = MemoryTransport::new();
        transport.reply(404, body);
        let reference = OrderRef::new("order_1");
        let error = client(&transport).fetch(&reference).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound, "{body}");
    }
}

#[tokio::test]
async fn the_source_fetches_the_core_order() {
    let transport = MemoryTransport::new();
    transport.reply(
        200,
        r#"{"code":"200","data":{"orderId":"order_1","status":"refunded"}}"#,
    );
    let client = client(&transport);
    assert!(client.capabilities().fetches);
    let reference = OrderRef::new("order_1");
    let order = client.fetch(&reference).await.unwrap().unwrap();
    assert!(order.is_terminal());
    assert_eq!(order.reference(), reference);
}

#[tokio::test]
async fn a_refund_has_metadata_as_object_or_as_text() {
    let transport = MemoryTransport::new();
    let refund = |metadata: &str| {
        format!(
            r#"{{"code":200,"msg":"success","data":{{"refundId":"rfd_1","refundAmount":227.91,"refundCurrency":"USD",
               "status":"success","metadata":{metadata}}}}}"#
        )
    };
    transport
        .reply(200, refund(r#"{"a":"1","b":2,"c":null}"#))
        .reply(200, refund(r#""{\"a\":\"1\",\"b\":2,\"c\":null}""#))
        .reply(200, refund("null"))
        .reply(200, refund(r#""""#))
        .reply(200, refund(r#""no json""#));
    let client = client(&transport);
    let object = client.get_refund("rfd_1").await.unwrap();
    assert_eq!(object.refund_amount.unwrap().to_string(), "227.91");
    assert_eq!(object.status, Some(RefundStatus::Success));
    let pairs = |refund: &Record<Refund>| {
        let members = refund.metadata.as_ref().unwrap().members();
        let texts = members
            .iter()
            .map(|(name, value)| (name.clone(), value.text()));
        texts.collect::<Vec<_>>()
    };
    let pair = |name: &str, value: Option<&str>| (name.to_owned(), value.map(str::to_owned));
    let expected = [pair("a", Some("1")), pair("b", Some("2")), pair("c", None)];
    assert_eq!(pairs(&object), expected);
    assert_eq!(pairs(&client.get_refund("rfd_1").await.unwrap()), expected);
    assert_eq!(client.get_refund("rfd_1").await.unwrap().metadata, None);
    for text in [r#""""#, r#""no json""#] {
        let refund = client.get_refund("rfd_1").await.unwrap();
        assert_eq!(refund.metadata.as_ref().unwrap().as_str(), text);
        assert!(pairs(&refund).is_empty() && refund.drift.is_empty());
    }
    assert_eq!(transport.requests()[0].uri().path(), "/api/refund/rfd_1");
}

#[tokio::test]
async fn an_id_that_is_no_id_is_not_sent() {
    let transport = MemoryTransport::new();
    for id in ["", ".", ".."] {
        let error = client(&transport).get_order(id).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.attempts()),
            (ErrorKind::InvalidRequest, 0),
            "{id:?}"
        );
    }
    assert!(transport.requests().is_empty());
}
