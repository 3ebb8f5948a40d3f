//! The customers of the store.

use futures_util::TryStreamExt;
use orders_http::testing::MemoryTransport;
use shopline_api::ErrorKind;
use shopline_api::customers::ListCustomers;

use crate::fixtures;
use crate::play::client;
use crate::store::asked;

/// The value of the link header beside a page.
fn link(name: &str) -> String {
    let text = fixtures::text(name);
    text.trim().strip_prefix("link: ").unwrap().to_owned()
}

#[tokio::test(start_paused = true)]
async fn all_customers_over_all_pages() {
    let transport = MemoryTransport::new();
    for page in ["page-1", "page-2"] {
        transport.reply_with(
            200,
            &[("link", &link(&format!("customers/{page}.headers")))],
            fixtures::body(&format!("customers/{page}.json")),
        );
    }
    let request = ListCustomers::new().since_id("1").fields("id,email");
    let all: Vec<_> = client(&transport)
        .stream_customers(&request)
        .try_collect()
        .await
        .unwrap();
    assert_eq!(all.len(), 3);
    assert!(all.iter().all(|customer| customer.id.is_some()));
    assert_eq!(
        asked(&transport),
        [
            "v2/customers.json?fields=id,email&limit=250&since_id=1".to_owned(),
            "v2/customers.json?fields=id,email&limit=250\
             &page_info=e67d4881783298f5764f46d7a422723ccf6120613a78e906"
                .to_owned(),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_customer_has_addresses_in_a_list_and_maybe_no_last_order() {
    let transport = MemoryTransport::new();
    for name in ["addresses", "addresses-one", "not-available"] {
        transport.reply(200, fixtures::body(&format!("customers/{name}.json")));
    }
    let client = client(&transport);
    let time = chrono::DateTime::from_timestamp(0, 0).unwrap();
    let request = ListCustomers::new()
        .ids(["1", "2"])
        .created_at_min(time)
        .created_at_max(time)
        .updated_at_min(time)
        .updated_at_max(time)
        .limit(2);
    let mut seen = Vec::new();
    for _ in 0..3 {
        let page = client.list_customers(&request).await.unwrap();
        let customer = &page.records[0];
        seen.push((customer.addresses.len(), customer.last_order_id().is_some()));
    }
    assert_eq!(seen, [(2, true), (1, true), (0, false)]);
    assert_eq!(
        asked(&transport)[0],
        "v2/customers.json?ids=1,2&created_at_min=1970-01-01T00:00:00+00:00\
         &created_at_max=1970-01-01T00:00:00+00:00&updated_at_min=1970-01-01T00:00:00+00:00\
         &updated_at_max=1970-01-01T00:00:00+00:00&limit=2"
    );
}

#[tokio::test(start_paused = true)]
async fn its_errors_are_those_of_every_list() {
    let transport = MemoryTransport::new();
    let client = client(&transport);
    for (status, file, kind) in [
        (404, "error-404.json", ErrorKind::NotFound),
        (200, "error-404.json", ErrorKind::Other),
        (200, "list-missing.json", ErrorKind::Decode),
        (200, "cut.txt", ErrorKind::Decode),
    ] {
        transport.reply(status, fixtures::body(&format!("customers/{file}")));
        let error = client.list_customers(&ListCustomers::new()).await;
        assert_eq!(error.unwrap_err().kind(), kind, "{file}");
    }
    transport.reply(200, fixtures::body("customers/list-null.json"));
    let page = client.list_customers(&ListCustomers::new()).await.unwrap();
    assert!(page.records.is_empty());
    let sent = transport.requests().len();
    for request in [
        ListCustomers::new().limit(0),
        ListCustomers::new().limit(251),
        ListCustomers::new().ids((0..65).map(|n| n.to_string())),
        ListCustomers::new().page_info("p").since_id("1"),
    ] {
        let error = client.list_customers(&request).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert_eq!(error.endpoint(), Some("GET v2/customers.json"));
    }
    assert_eq!(transport.requests().len(), sent);
}
