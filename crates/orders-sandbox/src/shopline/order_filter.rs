//! The filters of `orders.json` and `orders/count.json`.
//!
//! Documented: names, values and limits, and the text for a wrong fulfilment status. Inferred: HTTP 422 for a wrong
//! value, both ends of a time span included, and `hidden_order=true` for archived orders only. Recorded: without a
//! filter every order is returned that is not archived, whatever its status.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::DateTime;

use super::data::Store;
use super::order_json::{self, is_guest};
use super::paging::{StatusFilter, by_number};

/// The largest number of ids at once (documented).
const MOST_IDS: usize = 100;
/// An index is used if at most one of this many orders matches.
const FEW: usize = 16;
const FINANCIAL: &[&str] = &[
    "unpaid",
    "authorized",
    "pending",
    "partially_paid",
    "paid",
    "partially_refunded",
    "refunded",
];
const SOURCES: &[&str] = &[
    "any",
    "oneshop",
    "web",
    "mc",
    "live",
    "post",
    "shopee",
    "lazada",
    "buy_button",
    "pos",
];
/// Documented, but the played orders have nothing that these could filter by.
const NOT_PLAYED: &[&str] = &["search_content", "location", "contract_ids"];

/// The endpoint of the filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    List,
    /// With `order_source`, `any` for three of the statuses, and the status `hidden`.
    Count,
}

/// Why a request is refused.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// HTTP 422.
    Invalid(String),
    /// HTTP 501: the sandbox does not support it.
    NotPlayed(String),
}

/// The conditions on an order.
#[derive(Debug)]
pub(super) struct OrderFilter {
    ids: Option<Vec<String>>,
    name: Option<String>,
    email: Option<String>,
    buyer: Option<String>,
    status: StatusFilter,
    financial: Option<String>,
    fulfillment: Option<&'static [&'static str]>,
    hidden: bool,
    created: Span,
    ordered: Span,
    updated: Span,
    since: Option<String>,
    nothing: bool,
    pub(super) descending: bool,
}

/// Seconds since the epoch, both included.
#[derive(Debug)]
struct Span {
    min: Option<i64>,
    max: Option<i64>,
}

impl Span {
    fn has(&self, milliseconds: i64) -> bool {
        // As served: without fractions of a second.
        let time = milliseconds.div_euclid(1000);
        self.min.is_none_or(|min| min <= time) && self.max.is_none_or(|max| time <= max)
    }

    /// The same in milliseconds, without the end.
    fn milliseconds(&self) -> Range<i64> {
        let start = self.min.map_or(i64::MIN, |min| min.saturating_mul(1000));
        let end = |max: i64| max.saturating_add(1).saturating_mul(1000);
        start..self.max.map_or(i64::MAX, end)
    }
}

impl OrderFilter {
    pub(super) fn read(params: &BTreeMap<String, String>, endpoint: Use) -> Result<Self, Fault> {
        if let Some(name) = NOT_PLAYED.iter().find(|name| params.contains_key(**name)) {
            return Err(Fault::NotPlayed(format!("the sandbox cannot do {name}")));
        }
        Self::of(&Query { params, endpoint }).map_err(Fault::Invalid)
    }

    fn of(query: &Query<'_>) -> Result<Self, String> {
        let status = query.get("status");
        let hidden = query.word("hidden_order", &["true", "false"])?;
        let source = match query.endpoint {
            Use::Count => query.word("order_source", SOURCES)?,
            Use::List => None,
        };
        Ok(Self {
            ids: query.ids()?,
            name: query.get("name"),
            email: query.get("email"),
            buyer: query.get("buyer_id"),
            status: query.status()?,
            financial: query.financial()?,
            fulfillment: query.fulfillment()?,
            hidden: hidden.as_deref() == Some("true") || status.as_deref() == Some("hidden"),
            created: query.span("created_at")?,
            ordered: query.span("order_at")?,
            updated: query.span("updated_at")?,
            since: query.since()?,
            // All played orders have the source `web`.
            nothing: source.is_some_and(|source| source != "any" && source != "web"),
            descending: query.descending()?,
        })
    }

    /// The numbers of the orders to examine, ascending. None means all.
    pub(super) fn candidates(&self, store: &Store) -> Option<Vec<usize>> {
        if let Some(ids) = &self.ids {
            let mut numbers: Vec<_> = ids.iter().filter_map(|id| store.number(id)).collect();
            numbers.sort_unstable();
            numbers.dedup();
            return Some(numbers);
        }
        if let Some(buyer) = &self.buyer {
            let orders = |place: usize| store.customers[place].orders.clone();
            return Some(store.customer(buyer).map_or_else(Vec::new, orders));
        }
        // If many orders match, the next match is near, so all orders are examined in turn.
        let most = store.heads.len() / FEW;
        let created = store.created(self.created.milliseconds());
        if created.len() <= most {
            return Some(created.collect());
        }
        store.updated(self.updated.milliseconds(), most)
    }

