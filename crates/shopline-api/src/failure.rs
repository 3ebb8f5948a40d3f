//! The vendor's own errors: what its statuses mean, what may be retried, and the shapes of its error bodies.
//!
//! Statuses by <https://developer.shopline.com/docs/apps/api-instructions-for-use/http-status-code>. The documented body is
//! `{"errors": "one text"}`; a client of the vendor also reads a list, a map, and `code` with `message`.

use orders_core::{Error, ErrorKind};
use orders_wire::{DecodeError, Members};
use serde_json::value::RawValue;

/// How many characters of the vendor's message are kept.
const MESSAGE: usize = 600;

/// How deep the shapes of `errors` are followed.
const DEPTH: u32 = 8;

/// What an HTTP status of the vendor means, and what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct StatusMeaning {
    /// The HTTP status.
    pub status: u16,
    /// The kind of the error that it becomes.
    pub kind: ErrorKind,
    /// What the vendor means by it.
    pub meaning: &'static str,
    /// What to do next.
    pub hint: &'static str,
    /// Whether the same read may succeed later. Never for 500, which was seen for wrong parameters.
    pub retryable: bool,
}

const fn row(
    status: u16,
    kind: ErrorKind,
    meaning: &'static str,
    hint: &'static str,
) -> StatusMeaning {
    StatusMeaning {
        status,
        kind,
        meaning,
        hint,
        retryable: matches!(status, 429 | 502..=504),
    }
}

const BLOCKED: &str = "stop sending for a while; if it stays, ask SHOPLINE with the trace id";

/// Every documented status that is an error (502 is added from practice).
pub const STATUSES: [StatusMeaning; 19] = [
    row(
        400,
        ErrorKind::InvalidRequest,
        "bad syntax, wrong Content-Type or a parameter of the wrong type",
        "check the parameters",
    ),
    row(
        401,
        ErrorKind::Auth,
        "the access token is missing, wrong or expired",
        "refresh the token or authorise the app again (a private app's token lives 3 years, any other 10 hours), and \
         check that it belongs to this store",
    ),
    row(
        402,
        ErrorKind::Permission,
        "the store is frozen because it was not paid for",
        "the store's owner has to pay SHOPLINE",
    ),
    row(
        403,
        ErrorKind::Permission,
        "the token may not do this",
        "give the app the scope that the endpoint needs and let the merchant authorise it again",
    ),
    row(
        404,
        ErrorKind::NotFound,
        "no such customer or order, or no such path",
        "check the id, the handle and the API version",
    ),
    row(
        406,
        ErrorKind::InvalidRequest,
        "the Accept header cannot be satisfied",
        "check what stands between this client and SHOPLINE",
    ),
    row(
        412,
        ErrorKind::InvalidRequest,
        "the body holds content that SHOPLINE calls risky",
        "change the content",
    ),
    row(
        422,
        ErrorKind::InvalidRequest,
        "the parameters are well-formed but not acceptable",
        "the message names the parameter",
    ),
    row(
        423,
        ErrorKind::Permission,
        "the store is locked, for example after going over the rate limit again and again",
        "stop sending, lower the rate of all programs that use this app, and ask SHOPLINE to unlock the store",
    ),
    row(
        429,
        ErrorKind::RateLimit,
        "too many requests: an app may send 4 a second to a store, with a bucket of 40",
        "all processes of the app share one bucket per store: give each its part of the rate",
    ),
    row(433, ErrorKind::Permission, "blocked as an attack", BLOCKED),
    row(434, ErrorKind::Permission, "blocked for its rate", BLOCKED),
    row(435, ErrorKind::Permission, "blocked as a flood", BLOCKED),
    row(436, ErrorKind::Permission, "blocked by a policy", BLOCKED),
    row(
        500,
        ErrorKind::Server,
        "SHOPLINE failed, or a parameter is wrong",
        "500 was also seen for wrong parameters, so it is not tried again: check the message and the parameters",
    ),
    row(
        501,
        ErrorKind::Unsupported,
        "the endpoint is not open for this app or store",
        "ask SHOPLINE to open it",
    ),
    row(
        502,
        ErrorKind::Server,
        "what stands before SHOPLINE got no answer",
        "try again later",
    ),
    row(
        503,
        ErrorKind::Server,
        "SHOPLINE is not available",
        "try again later",
    ),
    row(
        504,
        ErrorKind::Server,
        "SHOPLINE took too long",
        "ask for less at once: a smaller limit",
    ),
];

