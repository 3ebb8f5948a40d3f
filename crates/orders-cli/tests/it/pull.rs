//! `orders pull`: what it stores, and what it says about it.

use orders_sandbox::{Change, Vendor};

use crate::support::{Place, SINCE, assert_truth, dated, pulling, stable};

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_stored_once_and_the_next_run_finds_what_changed() {
    let sandbox = dated().orders(60).start().await.unwrap();
    let place = pulling(&sandbox);
    let ran = place.run(&["pull", "--all", "--since", SINCE]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    insta::assert_snapshot!("pull-first", stable(&ran.err));
    let file = place.folder.path().join("orders.db");
    for vendor in Vendor::ALL {
        assert_truth(&sandbox, &file, vendor);
    }

    let id = sandbox.create_order(Vendor::Linkbest).await;
    let ran = place.run(&["pull", "linkbest", "--lookback", "3d", "--json"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((&report["new"], &report["changed"]), (&1.into(), &0.into()));
    assert_eq!(report["pulled"], report["accounts"][0]["pulled"]);
    assert_eq!(report["accounts"][0]["outcome"], "complete");
    assert_eq!(report["watermark"], "2026-03-01T00:05:00Z");
    for name in ["unchanged", "requests", "retries", "windows", "open_gaps"] {
        assert!(report[name].is_u64(), "{name}");
    }

    let change = sandbox.change_order(Vendor::Linkbest, &id, Change::Confirm);
    change.await.unwrap();
    let ran = place.run(&["pull", "linkbest", "--lookback", "3d", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((&report["new"], &report["changed"]), (&0.into(), &1.into()));
    assert_truth(&sandbox, &file, Vendor::Linkbest);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_shown_and_nothing_is_changed() {
    let sandbox = dated().orders(60).start().await.unwrap();
    let place = pulling(&sandbox);
    let ran = place.run(&["pull", "--all", "--since", SINCE, "--dry-run"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    insta::assert_snapshot!("plan-first", ran.out);
    assert_eq!(ran.err, "Nothing was changed. These are estimates.\n");
    assert_eq!(place.folder.path().read_dir().unwrap().count(), 0);

    assert_eq!(place.run(&["pull", "--all", "--since", SINCE]).code, 0);
    let file = place.folder.path().join("orders.db");
    let before = std::fs::read(&file).unwrap();
    // Nine days later: new windows, the last days, open orders.
    let later = Place::of(&sandbox).with("ORDERS_TEST_NOW", "2026-03-10T00:10:00Z");
    std::fs::copy(&file, later.folder.path().join("orders.db")).unwrap();
    let ran = later.run(&["pull", "--all", "--dry-run"]);
    insta::assert_snapshot!("plan-later", ran.out);
    let ran = later.run(&["pull", "--all", "--dry-run", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let requests: u64 = report["plans"]
        .as_array()
        .unwrap()
        .iter()
        .map(|plan| plan["requests"].as_u64().unwrap())
        .sum();
    assert_eq!(report["requests"], requests);
    assert!(report["plans"][2]["seconds"].is_u64(), "{report}");
    assert_eq!(std::fs::read(&file).unwrap(), before);
}

/// A store is read along a cursor: its orders cost requests, and not the days of the window.
#[tokio::test(flavor = "multi_thread")]
async fn a_first_plan_of_a_store_costs_about_what_the_pull_does() {
    let sandbox = dated().orders(500).start().await.unwrap();
    let place = pulling(&sandbox);
    let first = ["pull", "shopline", "--since", SINCE, "--json"];
    let dry = place.run(&[&first[..], &["--dry-run"]].concat());
    assert_eq!(dry.code, 0, "{}", dry.err);
    let plan: serde_json::Value = serde_json::from_str(&dry.out).unwrap();
    let planned = plan["requests"].as_u64().unwrap();
    let ran = place.run(&first);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let summary: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let sent = summary["requests"].as_u64().unwrap();
    assert!(
        planned <= 2 * sent && sent <= 2 * planned,
        "{planned} planned, {sent} sent"
    );
}

#[test]
fn a_name_of_json_lines_is_refused_with_what_to_do() {
    let place = Place::new().with("CLINK_API_KEY", "k");
    for arguments in [
        &["pull", "clink"][..],
        &["status"],
        &["show", "1"],
        &["history", "1"],
        &["verify", "clink"],
    ] {
        let ran = place.run(&[arguments, &["-o", "all.ndjson", "--json"]].concat());
        assert_eq!(ran.code, 2, "{arguments:?}");
        let next = ran.err_json()["next"].as_str().unwrap().to_owned();
        assert!(next.contains("orders list VENDOR > all.ndjson"), "{next}");
        assert!(next.contains("-o all.db"), "{next}");
    }
    assert_eq!(place.folder.path().read_dir().unwrap().count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_of_orders_ends_a_run_and_the_next_goes_on() {
    let sandbox = dated().orders(250).start().await.unwrap();
    let place = pulling(&sandbox);
    let ran = place.run(&["pull", "clink", "--max-orders", "100"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("Stopped at --max-orders"), "{}", ran.err);
    let status = place.run(&["status"]);
    assert!(
        status.out.contains("a pull was interrupted"),
        "{}",
        status.out
    );
    let ran = place.run(&["pull", "clink"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let file = place.folder.path().join("orders.db");
    assert_truth(&sandbox, &file, Vendor::Clink);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_is_pulled_customer_by_customer() {
    let sandbox = dated().orders(60).start().await.unwrap();
    let place = pulling(&sandbox);
    let ids = sandbox.shopline_customers().join("\n");
    place.write("ids.txt", &ids);
    place.write(
        "orders.toml",
        "[accounts.store]\nvendor = \"shopline\"\nhandle_env = \"SHOPLINE_HANDLE\"\n\
         access_token_env = \"SHOPLINE_ACCESS_TOKEN\"\ncustomers_file = \"ids.txt\"\noutput = \"store.db\"",
    );
    let ran = place.run(&["pull", "--account", "store"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let status = place.run(&["status", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&status.out).unwrap();
    // Orders of guests belong to no customer.
    let guests = sandbox
        .truth(Vendor::Shopline)
        .iter()
        .filter(|order| order.json.contains(r#""customer":null"#))
        .count();
    assert_eq!(report["stored"].as_u64().unwrap() as usize, 60 - guests);
    assert_eq!(report["accounts"][0]["account"]["label"], "store");
    assert!(place.folder.path().join("store.db").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_window_stands_beside_the_regular_pull() {
    let sandbox = dated().orders(60).start().await.unwrap();
    let place = pulling(&sandbox);
    let window = [
        "pull",
        "linkbest",
        "--axis",
        "created",
        "--since",
        "2026-02-01",
        "--until",
        "2026-02-10",
        "--json",
    ];
    let ran = place.run(&window);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert!(
        report["new"].as_u64().unwrap() > 0 && report["watermark"].is_null(),
        "{report}"
    );
    // The regular pull has no beginning yet.
    let ran = place.run(&["pull", "linkbest"]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.err.contains("--lookback 90d"), "{}", ran.err);
    let ran = place.run(&["pull", "linkbest", "--since", SINCE]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let ran = place.run(&["pull", "linkbest", "--since", SINCE]);
    assert!(
        ran.err
            .contains("--since sets only where the first pull begins"),
        "{}",
        ran.err
    );
    assert_truth(
        &sandbox,
        &place.folder.path().join("orders.db"),
        Vendor::Linkbest,
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn open_orders_and_everything_are_asked_for_again_on_request() {
    let sandbox = dated().orders(60).start().await.unwrap();
    let place = pulling(&sandbox);
    let counts = |arguments: &[&str]| {
        let ran = place.run(&[arguments, &["--json"]].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
        let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        ["new", "changed", "unchanged"].map(|name| report[name].as_u64().unwrap())
    };
    assert_eq!(counts(&["pull", "--all", "--since", SINCE]), [180, 0, 0]);
    let status: serde_json::Value =
        serde_json::from_str(&place.run(&["status", "shopline", "--json"]).out).unwrap();
    let open = status["open"].as_u64().unwrap();
    assert!(open > 0 && open < 60, "{open}");
    // Whatever was seen at the same instant needs no second look.
    assert_eq!(counts(&["pull", "shopline", "--only-open"]), [0, 0, 0]);
    let mut later = place.command(&["pull", "shopline", "--only-open", "--json"]);
    let later = later.env("ORDERS_TEST_NOW", "2026-03-01T00:11:00Z");
    let later: serde_json::Value = serde_json::from_slice(&later.output().unwrap().stdout).unwrap();
    assert_eq!(
        (&later["unchanged"], &later["pulled"], &later["exit_code"]),
        (&open.into(), &open.into(), &0.into())
    );
    assert_eq!(counts(&["pull", "shopline", "--full"]), [0, 0, 60]);
    assert_eq!(counts(&["pull", "clink", "--full"]), [0, 0, 60]);
}
