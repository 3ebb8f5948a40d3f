//! SHOPLINE Payments: `payments/store/transactions.json`, `payouts.json`, `balance_transactions.json`, `balance.json`.
//!
//! Documented: paths, parameters with their spans and limits, envelopes, words, amounts as text with two decimals, and the
//! other shape of billing records and balances from v20260601 on. Inferred: the order of the rows, the fees, three days
//! until a payment is settled, a payout a week for each currency, and that the name of an order stands for it in one half
//! of the rows and its id in the other (which of them it is, is not documented).

mod books;
mod routes;
mod rows;
mod span;

pub(super) use routes::{balance, balance_transactions, payouts, transactions};

use super::data::Store;
use books::Books;

/// What SHOPLINE Payments has in its books, as it is served.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TruthPayments {
    /// Every transaction, newest first.
    pub transactions: Vec<String>,
    /// Every payout, oldest first.
    pub payouts: Vec<String>,
    /// Every billing record in the shape up to v20260301, oldest first.
    pub balance_transactions: Vec<String>,
    /// What is left, as a currency and an amount.
    pub balance: Vec<(String, String)>,
}

impl TruthPayments {
    /// The books at a time (milliseconds since the epoch).
    pub(crate) fn of(store: &Store, now: i64) -> Self {
        let books = Books::of(store, now);
        let balance = books.balance();
        Self {
            transactions: books
                .transactions
                .iter()
                .rev()
                .map(rows::transaction)
                .collect(),
            payouts: books.payouts.iter().map(rows::payout).collect(),
            balance_transactions: books.records().iter().map(rows::record).collect(),
            balance: balance
                .into_iter()
                .map(|(currency, amount)| (currency.to_owned(), amount.to_string()))
                .collect(),
        }
    }
}
