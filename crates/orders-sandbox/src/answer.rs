//! Answers as text, and what a path of no vendor gets.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// An answer with exactly this content type and body.
pub(crate) fn answer(status: StatusCode, content_type: &'static str, body: String) -> Response {
    (
        status,
        [(header::CONTENT_TYPE, HeaderValue::from_static(content_type))],
        body,
    )
        .into_response()
}

/// A path that belongs to no vendor.
pub(crate) fn nobodys_path() -> Response {
    let body = "no such path: vendors are under /clink/, /linkbest/ and /shopline/";
    answer(
        StatusCode::NOT_FOUND,
        "text/plain; charset=utf-8",
        body.to_owned(),
    )
}
