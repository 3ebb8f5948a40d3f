//! `GET payments/store/balance_transactions.json`: the billing records, one for each movement of the balance. Needs the
//! scope `read_payment`.
//!
//! The page: <https://developer.shopline.com/docs/admin-rest-api/shopline-payments/get-billing-records>. Up to v20260301 it
//! takes a payout and no span of time; from v20260601 on it takes both, and gives records of another shape.

use bytes::Bytes;
use chrono::{DateTime, FixedOffset};
use orders_core::Error;

use super::words::{AccountType, PayoutStatus};
use super::{BalanceTransaction, span};
use crate::envelope::{Page, rows};
use crate::orders::filters::{Span, broken, present};
use crate::orders::paging::Paging;

const NAME: &str = "GET payments/store/balance_transactions.json";

/// The largest `limit` up to v20260301.
const MAX_LIMIT: u32 = 10_000;

/// The largest `limit` from v20260601 on, which every version takes: what streams request.
const MAX_LIMIT_OF_ALL: u32 = 100;

/// The longest span, in months.
const MONTHS: u32 = 3;

/// A request for billing records. Every parameter is optional; those that are set must all fit. Which of them the vendor
/// knows depends on the client's version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[must_use]
pub struct ListBalanceTransactions {
    posted: Span,
    payout_id: Option<String>,
    payout_status: Option<PayoutStatus>,
    account_type: Option<AccountType>,
    settlement_details: Option<bool>,
    paging: Paging,
}

impl ListBalanceTransactions {
    /// All billing records that the vendor gives, from the first page on.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only records booked from the first time on (`start_time`) and before the second (`end_time`), at most three months
    /// apart; from v20260601 on. Sent in whole seconds, never narrower.
    pub fn posted(
        mut self,
        from: impl Into<DateTime<FixedOffset>>,
        to: impl Into<DateTime<FixedOffset>>,
    ) -> Self {
        self.posted = Span {
            min: Some(from.into()),
            max: Some(to.into()),
        };
        self
    }

    /// Only the records of this payout; not for stores of mainland China up to v20260301. From v20260601 on: all records
    /// after the payout before it, up to and with it.
    pub fn payout_id(mut self, id: impl Into<String>) -> Self {
        self.payout_id = Some(id.into());
        self
    }

    /// Only the records of payouts that stand there (up to v20260301).
    pub fn payout_status(mut self, status: PayoutStatus) -> Self {
        self.payout_status = Some(status);
        self
    }

    /// Only the records of this account (from v20260601).
    pub fn account_type(mut self, account: AccountType) -> Self {
        self.account_type = Some(account);
        self
    }

    /// The single records of a batch of settlement instead of one for the batch (`is_settlement_details`, from v20260601;
    /// the vendor's default is the batch). Reading both counts everything twice.
    pub fn settlement_details(mut self, details: bool) -> Self {
        self.settlement_details = Some(details);
        self
    }

    /// How many records a page holds, 1 to 10,000 (from v20260601 on 100). Unset: the vendor's default of 1,000 (from v20260601 on 50). Streams request 100.
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

    /// Begins behind this record, by its time. For the first page only.
    pub fn since_id(mut self, since_id: impl Into<String>) -> Self {
        self.paging.since_id = Some(since_id.into());
        self
    }

    /// Whether the request keeps the rules of the page.
    ///
    /// # Errors
    /// `InvalidRequest` naming the rule.
    pub fn check(&self) -> Result<(), Error> {
        span::check(&self.posted, ["start_time", "end_time"], MONTHS, NAME)?;
        let newer = self.posted.min.is_some()
            || self.account_type.is_some()
            || self.settlement_details.is_some();
        if newer && self.payout_status.is_some() {
            let rule = "payout_status is of versions up to v20260301, and the others of later ones";
            return Err(broken(rule, NAME));
        }
        if self.posted.min.is_some() && self.payout_id.is_some() {
            let rule = "either a span of time or a payout_id";
            return Err(broken(rule, NAME));
        }
        let most = if newer { MAX_LIMIT_OF_ALL } else { MAX_LIMIT };
        self.paging.check(most, NAME)
    }

