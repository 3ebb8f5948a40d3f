//! What each answer of a token call becomes.

use std::error::Error as _;

use orders_http::testing::MemoryTransport;
use shopline_api::tokens::{AccessTokens, RefreshingToken, TokenCode, decode_answer};
use shopline_api::{Error, ErrorKind};

use super::play::{HOUR, SECRET, after, builder, client, failure, token};
use crate::fixtures;
use crate::play::request;

async fn refused(status: u16, body: impl Into<bytes::Bytes>) -> (Error, usize) {
    let transport = MemoryTransport::new();
    let reply = orders_http::testing::response(status, &[("traceid", "6a98")], body);
    transport.otherwise(move |_| Ok(reply.clone()));
    let error = builder(&transport)
        .build()
        .unwrap()
        .token()
        .await
        .unwrap_err();
    assert_eq!(error.endpoint(), Some("POST /admin/oauth/token/refresh"));
    assert_eq!(
        (error.vendor(), error.trace_id()),
        (Some("shopline"), Some("6a98"))
    );
    (error, transport.requests().len())
}

#[tokio::test(start_paused = true)]
async fn every_named_failure_says_what_to_do() {
    for (name, kind, sent) in [
        ("OAUTH_CODE_INVALID", ErrorKind::Auth, 1),
        ("REQUEST_FREQUENTLY", ErrorKind::RateLimit, 4),
        ("STORE_NOT_INSTALL_APP", ErrorKind::Permission, 1),
        ("APP_AUDIT_NOT_PASS", ErrorKind::Permission, 1),
        ("REQUEST_NOT_IN_APP_IP_WHITELIST", ErrorKind::Permission, 1),
        ("TOKEN_CREATE_EXCEPTION", ErrorKind::Server, 1),
        ("STORE_INFORMATION_ERROR", ErrorKind::InvalidRequest, 1),
    ] {
        let meaning = TokenCode::from(name).meaning().unwrap();
        for status in [200, 400, 500] {
            let (error, requests) = refused(status, failure(500, name)).await;
            assert_eq!((error.kind(), requests), (kind, sent), "{error}");
            assert_eq!(error.code(), Some(name));
            assert_eq!(error.message(), "what the vendor says");
            assert_eq!(error.hint(), Some(meaning.hint));
            assert_eq!(error.is_retryable(), kind == ErrorKind::RateLimit);
            assert_eq!(error.status(), Some(status));
        }
    }
    assert_eq!(TokenCode::Success.meaning(), None);
    assert_eq!(TokenCode::from("BRAND_NEW").meaning(), None);
}

