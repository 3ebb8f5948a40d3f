//! What stands around the things of an answer: one key with a list or a number, or the vendor's failure; and what becomes
//! of a record that cannot be read.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use orders_core::{Error, ErrorKind, Unreadable};
use orders_wire::{DecodeError, Members, Record, Row, RowError};
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::failure::{Failure, Found, undecodable};

/// One page of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Page<T> {
    /// The records in the vendor's order, each with its exact text.
    pub records: Vec<Record<T>>,
    /// The records that could not be read. They cost no other.
    pub unreadable: Vec<Unreadable>,
    /// How many the vendor sent, `null` and unreadable ones included.
    pub sent: usize,
    /// What to request the next page with; `None`: there is none. From the `link` header, so only the client sets it.
    pub next: Option<String>,
    /// What to request the page before with. From the `link` header, so only the client sets it.
    pub previous: Option<String>,
    /// The id under which the vendor can find the request. From the `traceid` header, so only the client sets it.
    pub trace_id: Option<String>,
    /// When the vendor made the answer, by its own clock. From the `Date` header, so only the client sets it.
    pub answered_at: Option<DateTime<Utc>>,
}

impl<T: Row> From<orders_wire::Rows<T>> for Page<T> {
    fn from(rows: orders_wire::Rows<T>) -> Self {
        Self {
            records: rows.records,
            unreadable: rows.unreadable.into_iter().map(unreadable::<T>).collect(),
            sent: rows.sent,
            next: None,
            previous: None,
            trace_id: None,
            answered_at: None,
        }
    }
}

#[cfg(feature = "client")]
impl<T> From<Page<T>> for orders_core::Page<Record<T>> {
    fn from(page: Page<T>) -> Self {
        Self::new(page.records)
            .with_next(page.next.map(orders_core::Cursor::new))
            .with_unreadable(page.unreadable)
            .with_sent(page.sent)
            .with_answered_at(page.answered_at)
    }
}

/// The list under a key. `null` and an empty list are no rows; an absent key is an error, and so is a body that tells of
/// a failure: by `errors` even beside a list, by a code or a message where there are no rows.
pub(crate) fn rows<T: Row>(body: &Bytes, key: &str) -> Result<Page<T>, Error> {
    list(body, member(body, key)?, key)
}

/// The records of a list that stands under a key.
pub(crate) fn list<T: Row>(body: &Bytes, list: &RawValue, key: &str) -> Result<Page<T>, Error> {
    let rows = orders_wire::Rows::of_list(body, list, key).map_err(undecodable)?;
    Ok(rows.into())
}

/// Reads one bare record.
pub(crate) fn bare<T: Row>(text: &Bytes) -> Result<Record<T>, Error> {
    let whole: &RawValue = orders_wire::decode(text).map_err(undecodable)?;
    Record::of(text, whole).map_err(|error| Error::unreadable(unreadable::<T>(error)))
}

/// A record that cannot be read, with its id and the time it was made, where these can.
fn unreadable<T: Row>(error: RowError) -> Unreadable {
    let raw = error.raw.clone();
    let members = Members::of(raw.as_str()).unwrap_or_default();
    let created = members.text("created_at");
    let time = created
        .and_then(|text| DateTime::parse_from_rfc3339(&text).ok())
        .and_then(orders_wire::since_2000);
    Unreadable::new(error.path, error.reason, error.raw.into_bytes())
        .with_id(T::IDENTITY.iter().find_map(|name| members.text(name)))
        .with_time(time)
}

/// The value under a key.
///
/// # Errors
/// `Other` with the vendor's message where the body tells of a failure; `Decode` where it is no object, where the key is
/// not there, or there twice.
pub(crate) fn member<'a>(body: &'a Bytes, key: &str) -> Result<&'a RawValue, Error> {
    let members = object(body)?;
    refuse_failure(&members, found(members.get(key)))?;
    let value = members.once(key).map_err(undecodable)?;
    value.ok_or_else(|| absent(&format!("no `{key}` came"), &members))
}

/// Refuses a body that tells of a failure, given what stands where its rows belong.
pub(crate) fn refuse_failure(members: &Members<'_>, found: Found) -> Result<(), Error> {
    let [errors, code, message] = ["errors", "code", "message"].map(|name| members.get(name));
    match Failure::of(errors, code, message) {
        Some(failure) if failure.refuses(found) => Err(failure.into_error(ErrorKind::Other)),
        _ => Ok(()),
    }
}

