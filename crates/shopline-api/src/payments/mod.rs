//! SHOPLINE Payments: the movements of money behind a store's orders, what was booked, what was paid out, and what is
//! left.
//!
//! Only stores with SHOPLINE Payments have them (the others answer 404); all need the scope `read_payment`. Documented, and
//! never recorded. An order's payment is a [`StoreTransaction`]; each movement of the store's balance is a
//! [`BalanceTransaction`]; a [`Payout`] is what went to the store's bank. They are matched by ids:
//!
//! | From | By | To |
//! |---|---|---|
//! | an order's [`pay_channel_deal_id`](crate::orders::PaymentDetail::pay_channel_deal_id) | [`channel_deal_id`](StoreTransaction::channel_deal_id) | its transaction (documented field texts, the pairing by third parties) |
//! | an order's id, or its name | [`seller_order_id`](StoreTransaction::seller_order_id), [`source_order_id`](BalanceTransaction::source_order_id) | its movements (the documented examples are short numbers: try both) |
//! | [`source_order_transaction_id`](BalanceTransaction::source_order_transaction_id) | [`trade_order_id`](StoreTransaction::trade_order_id) | the transaction that was booked (inferred) |
//! | [`payout_id`](BalanceTransaction::payout_id) | [`payout_transaction_no`](Payout::payout_transaction_no) | the payout in which it went (inferred) |
//!
//! A movement changes when it is settled, but only its creation can be filtered: request what is not settled once more.

mod balance;
mod balance_transaction;
mod balance_transactions;
mod dispute;
mod payouts;
mod span;
mod transaction;
mod transactions;
mod words;

pub use balance::{Balance, decode_balance};
pub use balance_transaction::BalanceTransaction;
pub use balance_transactions::{ListBalanceTransactions, decode_balance_transactions};
pub use dispute::Dispute;
pub use payouts::{ListPayouts, Payout, decode_payouts};
pub use transaction::{
    Exchange, Installment, Payer, PayerName, PaymentCard, PaymentMessage, PaymentMethodOption,
    StoreTransaction, TransactionAdditions,
};
pub use transactions::{ListStoreTransactions, decode_store_transactions};
pub use words::{
    AccountType, BalanceTransactionType, DisputeStage, DisputeType, FeeType, PayoutStatus,
    StoreTransactionStatus, StoreTransactionType,
};
