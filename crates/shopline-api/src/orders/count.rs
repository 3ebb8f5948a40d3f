//! `GET orders/count.json`: how many orders the store has.
//!
//! The page is a sister of that of `orders.json` and answers `{"count": 7}` (recorded). Its filters are fewer, and three
//! of them also take `any`, which is their default. Needs the scope `read_orders`.

use bytes::Bytes;
use chrono::{DateTime, FixedOffset};
use orders_core::Error;
use orders_wire::Integer;
use serde_with::DeserializeAs;

use super::filters::{Span, broken, present};
use super::{FinancialStatus, FulfillmentFilter};
use crate::envelope::member;

const NAME: &str = "GET orders/count.json";

/// Which orders are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CountStatus {
    /// Orders being worked on.
    Open,
    /// Cancelled orders.
    Cancelled,
    /// Archived orders.
    Hidden,
    /// All statuses. Whether archived orders count is not said in so many words.
    Any,
}

impl CountStatus {
    /// The word in the request.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Cancelled => "cancelled",
            Self::Hidden => "hidden",
            Self::Any => "any",
        }
    }
}

orders_wire::open_enum! {
    /// Through which channel an order was placed.
    pub enum OrderSourceFilter {
        /// A store of one page.
        OneShop = "oneshop",
        /// The online store.
        Web = "web",
        /// The message centre.
        MessageCenter = "mc",
        /// Live shopping.
        Live = "live",
        /// Shopping from a post.
        Post = "post",
        /// Shopee.
        Shopee = "shopee",
        /// Lazada.
        Lazada = "lazada",
        /// The vendor's app for buttons on other pages.
        BuyButton = "buy_button",
        /// A point of sale.
        Pos = "pos",
        /// All of them, as where it is left out.
        Any = "any",
    }
}

/// A request for the number of orders. What is not set does not filter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[must_use]
pub struct CountOrders {
    status: Option<CountStatus>,
    financial_status: Option<FinancialStatus>,
    fulfillment_status: Option<FulfillmentFilter>,
    order_source: Option<OrderSourceFilter>,
    location_id: Option<String>,
    created_at: Span,
    updated_at: Span,
}

impl CountOrders {
    /// All orders.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only orders of this status.
    pub fn status(mut self, status: CountStatus) -> Self {
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

    /// Only orders of this channel.
    pub fn order_source(mut self, source: OrderSourceFilter) -> Self {
        self.order_source = Some(source);
        self
    }

    /// Only orders of this place.
    pub fn location_id(mut self, id: impl Into<String>) -> Self {
        self.location_id = Some(id.into());
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

    /// Whether the request keeps the rules of the page.
    ///
    /// # Errors
    /// `InvalidRequest` naming the rule.
    pub fn check(&self) -> Result<(), Error> {
        match self.created_at.is_backwards() || self.updated_at.is_backwards() {
            true => Err(broken("the least time is later than the greatest", NAME)),
            false => Ok(()),
        }
    }

    /// The query parameters, under the vendor's names.
    #[must_use]
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let text = |word: Option<&str>| word.map(str::to_owned);
        present([
            ("status", text(self.status.map(CountStatus::as_str))),
            (
                "financial_status",
                text(self.financial_status.as_ref().map(|s| s.as_str())),
            ),
            (
                "fulfillment_status",
                text(self.fulfillment_status.map(FulfillmentFilter::as_str)),
            ),
            (
                "order_source",
                text(self.order_source.as_ref().map(|s| s.as_str())),
            ),
            ("location_id", self.location_id.clone()),
            ("created_at_min", self.created_at.min_text()),
            ("created_at_max", self.created_at.max_text()),
            ("updated_at_min", self.updated_at.min_text()),
            ("updated_at_max", self.updated_at.max_text()),
        ])
    }
}

/// Reads the body of a count: `{"count": 7}`, the number also as text.
///
/// # Errors
/// `Decode` for a body without a count, and for one that is null, negative or no whole number; `Other` with the
/// vendor's message where the body says `errors`.
pub fn decode_count(body: &Bytes) -> Result<u64, Error> {
    let count = member(body, "count")?.get();
    let wrong = |message: String| Error::decode("count", message);
    let mut reader = serde_json::Deserializer::from_str(count);
    let count: Option<i64> =
        Integer::deserialize_as(&mut reader).map_err(|why| wrong(why.to_string()))?;
    let count = count.ok_or_else(|| wrong("there is no number".to_owned()))?;
    u64::try_from(count).map_err(|_| wrong(format!("{count} is no number of orders")))
}

#[cfg(feature = "client")]
mod calls {
    use bytes::Bytes;
    use orders_core::Error;
    use orders_http::{Endpoint, Reply};

    use super::{CountOrders, NAME, decode_count};
    use crate::client::Client;
    use crate::failure::decoded;

    const COUNT_ORDERS: Endpoint = Endpoint::get(NAME, "orders/count.json").scope("read_orders");

    impl Client {
        /// How many orders the vendor counts.
        ///
        /// ```no_run
        /// use shopline_api::Client;
        /// use shopline_api::orders::{CountOrders, CountStatus};
        ///
        /// #[tokio::main]
        /// async fn main() -> Result<(), shopline_api::Error> {
        ///     let client = Client::new("open001", "token")?;
        ///     let open = CountOrders::new().status(CountStatus::Open);
        ///     println!("{} open orders", client.count_orders(&open).await?);
        ///     Ok(())
        /// }
        /// ```
        ///
        /// # Errors
        /// As [`list_orders`](Self::list_orders); `Decode` for a body without a count.
        pub async fn count_orders(&self, request: &CountOrders) -> Result<u64, Error> {
            request.check()?;
            let read = |reply: &Reply| decoded(reply, COUNT_ORDERS, decode_count);
            let query = request.parameters();
            self.call(COUNT_ORDERS, &[], &query, Bytes::new(), read)
                .await
        }
    }
}
