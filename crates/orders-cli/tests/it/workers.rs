//! Accounts that workers pull: which, when, and how it went.

use orders_sandbox::{Sandbox, Vendor};
use serde_json::Value;
use test_postgres::shared;

use crate::support::{NOW, Place, Ran, SINCE, dated};

fn place() -> Place {
    Place::new()
        .with("ORDERS_TEST_NOW", NOW)
        .with("KEY", "hush")
}

/// An account of each vendor, in a configuration file with the variables of its secrets.
fn config(sandbox: &Sandbox, place: Place, per_second: u32) -> Place {
    let text = format!(
        "[defaults]\nsafety_lag = \"0s\"\nrequests_per_second = {per_second}\nburst = {per_second}\n\
         [accounts.bills]\nvendor = \"clink\"\napi_key_env = \"CLINK\"\nbase_url = \"{}\"\n\
         [accounts.ads]\nvendor = \"linkbest\"\napp_key = \"{}\"\napp_secret_env = \"LINKBEST\"\nbase_url = \"{}\"\n\
         since = \"2026-02-15\"\n\
         [accounts.tea]\nvendor = \"shopline\"\nhandle = \"{}\"\naccess_token_env = \"SHOPLINE\"\nbase_url = \"{}\"\n\
         since = {SINCE}\n",
        sandbox.clink_base_url(),
        sandbox.linkbest_app_key(),
        sandbox.linkbest_base_url(),
        sandbox.shopline_handle(),
        sandbox.shopline_base_url(),
    );
    place.write("orders.toml", &text);
    place
        .with("CLINK", sandbox.clink_api_key())
        .with("LINKBEST", sandbox.linkbest_app_secret())
        .with("SHOPLINE", sandbox.shopline_access_token())
}

fn good(ran: Ran) -> Ran {
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran
}

fn list(place: &Place, store: &str) -> Vec<Value> {
    let ran = good(place.run(&["accounts", "list", "--json", "-o", store]));
    let all: Value = serde_json::from_str(&ran.out).unwrap();
    all["accounts"].as_array().unwrap().clone()
}

fn find(all: &[Value], name: &str) -> Value {
    all.iter()
        .find(|one| one["account"] == name)
        .unwrap()
        .clone()
}

