//! No secret in anything that is printed or in a URL.

use linkbest_api::failure::Code;
use linkbest_api::http::testing::MemoryTransport;
use linkbest_api::{
    Joining, ListOrders, Mapper, Md5Signing, OrderField, OrderStatus, Params, SignPlace,
};

use crate::vendor::{KEY, SECRET, builder};
use crate::{at, fixture};

#[tokio::test(start_paused = true)]
async fn debug_of_every_public_type_holds_no_secret() {
    let transport = MemoryTransport::new();
    transport
        .reply(
            401,
            format!(r#"{{"Status":401,"Message":"AppSecret={SECRET} Sign=ABCDEF"}}"#),
        )
        .reply(401, format!("secret: {SECRET}"))
        .reply(200, format!(r#"{{"AppSecret":"{SECRET}"}}"#));
    let builder = builder(&transport);
    let mut printed = format!("{builder:?} {builder:#?}");
    let client = builder.build().unwrap();
    printed += &format!("{client:?} {client:#?}");
    let query = ListOrders::new(at(0), at(10));
    for _ in 0..3 {
        let error = client.list_orders(&query).await.unwrap_err();
        printed += &format!("{error:?} {error}");
    }
    let page = linkbest_api::orders::decode_page(&fixture("full.json")).unwrap();
    let core = Mapper::new("main").order(&page.records[0]);
    printed += &format!(
        "{page:?} {:?} {core:?} {:?}",
        page.records[0].raw,
        Mapper::new("main")
    );
    printed += &format!(
        "{query:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        Params::new().with("a", 1),
        Md5Signing::default(),
        Joining::Suffix,
        SignPlace::Header,
        OrderField::ChargeTime,
        OrderStatus::Settled,
        Code::Busy,
    );
    assert!(printed.contains("Client {") && printed.contains("ClientBuilder"));
    assert!(!printed.contains("topsecret"), "{printed}");
    assert!(!printed.contains(KEY), "{printed}");
    for request in transport.requests() {
        let uri = request.uri().to_string();
        let sign = request
            .uri()
            .query()
            .unwrap()
            .strip_prefix("Sign=")
            .unwrap();
        assert!(sign.len() == 32 && !printed.contains(sign));
        assert!(!uri.contains("topsecret"));
        assert!(!format!("{:?}", request.headers()).contains("topsecret"));
    }
}

/// Linkbest sends nothing about buyers. A member that does has to be kept out of `Debug`.
#[test]
fn an_order_has_no_member_for_personal_data() {
    let page = linkbest_api::orders::decode_page(&fixture("full.json")).unwrap();
    let written = serde_json::to_string(&page.records[0].value).unwrap();
    assert!(written.contains("\"OrderSn\""));
    for word in [
        "Mail", "Phone", "Mobile", "Address", "Buyer", "Customer", "UserName",
    ] {
        assert!(!written.contains(word), "{word}: {written}");
    }
}

#[tokio::test]
async fn a_secret_that_the_vendor_echoes_is_masked_whatever_it_looks_like() {
    let transport = MemoryTransport::new();
    transport
        .reply(
            401,
            r#"{"Status":401,"Message":"keyplain with secretplain"}"#,
        )
        .reply(500, "keyplain with secretplain");
    let client = linkbest_api::Client::builder("keyplain", "secretplain")
        .transport(std::sync::Arc::new(transport))
        .build()
        .unwrap();
    for _ in 0..2 {
        let query = ListOrders::new(at(0), at(10));
        let error = client.list_orders(&query).await.unwrap_err();
        let text = format!("{error} {error:?}");
        assert!(
            !text.contains("plain") && text.contains("*** with ***"),
            "{text}"
        );
    }
}
