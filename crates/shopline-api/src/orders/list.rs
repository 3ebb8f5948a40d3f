//! `GET orders.json`: the orders of the whole store.
//!
//! The page: <https://developer.shopline.com/docs/admin-rest-api/order/order-management/get-orders>. It answers
//! `{"orders": [..]}`, which [`decode_page`](super::decode_page) reads, and needs the scope `read_orders`.
//!
//! Recorded: without any filter cancelled and fulfilled orders come too, oldest first. `hidden_order` is documented as
//! true or false, and false where it is left out; that true gives archived orders only and false the others is inferred.

use std::fmt;

use chrono::{DateTime, FixedOffset};
use orders_core::Error;

use super::FinancialStatus;
use super::filters::{Span, StatusFilter, broken, check_ids, joined, present};
use super::paging::Paging;

const NAME: &str = "GET orders.json";

/// The largest `limit` that the lists of orders allow.
pub const MAX_LIMIT: u32 = 100;

/// The largest number of order ids in one request.
pub const MAX_IDS: usize = 100;

/// The largest number of contract ids in one request.
pub const MAX_CONTRACTS: usize = 50;

/// Where the goods of the wanted orders are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FulfillmentFilter {
    /// Nothing was sent.
    Unshipped,
    /// A part was sent.
    Partial,
    /// All was sent.
    Shipped,
}

impl FulfillmentFilter {
    /// The word in the request.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unshipped => "unshipped",
            Self::Partial => "partial",
            Self::Shipped => "shipped",
        }
    }
}

/// By what the orders are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Sort {
    /// By the time of the order, oldest first.
    OrderAt,
    /// By the time of the order, newest first.
    OrderAtDescending,
    /// By id, smallest first.
    Id,
    /// By id, largest first.
    IdDescending,
}

impl Sort {
    /// The words in the request.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OrderAt => "order_at:asc",
            Self::OrderAtDescending => "order_at:desc",
            Self::Id => "id:asc",
            Self::IdDescending => "id:desc",
        }
    }
}

/// A request for orders of the store. Every parameter is optional; those that are set must all fit.
///
/// Times are sent in whole seconds with their offset. The page says that both ends of a span belong to it.
///
/// ```
/// use shopline_api::chrono::DateTime;
/// use shopline_api::orders::{ListOrders, Sort, StatusFilter};
/// let since = DateTime::parse_from_rfc3339("2026-09-01T00:00:00+08:00")?;
/// let request = ListOrders::new().status(StatusFilter::Any).updated_at_min(since).sort(Sort::Id).limit(100);
/// assert!(request.check().is_ok());
/// assert!(request.limit(101).check().is_err());
/// # Ok::<(), shopline_api::chrono::ParseError>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash)]
#[must_use]
pub struct ListOrders {
    ids: Vec<String>,
    name: Option<String>,
    email: Option<String>,
    buyer_id: Option<String>,
    search_content: Option<String>,
    status: Option<StatusFilter>,
    financial_status: Option<FinancialStatus>,
    fulfillment_status: Option<FulfillmentFilter>,
    hidden_order: Option<bool>,
    created_at: Span,
    updated_at: Span,
    order_at: Span,
    location: Option<String>,
    contract_ids: Vec<String>,
    sort: Vec<Sort>,
    paging: Paging,
}

impl ListOrders {
    /// All orders that are not archived, from the first page on.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only the orders with these ids, at most [`MAX_IDS`].
    pub fn ids(mut self, ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.ids = ids.into_iter().map(Into::into).collect();
        self
    }

    /// Only the order with this number, the one that people use.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Only orders with this e-mail address. Personal: it stands in the URL of the request, though in no error and log
    /// of this client.
    pub fn email(mut self, email: impl Into<String>) -> Self {
        self.email = Some(email.into());
        self
    }

    /// Only orders of this customer: a second road to a customer's orders, with another scope.
    pub fn buyer_id(mut self, id: impl Into<String>) -> Self {
        self.buyer_id = Some(id.into());
        self
    }

    /// Only orders with this text in one of several places (order id, title of a product, ...).
    pub fn search_content(mut self, text: impl Into<String>) -> Self {
        self.search_content = Some(text.into());
        self
    }

    /// Only orders of this status.
    pub fn status(mut self, status: StatusFilter) -> Self {
        self.status = Some(status);
        self
    }

    /// Only orders whose payment stands here.
    pub fn financial_status(mut self, status: FinancialStatus) -> Self {
        self.financial_status = Some(status);
        self
    }

    /// Only orders whose goods are here.
    pub fn fulfillment_status(mut self, status: FulfillmentFilter) -> Self {
        self.fulfillment_status = Some(status);
        self
    }

