//! The client as `Box<dyn OrderSource>`.

use std::hash::{DefaultHasher, Hasher};
use std::sync::Arc;

use orders_core::{
    Cursor, Error, ErrorKind, Identity, Order, OrderSource, Query, Slice, TimeAxis, Walk, Window,
};
use orders_http::testing::MemoryTransport;
use shopline_api::Client;
use shopline_api::tokens::{AccessToken, AccessTokens};

use crate::fixtures;
use crate::play::{CUSTOMER, body, client, link};

fn source(transport: &MemoryTransport) -> Box<dyn OrderSource> {
    Box::new(client(transport))
}

fn customers(count: usize) -> Query {
    Query::everything().with_partitions((0..count).map(|n| n.to_string()).collect())
}

#[tokio::test(start_paused = true)]
async fn customers_come_as_slices_in_pages() {
    let source = source(&MemoryTransport::new());
    let query = customers(1203);
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let slices = source.slices(&query, after.as_ref()).await.unwrap();
        assert!(slices.slices.len() <= 500);
        seen.extend(slices.slices.into_iter().map(|slice| {
            assert_eq!(slice.walk, Walk::Cursor);
            slice.partition.unwrap()
        }));
        after = slices.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, query.partitions);
    let exact = source.slices(&customers(500), None).await.unwrap();
    assert_eq!((exact.slices.len(), exact.next), (500, None));
}

#[tokio::test(start_paused = true)]
async fn what_the_vendor_cannot_do_is_said() {
    let source = source(&MemoryTransport::new());
    let capabilities = source.capabilities();
    assert!(!capabilities.needs_partitions && !capabilities.page_total);
    assert_eq!(capabilities.axes, [TimeAxis::Updated, TimeAxis::Created]);

    let mut timed = customers(1);
    let at = |seconds| chrono::DateTime::from_timestamp(seconds, 0).unwrap();
    let window = Window::new(at(0), at(60)).unwrap();
    timed.window = Some(window);
    let error = source.slices(&timed, None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    let slice = Slice::partition("1").over(window);
    let error = source.page(&slice, None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    timed.window = None;
    timed.axis = Some(TimeAxis::Updated);
    assert!(source.slices(&timed, None).await.is_err());

    let error = source.page(&Slice::pass(), None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    let slice = Slice::partition("1");
    assert_eq!(source.count(&slice).await.unwrap(), None);
    for cursor in ["x", "-1", "9"] {
        let cursor = Cursor::new(cursor);
        let error = source.slices(&customers(3), Some(&cursor)).await;
        assert_eq!(error.unwrap_err().kind(), ErrorKind::InvalidRequest);
    }
}

#[tokio::test(start_paused = true)]
async fn a_slice_is_read_to_its_end_with_archived_orders() {
    let transport = MemoryTransport::new();
    transport
        .reply_with(
            200,
            &[("link", &link("B", "next"))],
            fixtures::body("page-1.json"),
        )
        .reply_with(
            200,
            &[("link", &link("A", "previous"))],
            fixtures::body("page-2.json"),
        );
    let source = source(&transport);
    let mut stream = orders_reader::read_slice(source.into(), Slice::partition(CUSTOMER));
    let mut orders: Vec<Order> = Vec::new();
    while let Some(order) = stream.next().await {
        orders.push(order.unwrap());
    }
    assert_eq!(orders.len(), 3);
    for order in &orders {
        assert_eq!(order.provider, "shopline");
        assert_eq!(order.account, "tea-house");
        assert!(order.raw.starts_with(b"{"));
    }
    for sent in transport.requests() {
        let query = sent.uri().query().unwrap();
        assert!(
            query.contains("status=any") && query.contains("limit=100"),
            "{query}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_cursor_goes_on_in_another_process() {
    let first = MemoryTransport::new();
    first.reply_with(200, &[("link", &link("B", "next"))], body(&["1"]));
    let slice = Slice::partition(CUSTOMER);
    let page = source(&first).page(&slice, None).await.unwrap();
    let saved = serde_json::to_string(&(&slice, &page.next)).unwrap();
    assert!(!page.full);

    let (slice, cursor): (Slice, Option<Cursor>) = serde_json::from_str(&saved).unwrap();
    let second = MemoryTransport::new();
    second.reply(200, body(&["2"]));
    let page = source(&second).page(&slice, cursor.as_ref()).await.unwrap();
    assert_eq!((page.orders[0].id.as_str(), page.next), ("2", None));
    let query = second.requests()[0].uri().query().unwrap().to_owned();
    assert!(query.ends_with("page_info=B"), "{query}");
}

#[tokio::test(start_paused = true)]
async fn a_page_says_when_the_vendor_made_it_and_each_attempt_is_counted() {
    let transport = MemoryTransport::new();
    let date = [("date", "Tue, 22 Aug 2023 09:23:15 GMT")];
    transport
        .reply(503, "upstream")
        .reply_with(200, &date, body(&["1"]));
    let source = source(&transport);
    let page = source.page(&Slice::partition(CUSTOMER), None).await;
    let answered_at = page.unwrap().answered_at.unwrap();
    assert_eq!(answered_at.timestamp(), 1_692_696_195);
    assert_eq!(source.requests_sent(), Some(2));
}

#[test]
fn an_account_is_recognised_by_its_store_and_by_its_token() {
    #[derive(Debug)]
    struct Renewed;

    #[async_trait::async_trait]
    impl AccessTokens for Renewed {
        async fn token(&self) -> Result<AccessToken, Error> {
            AccessToken::new("now".to_owned())
        }
    }

    let seen = |builder: shopline_api::ClientBuilder, part| {
        let client = builder.transport(Arc::new(MemoryTransport::new()));
        let mut hasher = DefaultHasher::new();
        let known = client.build().unwrap().identify(part, &mut hasher);
        known.then(|| hasher.finish())
    };
    let of = |handle: &str, token: &str, part| {
        seen(Client::builder(handle, token.to_owned()), part).unwrap()
    };
    let store = |handle, token| of(handle, token, Identity::Store);
    assert_eq!(store("tea-house", "a"), store("Tea-House", "b"));
    assert_ne!(store("tea-house", "a"), store("tea-shop", "a"));
    let token = |handle, token| of(handle, token, Identity::Credential);
    assert_eq!(token("tea-house", "a"), token("tea-house", "a"));
    assert_ne!(token("tea-house", "a"), token("tea-house", "b"));
    let renewed = |part| seen(Client::builder_with("tea-house", Renewed), part);
    assert_eq!(renewed(Identity::Store), Some(store("tea-house", "a")));
    assert_eq!(renewed(Identity::Credential), None);
}
