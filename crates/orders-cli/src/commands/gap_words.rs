//! A gap in words.

use orders_core::{Slice, Window};
use orders_sync::{Gap, Missing};
use serde::Serialize;

use crate::times;

/// A longer reason is shortened for people.
const WIDTH: usize = 160;

/// A gap as programs get it from every command.
#[derive(Debug, Serialize)]
pub(super) struct GapView {
    /// What is missing, for people.
    pub(super) what: String,
    /// What to do about it.
    next: &'static str,
    #[serde(flatten)]
    pub(super) gap: Gap,
}

impl GapView {
    pub(super) fn of(gap: Gap) -> Self {
        Self {
            what: what(&gap.missing),
            next: next(&gap),
            gap,
        }
    }
}

/// What to do about a gap.
pub(super) fn next(gap: &Gap) -> &'static str {
    match (&gap.missing, gap.kind.as_str()) {
        (Missing::Record(_), _) => {
            "a later pull reads it again; if it need not be read: orders gaps accept"
        }
        (_, "transport" | "timeout" | "server" | "rate_limit" | "unreachable") => {
            "run it again later: each pull requests it again"
        }
        (_, "incomplete" | "stalled") => "run it again; if it stays, orders pull --full",
        _ => "run it again; if it stays, report the reason to the vendor",
    }
}

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