    /// Archived orders (`true`) or the others (`false`, as where it is left out). No value is documented to give both.
    pub fn hidden_order(mut self, hidden: bool) -> Self {
        self.hidden_order = Some(hidden);
        self
    }

    /// Only orders placed at this time or later.
    pub fn created_at_min(mut self, at: impl Into<DateTime<FixedOffset>>) -> Self {
        self.created_at.min = Some(at.into());
        self
    }

    /// Only orders placed at this time or earlier.
    pub fn created_at_max(mut self, at: impl Into<DateTime<FixedOffset>>) -> Self {
        self.created_at.max = Some(at.into());
        self
    }

    /// Only orders last changed at this time or later.
    pub fn updated_at_min(mut self, at: impl Into<DateTime<FixedOffset>>) -> Self {
        self.updated_at.min = Some(at.into());
        self
    }

    /// Only orders last changed at this time or earlier.
    pub fn updated_at_max(mut self, at: impl Into<DateTime<FixedOffset>>) -> Self {
        self.updated_at.max = Some(at.into());
        self
    }

    /// Only orders that became effective at this time or later. Known from version v20260601 on; in no page of
    /// v20260301.
    pub fn order_at_min(mut self, at: impl Into<DateTime<FixedOffset>>) -> Self {
        self.order_at.min = Some(at.into());
        self
    }

    /// Only orders that became effective at this time or earlier. Known as [`order_at_min`](Self::order_at_min).
    pub fn order_at_max(mut self, at: impl Into<DateTime<FixedOffset>>) -> Self {
        self.order_at.max = Some(at.into());
        self
    }

    /// Only orders of these places: their ids, joined by commas.
    pub fn location(mut self, ids: impl Into<String>) -> Self {
        self.location = Some(ids.into());
        self
    }

    /// Only orders of these subscription contracts, at most [`MAX_CONTRACTS`].
    pub fn contract_ids(mut self, ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.contract_ids = ids.into_iter().map(Into::into).collect();
        self
    }

    /// The order of the answer; a second call sorts what is equal by the first.
    pub fn sort(mut self, by: Sort) -> Self {
        self.sort.push(by);
        self
    }

    /// Only these first-level fields, joined by commas.
    pub fn fields(mut self, fields: impl Into<String>) -> Self {
        self.paging.fields = Some(fields.into());
        self
    }

    /// How many orders a page holds, 1 to 100. Unset: the vendor's default (documented 50, recorded 20). Streams request
    /// 100.
    pub fn limit(mut self, limit: u32) -> Self {
        self.paging.limit = Some(limit);
        self
    }

    /// The page to resume at: `next` or `previous` of an earlier answer. The vendor then takes the filters of the first
    /// request, so only `limit` and `fields` are sent beside it.
    pub fn page_info(mut self, page_info: impl Into<String>) -> Self {
        self.paging.page_info = Some(page_info.into());
        self
    }

    /// Begins behind this order. For the first page only.
    pub fn since_id(mut self, since_id: impl Into<String>) -> Self {
        self.paging.since_id = Some(since_id.into());
        self
    }

    /// Whether the request keeps the rules of the page.
    ///
    /// # Errors
    /// `InvalidRequest` naming the rule.
    pub fn check(&self) -> Result<(), Error> {
        check_ids("ids", &self.ids, MAX_IDS, NAME)?;
        check_ids("contract_ids", &self.contract_ids, MAX_CONTRACTS, NAME)?;
        self.paging.check(MAX_LIMIT, NAME)?;
        let spans = [
            ("created_at", &self.created_at),
            ("updated_at", &self.updated_at),
            ("order_at", &self.order_at),
        ];
        match spans.into_iter().find(|(_, span)| span.is_backwards()) {
            Some((name, _)) => Err(broken(
                &format!("{name}_min is later than {name}_max"),
                NAME,
            )),
            None => Ok(()),
        }
    }

    /// The query parameters, under the vendor's names.
    #[must_use]
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let page = self.paging.parameters();
        if self.paging.page_info.is_some() {
            return present(page);
        }
        let text = |word: Option<&str>| word.map(str::to_owned);
        let sort: Vec<&str> = self.sort.iter().map(|sort| sort.as_str()).collect();
        let filters = [
            ("ids", joined(&self.ids)),
            ("name", self.name.clone()),
            ("email", self.email.clone()),
            ("buyer_id", self.buyer_id.clone()),
            ("search_content", self.search_content.clone()),
            ("status", text(self.status.map(StatusFilter::as_str))),
            (
                "financial_status",
                text(self.financial_status.as_ref().map(|s| s.as_str())),
            ),
            (
                "fulfillment_status",
                text(self.fulfillment_status.map(FulfillmentFilter::as_str)),
            ),
            (
                "hidden_order",
                self.hidden_order.map(|hidden| hidden.to_string()),
            ),
            ("created_at_min", self.created_at.min_text()),
            ("created_at_max", self.created_at.max_text()),
            ("updated_at_min", self.updated_at.min_text()),
            ("updated_at_max", self.updated_at.max_text()),
            ("order_at_min", self.order_at.min_text()),
            ("order_at_max", self.order_at.max_text()),
            ("location", self.location.clone()),
            ("contract_ids", joined(&self.contract_ids)),
            ("sort_condition", joined(&sort)),
        ];
        present(filters.into_iter().chain(page))
    }
}

