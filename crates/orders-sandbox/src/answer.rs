//! Answers as text, and the answer to a path of no vendor.

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

/// The answer to a path that belongs to no vendor.
pub(crate) fn nobodys_path() -> Response {
    let body = "no such path: vendors are under /clink/, /linkbest/ and /shopline/";
    answer(
        StatusCode::NOT_FOUND,
        "text/plain; charset=utf-8",
        body.to_owned(),
    )
}