    /// The query parameters, under the vendor's names.
    #[must_use]
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let page = self.paging.parameters();
        if self.paging.page_info.is_some() {
            return present(page);
        }
        let word = |word: Option<&str>| word.map(str::to_owned);
        let filters = [
            ("start_time", self.posted.min_text()),
            ("end_time", self.posted.max_text()),
            ("payout_id", self.payout_id.clone()),
            (
                "payout_status",
                word(self.payout_status.as_ref().map(PayoutStatus::as_str)),
            ),
            (
                "account_type",
                word(self.account_type.as_ref().map(AccountType::as_str)),
            ),
            (
                "is_settlement_details",
                self.settlement_details.map(|details| details.to_string()),
            ),
        ];
        present(filters.into_iter().chain(page))
    }
}

/// Reads the body of a page: `{"transactions": [..]}`. `null` and an empty list are an empty page.
///
/// # Errors
/// `Decode` with the JSON path, also for a body without the key; `Other` with the vendor's message where the body says
/// `errors`.
pub fn decode_balance_transactions(body: &Bytes) -> Result<Page<BalanceTransaction>, Error> {
    rows(body, "transactions")
}

#[cfg(feature = "client")]
mod calls {
    use bytes::Bytes;
    use orders_core::Error;
    use orders_http::Endpoint;
    use orders_reader::RowStream;
    use orders_wire::Record;

    use super::{
        BalanceTransaction, ListBalanceTransactions, MAX_LIMIT_OF_ALL, NAME, Page, Paging,
        decode_balance_transactions,
    };
    use crate::client::Client;
    use crate::orders::paging::{CursorPages, ListRequest};

    const LIST_BALANCE_TRANSACTIONS: Endpoint =
        Endpoint::get(NAME, "payments/store/balance_transactions.json").scope("read_payment");

    impl Client {
        /// One page of billing records.
        ///
        /// ```no_run
        /// use shopline_api::Client;
        /// use shopline_api::payments::ListBalanceTransactions;
        ///
        /// #[tokio::main]
        /// async fn main() -> Result<(), shopline_api::Error> {
        ///     let client = Client::new("open001", "token")?;
        ///     let request = ListBalanceTransactions::new().payout_id("101");
        ///     let page = client.list_balance_transactions(&request).await?;
        ///     println!("{} of them, next page: {:?}", page.records.len(), page.next);
        ///     Ok(())
        /// }
        /// ```
        ///
        /// # Errors
        /// `NotFound` for a store without SHOPLINE Payments; else as [`list_orders`](Self::list_orders), with the scope
        /// `read_payment`.
        pub async fn list_balance_transactions(
            &self,
            request: &ListBalanceTransactions,
        ) -> Result<Page<BalanceTransaction>, Error> {
            self.page(request).await
        }

        /// All billing records that are requested, over all pages from the request's own on, 100 a page unless it sets a
        /// limit; it ends as [`stream_orders`](Self::stream_orders).
        #[must_use]
        pub fn stream_balance_transactions(
            &self,
            request: &ListBalanceTransactions,
        ) -> RowStream<Record<BalanceTransaction>> {
            CursorPages::stream(self, request)
        }
    }

    impl ListRequest for ListBalanceTransactions {
        type Row = BalanceTransaction;
        const ENDPOINT: Endpoint = LIST_BALANCE_TRANSACTIONS;
        const MAX_LIMIT: u32 = MAX_LIMIT_OF_ALL;

        fn paging(&mut self) -> &mut Paging {
            &mut self.paging
        }

        fn id(row: &BalanceTransaction) -> Option<&str> {
            row.id.as_deref()
        }

        fn query(&self) -> Result<Vec<(&'static str, String)>, Error> {
            self.check().map(|()| self.parameters())
        }

        fn decode(body: &Bytes) -> Result<Page<BalanceTransaction>, Error> {
            decode_balance_transactions(body)
        }
    }
}
