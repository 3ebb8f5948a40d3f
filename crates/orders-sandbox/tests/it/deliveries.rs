//! Pushes on their way: retried, doubled, shuffled, refused, written down.

use std::collections::BTreeSet;
use std::time::Duration;

use orders_sandbox::{PushError, PushForm, PushTarget, Sandbox, Vendor};

use crate::receiver::Receiver;

const NOW: &[Duration] = &[Duration::ZERO; 3];

#[tokio::test]
async fn what_is_not_taken_comes_again() {
    let sandbox = Sandbox::start().await.unwrap();
    type Answers = &'static [(u16, &'static str)];
    let cases: [(Vendor, &str, Answers); 3] = [
        (
            Vendor::Clink,
            "order.created",
            &[(500, "oops"), (404, ""), (201, "")],
        ),
        (
            Vendor::Linkbest,
            "created",
            &[(200, "-1"), (500, "1"), (200, " 1\n")],
        ),
        (
            Vendor::Shopline,
            "orders/create",
            &[(201, ""), (302, ""), (200, "")],
        ),
    ];
    for (vendor, event, answers) in cases {
        let receiver = Receiver::start(answers).await;
        let target = PushTarget::new(&receiver.url).intervals(NOW);
        let order = &sandbox.truth(vendor)[0].id;
        let attempts = sandbox.push(vendor, &target, event, order).await.unwrap();
        let seen: Vec<_> = attempts
            .iter()
            .map(|attempt| (attempt.attempt, attempt.accepted))
            .collect();
        assert_eq!(seen, [(1, false), (2, false), (3, true)], "{vendor}");
        assert_eq!(attempts[0].status, Some(answers[0].0));
        assert_eq!(attempts[0].answer, answers[0].1);
        let received = receiver.received();
        assert_eq!(received.len(), 3);
        assert!(
            received.iter().all(|push| push.body == received[0].body),
            "the same event again"
        );
        let ids: BTreeSet<_> = attempts.iter().map(|attempt| &attempt.id).collect();
        assert_eq!(ids.len(), 1);
    }
}

#[tokio::test]
async fn the_schedule_of_the_vendor_ends() {
    let sandbox = Sandbox::start().await.unwrap();
    let receiver = Receiver::start(&[(503, "")]).await;
    for vendor in Vendor::ALL {
        let order = &sandbox.truth(vendor)[0].id;
        let event = ["order.created", "created", "orders/create"][vendor as usize];
        let target = PushTarget::new(&receiver.url);
        let attempts = sandbox.push(vendor, &target, event, order).await.unwrap();
        assert_eq!(attempts.len(), 1 + vendor.push_schedule().len());
        assert!(attempts.iter().all(|attempt| !attempt.accepted));
    }
    // Nobody there, and somebody who never answers.
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = closed.local_addr().unwrap();
    let order = &sandbox.truth(Vendor::Clink)[0].id;
    let target = PushTarget::new(format!("http://{address}/"))
        .intervals([])
        .timeout(Duration::from_millis(50));
    let slow = sandbox
        .push(Vendor::Clink, &target, "order.created", order)
        .await
        .unwrap();
    assert_eq!(
        (slow[0].status, slow[0].answer.as_str()),
        (None, "no answer in time")
    );
    drop(closed);
    let dead = sandbox
        .push(Vendor::Clink, &target, "order.created", order)
        .await
        .unwrap();
    assert_eq!(
        (dead.len(), dead[0].status, dead[0].accepted),
        (1, None, false)
    );
    assert!(!dead[0].answer.is_empty());
}

/// An answer counts when its length has come, though the connection stays open.
#[tokio::test]
async fn a_connection_that_stays_open_is_an_answer() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let sandbox = Sandbox::start().await.unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let target = PushTarget::new(format!("http://{}/", listener.local_addr().unwrap()));
    let order = &sandbox.truth(Vendor::Clink)[0].id;
    let push = sandbox.push(Vendor::Clink, &target, "order.created", order);
    let serve = async {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut request = [0; 1024];
        assert!(socket.read(&mut request).await.unwrap() > 0);
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
        socket.write_all(answer).await.unwrap();
        socket
    };
    let (sent, _open) = tokio::join!(push, serve);
    assert_eq!(sent.unwrap()[0].answer, "ok");
}

