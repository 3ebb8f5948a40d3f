//! One page of orders, as both lists of them answer it.
//!
//! The customer's list is documented to answer `{"list": [..]}`; the store's answers `{"orders": [..]}`. Both are read from
//! both, since no answer of the customer's list was ever recorded.

use bytes::Bytes;
use orders_core::{Error, ErrorKind};
use orders_wire::Record;

use super::Order;
use crate::envelope::{self, Page, absent, found, object, refuse_failure};
use crate::failure::{Failure, Found, undecodable};

/// Reads the body of a page: `{"list": [..]}` or `{"orders": [..]}`.
///
/// `null` and an empty list are an empty page, unless the body tells of a failure.
///
/// # Errors
/// `Decode` with the JSON path for a body that is none, holds neither key, or holds a value that cannot be kept exactly;
/// `Other` with the vendor's message where the body says `errors`, in whatever shape, even beside a list, and where it
/// holds no order but a `code` that is none of success (0, 200, ok, success), or `null` and any other `message`.
pub fn decode_page(body: &Bytes) -> Result<Page<Order>, Error> {
    let members = object(body)?;
    let once = |name: &str| members.once(name).map_err(undecodable);
    let (listed, orders) = (once("list")?, once("orders")?);
    refuse_failure(&members, found(listed).max(found(orders)))?;
    let (key, records) = match (listed, orders) {
        (None, None) => return Err(absent("neither `list` nor `orders` came", &members)),
        (Some(list), None) => ("list", list),
        (None, Some(orders)) => ("orders", orders),
        (Some(_), Some(orders)) if found(listed) < Found::Rows => ("orders", orders),
        (Some(list), Some(same)) if found(orders) < Found::Rows || list.get() == same.get() => {
            ("list", list)
        }
        (Some(_), Some(_)) => {
            let message = "both `list` and `orders` hold orders, and not the same";
            return Err(Error::decode("", message));
        }
    };
    envelope::list(body, records, key)
}

