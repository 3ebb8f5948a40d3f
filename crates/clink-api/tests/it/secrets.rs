//! No secret in anything that is printed.

use std::sync::Arc;

use clink_api::failure::Payload;
use clink_api::http::testing::MemoryTransport;
use clink_api::{Client, Environment, ListOrders, Mapper};

const SECRET: &str = "sk_live_topsecret";

#[tokio::test]
async fn debug_of_every_public_type_holds_no_secret() {
    let transport = MemoryTransport::new();
    transport
        .reply(401, format!("key {SECRET} is unknown"))
        .reply(
            200,
            format!(r#"{{"code":1,"msg":"key {SECRET} of jane@example.com"}}"#),
        );
    let builder = Client::builder(SECRET)
        .base_url("https://clink.test")
        .transport(Arc::new(transport));
    let mut printed = format!("{builder:?} {builder:#?}");
    let client = builder.build().unwrap();
    let error = client.list_orders(&ListOrders::new()).await.unwrap_err();
    printed += &format!("{client:?} {error:?} {error}");
    let error = client.list_orders(&ListOrders::new()).await.unwrap_err();
    assert_eq!(error.code(), Some("1"), "the failure under HTTP 200");
    printed += &format!("{error:?} {error}");
    printed += &format!(
        "{:?}",
        Client::builder("k").base_url("https://user:topsecret@clink.test")
    );
    let page = clink_api::orders::decode_page(&crate::fixture("full.json")).unwrap();
    printed += &format!(
        "{:?} {:?}",
        page.records[0].raw,
        Mapper::new("main").order(&page.records[0])
    );
    printed += &format!(
        "{:?} {:?} {:?}",
        Environment::Production,
        ListOrders::new(),
        Payload::default()
    );
    assert!(!printed.contains("topsecret"), "{printed}");
    assert!(printed.contains("[redacted]") && !printed.contains("jane@"));
}

#[test]
fn nothing_personal_shows_in_a_full_order() {
    let page = clink_api::orders::decode_page(&crate::fixture("full.json")).unwrap();
    let order = &page.records[0].value;
    let method = order.payment_method.as_ref().unwrap();
    let shown = format!("{page:#?} {method:?} {:?}", method.wallet);
    let metadata = order.metadata.as_ref().unwrap().members();
    let metadata: Vec<_> = metadata
        .iter()
        .filter_map(|(_, value)| value.text())
        .collect();
    let wallet = method.wallet.as_ref().unwrap();
    let mut personal: Vec<_> = metadata.iter().collect();
    personal.extend(&order.customer_email);
    personal.extend(&method.card_last_four);
    personal.extend(&wallet.account_tag);
    assert_eq!(personal.len(), 5);
    for text in personal {
        assert!(!shown.contains(text.as_str()), "{text} in {shown}");
    }
}

#[tokio::test]
async fn a_key_that_the_vendor_echoes_is_masked_whatever_it_looks_like() {
    const PLAIN: &str = "plainkey";
    let transport = MemoryTransport::new();
    transport.reply(401, format!("{PLAIN} is unknown")).reply(
        200,
        format!(r#"{{"code":1,"msg":"{PLAIN} is unknown, card 4111 1111 1111 1111"}}"#),
    );
    let builder = Client::builder(PLAIN).base_url("https://clink.test");
    let client = builder.transport(Arc::new(transport)).build().unwrap();
    for shown in ["*** is unknown", "*** is unknown, card ***"] {
        let error = client.list_orders(&ListOrders::new()).await.unwrap_err();
        let text = format!("{error} {error:?}");
        assert!(!text.contains(PLAIN) && text.contains(shown), "{text}");
    }
}