#[tokio::test]
async fn duplicates_and_disorder_follow_the_seed() {
    let run = async |seed| {
        let sandbox = Sandbox::builder().seed(seed).start().await.unwrap();
        let receiver = Receiver::start(&[(200, "")]).await;
        let target = PushTarget::new(&receiver.url).duplicates(1).disorder(true);
        let order = sandbox.truth(Vendor::Clink)[0].id.clone();
        let events: Vec<_> = [
            "order.created",
            "order.next_action",
            "order.failed",
            "order.succeeded",
        ]
        .map(|event| (event, order.as_str()))
        .to_vec();
        let sent = sandbox
            .push_all(Vendor::Clink, &target, &events)
            .await
            .unwrap();
        assert_eq!(sent.len(), 8);
        assert_eq!(sent.iter().filter(|delivery| delivery.copy == 1).count(), 4);
        let ids: BTreeSet<_> = sent.iter().map(|delivery| &delivery.id).collect();
        assert_eq!(ids.len(), 4, "a duplicate is the same event");
        let received: Vec<_> = receiver
            .received()
            .iter()
            .map(|push| push.json()["type"].to_string())
            .collect();
        let log: Vec<_> = sent
            .iter()
            .map(|delivery| format!("\"{}\"", delivery.event))
            .collect();
        assert_eq!(received, log);
        received
    };
    let (one, same, other) = (run(1).await, run(1).await, run(2).await);
    assert_eq!(one, same);
    assert_ne!(one, other);
    let mut sorted: Vec<_> = [
        "order.created",
        "order.next_action",
        "order.failed",
        "order.succeeded",
    ]
    .map(|event| format!("\"{event}\""))
    .to_vec();
    sorted = sorted
        .into_iter()
        .flat_map(|event| [event.clone(), event])
        .collect();
    assert_ne!(one, sorted);
}

#[tokio::test]
async fn what_cannot_be_pushed_is_refused() {
    let sandbox = Sandbox::start().await.unwrap();
    let here = PushTarget::new("http://127.0.0.1:9/");
    for url in [
        "https://127.0.0.1/",
        "http://192.0.2.1/",
        "http://example.com/",
        "localhost",
        "",
    ] {
        let target = PushTarget::new(url);
        let refused = sandbox
            .push(Vendor::Clink, &target, "order.created", "x")
            .await;
        assert!(matches!(refused, Err(PushError::Url { .. })), "{url}");
        assert!(sandbox.push_to(Vendor::Clink, target).is_err(), "{url}");
    }
    for vendor in Vendor::ALL {
        let event = ["order.created", "created", "orders/create"][vendor as usize];
        let refused = sandbox.push(vendor, &here, event, "x").await.unwrap_err();
        assert_eq!(
            refused,
            PushError::UnknownOrder {
                vendor,
                id: "x".to_owned()
            }
        );
        let forms = [
            PushForm::ClinkFlattened,
            PushForm::LinkbestV1,
            PushForm::ShoplineBase64,
        ];
        let taken = forms.iter().filter(|form| {
            let target = here.clone().form(**form);
            sandbox.push_to(vendor, target).is_ok()
        });
        assert_eq!(taken.count(), 1, "{vendor}: only its own form");
    }
    let order = &sandbox.truth(Vendor::Clink)[0].id;
    let unsold = sandbox.push(Vendor::Clink, &here, "nothing", order).await;
    assert!(matches!(unsold, Err(PushError::Event { .. })));
    let unknown = sandbox.push(Vendor::Linkbest, &here, "paid", "1").await;
    assert!(matches!(unknown, Err(PushError::Event { .. })));
    assert!(sandbox.deliveries().is_empty());
}