/// Reads one bare order, as webhooks and files hold it.
///
/// # Errors
/// `Decode` with the JSON path, also for an object without the key `id` (a null one counts): it is something else than an order. `Other` where it
/// is the vendor's error body.
pub fn decode_order(text: &Bytes) -> Result<Record<Order>, Error> {
    let members = object(text)?;
    if let Some(failure) = Failure::of(members.get("errors"), None, None) {
        return Err(failure.into_error(ErrorKind::Other));
    }
    if members.get("id").is_none() {
        let message = format!("not an order: it has no id, but {}", members.names());
        return Err(Error::decode("", message));
    }
    envelope::bare(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(body: &'static str) -> Result<Page<Order>, Error> {
        decode_page(&Bytes::from_static(body.as_bytes()))
    }

    fn ids(body: &'static str) -> Vec<String> {
        let page = page(body).unwrap();
        page.records
            .into_iter()
            .filter_map(|o| o.value.id)
            .collect()
    }

    #[test]
    fn both_envelopes_are_read() {
        assert_eq!(ids(r#"{"list":[{"id":"1"},{"id":2}]}"#), ["1", "2"]);
        assert_eq!(ids(r#"{"orders":[{"id":"1"}]}"#), ["1"]);
        assert_eq!(ids(r#"{"list":null,"orders":[{"id":"1"}]}"#), ["1"]);
        assert_eq!(ids(r#"{"list":[{"id":"1"}],"orders":[]}"#), ["1"]);
        assert_eq!(ids(r#"{"list":[{"id":"1"}],"orders":[{"id":"1"}]}"#), ["1"]);
        assert_eq!(ids(r#"{"list":{"0":{"id":"1"}}}"#), ["1"]);
        assert_eq!(ids("\u{feff} {\"list\":[]}"), [""; 0]);
        assert_eq!(ids(r#"{"list":null}"#), [""; 0]);
        assert_eq!(
            ids(r#"{"code":200,"message":"ok","list":[{"id":"1"}]}"#),
            ["1"]
        );
        assert_eq!(
            ids(r#"{"code":"E1","message":"partly","list":[{"id":"1"}]}"#),
            ["1"]
        );
        for well in [
            r#"{"list":null,"code":200,"message":"done"}"#,
            r#"{"list":null,"message":"OK"}"#,
            r#"{"list":[],"message":"nothing yet"}"#,
        ] {
            assert_eq!(ids(well), [""; 0], "{well}");
        }
        assert_eq!(ids(r#"{"errors":null,"list":[{"id":"1"}]}"#), ["1"]);
        assert_eq!(ids(r#"{"errors":[],"list":[{"id":"1"}]}"#), ["1"]);
    }

    #[test]
    fn two_different_lists_are_refused() {
        let error = page(r#"{"list":[{"id":"1"}],"orders":[{"id":"2"}]}"#).unwrap_err();
        assert!(error.message().contains("not the same"), "{error}");
    }

    #[test]
    fn no_list_is_no_empty_page() {
        let error = page(r#"{"count":7,"data":[]}"#).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert_eq!(
            error.message(),
            "neither `list` nor `orders` came, but `count`, `data`"
        );
        assert!(page("{}").unwrap_err().message().ends_with("no key at all"));
        for body in ["[]", "null", "[[{\"id\":\"1\"}]]", "7"] {
            let error = page(body).unwrap_err();
            assert_eq!(error.message(), "expected a JSON object", "{body}");
        }
        assert_eq!(page("").unwrap_err().kind(), ErrorKind::Decode);
        assert_eq!(page("<html>").unwrap_err().kind(), ErrorKind::Decode);
        for body in [
            r#"{"list":7}"#,
            r#"{"list":{"orders":{"id":"1"}}}"#,
            r#"{"list":{"orders":[]}}"#,
            r#"{"list":{"id":"1"}}"#,
        ] {
            assert_eq!(page(body).unwrap_err().path(), Some("list"), "{body}");
        }
    }

    #[test]
    fn a_failure_is_found_in_every_shape() {
        for (body, message) in [
            (r#"{"errors":"boom"}"#, "boom"),
            (r#"{"errors":["a","b"]}"#, "a; b"),
            (
                r#"{"errors":{"limit":"big","status":["is required","x"]}}"#,
                "limit: big; status: is required; status: x",
            ),
            (r#"{"errors":"boom","list":[]}"#, "boom"),
            (r#"{"errors":{"a":{"b":7}}}"#, "a: b: 7"),
            (r#"{"code":"INVALID","message":"expired"}"#, "expired"),
            (
                r#"{"list":null,"orders":null,"code":"E1","message":"limited"}"#,
                "limited",
            ),
            (r#"{"list":null,"message":"limited"}"#, "limited"),
            (r#"{"list":[],"orders":null,"code":7}"#, "code 7"),
            (r#"{"errors":"a\ud83d","list":[]}"#, r#""a\ud83d""#),
            (r#"{"errors":["\udc00",null],"list":[]}"#, r#""\udc00""#),
            (r#"{"errors":{"\ud83d":"x"},"list":[]}"#, "\u{fffd}d83d: x"),
            (r#"{"errors":{"a":"b","a":null},"list":[]}"#, "a: b"),
        ] {
            let error = page(body).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Other, "{body}");
            assert_eq!(error.message(), message, "{body}");
        }
        let error = page(r#"{"code":"INVALID","message":"expired"}"#).unwrap_err();
        assert_eq!(error.code(), Some("INVALID"));
    }

    #[test]
    fn the_path_of_a_bad_value_is_named() {
        let page = page(
            r#"{"list":[{"id":"1"},{"refunds":[{"refund_line_items":[{"subtotal":"1,5"}]}]}]}"#,
        )
        .unwrap();
        assert_eq!((page.records.len(), page.sent), (1, 2));
        assert_eq!(
            page.unreadable[0].path,
            "list[1].refunds[0].refund_line_items[0].subtotal"
        );
    }

    #[test]
    fn a_bare_order_needs_an_id() {
        let read = |text: &'static str| decode_order(&Bytes::from_static(text.as_bytes()));
        let order = read(r#" {"id":"1","new":1} "#).unwrap();
        assert_eq!(order.raw.as_str(), r#"{"id":"1","new":1}"#);
        assert!(
            read(r#"{"list":[{"id":"1"}]}"#)
                .unwrap_err()
                .message()
                .contains("`list`")
        );
        assert_eq!(read(r#"{"errors":"boom"}"#).unwrap_err().message(), "boom");
        assert_eq!(read("[]").unwrap_err().kind(), ErrorKind::Decode);
        assert_eq!(read(r#"{"id":null,"name":"7"}"#).unwrap().id, None);
    }
}
