//! Clink: one order, one refund.

use clink_api::orders::ListOrders;
use clink_api::{Client, ErrorKind};
use futures_util::TryStreamExt as _;
use orders_core::OrderRef;
use orders_sandbox::{Change, Sandbox, Vendor};

use super::{fetches, sandbox, texts, value};

fn client(sandbox: &Sandbox) -> Client {
    let builder = Client::builder(sandbox.clink_api_key());
    builder.base_url(sandbox.clink_base_url()).build().unwrap()
}

#[tokio::test]
async fn refunds_and_their_orders_come_by_id() {
    let sandbox = sandbox(120).await;
    let client = client(&sandbox);
    let truth = texts(sandbox.truth(Vendor::Clink));
    let refunds = sandbox.clink_refunds();
    assert!(refunds.len() > 2);
    for known in refunds {
        let refund = client.get_refund(&known.id).await.unwrap();
        assert_eq!(refund.raw.as_str(), known.json);
        assert_eq!(refund.refund_id.as_ref(), Some(&known.id));
        let order = client
            .get_order(refund.order_id.as_deref().unwrap())
            .await
            .unwrap();
        assert_eq!(order.raw.as_str(), truth[&known.order_id]);
        let status = value(order.raw.as_str())["status"].clone();
        assert!(
            status
                .as_str()
                .is_some_and(|word| word.contains("refunded")),
            "{status}"
        );
    }
    for error in [
        client.get_refund("rfd_nobody").await.unwrap_err(),
        client.get_order("order_nobody").await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
    }
}

#[tokio::test]
async fn what_happens_to_an_order_is_seen() {
    let sandbox = sandbox(3).await;
    let client = client(&sandbox);
    let id = sandbox.create_order(Vendor::Clink).await;
    for (change, status) in [
        (Change::Pay, "success"),
        (Change::RefundPart, "partial_refunded"),
        (Change::Refund, "refunded"),
    ] {
        let changed = sandbox.change_order(Vendor::Clink, &id, change).await;
        changed.unwrap();
        let order = client.get_order(&id).await.unwrap();
        assert_eq!(order.status.as_ref().map(|s| s.as_str()), Some(status));
    }
    let known = sandbox.clink_refunds();
    let mine: Vec<_> = known.iter().filter(|known| known.order_id == id).collect();
    assert_eq!(mine.len(), 2);
    let mut paid_back = rust_decimal::Decimal::ZERO;
    for known in mine {
        let refund = client.get_refund(&known.id).await.unwrap();
        paid_back += refund.refund_amount.unwrap();
    }
    let order = client.get_order(&id).await.unwrap();
    assert_eq!(Some(paid_back), order.amount_total);
}

#[tokio::test]
async fn the_stream_is_the_truth_and_every_order_is_fetched() {
    let sandbox = sandbox(70).await;
    let client = client(&sandbox);
    let orders = client.stream_orders(&ListOrders::new());
    let orders: Vec<_> = orders.try_collect().await.unwrap();
    let truth = texts(sandbox.truth(Vendor::Clink));
    assert_eq!(orders.len(), truth.len());
    for order in orders {
        assert_eq!(
            order.raw.as_str(),
            truth[order.order_id.as_deref().unwrap()]
        );
    }
    fetches(
        &client,
        &sandbox,
        Vendor::Clink,
        OrderRef::new("order_nobody"),
    )
    .await;
}
