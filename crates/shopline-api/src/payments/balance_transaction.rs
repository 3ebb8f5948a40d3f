//! A billing record of SHOPLINE Payments: one movement of the store's balance.

use chrono::{DateTime, FixedOffset};
use orders_wire::{Exact, Row, Strict, Word, object};
use rust_decimal::Decimal;

use super::words::{AccountType, BalanceTransactionType, PayoutStatus};

object! {
    /// One movement of the store's balance.
    ///
    /// The vendor changed its shape with v20260601. Fields without a note come in both, those of *records* up to v20260301,
    /// those of *accounts* from v20260601 on (their names by third parties). Both are read whatever the client's version.
    pub struct BalanceTransaction {
        /// Its id.
        pub id: Option<String>,
        /// What it books.
        #[serde_as(as = "Word")]
        #[serde(rename = "type")]
        pub transaction_type: Option<BalanceTransactionType>,
        /// What it comes from (records).
        pub source_type: Option<String>,
        /// What moved, fees not taken off, major units: in [`currency`](Self::currency) (records), or in
        /// [`account_currency`](Self::account_currency).
        #[serde_as(as = "Exact")]
        pub amount: Option<Decimal>,
        /// The fee, major units (records).
        #[serde_as(as = "Exact")]
        pub fee: Option<Decimal>,
        /// What the balance changed by, fees taken off, major units: what a payout adds up.
        #[serde_as(as = "Exact")]
        pub net: Option<Decimal>,
        /// The currency of the amounts (records).
        pub currency: Option<String>,
        /// What was settled, in [`settlement_currency`](Self::settlement_currency), major units (records).
        #[serde_as(as = "Exact")]
        pub settlement_amount: Option<Decimal>,
        /// The currency of the settlement (records).
        pub settlement_currency: Option<String>,
        /// The rate between the two currencies; ten places are documented.
        #[serde_as(as = "Exact")]
        pub exchange_rate: Option<Decimal>,
        /// The payout in which it went (records).
        pub payout_id: Option<String>,
        /// Where that payout stands; empty for stores of mainland China (records).
        #[serde_as(as = "Word")]
        pub payout_status: Option<PayoutStatus>,
        /// The batch in which it was settled (accounts).
        pub settlement_batch_id: Option<String>,
        /// The order: its id or its name, which of them is not documented.
        pub source_order_id: Option<String>,
        /// The payment it comes from (records).
        pub source_payment_id: Option<String>,
        /// The transaction it comes from: its `trade_order_id` (inferred).
        pub source_order_transaction_id: Option<String>,
        /// The fee of the card's bank, major units (accounts).
        #[serde_as(as = "Exact")]
        pub interchange_fee: Option<Decimal>,
        /// The fee of the card's brand, major units (accounts).
        #[serde_as(as = "Exact")]
        pub scheme_fee: Option<Decimal>,
        /// The fee of the method of payment, major units (accounts).
        #[serde_as(as = "Exact")]
        pub payment_method_fee: Option<Decimal>,
        /// Other fees, major units (accounts).
        #[serde_as(as = "Exact")]
        pub other_fee: Option<Decimal>,
        /// All fees, major units (accounts).
        #[serde_as(as = "Exact")]
        pub total_fee: Option<Decimal>,
        /// What the buyer paid, in [`transaction_currency`](Self::transaction_currency), major units (accounts).
        #[serde_as(as = "Exact")]
        pub transaction_amount: Option<Decimal>,
        /// The buyer's currency (accounts).
        pub transaction_currency: Option<String>,
        /// The currency of the account (accounts).
        pub account_currency: Option<String>,
        /// Which account it belongs to (accounts).
        #[serde_as(as = "Word")]
        pub account_type: Option<AccountType>,
        /// What is in the account after it, major units (accounts).
        #[serde_as(as = "Exact")]
        pub account_balance: Option<Decimal>,
        /// When the transaction was made, with offset (records).
        pub transaction_time: Option<DateTime<FixedOffset>>,
        /// When it was booked, with offset (records).
        pub processed_at: Option<DateTime<FixedOffset>>,
        /// When it was booked, with offset (accounts).
        pub posting_time: Option<DateTime<FixedOffset>>,
    }
}

impl BalanceTransaction {
    /// The currency of `amount`, `net` and the fees, in either shape.
    #[must_use]
    pub fn own_currency(&self) -> Option<&str> {
        let texts = [&self.currency, &self.account_currency];
        let mut texts = texts.into_iter().filter_map(|text| text.as_deref());
        texts.find(|text| !text.is_empty())
    }
}

impl Row for BalanceTransaction {
    const IDENTITY: &'static [&'static str] = &["id"];
    const STRICT: Strict = Strict::new(
        &[
            "id",
            "type",
            "amount",
            "fee",
            "net",
            "currency",
            "settlement_amount",
            "settlement_currency",
            "payout_id",
            "payout_status",
            "interchange_fee",
            "scheme_fee",
            "payment_method_fee",
            "other_fee",
            "total_fee",
            "transaction_amount",
            "transaction_currency",
            "account_currency",
            "account_balance",
            "posting_time",
        ],
        &[],
    );

    fn is_identified(&self) -> bool {
        self.id.as_deref().is_some_and(|id| !id.is_empty())
    }
}
