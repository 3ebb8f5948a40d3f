//! One whole answer, as the vendor crate reads it.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use orders_core::{Error, ErrorKind};

use crate::redact::{self, OwnSecrets};
use crate::retry_after::parse_retry_after;

/// How much of a body an error shows, in characters.
const EXCERPT: usize = 400;

/// How much of a vendor's message an error keeps, in characters.
const MESSAGE: usize = 600;

/// Headers in which vendors name the request, most specific first.
const TRACE_HEADERS: [&str; 4] = ["traceid", "trace-id", "x-trace-id", "x-request-id"];

/// One whole answer.
///
/// Its `Debug` shows the status and the size of the body, and nothing of headers and body: both may hold secrets.
#[derive(Clone)]
pub struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    retry_after: Option<Duration>,
    /// What its texts must not show.
    own: Arc<OwnSecrets>,
}

impl Reply {
    /// The answer as it came at `now`; `Retry-After` dates count from there.
    #[must_use]
    pub fn new(response: http::Response<Bytes>, now: SystemTime) -> Self {
        let (parts, body) = response.into_parts();
        let retry_after = parts
            .headers
            .get(http::header::RETRY_AFTER)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| parse_retry_after(value, now));
        Self {
            status: parts.status,
            headers: parts.headers,
            body,
            retry_after,
            own: Arc::default(),
        }
    }

    pub(crate) fn hiding(self, own: Arc<OwnSecrets>) -> Self {
        Self { own, ..self }
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Whether the status is 2xx.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.status.is_success()
    }

    /// All headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The first header of this name (in any case), where it is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The whole body.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The wait that a `Retry-After` header requests, counted from when the answer came.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// When the vendor made the answer, by its own clock: the `Date` header.
    #[must_use]
    pub fn date(&self) -> Option<SystemTime> {
        httpdate::parse_http_date(self.header("date")?.trim()).ok()
    }

    /// The id under which the vendor can find the request: the first value of `traceid`, `trace-id`, `x-trace-id` or
    /// `x-request-id`.
    #[must_use]
    pub fn trace_id(&self) -> Option<&str> {
        let value = TRACE_HEADERS.iter().find_map(|name| self.header(name))?;
        let first = value.split(',').next().unwrap_or_default().trim();
        (!first.is_empty() && first.len() <= 128).then_some(first)
    }

    /// Whether this is a web page instead of data: by its content type, or by how it begins.
    #[must_use]
    pub fn looks_like_html(&self) -> bool {
        let content_type = self.header("content-type").unwrap_or_default();
        content_type
            .trim_start()
            .to_ascii_lowercase()
            .starts_with("text/html")
            || begins_like_html(&self.body)
    }

    /// How the body is compressed, by its header or by how it begins; `None` where it is not. No engine requests a
    /// compressed answer, so it is one that cannot be read.
    pub(crate) fn compression(&self) -> Option<&str> {
        let encoding = self.header("content-encoding").unwrap_or_default().trim();
        if !encoding.is_empty() && !encoding.eq_ignore_ascii_case("identity") {
            // A proxy may have unpacked the body and left the header.
            return (!begins_like_json(&self.body)).then_some(encoding);
        }
        let magic = [
            (&b"\x1f\x8b"[..], "gzip"),
            (&b"\x28\xb5\x2f\xfd"[..], "zstd"),
        ];
        let mut known = magic
            .iter()
            .filter(|(begin, _)| self.body.starts_with(begin));
        known.next().map(|(_, name)| *name)
    }

    /// A bounded piece of the body on one line, with secrets and personal data masked. Of a web page only its title.
    #[must_use]
    pub fn excerpt(&self) -> String {
        if self.body.is_empty() {
            return "(empty)".to_owned();
        }
        if let Some(compression) = self.compression() {
            let bytes = self.body.len();
            let compression = self.shown(compression.as_bytes(), 40);
            return format!("{bytes} bytes, compressed ({compression})");
        }
        match self.looks_like_html().then(|| self.html_title()) {
            Some(Some(title)) => format!("an HTML page titled {title:?}"),
            Some(None) => format!("an HTML page: {}", self.shown(&self.body, EXCERPT / 2)),
            None => self.shown(&self.body, EXCERPT),
        }
    }

    fn shown(&self, text: &[u8], max: usize) -> String {
        redact::excerpt_without(text, max, &self.own)
    }

    fn html_title(&self) -> Option<String> {
        let title = html_title(&self.body)?;
        Some(self.shown(title.as_bytes(), EXCERPT / 4))
    }

    /// An error of `kind` about this answer, with its status, trace id, wait and excerpt. `message` (the vendor's, or
    /// ours) is redacted and bounded.
    ///
    /// Not retryable: add [`Error::retryable`] where the reply says that trying again makes sense.
    #[must_use]
    pub fn error(&self, kind: ErrorKind, message: &str) -> Error {
        let error = Error::new(kind, self.shown(message.as_bytes(), MESSAGE));
        self.describe(error)
    }

    /// Adds to `error` what it does not say yet about this answer: status, trace id, wait and excerpt.
    pub(crate) fn describe(&self, mut error: Error) -> Error {
        if error.status().is_none() {
            error = error.with_status(self.status.as_u16());
        }
        if error.retry_after().is_none() {
            error = error.with_retry_after(self.retry_after);
        }
        if error.excerpt().is_none() {
            error = error.with_excerpt(self.excerpt());
        }
        match self.trace_id() {
            Some(trace_id) if error.trace_id().is_none() => error.with_trace_id(trace_id),
            _ => error,
        }
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("status", &self.status.as_u16())
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

fn begins_like_json(body: &[u8]) -> bool {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let start = body.trim_ascii_start().first();
    body.is_empty() || start.is_some_and(|first| b"{[<\"".contains(first))
}

fn begins_like_html(body: &[u8]) -> bool {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let start = body.trim_ascii_start();
    ["<!doctype html", "<html", "<head", "<body"]
        .iter()
        .any(|tag| {
            start
                .get(..tag.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(tag.as_bytes()))
        })
}

fn html_title(body: &[u8]) -> Option<String> {
    let page = String::from_utf8_lossy(body.get(..8192).unwrap_or(body));
    // ASCII lower case keeps byte positions.
    let lower = page.to_ascii_lowercase();
    let open = lower.find("<title")?;
    let start = open + lower.get(open..)?.find('>')? + 1;
    let end = start + lower.get(start..)?.find("</title")?;
    let title = page.get(start..end)?.trim();
    (!title.is_empty()).then(|| title.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(headers: &[(&str, &str)], body: &'static str) -> Reply {
        let mut response = http::Response::builder().status(200);
        for (name, value) in headers {
            response = response.header(*name, *value);
        }
        let response = response.body(Bytes::from_static(body.as_bytes())).unwrap();
        Reply::new(response, SystemTime::UNIX_EPOCH)
    }

    #[test]
    fn a_web_page_is_known_by_its_type_or_its_beginning() {
        assert!(reply(&[("content-type", "text/html; charset=utf-8")], "hello").looks_like_html());
        assert!(reply(&[], "\u{feff}\n <!DOCTYPE HTML><html>").looks_like_html());
        assert!(reply(&[("content-type", "application/json")], "<html>").looks_like_html());
        assert!(!reply(&[("content-type", "application/json")], "{}").looks_like_html());
        assert!(!reply(&[], "").looks_like_html());
        assert!(!reply(&[], "<ä").looks_like_html());
    }

    #[test]
    fn of_a_web_page_the_title_is_shown() {
        let page = reply(&[], "<html><head><TITLE>502 Bad\nGateway</TITLE></head>");
        assert_eq!(
            page.excerpt(),
            "an HTML page titled \"502 Bad\\\\nGateway\""
        );
        let untitled = reply(&[], "<html><body>down</body>");
        assert_eq!(untitled.excerpt(), "an HTML page: <html><body>down</body>");
        assert_eq!(reply(&[], "").excerpt(), "(empty)");
    }

    #[test]
    fn the_first_trace_id_counts() {
        let reply_with = |value| reply(&[("TraceId", value)], "{}");
        assert_eq!(reply_with("6a98, 77").trace_id(), Some("6a98"));
        assert_eq!(reply_with(",").trace_id(), None);
        assert_eq!(
            reply(&[("x-request-id", "r1")], "{}").trace_id(),
            Some("r1")
        );
        assert_eq!(reply(&[], "{}").trace_id(), None);
    }

    #[test]
    fn the_date_is_the_vendors_clock() {
        let dated = |value| reply(&[("date", value)], "{}").date();
        let then = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        assert_eq!(dated("Sun, 06 Nov 1994 08:49:37 GMT"), Some(then));
        for unlike in ["", "yesterday", "784111777"] {
            assert_eq!(dated(unlike), None, "{unlike}");
        }
        assert_eq!(reply(&[], "{}").date(), None);
    }

    #[test]
    fn an_error_about_a_reply_says_what_came() {
        let reply = reply(
            &[("traceid", "6a98"), ("retry-after", "2")],
            r#"{"errors":"slow down","token":"abcdef"}"#,
        );
        let error = reply.error(ErrorKind::RateLimit, "slow down, token=abcdef");
        assert_eq!(error.message(), "slow down, token=***");
        assert_eq!(error.status(), Some(200));
        assert_eq!(error.trace_id(), Some("6a98"));
        assert_eq!(error.retry_after(), Some(Duration::from_secs(2)));
        assert_eq!(
            error.excerpt(),
            Some(r#"{"errors":"slow down","token":"***"}"#)
        );
        assert!(!error.is_retryable());
    }

    #[test]
    fn debug_shows_neither_headers_nor_body() {
        let reply = reply(&[("set-cookie", "secret-cookie")], "secret-body");
        let text = format!("{reply:?}");
        assert_eq!(text, "Reply { status: 200, body_bytes: 11, .. }");
    }
}