/// Every order of the truth is stored, byte for byte.
async fn assert_pulled(sandbox: &Sandbox, store: &str) {
    let store = orders_sync::Store::connect_read_only(store).await.unwrap();
    for vendor in Vendor::ALL {
        let truth = sandbox.truth(vendor);
        assert!(truth.len() > 20);
        for order in truth {
            let stored = store.find(&order.id).await.unwrap();
            let same = stored.iter().any(|one| one.raw == order.json.as_bytes());
            assert!(same, "{vendor} {}", order.id);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_of_a_file_are_pulled_when_they_are_due() {
    let Some(server) = shared() else { return };
    let store = &server.fresh().unwrap();
    let sandbox = dated()
        .orders(40)
        .shopline_rate_limit(None)
        .start()
        .await
        .unwrap();
    let place = config(&sandbox, place(), 100_000);
    good(place.run(&[
        "accounts",
        "import",
        "orders.toml",
        "--every",
        "1h",
        "-o",
        store,
    ]));
    assert!(list(&place, store).iter().all(|one| one["state"] == "due"));

    let ran = good(place.run(&["work", "--once", "--jobs", "3", "-o", store]));
    let all = list(&place, store);
    for one in &all {
        assert_eq!(
            (&one["outcome"], &one["state"]),
            (&"complete".into(), &"scheduled".into()),
            "{one} {}",
            ran.err
        );
    }
    assert_pulled(&sandbox, store).await;
    // Nothing is due: nobody is asked.
    let before = sandbox.requests().len();
    good(place.run(&["work", "--once", "-o", store]));
    assert_eq!(sandbox.requests().len(), before);

    good(place.run(&["accounts", "pause", "clink/bills", "-o", store]));
    good(place.run(&["accounts", "resume", "linkbest/ads", "-o", store]));
    good(place.run(&["accounts", "remove", "shopline/tea", "-o", store]));
    let all = list(&place, store);
    assert_eq!(all.len(), 2);
    assert_eq!(find(&all, "bills")["state"], "paused");
    assert_eq!(find(&all, "ads")["state"], "due");
    let table = good(place.run(&["accounts", "list", "-o", store])).out;
    assert!(
        table.contains("clink/bills") && table.contains("paused"),
        "{table}"
    );
    let ran = place.run(&["accounts", "pause", "shopline/tea", "-o", store]);
    assert!(ran.err.contains("is not scheduled"), "{}", ran.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_with_a_wrong_credential_is_parked_and_asked_no_more() {
    let Some(server) = shared() else { return };
    let store = &server.fresh().unwrap();
    let sandbox = dated().orders(20).start().await.unwrap();
    let place = place().with("RIGHT", sandbox.clink_api_key());
    let base = format!("base_url={}", sandbox.clink_base_url());
    let add = |name: &str, variable: &str| {
        let key = format!("api_key_env={variable}");
        good(place.run(&[
            "accounts", "add", "clink", name, "--set", &key, "--set", &base, "-o", store,
        ]));
    };
    add("wrong", "KEY");
    add("missing", "NOT_SET");
    add("right", "RIGHT");
    for _ in 0..2 {
        good(place.run(&["work", "--once", "-o", store]));
    }
    let all = list(&place, store);
    let wrong = find(&all, "wrong");
    assert_eq!(wrong["state"], "parked", "{wrong}");
    assert!(!wrong.to_string().contains("hush"), "{wrong}");
    let missing = find(&all, "missing");
    assert!(
        missing["message"]
            .as_str()
            .unwrap()
            .contains("NOT_SET is not set"),
        "{missing}"
    );
    assert_eq!(find(&all, "right")["outcome"], "complete");

    let refused = sandbox.requests().len();
    good(place.run(&["work", "--once", "-o", store]));
    assert_eq!(
        sandbox.requests().len(),
        refused,
        "a parked account was asked again"
    );
    add("wrong", "RIGHT");
    good(place.run(&["work", "--once", "-o", store]));
    assert_eq!(find(&list(&place, store), "wrong")["outcome"], "complete");
}

/// A budget that is over hands the account on: it ends complete, in several jobs.
#[tokio::test(flavor = "multi_thread")]
async fn a_budget_divides_a_pull_into_jobs() {
    let Some(server) = shared() else { return };
    let store = &server.fresh().unwrap();
    let sandbox = dated().orders(900).start().await.unwrap();
    let place = config(&sandbox, place(), 10);
    good(place.run(&["accounts", "import", "orders.toml", "-o", store]));
    good(place.run(&[
        "work", "--once", "--budget", "1s", "--jobs", "3", "-o", store,
    ]));
    for one in list(&place, store) {
        assert_eq!(one["outcome"], "complete", "{one}");
    }
    assert_pulled(&sandbox, store).await;
    let database = store.rsplit('/').next().unwrap();
    let runs = server
        .psql(database, "SELECT count(*) FROM orders.runs")
        .unwrap();
    assert!(runs.trim().parse::<u32>().unwrap() > 4, "{runs}");
}

/// A public app's token is got once, kept where only workers can read it, and used by the next one.
#[tokio::test(flavor = "multi_thread")]
async fn the_token_of_an_app_is_kept_for_the_next_worker() {
    let Some(server) = shared() else { return };
    let store = &server.fresh().unwrap();
    let sandbox = dated().orders(30).start().await.unwrap();
    let place = place().with("SECRET", sandbox.shopline_app_secret());
    let settings = [
        format!("handle={}", sandbox.shopline_handle()),
        format!("app_key={}", sandbox.shopline_app_key()),
        "app_secret_env=SECRET".to_owned(),
        format!("base_url={}", sandbox.shopline_base_url()),
        format!("since={SINCE}"),
    ];
    let mut words = vec!["accounts", "add", "shopline", "tea", "-o", store];
    words.extend(settings.iter().flat_map(|setting| ["--set", setting]));
    good(place.run(&words));
    let calls = || {
        let all = sandbox.requests();
        all.iter()
            .filter(|one| one.path.contains("/oauth/token/"))
            .count()
    };

    good(place.run(&["work", "--once", "-o", store]));
    let tea = find(&list(&place, store), "tea");
    let why = tea["message"].as_str().unwrap();
    assert!(why.contains("ORDERS_TOKEN_KEY is not set"), "{tea}");
    assert_eq!((calls(), &tea["state"]), (0, &"parked".into()));

    let mut place = place.with("ORDERS_TOKEN_KEY", "07".repeat(32));
    // Hours later, so that there is something to request.
    for now in ["2026-03-01T01:10:00Z", "2026-03-01T02:10:00Z"] {
        place = place.with("ORDERS_TEST_NOW", now);
        let before = sandbox.requests().len();
        good(place.run(&["accounts", "resume", "shopline/tea", "-o", store]));
        good(place.run(&["work", "--once", "-o", store]));
        let tea = find(&list(&place, store), "tea");
        assert_eq!(tea["outcome"], "complete", "{tea}");
        assert_eq!(calls(), 1);
        assert!(sandbox.requests().len() > before);
    }
    let database = store.rsplit('/').next().unwrap();
    let kept = "SELECT length(sealed) > 30, expires_at > now(), encode(sealed, 'escape') LIKE '%ey%.%' FROM orders.tokens";
    assert_eq!(server.psql(database, kept).unwrap().trim(), "t|t|f");
    // Another key reads nothing of it: a new token is got.
    let place = place
        .with("ORDERS_TOKEN_KEY", "08".repeat(32))
        .with("ORDERS_TEST_NOW", "2026-03-01T03:10:00Z");
    good(place.run(&["accounts", "resume", "shopline/tea", "-o", store]));
    let ran = good(place.run(&["work", "--once", "-o", store]));
    assert!(ran.err.contains("another key has sealed it"), "{}", ran.err);
    assert_eq!(calls(), 2);
}

#[test]
fn workers_need_a_database_and_accounts_no_secret() {
    let place = place();
    let ran = place.run(&["work", "--once", "-o", "orders.db"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("workers share a Postgres database"),
        "{}",
        ran.err
    );
    let ran = place.run(&[
        "accounts",
        "add",
        "clink",
        "a",
        "--set",
        "api_key=hush",
        "-o",
        "postgres://u@127.0.0.1:1/x",
    ]);
    assert_eq!(ran.code, 5);
    assert!(
        ran.err.contains("plain text") && !ran.err.contains("hush"),
        "{}",
        ran.err
    );
}
