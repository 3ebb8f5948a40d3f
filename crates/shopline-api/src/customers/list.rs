//! `GET v2/customers.json`: the customers of the store.
//!
//! The page belongs to the customer pages of the Admin REST API and answers `{"customers": [..]}` with a `link` header.
//! It needs the scope `read_customers`. The vendor promises no order of the answer; newest first was recorded.

use bytes::Bytes;
use chrono::{DateTime, FixedOffset};
use orders_core::{Error, Unreadable};
use orders_wire::Record;

use super::Customer;
use crate::endpoint::CUSTOMERS;
use crate::envelope::rows;
use crate::parameters::{Span, broken, check_ids, check_page, joined, present};

/// The largest `limit` that the page allows.
pub const MAX_LIMIT: u32 = 250;

/// The largest number of ids (the page calls it the greatest length of the list).
const MAX_IDS: usize = 64;

/// A request for customers of the store. Every parameter is optional; those that are set must all fit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[must_use]
pub struct ListCustomers {
    ids: Vec<String>,
    created_at: Span,
    updated_at: Span,
    fields: Option<String>,
    pub(crate) limit: Option<u32>,
    page_info: Option<String>,
    since_id: Option<String>,
}

impl ListCustomers {
    /// All customers, from the first page on.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only the customers with these ids, at most 64.
    pub fn ids(mut self, ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.ids = ids.into_iter().map(Into::into).collect();
        self
    }

    /// Only customers created at this time or later.
    pub fn created_at_min(mut self, at: impl Into<DateTime<FixedOffset>>) -> Self {
        self.created_at.min = Some(at.into());
        self
    }

    /// Only customers created at this time or earlier.
    pub fn created_at_max(mut self, at: impl Into<DateTime<FixedOffset>>) -> Self {
        self.created_at.max = Some(at.into());
        self
    }

    /// Only customers last changed at this time or later. Whether a new order changes its customer is not documented.
    pub fn updated_at_min(mut self, at: impl Into<DateTime<FixedOffset>>) -> Self {
        self.updated_at.min = Some(at.into());
        self
    }

    /// Only customers last changed at this time or earlier.
    pub fn updated_at_max(mut self, at: impl Into<DateTime<FixedOffset>>) -> Self {
        self.updated_at.max = Some(at.into());
        self
    }

    /// Only these first-level fields, joined by commas.
    pub fn fields(mut self, fields: impl Into<String>) -> Self {
        self.fields = Some(fields.into());
        self
    }

    /// How many customers a page holds, 1 to 250. Unset: the vendor's default of 50. Streams ask for 250.
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = Some(limit);
        self
    }

    /// The page to go on at: `next` or `previous` of an earlier answer. The vendor then takes the filters of the first
    /// request, so only `limit` and `fields` are sent beside it.
    pub fn page_info(mut self, page_info: impl Into<String>) -> Self {
        self.page_info = Some(page_info.into());
        self
    }

    /// Begins behind this customer. For the first page only.
    pub fn since_id(mut self, since_id: impl Into<String>) -> Self {
        self.since_id = Some(since_id.into());
        self
    }

    /// Whether the request keeps the rules of the page.
    ///
    /// # Errors
    /// `InvalidRequest` naming the rule.
    pub fn check(&self) -> Result<(), Error> {
        check_ids("ids", &self.ids, MAX_IDS, CUSTOMERS)?;
        if self.created_at.is_backwards() || self.updated_at.is_backwards() {
            return Err(broken(
                "the least time is later than the greatest",
                CUSTOMERS,
            ));
        }
        check_page(
            self.limit,
            MAX_LIMIT,
            self.page_info.as_deref(),
            self.since_id.as_deref(),
            CUSTOMERS,
        )
    }

    /// The query parameters, under the vendor's names.
    #[must_use]
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let page = [
            ("fields", self.fields.clone()),
            ("limit", self.limit.map(|limit| limit.to_string())),
            ("page_info", self.page_info.clone()),
        ];
        if self.page_info.is_some() {
            return present(page);
        }
        let filters = [
            ("ids", joined(&self.ids)),
            ("created_at_min", self.created_at.min_text()),
            ("created_at_max", self.created_at.max_text()),
            ("updated_at_min", self.updated_at.min_text()),
            ("updated_at_max", self.updated_at.max_text()),
            ("since_id", self.since_id.clone()),
        ];
        present(filters.into_iter().chain(page))
    }

    /// The same request at a later page.
    #[cfg(feature = "client")]
    pub(crate) fn continued(&self, page_info: &str) -> Self {
        let mut request = self.clone().page_info(page_info);
        request.since_id = None;
        request
    }
}

/// One page of customers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct CustomersPage {
    /// The customers in the vendor's order, each with its exact text.
    pub customers: Vec<Record<Customer>>,
    /// The customers that could not be read. They cost no other.
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

/// Reads the body of a page: `{"customers": [..]}`. `null` and an empty list are an empty page.
///
/// # Errors
/// `Decode` with the JSON path, also for a body without the key; `Other` with the vendor's message where the body says
/// `errors`.
pub fn decode_page(body: &Bytes) -> Result<CustomersPage, Error> {
    let rows = rows(body, "customers")?;
    Ok(CustomersPage {
        customers: rows.records,
        unreadable: rows.unreadable,
        sent: rows.sent,
        ..CustomersPage::default()
    })
}
