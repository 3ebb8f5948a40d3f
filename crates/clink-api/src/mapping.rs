//! A Clink order in the common vocabulary. No HTTP: webhook and file readers use it too.

use bytes::Bytes;
use chrono::{DateTime, FixedOffset, Utc};
use orders_core::{
    Adjustment, AdjustmentKind, AdjustmentStatus, Customer, Error, Line, Mapped, Money,
    Order as CoreOrder, OrderKind, PaymentStatus, Total, TotalKind,
};
use orders_wire::{OpenEnum, Record};
use rust_decimal::Decimal;

use crate::orders::{Order, OrderStatus, OrderType, PriceData, decode_order};
use crate::refunds::{Refund, RefundStatus};
use crate::webhooks::{Dispute, EventName};

/// Maps orders of one account.
///
/// Clink knows no fulfilment and no commission. `amountTotal` is in `paymentCurrency` (inferred); of the original currency
/// only the code is known, so no pair is made. The subtotal has that currency, too, unless the vendor converted: then
/// which of the two it is in is not documented, and it has none. Times are UTC. Words in another case are the same words.
///
/// An order that was paid (and perhaps refunded since) is `Charged` its `amountTotal`, and has a `paid_at`: `paymentTime`
/// alone says only when the payment was decided. An order never says how much was paid back. Refunds and disputes come by
/// push, or one by one: add them with [`Order::adjust`](orders_core::Order::adjust).
///
/// ```
/// use clink_api::core::PaymentStatus as P;
/// use clink_api::{Error, Mapper, orders::decode_order};
///
/// // Clink's words, and ours.
/// let words = [
///     ("created", P::Unpaid), ("pending", P::Pending), ("requires_action", P::RequiresAction), ("success", P::Paid),
///     ("failed", P::Failed), ("partial_refunded", P::PartiallyRefunded), ("refunded", P::Refunded), ("new", P::Unknown),
/// ];
/// for (word, ours) in words {
///     let text = format!(r#"{{"orderId":"order_1","status":"{word}","amountTotal":19.90,"paymentCurrency":"USD"}}"#);
///     let order = Mapper::new("main").order(&decode_order(&text.into())?);
///     let payment = order.payment.as_ref().unwrap();
///     assert_eq!((payment.native.as_str(), payment.normal), (word, ours));
///     assert_eq!(order.charged().is_some(), ours.was_paid());
/// }
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Mapper {
    account: String,
}

