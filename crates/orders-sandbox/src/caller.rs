//! Who may be answered: a caller that named this machine. A web page whose name was pointed at this machine (DNS
//! rebinding) names its own host, and is refused.

use std::net::IpAddr;

use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::answer::answer;

/// Answers with HTTP 421 where `Host` names another machine, and with HTTP 403 where a page of one (`Origin`) sent the
/// request. Neither is counted, logged or given to a vendor.
pub(crate) async fn only_from_here(request: Request, next: Next) -> Response {
    let refusal = |status, why: &str| answer(status, "text/plain; charset=utf-8", why.to_owned());
    match (named_here(&request), sent_from_here(request.headers())) {
        (false, _) => refusal(
            StatusCode::MISDIRECTED_REQUEST,
            "the sandbox answers only to 127.0.0.1, [::1] and localhost",
        ),
        (_, false) => refusal(
            StatusCode::FORBIDDEN,
            "the sandbox does not answer to web pages of other hosts",
        ),
        _ => next.run(request).await,
    }
}

/// Whether each host that the request names is this machine. One that names none was made by no browser.
fn named_here(request: &Request) -> bool {
    let asked = request.uri().authority().map(Authority::as_str);
    let headers = request.headers().get_all(header::HOST).into_iter();
    headers
        .map(|host| host.to_str().ok())
        .chain(asked.map(Some))
        .all(|host| host.is_some_and(is_loopback))
}

fn sent_from_here(headers: &HeaderMap) -> bool {
    let mut origins = headers.get_all(header::ORIGIN).into_iter();
    origins.all(|origin| {
        let uri = origin.to_str().ok().and_then(|origin| origin.parse().ok());
        uri.as_ref()
            .and_then(Uri::authority)
            .is_some_and(|host| is_loopback(host.as_str()))
    })
}

/// Whether `host:port` is a name that always means this machine.
fn is_loopback(authority: &str) -> bool {
    let Ok(authority) = authority.parse::<Authority>() else {
        return false;
    };
    let host = authority.host();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    match address.parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => host.eq_ignore_ascii_case("localhost"),
    }
}
