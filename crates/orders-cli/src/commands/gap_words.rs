//! A gap in words.

use orders_core::{Slice, Window};
use orders_sync::{Gap, Missing};

use crate::times;

/// A longer reason is shortened for people.
const WIDTH: usize = 160;

/// A gap on one line.
pub(super) fn line(gap: &Gap) -> String {
    let tries = match gap.tries {
        1 => "once".to_owned(),
        n => format!("{n} times"),
    };
    let since = times::show(&gap.first_at);
    format!(
        "{}, since {since}, tried {tries}: {}",
        what(&gap.missing),
        brief(&gap.reason)
    )
}

/// What is missing.
pub(super) fn what(missing: &Missing) -> String {
    match missing {
        Missing::Slice(slice) => slice_words(slice),
        Missing::Order(order) => format!("order {}", order.id),
        Missing::Record(key) if key.starts_with("content:") => "an order without an id".to_owned(),
        Missing::Record(key) => format!("order {key}"),
        _ => "something".to_owned(),
    }
}

/// The kind of thing that is missing, as one lower-case word.
pub(super) fn kind(missing: &Missing) -> &'static str {
    match missing {
        Missing::Slice(_) => "slice",
        Missing::Order(_) => "order",
        Missing::Record(_) => "record",
        _ => "other",
    }
}

/// A reason without the excerpt of the body. (--json prints all of it.)
pub(super) fn brief(reason: &str) -> String {
    let reason = reason.split("; body:").next().unwrap_or(reason);
    match reason.char_indices().nth(WIDTH) {
        Some((end, _)) => format!("{}…", &reason[..end]),
        None => reason.to_owned(),
    }
}

/// What a slice is, in words.
pub(super) fn slice_words(slice: &Slice) -> String {
    let axis = match slice.axis.and_then(|axis| serde_json::to_value(axis).ok()) {
        Some(serde_json::Value::String(word)) => format!("{word} "),
        _ => String::new(),
    };
    let customer = slice
        .partition
        .as_ref()
        .map(|id| format!("orders of customer {id}"));
    match (&slice.window, customer) {
        (Some(window), Some(customer)) => format!("{customer}, {axis}{}", span(window)),
        (Some(window), None) => format!("orders {axis}{}", span(window)),
        (None, Some(customer)) => customer,
        (None, None) => "a part of all orders".to_owned(),
    }
}

/// A window for people.
pub(super) fn span(window: &Window) -> String {
    let (from, to) = (times::exact(&window.from), times::exact(&window.to));
    format!("from {from} to {to}")
}
