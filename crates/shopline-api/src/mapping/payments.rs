//! What was taken from the buyer, and when.

use chrono::{DateTime, FixedOffset};
use orders_core::Money;
use orders_wire::OpenEnum;

use super::money::{Books, sum};
use crate::orders::{FinancialStatus, Order, PayStatus, PaymentDetail};

pub(super) fn is_paid(payment: &PaymentDetail) -> bool {
    status(payment) == Some(PayStatus::Paid)
}

fn status(payment: &PaymentDetail) -> Option<PayStatus> {
    payment.pay_status.as_ref().map(OpenEnum::in_any_case)
}

/// The sum of the payments that are paid, in shop currency (documented).
///
/// `None` without any payment, where one is in a state that we do not know, where an amount is missing, and where the
/// order is called paid and no payment of it is.
pub(super) fn charged(order: &Order) -> Option<Money> {
    let payments = &order.payment_details;
    let known = |payment| !matches!(status(payment), None | Some(PayStatus::Unknown(_)));
    if payments.is_empty() || !payments.iter().all(known) {
        return None;
    }
    let books = Books::of(order);
    if payments.iter().any(is_paid) {
        let paid = payments.iter().filter(|payment| is_paid(payment));
        return sum(paid.map(|payment| payment.pay_amount.map(|amount| books.plain(amount))));
    }
    let unpaid = matches!(
        order.financial_status.as_ref().map(OpenEnum::in_any_case),
        Some(FinancialStatus::Unpaid | FinancialStatus::Pending | FinancialStatus::Authorized)
    );
    unpaid.then(|| books.plain(rust_decimal::Decimal::ZERO))
}

/// When the last payment that is paid was made.
pub(super) fn paid_at(order: &Order) -> Option<DateTime<FixedOffset>> {
    let paid = order
        .payment_details
        .iter()
        .filter(|payment| is_paid(payment));
    paid.filter_map(|payment| payment.processed_at).max()
}
