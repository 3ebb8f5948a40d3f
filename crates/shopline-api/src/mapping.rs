//! A SHOPLINE order in the common vocabulary. No HTTP: webhook and file readers use it too.

use orders_core::{
    Adjustment, AdjustmentKind, Amount, Customer, FulfillmentStatus, Line, Mapped, Money,
    MoneyPair, Order as CoreOrder, OrderKind, PaymentStatus, Total, TotalKind,
};
use orders_wire::Record;
use rust_decimal::Decimal;

use crate::orders::{
    FinancialStatus, FulfillmentStatus as Fulfillment, LineItem, MoneyAmount, MoneySet, Order,
    OrderAdjustment, Refund, Transaction, TransactionKind, TransactionStatus,
};

/// Maps orders of one account.
///
/// - Amounts come as pairs from the `_set` fields, a missing side staying missing; where only a plain amount exists, it
///   is in the order's `currency`. The vendor keeps no amount of the whole order as it was placed, so there is no
///   `Grand` total: what the order costs now is `Current("current_total_price")`.
/// - `closed` means archived, or cancelled with nothing outstanding. A cancelled order of which the outstanding amount
///   was not sent stays open.
/// - An order of a subscription contract (`contract_seq`) is a `Subscription`, any other a `Sale` (inferred).
/// - A refund has no amount of its own: see [`Mapper::order`].
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
    ///
    /// The amount of a refund is the exact sum of its payments that did not fail; without any payment, that of the goods
    /// given back. Where that is not in one currency, or a part of it was not sent, there is none. Its adjustments
    /// follow it one by one.
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
        core.fulfillment = order
            .fulfillment_status
            .as_ref()
            .or(order.fulfillment_status_v2.as_ref())
            .map(fulfillment);
        core.closed = closed(order);
        core.taxes_included = order.taxes_included;
        core.totals = totals(order);
        core.lines = order.line_items.iter().map(|l| line(l, order)).collect();
        core.adjustments = order
            .refunds
            .iter()
            .flat_map(|refund| adjustments(refund, order))
            .collect();
        core.customer = customer(order);
        core.raw = record.raw.clone().into_bytes();
        core
    }
}

fn filled(text: &Option<String>) -> Option<String> {
    text.clone().filter(|text| !text.is_empty())
}

