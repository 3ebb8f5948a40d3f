//! What stands around the things of an answer: one key with a list or a number, or the vendor's failure.

use std::collections::BTreeMap;
use std::fmt;

use bytes::Bytes;
use orders_core::{Error, ErrorKind};
use orders_wire::Record;
use serde::de::{DeserializeOwned, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::VENDOR;
use crate::endpoint::Endpoint;
use crate::error::{Failure, Found, decode_error};

/// The list under a key. `null` and an empty list are no rows; an absent key is an error, and so is a body that tells of
/// a failure: by `errors` even beside a list, by a code or a message where there are no rows.
pub(crate) fn rows<T: DeserializeOwned>(
    body: &Bytes,
    key: &str,
    endpoint: Endpoint,
) -> Result<Vec<Record<T>>, Error> {
    let list = member(body, key, endpoint)?;
    orders_wire::records(body, list, key).map_err(decode_error(endpoint))
}

/// The value under a key.
///
/// # Errors
/// `Other` with the vendor's message where the body tells of a failure; `Decode` where it is no object, where the key is
/// not there, or there twice.
pub(crate) fn member<'a>(
    body: &'a Bytes,
    key: &str,
    endpoint: Endpoint,
) -> Result<&'a RawValue, Error> {
    let Members(members) = object(body, endpoint)?;
    let find = |name: &str| {
        let found = members.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| *value)
    };
    let mut values = members.iter().filter(|(name, _)| name == key);
    let (value, again) = (values.next(), values.next());
    if let Some(failure) = Failure::of(find("errors"), find("code"), find("message"))
        && failure.refuses(found(value.map(|(_, value)| *value)))
    {
        return Err(failure.into_error(ErrorKind::Other, endpoint));
    }
    match (value, again) {
        (Some((_, value)), None) => Ok(value),
        (Some(_), Some(_)) => {
            Err(Error::decode(key, "the key comes twice").at(VENDOR, endpoint.name))
        }
        (None, _) => Err(absent(&format!("no `{key}` came"), body, endpoint)),
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
pub(crate) fn absent(what: &str, body: &[u8], endpoint: Endpoint) -> Error {
    let message = format!("{what}, but {}", keys(body));
    Error::decode("", message)
        .at(VENDOR, endpoint.name)
        .with_hint("this is not taken for an empty page; see what the vendor answered")
}

/// Reads a body that must be a JSON object. Derived readers would take a list for a struct, field by field.
pub(crate) fn object<'a, T: Deserialize<'a>>(
    body: &'a Bytes,
    endpoint: Endpoint,
) -> Result<T, Error> {
    let start = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    match start.trim_ascii_start().first() {
        Some(b'{') => orders_wire::decode(body).map_err(decode_error(endpoint)),
        _ => {
            let any: Result<IgnoredAny, _> = orders_wire::decode(body);
            let message = any.map_or_else(
                |why| why.message().to_owned(),
                |_| "expected a JSON object".to_owned(),
            );
            Err(Error::decode("", message).at(VENDOR, endpoint.name))
        }
    }
}

pub(crate) fn first_level(body: &[u8]) -> BTreeMap<String, IgnoredAny> {
    orders_wire::decode(body).unwrap_or_default()
}

/// The first-level keys of a body, for an error.
pub(crate) fn keys(body: &[u8]) -> String {
    const SHOWN: usize = 12;
    let keys = first_level(body);
    let mut shown: Vec<String> = keys
        .keys()
        .take(SHOWN)
        .map(|key| format!("`{}`", key.chars().take(40).collect::<String>()))
        .collect();
    if keys.len() > SHOWN {
        shown.push(format!("{} more", keys.len() - SHOWN));
    }
    match shown.len() {
        0 => "no key at all".to_owned(),
        _ => shown.join(", "),
    }
}

/// The members of an object in their order, none dropped for another of the same name.
pub(crate) struct Members<'a>(pub(crate) Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Members<'de>, M::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::REFUNDS;
    use crate::orders::Refund;

    fn read(body: &'static str) -> Result<Vec<Record<Refund>>, Error> {
        rows(&Bytes::from_static(body.as_bytes()), "refunds", REFUNDS)
    }

    #[test]
    fn a_list_is_read_and_null_is_no_rows() {
        assert_eq!(
            read(r#"{"refunds":[{"id":"1"},{"id":2}]}"#).unwrap().len(),
            2
        );
        assert!(read(r#"{"refunds":null}"#).unwrap().is_empty());
        assert!(read("\u{feff}{\"refunds\":[]}").unwrap().is_empty());
        let well = r#"{"code":200,"message":"ok","refunds":[]}"#;
        assert!(read(well).unwrap().is_empty());
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
            (r#"[{"id":"1"}]"#, r#""errors":{"a\ud83d":null}"#, true),
        ] {
            let body = format!(r#"{{"refunds":{rows},{failure}}}"#);
            let read = super::rows::<Refund>(&Bytes::from(body.clone()), "refunds", REFUNDS);
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
            assert_eq!(error.endpoint(), Some("GET orders/:id/refunds.json"));
        }
        for wrapped in [
            r#"{"refunds":{"list":{"id":"1"}}}"#,
            r#"{"refunds":{"list":[]}}"#,
        ] {
            let error = read(wrapped).unwrap_err();
            assert_eq!(error.path(), Some("refunds"), "{wrapped}");
        }
        let error = read(r#"{"refunds":[{"refund_line_items":[{"subtotal":"1,5"}]}]}"#);
        let path = error.unwrap_err().path().map(str::to_owned);
        assert_eq!(
            path.as_deref(),
            Some("refunds[0].refund_line_items[0].subtotal")
        );
    }
}
