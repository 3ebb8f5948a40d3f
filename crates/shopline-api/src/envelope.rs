//! What stands around the things of an answer: one key with a list or a number, or the vendor's failure; and what becomes
//! of a record that cannot be read.

use bytes::Bytes;
use chrono::DateTime;
use orders_core::{Error, ErrorKind, Unreadable};
use orders_wire::{DecodeError, Members, Record, Row, RowError};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::failure::{Failure, Found, undecodable};

/// The things of a list, and what could not be read.
#[derive(Debug)]
pub(crate) struct Rows<T> {
    pub(crate) records: Vec<Record<T>>,
    pub(crate) unreadable: Vec<Unreadable>,
    /// How many the vendor sent, `null` and unreadable ones included.
    pub(crate) sent: usize,
}

impl<T: Row> From<orders_wire::Rows<T>> for Rows<T> {
    fn from(rows: orders_wire::Rows<T>) -> Self {
        Self {
            records: rows.records,
            unreadable: rows.unreadable.into_iter().map(unreadable::<T>).collect(),
            sent: rows.sent,
        }
    }
}

/// The list under a key. `null` and an empty list are no rows; an absent key is an error, and so is a body that tells of
/// a failure: by `errors` even beside a list, by a code or a message where there are no rows.
pub(crate) fn rows<T: Row>(body: &Bytes, key: &str) -> Result<Rows<T>, Error> {
    let list = member(body, key)?;
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
    let time = created.and_then(|text| DateTime::parse_from_rfc3339(&text).ok());
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
    let members: Members<'_> = object(body)?;
    let value = members.get(key);
    let failure = Failure::of(
        members.get("errors"),
        members.get("code"),
        members.get("message"),
    );
    if let Some(failure) = failure
        && failure.refuses(found(value))
    {
        return Err(failure.into_error(ErrorKind::Other));
    }
    match (value, members.once(key)) {
        (Some(_), Some(value)) => Ok(value),
        (Some(_), None) => Err(Error::decode(key, "the key comes twice")),
        (None, _) => Err(absent(&format!("no `{key}` came"), body)),
    }
}

fn found(value: Option<&RawValue>) -> Found {
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
pub(crate) fn absent(what: &str, body: &[u8]) -> Error {
    let message = format!("{what}, but {}", orders_wire::keys(body));
    Error::missing_list("", message)
        .with_hint("this is not taken for an empty page; see what the vendor answered")
}

/// Reads a body that must be a JSON object. Derived readers would take a list for a struct, field by field.
pub(crate) fn object<'a, T: Deserialize<'a>>(body: &'a Bytes) -> Result<T, Error> {
    let start = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    match start.trim_ascii_start().first() {
        Some(b'{') => orders_wire::decode(body).map_err(undecodable),
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

    fn read(body: &'static str) -> Result<Rows<Refund>, Error> {
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
