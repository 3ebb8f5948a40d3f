//! `orders forget`: nothing of a person is left in the file, and a later pull brings nothing back.

use orders_sandbox::Vendor;
use orders_sync::Store;

use crate::support::{Place, SINCE, dated, now, pulling};

/// The bytes of the file of orders and of those beside it.
fn bytes(place: &Place) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(place.folder.path()).unwrap() {
        all.extend(std::fs::read(entry.unwrap().path()).unwrap());
    }
    all
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window.eq_ignore_ascii_case(text.as_bytes()))
}

fn texts(place: &Place, sql: &str) -> Vec<String> {
    let store = Store::open_read_only(place.folder.path().join("orders.db")).unwrap();
    let connection = store.connection().unwrap();
    let mut found = connection.prepare(sql).unwrap();
    let rows = found.query_map([], |row| row.get(0)).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_erased_and_does_not_come_back() {
    let sandbox = dated().orders(40).start().await.unwrap();
    let place = pulling(&sandbox);
    let pull = |more: &[&str]| {
        let all = [&["pull", "--all", "--since", SINCE], more].concat();
        let ran = place.run(&all);
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    };
    pull(&[]);
    let emails = "SELECT DISTINCT customer_email FROM orders WHERE provider = 'PROVIDER' AND customer_email IS NOT NULL";
    for provider in ["clink", "shopline"] {
        let email = texts(&place, &emails.replace("PROVIDER", provider)).remove(0);
        assert!(contains(&bytes(&place), &email));
        let of = format!(
            "SELECT id FROM orders WHERE lower(raw) LIKE '%{}%'",
            email.to_lowercase()
        );
        let orders = texts(&place, &of);
        assert!(!orders.is_empty());
        let ran = place.run(&["forget", "--customer", &email.to_uppercase(), "--yes"]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(
            ran.out.contains(&format!(
                "{provider}/default: erased {} order",
                orders.len()
            )),
            "{}",
            ran.out
        );
        assert!(ran.out.contains("Not reached: exports"), "{}", ran.out);
        assert!(!contains(&bytes(&place), &email), "{email} is still there");
        assert!(
            orders.iter().all(|id| !contains(&bytes(&place), id)),
            "{orders:?}"
        );
        pull(&[]);
        pull(&["--full"]);
        assert!(!contains(&bytes(&place), &email), "{email} came back");
        let left = texts(&place, "SELECT id FROM orders");
        assert!(orders.iter().all(|id| !left.contains(id)), "{orders:?}");
        // What is left can still be held against the vendor.
        let ran = place.run(&["verify", provider]);
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    }
    let all = sandbox.truth(Vendor::Linkbest).len();
    assert_eq!(
        texts(&place, "SELECT id FROM orders WHERE provider = 'linkbest'").len(),
        all
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_erased_whole() {
    let sandbox = dated().orders(20).start().await.unwrap();
    let place = pulling(&sandbox);
    let pull = || place.run(&["pull", "--all", "--since", SINCE]);
    assert_eq!(pull().code, 0);
    let ran = place.run(&["forget", "clink", "--account", "default", "--yes", "--json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(report["accounts"][0]["orders"], 20);
    assert_eq!(report["accounts"][0]["rewritten"], true);
    for order in sandbox.truth(Vendor::Clink) {
        assert!(!contains(&bytes(&place), &order.id), "{}", order.id);
    }
    for table in [
        "orders",
        "runs",
        "checkpoints",
        "gaps",
        "unreadable",
        "pushes",
    ] {
        let sql = format!("SELECT account FROM {table} WHERE provider = 'clink'");
        assert!(texts(&place, &sql).is_empty(), "{table}");
    }
    assert_eq!(texts(&place, "SELECT id FROM orders").len(), 40);
    let ran = pull();
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(
        texts(&place, "SELECT id FROM orders").len(),
        40,
        "none came back"
    );
    let store = Store::open(place.folder.path().join("orders.db")).unwrap();
    let clink = orders_core::Account::new("clink", "default");
    assert_eq!(now(store.forgotten(&clink)).unwrap(), 20);
}

#[test]
fn it_asks_first_and_names_whom() {
    let place = Place::new();
    drop(Store::open(place.folder.path().join("orders.db")).unwrap());
    let ran = place.run(&["forget", "--yes"]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    let ran = place.run(&["forget", "--account", "main"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.err.contains("no such account"), "{}", ran.err);
}
