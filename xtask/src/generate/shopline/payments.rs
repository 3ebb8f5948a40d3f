//! SHOPLINE Payments: transactions, payouts, billing records, the balance.

use crate::contract::Contract;
use crate::generate::{Body, simple};
use crate::json::Json;
use crate::workspace::Result;

use super::money::lists;

/// `payments/store/transactions.json`: a payment that was settled, its refund, and a dispute.
pub(crate) fn transactions(contract: &Contract) -> Result<Vec<Body>> {
    let payment = Json::parse(
        r#"{"trade_order_id": "10010012345678901", "transaction_type": "PAYMENT", "status": "SUCCEEDED", "sub_status": "",
            "seller_order_id": "1012", "channel_deal_id": "4201057379", "merchant_id": "1234567", "amount": "48.00",
            "paid_amount": "48.00", "currency": "EUR", "fee": "-1.63", "fee_type": "domestic",
            "exchange": {"amount": "52.06", "currency": "USD", "rate": "EUR/USD @1.0845833333"},
            "payment_method": "CreditCard", "sub_payment_method": "Card", "credit_card": {"brand": "Visa"},
            "customer": {"personal_info": {"first_name": "Bob", "last_name": "James"}}, "reason": "",
            "create_time": "2026-03-01T08:00:00+08:00", "update_time": "2026-03-04T08:00:00+08:00",
            "additional_data": {"is_settled": true, "settle_time": "2026-03-04T08:00:00+08:00", "reserve_held": "0.00"}}"#,
    )?;
    let refund = payment.clone().with_all([
        ("trade_order_id", Json::text("10010012345678902")),
        ("transaction_type", Json::text("REFUND")),
        ("amount", Json::text("20.00")),
        ("paid_amount", Json::text("20.00")),
        ("fee", Json::text("0.00")),
    ]);
    let dispute = payment.clone().with_all([
        ("trade_order_id", Json::text("10010012345678903")),
        ("transaction_type", Json::text("DISPUTE")),
        ("status", Json::text("EVIDENCE_REQUIRED")),
        ("dispute_type", Json::text("CHARGEBACK")),
        ("reason", Json::text("product_not_received")),
        ("fee", Json::text("-15.00")),
        (
            "additional_data.dispute_evidence_update_deadline",
            Json::text("2026-03-20T08:00:00+08:00"),
        ),
    ]);
    list(
        contract,
        "transactions",
        "trade_order_id",
        vec![payment, refund, dispute],
    )
}

/// `payments/store/payouts.json`.
pub(crate) fn payouts(contract: &Contract) -> Result<Vec<Body>> {
    let payout = Json::parse(
        r#"{"payout_transaction_no": "20010012345678901", "amount": "26.37", "currency": "EUR", "status": "SUCCESS",
            "time": "2026-03-08T08:00:00+08:00"}"#,
    )?;
    list(
        contract,
        "payouts",
        "payout_transaction_no",
        vec![
            payout.clone(),
            payout.with("status", Json::text("PROCESSING")),
        ],
    )
}

/// `payments/store/balance_transactions.json`, in both shapes.
pub(crate) fn balance_transactions(contract: &Contract) -> Result<Vec<Body>> {
    let record = Json::parse(
        r#"{"id": "30010012345678901", "type": "payment", "source_type": "payment", "amount": "48.00", "fee": "-1.63",
            "net": "46.37", "currency": "EUR", "settlement_amount": "46.37", "settlement_currency": "EUR",
            "exchange_rate": "1.0000000000", "payout_id": "20010012345678901", "payout_status": "completed",
            "source_order_id": "1012", "source_payment_id": "4201057379",
            "source_order_transaction_id": "10010012345678901", "transaction_time": "2026-03-01T08:00:00+08:00",
            "processed_at": "2026-03-04T08:00:00+08:00"}"#,
    )?;
    let account = Json::parse(
        r#"{"id": "30010012345678902", "type": "PAYMENT", "settlement_batch_id": "40010012345678901",
            "source_order_id": "1012", "source_order_transaction_id": "10010012345678901", "amount": "48.00",
            "net": "46.37", "interchange_fee": "-0.96", "scheme_fee": "-0.17", "payment_method_fee": "-0.50",
            "other_fee": "0.00", "total_fee": "-1.63", "transaction_amount": "48.00", "transaction_currency": "EUR",
            "account_currency": "EUR", "exchange_rate": "1.0000000000", "account_type": "PayoutAccount",
            "account_balance": "146.37", "posting_time": "2026-03-04T08:00:00+08:00"}"#,
    )?;
    list(contract, "transactions", "id", vec![record, account])
}

/// `payments/store/balance.json`: a list, and the one object that others read.
pub(crate) fn balance(contract: &Contract) -> Result<Vec<Body>> {
    let amount = Json::parse(r#"{"amount": "146.37", "currency": "EUR"}"#)?;
    let mut bodies = list(contract, "balance", "currency", vec![amount.clone()])?;
    bodies.push(Body::json("one", &Json::object([("balance", amount)])));
    Ok(bodies)
}

/// The bodies that are made the same way for each list, and one of its ordinary rows.
fn list(contract: &Contract, name: &str, id: &str, rows: Vec<Json>) -> Result<Vec<Body>> {
    let page = |rows| Json::object([(name, Json::List(rows))]);
    let least = page(vec![Json::object([(id, Json::text("10010012345678901"))])]);
    let mut bodies = simple(contract, "shopline", &format!("{name}[]"), least);
    bodies.push(Body::json("ordinary", &page(rows)));
    bodies.extend(lists(name));
    Ok(bodies)
}