#[tokio::test(start_paused = true)]
async fn other_failures_go_by_their_number() {
    for (body, kind, code) in [
        (failure(500, "BRAND_NEW"), ErrorKind::Server, "BRAND_NEW"),
        (
            failure(401, "SIGN_INVALID"),
            ErrorKind::Auth,
            "SIGN_INVALID",
        ),
        (r#"{"code":10001}"#.to_owned(), ErrorKind::Other, "10001"),
        (
            r#"{"code":0,"message":""}"#.to_owned(),
            ErrorKind::Other,
            "0",
        ),
    ] {
        let (error, sent) = refused(200, body).await;
        assert_eq!((error.kind(), sent), (kind, 1), "{error}");
        assert_eq!(error.code(), Some(code));
        assert!(error.hint().unwrap().contains("app secret"));
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_no_answer_is_an_error() {
    let full = fixtures::body("token/recorded.json");
    let cut = full.slice(..full.len() / 2);
    for (status, body, kind, path) in [
        (
            200,
            fixtures::body("token/html.txt"),
            ErrorKind::Decode,
            None,
        ),
        (200, cut, ErrorKind::Decode, None),
        (200, "".into(), ErrorKind::Decode, None),
        (200, "{}".into(), ErrorKind::Decode, Some("code")),
        (200, "[]".into(), ErrorKind::Decode, None),
        (
            200,
            fixtures::body("token/data-null.json"),
            ErrorKind::Decode,
            Some("data.accessToken"),
        ),
        (
            200,
            fixtures::body("token/no-token.json"),
            ErrorKind::Decode,
            Some("data.accessToken"),
        ),
        (
            200,
            fixtures::body("token/empty-token.json"),
            ErrorKind::Decode,
            Some("data.accessToken"),
        ),
        (
            200,
            fixtures::body("token/expiry-no-time.json"),
            ErrorKind::Decode,
            Some("data.expireTime"),
        ),
        (
            200,
            r#"{"code":200,"data":{"accessToken":"a b"}}"#.into(),
            ErrorKind::Decode,
            Some("data.accessToken"),
        ),
        (404, "".into(), ErrorKind::NotFound, None),
        (500, "<html>".into(), ErrorKind::Server, None),
    ] {
        let (error, sent) = refused(status, body).await;
        assert_eq!((error.kind(), sent), (kind, 1), "{error}");
        if path.is_some() {
            assert_eq!(error.path(), path, "{error}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn answers_are_read_in_all_their_forms() {
    let jwt = r#"{"code":200,"data":{"accessToken":"eyJhbGciOiJIUzUxMiJ9.eyJleHAiOjE3NjAwMzYwMDF9.c2ln"}}"#;
    let recorded = "2025-10-20T19:18:08.465+00:00".to_owned();
    for (body, expires, scopes) in [
        (fixtures::text("token/recorded.json"), recorded.clone(), 2),
        (
            fixtures::text("token/code-as-text.json"),
            recorded.clone(),
            2,
        ),
        (fixtures::text("token/no-scope.json"), recorded, 0),
        (
            fixtures::text("token/expiry-seconds.json"),
            "2025-10-20T19:18:08+08:00".to_owned(),
            2,
        ),
        // Else the token itself says it.
        (jwt.to_owned(), "2025-10-09T18:53:21+00:00".to_owned(), 0),
        // Else ten hours.
        (
            fixtures::text("token/no-expiry.json"),
            after(10 * HOUR).to_rfc3339(),
            2,
        ),
    ] {
        let transport = MemoryTransport::new();
        transport.reply(200, body.clone());
        let token = builder(&transport).build().unwrap().token().await.unwrap();
        assert_eq!(token.expires().unwrap().to_rfc3339(), expires, "{body}");
        assert_eq!(token.scopes().len(), scopes, "{body}");
    }
}

#[test]
fn an_answer_is_written_as_it_was_read() {
    for name in [
        "full",
        "recorded",
        "no-scope",
        "no-expiry",
        "data-null",
        "refused-code",
        "refused-often",
        "refused-store",
    ] {
        let answer = decode_answer(&fixtures::body(&format!("token/{name}.json"))).unwrap();
        let written = serde_json::to_vec(&answer).unwrap();
        assert_eq!(decode_answer(&written).unwrap(), answer, "{name}");
        assert_eq!(answer.is_success(), !name.starts_with("refused"), "{name}");
    }
}

/// The text of an error with all its causes.
fn shown(error: &Error) -> String {
    let mut text = format!("{error} {error:?} {error:#?}");
    let mut cause = error.source();
    while let Some(why) = cause {
        text.push_str(&format!(" {why} {why:?}"));
        cause = why.source();
    }
    text
}

#[tokio::test(start_paused = true)]
async fn no_secret_shows() {
    const CODE: &str = "c0de-c0de";
    const TOKEN: &str = "old-t0ken-old";
    let secrets = [SECRET, CODE, TOKEN, "new-t0ken-new"];
    let hidden = |text: &str| {
        let found: Vec<_> = secrets
            .iter()
            .filter(|secret| text.contains(**secret))
            .collect();
        assert!(found.is_empty(), "{found:?} in {text}");
    };
    for body in [
        format!(
            r#"{{"code":400,"i18nCode":"OAUTH_CODE_INVALID","message":"code {CODE} for {SECRET}"}}"#
        ),
        format!(r#"{{"code":200,"data":"new-t0ken-new {CODE}"}}"#),
        format!(r#"{{"code":200,"data":{{"accessToken":"new-t0ken-new","expireTime":"{CODE}"}}}}"#),
        r#"{"code":200,"data":{"accessToken":"new-t0ken-new"#.to_owned(),
        r#"{"code":200,"data":{"accessToken":"new-t0ken-new x"}}"#.to_owned(),
        format!("<html><title>{CODE} {SECRET}</title>"),
        CODE.to_owned(),
    ] {
        for status in [200, 400, 500] {
            let transport = MemoryTransport::new();
            transport.reply(status, body.clone());
            let tokens = builder(&transport).code(CODE).build().unwrap();
            let first = tokens.token().await.unwrap_err();
            let shared = tokens.token().await.unwrap_err();
            hidden(&shown(&first));
            hidden(&shown(&shared));
            for sent in transport.requests() {
                hidden(&sent.uri().to_string());
                hidden(&format!("{:?}", sent.headers()));
            }
        }
    }
    let transport = MemoryTransport::new();
    transport
        .reply(401, format!(r#"{{"errors":"bad","token":"{TOKEN}"}}"#))
        .reply(500, "");
    let settings = builder(&transport)
        .code(CODE)
        .token(token(TOKEN, after(HOUR)));
    hidden(&format!("{settings:?}"));
    let tokens: RefreshingToken = builder(&transport)
        .token(token(TOKEN, after(HOUR)))
        .build()
        .unwrap();
    let client = client(&transport, tokens.clone());
    let error = client.list_customer_orders(&request()).await.unwrap_err();
    hidden(&shown(&error));
    hidden(&format!("{tokens:?} {tokens:#?} {client:?} {client:#?}"));
    let answer = decode_answer(&fixtures::body("token/recorded.json")).unwrap();
    assert!(!format!("{answer:?}").contains("eyJ"));
}
