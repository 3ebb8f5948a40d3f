//! The one error that reaches an operator.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::error_kind::ErrorKind;
use crate::unreadable::Unreadable;

/// How many characters of a vendor's code are kept.
const LONGEST_CODE: usize = 64;

type Source = Box<dyn std::error::Error + Send + Sync + 'static>;

/// A failure with everything an operator needs: what was requested of whom, what came back, how many attempts were made.
///
/// Texts from the vendor are kept; secrets are not: whoever builds an error passes an excerpt that was redacted.
/// The struct is one pointer wide, so that `Result`s stay small. Clones share the source.
///
/// ```
/// use orders_core::{Error, ErrorKind};
///
/// /// What a program does about a failure.
/// fn next_step(error: &Error) -> String {
///     match error.kind() {
///         _ if error.record().is_some() => "keep its text, and read on".to_owned(),
///         ErrorKind::Auth | ErrorKind::Permission => "check the credential".to_owned(),
///         _ if error.is_retryable() => format!("again in {:?}", error.retry_after().unwrap_or_default()),
///         _ => error.hint().unwrap_or("read the message").to_owned(),
///     }
/// }
///
/// let error = Error::new(ErrorKind::RateLimit, "too many requests").at("clink", "GET order").with_status(429);
/// assert_eq!(error.to_string(), "clink GET order: too many requests (rate_limit, HTTP 429)");
/// assert_eq!(next_step(&error.retryable()), "again in 0ns");
/// ```
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    message: String,
    vendor: Option<&'static str>,
    endpoint: Option<&'static str>,
    status: Option<u16>,
    code: Option<String>,
    trace_id: Option<String>,
    path: Option<String>,
    record: Option<Unreadable>,
    missing_list: bool,
    total: Option<u64>,
    excerpt: Option<String>,
    hint: Option<String>,
    retryable: bool,
    retry_after: Option<Duration>,
    attempts: u32,
    elapsed: Duration,
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error of `kind`. `message` is the vendor's own, or ours where the vendor said none.
    #[must_use]
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            vendor: None,
            endpoint: None,
            status: None,
            code: None,
            trace_id: None,
            path: None,
            record: None,
            missing_list: false,
            total: None,
            excerpt: None,
            hint: None,
            retryable: false,
            retry_after: None,
            attempts: 0,
            elapsed: Duration::ZERO,
            source: None,
        }))
    }

    /// A body that could not be decoded: `path` is the JSON path of the value (`rows[3].amountTotal`).
    #[must_use]
    pub fn decode(path: impl Into<String>, message: impl Into<String>) -> Self {
        let mut error = Self::new(ErrorKind::Decode, message);
        let path = path.into();
        error.0.path = (!path.is_empty()).then_some(path);
        error
    }

    /// One record that could not be read, on a page whose other records could. [`Error::record`] gives it back.
    #[must_use]
    pub fn unreadable(record: Unreadable) -> Self {
        let mut error = Self::decode(record.path.as_str(), record.reason.as_str());
        error.0.record = Some(record);
        error
    }

    /// An answer that reports success and lacks its list (absent, or `null`): `path` is where the list belongs.
    #[must_use]
    pub fn missing_list(path: impl Into<String>, message: impl Into<String>) -> Self {
        let mut error = Self::decode(path, message);
        error.0.missing_list = true;
        error
    }

    /// How many rows there are in all, by the answer that lacks its list.
    #[must_use]
    pub fn with_total(mut self, total: Option<u64>) -> Self {
        self.0.total = total;
        self
    }

    /// A request that breaks a rule and was not sent.
    #[must_use]
    pub fn invalid_request(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidRequest, message)
    }

    /// Something the vendor does not offer.
    #[must_use]
    pub fn unsupported(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Unsupported, message)
    }

    /// Puts words before the message: who it is about, where no vendor and endpoint say it.
    #[must_use]
    pub fn prefixed(mut self, words: &str) -> Self {
        self.0.message.insert_str(0, words);
        self
    }

    /// Names the vendor (`clink`) and the endpoint (`GET order`).
    #[must_use]
    pub fn at(mut self, vendor: &'static str, endpoint: &'static str) -> Self {
        self.0.vendor = Some(vendor);
        self.0.endpoint = Some(endpoint);
        self
    }

    /// Adds the HTTP status.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self
    }

    /// Adds the vendor's own error code, as text; no more than 64 characters of it.
    #[must_use]
    pub fn with_code(mut self, code: impl Into<String>) -> Self {
        let mut code: String = code.into();
        if let Some((end, _)) = code.char_indices().nth(LONGEST_CODE) {
            code.truncate(end);
        }
        self.0.code = Some(code);
        self
    }

    /// Adds the id under which the vendor can find the request.
    #[must_use]
    pub fn with_trace_id(mut self, trace_id: impl Into<String>) -> Self {
        self.0.trace_id = Some(trace_id.into());
        self
    }

    /// Each text of the error replaced by what `change` makes of it: message, code, trace id, path, excerpt and hint.
    /// Record and cause stay as they are.
    #[must_use]
    pub fn with_texts(mut self, change: impl Fn(&str) -> String) -> Self {
        let inner = &mut self.0;
        inner.message = change(&inner.message);
        for text in [
            &mut inner.code,
            &mut inner.trace_id,
            &mut inner.path,
            &mut inner.excerpt,
            &mut inner.hint,
        ]
        .into_iter()
        .flatten()
        {
            *text = change(text);
        }
        self
    }

    /// Adds a bounded, redacted piece of the body.
    #[must_use]
    pub fn with_excerpt(mut self, excerpt: impl Into<String>) -> Self {
        self.0.excerpt = Some(excerpt.into());
        self
    }

    /// Adds what to do next, as a sentence.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// Says that the same request may succeed later, and is safe to send again.
    #[must_use]
    pub fn retryable(mut self) -> Self {
        self.0.retryable = true;
        self
    }

    /// Adds the wait that the vendor requested.
    #[must_use]
    pub fn with_retry_after(mut self, wait: Option<Duration>) -> Self {
        self.0.retry_after = wait;
        self
    }

    /// Adds how often the request was sent and how long all of it took, waits included.
    #[must_use]
    pub fn with_attempts(mut self, attempts: u32, elapsed: Duration) -> Self {
        self.0.attempts = attempts;
        self.0.elapsed = elapsed;
        self
    }

    /// Adds the cause.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Source>) -> Self {
        self.0.source = Some(source.into().into());
        self
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The vendor's message, or ours where the vendor said none.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The vendor: `clink`, `linkbest` or `shopline`.
    #[must_use]
    pub fn vendor(&self) -> Option<&'static str> {
        self.0.vendor
    }

    /// The endpoint, as method and route or as service name.
    #[must_use]
    pub fn endpoint(&self) -> Option<&'static str> {
        self.0.endpoint
    }

    /// The HTTP status of the last answer, where one came.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// The vendor's own error code.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The id under which the vendor can find the request.
    #[must_use]
    pub fn trace_id(&self) -> Option<&str> {
        self.0.trace_id.as_deref()
    }

    /// The JSON path of the value that could not be decoded.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        self.0.path.as_deref()
    }

    /// The record that could not be read, where this error is about one record and not about a whole answer.
    #[must_use]
    pub fn record(&self) -> Option<&Unreadable> {
        self.0.record.as_ref()
    }

    /// Whether the answer reported success and lacked its list.
    #[must_use]
    pub fn is_missing_list(&self) -> bool {
        self.0.missing_list
    }

    /// How many rows the vendor counts in an answer that lacks its list.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.0.total
    }

    /// A bounded, redacted piece of the body.
    #[must_use]
    pub fn excerpt(&self) -> Option<&str> {
        self.0.excerpt.as_deref()
    }

    /// What to do next, where it is known.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// Whether the same request may succeed later and is safe to send again.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.0.retryable
    }

    /// The wait that the vendor requested.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// How often the request was sent. Zero: it was refused here.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// How long all attempts took together, waits included.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }
}

