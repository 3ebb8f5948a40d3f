//! What a request looks like, and what is refused before it is sent.

use std::hash::{DefaultHasher, Hasher};
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use linkbest_api::http::testing::MemoryTransport;
use linkbest_api::orders::ORDERS_QUERY;
use linkbest_api::{
    Client, ErrorKind, Joining, ListOrders, Md5Signing, OrderField, OrderStatus, Params, SignPlace,
    canonical_text,
};
use orders_core::{Identity, OrderSource, Slice, TimeAxis, Walk, Window};

use crate::at;
use crate::vendor::{KEY, SECRET, builder, client, sent};

const EMPTY: &str = r#"{"Status":0,"Message":"success","Data":[]}"#;

fn day() -> ListOrders {
    ListOrders::new(at(1_692_633_600), at(1_692_720_000))
}

fn answered() -> MemoryTransport {
    let transport = MemoryTransport::new();
    transport.reply(200, EMPTY);
    transport
}

/// The signature of a body by the likeliest form.
fn signature(service: &str, body: &[u8]) -> String {
    let canonical = canonical_text(KEY, service, std::str::from_utf8(body).unwrap());
    format!("{:X}", md5::compute(format!("{SECRET}{canonical}{SECRET}")))
}

#[tokio::test(start_paused = true)]
async fn the_bytes_that_are_signed_are_the_bytes_that_are_sent() {
    let transport = answered();
    let query = day()
        .order_field(OrderField::OrderDatatime)
        .status(OrderStatus::Invalid)
        .website_id("1026")
        .program_id("7")
        .sub_id("a/b茶")
        .page(2)
        .page_size(200);
    let page = client(&transport).list_orders(&query).await.unwrap();
    assert!(page.records.is_empty());
    assert_eq!(page.message.as_deref(), Some("success"));

    let request = &transport.requests()[0];
    assert_eq!(request.method(), "POST");
    assert_eq!(request.headers()["content-type"], "application/json");
    assert_eq!(
        std::str::from_utf8(request.body()).unwrap(),
        "{\"Etime\":\"1692720000\",\"OrderField\":\"OrderDatatime\",\"Page\":\"2\",\"PageSize\":\"200\",\
         \"ProgramId\":\"7\",\"Status\":\"-1\",\"Stime\":\"1692633600\",\"SubId\":\"a/b茶\",\
         \"Timestamp\":\"1792000000\",\"WebsiteId\":\"1026\"}"
    );
    let sign = signature(ORDERS_QUERY, request.body());
    assert_eq!(
        request.uri().to_string(),
        format!("https://linkbest.test/gateway/{KEY}/{ORDERS_QUERY}?Sign={sign}")
    );
}

#[tokio::test(start_paused = true)]
async fn unset_parameters_are_left_to_the_vendor() {
    let transport = answered();
    client(&transport).list_orders(&day()).await.unwrap();
    let body = sent(&transport.requests()[0]);
    let names: Vec<_> = body.as_object().unwrap().keys().cloned().collect();
    assert_eq!(names, ["Etime", "Stime", "Timestamp"]);
}

#[tokio::test(start_paused = true)]
async fn the_sign_may_stand_in_a_header_or_the_body() {
    let transport = answered();
    let signing = Md5Signing::new(Joining::Suffix, SignPlace::Header);
    let client = builder(&transport).signing(signing).build().unwrap();
    client.list_orders(&day()).await.unwrap();
    let request = &transport.requests()[0];
    let canonical = canonical_text(
        KEY,
        ORDERS_QUERY,
        std::str::from_utf8(request.body()).unwrap(),
    );
    let expected = format!("{:X}", md5::compute(format!("{canonical}{SECRET}")));
    assert_eq!(request.headers()["sign"], expected.as_str());
    assert!(request.headers()["sign"].is_sensitive());
    assert_eq!(request.uri().query(), None);

    let transport = answered();
    let signing = Md5Signing::new(Joining::Prefix, SignPlace::Body);
    let client = builder(&transport).signing(signing).build().unwrap();
    client.list_orders(&day()).await.unwrap();
    let body = sent(&transport.requests()[0]);
    let without = day().params().with("Timestamp", 1_792_000_000).to_json();
    let canonical = canonical_text(KEY, ORDERS_QUERY, &without);
    let expected = format!("{:X}", md5::compute(format!("{SECRET}{canonical}")));
    assert_eq!(body["Sign"], expected.as_str());
    assert_eq!(transport.requests()[0].uri().query(), None);
}

