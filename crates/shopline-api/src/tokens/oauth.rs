//! The app's own calls: creating and refreshing a token, and the address of the authorisation.
//!
//! Documented: these paths are not under `/admin/openapi/{version}`, and the headers are `appkey`, `timestamp`
//! (milliseconds) and `sign`.

use std::fmt;
use std::time::SystemTime;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{HeaderValue, Request, StatusCode, header};
use orders_core::{Error, ErrorKind};
use orders_http::{Attempt, Endpoint, Engine, Reply, kind_of_status, unbuildable};
use secrecy::{ExposeSecret, SecretString};

use super::signature::{component, sign_body};
use super::{AccessToken, TokenAnswer, decode_answer};
use crate::auth::{self, CONTENT_TYPE};
use crate::failure::refuse_fault;

/// How long a token lives where neither the answer nor the token says it (documented).
const LIFE: TimeDelta = TimeDelta::hours(10);

/// A code works once, so what may have reached the vendor is not sent again.
const CREATE: Endpoint =
    Endpoint::post("POST /admin/oauth/token/create", "admin/oauth/token/create");
/// Two refreshes give two tokens, of which the later one is used.
const REFRESH: Endpoint = Endpoint::post(
    "POST /admin/oauth/token/refresh",
    "admin/oauth/token/refresh",
)
.retry_safe();

/// Where to send the merchant, who then allows the app these scopes (`read_orders`, `read_customers`, ...) and comes back
/// to `redirect_uri`. `custom_field` comes back too: give something that only this visitor can know.
///
/// # Errors
/// `Config`, where the handle is no part of a host name.
pub fn authorize_url(
    handle: &str,
    app_key: &str,
    scopes: &[&str],
    redirect_uri: &str,
    custom_field: Option<&str>,
) -> Result<String, Error> {
    let store = auth::store(handle)?;
    let scopes: Vec<String> = scopes.iter().map(|scope| component(scope)).collect();
    let mut url = format!(
        "{}admin/oauth-web/#/oauth/authorize?appKey={}&responseType=code&scope={}&redirectUri={}",
        store.as_str(),
        component(app_key),
        scopes.join(","),
        component(redirect_uri)
    );
    if let Some(custom_field) = custom_field {
        url.push_str(&format!("&customField={}", component(custom_field)));
    }
    Ok(url)
}

/// The token calls of one app in one store.
pub(super) struct TokenCalls {
    pub(super) engine: Engine,
    pub(super) app_key: HeaderValue,
    pub(super) secret: SecretString,
}

impl TokenCalls {
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.engine.clock().now().into()
    }

    /// The first token, for a code.
    pub(super) async fn create(&self, code: &SecretString) -> Result<AccessToken, Error> {
        let body = serde_json::json!({ "code": code.expose_secret() });
        let body = serde_json::to_vec(&body);
        let body =
            body.map_err(|_| Error::invalid_request("the code cannot be written as JSON"))?;
        self.call(&CREATE, body.into(), Some(code)).await
    }

    /// The next token.
    pub(super) async fn refresh(&self) -> Result<AccessToken, Error> {
        self.call(&REFRESH, Bytes::new(), None).await
    }

    async fn call(
        &self,
        endpoint: &Endpoint,
        body: Bytes,
        code: Option<&SecretString>,
    ) -> Result<AccessToken, Error> {
        let uri = self.engine.base().join(endpoint.path, &[])?;
        let build = |attempt: Attempt| {
            let timestamp = millis(attempt.now).to_string();
            let sign = sign_body(self.secret.expose_secret(), &body, &timestamp);
            let sign = HeaderValue::from_str(&sign);
            let mut sign = sign.map_err(|why| unbuildable(http::Error::from(why)))?;
            sign.set_sensitive(true);
            Request::post(&uri)
                .header("appkey", &self.app_key)
                .header("timestamp", timestamp)
                .header("sign", sign)
                .header(header::CONTENT_TYPE, CONTENT_TYPE)
                .header(header::ACCEPT, "application/json")
                .body(body.clone())
                .map_err(unbuildable)
        };
        let read = |reply: &Reply| {
            let now = self.engine.clock().now();
            read_token(reply, endpoint.name, now.into())
        };
        let own = code.cloned().into_iter().chain([self.secret.clone()]);
        let engine = self.engine.clone().hiding(own);
        engine.run(endpoint, build, read).await
    }
}