impl Mapper {
    /// The version of this mapping: see [`OrderSource::mapping_version`](orders_core::OrderSource::mapping_version).
    pub const VERSION: u32 = 1;

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
        core.payment = order.status.as_ref().map(payment);
        let paid = core.payment.as_ref().is_some_and(|p| p.normal.was_paid());
        core.paid_at = order.payment_time.filter(|_| paid).map(utc);
        core.totals = totals(order, paid);
        core.lines = order.price_data_list.iter().map(line).collect();
        core.customer = customer(order);
        core.raw = record.raw.clone().into_bytes();
        core
    }

    /// Reads the text of one order, as a store keeps it, into the common vocabulary.
    ///
    /// # Errors
    /// `Decode`, with [`Error::record`], where the text is none of an order.
    pub fn read(&self, text: &Bytes) -> Result<CoreOrder, Error> {
        decode_order(text).map(|record| self.order(&record))
    }

    /// A refund as an adjustment of its order: one payment back, as it stands now.
    ///
    /// ```
    /// use clink_api::core::Sums;
    /// use clink_api::{Error, Mapper, orders::decode_order, refunds::decode_refund};
    ///
    /// let mapper = Mapper::new("main");
    /// let order = br#"{"orderId":"order_1","status":"refunded","amountTotal":19.90,"paymentCurrency":"USD"}"#;
    /// let mut order = mapper.order(&decode_order(&order[..].into())?);
    /// assert_eq!(order.money_back(), Sums::Unknown); // an order never says how much went back
    ///
    /// let refund = br#"{"refundId":"rfd_1","orderId":"order_1","status":"success","refundAmount":19.90,"refundCurrency":"USD"}"#;
    /// let refund = decode_refund(&refund[..].into())?;
    /// order.adjust(mapper.refund(&refund));
    /// order.adjust(mapper.refund(&refund)); // pushed twice, and still one
    /// assert_eq!(order.net().unwrap().to_string(), "0.00 USD");
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn refund(&self, refund: &Refund) -> Adjustment {
        let word = refund.status.as_ref().map_or("", RefundStatus::as_str);
        let mut back = Adjustment::new(AdjustmentKind::Refund).with_status(word, paid_back(refund));
        back.id.clone_from(&refund.refund_id);
        back.refund_id.clone_from(&refund.refund_id);
        let amount = money(refund.refund_amount, refund.refund_currency.as_ref());
        back.amount = amount.map(Into::into);
        back.at = refund.create_time.map(utc);
        back.reason = refund.refund_reason.clone().filter(|text| !text.is_empty());
        back
    }

    /// A dispute as an adjustment of its order: a chargeback, never counted as money back. Its status is that of the claim,
    /// by the name of the event: the number in the dispute has no documented meaning. One that is closed was won or lost,
    /// which an event of its own says: the status of the last is unknown, and `Order::adjust` keeps a known one.
    ///
    /// ```
    /// use clink_api::chrono::DateTime;
    /// use clink_api::core::{AdjustmentKind, AdjustmentStatus};
    /// use clink_api::webhooks::{Event, Resource};
    /// use clink_api::{Bytes, Mapper};
    ///
    /// let body = br#"{"id":"event_9","type":"dispute.lost","data":{"object":{
    ///     "chargeBackId":"cb_1","orderId":"order_1","disputeAmount":19.90,"disputeCurrency":"USD","status":1}}}"#;
    /// let event = Event::read(&Bytes::from_static(body), DateTime::UNIX_EPOCH)?;
    /// let Resource::Dispute(dispute) = &event.resource else { panic!("no dispute") };
    ///
    /// let claim = Mapper::new("main").dispute(dispute, &event.name);
    /// assert_eq!(claim.kind, AdjustmentKind::Chargeback); // no money back, whatever its status
    /// assert_eq!(claim.normal_status(), AdjustmentStatus::Succeeded);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn dispute(&self, dispute: &Dispute, event: &EventName) -> Adjustment {
        let status = match event.in_any_case() {
            EventName::DisputeCreated | EventName::DisputeUpdated => AdjustmentStatus::Pending,
            EventName::DisputeLost => AdjustmentStatus::Succeeded,
            EventName::DisputeWon => AdjustmentStatus::Failed,
            _ => AdjustmentStatus::Unknown,
        };
        let mut claim = Adjustment::new(AdjustmentKind::Chargeback);
        claim = claim.with_status(event.as_str(), status);
        claim.id.clone_from(&dispute.charge_back_id);
        let amount = money(dispute.dispute_amount, dispute.dispute_currency.as_ref());
        claim.amount = amount.map(Into::into);
        claim.at = dispute.channel_dispute_time;
        let reasons = [&dispute.reason_description, &dispute.reason_code];
        let reason = reasons.into_iter().flatten().find(|text| !text.is_empty());
        claim.reason = reason.cloned();
        claim
    }
}

fn paid_back(refund: &Refund) -> AdjustmentStatus {
    let Some(status) = &refund.status else {
        return AdjustmentStatus::Unknown;
    };
    match status.in_any_case() {
        RefundStatus::Success => AdjustmentStatus::Succeeded,
        RefundStatus::Created | RefundStatus::Received | RefundStatus::Refunding => {
            AdjustmentStatus::Pending
        }
        RefundStatus::Failed | RefundStatus::Closed => AdjustmentStatus::Failed,
        // Words of the vendor's notes for paying agents.
        other => match other.as_str() {
            "pending_review" => AdjustmentStatus::Pending,
            "review_rejected" => AdjustmentStatus::Failed,
            _ => AdjustmentStatus::Unknown,
        },
    }
}

fn utc(time: DateTime<Utc>) -> DateTime<FixedOffset> {
    time.fixed_offset()
}

fn kind(order_type: Option<&OrderType>) -> OrderKind {
    match order_type.map(OpenEnum::in_any_case) {
        Some(OrderType::Onetime) => OrderKind::Sale,
        Some(OrderType::Recurring) => OrderKind::Subscription,
        _ => OrderKind::Unknown,
    }
}

fn payment(status: &OrderStatus) -> Mapped<PaymentStatus> {
    let normal = match status.in_any_case() {
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

fn totals(order: &Order, paid: bool) -> Vec<Total> {
    let paid_in = order.payment_currency.as_ref();
    let total = money(order.amount_total, paid_in);
    let subtotal = money(
        order.amount_subtotal,
        paid_in.filter(|_| !is_converted(order)),
    );
    let charged = total.clone().filter(|_| paid);
    [
        (TotalKind::Grand, total),
        (TotalKind::Subtotal, subtotal),
        (TotalKind::Charged, charged),
    ]
    .into_iter()
    .filter_map(|(kind, amount)| Some(Total::new(kind, amount?)))
    .collect()
}

/// Whether the seller's price was in another currency than the payment.
fn is_converted(order: &Order) -> bool {
    let original = order.original_currency.as_deref().unwrap_or_default();
    let paid_in = order.payment_currency.as_deref().unwrap_or_default();
    !original.is_empty() && !original.eq_ignore_ascii_case(paid_in)
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
