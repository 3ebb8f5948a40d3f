//! `orders list`, against the sandbox over real sockets.

use std::collections::BTreeSet;

use orders_sandbox::{EmptyList, Habits, Sandbox, Vendor};
use serde_json::Value;

use crate::support::{Place, Ran, everything};

fn list(place: &Place, sandbox: &Sandbox, vendor: Vendor, more: &[&str]) -> Ran {
    let rest = everything(sandbox, vendor, place);
    let mut arguments = vec!["list", vendor.name()];
    arguments.extend(rest.iter().map(String::as_str));
    arguments.extend(more);
    place.run(&arguments)
}

async fn sandbox(orders: usize) -> Sandbox {
    Sandbox::builder()
        .seed(5)
        .orders(orders)
        .start()
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_order_comes_once_byte_for_byte() {
    let sandbox = sandbox(130).await;
    let place = Place::of(&sandbox);
    for vendor in Vendor::ALL {
        let ran = list(&place, &sandbox, vendor, &["--as", "raw"]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let truth = sandbox.truth(vendor);
        let lines = ran.lines();
        assert_eq!(lines.len(), truth.len());
        let expected: BTreeSet<_> = truth.iter().map(|order| order.json.as_str()).collect();
        assert_eq!(lines.into_iter().collect::<BTreeSet<_>>(), expected);
        assert!(
            ran.err
                .starts_with(&format!("130 orders of {vendor}/default in ")),
            "{}",
            ran.err
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_views_name_things_as_they_promise() {
    let sandbox = sandbox(4).await;
    let place = Place::of(&sandbox);
    for (vendor, own) in [
        (Vendor::Clink, "orderId"),
        (Vendor::Linkbest, "Id"),
        (Vendor::Shopline, "id"),
    ] {
        let ids: BTreeSet<_> = sandbox
            .truth(vendor)
            .into_iter()
            .map(|order| order.id)
            .collect();
        for (view, name) in [("typed", own), ("core", "id")] {
            let ran = list(&place, &sandbox, vendor, &["--as", view, "--json"]);
            let found = ran.lines().into_iter().map(|line| {
                let order: Value = serde_json::from_str(line).unwrap();
                order[name].as_str().unwrap().to_owned()
            });
            assert_eq!(found.collect::<BTreeSet<_>>(), ids);
            let summary = ran.err_json();
            assert_eq!(
                (&summary["orders"], &summary["complete"]),
                (&4.into(), &true.into())
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_stops_where_it_is_told_to_and_says_so() {
    let sandbox = sandbox(20).await;
    let place = Place::of(&sandbox);
    let ran = list(&place, &sandbox, Vendor::Clink, &["--max-orders", "3"]);
    assert_eq!((ran.code, ran.lines().len()), (0, 3));
    assert!(ran.err.contains("there are more"), "{}", ran.err);
    let ran = list(&place, &sandbox, Vendor::Clink, &["--max-orders", "20"]);
    assert_eq!((ran.code, ran.lines().len()), (0, 20));
    assert!(!ran.err.contains("there are more"), "{}", ran.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_is_for_people_in_their_zone() {
    let sandbox = sandbox(3).await;
    for (zone, offset) in [("UTC", "+00:00"), ("Asia/Tokyo", "+09:00")] {
        let place = Place::of(&sandbox).with("TZ", zone);
        for vendor in Vendor::ALL {
            let ran = list(&place, &sandbox, vendor, &["--format", "table"]);
            assert_eq!(ran.code, 0, "{}", ran.err);
            let headings = ["created", "status", "lines", "amount"];
            assert!(
                headings.iter().all(|word| ran.out.contains(word)),
                "{}",
                ran.out
            );
            for order in sandbox.truth(vendor) {
                // A row, or a block where that is too wide.
                let (_, row) = ran.out.split_once(&order.id).unwrap();
                let row: Vec<_> = row.lines().take(5).collect();
                let row = row.join("\n");
                assert!(row.contains(offset), "{row}");
                let (currency, amount) = &order.totals[0];
                assert!(row.contains(&format!("{amount} {currency}")), "{row}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_of_the_file_gives_credentials_and_the_label() {
    let sandbox = sandbox(2).await;
    let place = Place::new().with("SHOP_TOKEN", sandbox.shopline_access_token());
    place.write("clink.key", &format!("{}\n", sandbox.clink_api_key()));
    place.write(
        "orders.toml",
        &format!(
            "[accounts.pay]\nvendor = \"clink\"\napi_key_file = \"clink.key\"\nbase_url = \"{}\"\n\
             [accounts.shop]\nvendor = \"shopline\"\nhandle = \"{}\"\naccess_token_env = \"SHOP_TOKEN\"\nbase_url = \"{}\"\n",
            sandbox.clink_base_url(),
            sandbox.shopline_handle(),
            sandbox.shopline_base_url()
        ),
    );
    for (vendor, label) in [(Vendor::Clink, "pay"), (Vendor::Shopline, "shop")] {
        let ran = list(&place, &sandbox, vendor, &[]);
        assert_eq!((ran.code, ran.lines().len()), (0, 2), "{}", ran.err);
        let order: Value = serde_json::from_str(ran.lines()[0]).unwrap();
        assert_eq!(order["account"], label);
    }
    // The same file by name, from anywhere, with its key beside it.
    let file = place.folder.path().join("orders.toml");
    let ran = Place::new().run(&[
        "list",
        "clink",
        "--config",
        file.to_str().unwrap(),
        "--account",
        "pay",
    ]);
    assert_eq!((ran.code, ran.lines().len()), (0, 2), "{}", ran.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_named_twice_is_asked_once() {
    let sandbox = sandbox(30).await;
    let customer = sandbox.shopline_customers().remove(0);
    let ran = Place::of(&sandbox).run(&[
        "list",
        "shopline",
        "--customer",
        &customer,
        "--customer",
        &customer,
        "--as",
        "raw",
    ]);
    let lines = ran.lines();
    assert_eq!(lines.iter().collect::<BTreeSet<_>>().len(), lines.len());
    assert_eq!(sandbox.requests().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_of_a_store_has_all_its_orders() {
    let sandbox = sandbox(130).await;
    let truth = sandbox.truth(Vendor::Shopline);
    let expected: BTreeSet<_> = truth.iter().map(|order| order.json.as_str()).collect();
    for axis in [&[][..], &["--axis", "updated"], &["--axis", "created"]] {
        let mut arguments = vec!["list", "shopline", "--as", "raw", "--since", "2020-01-01"];
        arguments.extend(axis);
        let ran = Place::of(&sandbox).run(&arguments);
        assert_eq!((ran.code, ran.lines().len()), (0, 130), "{}", ran.err);
        assert_eq!(ran.lines().into_iter().collect::<BTreeSet<_>>(), expected);
    }
    let asked = sandbox.requests();
    assert!(asked.iter().all(|r| r.route.ends_with("/orders.json")));
    assert!(asked.len() <= 12, "{}", asked.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_without_a_window_or_customers_is_read_customer_by_customer() {
    use wiremock::matchers::{path, query_param};
    use wiremock::{Mock, MockServer, ResponseTemplate};

    let server = MockServer::start().await;
    let base = format!("{}/admin/openapi/v20260301", server.uri());
    let json = |text: String| ResponseTemplate::new(200).set_body_raw(text, "application/json");
    let at = |end: &str| path(format!("/admin/openapi/v20260301/{end}"));
    let link = format!("<{base}/v2/customers.json?limit=250&page_info=two>; rel=\"next\"");
    let second = json(r#"{"customers":[{"id":"12"}]}"#.to_owned());
    let first = json(r#"{"customers":[{"id":"10"},{"id":"11"}]}"#.to_owned());
    Mock::given(at("v2/customers.json"))
        .and(query_param("page_info", "two"))
        .respond_with(second)
        .expect(1)
        .mount(&server)
        .await;
    Mock::given(at("v2/customers.json"))
        .respond_with(first.insert_header("link", link))
        .expect(1)
        .mount(&server)
        .await;
    for customer in [10, 11, 12] {
        let body = match customer {
            11 => r#"{"list":[]}"#.to_owned(),
            n => format!(r#"{{"list":[{{"id":"{n}1"}},{{"id":"{n}2"}}]}}"#),
        };
        Mock::given(at(&format!("customers/{customer}/orders.json")))
            .and(query_param("status", "any"))
            .respond_with(json(body))
            .expect(1)
            .mount(&server)
            .await;
    }
    let place = Place::new()
        .with("SHOPLINE_HANDLE", "tea-house")
        .with("SHOPLINE_ACCESS_TOKEN", "t");
    let ran = place.run(&[
        "list",
        "shopline",
        "--as",
        "raw",
        "--base-url",
        &server.uri(),
    ]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let ids = ["101", "102", "121", "122"].map(|id| format!(r#"{{"id":"{id}"}}"#));
    assert_eq!(ran.lines(), ids);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_has_enough_ends_it_quietly() {
    use std::io::{BufRead, BufReader, Read};
    use std::process::Stdio;

    let sandbox = sandbox(3000).await;
    let place = Place::of(&sandbox);
    let mut command = place.command(&["list", "clink"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut first)
        .unwrap();
    assert!(first.starts_with('{'));
    let mut err = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut err)
        .unwrap();
    assert_eq!((child.wait().unwrap().code(), err.as_str()), (Some(0), ""));
}

/// A whole answer without its list is requested once more, is then an empty window, and the end reports it.
#[tokio::test(flavor = "multi_thread")]
async fn a_window_without_its_list_is_requested_once_more_and_named_as_unconfirmed() {
    let sandbox = sandbox(2).await;
    let place = Place::of(&sandbox);
    let window = [
        "--since",
        "2020-01-01T00:00:00Z",
        "--until",
        "2020-01-01T12:00:00Z",
    ];
    let arguments = [&["list", "linkbest"][..], &window].concat();
    for form in EmptyList::ALL {
        let before = sandbox.requests().len();
        sandbox.set_habits(Vendor::Linkbest, Habits::new().empty_list(form));
        let ran = place.run(&arguments);
        assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
        let missing = form != EmptyList::List;
        let words = "the list of 1 window was missing, twice: taken as empty";
        assert_eq!(ran.err.contains(words), missing, "{form:?}: {}", ran.err);
        let sent = sandbox.requests().len() - before;
        assert_eq!(sent, if missing { 2 } else { 1 }, "{form:?}");
        let json = place
            .run(&[&arguments[..], &["--json"]].concat())
            .err_json();
        let count = json["unconfirmed"].as_u64();
        assert_eq!(count, missing.then_some(1), "{form:?}: {json}");
    }
}