pub(crate) fn found(value: Option<&RawValue>) -> Found {
    let Some(value) = value else {
        return Found::Nothing;
    };
    let inside = |open, close| value.get().strip_prefix(open)?.strip_suffix(close);
    match inside('[', ']').or_else(|| inside('{', '}')) {
        _ if value.get() == "null" => Found::Null,
        Some(inside) if inside.trim().is_empty() => Found::Empty,
        _ => Found::Rows,
    }
}

/// The error for a body without the key that it must have.
pub(crate) fn absent(what: &str, members: &Members<'_>) -> Error {
    let message = format!("{what}, but {}", members.names());
    Error::missing_list("", message)
        .with_hint("this is not taken for an empty page; see what the vendor answered")
}

/// Reads a body that must be a JSON object.
pub(crate) fn object(body: &Bytes) -> Result<Members<'_>, Error> {
    let start = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    match start.trim_ascii_start().first() {
        Some(b'{') => Members::read(body).map_err(undecodable),
        _ => {
            let any: Result<IgnoredAny, _> = orders_wire::decode(body);
            let error = any.map_or_else(
                |why| DecodeError::new("", why.message()),
                |_| DecodeError::new("", "expected a JSON object"),
            );
            Err(undecodable(error))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders::Refund;

    fn read(body: &'static str) -> Result<Page<Refund>, Error> {
        rows(&Bytes::from_static(body.as_bytes()), "refunds")
    }

    #[test]
    fn a_list_is_read_and_null_is_no_rows() {
        assert_eq!(
            read(r#"{"refunds":[{"id":"1"},{"id":2}]}"#).unwrap().sent,
            2
        );
        assert!(read(r#"{"refunds":null}"#).unwrap().records.is_empty());
        assert!(read("\u{feff}{\"refunds\":[]}").unwrap().records.is_empty());
        let well = r#"{"code":200,"message":"ok","refunds":[]}"#;
        assert!(read(well).unwrap().records.is_empty());
    }

    #[test]
    fn no_rows_beside_a_failure_are_no_answer() {
        for (rows, failure, refused) in [
            ("null", r#""code":"E1","message":"limited""#, true),
            ("null", r#""code":429"#, true),
            ("null", r#""message":"limited""#, true),
            ("null", r#""code":200,"message":"done""#, false),
            ("null", r#""message":"Success""#, false),
            ("[ ]", r#""code":"E1","message":"limited""#, true),
            ("{}", r#""code":"E1""#, true),
            ("[]", r#""message":"no refunds yet""#, false),
            (
                r#"[{"id":"1"}]"#,
                r#""code":"E1","message":"partly""#,
                false,
            ),
            (r#"[{"id":"1"}]"#, r#""errors":{"a\ud83d":"x"}"#, true),
        ] {
            let body = format!(r#"{{"refunds":{rows},{failure}}}"#);
            let read = super::rows::<Refund>(&Bytes::from(body.clone()), "refunds");
            assert_eq!(read.is_err(), refused, "{body}");
            if let Err(error) = read {
                assert_eq!(error.kind(), ErrorKind::Other, "{body}");
            }
        }
    }

    #[test]
    fn anything_else_is_an_error_that_says_what_came() {
        for (body, kind, message) in [
            (
                r#"{"data":[],"count":7}"#,
                ErrorKind::Decode,
                "no `refunds` came, but `count`, `data`",
            ),
            (
                "{}",
                ErrorKind::Decode,
                "no `refunds` came, but no key at all",
            ),
            (
                r#"{"refunds":[],"refunds":[]}"#,
                ErrorKind::Decode,
                "the key comes twice",
            ),
            (
                r#"{"errors":"boom","refunds":[]}"#,
                ErrorKind::Other,
                "boom",
            ),
            (
                r#"{"code":"INVALID","message":"expired"}"#,
                ErrorKind::Other,
                "expired",
            ),
            ("[]", ErrorKind::Decode, "expected a JSON object"),
        ] {
            let error = read(body).unwrap_err();
            assert_eq!((error.kind(), error.message()), (kind, message), "{body}");
            assert_eq!(error.endpoint(), None);
        }
        for wrapped in [
            r#"{"refunds":{"list":{"id":"1"}}}"#,
            r#"{"refunds":{"list":[]}}"#,
        ] {
            let error = read(wrapped).unwrap_err();
            assert_eq!(error.path(), Some("refunds"), "{wrapped}");
        }
        let rows =
            read(r#"{"refunds":[{"id":1,"refund_line_items":[{"subtotal":"1,5"}]},{"id":2}]}"#);
        let rows = rows.unwrap();
        assert_eq!((rows.records.len(), rows.sent), (1, 2));
        let failed = &rows.unreadable[0];
        assert_eq!(failed.path, "refunds[0].refund_line_items[0].subtotal");
        assert_eq!(failed.id.as_deref(), Some("1"));
    }
}