/// What a status means; `None` for one that is not documented.
///
/// ```
/// use shopline_api::failure::status_meaning;
///
/// let locked = status_meaning(423).unwrap();
/// println!("{}: {}", locked.meaning, locked.hint);
/// // The vendor fails with 500 for wrong parameters, too: not sent again.
/// assert!(!status_meaning(500).unwrap().retryable && status_meaning(503).unwrap().retryable);
/// ```
#[must_use]
pub fn status_meaning(status: u16) -> Option<&'static StatusMeaning> {
    STATUSES.iter().find(|row| row.status == status)
}

/// What a body says about a failure.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct Failure {
    pub(crate) message: String,
    pub(crate) code: Option<String>,
    pub(crate) says: Says,
}

/// How surely a body tells of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Says {
    /// It holds `errors`.
    Errors,
    /// Its `code` is none of success.
    Code,
    /// It has a `message` only.
    Message,
    /// Its `code`, or a `message` without one, is a word of success.
    Success,
}

/// What stands where the rows of an answer belong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Found {
    Nothing,
    Null,
    Empty,
    Rows,
}

/// What `code` or `message` holds where all is well.
const SUCCESS: [&str; 4] = ["0", "200", "ok", "success"];

fn is_success(word: &str) -> bool {
    SUCCESS.iter().any(|known| word.eq_ignore_ascii_case(known))
}

impl Failure {
    /// The failure that these fields of a body tell; `None` where they are absent, null or empty.
    pub(crate) fn of(
        errors: Option<&RawValue>,
        code: Option<&RawValue>,
        message: Option<&RawValue>,
    ) -> Option<Self> {
        let text = |value: Option<&RawValue>| {
            let mut parts = Vec::new();
            collect("", value?.get(), DEPTH, &mut parts);
            (!parts.is_empty()).then(|| bounded(&parts.join("; ")))
        };
        let code = text(code);
        if let Some(message) = text(errors) {
            return Some(Self {
                message,
                code,
                says: Says::Errors,
            });
        }
        let message = text(message).or_else(|| code.as_ref().map(|c| format!("code {c}")))?;
        let says = match &code {
            Some(code) if is_success(code) => Says::Success,
            Some(_) => Says::Code,
            None if is_success(&message) => Says::Success,
            None => Says::Message,
        };
        Some(Self {
            message,
            code,
            says,
        })
    }

    /// Whether it stands against an answer with this in the place of its rows. A code and a message may also say that
    /// all is well; `errors` never does.
    pub(crate) fn refuses(&self, found: Found) -> bool {
        match self.says {
            Says::Errors => true,
            Says::Code => found < Found::Rows,
            Says::Message => found < Found::Empty,
            Says::Success => found < Found::Null,
        }
    }

    pub(crate) fn into_error(self, kind: ErrorKind) -> Error {
        let error = Error::new(kind, self.message);
        match self.code {
            Some(code) => error.with_code(code),
            None => error,
        }
    }
}

/// The texts of a JSON value, each behind the keys that lead to it. What cannot be read (half a surrogate pair) is given
/// as it was sent: a failure must not vanish. `depth` bounds the recursion.
fn collect(path: &str, json: &str, depth: u32, parts: &mut Vec<String>) {
    let mut add = |text: &str| {
        if !text.is_empty() {
            parts.push(format!("{path}{}", bounded(text)));
        }
    };
    match json.as_bytes().first() {
        Some(b'n') | None => {}
        Some(b'"') => match serde_json::from_str::<String>(json) {
            Ok(text) => add(&text),
            Err(_) => add(json),
        },
        Some(b'[') if depth > 0 => match serde_json::from_str::<Vec<&RawValue>>(json) {
            Ok(list) => list
                .iter()
                .for_each(|item| collect(path, item.get(), depth - 1, parts)),
            Err(_) => add(json),
        },
        Some(b'{') if depth > 0 => match Members::of(json) {
            Ok(members) => {
                let mut members: Vec<_> = members.iter().collect();
                members.sort_by_key(|(name, _)| *name);
                for (key, value) in members {
                    let path = format!("{path}{}: ", bounded(key));
                    collect(&path, value.get(), depth - 1, parts);
                }
            }
            Err(_) => add(json),
        },
        Some(_) => add(json),
    }
}