impl fmt::Debug for TokenCalls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenCalls")
            .field("engine", &self.engine)
            .finish_non_exhaustive()
    }
}

fn millis(time: SystemTime) -> u128 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    since.unwrap_or_default().as_millis()
}

fn read_token(reply: &Reply, name: &'static str, now: DateTime<Utc>) -> Result<AccessToken, Error> {
    let answer = decode_answer(reply.body());
    if let Ok(answer) = &answer
        && says_failure(answer)
    {
        return Err(refusal(reply, answer));
    }
    let token = refuse_fault(reply, Endpoint::get(name, "")).and_then(|()| token(answer, now));
    token.map_err(|error| error.with_excerpt(excerpt(reply)))
}

/// A piece of a body that could not be read; nothing where it may hold a token under a name that masking does not know.
fn excerpt(reply: &Reply) -> String {
    let body = String::from_utf8_lossy(reply.body());
    match body.contains(r#""data""#) {
        true => format!("({} bytes, not shown)", body.len()),
        false => reply.excerpt(),
    }
}

fn says_failure(answer: &TokenAnswer) -> bool {
    let named = answer.i18n_code.as_ref().and_then(|code| code.meaning());
    !answer.is_success() && (answer.code.is_some() || named.is_some())
}

/// The error of a failure that the body tells: by its name, else by its number as if it were an HTTP status.
fn refusal(reply: &Reply, answer: &TokenAnswer) -> Error {
    let name = answer.i18n_code.as_ref();
    let number = answer.code.map(|code| code.to_string());
    let code = name.map(|name| name.as_str().to_owned()).or(number);
    let code = code.unwrap_or_default();
    let message = answer.message.as_deref().filter(|text| !text.is_empty());
    let message = message.unwrap_or("SHOPLINE gave no token");
    match name.and_then(|name| name.meaning()) {
        Some(meaning) => {
            let error = reply.error(meaning.kind, message).with_code(code);
            let error = error.with_hint(meaning.hint);
            if meaning.retryable {
                error.retryable()
            } else {
                error
            }
        }
        None => {
            let status = answer.code.and_then(|code| u16::try_from(code).ok());
            let status = status.filter(|status| (400..600).contains(status));
            let status = status.and_then(|status| StatusCode::from_u16(status).ok());
            let kind = status.map_or(ErrorKind::Other, kind_of_status);
            let hint = "check the app key, the app secret, the handle and this machine's clock";
            reply.error(kind, message).with_code(code).with_hint(hint)
        }
    }
}

fn token(answer: Result<TokenAnswer, Error>, now: DateTime<Utc>) -> Result<AccessToken, Error> {
    let answer = answer?;
    if !answer.is_success() {
        return Err(Error::decode(
            "code",
            "the number of the outcome is missing",
        ));
    }
    let data = answer.data.unwrap_or_default();
    let text = data.access_token.as_ref().map(|text| text.expose());
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Err(Error::decode("data.accessToken", "the token is missing"));
    };
    let token = AccessToken::new(text).map_err(|_| {
        let message = "the token holds characters that a header cannot carry";
        Error::decode("data.accessToken", message)
    })?;
    let expires = data.expire_time.or(token.expires());
    let expires = expires.unwrap_or_else(|| {
        let end = now.checked_add_signed(LIFE).unwrap_or(now);
        end.fixed_offset()
    });
    Ok(token.with_expiry(expires).with_scopes(data.scopes()))
}
