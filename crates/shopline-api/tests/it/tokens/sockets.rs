//! Over real sockets: created, then refreshed by the next process.

use std::time::{SystemTime, UNIX_EPOCH};

use shopline_api::tokens::{RefreshingToken, sign_body};
use shopline_api::{Client, ErrorKind};
use wiremock::matchers::{body_string, header, method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use super::play::{KEY, SECRET};
use crate::play::{HANDLE, body, request};

/// Gives this token to a call that is signed and timed well.
async fn give(server: &MockServer, name: &str, content: &str, token: &'static str) {
    let answer = move |request: &Request| {
        let value = |name: &str| request.headers[name].to_str().unwrap().to_owned();
        let time = value("timestamp");
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let near = now.as_millis().abs_diff(time.parse().unwrap()) < 60_000;
        let signed = value("sign") == sign_body(SECRET, &request.body, &time);
        ResponseTemplate::new(200).set_body_string(match near && signed {
            true => {
                format!(r#"{{"code":200,"i18nCode":"SUCCESS","data":{{"accessToken":"{token}"}}}}"#)
            }
            false => r#"{"code":401,"i18nCode":"SIGN_INVALID","message":"bad sign"}"#.to_owned(),
        })
    };
    Mock::given(method("POST"))
        .and(path(format!("/admin/oauth/token/{name}")))
        .and(header("appkey", KEY))
        .and(body_string(content))
        .respond_with(answer)
        .mount(server)
        .await;
}

fn app(server: &MockServer, secret: &str, code: Option<&str>) -> Client {
    let tokens = RefreshingToken::builder(HANDLE, KEY, secret).base_url(server.uri());
    let tokens = match code {
        Some(code) => tokens.code(code),
        None => tokens,
    };
    Client::builder_with(HANDLE, tokens.build().unwrap())
        .base_url(server.uri())
        .build()
        .unwrap()
}

#[tokio::test]
async fn an_app_gets_its_tokens_over_http() {
    let server = MockServer::start().await;
    give(&server, "create", r#"{"code":"c0de"}"#, "token-1").await;
    give(&server, "refresh", "", "token-2").await;
    for (token, id) in [("token-1", "1"), ("token-2", "2")] {
        Mock::given(header("authorization", format!("Bearer {token}")))
            .respond_with(ResponseTemplate::new(200).set_body_string(body(&[id])))
            .mount(&server)
            .await;
    }
    for (code, id) in [(Some("c0de"), "1"), (None, "2")] {
        let page = app(&server, SECRET, code)
            .list_customer_orders(&request())
            .await;
        assert_eq!(page.unwrap().records[0].id.as_deref(), Some(id));
    }
    let wrong = app(&server, "another secret", None);
    let error = wrong.list_customer_orders(&request()).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.code()),
        (ErrorKind::Auth, Some("SIGN_INVALID"))
    );
}