fn bounded(text: &str) -> String {
    text.chars().take(MESSAGE).collect()
}

/// A body that could not be read. It names no endpoint: it may come from a file.
pub(crate) fn undecodable(error: DecodeError) -> Error {
    Error::decode(error.path(), error.message()).with_source(error)
}

#[cfg(feature = "client")]
pub(crate) use answer::{decoded, refuse_failure, refuse_fault};

/// What an answer becomes that is no success: the HTTP status, and what hides under HTTP 200.
#[cfg(feature = "client")]
mod answer {
    use bytes::Bytes;
    use orders_core::{Error, ErrorKind};
    use orders_http::{Endpoint, Reply};
    use orders_wire::Members;
    use serde::de::IgnoredAny;

    use super::{Failure, status_meaning, undecodable};

    /// The status of a missing scope.
    const FORBIDDEN: u16 = 403;

    /// What `decode` makes of a successful answer, and the error of any other.
    pub(crate) fn decoded<T>(
        reply: &Reply,
        endpoint: Endpoint,
        decode: impl Fn(&Bytes) -> Result<T, Error>,
    ) -> Result<T, Error> {
        refuse_fault(reply, endpoint)?;
        decode(reply.body()).or_else(|why| {
            // The vendor's message again, with secrets and personal data masked.
            refuse_failure(reply, why.kind() == ErrorKind::Other).and(Err(why))
        })
    }

    /// Reads `errors`, `code` and `message` out of a body; `None` where it is no JSON object.
    fn failure(body: &[u8], with_code: bool) -> Option<Failure> {
        let body = Members::read(body).ok()?;
        let field = |name: &str| body.get(name);
        let (code, message) = match with_code {
            true => (field("code"), field("message")),
            false => (None, None),
        };
        Failure::of(field("errors"), code, message)
    }

    /// Refuses an HTTP failure, and a web page under HTTP 200.
    pub(crate) fn refuse_fault(reply: &Reply, endpoint: Endpoint) -> Result<(), Error> {
        if !reply.is_success() {
            return Err(fault(reply, endpoint));
        }
        if reply.looks_like_html() {
            let message = "a web page came instead of data";
            return Err(reply
                .error(ErrorKind::Decode, message)
                .with_hint("check the path and the base URL; it may also be a block page"));
        }
        Ok(())
    }

    /// Refuses a body that tells of a failure under HTTP 200, and one that is no JSON. `code` and `message` alone count only
    /// `with_code`: elsewhere they may say that all is well.
    pub(crate) fn refuse_failure(reply: &Reply, with_code: bool) -> Result<(), Error> {
        if let Some(failure) = failure(reply.body(), with_code) {
            return Err(add_code(
                reply.error(ErrorKind::Other, &failure.message),
                failure.code,
            ));
        }
        let any: Result<IgnoredAny, _> = orders_wire::decode(reply.body());
        any.map(|_| ()).map_err(undecodable)
    }

    /// The error of an HTTP failure: what its status means, and the vendor's message where the body has one.
    fn fault(reply: &Reply, endpoint: Endpoint) -> Error {
        let failure = failure(reply.body(), true);
        let (message, code) = failure.map_or((None, None), |f| (Some(f.message), f.code));
        let Some(row) = status_meaning(reply.status().as_u16()) else {
            let error = match &message {
                Some(message) => orders_http::http_fault(reply, message),
                None => orders_http::default_http_fault(reply),
            };
            return add_code(error, code);
        };
        let hint = match endpoint.scope {
            Some(scope) if row.status == FORBIDDEN => format!("{}; it is `{scope}`", row.hint),
            _ => row.hint.to_owned(),
        };
        let error = match &message {
            Some(message) => reply
                .error(row.kind, message)
                .with_hint(format!("{}: {hint}", row.meaning)),
            None => reply.error(row.kind, row.meaning).with_hint(hint),
        };
        let error = add_code(error, code);
        match row.retryable {
            true => error.retryable(),
            false => error,
        }
    }

    fn add_code(error: Error, code: Option<String>) -> Error {
        match code {
            Some(code) => error.with_code(code),
            None => error,
        }
    }
}
