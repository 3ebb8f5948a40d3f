//! The content faults: they rewrite the JSON text of an order so that every digit stays.

use crate::json::{self, Object};
use crate::vendor::Vendor;

/// A word that no vendor has.
const WORD: &str = "sandbox_new_word";
/// A member that no vendor has.
const MEMBER: &str = "sandbox_new_member";

/// The path to a member of an order, by names. A list on the path is searched element by element.
type Way = &'static [&'static str];

/// Writes numbers as strings, and strings that are plain numbers as numbers.
pub(super) fn changed_types(order: &str) -> String {
    each_leaf(order, &|leaf| match leaf.as_bytes().first() {
        Some(b'"') => {
            let inside = leaf.trim_matches('"');
            match is_plain_number(inside) {
                true => inside.to_owned(),
                false => leaf.to_owned(),
            }
        }
        Some(b'-' | b'0'..=b'9') => json::string(leaf),
        _ => leaf.to_owned(),
    })
}

/// Wraps the id and the total in an object.
pub(super) fn broken_types(vendor: Vendor, order: &str) -> String {
    let places: [Way; 2] = match vendor {
        Vendor::Clink => [&["orderId"], &["amountTotal"]],
        Vendor::Linkbest => [&["Id"], &["OrdersPrice"]],
        Vendor::Shopline => [&["id"], &["current_total_price"]],
    };
    places.iter().fold(order.to_owned(), |order, way| {
        at(&order, way, &|value| {
            Object::new().raw("value", value).end()
        })
    })
}

/// Replaces the vendor's words by unknown ones. Linkbest's words are numbers, written as strings.
pub(super) fn unknown_words(vendor: Vendor, order: &str) -> String {
    let places: &[(Way, &str)] = match vendor {
        Vendor::Clink => &[
            (&["status"], WORD),
            (&["type"], WORD),
            (&["riskLevel"], WORD),
            (&["paymentMethod", "paymentMethodType"], WORD),
        ],
        Vendor::Linkbest => &[(&["Status"], "7"), (&["Details", "LbOrderStatus"], "77")],
        Vendor::Shopline => &[
            (&["status"], WORD),
            (&["financial_status"], WORD),
            (&["fulfillment_status"], WORD),
            (&["line_items", "fulfillment_status"], WORD),
        ],
    };
    places.iter().fold(order.to_owned(), |order, (way, word)| {
        at(&order, way, &|value| match value.starts_with('"') {
            true => json::string(word),
            false => value.to_owned(),
        })
    })
}

/// Adds one member at the end of every object: with values of several types in the order itself, a string elsewhere.
pub(super) fn unknown_fields(order: &str) -> String {
    if !order.starts_with('{') {
        return order.to_owned();
    }
    let inside = json::members(order)
        .into_iter()
        .fold(Object::new(), |object, (name, value)| {
            object.raw(&name, one_more(value))
        });
    inside
        .raw(MEMBER, "{\"since\":[2026,1.50,null,true,\"neu\"]}")
        .end()
}

fn one_more(value: &str) -> String {
    match value.as_bytes().first() {
        Some(b'[') => json::each(value, one_more),
        Some(b'{') => json::members(value)
            .into_iter()
            .fold(Object::new(), |object, (name, value)| {
                object.raw(&name, one_more(value))
            })
            .text(MEMBER, "neu")
            .end(),
        _ => value.to_owned(),
    }
}

/// Changes every value at the end of a path.
fn at(json: &str, way: &[&str], change: &dyn Fn(&str) -> String) -> String {
    let Some((first, rest)) = way.split_first() else {
        return change(json);
    };
    match json.as_bytes().first() {
        Some(b'[') => json::each(json, |element| at(element, way, change)),
        Some(b'{') => json::changed(json, first, |value| at(value, rest, change)),
        _ => json.to_owned(),
    }
}

/// Changes every value that is neither an object nor a list.
fn each_leaf(value: &str, change: &dyn Fn(&str) -> String) -> String {
    match value.as_bytes().first() {
        Some(b'[') => json::each(value, |element| each_leaf(element, change)),
        Some(b'{') => json::members(value)
            .into_iter()
            .fold(Object::new(), |object, (name, value)| {
                object.raw(&name, each_leaf(value, change))
            })
            .end(),
        _ => change(value),
    }
}

/// Whether a text is a JSON number without an exponent: `-19.90` is, `0086` and `1e5` are not.
fn is_plain_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    all_digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(all_digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stay_whatever_they_are() {
        let order = r#"{"id":"21050224312121887324667162","a":19.90,"b":"-0.10","c":[1,"007","1e5","+1",true,null,""],"d":{"e":1e2}}"#;
        let changed = changed_types(order);
        assert_eq!(
            changed,
            r#"{"id":21050224312121887324667162,"a":"19.90","b":-0.10,"c":["1","007","1e5","+1",true,null,""],"d":{"e":"1e2"}}"#
        );
    }

    #[test]
    fn words_and_members_nobody_knows() {
        let order = r#"{"Status":"0","Details":[{"LbOrderStatus":"3","ItemName":"\/\u4eac"},{}]}"#;
        assert_eq!(
            unknown_words(Vendor::Linkbest, order),
            r#"{"Status":"7","Details":[{"LbOrderStatus":"77","ItemName":"\/\u4eac"},{}]}"#
        );
        assert_eq!(
            unknown_fields(r#"{"a":[{}],"b":1.0}"#),
            r#"{"a":[{"sandbox_new_member":"neu"}],"b":1.0,"sandbox_new_member":{"since":[2026,1.50,null,true,"neu"]}}"#
        );
        let nulls = r#"{"status":null,"paymentMethod":null}"#;
        assert_eq!(unknown_words(Vendor::Clink, nulls), nulls);
    }

    #[test]
    fn what_is_broken_is_id_and_total() {
        assert_eq!(
            broken_types(Vendor::Clink, r#"{"orderId":"o","amountTotal":1.50,"x":2}"#),
            r#"{"orderId":{"value":"o"},"amountTotal":{"value":1.50},"x":2}"#
        );
    }

    #[test]
    fn what_is_no_order_stays() {
        for text in ["null", "[]", "", "7"] {
            for vendor in Vendor::ALL {
                assert_eq!(broken_types(vendor, text), text);
                assert_eq!(unknown_words(vendor, text), text);
            }
            assert_eq!(unknown_fields(text), text);
        }
    }
}
