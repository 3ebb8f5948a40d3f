//! Answers that are no page: the caller's error, and what is retried.

use std::time::Duration;

use chrono::NaiveDate;
use linkbest_api::http::testing::MemoryTransport;
use linkbest_api::http::{ClientOptions, RateLimit, TransportErrorKind};
use linkbest_api::orders::{ORDER_DETAIL, ORDERS_QUERY};
use linkbest_api::reports::{ListReport, PROGRAM_REPORT};
use linkbest_api::settlements::{ListSettlements, SETTLEMENTS_QUERY};
use linkbest_api::{Client, Error, ErrorKind, ListOrders};

use crate::vendor::{builder, client};
use crate::{at, fixture};

async fn ask(
    transport: &MemoryTransport,
) -> Result<linkbest_api::Page<linkbest_api::Order>, Error> {
    let query = ListOrders::new(at(0), at(86_400));
    client(transport).list_orders(&query).await
}

#[tokio::test(start_paused = true)]
async fn what_may_be_tried_again_is() {
    for (status, body) in [
        (429, r#"{"Status":429,"Message":"m"}"#),
        (429, "slow down"),
        (429, r#"{"Status":4000,"Message":"m"}"#),
        (200, r#"{"Status":429,"Message":"m"}"#),
        (400, r#"{"Status":5001,"Message":"m"}"#),
        (200, r#"{"Status":"5001","Message":"m"}"#),
        (400, r#"{"status":500,"message":"m"}"#),
        (502, "<html>bad gateway</html>"),
        (503, ""),
        (504, r#"{"Status":9999}"#),
    ] {
        let transport = MemoryTransport::new();
        transport
            .reply(status, body)
            .reply(200, fixture("page-1.json"));
        let page = ask(&transport).await.unwrap();
        assert_eq!(page.records.len(), 2, "{status} {body}");
        assert_eq!(transport.left(), 0);
    }
    for kind in [TransportErrorKind::Connect, TransportErrorKind::Interrupted] {
        let transport = MemoryTransport::new();
        transport.fail(kind).reply(200, fixture("page-1.json"));
        assert_eq!(ask(&transport).await.unwrap().records.len(), 2);
    }
}

/// Every typed call, by its service.
async fn ask_all(client: &Client, service: &str) -> Result<(), Error> {
    let day = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
    match service {
        ORDERS_QUERY => drop(client.list_orders(&ListOrders::new(at(0), at(9))).await?),
        ORDER_DETAIL => drop(client.get_order("12", "A1").await?),
        SETTLEMENTS_QUERY => {
            let query = ListSettlements::new(at(0), at(9));
            drop(client.list_settlements(&query).await?);
        }
        PROGRAM_REPORT => drop(client.list_report(&ListReport::new(day, day)).await?),
        other => panic!("{other}"),
    }
    Ok(())
}

const SERVICES: [&str; 4] = [
    ORDERS_QUERY,
    ORDER_DETAIL,
    SETTLEMENTS_QUERY,
    PROGRAM_REPORT,
];

#[tokio::test(start_paused = true)]
async fn every_typed_call_is_tried_again() {
    let row = r#"{"Status":0,"Data":[{"ProgramId":"1","OrderSn":"A1"}]}"#;
    for service in SERVICES {
        for (status, body) in [
            (400, r#"{"Status":5001,"Message":"busy"}"#),
            (200, r#"{"Status":429,"Message":"slow"}"#),
            (429, ""),
            (503, "<html></html>"),
        ] {
            let transport = MemoryTransport::new();
            transport.reply(status, body).reply(200, row);
            ask_all(&client(&transport), service).await.unwrap();
            assert_eq!(transport.requests().len(), 2, "{service} {body}");
        }
        let transport = MemoryTransport::new();
        transport
            .fail(TransportErrorKind::Interrupted)
            .reply(200, row);
        ask_all(&client(&transport), service).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn every_typed_call_names_its_failure_and_itself() {
    for service in SERVICES {
        for (status, body, kind, code) in [
            (
                400,
                r#"{"Status":4000,"Message":"m"}"#,
                ErrorKind::InvalidRequest,
                Some("4000"),
            ),
            (
                200,
                r#"{"Status":4003,"Message":"m"}"#,
                ErrorKind::Permission,
                Some("4003"),
            ),
            (
                401,
                r#"{"status":401,"message":"m"}"#,
                ErrorKind::Auth,
                Some("401"),
            ),
            (405, "", ErrorKind::InvalidRequest, None),
            (200, "<html></html>", ErrorKind::Decode, None),
            (200, r#"{"Status":0}"#, ErrorKind::Decode, None),
            (200, r#"{"Data":[]}"#, ErrorKind::Decode, None),
        ] {
            let transport = MemoryTransport::new();
            transport.reply(status, body);
            let error = ask_all(&client(&transport), service).await.unwrap_err();
            assert_eq!(
                (error.kind(), error.code()),
                (kind, code),
                "{service} {body}"
            );
            assert_eq!(error.endpoint(), Some(service));
            assert_eq!((error.status(), error.attempts()), (Some(status), 1));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_may_not_is_an_error_at_once() {
    for (status, body, kind, code, message) in [
        (
            400,
            r#"{"Status":4000,"Message":"Stime is required"}"#,
            ErrorKind::InvalidRequest,
            Some("4000"),
            "Stime is required",
        ),
        (
            400,
            r#"{"Status":"4001","Message":"m"}"#,
            ErrorKind::NotFound,
            Some("4001"),
            "m",
        ),
        (
            200,
            r#"{"Status":4003,"Message":"m","Data":[]}"#,
            ErrorKind::Permission,
            Some("4003"),
            "m",
        ),
        (
            400,
            r#"{"Status":4010,"Message":"m"}"#,
            ErrorKind::InvalidRequest,
            Some("4010"),
            "m",
        ),
        (
            200,
            r#"{"Status":4010,"Message":"m"}"#,
            ErrorKind::Other,
            Some("4010"),
            "m",
        ),
        (
            401,
            r#"{"Status":401,"Message":"Sign is not valid"}"#,
            ErrorKind::Auth,
            Some("401"),
            "Sign is not valid",
        ),
        (
            400,
            r#"{"status":401,"message":"m"}"#,
            ErrorKind::Auth,
            Some("401"),
            "m",
        ),
        (
            401,
            r#"{"Status":4000,"Message":"m"}"#,
            ErrorKind::Auth,
            Some("4000"),
            "m",
        ),
        (
            403,
            r#"{"Status":4000,"Message":"m"}"#,
            ErrorKind::Permission,
            Some("4000"),
            "m",
        ),
        (
            401,
            "unauthorized",
            ErrorKind::Auth,
            None,
            "the vendor answered HTTP 401 Unauthorized",
        ),
        (
            404,
            "<html></html>",
            ErrorKind::NotFound,
            None,
            "the vendor answered HTTP 404 Not Found",
        ),
        (
            405,
            "",
            ErrorKind::InvalidRequest,
            None,
            "the vendor answered HTTP 405 Method Not Allowed",
        ),
        (
            500,
            "oops",
            ErrorKind::Server,
            None,
            "the vendor answered HTTP 500 Internal Server Error",
        ),
        (
            503,
            r#"{"Status":4000,"Message":"m"}"#,
            ErrorKind::InvalidRequest,
            Some("4000"),
            "m",
        ),
        (
            400,
            r#"{"Status":0,"Data":[]}"#,
            ErrorKind::InvalidRequest,
            None,
            "the vendor answered HTTP 400 Bad Request",
        ),
    ] {
        let transport = MemoryTransport::new();
        transport.reply(status, body);
        let error = ask(&transport).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{status} {body}: {error}");
        assert_eq!(error.code(), code, "{body}");
        assert_eq!(error.message(), message, "{body}");
        assert_eq!(error.status(), Some(status));
        assert_eq!(error.attempts(), 1, "{status} {body}");
        assert!(!error.is_retryable());
        assert_eq!(error.vendor(), Some("linkbest"));
        assert_eq!(error.endpoint(), Some(ORDERS_QUERY));
    }
}

#[tokio::test(start_paused = true)]
async fn an_authentication_error_names_the_way_to_another_signature() {
    for (status, body) in [
        (401, "no"),
        (401, r#"{"Status":401,"Message":"m"}"#),
        (400, r#"{"status":401,"message":"m"}"#),
    ] {
        let transport = MemoryTransport::new();
        transport.reply(status, body);
        let error = ask(&transport).await.unwrap_err();
        assert!(
            error
                .hint()
                .unwrap()
                .contains("`Md5Signing`; in the program the settings sign_joining and sign_place")
        );
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_under_200_that_is_no_page_is_an_error() {
    for (body, path, said) in [
        (
            &b"<html><title>Maintenance</title></html>"[..],
            None,
            "a web page",
        ),
        (b"", None, "the body is empty"),
        (b"ok", None, "expected an object"),
        (
            br#"{"Message":"success","Data":[]}"#,
            Some("Status"),
            "`Data`, `Message`",
        ),
        (
            br#"{"Status":0,"Message":"success"}"#,
            Some("Data"),
            "no Data",
        ),
    ] {
        let transport = MemoryTransport::new();
        transport.reply(200, body);
        let error = ask(&transport).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert_eq!(error.path(), path, "{error}");
        assert!(error.to_string().contains(said), "{error}");
        assert_eq!((error.status(), error.attempts()), (Some(200), 1));
        assert!(error.excerpt().is_some());
    }
    let transport = MemoryTransport::new();
    transport.reply(200, fixture("cut.txt"));
    assert_eq!(ask(&transport).await.unwrap_err().kind(), ErrorKind::Decode);
}

#[tokio::test(start_paused = true)]
async fn attempts_and_time_stand_in_the_error() {
    let transport = MemoryTransport::new();
    transport.otherwise(|_| {
        Ok(linkbest_api::http::testing::response(
            429,
            &[("traceid", "t1")],
            "",
        ))
    });
    let error = ask(&transport).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::RateLimit, 4));
    assert_eq!(error.elapsed(), Duration::from_millis(500 + 1000 + 2000));
    assert_eq!(error.trace_id(), Some("t1"));
}

#[tokio::test(start_paused = true)]
async fn bodies_are_capped_and_redirects_refused() {
    let transport = MemoryTransport::new();
    transport.reply(200, vec![b' '; 2_000]).reply_with(
        302,
        &[("location", "https://evil.test/")],
        "",
    );
    let client = builder(&transport)
        .options(ClientOptions::new().max_body(1_000))
        .build()
        .unwrap();
    let query = ListOrders::new(at(0), at(86_400));
    let error = client.list_orders(&query).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    let error = client.list_orders(&query).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.message().contains("https://evil.test"), "{error}");
    assert_eq!(transport.requests().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_local_rate_limit_is_kept_if_asked_for() {
    let transport = MemoryTransport::new();
    transport.otherwise(|_| {
        Ok(linkbest_api::http::testing::response(
            200,
            &[],
            r#"{"Status":0,"Data":[]}"#,
        ))
    });
    let client = builder(&transport)
        .rate_limit(RateLimit::new(2, 1).unwrap())
        .build()
        .unwrap();
    let query = ListOrders::new(at(0), at(86_400));
    for _ in 0..3 {
        client.list_orders(&query).await.unwrap();
    }
    let sent = transport.sent_at();
    assert!(sent[2] >= Duration::from_secs(1), "{sent:?}");
}