fn payment(status: &FinancialStatus) -> Mapped<PaymentStatus> {
    let normal = match status {
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

fn fulfillment(status: &Fulfillment) -> Mapped<FulfillmentStatus> {
    let normal = match status {
        Fulfillment::Null | Fulfillment::Unshipped => FulfillmentStatus::Unfulfilled,
        Fulfillment::Partial => FulfillmentStatus::Partial,
        Fulfillment::Shipped | Fulfillment::Fulfilled => FulfillmentStatus::Fulfilled,
        Fulfillment::Unknown(_) => FulfillmentStatus::Unknown,
    };
    Mapped::new(status.as_str(), normal)
}

/// Archived, or cancelled with nothing outstanding; `None` where nothing of it was sent.
fn closed(order: &Order) -> Option<bool> {
    let cancelled =
        order.cancelled_at.is_some() || order.status.as_ref().is_some_and(|s| s.is_cancelled());
    match order.hidden_order {
        Some(true) => Some(true),
        _ if cancelled => Some(outstanding(order).is_some_and(|amount| amount.is_zero())),
        Some(false) => Some(false),
        None => order.status.as_ref().map(|_| false),
    }
}

fn outstanding(order: &Order) -> Option<Decimal> {
    let shop = || {
        order
            .total_outstanding_set
            .as_ref()?
            .shop_money
            .as_ref()?
            .amount
    };
    order.total_outstanding.or_else(shop)
}

fn totals(order: &Order) -> Vec<Total> {
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
        .filter_map(|(kind, set, plain)| Some(Total::new(kind, amount(set, plain, order)?)))
        .collect()
}

/// The pair where it holds anything, else the plain amount in the order's currency.
fn amount(set: &Option<MoneySet>, plain: Option<Decimal>, order: &Order) -> Option<Amount> {
    let pair = set.as_ref().and_then(pair).map(Amount::Pair);
    pair.or_else(|| plain.map(|amount| Amount::Single(in_order_currency(amount, order))))
}

fn in_order_currency(amount: Decimal, order: &Order) -> Money {
    Money::new(amount, order.currency.clone().unwrap_or_default())
}

fn pair(set: &MoneySet) -> Option<MoneyPair> {
    let pair = MoneyPair {
        shop: set.shop_money.as_ref().and_then(money),
        presentment: set.presentment_money.as_ref().and_then(money),
    };
    (pair != MoneyPair::default()).then_some(pair)
}

fn money(side: &MoneyAmount) -> Option<Money> {
    let currency = side.currency_code.clone().unwrap_or_default();
    Some(Money::new(side.amount?, currency))
}

fn line(item: &LineItem, order: &Order) -> Line {
    let shop_price = item
        .price_set
        .as_ref()
        .and_then(|set| money(set.shop_money.as_ref()?));
    let mut line = Line::default();
    line.id = filled(&item.id);
    line.product_id = filled(&item.product_id);
    line.variant_id = filled(&item.variant_id);
    line.sku = filled(&item.sku);
    line.title = filled(&item.title).or_else(|| filled(&item.name));
    line.quantity = item.quantity;
    line.unit_price =
        shop_price.or_else(|| item.price.map(|price| in_order_currency(price, order)));
    line.fulfillment = item.fulfillment_status.as_ref().map(fulfillment);
    line
}

fn adjustments(refund: &Refund, order: &Order) -> Vec<Adjustment> {
    let mut whole = Adjustment::new(AdjustmentKind::Refund);
    whole.id = filled(&refund.id);
    whole.amount = refunded(refund);
    whole.at = refund.processed_at.or(refund.created_at);
    whole.native_status = match refund.transactions.as_slice() {
        [only] => only
            .status
            .as_ref()
            .map(|status| status.as_str().to_owned()),
        _ => None,
    };
    let corrections = refund.order_adjustments.iter();
    std::iter::once(whole)
        .chain(corrections.map(|part| correction(part, refund, order)))
        .collect()
}

fn correction(part: &OrderAdjustment, refund: &Refund, order: &Order) -> Adjustment {
    let mut adjustment = Adjustment::new(AdjustmentKind::RefundAdjustment);
    adjustment.id = filled(&part.id);
    adjustment.amount = amount(&part.amount_set, part.amount, order);
    adjustment.at = refund.processed_at.or(refund.created_at);
    adjustment.native_status = part.kind.as_ref().map(|kind| kind.as_str().to_owned());
    adjustment
}

/// What was paid back, else what the returned goods come to.
fn refunded(refund: &Refund) -> Option<Amount> {
    let payments: Vec<&Transaction> = refund.transactions.iter().filter(pays_back).collect();
    if !refund.transactions.is_empty() {
        let amounts = payments.iter().map(|payment| {
            let currency = payment.currency.clone().unwrap_or_default();
            Some(Money::new(payment.amount?, currency))
        });
        return sum(amounts).map(Amount::Single);
    }
    let sets = || {
        refund
            .refund_line_items
            .iter()
            .map(|l| l.subtotal_set.as_ref())
    };
    let pair = MoneyPair {
        shop: sum(sets().map(|set| money(set?.shop_money.as_ref()?))),
        presentment: sum(sets().map(|set| money(set?.presentment_money.as_ref()?))),
    };
    (pair != MoneyPair::default()).then_some(Amount::Pair(pair))
}

fn pays_back(transaction: &&Transaction) -> bool {
    let failed = matches!(
        transaction.status,
        Some(TransactionStatus::Failure | TransactionStatus::Fail | TransactionStatus::Error)
    );
    let refund = matches!(transaction.kind, Some(TransactionKind::Refund) | None);
    refund && !failed
}

/// The exact sum; `None` of nothing, of different currencies, or where a part is missing.
fn sum(amounts: impl Iterator<Item = Option<Money>>) -> Option<Money> {
    let mut whole: Option<Money> = None;
    for amount in amounts {
        let amount = amount?;
        whole = Some(match whole {
            Some(whole) => whole.checked_add(&amount).ok()?,
            None => amount,
        });
    }
    whole
}

fn customer(order: &Order) -> Option<Customer> {
    let nested = order.customer.as_ref();
    let id = filled(&order.user_id).or_else(|| filled(&nested?.id));
    let email = filled(&order.email).or_else(|| filled(&nested?.email));
    (id.is_some() || email.is_some()).then_some(Customer::new(id, email))
}
