//! Accounts that are one, and accounts that are not.

use orders_sandbox::Vendor;

use crate::support::{dated, pulling};

#[tokio::test(flavor = "multi_thread")]
async fn another_key_under_the_same_name_writes_nothing() {
    let mine = dated().orders(15).start().await.unwrap();
    let other = dated().orders(3).seed(99).start().await.unwrap();
    let place = pulling(&mine);
    assert_eq!(place.run(&["pull", "clink"]).code, 0);
    let stored = |column: &str| {
        let status = place.run(&["status", "--json"]);
        let report: serde_json::Value = serde_json::from_str(&status.out).unwrap();
        report["accounts"][0][column].as_u64().unwrap()
    };
    let pull = |more: &[&str]| {
        let mut command = place.command(&[&["pull", "clink"], more].concat());
        command
            .env("CLINK_BASE_URL", other.clink_base_url())
            .env("CLINK_API_KEY", other.clink_api_key());
        command.output().unwrap()
    };
    let refused = pull(&[]);
    let text = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(5), "{text}");
    assert!(text.contains("--same-account"), "{text}");
    assert_eq!((stored("stored"), stored("gone")), (15, 0));
    let accepted = pull(&["--same-account"]);
    let text = String::from_utf8_lossy(&accepted.stderr).into_owned();
    assert!(text.contains("as requested"), "{text}");
    assert_eq!(stored("stored"), 18);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_accounts_of_one_store_and_token_share_its_bucket() {
    let sandbox = dated().orders(900).shopline_rate_limit(Some((20, 8)));
    let sandbox = sandbox.start().await.unwrap();
    let place = pulling(&sandbox);
    place.write("ids.txt", &sandbox.shopline_customers().join("\n"));
    let account = |name: &str, more: &str| {
        format!(
            "[accounts.{name}]\nvendor = \"shopline\"\nhandle_env = \"SHOPLINE_HANDLE\"\n\
             access_token_env = \"SHOPLINE_ACCESS_TOKEN\"\nrequests_per_second = 18\nburst = 6\n{more}\n"
        )
    };
    let both = account("whole", "since = 2020-01-01")
        + &account("by_customer", "customers_file = \"ids.txt\"");
    place.write("orders.toml", &both);
    let ran = place.run(&["pull", "--account", "whole", "--account", "by_customer"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let requests = sandbox.requests();
    let of_store = requests
        .iter()
        .filter(|it| it.vendor == Some(Vendor::Shopline));
    let statuses: Vec<_> = of_store.map(|it| it.status).collect();
    assert!(statuses.len() > 40, "{}", statuses.len());
    assert!(!statuses.contains(&429), "{statuses:?}");
}
