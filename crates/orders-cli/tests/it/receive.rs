//! `orders receive`: what the sandbox pushes is kept once, applied, and answered as each vendor wants.

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use orders_sandbox::{Change, Delivery, PushForm, PushTarget, Sandbox, Vendor};
use orders_sync::Store;

use crate::support::{NOW, Place, dated, pulling, signal};

/// The program, receiving.
pub(crate) struct Receiver {
    child: Child,
    url: String,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Receiver {
    fn start(place: &Place) -> Self {
        Self::into(place, "orders.db")
    }

    pub(crate) fn into(place: &Place, store: &str) -> Self {
        let mut child = place
            .command(&["receive", "--listen", "127.0.0.1:0", "-o", store])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut err = BufReader::new(child.stderr.take().unwrap());
        let mut first = String::new();
        err.read_line(&mut first).unwrap();
        let url = first
            .strip_prefix("listening on ")
            .and_then(|rest| rest.split_once(": "))
            .unwrap_or_else(|| panic!("{first}"))
            .0
            .to_owned();
        let lines = Arc::new(Mutex::new(Vec::new()));
        let found = Arc::clone(&lines);
        std::thread::spawn(move || {
            for line in err.lines().map_while(Result::ok) {
                found.lock().unwrap().push(line);
            }
        });
        Self { child, url, lines }
    }

    pub(crate) fn target(&self, path: &str) -> PushTarget {
        PushTarget::new(format!("{}/{path}", self.url)).intervals([])
    }

    fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap().clone()
    }