impl fmt::Debug for ListOrders {
    /// Without the values that may be personal: the e-mail address and the text that is searched for.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let personal = ["email", "search_content"];
        let mut shown = self.parameters();
        for (name, value) in &mut shown {
            if personal.contains(name) {
                "***".clone_into(value);
            }
        }
        f.debug_struct("ListOrders")
            .field("parameters", &shown)
            .finish()
    }
}

#[cfg(feature = "client")]
mod calls {
    use bytes::Bytes;
    use orders_core::Error;
    use orders_http::Endpoint;
    use orders_reader::RowStream;
    use orders_wire::Record;

    use super::{ListOrders, MAX_LIMIT, NAME, Paging};
    use crate::Page;
    use crate::client::Client;
    use crate::orders::paging::{CursorPages, ListRequest};
    use crate::orders::{Order, decode_page};

    pub(crate) const LIST_ORDERS: Endpoint =
        Endpoint::get(NAME, "orders.json").scope("read_orders");

    impl Client {
        /// One page of the store's orders. A read: it is retried where that makes sense.
        ///
        /// Archived orders come only with [`ListOrders::hidden_order`] (inferred).
        ///
        /// ```no_run
        /// use shopline_api::{Client, ListOrders};
        ///
        /// #[tokio::main]
        /// async fn main() -> Result<(), shopline_api::Error> {
        ///     let client = Client::new("open001", "token")?;
        ///     let page = client.list_orders(&ListOrders::new().limit(10)).await?;
        ///     println!("{} orders, next page: {:?}", page.records.len(), page.next);
        ///     Ok(())
        /// }
        /// ```
        ///
        /// # Errors
        /// `InvalidRequest` where the request breaks a stated rule (nothing is sent); the vendor's failure, also one
        /// under HTTP 200; `Decode` with the JSON path, for a body without a list, and for a `link` header to another
        /// host. Without the scope `read_orders` it is `Permission`.
        pub async fn list_orders(&self, request: &ListOrders) -> Result<Page<Order>, Error> {
            self.page(request).await
        }

        /// All orders of the store that the request names, over all pages from its own on, a hundred a page unless it
        /// sets a limit.
        ///
        /// It ends where the vendor names no next page. A record that cannot be read is an error with
        /// [`Error::record`], and the stream continues. A page that fails, or comes twice (`Stalled`), ends it.
        /// [`RowStream::position`] is where another process resumes.
        ///
        /// Archived orders come only with [`ListOrders::hidden_order`], and the others only without (inferred): two
        /// streams for all.
        ///
        /// ```no_run
        /// use shopline_api::{Client, ListOrders};
        ///
        /// #[tokio::main]
        /// async fn main() -> Result<(), shopline_api::Error> {
        ///     let client = Client::new("open001", "token")?;
        ///     let mut orders = client.stream_orders(&ListOrders::new());
        ///     while let Some(order) = orders.next().await {
        ///         println!("{:?}", order?.name);
        ///     }
        ///     Ok(())
        /// }
        /// ```
        #[must_use]
        pub fn stream_orders(&self, request: &ListOrders) -> RowStream<Record<Order>> {
            CursorPages::stream(self, request)
        }
    }

    impl ListRequest for ListOrders {
        type Row = Order;
        const ENDPOINT: Endpoint = LIST_ORDERS;
        const MAX_LIMIT: u32 = MAX_LIMIT;

        fn paging(&mut self) -> &mut Paging {
            &mut self.paging
        }

        fn id(order: &Order) -> Option<&str> {
            order.id.as_deref()
        }

        fn query(&self) -> Result<Vec<(&'static str, String)>, Error> {
            self.check().map(|()| self.parameters())
        }

        fn decode(body: &Bytes) -> Result<Page<Order>, Error> {
            decode_page(body)
        }
    }
}

#[cfg(feature = "client")]
pub(crate) use calls::LIST_ORDERS;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_personal_value_is_shown() {
        let request = ListOrders::new()
            .email("li@example.com")
            .search_content("Li Na")
            .limit(7);
        let shown = format!("{request:?}");
        assert!(
            shown.contains("(\"email\", \"***\")") && shown.contains('7'),
            "{shown}"
        );
        assert!(
            !shown.contains("li@") && !shown.contains("Li Na"),
            "{shown}"
        );
    }
}
