//! `orders pull` and signals, and two runs at a time.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Stdio};
use std::time::Duration;

use orders_sandbox::{Fault, FaultRule, Vendor};

use crate::support::{Place, SINCE, assert_truth, dated, pulling, signal};

fn spawn(place: &Place, arguments: &[&str]) -> Child {
    let mut command = place.command(arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

fn ended(child: &mut Child) -> (i32, String) {
    let mut text = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    (child.wait().unwrap().code().unwrap(), text)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_ends_a_run_with_its_state_saved() {
    for (name, code) in [("INT", 130), ("TERM", 143)] {
        let sandbox = dated().orders(60).start().await.unwrap();
        let slow = FaultRule::new(Fault::Slow(Duration::from_secs(50)));
        sandbox.set_faults(1, vec![slow.vendor(Vendor::Linkbest).nth(8)]);
        let place = pulling(&sandbox);
        let arguments = ["pull", "linkbest", "--since", SINCE];
        let mut child = spawn(&place, &arguments);
        // The eighth request is on its way; the seventh page is stored.
        while sandbox.fired().iter().map(|(_, times)| times).sum::<u64>() == 0 {
            assert!(child.try_wait().unwrap().is_none(), "it ended before");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        signal(&child, name);
        let (code_seen, text) = ended(&mut child);
        assert_eq!(code_seen, code, "{text}");
        assert!(text.contains("Interrupted with the state saved"), "{text}");
        let status = place.run(&["status"]);
        assert!(
            status.out.contains("a pull was interrupted"),
            "{}",
            status.out
        );
        let ran = place.run(&arguments);
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert_truth(
            &sandbox,
            &place.folder.path().join("orders.db"),
            Vendor::Linkbest,
        );
    }
}

/// Reads what a run says until it halts at a point; answers what it says then.
fn halted(child: &mut Child) -> impl BufRead + use<> {
    let mut reader = BufReader::new(child.stderr.take().unwrap());
    while !line(&mut reader).starts_with("paused at ") {}
    reader
}

fn line(reader: &mut impl BufRead) -> String {
    let mut line = String::new();
    assert!(reader.read_line(&mut line).unwrap() > 0, "it ended");
    line
}

#[tokio::test(flavor = "multi_thread")]
async fn one_run_at_a_time_has_an_account_and_a_second_signal_ends_it_at_once() {
    let sandbox = dated().orders(60).start().await.unwrap();
    let file = "orders.db";
    let place = pulling(&sandbox);
    let holding = place.with("ORDERS_TEST_PAUSE_AT", "page-read:1");
    let arguments = ["pull", "clink", "-o", file];
    let mut first = spawn(&holding, &arguments);
    let mut errors = halted(&mut first);
    let mut second = holding.command(&[&arguments[..], &["--json"]].concat());
    let second = second.env_remove("ORDERS_TEST_PAUSE_AT").output().unwrap();
    let error: serde_json::Value = serde_json::from_slice(&second.stderr).unwrap();
    assert_eq!(second.status.code(), Some(8), "a code of its own");
    assert_eq!(
        (&error["kind"], &error["retryable"]),
        (&"locked".into(), &true.into())
    );
    let status = holding.run(&["status"]);
    assert!(status.out.contains("a run is at work"), "{}", status.out);
    assert!(!status.out.contains("interrupted"), "{}", status.out);
    let status = holding.run(&["status", "--json"]);
    let status: serde_json::Value = serde_json::from_str(&status.out).unwrap();
    let account = &status["accounts"][0];
    assert_eq!(
        (&account["running"], &account["interrupted"]),
        (&true.into(), &false.into())
    );
    // The first halts for good: it cannot end on one signal, but on two.
    signal(&first, "INT");
    assert!(line(&mut errors).starts_with("stopping"));
    signal(&first, "INT");
    assert!(line(&mut errors).starts_with("ended at once"));
    assert_eq!(first.wait().unwrap().code(), Some(130));
    let mut third = holding.command(&arguments);
    let third = third.env_remove("ORDERS_TEST_PAUSE_AT").output().unwrap();
    assert_eq!(third.status.code(), Some(0));
}
