//! The commands about what is stored: `status`, `show`, `history`, `verify`, `state reset`.

use orders_sandbox::{Change, Fault, FaultRule, Sandbox, Vendor};

use crate::support::{Place, SINCE, dated, pulling, stable};

async fn pulled() -> (Sandbox, Place) {
    let sandbox = dated().orders(60).start().await.unwrap();
    let place = pulling(&sandbox);
    let ran = place.run(&["pull", "--all", "--since", SINCE]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    (sandbox, place)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_status_shows_every_account() {
    let (_sandbox, place) = pulled().await;
    let ran = place.run(&["status"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    insta::assert_snapshot!("status", ran.out);
    let ran = place.run(&["status", "clink", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(report["accounts"].as_array().unwrap().len(), 1);
    let account = &report["accounts"][0];
    assert_eq!(
        (&account["stored"], &account["vendor_count"]),
        (&60.into(), &60.into())
    );
    assert_eq!(account["last_run"]["outcome"], "complete");
    assert_eq!(account["watermark"], "2026-03-01T00:10:00Z");
    let ran = place.run(&["status", "--account", "none"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{}", ran.err);
    // Nothing but the file is needed.
    let bare = Place::new();
    std::fs::copy(
        place.folder.path().join("orders.db"),
        bare.folder.path().join("orders.db"),
    )
    .unwrap();
    assert_eq!(bare.run(&["status"]).code, 0);
}

#[test]
fn where_nothing_was_pulled_nothing_is_made() {
    let place = Place::new();
    for arguments in [
        &["status"][..],
        &["show", "1"],
        &["history", "1"],
        &["state", "reset", "clink", "--yes"],
    ] {
        let ran = place.run(&[arguments, &["--json"]].concat());
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{arguments:?}");
        assert_eq!(ran.err_json()["kind"], "not_found");
    }
    assert_eq!(place.folder.path().read_dir().unwrap().count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_shown_in_our_words_and_the_vendors() {
    let (sandbox, place) = pulled().await;
    for vendor in Vendor::ALL {
        let order = &sandbox.truth(vendor)[3];
        let ran = place.run(&["show", &order.id]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        insta::assert_snapshot!(format!("show-{vendor}"), ran.out);
        let ran = place.run(&["show", &order.id, "--raw"]);
        assert_eq!(ran.out, order.json);
        let ran = place.run(&["show", &order.id, "--json"]);
        assert!(
            ran.out.contains(&format!(r#""raw":{}}}"#, order.json)),
            "{}",
            ran.out
        );
        let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(report["order"]["id"], order.id);
        // By its number, and by the seller's own reference.
        for name in ["number", "merchant_reference"] {
            if let Some(name) = report["order"][name].as_str() {
                let ran = place.run(&["show", name, "--vendor", vendor.name(), "--raw"]);
                assert_eq!(ran.out, order.json, "{}", ran.err);
            }
        }
    }
    let ran = place.run(&["show", "nobody"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(
        ran.err
            .contains("no stored order has the id, number or reference nobody")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_of_two_accounts_is_found_by_its_account() {
    let sandbox = dated().orders(5).start().await.unwrap();
    let place = pulling(&sandbox);
    let account =
        |name| format!("[accounts.{name}]\nvendor = \"clink\"\napi_key_env = \"CLINK_API_KEY\"\n");
    place.write("orders.toml", &(account("one") + &account("two")));
    let file = "orders.db";
    let ran = place.run(&["pull", "--all", "-o", file]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let order = &sandbox.truth(Vendor::Clink)[0];
    let ran = place.run(&["show", &order.id, "-o", file]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("2 stored orders match"), "{}", ran.err);
    assert!(
        ran.err
            .contains(&format!("--vendor clink --account two -o {file}")),
        "{}",
        ran.err
    );
    let ran = place.run(&["show", &order.id, "-o", file, "--account", "two", "--json"]);
    assert!(ran.out.contains(r#""account":"two""#), "{}", ran.err);
    let ran = place.run(&["history", &order.id, "-o", file, "--account", "one"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let ran = place.run(&["state", "reset", "clink", "--yes"]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(
        ran.err.contains("one in orders.db, two in orders.db"),
        "{}",
        ran.err
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_shows_what_changed() {
    let (sandbox, place) = pulled().await;
    let id = sandbox.create_order(Vendor::Linkbest).await;
    for (minute, change) in [
        (20, None),
        (30, Some(Change::Confirm)),
        (40, Some(Change::Settle)),
    ] {
        if let Some(change) = change {
            sandbox
                .change_order(Vendor::Linkbest, &id, change)
                .await
                .unwrap();
        }
        let at = format!("2026-03-01T00:{minute}:00Z");
        let mut command = place.command(&["pull", "linkbest", "--lookback", "1d"]);
        assert!(
            command
                .env("ORDERS_TEST_NOW", at)
                .output()
                .unwrap()
                .status
                .success()
        );
    }
    let ran = place.run(&["history", &id]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    insta::assert_snapshot!("history", ran.out);
    let ran = place.run(&["history", &id, "--json"]);
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let what: Vec<_> = report["history"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["what"].as_str().unwrap())
        .collect();
    assert_eq!(what, ["new", "changed", "changed"]);
    assert_eq!(report["history"][1]["at"], "2026-03-01T00:30:00.000Z");
}

#[tokio::test(flavor = "multi_thread")]
async fn counting_again_shows_what_is_missing() {
    let (sandbox, place) = pulled().await;
    let ran = place.run(&["verify", "--all"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    insta::assert_snapshot!("verify", ran.out);
    sandbox.create_order(Vendor::Clink).await;
    let ran = place.run(&["verify", "clink"]);
    assert_eq!(ran.code, 7, "{}", ran.err);
    insta::assert_snapshot!("verify-missing", stable(&format!("{}{}", ran.out, ran.err)));
    let ran = place.run(&["verify", "clink", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((ran.code, &report["agrees"]), (7, &false.into()));
    assert_eq!(place.run(&["verify", "--all"]).code, 3);
    assert_eq!(place.run(&["pull", "clink"]).code, 0);
    assert_eq!(place.run(&["verify", "clink"]).code, 0);
    let wrong = pulling(&sandbox).with("CLINK_API_KEY", "wrong");
    std::fs::copy(
        place.folder.path().join("orders.db"),
        wrong.folder.path().join("orders.db"),
    )
    .unwrap();
    assert_eq!(wrong.run(&["verify", "clink"]).code, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unfinished_pull_never_agrees() {
    let sandbox = dated().orders(120).start().await.unwrap();
    let place = pulling(&sandbox);
    let ran = place.run(&["verify", "clink"]);
    assert_eq!(ran.code, 1, "nothing is stored: {}", ran.err);
    for vendor in Vendor::ALL {
        let name = vendor.name();
        let mut pull = vec!["pull", name, "--max-orders", "50"];
        if vendor != Vendor::Clink {
            pull.extend(["--since", SINCE]);
        }
        assert_eq!(place.run(&pull).code, 0, "{name}");
        let asked = sandbox.requests().len();
        let ran = place.run(&["verify", name, "--json"]);
        assert!(sandbox.requests().len() > asked, "{name} was requested");
        let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(
            (ran.code, &report["agrees"]),
            (7, &false.into()),
            "{report}"
        );
        let differs = |check: &serde_json::Value| check["vendor"] != check["stored"];
        let checks = report["accounts"][0]["checks"].as_array().unwrap();
        assert!(checks.iter().any(differs), "{report}");
        let ran = place.run(&["verify", name]);
        assert_eq!(ran.code, 7, "{}", ran.out);
        assert!(
            ran.out.contains("the first pull has not ended"),
            "{}",
            ran.out
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_with_an_open_gap_never_agrees() {
    let sandbox = dated().orders(1).start().await.unwrap();
    let broken = FaultRule::new(Fault::BrokenTypes).vendor(Vendor::Clink);
    sandbox.set_faults(1, vec![broken]);
    let place = pulling(&sandbox);
    assert_eq!(place.run(&["pull", "clink"]).code, 7);
    sandbox.clear_faults();
    let ran = place.run(&["verify", "clink"]);
    assert_eq!(ran.code, 7, "{}", ran.out);
    assert!(ran.out.contains("1 gap is open"), "{}", ran.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_that_cannot_be_used_is_discarded_on_request() {
    let (_sandbox, place) = pulled().await;
    let other = ["pull", "linkbest", "--axis", "created", "--since", SINCE];
    let ran = place.run(&other);
    assert_eq!(ran.code, 1, "{}", ran.err);
    insta::assert_snapshot!("pull-foreign-state", stable(&ran.err));
    let ran = place.run(&["state", "reset", "linkbest"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("give --yes"), "{}", ran.err);
    assert_eq!(place.run(&other).code, 1);
    let ran = place.run(&["state", "reset", "linkbest", "--yes", "--json"]);
    assert_eq!(
        (ran.code, ran.out.trim()),
        (
            0,
            r#"{"account":"default","provider":"linkbest","reset":true}"#
        )
    );
    let ran = place.run(&[&other[..], &["--json"]].concat());
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(
        (ran.code, &report["new"], &report["unchanged"]),
        (0, &0.into(), &60.into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn one_accounts_damaged_state_hides_no_other() {
    let sandbox = dated().orders(5).start().await.unwrap();
    let place = pulling(&sandbox);
    for pull in [
        &["pull", "clink"][..],
        &["pull", "shopline", "--since", SINCE],
    ] {
        assert_eq!(place.run(pull).code, 0);
    }
    let store = orders_sync::Store::open(place.folder.path().join("orders.db")).unwrap();
    let file = store.connection().unwrap();
    let damage = "UPDATE checkpoints SET state = replace(state, 'orders-sync state', 'diary')
                  WHERE provider = 'clink'";
    assert_eq!(file.execute(damage, []).unwrap(), 1);
    let ran = place.run(&["status"]);
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert!(
        ran.out.contains("shopline/default") && !ran.out.contains("clink"),
        "{}",
        ran.out
    );
    assert!(
        ran.err
            .contains("orders state reset clink --account default"),
        "{}",
        ran.err
    );
    let ran = place.run(&["pull", "clink", "--json"]);
    assert_eq!(
        (ran.code, &ran.err_json()["kind"]),
        (1, &"state_foreign".into())
    );
    let reset = ["state", "reset", "clink", "--account", "default", "--yes"];
    assert_eq!(place.run(&reset).code, 0);
    for command in ["pull", "status"] {
        let ran = place.run(&[command, "clink"]);
        assert_eq!(ran.code, 0, "{}", ran.err);
    }
    let count = "SELECT count(*) FROM history";
    let count: i64 = file.query_row(count, [], |row| row.get(0)).unwrap();
    assert_eq!(count, 10, "nothing is stored twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_told_says_what_to_do() {
    let (sandbox, place) = pulled().await;
    place.write(
        "two.toml",
        "[accounts.main]\nvendor = \"clink\"\napi_key_env = \"MAIN_KEY\"\n\
         [accounts.other]\nvendor = \"clink\"\napi_key_env = \"OTHER_KEY\"\n",
    );
    let bare = Place::new();
    let mut report = String::new();
    for (place, arguments) in [
        (&bare, "status"),
        (&bare, "pull --all"),
        (&bare, "verify clink"),
        (&place, "show nobody"),
        (&place, "history nobody"),
        (&place, "state reset linkbest"),
        (&place, "pull --account nobody --config two.toml"),
        (&place, "pull --account main --config two.toml"),
        (&place, "verify clink -o other.db"),
        (&place, "pull linkbest -o new.db"),
    ] {
        let arguments: Vec<_> = arguments.split(' ').collect();
        let ran = place.run(&arguments);
        assert_eq!(ran.out, "", "{arguments:?}");
        report += &format!(
            "$ orders {}\n{}{}\n",
            arguments.join(" "),
            ran.err,
            ran.code
        );
    }
    insta::assert_snapshot!("errors", stable(&report));
    drop(sandbox);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gap_is_listed_accepted_and_closed() {
    let sandbox = dated().orders(1).start().await.unwrap();
    let broken = FaultRule::new(Fault::BrokenTypes).vendor(Vendor::Clink);
    sandbox.set_faults(1, vec![broken]);
    let place = pulling(&sandbox);
    assert_eq!(place.run(&["pull", "clink"]).code, 7);
    let ran = place.run(&["gaps", "--json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let listed: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(
        (&listed["open"], &listed["accepted"]),
        (&1.into(), &0.into())
    );
    let gap = &listed["gaps"][0];
    let path = gap["path"].as_str().unwrap();
    assert!(path.starts_with("rows[0]"), "{path}");
    let id = gap["id"].to_string();
    insta::assert_snapshot!("gaps", stable(&place.run(&["gaps", "list", "clink"]).out));
    let ran = place.run(&["gaps", "accept", "99", "--reason", "none", "--json"]);
    assert_eq!(
        (ran.code, &ran.err_json()["kind"]),
        (1, &"not_found".into())
    );
    assert_eq!(place.run(&["gaps", "accept", &id]).code, 2);
    let ran = place.run(&["gaps", "accept", &id, "--reason", "a test order"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let ran = place.run(&["pull", "clink", "--json"]);
    let ended: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let counts = (&ended["open_gaps"], &ended["accepted_gaps"]);
    assert_eq!(
        (ran.code, counts),
        (0, (&0.into(), &1.into())),
        "{}",
        ran.err
    );
    let status = place.run(&["status"]).out;
    assert!(status.contains("1 gap is accepted"), "{status}");
    sandbox.clear_faults();
    assert_eq!(place.run(&["pull", "clink"]).code, 0);
    assert_eq!(place.run(&["gaps"]).out, "no gaps\n");
    let order = &sandbox.truth(Vendor::Clink)[0];
    assert_eq!(place.run(&["show", &order.id, "--raw"]).out, order.json);
}

/// Rows of an older version are read again from their texts, without credentials and network.
#[tokio::test(flavor = "multi_thread")]
async fn stored_texts_are_read_again() {
    let (sandbox, place) = pulled().await;
    drop(sandbox);
    let bare = Place::new();
    let file = bare.folder.path().join("orders.db");
    std::fs::copy(place.folder.path().join("orders.db"), &file).unwrap();
    let store = orders_sync::Store::open(&file).unwrap();
    let older = "UPDATE order_rows SET mapping = 0, payment = NULL, view_hash = 0
                 WHERE account IN (SELECT key FROM accounts WHERE provider <> 'linkbest')";
    store.connection().unwrap().execute(older, []).unwrap();
    drop(store);
    let ran = bare.run(&["status", "clink"]);
    assert!(ran.out.contains("orders remap"), "{}", ran.out);
    let ran = bare.run(&["remap"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    insta::assert_snapshot!("remap", ran.out);
    let ran = bare.run(&["remap", "clink", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(report["accounts"][0]["read"], 0);
    let store = orders_sync::Store::open_read_only(&file).unwrap();
    let before = orders_sync::Store::open_read_only(place.folder.path().join("orders.db"));
    let rows = |store: &orders_sync::Store| -> Vec<(String, Option<String>, String)> {
        let sql = "SELECT id, payment, content_hash FROM orders ORDER BY provider, id";
        let connection = store.connection().unwrap();
        let mut rows = connection.prepare(sql).unwrap();
        let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
        rows.unwrap().map(Result::unwrap).collect()
    };
    assert_eq!(rows(&store), rows(&before.unwrap()));
}
