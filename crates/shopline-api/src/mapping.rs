//! A SHOPLINE order in the common vocabulary. No HTTP: webhook and file readers use it too.

mod lines;
mod money;
mod payments;
mod refunds;
mod words;

use bytes::Bytes;
use orders_core::{
    Amount, Customer, Error, FulfillmentStatus, Mapped, Money, Order as CoreOrder, OrderKind,
    PaymentStatus, Total, TotalKind,
};
use orders_wire::{OpenEnum, Record};

use self::money::Books;
use self::words::{filled, fulfillment};
use crate::orders::{FinancialStatus, FulfillmentStatus as Fulfillment, Order, decode_order};

/// Maps orders of one account.
///
/// - Amounts come as pairs from the `_set` fields; a missing shop side is the plain amount beside it, which is documented
///   as shop currency (the order's `currency`). A missing presentment side stays missing. The vendor keeps no amount of
///   the whole order as it was placed, so there is no `Grand` total: what the order comes to now is
///   `Current("current_total_price")`.
/// - `Charged` is the sum of the `payment_details` that are `paid`. A paid order without any was recorded: it has no
///   `Charged`. `paid_at` is the latest `processed_at` of those payments, of an order that was paid.
/// - `closed` means archived, or cancelled with no money left in it: never paid, nothing outstanding, or all paid back.
/// - `fulfillment_status` is read; its text `"null"` gives way to a `fulfillment_status_v2` that says more.
/// - An order of a subscription contract (`contract_seq`) is a `Subscription`, any other a `Sale` (inferred).
/// - Refunds and lines: see [`Mapper::order`].
/// - Words in another case are the same words.
///
/// ```
/// use shopline_api::core::PaymentStatus as P;
/// use shopline_api::{Error, Mapper, orders::decode_order};
///
/// // SHOPLINE's words, and ours.
/// let words = [
///     ("unpaid", P::Unpaid), ("authorized", P::Authorized), ("pending", P::Pending), ("partially_paid", P::PartiallyPaid),
///     ("paid", P::Paid), ("partially_refunded", P::PartiallyRefunded), ("refunded", P::Refunded), ("new", P::Unknown),
/// ];
/// for (word, ours) in words {
///     let text = format!(r#"{{"id":"1","financial_status":"{word}","current_total_price":"19.90","currency":"USD"}}"#);
///     let order = Mapper::new("our shop").order(&decode_order(&text.into())?);
///     assert_eq!(order.payment.as_ref().unwrap().normal, ours);
///     assert_eq!(order.total().unwrap().to_string(), "19.90 USD");
///     assert_eq!(order.charged(), None); // no payment was listed: what was charged is not known, and not zero
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
    ///
    /// A refund of the vendor is about goods, not about money. It becomes, in this order:
    ///
    /// - a `Refund` for each of its payments back (`transactions` of kind `refund`), with its own id, status and amount. An
    ///   empty list is none: nothing was paid back. Where the key is absent or null nothing is known of payments: one
    ///   `Refund` of unknown status without an amount stands for them.
    /// - a `Return` for its goods: their sum, and the sum of their tax. Whether the first contains the second is not
    ///   documented. A side of which a part was not sent, or that is not in one currency, has no sum.
    /// - its `order_adjustments`: a `Discrepancy` (documented as computed less really paid back: positive means that less
    ///   was paid back), or another kind by the vendor's word (`shipping_refund`: shipping that was given back).
    ///
    /// A line has its price before discounts, its discounts and its taxes as it was ordered; the vendor sends no amount of
    /// the line. Its current quantity is what was ordered less what refunds name (inferred); `None` where that does not
    /// add up to a `current_subtotal_price` that was sent.
    #[must_use]
    pub fn order(&self, record: &Record<Order>) -> CoreOrder {
        let order = &record.value;
        let id = order.id.clone().unwrap_or_default();
        let mut core = CoreOrder::new(crate::VENDOR, &self.account, id);
        core.number = filled(&order.name);
        core.kind = match filled(&order.contract_seq) {
            Some(_) => OrderKind::Subscription,
            None => OrderKind::Sale,
        };
        core.created_at = order.created_at;
        core.updated_at = order.updated_at;
        core.cancelled_at = order.cancelled_at;
        core.payment = order.financial_status.as_ref().map(payment);
        core.fulfillment = goods(order);
        core.taxes_included = order.taxes_included;
        core.totals = totals(order);
        core.lines = lines::lines(order);
        let refunds = order.refunds.iter();
        core.adjustments = refunds
            .flat_map(|r| refunds::adjustments(r, order))
            .collect();
        if core.payment.as_ref().is_some_and(|p| p.normal.was_paid()) {
            core.paid_at = payments::paid_at(order);
        }
        core.closed = closed(order, &core);
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
}