    pub(super) fn fits(&self, store: &Store, number: usize) -> bool {
        let head = &store.heads[number];
        let (financial, fulfillment) = store.statuses(number);
        let is = |wanted: &Option<String>, given: &str| {
            wanted.as_ref().is_none_or(|wanted| wanted == given)
        };
        let status = match self.status {
            StatusFilter::Any => true,
            StatusFilter::Open => head.cancelled.is_none(),
            StatusFilter::Cancelled => head.cancelled.is_some(),
        };
        !self.nothing
            && !store.deleted.contains(&number)
            && status
            && head.archived == self.hidden
            && is(&self.financial, financial)
            && self.fulfillment.is_none_or(|words| words.contains(&fulfillment))
            && self.created.has(head.created)
            && self.ordered.has(head.created)
            && self.updated.has(head.updated)
            && self.since.as_ref().is_none_or(|since| by_number(&head.id) > by_number(since))
            && self.name.as_ref().is_none_or(|name| *name == order_json::name(number))
            // A guest's order does not name its customer.
            && self.buyer.as_ref().is_none_or(|buyer| {
                !is_guest(number) && store.customers[head.customer].id == *buyer
            })
            && (self.email.is_none() || order_json::mail(store.seed, number) == self.email)
    }
}

/// The parameters of a request.
struct Query<'a> {
    params: &'a BTreeMap<String, String>,
    endpoint: Use,
}

impl Query<'_> {
    fn get(&self, name: &str) -> Option<String> {
        self.params.get(name).cloned()
    }

    fn word(&self, name: &str, words: &[&str]) -> Result<Option<String>, String> {
        let value = self.get(name);
        match &value {
            Some(word) if !words.contains(&word.as_str()) => {
                Err(format!("{} value is illegal", name.replace('_', " ")))
            }
            _ => Ok(value),
        }
    }

    fn is_any(&self, value: Option<&str>) -> bool {
        self.endpoint == Use::Count && value == Some("any")
    }

    fn status(&self) -> Result<StatusFilter, String> {
        match self.get("status").as_deref() {
            None | Some("any") => Ok(StatusFilter::Any),
            Some("open") => Ok(StatusFilter::Open),
            Some("cancelled") => Ok(StatusFilter::Cancelled),
            Some("hidden") if self.endpoint == Use::Count => Ok(StatusFilter::Any),
            Some(_) => Err("status value is illegal".to_owned()),
        }
    }

    fn financial(&self) -> Result<Option<String>, String> {
        if self.is_any(self.get("financial_status").as_deref()) {
            return Ok(None);
        }
        self.word("financial_status", FINANCIAL)
    }

    /// The words that orders show for what the filter names.
    fn fulfillment(&self) -> Result<Option<&'static [&'static str]>, String> {
        match self.get("fulfillment_status").as_deref() {
            None => Ok(None),
            Some("unshipped") => Ok(Some(&["null", "unshipped"])),
            Some("partial") => Ok(Some(&["partial"])),
            Some("shipped") => Ok(Some(&["fulfilled", "shipped"])),
            value if self.is_any(value) => Ok(None),
            Some(_) => Err("fulfillment status value is illegal".to_owned()),
        }
    }

    fn ids(&self) -> Result<Option<Vec<String>>, String> {
        let Some(ids) = self.get("ids") else {
            return Ok(None);
        };
        let ids: Vec<_> = ids.split(',').map(|id| id.trim().to_owned()).collect();
        match ids.len() {
            0..=MOST_IDS => Ok(Some(ids)),
            _ => Err(format!("ids can name at most {MOST_IDS} orders")),
        }
    }

    fn since(&self) -> Result<Option<String>, String> {
        let since = self.get("since_id");
        match &since {
            Some(id) if by_number(id).is_none() => Err("since_id is not valid".to_owned()),
            _ => Ok(since),
        }
    }

    fn span(&self, name: &str) -> Result<Span, String> {
        let time = |end: &str| {
            let name = format!("{name}_{end}");
            let read = |text: String| {
                DateTime::parse_from_rfc3339(&text)
                    .map(|time| time.timestamp())
                    .map_err(|_| format!("{name} must be a time as 2026-01-31T08:00:00+08:00"))
            };
            self.get(&name).map(read).transpose()
        };
        Ok(Span {
            min: time("min")?,
            max: time("max")?,
        })
    }

    /// Orders never tie, so the first of several conditions decides.
    fn descending(&self) -> Result<bool, String> {
        let Some(conditions) = self.get("sort_condition") else {
            return Ok(false);
        };
        let mut first = None;
        for condition in conditions.split(',') {
            let descending = match condition.trim().split_once(':') {
                Some(("order_at" | "id", "asc")) => false,
                Some(("order_at" | "id", "desc")) => true,
                _ => return Err("sort condition value is illegal".to_owned()),
            };
            first.get_or_insert(descending);
        }
        Ok(first.unwrap_or(false))
    }
}
