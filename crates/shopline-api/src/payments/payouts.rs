//! `GET payments/store/payouts.json`: what was paid out to the store. From v20250601 on. Needs the scope `read_payment`.
//!
//! The page: <https://developer.shopline.com/docs/admin-rest-api/shopline-payments/get-payouts>.

use bytes::Bytes;
use chrono::{DateTime, FixedOffset};
use orders_core::Error;
use orders_wire::{Exact, Row, Strict, Word, object};
use rust_decimal::Decimal;

use super::span;
use super::words::PayoutStatus;
use crate::envelope::{Page, rows};
use crate::orders::filters::{Span, present};
use crate::orders::paging::Paging;

const NAME: &str = "GET payments/store/payouts.json";

/// The largest `limit` that the page allows.
const MAX_LIMIT: u32 = 100;

/// The `limit` that is sent unless another is set: the page marks it as required, with this default.
const DEFAULT_LIMIT: u32 = 50;

/// The longest span, in months.
const MONTHS: u32 = 3;

object! {
    /// What was paid out to the store.
    pub struct Payout {
        /// Its id: the `payout_id` of its billing records (inferred).
        pub payout_transaction_no: Option<String>,
        /// What was paid out, in [`currency`](Self::currency), major units.
        #[serde_as(as = "Exact")]
        pub amount: Option<Decimal>,
        /// The currency of the amount.
        pub currency: Option<String>,
        /// Where it stands.
        #[serde_as(as = "Word")]
        pub status: Option<PayoutStatus>,
        /// When it was made, with offset: what the span of the request means.
        pub time: Option<DateTime<FixedOffset>>,
    }
}

impl Row for Payout {
    const IDENTITY: &'static [&'static str] = &["payout_transaction_no"];
    const STRICT: Strict = Strict::new(
        &[
            "payout_transaction_no",
            "amount",
            "currency",
            "status",
            "time",
        ],
        &[],
    );

    fn is_identified(&self) -> bool {
        self.payout_transaction_no
            .as_deref()
            .is_some_and(|id| !id.is_empty())
    }
}

/// A request for payouts of a span of time.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub struct ListPayouts {
    time: Span,
    status: Option<PayoutStatus>,
    payout_transaction_no: Option<String>,
    merchant_id: Option<String>,
    paging: Paging,
}

impl ListPayouts {
    /// The payouts made from the first time (`start_time`) to the second (`end_time`), both included, at most three months
    /// apart. Sent in whole seconds, never narrower.
    pub fn new(
        from: impl Into<DateTime<FixedOffset>>,
        to: impl Into<DateTime<FixedOffset>>,
    ) -> Self {
        Self {
            time: Span {
                min: Some(from.into()),
                max: Some(to.into()),
            },
            status: None,
            payout_transaction_no: None,
            merchant_id: None,
            paging: Paging::default(),
        }
    }

    /// Only payouts that stand there.
    pub fn status(mut self, status: PayoutStatus) -> Self {
        self.status = Some(status);
        self
    }

    /// Only the payout with this id.
    pub fn payout_transaction_no(mut self, id: impl Into<String>) -> Self {
        self.payout_transaction_no = Some(id.into());
        self
    }

    /// Only those of this merchant (by third parties).
    pub fn merchant_id(mut self, id: impl Into<String>) -> Self {
        self.merchant_id = Some(id.into());
        self
    }

    /// How many payouts a page holds, 1 to 100. Unset: the documented default of 50 is sent, since the page marks the parameter as required. Streams request 100.
    pub fn limit(mut self, limit: u32) -> Self {
        self.paging.limit = Some(limit);
        self
    }

    /// The page to continue at: `next` or `previous` of an earlier answer. The vendor then takes the filters of the first
    /// request, so only `limit` is sent beside it.
    pub fn page_info(mut self, page_info: impl Into<String>) -> Self {
        self.paging.page_info = Some(page_info.into());
        self
    }

