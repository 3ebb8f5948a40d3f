//! `orders verify --sample`: stored orders that are read again.

use orders_sandbox::{Change, Sandbox, Vendor};
use orders_sync::Store;

use crate::support::{Place, SINCE, dated, pulling};

async fn pulled() -> (Sandbox, Place) {
    let sandbox = dated().orders(12).start().await.unwrap();
    let place = pulling(&sandbox);
    let ran = place.run(&["pull", "--all", "--since", SINCE]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    (sandbox, place)
}

/// Verifies one account; answers the exit code, whether it agrees, and the sample.
fn sampled(place: &Place, vendor: Vendor) -> (i32, serde_json::Value, serde_json::Value) {
    let ran = place.run(&["verify", vendor.name(), "--json"]);
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let account = &report["accounts"][0];
    (
        ran.code,
        account["agrees"].clone(),
        account["sample"].clone(),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_pulled_is_read_again_and_the_same_at_every_vendor() {
    let (sandbox, place) = pulled().await;
    for vendor in Vendor::ALL {
        let (code, agrees, sample) = sampled(&place, vendor);
        assert_eq!((code, agrees), (0, true.into()), "{vendor} {sample}");
        assert_eq!(sample["read"], sample["same"], "{vendor} {sample}");
        assert_eq!(sample["read"], 12, "{vendor} {sample}");
    }
    let before = sandbox.requests().len();
    let ran = place.run(&["verify", "clink", "--sample", "0", "--json"]);
    assert!(ran.out.contains(r#""sample":null"#), "{}", ran.out);
    assert_eq!(sandbox.requests().len(), before + 1);
    let ran = place.run(&["verify", "clink", "--sample", "3"]);
    assert_eq!(ran.code, 0);
    assert_eq!(sandbox.requests().len(), before + 1 + 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_changed_since_is_no_failure() {
    let (sandbox, place) = pulled().await;
    for (vendor, change) in [
        (Vendor::Clink, Change::Refund),
        (Vendor::Linkbest, Change::Confirm),
        (Vendor::Shopline, Change::Refund),
    ] {
        let mut changed = None;
        for order in sandbox.truth(vendor) {
            if sandbox
                .change_order(vendor, &order.id, change)
                .await
                .is_ok()
            {
                changed = Some(order.id);
                break;
            }
        }
        let (code, agrees, sample) = sampled(&place, vendor);
        assert_eq!((code, agrees), (0, true.into()), "{vendor} {sample}");
        assert_eq!(sample["changed"], 1, "{vendor} {sample}");
        assert_eq!(sample["changed_ids"][0], changed.unwrap(), "{vendor}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_differs_or_is_not_known_is_named_and_ends_with_7() {
    let (sandbox, place) = pulled().await;
    let truth = sandbox.truth(Vendor::Shopline);
    let store = Store::open(place.folder.path().join("orders.db")).unwrap();
    let change = "UPDATE order_texts SET raw = json_set(raw, '$.name', 'altered')
                  WHERE key = (SELECT key FROM order_rows WHERE id = ?1)";
    let done = store.connection().unwrap().execute(change, [&truth[0].id]);
    assert_eq!(done.unwrap(), 1);
    let (code, agrees, sample) = sampled(&place, Vendor::Shopline);
    assert_eq!((code, agrees), (7, false.into()), "{sample}");
    let expected = serde_json::json!([{"id": truth[0].id, "path": "number"}]);
    assert_eq!(sample["differ"], expected);
    sandbox
        .change_order(Vendor::Shopline, &truth[1].id, Change::Delete)
        .await
        .unwrap();
    let (code, _, sample) = sampled(&place, Vendor::Shopline);
    assert_eq!(
        (code, &sample["unknown"][0]),
        (7, &truth[1].id.as_str().into())
    );
    let paid = sandbox.truth(Vendor::Shopline);
    for order in &paid[2..] {
        let change = sandbox.change_order(Vendor::Shopline, &order.id, Change::Cancel);
        let _ = change.await;
    }
    let ran = place.run(&["verify", "shopline"]);
    assert_eq!(ran.code, 7);
    insta::assert_snapshot!("verify-sample", format!("{}{}", ran.out, ran.err));
    let wide = ran.out.lines().find(|line| line.chars().count() > 80);
    assert_eq!(wide, None);
}
