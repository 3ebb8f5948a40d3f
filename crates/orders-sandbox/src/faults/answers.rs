//! Failures in each vendor's own form, and a page of HTML.
//!
//! Documented: SHOPLINE's 429 with its text, its 503, and the form of its errors; Linkbest's codes and HTTP statuses;
//! the form of Clink's errors. Recorded: pages of HTML under HTTP 200 (SHOPLINE). Everything else is inferred.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

use crate::answer::answer;
use crate::vendor::Vendor;
use crate::{clink, linkbest, shopline};

pub(super) fn too_many_requests(vendor: Vendor, retry_after: Option<u64>) -> Response {
    let mut response = failure(vendor, StatusCode::TOO_MANY_REQUESTS, "Too many requests");
    if vendor == Vendor::Shopline {
        // Documented, in the singular.
        response = shopline::failure(StatusCode::TOO_MANY_REQUESTS, "Too many request");
    }
    if let Some(seconds) = retry_after {
        let seconds = HeaderValue::from(seconds);
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    response
}

pub(super) fn internal_error(vendor: Vendor) -> Response {
    failure(vendor, StatusCode::INTERNAL_SERVER_ERROR, "System error")
}

pub(super) fn unavailable(vendor: Vendor) -> Response {
    failure(
        vendor,
        StatusCode::SERVICE_UNAVAILABLE,
        "Service unavailable",
    )
}

/// Under HTTP 200.
pub(super) fn error_code(vendor: Vendor, route: &str) -> Response {
    match vendor {
        Vendor::Shopline if route.contains("/oauth/") => shopline::too_many_token_calls(),
        Vendor::Clink => clink::failure(StatusCode::OK, 429, "Too many requests"),
        Vendor::Linkbest => linkbest::failure(StatusCode::OK, 5001, "network busy"),
        Vendor::Shopline => shopline::failure(StatusCode::OK, "The system is busy"),
    }
}

pub(super) fn html() -> Response {
    let body = "<!DOCTYPE html>\n<html><head><title>Just a moment...</title></head>\
                <body><h1>Down for maintenance</h1></body></html>\n";
    answer(StatusCode::OK, "text/html; charset=utf-8", body.to_owned())
}

/// The HTTP status. Where the vendor has a code in the body, the code is the same.
fn failure(vendor: Vendor, status: StatusCode, message: &str) -> Response {
    match vendor {
        Vendor::Clink => clink::failure(status, status.as_u16(), message),
        Vendor::Linkbest => linkbest::failure(status, status.as_u16(), message),
        Vendor::Shopline => shopline::failure(status, message),
    }
}
