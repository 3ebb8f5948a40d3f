//! What became of a refund: payments back, goods back, and what the vendor notes beside them.

use orders_core::{Adjustment, AdjustmentKind, AdjustmentStatus, Amount, Money};
use orders_wire::OpenEnum;

use super::money::{Books, sum_of_sides};
use super::words::filled;
use crate::orders::{
    AdjustmentKind as Noted, Order, OrderAdjustment, Refund, Transaction, TransactionKind,
    TransactionStatus,
};

pub(super) fn adjustments(refund: &Refund, order: &Order) -> Vec<Adjustment> {
    let books = Books::of(order);
    let payments: Vec<Adjustment> = match &refund.transactions {
        Some(payments) => {
            let back = payments.iter().filter(|payment| is_back(payment));
            back.map(|payment| paid_back(payment, refund)).collect()
        }
        None => {
            vec![part(AdjustmentKind::Refund, refund).with_status("", AdjustmentStatus::Unknown)]
        }
    };
    let goods = returned(refund, books);
    let noted = refund
        .order_adjustments
        .iter()
        .map(|note| noted(note, refund, books));
    payments.into_iter().chain(goods).chain(noted).collect()
}

/// An adjustment that belongs to a refund.
fn part(kind: AdjustmentKind, refund: &Refund) -> Adjustment {
    let mut part = Adjustment::new(kind);
    part.refund_id = filled(&refund.id);
    part.at = refund.processed_at.or(refund.created_at);
    part
}

/// Whether a payment goes to the buyer. Of a kind that we do not know it may.
fn is_back(payment: &Transaction) -> bool {
    let kind = payment.kind.as_ref().map(OpenEnum::in_any_case);
    matches!(
        kind,
        None | Some(TransactionKind::Refund | TransactionKind::Unknown(_))
    )
}

fn paid_back(payment: &Transaction, refund: &Refund) -> Adjustment {
    let mut back = part(AdjustmentKind::Refund, refund);
    back.id = filled(&payment.id);
    let word = payment
        .status
        .as_ref()
        .map_or("", TransactionStatus::as_str);
    back = back.with_status(word, status(payment));
    back.amount = payment.amount.map(|amount| {
        let currency = payment.currency.clone().unwrap_or_default();
        Amount::Single(Money::new(amount, currency))
    });
    let changed = payment.status_update_at.or(payment.processed_at);
    back.at = changed
        .or(payment.created_at)
        .or(payment.create_at)
        .or(back.at);
    back
}

fn status(payment: &Transaction) -> AdjustmentStatus {
    if matches!(
        payment.kind.as_ref().map(OpenEnum::in_any_case),
        Some(TransactionKind::Unknown(_))
    ) {
        return AdjustmentStatus::Unknown;
    }
    match payment.status.as_ref().map(OpenEnum::in_any_case) {
        Some(TransactionStatus::Success) => AdjustmentStatus::Succeeded,
        Some(
            TransactionStatus::Create | TransactionStatus::Created | TransactionStatus::Pending,
        ) => AdjustmentStatus::Pending,
        Some(TransactionStatus::Failure | TransactionStatus::Fail | TransactionStatus::Error) => {
            AdjustmentStatus::Failed
        }
        Some(TransactionStatus::Unknown(_)) | None => AdjustmentStatus::Unknown,
    }
}

/// The goods that came back, with their tax apart.
fn returned(refund: &Refund, books: Books<'_>) -> Option<Adjustment> {
    let goods = &refund.refund_line_items;
    if goods.is_empty() {
        return None;
    }
    let values: Vec<_> = goods
        .iter()
        .map(|g| books.amount(g.subtotal_set.as_ref(), g.subtotal))
        .collect();
    let taxes: Vec<_> = goods
        .iter()
        .map(|g| books.amount(g.total_tax_set.as_ref(), g.total_tax))
        .collect();
    let mut back = part(AdjustmentKind::Return, refund);
    back.id = filled(&refund.id);
    back.amount = sum_of_sides(&values);
    back.tax = sum_of_sides(&taxes);
    Some(back)
}

fn noted(note: &OrderAdjustment, refund: &Refund, books: Books<'_>) -> Adjustment {
    let kind = match note.kind.as_ref().map(OpenEnum::in_any_case) {
        Some(Noted::RefundDiscrepancy) => AdjustmentKind::Discrepancy,
        Some(other) => AdjustmentKind::Other(other.as_str().to_owned()),
        None => AdjustmentKind::Other("order_adjustment".to_owned()),
    };
    let mut noted = part(kind, refund);
    noted.id = filled(&note.id);
    noted.amount = books.amount(note.amount_set.as_ref(), note.amount);
    noted.tax = books.amount(note.tax_amount_set.as_ref(), note.tax_amount);
    noted.reason = filled(&note.reason);
    noted
}
