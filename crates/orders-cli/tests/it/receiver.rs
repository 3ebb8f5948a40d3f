//! The example service receives what the sandbox pushes: every event once, each vendor answered as it wants.

use std::path::Path;
use std::sync::Arc;

use chrono::Utc;
use orders_sandbox::{Change, PushForm, PushTarget, Sandbox, Vendor};

#[path = "../../examples/receiver.rs"]
#[allow(unreachable_pub)]
mod example;

async fn serve(sandbox: &Sandbox, inbox: &Path) -> String {
    let secrets = example::Secrets {
        clink: sandbox.clink_webhook_secret().to_owned(),
        linkbest: sandbox.linkbest_push_secret().to_owned(),
        shopline: sandbox.shopline_app_secret().to_owned(),
    };
    let inbox = example::Inbox::open(inbox).unwrap();
    let router = example::router(Arc::new(example::Service::new(secrets, inbox, Utc::now)));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

fn lines(inbox: &Path) -> Vec<String> {
    std::fs::read_to_string(inbox)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_push_is_kept_once_and_answered() {
    let sandbox = Sandbox::builder().orders(30).start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let inbox = folder.path().join("inbox.jsonl");
    let url = serve(&sandbox, &inbox).await;
    let first = |vendor| sandbox.truth(vendor)[0].id.clone();

    let mut delivered = Vec::new();
    for (vendor, path, form, event) in [
        (Vendor::Clink, "clink", PushForm::Usual, "order.succeeded"),
        (
            Vendor::Clink,
            "clink",
            PushForm::ClinkFlattened,
            "order.failed",
        ),
        (
            Vendor::Linkbest,
            "linkbest",
            PushForm::LinkbestV1,
            "created",
        ),
        (Vendor::Linkbest, "linkbest", PushForm::Usual, "review"),
        (
            Vendor::Shopline,
            "shopline",
            PushForm::Usual,
            "orders/create",
        ),
        (
            Vendor::Shopline,
            "shopline",
            PushForm::ShoplineBase64,
            "orders/paid",
        ),
    ] {
        let target = PushTarget::new(format!("{url}/{path}"))
            .form(form)
            .duplicates(2)
            .disorder(true);
        let deliveries = sandbox
            .push(vendor, &target, event, &first(vendor))
            .await
            .unwrap();
        assert_eq!(deliveries.len(), 3, "{event}: {deliveries:?}");
        delivered.extend(deliveries);
    }
    assert!(
        delivered.iter().all(|delivery| delivery.accepted),
        "{delivered:#?}"
    );
    // The review push is answered and not kept; duplicates are kept once.
    assert_eq!(lines(&inbox).len(), 5, "{:#?}", lines(&inbox));
    let answers: Vec<&str> = delivered
        .iter()
        .filter(|d| d.event == "created")
        .map(|delivery| delivery.answer.as_str())
        .collect();
    assert_eq!(answers, ["1", "0", "0"]);

    // A new start learns the keys again, and a line that a crash cut off is made whole by the next push.
    std::fs::OpenOptions::new()
        .append(true)
        .open(&inbox)
        .unwrap();
    let mut text = std::fs::read(&inbox).unwrap();
    text.extend_from_slice(b"{\"key\":\"clink/cut");
    std::fs::write(&inbox, text).unwrap();
    let url = serve(&sandbox, &inbox).await;
    let target = PushTarget::new(format!("{url}/shopline"));
    let id = first(Vendor::Shopline);
    sandbox.push_to(Vendor::Shopline, target).unwrap();
    let deliveries = sandbox
        .change_order(Vendor::Shopline, &id, Change::Touch)
        .await
        .unwrap();
    assert!(
        !deliveries.is_empty() && deliveries.iter().all(|d| d.accepted),
        "{deliveries:?}"
    );
    assert!(lines(&inbox).len() > 5 && lines(&inbox).iter().all(|line| line.ends_with('}')));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_with_another_secret_is_not_kept() {
    let sandbox = Sandbox::builder().orders(10).start().await.unwrap();
    let stranger = Sandbox::builder().orders(10).seed(2).start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let inbox = folder.path().join("inbox.jsonl");
    let url = serve(&sandbox, &inbox).await;
    for (vendor, path, event) in [
        (Vendor::Clink, "clink", "order.succeeded"),
        (Vendor::Linkbest, "linkbest", "created"),
        (Vendor::Shopline, "shopline", "orders/create"),
    ] {
        let target = PushTarget::new(format!("{url}/{path}")).intervals([]);
        let order = stranger.truth(vendor)[0].id.clone();
        let deliveries = stranger.push(vendor, &target, event, &order).await.unwrap();
        assert!(
            deliveries
                .iter()
                .all(|d| !d.accepted && d.status == Some(401)),
            "{deliveries:?}"
        );
    }
    assert!(lines(&inbox).is_empty());
}
