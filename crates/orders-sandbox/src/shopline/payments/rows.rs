//! The texts of the rows.

use rust_decimal::Decimal;

use super::books::{Entry, Kind, Payout, Record, Transaction};
use crate::json::Object;
use crate::shopline::order_json::iso;

/// A transaction, as in v20260301.
pub(super) fn transaction(of: &Transaction) -> String {
    let (kind, status) = match (of.kind, of.succeeded) {
        (Kind::Payment, true) => ("PAYMENT", "SUCCEEDED"),
        (Kind::Payment, false) => ("PAYMENT", "PROCESSING"),
        (Kind::Refund, _) => ("REFUND", "SUCCEEDED"),
        (Kind::Retrieval, _) => ("DISPUTE", "RETRIEVAL_FINISHED"),
    };
    let dispute = of.kind == Kind::Retrieval;
    let exchange = Object::new()
        .text("amount", &of.amount.to_string())
        .text("currency", of.currency)
        .text("rate", &format!("{0}/{0} @1.0000000000", of.currency));
    let settled = of.settled.map(iso);
    let additions = Object::new()
        .raw("is_settled", settled.is_some())
        .text_or_null("settle_time", settled.as_deref())
        .text("reserve_held", "0.00");
    Object::new()
        .text("trade_order_id", &of.id)
        .text("transaction_type", kind)
        .text("status", status)
        .text("sub_status", "")
        .text("seller_order_id", &of.order)
        .text("channel_deal_id", &of.deal)
        .text("merchant_id", "2000001234")
        .text("amount", &of.amount.to_string())
        .text("paid_amount", &of.amount.to_string())
        .text("currency", of.currency)
        .text("fee", &of.fee.to_string())
        .text("fee_type", "domestic")
        .raw("exchange", exchange.end())
        .text("payment_method", "CreditCard")
        .text("reason", "")
        .text_or_null("dispute_type", dispute.then_some("RETRIEVAL"))
        .text("create_time", &iso(of.time))
        .text("update_time", &iso(of.settled.unwrap_or(of.time)))
        .raw("additional_data", additions.end())
        .end()
}

pub(super) fn payout(of: &Payout) -> String {
    Object::new()
        .text("payout_transaction_no", &of.id)
        .text("amount", &of.amount.to_string())
        .text("currency", of.currency)
        .text("status", if of.arrived { "SUCCESS" } else { "PROCESSING" })
        .text("time", &iso(of.time))
        .end()
}

fn standing(payout: Option<&Payout>) -> &'static str {
    match payout {
        Some(payout) if payout.arrived => "completed",
        Some(_) => "in progress",
        None => "",
    }
}

/// A billing record, as up to v20260301.
pub(super) fn record(of: &Record) -> String {
    let payout = of.payout();
    let common = |json: Object, kind: &str, amount: Decimal, fee: Decimal, currency: &str| {
        let net = amount + fee;
        json.text("type", kind)
            .text("source_type", kind)
            .text("amount", &amount.to_string())
            .text("fee", &fee.to_string())
            .text("net", &net.to_string())
            .text("currency", currency)
            .text("settlement_amount", &net.to_string())
            .text("settlement_currency", currency)
            .text("exchange_rate", "1.0000000000")
            .text("payout_id", payout.map_or("", |payout| payout.id.as_str()))
            .text("payout_status", standing(payout))
    };
    let json = Object::new().text("id", of.id());
    let time = iso(of.time());
    match of {
        Record::Entry(entry, _) => {
            let kind = match entry.of.kind {
                Kind::Refund => "refund",
                _ => "payment",
            };
            common(json, kind, entry.amount, entry.of.fee, entry.of.currency)
                .text("source_order_id", &entry.of.order)
                .text("source_payment_id", &entry.of.deal)
                .text("source_order_transaction_id", &entry.of.id)
                .text("transaction_time", &iso(entry.of.time))
                .text("processed_at", &time)
                .end()
        }
        Record::Payout(payout) => {
            let nothing = Decimal::new(0, 2);
            common(json, "payout", -payout.amount, nothing, payout.currency)
                .text("transaction_time", &time)
                .text("processed_at", &time)
                .end()
        }
    }
}

/// A billing record, as from v20260601 on.
pub(super) fn account(of: &Record) -> String {
    let json = Object::new().text("id", of.id());
    let time = iso(of.time());
    let batch = of.payout().map(|payout| payout.id.as_str());
    let json = match of {
        Record::Entry(entry, _) => {
            let kind = match entry.of.kind {
                Kind::Refund => "REFUND",
                _ => "PAYMENT",
            };
            amounts(json.text("type", kind), entry)
                .text_or_null("settlement_batch_id", batch)
                .text("source_order_id", &entry.of.order)
                .text("source_order_transaction_id", &entry.of.id)
        }
        Record::Payout(payout) => json
            .text("type", "PAYOUT")
            .text("settlement_batch_id", &payout.id)
            .text("amount", &(-payout.amount).to_string())
            .text("net", &(-payout.amount).to_string())
            .text("total_fee", "0.00")
            .text("account_currency", payout.currency),
    };
    ends(json, &time)
}

/// The one record of a batch.
pub(super) fn batch(payout: &Payout, entries: &[&Entry]) -> String {
    let sum = |of: fn(&Entry) -> Decimal| entries.iter().map(|entry| of(entry)).sum::<Decimal>();
    let json = Object::new()
        .text("id", &payout.id.replacen('3', "2", 1))
        .text("type", "SETTLEMENT")
        .text("settlement_batch_id", &payout.id)
        .text("amount", &sum(|entry| entry.amount).to_string())
        .text("net", &payout.amount.to_string())
        .text("total_fee", &sum(|entry| entry.of.fee).to_string())
        .text("account_currency", payout.currency);
    ends(json, &iso(payout.time))
}

fn amounts(json: Object, entry: &Entry) -> Object {
    json.text("amount", &entry.amount.to_string())
        .text("net", &entry.net.to_string())
        .text("interchange_fee", "0.00")
        .text("scheme_fee", "0.00")
        .text("payment_method_fee", &entry.of.fee.to_string())
        .text("other_fee", "0.00")
        .text("total_fee", &entry.of.fee.to_string())
        .text("transaction_amount", &entry.amount.to_string())
        .text("transaction_currency", entry.of.currency)
        .text("account_currency", entry.of.currency)
}

fn ends(json: Object, time: &str) -> String {
    json.text("exchange_rate", "1.0000000000")
        .text("account_type", "PayoutAccount")
        .text("posting_time", time)
        .end()
}