impl fmt::Display for Error {
    /// One line: `clink GET order: rate limit reached (HTTP 429, code 429, after 4 attempts in 3.2s); hint`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let e = &self.0;
        match (e.vendor, e.endpoint) {
            (Some(vendor), Some(endpoint)) => write!(f, "{vendor} {endpoint}: ")?,
            (Some(vendor), None) => write!(f, "{vendor}: ")?,
            _ => {}
        }
        f.write_str(&e.message)?;
        if let Some(path) = &e.path {
            write!(f, " at {path}")?;
        }
        let facts = facts(e);
        if !facts.is_empty() {
            write!(f, " ({})", facts.join(", "))?;
        }
        if let Some(excerpt) = &e.excerpt {
            write!(f, "; body: {excerpt}")?;
        }
        if let Some(hint) = &e.hint {
            write!(f, "; {hint}")?;
        }
        Ok(())
    }
}

fn facts(e: &Inner) -> Vec<String> {
    let mut facts = vec![e.kind.to_string()];
    if let Some(status) = e.status {
        facts.push(format!("HTTP {status}"));
    }
    if let Some(code) = &e.code {
        facts.push(format!("code {code}"));
    }
    if let Some(trace_id) = &e.trace_id {
        facts.push(format!("trace {trace_id}"));
    }
    match e.attempts {
        0 => {}
        1 => facts.push(format!("1 attempt in {:.1?}", e.elapsed)),
        n => facts.push(format!("{n} attempts in {:.1?}", e.elapsed)),
    }
    if let Some(wait) = e.retry_after {
        facts.push(format!("retry after {wait:.0?}"));
    }
    facts
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let e = &self.0;
        f.debug_struct("Error")
            .field("kind", &e.kind)
            .field("message", &e.message)
            .field("vendor", &e.vendor)
            .field("endpoint", &e.endpoint)
            .field("status", &e.status)
            .field("code", &e.code)
            .field("trace_id", &e.trace_id)
            .field("path", &e.path)
            .field("record", &e.record)
            .field("missing_list", &e.missing_list)
            .field("total", &e.total)
            .field("excerpt", &e.excerpt)
            .field("hint", &e.hint)
            .field("retryable", &e.retryable)
            .field("retry_after", &e.retry_after)
            .field("attempts", &e.attempts)
            .field("elapsed", &e.elapsed)
            .field("source", &e.source)
            .finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_is_one_line_with_everything_an_operator_needs() {
        let error = Error::new(ErrorKind::RateLimit, "Too many request")
            .at("shopline", "GET customers/:id/orders.json")
            .with_status(429)
            .with_trace_id("6a98")
            .with_attempts(3, Duration::from_millis(1500))
            .with_retry_after(Some(Duration::from_secs(2)))
            .with_hint("wait, or lower the rate limit")
            .retryable();
        assert_eq!(
            error.to_string(),
            "shopline GET customers/:id/orders.json: Too many request (rate_limit, HTTP 429, trace 6a98, \
             3 attempts in 1.5s, retry after 2s); wait, or lower the rate limit"
        );
        assert!(error.is_retryable());
    }

    #[test]
    fn a_decode_error_names_the_path() {
        let error = Error::decode("rows[3].amountTotal", "expected a decimal");
        assert_eq!(
            error.to_string(),
            "expected a decimal at rows[3].amountTotal (decode)"
        );
        assert_eq!(Error::decode("", "not JSON").path(), None);
    }

    #[test]
    fn an_unreadable_record_is_a_decode_error_that_gives_the_record_back() {
        let text = bytes::Bytes::from_static(b"{\"secret\":1}");
        let record = Unreadable::new("rows[3].amountTotal", "expected a decimal", text)
            .with_id(Some("7".to_owned()));
        let error = Error::unreadable(record.clone());
        assert_eq!(
            (error.kind(), error.is_retryable()),
            (ErrorKind::Decode, false)
        );
        assert_eq!(error.path(), Some("rows[3].amountTotal"));
        assert_eq!(error.record(), Some(&record));
        assert!(!format!("{error} {error:?}").contains("secret"));
        assert_eq!(Error::decode("a", "b").record(), None);
    }

    #[test]
    fn a_missing_list_is_told_apart_from_other_decode_errors() {
        let error = Error::missing_list("rows", "the answer has no list");
        assert!(error.is_missing_list() && error.kind() == ErrorKind::Decode);
        assert_eq!(error.total(), None);
        assert_eq!(error.with_total(Some(3)).total(), Some(3));
        assert!(!Error::decode("rows", "not a list").is_missing_list());
    }

    #[test]
    fn the_cause_is_kept() {
        let error = Error::new(ErrorKind::Transport, "connection reset")
            .with_source(std::io::Error::other("os error"));
        assert_eq!(
            std::error::Error::source(&error).unwrap().to_string(),
            "os error"
        );
    }
}