    /// Waits for a line that contains some text.
    fn wait_for(&self, text: &str) {
        let began = Instant::now();
        while !self.lines().iter().any(|line| line.contains(text)) {
            assert!(
                began.elapsed() < Duration::from_secs(20),
                "{:?}",
                self.lines()
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Stops it as a user does. Answers what it printed.
    pub(crate) fn stop(mut self) -> String {
        signal(&self.child, "TERM");
        let mut out = String::new();
        let mut stdout = self.child.stdout.take().unwrap();
        stdout.read_to_string(&mut out).unwrap();
        assert_eq!(
            self.child.wait().unwrap().code(),
            Some(0),
            "{:?}",
            self.lines()
        );
        out
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A place that knows the secrets of a sandbox's pushes.
pub(crate) fn receiving(sandbox: &Sandbox) -> Place {
    pulling(sandbox)
        .with("CLINK_WEBHOOK_SECRET", sandbox.clink_webhook_secret())
        .with("LINKBEST_PUSH_SECRET", sandbox.linkbest_push_secret())
        .with("SHOPLINE_APP_SECRET", sandbox.shopline_app_secret())
}

fn file(place: &Place) -> PathBuf {
    place.folder.path().join("orders.db")
}

/// The rows of a statement, each as its columns joined.
fn rows(place: &Place, sql: &str) -> Vec<String> {
    let store = Store::open_read_only(file(place)).unwrap();
    let connection = store.connection().unwrap();
    let mut found = connection.prepare(sql).unwrap();
    let rows = found.query_map([], |row| row.get(0)).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

fn first(sandbox: &Sandbox, vendor: Vendor) -> String {
    sandbox.truth(vendor)[0].id.clone()
}

fn accepted(deliveries: &[Delivery]) {
    assert!(!deliveries.is_empty());
    assert!(deliveries.iter().all(|it| it.accepted), "{deliveries:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_push_is_kept_once_and_answered() {
    let sandbox = dated().orders(30).start().await.unwrap();
    let place = receiving(&sandbox);
    let receiver = Receiver::start(&place);
    let mut delivered = Vec::new();
    for (vendor, path, form, event) in [
        (Vendor::Clink, "clink", PushForm::Usual, "order.succeeded"),
        (
            Vendor::Clink,
            "clink/default",
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
        let target = receiver
            .target(path)
            .form(form)
            .duplicates(2)
            .disorder(true);
        let order = first(&sandbox, vendor);
        let sent = sandbox.push(vendor, &target, event, &order).await.unwrap();
        assert_eq!(sent.len(), 3, "{event}");
        delivered.extend(sent);
    }
    accepted(&delivered);
    let created = delivered.iter().filter(|it| it.event == "created");
    let answers: Vec<&str> = created.map(|it| it.answer.as_str()).collect();
    assert_eq!(answers, ["1", "0", "0"]);
    // The review push is answered and not kept; duplicates are kept once; one order a vendor.
    let kept = rows(
        &place,
        "SELECT provider || ' ' || event || ' ' || state FROM pushes ORDER BY provider, seq",
    );
    assert_eq!(
        kept,
        [
            "clink order.succeeded applied",
            "clink order.failed applied",
            "linkbest  applied",
            "shopline orders/create applied",
            "shopline orders/paid applied"
        ]
    );
    assert_eq!(
        rows(&place, "SELECT provider FROM orders ORDER BY 1"),
        ["clink", "linkbest", "shopline"]
    );
    let lines = receiver.lines();
    assert_eq!(lines.len(), delivered.len(), "{lines:#?}");
    let secrets = [
        sandbox.clink_webhook_secret(),
        sandbox.linkbest_push_secret(),
        sandbox.shopline_app_secret(),
        "@",
    ];
    for line in &lines {
        assert!(
            secrets.iter().all(|secret| !line.contains(secret)),
            "{line}"
        );
    }
    let out = receiver.stop();
    assert!(
        out.contains("linkbest/default: 1 new, 2 repeated, 3 tests"),
        "{out}"
    );

    // What was pushed is merged with what is pulled: the truth, each order once.
    let pulled = place.run(&["pull", "--all", "--since", crate::support::SINCE]);
    assert_eq!(pulled.code, 0, "{}", pulled.err);
    for vendor in Vendor::ALL {
        crate::support::assert_truth(&sandbox, &file(&place), vendor);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_with_another_secret_is_refused_and_not_kept() {
    let sandbox = dated().orders(10).start().await.unwrap();
    let stranger = dated().orders(10).seed(2).start().await.unwrap();
    let place = receiving(&sandbox);
    let receiver = Receiver::start(&place);
    for (vendor, path, event) in [
        (Vendor::Clink, "clink", "order.succeeded"),
        (Vendor::Linkbest, "linkbest", "created"),
        (Vendor::Shopline, "shopline", "orders/create"),
    ] {
        let order = first(&stranger, vendor);
        let target = receiver.target(path);
        let sent = stranger.push(vendor, &target, event, &order);
        let sent = sent.await.unwrap();
        assert!(
            sent.iter().all(|it| !it.accepted && it.status == Some(401)),
            "{sent:?}"
        );
    }
    let large = vec![b' '; 5 * 1024 * 1024];
    let http = reqwest::Client::new();
    let sent = http.post(format!("{}/clink", receiver.url)).body(large);
    // The rest of the body is not read, so that the connection may end first.
    let status = sent
        .send()
        .await
        .map_or(413, |answer| answer.status().as_u16());
    assert_eq!(status, 413);
    // A client of its own: the connection of the refused body ends at a time of its own.
    let nobody = reqwest::Client::new().post(format!("{}/nobody", receiver.url));
    let nobody = nobody.send().await;
    assert_eq!(nobody.unwrap().status(), 404);
    assert!(rows(&place, "SELECT key FROM pushes").is_empty());
    assert!(receiver.stop().contains("clink/default: 1 refused"));
}

/// A vendor gives a subscription up after so many failures in a row: what is its own is kept and answered with success,
/// whether it can be read or not.
#[tokio::test(flavor = "multi_thread")]
async fn a_genuine_push_that_cannot_be_read_is_kept_once() {
    let sandbox = dated().orders(2).start().await.unwrap();
    let place = receiving(&sandbox);
    let receiver = Receiver::start(&place);
    let http = reqwest::Client::new();
    let now = chrono::Utc::now();
    let mut sent = Vec::new();
    let odd = br#"{"id":"e","type":"order.succeeded","data":{"object":{"orderId":"o","amountTotal":"1,234.50"}}}"#;
    for body in [&odd[..], b"\xff\xfe"] {
        let push = clink_api::webhooks::Push::sign(sandbox.clink_webhook_secret(), now, body);
        sent.push(("clink", push.headers, push.body));
    }
    let topic = shopline_api::webhooks::Topic::OrdersPaid;
    let secret = sandbox.shopline_app_secret();
    let push = shopline_api::webhooks::Push::sign(secret, topic, "hook-1", &b"{]"[..]);
    sent.push(("shopline", push.headers, push.body));
    let fields = [
        ("OrderSn", "A1"),
        ("ProgramId", "9"),
        ("OrdersPrice", "1,5"),
    ];
    let push = linkbest_api::webhooks::Push::sign(sandbox.linkbest_push_secret(), fields);
    sent.push(("linkbest", Vec::new(), push.body()));
    for repetition in 0..3 {
        for (vendor, headers, body) in &sent {
            let mut request = http
                .post(format!("{}/{vendor}", receiver.url))
                .body(body.clone());
            for (name, value) in headers {
                request = request.header(*name, value);
            }
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), 200, "{vendor}");
            let known = if repetition == 0 { "1" } else { "0" };
            let expected = if *vendor == "linkbest" { known } else { "" };
            assert_eq!(answer.text().await.unwrap(), expected);
        }
    }
    let kept = rows(
        &place,
        "SELECT lower(hex(raw)) FROM pushes WHERE state = 'unread' ORDER BY provider, seq",
    );
    // By vendor.
    sent.sort_by_key(|(vendor, ..)| *vendor);
    let exact: Vec<_> = sent
        .iter()
        .map(|(_, _, body)| orders_wire::webhook::to_hex(body))
        .collect();
    assert_eq!(kept, exact);
    assert_eq!(
        rows(&place, "SELECT event FROM pushes WHERE key = 'hook-1'"),
        ["orders/paid"]
    );
    receiver.stop();
    let again = place.run(&["remap", "-o", "orders.db", "--json"]);
    assert_eq!(again.code, 0, "{}", again.err);
    assert_eq!(
        rows(&place, "SELECT state FROM pushes WHERE state <> 'unread'").len(),
        0
    );
}

/// A dispute becomes a chargeback of its order: a claim, and no money back.
#[tokio::test(flavor = "multi_thread")]
async fn a_dispute_is_a_chargeback_of_its_order() {
    let sandbox = dated().orders(30).start().await.unwrap();
    let place = receiving(&sandbox);
    let orders = sandbox.truth(Vendor::Clink);
    let paid = orders
        .iter()
        .find(|it| it.json.contains("\"status\":\"success\""));
    let paid = &paid.unwrap().id;
    let receiver = Receiver::start(&place);
    for event in ["dispute.lost", "dispute.created"] {
        let target = receiver.target("clink");
        accepted(
            &sandbox
                .push(Vendor::Clink, &target, event, paid)
                .await
                .unwrap(),
        );
    }
    let waiting = "SELECT reason FROM pushes WHERE state = 'waiting'";
    assert_eq!(
        rows(&place, waiting).len(),
        2,
        "the order is not stored yet"
    );
    let pulled = place.run(&["pull", "clink", "-o", "orders.db"]);
    assert_eq!(pulled.code, 0, "{}", pulled.err);
    let found = "SELECT kind || ' ' || status || ' ' || order_id FROM adjustments WHERE kind = 'chargeback'";
    assert_eq!(
        rows(&place, found),
        [format!("chargeback succeeded {paid}")]
    );
    assert!(rows(&place, waiting).is_empty());
    let shown = place.run(&["show", paid, "--json"]);
    let shown: serde_json::Value = serde_json::from_str(&shown.out).unwrap();
    assert_eq!(shown["order"]["adjustments"][0]["kind"], "chargeback");
    receiver.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redaction_shows_the_command_and_erases_nothing() {
    use shopline_api::webhooks::{Push, Topic};

    let sandbox = dated().orders(5).start().await.unwrap();
    let place = receiving(&sandbox);
    let receiver = Receiver::start(&place);
    let target = receiver.target("shopline");
    let order = first(&sandbox, Vendor::Shopline);
    accepted(
        &sandbox
            .push(Vendor::Shopline, &target, "orders/create", &order)
            .await
            .unwrap(),
    );
    let body = r#"{"shop_id":"1","customer":{"id":"777","email":"ann@example.com"},"orders_to_redact":[]}"#;
    let push = Push::sign(
        sandbox.shopline_app_secret(),
        Topic::CustomersRedact,
        "r1",
        body,
    );
    let sent = post(format!("{}/shopline", receiver.url), push).await;
    assert_eq!(sent, Some(200));
    receiver.wait_for("forget shopline --account default --customer 777");
    assert!(receiver.lines().iter().all(|line| !line.contains("ann@")));
    assert_eq!(rows(&place, "SELECT id FROM orders"), [order]);
    receiver.stop();
}

/// Killed between the commit and the answer: the vendor pushes it again, and nothing is there twice.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_stored_and_not_answered_comes_again() {
    use shopline_api::webhooks::{Push, Topic};

    let sandbox = dated().orders(5).start().await.unwrap();
    let place = receiving(&sandbox).with("ORDERS_TEST_PAUSE_AT", "push-stored");
    let mut receiver = Receiver::start(&place);
    let body = sandbox.truth(Vendor::Shopline)[0].json.clone().into_bytes();
    let push = Push::sign(
        sandbox.shopline_app_secret(),
        Topic::OrdersCreate,
        "hook-1",
        body,
    );
    let sent = tokio::spawn(post(format!("{}/shopline", receiver.url), push.clone()));
    receiver.wait_for("paused at push-stored");
    signal(&receiver.child, "KILL");
    receiver.child.wait().unwrap();
    assert_eq!(sent.await.unwrap(), None, "no answer");

    let place = place.with("ORDERS_TEST_PAUSE_AT", "");
    let receiver = Receiver::start(&place);
    let sent = post(format!("{}/shopline", receiver.url), push).await;
    assert_eq!(sent, Some(200));
    for sql in [
        "SELECT key FROM pushes",
        "SELECT id FROM orders",
        "SELECT what FROM history",
    ] {
        assert_eq!(rows(&place, sql).len(), 1, "{sql}");
    }
    assert!(receiver.stop().contains("1 repeated"));
}

/// The status of the answer; `None`: there was none.
async fn post(url: String, push: shopline_api::webhooks::Push) -> Option<u16> {
    let mut request = reqwest::Client::new().post(url).body(push.body);
    for (name, value) in push.headers {
        request = request.header(name, value);
    }
    request
        .send()
        .await
        .ok()
        .map(|answer| answer.status().as_u16())
}

#[test]
fn without_a_secret_it_says_what_to_set() {
    let place = Place::new();
    let ran = place.run(&["receive"]);
    assert_eq!(ran.code, 5);
    assert!(ran.err.contains("SHOPLINE_APP_SECRET"), "{}", ran.err);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let place = Place::new().with("CLINK_WEBHOOK_SECRET", "hush");
    let ran = place.run(&["receive", "--listen", &address]);
    assert_eq!(ran.code, 5);
    assert!(
        ran.err.contains(&address) && !ran.err.contains("hush"),
        "{}",
        ran.err
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_of_a_file_have_paths_of_their_own() {
    let sandbox = dated().orders(5).start().await.unwrap();
    let place = Place::new()
        .with("ORDERS_TEST_NOW", NOW)
        .with("SECRET", sandbox.shopline_app_secret());
    let account = |name: &str| {
        format!(
            "[accounts.\"{name}\"]\nvendor = \"shopline\"\nhandle = \"h\"\naccess_token_env = \"T\"\nwebhook_secret_env = \"SECRET\"\n"
        )
    };
    place.write("orders.toml", &(account("one") + &account("a b")));
    let receiver = Receiver::start(&place);
    let order = first(&sandbox, Vendor::Shopline);
    for (path, status) in [
        ("shopline", 404),
        ("shopline/one", 200),
        ("shopline/a%20b", 200),
    ] {
        let target = receiver.target(path);
        let sent = sandbox.push(Vendor::Shopline, &target, "orders/create", &order);
        assert_eq!(sent.await.unwrap()[0].status, Some(status), "{path}");
    }
    assert_eq!(
        rows(&place, "SELECT account FROM orders ORDER BY 1"),
        ["a b", "one"]
    );
    receiver.stop();
}

/// Changes are pushed while nobody pulls: the newest version of each order is stored.
#[tokio::test(flavor = "multi_thread")]
async fn changes_are_stored_as_they_are_pushed() {
    let sandbox = dated().orders(12).start().await.unwrap();
    let place = receiving(&sandbox);
    let pulled = place.run(&["pull", "--all", "--since", crate::support::SINCE]);
    assert_eq!(pulled.code, 0, "{}", pulled.err);
    let receiver = Receiver::start(&place);
    sandbox
        .push_to(Vendor::Shopline, receiver.target("shopline"))
        .unwrap();
    let order = first(&sandbox, Vendor::Shopline);
    sandbox.advance(chrono::TimeDelta::minutes(5));
    let sent = sandbox
        .change_order(Vendor::Shopline, &order, Change::Touch)
        .await;
    accepted(&sent.unwrap());
    let changed = "SELECT DISTINCT what FROM history WHERE run = 0";
    assert_eq!(rows(&place, changed), ["changed"]);
    receiver.stop();
}