#[tokio::test(start_paused = true)]
async fn each_attempt_has_its_own_timestamp_and_signature() {
    let transport = MemoryTransport::new();
    transport
        .reply_with(
            429,
            &[("retry-after", "3")],
            r#"{"Status":429,"Message":"slow"}"#,
        )
        .reply(200, EMPTY);
    client(&transport).list_orders(&day()).await.unwrap();
    let requests = transport.requests();
    assert_eq!(sent(&requests[0])["Timestamp"], "1792000000");
    assert_eq!(
        sent(&requests[1])["Timestamp"],
        "1792000003",
        "after 3.5 seconds"
    );
    for request in &requests {
        let sign = signature(ORDERS_QUERY, request.body());
        assert_eq!(request.uri().query(), Some(format!("Sign={sign}").as_str()));
    }
    assert_eq!(transport.sent_at()[1], Duration::from_millis(3500));
}

#[tokio::test(start_paused = true)]
async fn a_query_that_breaks_a_rule_is_not_sent() {
    let transport = MemoryTransport::new();
    let client = client(&transport);
    let start = at(1_692_633_600);
    for (query, rule) in [
        (ListOrders::new(start, start), "Stime must be before Etime"),
        (ListOrders::new(at(9), at(8)), "Stime must be before Etime"),
        (
            ListOrders::new(start, start + TimeDelta::seconds(86_401)),
            "at most one day",
        ),
        (
            ListOrders::new(start, start + TimeDelta::milliseconds(86_400_001)),
            "at most one day",
        ),
        (day().page(0), "Page counts from 1"),
        (day().page_size(0), "PageSize must be 1 to 200, got 0"),
        (day().page_size(201), "PageSize must be 1 to 200, got 201"),
        (day().status("9".into()), "Status must be -1, 0, 1 or 2"),
        (day().website_id(""), "WebsiteId must not be empty"),
        (day().program_id(""), "ProgramId must not be empty"),
        (day().sub_id(""), "SubId must not be empty"),
    ] {
        let error = client.list_orders(&query).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(error.to_string().contains(rule), "{error}");
        assert_eq!(error.attempts(), 0);
        assert_eq!(error.endpoint(), Some(ORDERS_QUERY));
    }
    assert!(transport.requests().is_empty());
    let whole_day = ListOrders::new(start, start + TimeDelta::seconds(86_400));
    assert!(whole_day.check().is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_raw_call_signs_any_service() {
    let transport = MemoryTransport::new();
    transport.reply(200, r#"{"Status":"200","Data":{"Wap":{"Url":"u"}}}"#);
    let params = Params::new()
        .with("WebsiteId", 1026)
        .with("Url", "https://www.example.com")
        .with_inside("Ext", Params::new().with("SubId", "x").with("Js", 0));
    let service = "linkbest.service.links.post";
    let reply = client(&transport).raw(service, &params).await.unwrap();
    assert!(reply.body().ends_with(br#"{"Wap":{"Url":"u"}}}"#));
    let request = &transport.requests()[0];
    assert_eq!(
        std::str::from_utf8(request.body()).unwrap(),
        r#"{"Ext":{"Js":"0","SubId":"x"},"Timestamp":"1792000000","Url":"https://www.example.com","WebsiteId":"1026"}"#
    );
    let sign = signature(service, request.body());
    assert_eq!(request.uri().query(), Some(format!("Sign={sign}").as_str()));
}

#[tokio::test(start_paused = true)]
async fn a_raw_call_is_tried_again_only_if_it_reads() {
    let busy = r#"{"Status":5001,"Message":"busy"}"#;
    let transport = MemoryTransport::new();
    transport.reply(400, busy).reply(200, EMPTY);
    let read = "linkbest.open-service.orders.detail.get";
    client(&transport).raw(read, &Params::new()).await.unwrap();

    let transport = MemoryTransport::new();
    transport.reply(400, busy);
    let write = "linkbest.service.links.post";
    let error = client(&transport)
        .raw(write, &Params::new())
        .await
        .unwrap_err();
    assert_eq!((error.attempts(), error.endpoint()), (1, Some(write)));
    assert_eq!(error.message(), "busy");
}

#[tokio::test(start_paused = true)]
async fn a_service_name_cannot_leave_its_place() {
    let transport = MemoryTransport::new();
    for service in ["", "..", "a/b", "a?b", "//evil.test/a", "a b", "a#b"] {
        let error = client(&transport)
            .raw(service, &Params::new())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{service}");
    }
    assert!(transport.requests().is_empty());
}

#[test]
fn a_wrong_configuration_is_refused() {
    let refused = |key: &str, secret: &str, url: &str| {
        let built = Client::builder(key, secret).base_url(url).build();
        assert_eq!(
            built.unwrap_err().kind(),
            ErrorKind::Config,
            "{key:?} {url}"
        );
    };
    let url = "https://linkbest.test";
    for key in ["", "a/b", "a b", "..", "é", "a\n", "a?"] {
        refused(key, "secret", url);
    }
    for secret in ["", " secret", "secret\n"] {
        refused("key", secret, url);
    }
    for url in [
        "",
        "linkbest.test",
        "ftp://linkbest.test",
        "https://linkbest.test/?a=b",
        "https://linkbest.test/#a",
        "https://user:pass@linkbest.test/",
        "mailto:a@b.test",
    ] {
        refused("key", "secret", url);
    }
    assert!(Client::new("key", "secret").is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_page_says_when_the_vendor_made_it_and_each_attempt_is_counted() {
    let transport = MemoryTransport::new();
    let date = [("date", "Tue, 22 Aug 2023 09:23:15 GMT")];
    transport
        .reply(503, "upstream")
        .reply_with(200, &date, EMPTY);
    let source: Box<dyn OrderSource> = Box::new(client(&transport));
    let window = Window::new(at(1_692_633_600), at(1_692_637_200)).unwrap();
    let slice = Slice::window(Walk::Windows, TimeAxis::Updated, window);
    let page = source.page(&slice, None).await.unwrap();
    assert_eq!(page.answered_at, Some(at(1_692_696_195)));
    assert_eq!(source.requests_sent(), Some(2));
}

#[test]
fn an_account_is_recognised_by_where_it_is_and_by_key_and_secret() {
    let seen = |key: &str, secret: &str, part| {
        let client = Client::builder(key, secret).transport(Arc::new(MemoryTransport::new()));
        let mut hasher = DefaultHasher::new();
        let known = OrderSource::identify(&client.build().unwrap(), part, &mut hasher);
        known.then(|| hasher.finish())
    };
    let by_key = |key, secret| seen(key, secret, Identity::Credential).unwrap();
    assert_eq!(by_key("k1", "s1"), by_key("k1", "s1"));
    assert_ne!(by_key("k1", "s1"), by_key("k1", "s2"));
    assert_ne!(by_key("k1", "s1"), by_key("k2", "s1"));
    assert_eq!(seen("k1", "s1", Identity::Store), None);
}

/// No number is documented: the pace is our choice, and none is kept to this machine.
#[tokio::test(start_paused = true)]
async fn a_gentle_pace_is_kept_by_default_except_to_loopback() {
    for (url, no_limit, least, most) in [
        ("https://linkbest.test", false, 2_000, 2_100),
        ("https://linkbest.test", true, 0, 100),
        ("http://127.0.0.1:9", false, 0, 100),
    ] {
        let transport = MemoryTransport::new();
        transport.otherwise(|_| Ok(linkbest_api::http::testing::response(200, &[], EMPTY)));
        let mut builder = builder(&transport).base_url(url);
        if no_limit {
            builder = builder.options(linkbest_api::http::ClientOptions::new().no_rate_limit());
        }
        let client = builder.build().unwrap();
        let started = tokio::time::Instant::now();
        for _ in 0..30 {
            client.list_orders(&day()).await.unwrap();
        }
        let took = started.elapsed().as_millis();
        assert!((least..most).contains(&took), "{url}: {took} ms");
    }
}
