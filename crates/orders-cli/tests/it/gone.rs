//! `orders gone`: orders that are doubted, and an account that is deleted.

use orders_sandbox::{Change, Vendor};
use serde_json::Value;

use crate::support::{Place, dated, pulling};

/// Runs at another time; answers the exit code, and the JSON of standard output.
fn at(place: &Place, now: &str, arguments: &[&str]) -> (i32, Value) {
    let arguments = [arguments, &["--json"]].concat();
    let ran = place
        .command(&arguments)
        .env("ORDERS_TEST_NOW", now)
        .output()
        .unwrap();
    let out = serde_json::from_slice(&ran.stdout).unwrap_or(Value::Null);
    (ran.status.code().unwrap(), out)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_account_is_gone_only_when_the_user_confirms_it() {
    let sandbox = dated().orders(12).start().await.unwrap();
    let place = pulling(&sandbox);
    assert_eq!(place.run(&["pull", "clink"]).code, 0);
    for order in sandbox.truth(Vendor::Clink) {
        let deleted = sandbox.change_order(Vendor::Clink, &order.id, Change::Delete);
        deleted.await.unwrap();
    }
    // Doubted, and no reading decides about all that there was.
    for (days, now) in [(1, "2026-03-02T00:10:00Z"), (3, "2026-03-05T00:10:00Z")] {
        sandbox.advance(chrono::TimeDelta::days(days));
        let (code, report) = at(&place, now, &["pull", "clink", "--full"]);
        let account = &report["accounts"][0];
        assert_eq!((code, &account["doubted"]), (7, &12.into()), "{report}");
        assert_eq!(account["gone"], 0, "{report}");
    }
    let now = "2026-03-05T00:10:00Z";
    let listed = place.run(&["gone", "list", "--json"]);
    let listed: Value = serde_json::from_str(&listed.out).unwrap();
    assert_eq!(listed["orders"].as_array().unwrap().len(), 12, "{listed}");
    let confirm = ["gone", "confirm", "clink", "--account", "default"];
    let unsure = place.run(&confirm);
    assert_eq!(unsure.code, 2, "{}", unsure.err);
    let (code, done) = at(&place, now, &[&confirm[..], &["--yes"]].concat());
    assert_eq!(code, 0, "{done}");
    let (code, status) = at(&place, now, &["status", "clink"]);
    let account = &status["accounts"][0];
    assert_eq!((code, &account["gone"]), (0, &12.into()), "{status}");
    let (code, report) = at(&place, now, &["pull", "clink"]);
    assert_eq!(
        (code, &report["accounts"][0]["doubted"]),
        (0, &0.into()),
        "{report}"
    );
}