    /// Begins behind this payout. For the first page only.
    pub fn since_id(mut self, since_id: impl Into<String>) -> Self {
        self.paging.since_id = Some(since_id.into());
        self
    }

    /// Whether the request keeps the rules of the page.
    ///
    /// # Errors
    /// `InvalidRequest` naming the rule.
    pub fn check(&self) -> Result<(), Error> {
        span::check(&self.time, ["start_time", "end_time"], MONTHS, NAME)?;
        self.paging.check(MAX_LIMIT, NAME)
    }

    /// The query parameters, under the vendor's names.
    #[must_use]
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let mut paging = self.paging.clone();
        paging.limit.get_or_insert(DEFAULT_LIMIT);
        let page = paging.parameters();
        if self.paging.page_info.is_some() {
            return present(page);
        }
        let status = self.status.as_ref().map(|word| word.as_str().to_owned());
        let filters = [
            ("start_time", self.time.min_text()),
            ("end_time", self.time.max_text()),
            ("status", status),
            ("payout_transaction_no", self.payout_transaction_no.clone()),
            ("merchant_id", self.merchant_id.clone()),
        ];
        present(filters.into_iter().chain(page))
    }
}

/// Reads the body of a page: `{"payouts": [..]}`. `null` and an empty list are an empty page.
///
/// # Errors
/// `Decode` with the JSON path, also for a body without the key; `Other` with the vendor's message where the body says
/// `errors`.
pub fn decode_payouts(body: &Bytes) -> Result<Page<Payout>, Error> {
    rows(body, "payouts")
}

#[cfg(feature = "client")]
mod calls {
    use bytes::Bytes;
    use orders_core::Error;
    use orders_http::Endpoint;
    use orders_reader::RowStream;
    use orders_wire::Record;

    use super::{ListPayouts, MAX_LIMIT, NAME, Page, Paging, Payout, decode_payouts};
    use crate::client::Client;
    use crate::orders::paging::{CursorPages, ListRequest};

    const LIST_PAYOUTS: Endpoint =
        Endpoint::get(NAME, "payments/store/payouts.json").scope("read_payment");

    impl Client {
        /// One page of the store's payouts.
        ///
        /// ```no_run
        /// use shopline_api::chrono::{DateTime, TimeDelta, Utc};
        /// use shopline_api::payments::ListPayouts;
        /// use shopline_api::{Client, Error};
        ///
        /// async fn last_month(client: &Client, now: DateTime<Utc>) -> Result<(), Error> {
        ///     let request = ListPayouts::new(now - TimeDelta::days(30), now);
        ///     let page = client.list_payouts(&request).await?;
        ///     println!("{} of them, next page: {:?}", page.records.len(), page.next);
        ///     Ok(())
        /// }
        /// ```
        ///
        /// # Errors
        /// `NotFound` for a store without SHOPLINE Payments; else as [`list_orders`](Self::list_orders), with the scope
        /// `read_payment`.
        pub async fn list_payouts(&self, request: &ListPayouts) -> Result<Page<Payout>, Error> {
            self.page(request).await
        }

        /// All the store's payouts that are requested, over all pages from the request's own on, 100 a page unless it sets a
        /// limit; it ends as [`stream_orders`](Self::stream_orders).
        #[must_use]
        pub fn stream_payouts(&self, request: &ListPayouts) -> RowStream<Record<Payout>> {
            CursorPages::stream(self, request)
        }
    }

    impl ListRequest for ListPayouts {
        type Row = Payout;
        const ENDPOINT: Endpoint = LIST_PAYOUTS;
        const MAX_LIMIT: u32 = MAX_LIMIT;

        fn paging(&mut self) -> &mut Paging {
            &mut self.paging
        }

        fn id(row: &Payout) -> Option<&str> {
            row.payout_transaction_no.as_deref()
        }

        fn query(&self) -> Result<Vec<(&'static str, String)>, Error> {
            self.check().map(|()| self.parameters())
        }

        fn decode(body: &Bytes) -> Result<Page<Payout>, Error> {
            decode_payouts(body)
        }
    }
}
