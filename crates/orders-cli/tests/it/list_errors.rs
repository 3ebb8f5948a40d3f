//! `orders list` where something is wrong: one readable block, one exit code each.

use orders_sandbox::{Sandbox, Vendor};
use wiremock::matchers::{method, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{Place, Ran, fixture_text};

/// The block with what differs from run to run taken out.
fn stable(text: &str) -> String {
    let line = |line: &str| match line.split_once(" in ") {
        Some((before, _)) if line.starts_with("  tried") => format!("{before} in [time]"),
        _ => line.to_owned(),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

async fn clink(body: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .respond_with(body)
        .mount(&server)
        .await;
    server
}

fn list_clink(server: &MockServer, more: &[&str]) -> Ran {
    let place = Place::new().with("CLINK_API_KEY", "sk_test_hush");
    let url = format!("{}/api/", server.uri());
    let mut arguments = vec!["list", "clink", "--base-url", &url];
    arguments.extend(more);
    let ran = place.run(&arguments);
    assert!(!ran.err.contains("sk_test_hush") && !ran.out.contains("sk_test_hush"));
    ran
}

fn json(text: impl Into<String>) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(text.into(), "application/json")
}

#[test]
fn a_missing_credential_is_code_5_and_names_it() {
    for vendor in Vendor::ALL {
        let more = match vendor {
            Vendor::Linkbest => ["--since", "7d"],
            _ => ["--customer", "1"],
        };
        let ran = Place::new().run(&["list", vendor.name(), more[0], more[1]]);
        assert_eq!((ran.code, ran.out.as_str()), (5, ""));
        insta::assert_snapshot!(format!("no-credential-{vendor}"), ran.err);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_credential_is_code_4() {
    let sandbox = Sandbox::builder().orders(2).start().await.unwrap();
    for (vendor, variable, more) in [
        (Vendor::Clink, "CLINK_API_KEY", &[][..]),
        (Vendor::Linkbest, "LINKBEST_APP_SECRET", &["--since", "1d"]),
        (
            Vendor::Shopline,
            "SHOPLINE_ACCESS_TOKEN",
            &["--customer", "1"],
        ),
    ] {
        let place = Place::of(&sandbox).with(variable, "wrong-hush");
        let mut arguments = vec!["list", vendor.name()];
        arguments.extend(more);
        let ran = place.run(&arguments);
        assert_eq!((ran.code, ran.out.as_str()), (4, ""), "{}", ran.err);
        assert!(
            ran.err.contains("\n  next   ") && !ran.err.contains("hush"),
            "{}",
            ran.err
        );
        arguments.push("--json");
        let error = place.run(&arguments).err_json();
        assert_eq!(
            (&error["kind"], &error["retryable"]),
            (&"auth".into(), &false.into())
        );
        assert_eq!(
            (&error["exit_code"], &error["status"]),
            (&4.into(), &401.into())
        );
        assert!(error["next"].as_str().is_some_and(|next| !next.is_empty()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_vendor_cannot_do_is_wrong_usage_and_nothing_is_sent() {
    let sandbox = Sandbox::builder().orders(2).start().await.unwrap();
    let place = Place::of(&sandbox);
    for (arguments, words) in [
        (
            &["list", "clink", "--since", "7d"][..],
            "cannot filter by time",
        ),
        (&["list", "linkbest"], "needs a window of time"),
        (&["list", "linkbest"], "\n  next   give --since"),
        (
            &["list", "linkbest", "--since", "7d", "--customer", "1"],
            "no filter by customer",
        ),
        (
            &["list", "shopline", "--since", "7d", "--axis", "settled"],
            "no time axis Settled",
        ),
        (
            &[
                "list",
                "linkbest",
                "--since",
                "2026-02-01",
                "--until",
                "2026-01-01",
            ],
            "--until must be after",
        ),
        (&["list", "linkbest", "--since", "soon"], "not a time"),
        (
            &["list", "shopline", "--customer", "@nowhere"],
            "cannot read nowhere",
        ),
        (
            &["list", "shopline", "--customer", "1", "--since", "7d"],
            "cannot filter a customer's orders by time",
        ),
    ] {
        let ran = place.run(arguments);
        assert_eq!(
            (ran.code, ran.out.as_str()),
            (2, ""),
            "{arguments:?} {}",
            ran.err
        );
        assert!(ran.err.contains(words), "{}", ran.err);
    }
    assert_eq!(sandbox.requests(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_cannot_be_read_is_named_and_the_code_is_7() {
    let page = r#"{"code":200,"total":3,"rows":[{"orderId":"a"},{"orderId":"b","amountTotal":"ten"},{"orderId":"c"}]}"#;
    let ran = list_clink(&clink(json(page)).await, &[]);
    assert_eq!((ran.code, ran.lines().len()), (7, 2), "{}", ran.err);
    assert!(
        ran.err
            .contains("rows[1].amountTotal: order b cannot be read"),
        "{}",
        ran.err
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_body_is_code_1_with_its_path() {
    let server = clink(json(fixture_text(Vendor::Clink, "cut.txt"))).await;
    let ran = list_clink(&server, &[]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.err.contains("\n  at     rows"), "{}", ran.err);
    insta::assert_snapshot!("list-damaged", stable(&ran.err));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vendors_text_gives_a_terminal_no_commands() {
    let body = r#"{"code":200,"total":1,"rows":[{"orderId":"o\u001b[2J1","status":"a\nb\u202e"}]}"#;
    let ran = list_clink(&clink(json(body)).await, &["--format", "table"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let row = r"o\u{1b}[2J1";
    assert!(
        ran.out.contains(row) && ran.out.contains(r"a\nb\u{202e}"),
        "{}",
        ran.out
    );
    let refusal = ResponseTemplate::new(403).set_body_string("go\u{1b}]0;away\u{7}\nkind   none");
    let failed = list_clink(&clink(refusal).await, &[]);
    assert_ne!(failed.code, 0);
    assert!(failed.err.contains("away"), "{}", failed.err);
    for text in [&ran.out, &failed.err] {
        let commands = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
        assert!(!text.contains(commands), "{text:?}");
    }
    assert_eq!(failed.err.matches("\n  kind").count(), 1);
    assert!(!failed.err.contains("\nkind"), "{}", failed.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_before_an_error_is_not_called_complete() {
    let server = MockServer::start().await;
    let row = |n: u32| format!(r#"{{"orderId":"order_{n}"}}"#);
    let rows: Vec<_> = (0..50).map(row).collect();
    let good = format!(r#"{{"code":200,"total":60,"rows":[{}]}}"#, rows.join(","));
    for (page, body) in [
        ("1", good),
        ("2", r#"{"code":200,"total":60,"rows":[{"#.to_owned()),
    ] {
        let given = Mock::given(query_param("pageNum", page));
        given.respond_with(json(body)).mount(&server).await;
    }
    let ran = list_clink(&server, &[]);
    assert_eq!((ran.code, ran.lines().len()), (1, 50));
    assert!(
        ran.err
            .starts_with("not complete: 50 orders printed before this error\nerror: "),
        "{}",
        ran.err
    );
    // A table is only printed whole.
    let ran = list_clink(&server, &["--format", "table"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
}

#[tokio::test(flavor = "multi_thread")]
async fn fewer_orders_than_the_vendor_counts_is_code_7() {
    let server = MockServer::start().await;
    let first = r#"{"code":200,"total":3,"rows":[{"orderId":"a"},{"orderId":"b"}]}"#;
    let rest = r#"{"code":200,"total":3,"rows":[]}"#;
    for (page, body) in [("1", first), ("2", rest)] {
        let given = Mock::given(query_param("pageNum", page));
        given.respond_with(json(body)).mount(&server).await;
    }
    let ran = list_clink(&server, &["--json"]);
    assert_eq!(ran.code, 7, "{}", ran.err);
    assert_eq!(ran.err_json()["kind"], "incomplete");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_used_up_rate_limit_is_code_6() {
    let busy = ResponseTemplate::new(429).insert_header("Retry-After", "3600");
    let ran = list_clink(&clink(busy).await, &["--json"]);
    assert_eq!(ran.code, 6, "{}", ran.err);
    let error = ran.err_json();
    assert_eq!(
        (&error["kind"], &error["retryable"]),
        (&"rate_limit".into(), &true.into())
    );
}

#[test]
fn an_address_that_is_none_is_code_5() {
    let place = Place::new().with("CLINK_API_KEY", "k");
    let ran = place.run(&["list", "clink", "--base-url", "example.com"]);
    assert_eq!((ran.code, ran.out.as_str()), (5, ""), "{}", ran.err);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_signal_ends_it_cleanly() {
    use std::process::Stdio;
    use std::time::{Duration, Instant};

    let slow = json(r#"{"code":200,"total":0,"rows":[]}"#).set_delay(Duration::from_secs(60));
    let server = clink(slow).await;
    for (name, code) in [("INT", 130), ("TERM", 143)] {
        let place = Place::new().with("CLINK_API_KEY", "k");
        let mut command = place.command(&["list", "clink", "--base-url", &server.uri()]);
        let child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let asked = server.received_requests().await.unwrap().len();
        let start = Instant::now();
        while server.received_requests().await.unwrap().len() == asked
            && start.elapsed().as_secs() < 20
        {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        crate::support::signal(&child, name);
        let ran = Ran::from(child.wait_with_output().unwrap());
        assert_eq!((ran.code, ran.out.as_str()), (code, ""));
        assert!(ran.err.starts_with("interrupted"), "{}", ran.err);
    }
}

#[test]
fn a_credential_goes_in_clear_only_where_the_configuration_allows_it() {
    let place = Place::new().with("CLINK_API_KEY", "sk_test_hush");
    // Nobody listens there; without the setting nothing is sent anyway.
    let list = ["list", "clink", "--base-url", "http://192.0.2.1:9/api/"];
    let ran = place.run(&list);
    assert_eq!((ran.code, ran.out.as_str()), (5, ""), "{}", ran.err);
    assert!(
        ran.err.contains("http://192.0.2.1:9 in clear") && ran.err.contains("allow_plain_http"),
        "{}",
        ran.err
    );
    place.write("orders.toml", "[defaults]\nallow_plain_http = false");
    assert_eq!(place.run(&list).code, 5);

    // A name that can be nowhere, so that the allowed request fails at once.
    place.write("orders.toml", "[defaults]\nallow_plain_http = true");
    let ran = place.run(&["list", "clink", "--base-url", "http://nowhere.invalid/api/"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.err.contains("could not connect"), "{}", ran.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_ca_certificates_loopback_works_and_https_says_what_to_install() {
    let sandbox = Sandbox::builder().orders(2).start().await.unwrap();
    let bare = |place: Place| {
        place
            .with("SSL_CERT_FILE", "/nonexistent")
            .with("SSL_CERT_DIR", "/nonexistent")
    };
    let ran = bare(Place::of(&sandbox)).run(&["list", "clink"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(ran.out.lines().count(), 2);

    let ran = bare(Place::new().with("CLINK_API_KEY", "sk")).run(&["list", "clink"]);
    assert_eq!((ran.code, ran.out.as_str()), (5, ""), "{}", ran.err);
    for part in ["No CA certificates", "ca-certificates", "SSL_CERT_FILE"] {
        assert!(ran.err.contains(part), "{part} is not in\n{}", ran.err);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_cannot_be_read_is_code_7_and_the_others_are_listed() {
    let rows = r#"{"orderId":"a","amountTotal":1.50},{"orderId":"b","amountTotal":"lots"},{"orderId":"c","amountTotal":2}"#;
    let server = clink(json(format!(r#"{{"code":200,"total":3,"rows":[{rows}]}}"#))).await;
    let ran = list_clink(&server, &[]);
    assert_eq!((ran.code, ran.lines().len()), (7, 2), "{}", ran.err);
    assert!(ran.err.contains("rows[1].amountTotal"), "{}", ran.err);
    assert!(ran.err.contains("1 more cannot be read"), "{}", ran.err);
    let ran = list_clink(&server, &["--json"]);
    let last: serde_json::Value = serde_json::from_str(ran.err.lines().last().unwrap()).unwrap();
    assert_eq!(
        (last["orders"].as_u64(), last["unreadable"].as_u64()),
        (Some(2), Some(1))
    );
    assert_eq!(last["complete"].as_bool(), Some(false));
}
