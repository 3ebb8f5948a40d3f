//! A Clink order in the common vocabulary. No HTTP: webhook and file readers use it too.

use chrono::{DateTime, FixedOffset, Utc};
use orders_core::{
    Customer, Line, Mapped, Money, Order as CoreOrder, OrderKind, PaymentStatus, Total, TotalKind,
};
use orders_wire::Record;
use rust_decimal::Decimal;

use crate::orders::{Order, OrderStatus, OrderType, PriceData};

/// Maps orders of one account.
///
/// Clink knows no fulfilment and no commission. Its amounts are in `paymentCurrency`; of the original currency only
/// the code is known, so no pair is made. Times are UTC.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Mapper {
    account: String,
}

impl Mapper {
    /// A mapper for the account with this label.
    #[must_use]
    pub fn new(account: impl Into<String>) -> Self {
        Self {
            account: account.into(),
        }
    }

    /// The order in the common vocabulary; its raw text shares the record's.
    #[must_use]
    pub fn order(&self, record: &Record<Order>) -> CoreOrder {
        let order = &record.value;
        let mut core = CoreOrder::new(
            crate::VENDOR,
            &self.account,
            order.order_id.clone().unwrap_or_default(),
        );
        core.merchant_reference = order.merchant_reference().map(str::to_owned);
        core.parent_id = order.invoice_id.clone().filter(|id| !id.is_empty());
        core.kind = kind(order.order_type.as_ref());
        core.created_at = order.create_time.map(utc);
        core.paid_at = order.payment_time.map(utc);
        core.payment = order.status.as_ref().map(payment);
        core.totals = totals(order);
        core.lines = order.price_data_list.iter().map(line).collect();
        core.customer = customer(order);
        core.raw = record.raw.clone().into_bytes();
        core
    }
}

fn utc(time: DateTime<Utc>) -> DateTime<FixedOffset> {
    time.fixed_offset()
}

fn kind(order_type: Option<&OrderType>) -> OrderKind {
    match order_type {
        Some(OrderType::Onetime) => OrderKind::Sale,
        Some(OrderType::Recurring) => OrderKind::Subscription,
        _ => OrderKind::Unknown,
    }
}

fn payment(status: &OrderStatus) -> Mapped<PaymentStatus> {
    let normal = match status {
        OrderStatus::Created => PaymentStatus::Unpaid,
        OrderStatus::Pending => PaymentStatus::Pending,
        OrderStatus::RequiresAction => PaymentStatus::RequiresAction,
        OrderStatus::Success => PaymentStatus::Paid,
        OrderStatus::Failed => PaymentStatus::Failed,
        OrderStatus::PartialRefunded => PaymentStatus::PartiallyRefunded,
        OrderStatus::Refunded => PaymentStatus::Refunded,
        OrderStatus::Unknown(_) => PaymentStatus::Unknown,
    };
    Mapped::new(status.as_str(), normal)
}

fn money(amount: Option<Decimal>, currency: Option<&String>) -> Option<Money> {
    Some(Money::new(amount?, currency.cloned().unwrap_or_default()))
}

fn totals(order: &Order) -> Vec<Total> {
    let currency = order.payment_currency.as_ref();
    [
        (TotalKind::Grand, order.amount_total),
        (TotalKind::Subtotal, order.amount_subtotal),
    ]
    .into_iter()
    .filter_map(|(kind, amount)| Some(Total::new(kind, money(amount, currency)?)))
    .collect()
}

fn line(data: &PriceData) -> Line {
    let mut line = Line::default();
    line.title = data.name.clone();
    line.quantity = data.quantity;
    line.unit_price = money(data.unit_amount, data.currency.as_ref());
    line
}

fn customer(order: &Order) -> Option<Customer> {
    let known = order.customer_id.is_some() || order.customer_email.is_some();
    known.then(|| Customer::new(order.customer_id.clone(), order.customer_email.clone()))
}
