//! One page of orders, as both lists of them answer it.
//!
//! The customer's list is documented to answer `{"list": [..]}`; the store's answers `{"orders": [..]}`. Both are read from
//! both, since no answer of the customer's list was ever recorded.

use bytes::Bytes;
use orders_core::{Error, ErrorKind, Unreadable};
use orders_wire::{Members, RawList, Record};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::Order;
use crate::envelope::{self, Rows, absent, object};
use crate::failure::{Failure, Found};

/// One page of orders.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct OrdersPage {
    /// The orders in the vendor's order (recorded: oldest first), each with its exact text.
    pub orders: Vec<Record<Order>>,
    /// The orders that could not be read. They cost no other.
    pub unreadable: Vec<Unreadable>,
    /// How many the vendor sent, `null` and unreadable ones included.
    pub sent: usize,
    /// What to ask the next page with; `None`: there is none. From the `link` header, so only the client sets it.
    pub next: Option<String>,
    /// What to ask the page before with. From the `link` header, so only the client sets it.
    pub previous: Option<String>,
    /// The id under which the vendor can find the request. From the `traceid` header, so only the client sets it.
    pub trace_id: Option<String>,
}

#[cfg(feature = "client")]
impl OrdersPage {
    /// The page that an answer holds.
    pub(crate) fn of(
        reply: &orders_http::Reply,
        client: &crate::Client,
        endpoint: orders_http::Endpoint,
    ) -> Result<Self, Error> {
        let page = crate::failure::decoded(reply, endpoint, decode_page)?;
        let links = client.links(reply)?;
        Ok(Self {
            next: links.next,
            previous: links.previous,
            trace_id: reply.trace_id().map(str::to_owned),
            ..page
        })
    }
}

#[cfg(feature = "client")]
impl From<OrdersPage> for orders_core::Page<Record<Order>> {
    fn from(page: OrdersPage) -> Self {
        Self::new(page.orders)
            .with_next(page.next.map(orders_core::Cursor::new))
            .with_unreadable(page.unreadable)
            .with_sent(page.sent)
    }
}

/// Reads the body of a page: `{"list": [..]}` or `{"orders": [..]}`.
///
/// `null` and an empty list are an empty page, unless the body tells of a failure.
///
/// # Errors
/// `Decode` with the JSON path for a body that is none, holds neither key, or holds a value that cannot be kept exactly;
/// `Other` with the vendor's message where the body says `errors`, in whatever shape, even beside a list, and where it
/// holds no order but a `code` that is none of success (0, 200, ok, success), or `null` and any other `message`.
pub fn decode_page(body: &Bytes) -> Result<OrdersPage, Error> {
    let envelope: Envelope<'_> = object(body)?;
    if let Some(failure) = Failure::of(envelope.errors, envelope.code, envelope.message)
        && failure.refuses(found(&envelope.list).max(found(&envelope.orders)))
    {
        return Err(failure.into_error(ErrorKind::Other));
    }
    let list = envelope.list.map(Option::unwrap_or_default);
    let orders = envelope.orders.map(Option::unwrap_or_default);
    let rows = rows(body, list, orders)?;
    Ok(OrdersPage {
        orders: rows.records,
        unreadable: rows.unreadable,
        sent: rows.sent,
        ..OrdersPage::default()
    })
}

/// Reads one bare order, as webhooks and files hold it.
///
/// # Errors
/// `Decode` with the JSON path, also for an object without the key `id` (a null one counts): it is something else than an order. `Other` where it
/// is the vendor's error body.
pub fn decode_order(text: &Bytes) -> Result<Record<Order>, Error> {
    let members: Members<'_> = object(text)?;
    if let Some(failure) = Failure::of(members.get("errors"), None, None) {
        return Err(failure.into_error(ErrorKind::Other));
    }
    if members.get("id").is_none() {
        let message = format!("not an order: it has no id, but {}", members.names());
        return Err(Error::decode("", message));
    }
    envelope::bare(text)
}

/// A key that may be absent, and `null` where it is there.
type Key<'a> = Option<Option<RawList<'a>>>;

#[derive(Deserialize, Default)]
#[serde(default)]
struct Envelope<'a> {
    #[serde(borrow, deserialize_with = "present")]
    list: Key<'a>,
    #[serde(borrow, deserialize_with = "present")]
    orders: Key<'a>,
    #[serde(borrow)]
    errors: Option<&'a RawValue>,
    #[serde(borrow)]
    code: Option<&'a RawValue>,
    #[serde(borrow)]
    message: Option<&'a RawValue>,
}

fn found(key: &Key<'_>) -> Found {
    match key {
        None => Found::Nothing,
        Some(None) => Found::Null,
        Some(Some(list)) if list.is_empty() => Found::Empty,
        Some(Some(_)) => Found::Rows,
    }
}

/// The orders under whichever key holds some.
fn rows(
    body: &Bytes,
    list: Option<RawList<'_>>,
    orders: Option<RawList<'_>>,
) -> Result<Rows<Order>, Error> {
    let (list, orders, key) = match (list, orders) {
        (Some(list), None) => (list, RawList::default(), "list"),
        (None, Some(orders)) => (orders, RawList::default(), "orders"),
        (None, None) => return Err(absent("neither `list` nor `orders` came", body)),
        (Some(list), Some(orders)) if list.is_empty() => (orders, list, "orders"),
        (Some(list), Some(orders)) => (list, orders, "list"),
    };
    if !orders.is_empty() && !list.same_texts(&orders) {
        let message = "both `list` and `orders` hold orders, and not the same";
        return Err(Error::decode("", message));
    }
    Ok(list.rows(body, key).into())
}

/// A key that is there, even with `null`.
fn present<'de: 'a, 'a, D: Deserializer<'de>>(deserializer: D) -> Result<Key<'a>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(body: &'static str) -> Result<OrdersPage, Error> {
        decode_page(&Bytes::from_static(body.as_bytes()))
    }

    fn ids(body: &'static str) -> Vec<String> {
        let page = page(body).unwrap();
        page.orders.into_iter().filter_map(|o| o.value.id).collect()
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
        assert_eq!((page.orders.len(), page.sent), (1, 2));
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