fn payment(status: &FinancialStatus) -> Mapped<PaymentStatus> {
    let normal = match status.in_any_case() {
        FinancialStatus::Unpaid => PaymentStatus::Unpaid,
        FinancialStatus::Authorized => PaymentStatus::Authorized,
        FinancialStatus::Pending => PaymentStatus::Pending,
        FinancialStatus::PartiallyPaid => PaymentStatus::PartiallyPaid,
        FinancialStatus::Paid => PaymentStatus::Paid,
        FinancialStatus::PartiallyRefunded => PaymentStatus::PartiallyRefunded,
        FinancialStatus::Refunded => PaymentStatus::Refunded,
        FinancialStatus::Unknown(_) => PaymentStatus::Unknown,
    };
    Mapped::new(status.as_str(), normal)
}

/// Where the goods are; the text `"null"` gives way to a newer word that says more than that nothing was sent.
fn goods(order: &Order) -> Option<Mapped<FulfillmentStatus>> {
    let newer = order.fulfillment_status_v2.as_ref().map(fulfillment);
    let says_more = newer
        .as_ref()
        .is_some_and(|v2| v2.normal != FulfillmentStatus::Unfulfilled);
    match &order.fulfillment_status {
        Some(status) if status.in_any_case() == Fulfillment::Null && says_more => newer,
        Some(status) => Some(fulfillment(status)),
        None => newer,
    }
}

/// Archived, or cancelled with no money left in it; `None` where nothing of it was sent.
///
/// A cancelled order that was never paid keeps its full price outstanding (recorded).
fn closed(order: &Order, core: &CoreOrder) -> Option<bool> {
    let cancelled =
        order.cancelled_at.is_some() || order.status.as_ref().is_some_and(|s| s.is_cancelled());
    match order.hidden_order {
        Some(true) => Some(true),
        _ if cancelled => Some(is_empty(order, core)),
        Some(false) => Some(false),
        None => order.status.as_ref().map(|_| false),
    }
}

/// Whether no money is left in the order: nothing is outstanding, it was never paid, or all was paid back.
fn is_empty(order: &Order, core: &CoreOrder) -> bool {
    let zero = |amount: Option<&Money>| amount.is_some_and(|money| money.amount.is_zero());
    let outstanding = core.amount_of(&TotalKind::Outstanding);
    let nothing_paid = order.payment_details.iter().all(|p| !payments::is_paid(p));
    match core.payment.as_ref().map(|payment| payment.normal) {
        Some(PaymentStatus::Refunded) => true,
        Some(PaymentStatus::Unpaid) if nothing_paid => true,
        _ => zero(outstanding.and_then(Amount::shop)) || zero(core.net().as_ref()),
    }
}

fn totals(order: &Order) -> Vec<Total> {
    let books = Books::of(order);
    let charged = payments::charged(order).map(|money| Total::new(TotalKind::Charged, money));
    let current = |name: &str| TotalKind::Current(name.to_owned());
    let rows = [
        (
            TotalKind::Lines,
            &order.total_line_items_price_set,
            order.total_line_items_price,
        ),
        (
            TotalKind::Discount,
            &order.total_discounts_set,
            order.total_discounts,
        ),
        (
            TotalKind::Subtotal,
            &order.subtotal_price_set,
            order.subtotal_price,
        ),
        (TotalKind::Shipping, &order.total_shipping_price_set, None),
        (TotalKind::Tax, &order.total_tax_set, order.total_tax),
        (
            TotalKind::Tip,
            &order.total_tip_received_set,
            order.total_tip_received,
        ),
        (
            TotalKind::Adjustment,
            &order.adjust_price_set,
            order.adjust_price,
        ),
        (
            current("current_total_price"),
            &order.current_total_price_set,
            order.current_total_price,
        ),
        (
            current("current_subtotal_price"),
            &order.current_subtotal_price_set,
            order.current_subtotal_price,
        ),
        (
            current("current_total_discounts"),
            &order.current_total_discounts_set,
            order.current_total_discounts,
        ),
        (
            current("current_total_tax"),
            &order.current_total_tax_set,
            order.current_total_tax,
        ),
        (
            current("current_total_duties"),
            &order.current_total_duties_set,
            None,
        ),
        (
            TotalKind::Other("deduct_member_point_amount".to_owned()),
            &order.deduct_member_point_amount_set,
            order.deduct_member_point_amount,
        ),
        (
            TotalKind::Outstanding,
            &order.total_outstanding_set,
            order.total_outstanding,
        ),
    ];
    rows.into_iter()
        .filter_map(|(kind, set, plain)| Some(Total::new(kind, books.amount(set.as_ref(), plain)?)))
        .chain(charged)
        .collect()
}

fn customer(order: &Order) -> Option<Customer> {
    let nested = order.customer.as_ref();
    let id = filled(&order.user_id).or_else(|| filled(&nested?.id));
    let email = filled(&order.email).or_else(|| filled(&nested?.email));
    (id.is_some() || email.is_some()).then_some(Customer::new(id, email))
}
