//! `orders pull` where something is wrong: what is printed, with which code, and that nothing is lost.

use orders_sandbox::{Fault, FaultRule, Vendor};

use crate::support::{Place, assert_truth, dated, pulling, stable};

#[tokio::test(flavor = "multi_thread")]
async fn an_accounts_failure_does_not_stop_the_others() {
    let sandbox = dated().orders(20).start().await.unwrap();
    let place = pulling(&sandbox).with("WRONG", "sk_hush");
    place.write(
        "orders.toml",
        "[defaults]\nsince = 2025-06-01\n\
         [accounts.ads]\nvendor = \"linkbest\"\napp_key_env = \"LINKBEST_APP_KEY\"\napp_secret_env = \"LINKBEST_APP_SECRET\"\n\
         [accounts.broken]\nvendor = \"clink\"\napi_key_env = \"MISSING\"\n\
         [accounts.main]\nvendor = \"clink\"\napi_key_env = \"CLINK_API_KEY\"\n\
         [accounts.wrong]\nvendor = \"clink\"\napi_key_env = \"WRONG\"\n",
    );
    let ran = place.run(&["pull", "--all"]);
    assert_eq!((ran.code, ran.out.as_str()), (3, ""), "{}", ran.err);
    insta::assert_snapshot!("pull-partial", stable(&ran.err));
    assert!(!ran.err.contains("hush"));
    let file = place.folder.path().join("orders.db");
    assert_truth(&sandbox, &file, Vendor::Linkbest);

    let ran = place.run(&["pull", "--all", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let codes: Vec<_> = report["accounts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|account| account["exit_code"].as_u64().unwrap())
        .collect();
    assert_eq!((ran.code, codes), (3, vec![5, 0, 4, 0]));
    // Nothing is said of a run that could not begin, not even that it pulled nothing.
    assert!(report["accounts"][0]["pulled"].is_null(), "{report}");
    assert_eq!(report["accounts"][2]["pulled"], 0);
    let errors: Vec<serde_json::Value> = ran
        .err
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(errors.len(), 2);
    assert_eq!(
        (&errors[0]["kind"], &errors[0]["account"]),
        (&"config".into(), &"clink/broken".into())
    );
    assert_eq!(
        (&errors[1]["kind"], &errors[1]["exit_code"]),
        (&"auth".into(), &4.into())
    );
    for (name, code) in [("broken", 5), ("wrong", 4), ("main", 0)] {
        assert_eq!(place.run(&["pull", "--account", name]).code, code, "{name}");
        assert_eq!(
            place.run(&["pull", "clink", "--account", name]).code,
            code,
            "{name}"
        );
    }
    // The chosen ones end alike.
    assert_eq!(place.run(&["pull", "--account", "main,ads"]).code, 0);
}

#[test]
fn what_cannot_be_asked_is_code_2_and_what_is_not_configured_5() {
    let place = Place::new();
    for (arguments, code, words) in [
        (&["pull"][..], 2, "--all"),
        (&["pull", "clink", "--all"], 2, "cannot be used with"),
        (&["pull", "linkbest", "--until", "2026-01-01"], 2, "--since"),
        (
            &["pull", "linkbest", "--full", "--only-open"],
            2,
            "cannot be used with",
        ),
        (
            &["pull", "linkbest", "--lookback", "soon"],
            2,
            "not a length of time",
        ),
        (
            &["pull", "--all", "--base-url", "http://x"],
            2,
            "cannot be used with",
        ),
        (&["pull", "--all"], 5, "no account is known"),
        (&["pull", "--account", "main"], 5, "no account main"),
        (&["pull", "clink"], 5, "CLINK_API_KEY is not set"),
        (
            &["pull", "clink", "--config", "none.toml"],
            5,
            "cannot read none.toml",
        ),
        (&["verify", "clink"], 5, "CLINK_API_KEY is not set"),
    ] {
        let ran = place.run(arguments);
        assert_eq!(
            (ran.code, ran.out.as_str()),
            (code, ""),
            "{arguments:?} {}",
            ran.err
        );
        assert!(ran.err.contains(words), "{arguments:?} {}", ran.err);
    }
    let keyed = Place::new()
        .with("CLINK_API_KEY", "k")
        .with("LINKBEST_APP_KEY", "k")
        .with("LINKBEST_APP_SECRET", "s");
    for (arguments, words) in [
        (
            &["pull", "clink", "--since", "7d", "--until", "1d"][..],
            "cannot filter by time",
        ),
        (
            &["pull", "linkbest", "--since", "1d", "--until", "7d"],
            "--until must be after",
        ),
        (&["pull", "linkbest"], "no starting point"),
        (
            &[
                "pull",
                "linkbest",
                "--axis",
                "updated",
                "--customer",
                "@none",
            ],
            "cannot read none",
        ),
    ] {
        let ran = keyed.run(arguments);
        assert_eq!(ran.code, 2, "{arguments:?} {}", ran.err);
        assert!(ran.err.contains(words), "{arguments:?} {}", ran.err);
    }
}

#[test]
fn settings_are_read_strictly() {
    for (text, words) in [
        (
            "[defaults]\nsinse = 1",
            "defaults: there is no setting sinse",
        ),
        (
            "[defaults]\nlookback = \"hush\"",
            "defaults: lookback must be a length of time",
        ),
        (
            "[defaults]\ncustomers = [\"1\"]",
            "defaults: customers is a setting of one account",
        ),
        (
            "[accounts.a]\nvendor = \"clink\"\napi_key_env = \"K\"\nsince = 2026-01-01",
            "account a: clink has no setting since",
        ),
        (
            "[accounts.a]\nvendor = \"linkbest\"\nversion = \"v1\"",
            "account a: linkbest has no setting version",
        ),
        (
            "[accounts.a]\nvendor = \"shopline\"\nburst = \"hush\"",
            "account a: burst must be a whole number",
        ),
        (
            "[accounts.a]\nvendor = \"shopline\"\naccess_token = \"hush\"",
            "in plain text",
        ),
        (
            "[account.a]\nvendor = \"clink\"",
            "orders.toml, line 1: unknown field",
        ),
    ] {
        let place = Place::new();
        place.write("orders.toml", text);
        let ran = place.run(&["pull", "--all"]);
        assert_eq!((ran.code, ran.out.as_str()), (5, ""), "{}", ran.err);
        assert!(
            ran.err.contains(words) && !ran.err.contains("hush"),
            "{}",
            ran.err
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rate_limit_that_outlives_the_budget_is_code_6_and_the_next_run_goes_on() {
    let sandbox = dated().orders(20).start().await.unwrap();
    let storm = Fault::TooManyRequests {
        retry_after_seconds: Some(3600),
    };
    sandbox.set_faults(1, vec![FaultRule::new(storm).vendor(Vendor::Linkbest)]);
    let place = pulling(&sandbox);
    place.write("orders.toml", "[defaults]\nwait_budget = \"1s\"");
    let arguments = ["pull", "linkbest", "--since", "2026-02-01"];
    let ran = place.run(&arguments);
    assert_eq!((ran.code, ran.out.as_str()), (6, ""), "{}", ran.err);
    insta::assert_snapshot!("pull-rate-limit", stable(&ran.err));
    sandbox.clear_faults();
    let ran = place.run(&arguments);
    assert_eq!(ran.code, 0, "{}", ran.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_a_gap_and_code_7_until_it_can() {
    let sandbox = dated().orders(20).start().await.unwrap();
    // The first request only counts.
    let broken = |nth| {
        FaultRule::new(Fault::BrokenTypes)
            .vendor(Vendor::Clink)
            .nth(nth)
    };
    sandbox.set_faults(1, (2..=12).map(broken).collect());
    let place = pulling(&sandbox);
    let ran = place.run(&["pull", "clink"]);
    assert_eq!((ran.code, ran.out.as_str()), (7, ""), "{}", ran.err);
    insta::assert_snapshot!("pull-gap", stable(&ran.err));
    let status = place.run(&["status"]);
    assert_eq!(status.code, 0);
    insta::assert_snapshot!("status-gap", stable(&status.out));
    let ran = place.run(&["pull", "clink", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let account = &report["accounts"][0];
    let gaps = account["gaps"].as_array().unwrap();
    assert_eq!(account["open_gaps"], gaps.len());
    for name in ["kind", "reason", "missing", "what", "next"] {
        assert!(!gaps[0][name].is_null(), "{name}: {}", gaps[0]);
    }
    let error = ran.err_json();
    assert_eq!(
        (&error["kind"], &error["exit_code"], &error["account"]),
        (&"incomplete".into(), &7.into(), &"clink/default".into())
    );
    for command in [&["status"][..], &["gaps", "list"]] {
        let ran = place.run(&[command, &["--json"]].concat());
        let listed: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        let listed = match command[0] {
            "status" => &listed["accounts"][0]["gaps"][0],
            _ => &listed["gaps"][0],
        };
        assert_eq!(listed["reason"], gaps[0]["reason"], "{command:?}");
    }
    sandbox.clear_faults();
    let ran = place.run(&["pull", "clink"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let file = place.folder.path().join("orders.db");
    assert_truth(&sandbox, &file, Vendor::Clink);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_not_ours_are_left_as_they_are() {
    let sandbox = dated().orders(5).start().await.unwrap();
    let place = pulling(&sandbox);
    place.write(
        "orders.db",
        "my diary, not a database, and long enough to be looked at\n",
    );
    let (file, kind) = ("orders.db", "foreign_file");
    let before = std::fs::read(place.folder.path().join(file)).unwrap();
    for command in [&["pull", "clink"][..], &["status"], &["show", "1"]] {
        let ran = place.run(&[command, &["-o", file, "--json"]].concat());
        assert_eq!(ran.code, 1, "{command:?} {}", ran.err);
        let error = ran.err_json();
        assert_eq!(error["kind"], kind, "{command:?}");
        assert!(error["next"].as_str().is_some_and(|next| !next.is_empty()));
    }
    assert_eq!(
        std::fs::read(place.folder.path().join(file)).unwrap(),
        before
    );
    let ran = place.run(&["pull", "clink", "-o", "missing/orders.db"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
}
