//! No secret shows, whatever is printed.

use bytes::Bytes;
use orders_http::testing::MemoryTransport;
use shopline_api::orders::{ListCustomerOrders, SecretText, StatusFilter, decode_page};
use shopline_api::tokens::RefreshingToken;
use shopline_api::{Client, ErrorKind, Mapper};

use crate::fixtures;
use crate::play::{TOKEN, body, builder, client, request};

const ORDER: &str = r#"{"list":[{"id":"1","order_status_url":"https://tea/s?key=SECRET","cart_token":"SECRET",
    "checkout_token":"SECRET","token_info":{"cart_token":"SECRET","checkout_token":"SECRET"},
    "client_details":{"session_hash":"SECRET","user_agent":"x"},
    "customer":{"email":"jane@example.com"},"unknown":"SECRET"}]}"#;

#[test]
fn orders_print_without_their_keys() {
    let page = decode_page(&Bytes::from_static(ORDER.as_bytes())).unwrap();
    let core = Mapper::new("main").order(&page.records[0]);
    let shown = format!(
        "{page:?} {page:#?} {core:?} {:?} {:?}",
        page.records[0].value,
        Mapper::new("main")
    );
    assert!(!shown.contains("SECRET"), "{shown}");
    let order = &page.records[0].value;
    assert_eq!(order.cart_token().unwrap().expose(), "SECRET");
    let written = serde_json::to_string(order).unwrap();
    assert_eq!(written.matches("SECRET").count(), 6);
    assert_eq!(format!("{:?}", SecretText::new("SECRET")), "[secret]");
}

#[test]
fn a_full_order_prints_without_its_tokens() {
    let page = decode_page(&fixtures::body("full.json")).unwrap();
    let order = &page.records[0].value;
    let shown = format!("{order:?}");
    for secret in [
        order.order_status_url.as_ref().unwrap(),
        order.cart_token.as_ref().unwrap(),
        order
            .token_info
            .as_ref()
            .unwrap()
            .checkout_token
            .as_ref()
            .unwrap(),
    ] {
        assert!(!shown.contains(secret.expose()), "{}", secret.expose());
    }
}

#[tokio::test(start_paused = true)]
async fn clients_builders_replies_and_errors_print_without_the_token() {
    let transport = MemoryTransport::new();
    transport
        .reply(200, body(&["1"]))
        .reply(
            401,
            format!(r#"{{"errors":"bad token","token":"{TOKEN}"}}"#),
        )
        .reply(200, r#"{"count":1}"#);
    let client = client(&transport);
    let page = client.list_customer_orders(&request()).await.unwrap();
    let error = client.list_customer_orders(&request()).await.unwrap_err();
    let reply = client.raw("orders/count.json", &[]).await.unwrap();
    let wrong = Client::builder("a.b", TOKEN).build().unwrap_err();
    let no_header = Client::builder("a", format!("{TOKEN} x"));
    let shown = format!(
        "{:?} {client:#?} {page:?} {error:?} {error} {reply:?} {wrong:?} {no_header:?} {:?} {:?} {transport:?}",
        builder(&transport),
        ListCustomerOrders::new("1", StatusFilter::Any),
        no_header_error(),
    );
    assert!(!shown.contains(TOKEN), "{shown}");
    for sent in transport.requests() {
        assert!(!sent.uri().to_string().contains(TOKEN));
        assert!(!format!("{:?}", sent.headers()).contains(TOKEN));
    }
}

fn no_header_error() -> shopline_api::Error {
    Client::new("tea", format!("{TOKEN}\u{7f}")).unwrap_err()
}

#[test]
fn a_base_url_with_a_password_is_refused_and_never_shown() {
    for url in [
        "https://jane:pa55word@proxy.example/",
        "https://pa55word@proxy.example/",
        "https://:pa55word@proxy.example/",
        "https://proxy.example/?key=pa55word",
        "https://proxy.example/#pa55word",
        "jane:pa55word@proxy.example",
        "https://jane:pa55word@[",
    ] {
        let client = || Client::builder("tea", TOKEN).base_url(url);
        let tokens = || RefreshingToken::builder("tea", "key", "app secret").base_url(url);
        let as_handle = || Client::builder(url, TOKEN);
        let tokens_as_handle = || RefreshingToken::builder(url, "key", "app secret");
        let errors = [
            client().build().unwrap_err(),
            tokens().build().unwrap_err(),
            as_handle().build().unwrap_err(),
            tokens_as_handle().build().unwrap_err(),
        ];
        for error in &errors {
            assert_eq!(error.kind(), ErrorKind::Config, "{error}");
        }
        let shown = format!(
            "{:?} {:#?} {:?} {:?} {:?} {errors:?}",
            client(),
            client(),
            tokens(),
            as_handle(),
            tokens_as_handle()
        );
        assert!(!shown.contains("pa55word"), "{shown}");
        assert!(shown.contains("ClientBuilder { handle: \"tea\""), "{shown}");
    }
}

/// Members that hold personal data, wherever they stand.
const PERSONAL: [&str; 20] = [
    "address",
    "address1",
    "address2",
    "address_add",
    "browser_ip",
    "buyer_note",
    "city",
    "credit_card_bin",
    "credit_card_number",
    "email",
    "first_name",
    "last_name",
    "latitude",
    "longitude",
    "note",
    "pay_merchant_email",
    "phone",
    "tax_number",
    "user_agent",
    "zip",
];

/// The texts of personal members in a body.
fn personal(value: &serde_json::Value, found: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(members) => {
            for (name, member) in members {
                match member {
                    serde_json::Value::String(text) if PERSONAL.contains(&name.as_str()) => {
                        found.push(text.clone());
                    }
                    member => personal(member, found),
                }
            }
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| personal(item, found)),
        _ => {}
    }
}

#[test]
fn nothing_personal_shows_in_a_full_order() {
    for name in [
        "full.json",
        "customers/full.json",
        "store-transactions/full.json",
    ] {
        let body = fixtures::body(name);
        let mut texts = Vec::new();
        personal(&serde_json::from_slice(&body).unwrap(), &mut texts);
        assert!(texts.len() > 1, "{name}: {texts:?}");
        let shown = if name == "full.json" {
            let page = decode_page(&body).unwrap();
            let order = &page.records[0].value;
            format!(
                "{page:#?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
                order.customer,
                order.shipping_address,
                order.billing_address,
                order.locations,
                order.client_details,
                order.shipping_lines,
                order.refunds,
                order.payment_details,
                order.note_attributes,
            )
        } else if name.starts_with("store") {
            let page = shopline_api::payments::decode_store_transactions(&body);
            format!("{:#?}", page.unwrap())
        } else {
            format!(
                "{:#?}",
                shopline_api::customers::decode_page(&body).unwrap()
            )
        };
        for text in texts {
            assert!(
                !shown.contains(&format!("{text:?}")),
                "{name}: {text} in {shown}"
            );
        }
    }
}

/// Each call may have another token.
#[tokio::test]
async fn a_token_that_the_vendor_echoes_is_masked_whatever_it_looks_like() {
    let transport = MemoryTransport::new();
    transport.reply(422, r#"{"errors":"no plaintoken here"}"#);
    let client = Client::builder("open001", "plaintoken")
        .transport(std::sync::Arc::new(transport))
        .build()
        .unwrap();
    let query = ListCustomerOrders::new("1", StatusFilter::Any);
    let error = client.list_customer_orders(&query).await.unwrap_err();
    let text = format!("{error} {error:?}");
    assert!(
        !text.contains("plaintoken") && text.contains("no *** here"),
        "{text}"
    );
}
