//! `GET order`: the list of orders, by page number.
//!
//! Vendor page: `api-reference/endpoint/list-orders`. There is no filter by time or status, and the order of the
//! rows is not stated.

use bytes::Bytes;
use orders_core::Unreadable;
#[cfg(feature = "client")]
use orders_http::Endpoint;
use orders_wire::{Integer, RawList, Record, Text};
use serde::Deserialize;
use serde_with::serde_as;

use super::Order;
use crate::Error;
use crate::envelope::unreadable;
use crate::error::{Payload, undecodable};

/// The list.
#[cfg(feature = "client")]
pub(crate) const LIST_ORDERS: Endpoint = Endpoint::get("GET order", "order");

/// The largest page: documented; larger values are capped by the server, so they are refused here.
pub const MAX_PAGE_SIZE: u32 = 50;

/// The request.
///
/// ```
/// use clink_api::ListOrders;
/// let request = ListOrders::new().customer_id("cus_1").page(2).page_size(50);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ListOrders {
    pub(crate) subscription_id: Option<String>,
    pub(crate) customer_id: Option<String>,
    pub(crate) merchant_reference_id: Option<String>,
    pub(crate) page_num: Option<u32>,
    pub(crate) page_size: Option<u32>,
}

impl ListOrders {
    /// All orders, the vendor's first page.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Only charges of this subscription (`subscriptionId`).
    #[must_use]
    pub fn subscription_id(mut self, id: impl Into<String>) -> Self {
        self.subscription_id = Some(id.into());
        self
    }

    /// Only orders of this customer (`customerId`).
    #[must_use]
    pub fn customer_id(mut self, id: impl Into<String>) -> Self {
        self.customer_id = Some(id.into());
        self
    }

    /// Only orders with this reference of the seller (`merchantReferenceId`; in the specification, not on the page).
    #[must_use]
    pub fn merchant_reference_id(mut self, id: impl Into<String>) -> Self {
        self.merchant_reference_id = Some(id.into());
        self
    }

    /// The page, from 1 (`pageNum`, default 1).
    #[must_use]
    pub fn page(mut self, number: u32) -> Self {
        self.page_num = Some(number);
        self
    }

    /// Rows a page, 1 to 50 (`pageSize`, default 20).
    #[must_use]
    pub fn page_size(mut self, rows: u32) -> Self {
        self.page_size = Some(rows);
        self
    }

    /// Checks what the page states.
    ///
    /// # Errors
    /// `InvalidRequest` that names the rule.
    pub fn check(&self) -> Result<(), Error> {
        if self.page_num == Some(0) {
            return Err(Error::invalid_request("pageNum counts from 1"));
        }
        match self.page_size {
            Some(rows) if rows == 0 || rows > MAX_PAGE_SIZE => {
                Err(Error::invalid_request(format!(
                    "pageSize must be 1 to {MAX_PAGE_SIZE}, got {rows}: the vendor would cap it without saying so"
                )))
            }
            _ => Ok(()),
        }
    }

    /// The query parameters, under the vendor's names.
    #[must_use]
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let number = |n: Option<u32>| n.map(|n| n.to_string());
        [
            ("subscriptionId", self.subscription_id.clone()),
            ("customerId", self.customer_id.clone()),
            ("merchantReferenceId", self.merchant_reference_id.clone()),
            ("pageNum", number(self.page_num)),
            ("pageSize", number(self.page_size)),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
    }
}

/// One page of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct OrdersPage {
    /// The orders, in the vendor's order, each beside its exact text.
    pub orders: Vec<Record<Order>>,
    /// The orders that could not be read. They cost no other.
    pub unreadable: Vec<Unreadable>,
    /// How many rows the vendor sent, `null` and unreadable ones included.
    pub sent: usize,
    /// How many orders there are on all pages.
    pub total: Option<i64>,
}

#[serde_as]
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, default)]
    rows: Option<RawList<'a>>,
    #[serde_as(as = "Integer")]
    #[serde(default)]
    total: Option<i64>,
    #[serde_as(as = "Text")]
    #[serde(default)]
    code: Option<String>,
    #[serde_as(as = "Text")]
    #[serde(default)]
    msg: Option<String>,
}

/// Decodes the body of a page.
///
/// # Errors
/// The vendor's failure where `code` is not 200 (whatever the HTTP status was); `Decode` where the body is no page:
/// with the JSON path, or saying that `rows` is missing.
pub fn decode_page(body: &Bytes) -> Result<OrdersPage, Error> {
    let envelope: Envelope<'_> = orders_wire::decode(body).map_err(undecodable)?;
    let status = Payload::new(envelope.code, envelope.msg);
    if status.is_failure() {
        return Err(status.into_error());
    }
    let Some(rows) = envelope.rows else {
        return Err(missing_rows(body));
    };
    let rows = rows.rows(body, "rows");
    Ok(OrdersPage {
        orders: rows.records,
        unreadable: rows
            .unreadable
            .into_iter()
            .map(unreadable::<Order>)
            .collect(),
        sent: rows.sent,
        total: envelope.total,
    })
}

/// `rows` is absent or null. Null beside a total of 0 would still be a claim without its list.
fn missing_rows(body: &Bytes) -> Error {
    let keys = orders_wire::keys(body);
    let message = format!("a page without its list of orders; keys seen: {keys}");
    Error::missing_list("rows", message)
}
