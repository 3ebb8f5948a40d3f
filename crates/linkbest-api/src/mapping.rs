//! From a Linkbest order to the common vocabulary. No HTTP needed: readers of files and webhooks use it too.

use bytes::Bytes;
use chrono::{DateTime, FixedOffset, NaiveDateTime};
use orders_core::{
    Commission, CommissionStatus, Error, Line, Mapped, Money, OrderKind, OrderRef, Total, TotalKind,
};
use orders_wire::{DecimalText, OpenEnum, Record};
use rust_decimal::Decimal;

use crate::VENDOR;
use crate::orders::{Order, OrderDetail, OrderStatus, china, decode_order, key_of, named};

/// The currency of every unit price (documented).
const YUAN: &str = "CNY";

/// Maps orders of one account.
///
/// ```
/// use linkbest_api::core::CommissionStatus as C;
/// use linkbest_api::{Error, Mapper, orders::decode_order};
///
/// // Linkbest's words, and ours.
/// let words = [("-1", C::Invalid), ("0", C::Pending), ("1", C::Confirmed), ("2", C::Settled), ("7", C::Unknown)];
/// for (word, ours) in words {
///     let text = format!(r#"{{"Id":"7","Status":"{word}","SiterCommission":1.50,"Currency":"USD"}}"#);
///     let order = Mapper::new("main").order(&decode_order(&text.into())?);
///     assert_eq!(order.commission.as_ref().unwrap().status.as_ref().unwrap().normal, ours);
///     assert_eq!(order.charged(), None); // the buyer pays the merchant
///     assert_eq!(order.is_terminal(), ours.is_terminal());
/// }
/// # Ok::<(), Error>(())
/// ```
///
/// ```
/// use linkbest_api::{Mapper, orders::decode_order};
/// let record = decode_order(&br#"{"Id":"7","OrderTime":"2026-03-01 10:30:00","Status":"2"}"#[..].into())?;
/// let order = Mapper::new("main").order(&record);
/// assert_eq!(order.created_at.unwrap().to_rfc3339(), "2026-03-01T10:30:00+08:00");
/// assert!(order.is_terminal());
/// # Ok::<(), linkbest_api::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Mapper {
    account: String,
    zone: Option<FixedOffset>,
}

impl Mapper {
    /// The version of this mapping: see [`OrderSource::mapping_version`](orders_core::OrderSource::mapping_version).
    pub const VERSION: u32 = 1;

    /// A mapper for the account of this label, with local times in UTC+8.
    #[must_use]
    pub fn new(account: impl Into<String>) -> Self {
        Self {
            account: account.into(),
            zone: china(),
        }
    }

    /// The zone of the vendor's local times. Default UTC+8 (China Standard Time), which is inferred from the sister
    /// platform: the pages state none.
    #[must_use]
    pub fn zone(mut self, zone: FixedOffset) -> Self {
        self.zone = Some(zone);
        self
    }

    #[cfg(feature = "client")]
    pub(crate) fn zone_of_times(&self) -> Option<FixedOffset> {
        self.zone
    }

    /// The order in the common vocabulary, with its raw text.
    ///
    /// - `key` is program, order number and sign, `7/S1/+`. The sign is `-` where `OrdersPrice`, else `SiterCommission`, is
    ///   negative: a sale and the row that corrects it have one number and are two orders (inferred), and stay the same two
    ///   when their status changes. The page of pushes says that their `Id` is the push's own, so a pushed order is found
    ///   among pulled ones by its key.
    /// - `id` is `Id`; where that is missing, it is made of the key (`no-id/7/S1/+`). Without program or number there is no
    ///   identity: a list gives such a row as an unreadable record.
    /// - Totals `Estimated` and `Confirmed`, and the two commissions, each in its own currency; an amount without a
    ///   currency keeps its currency empty.
    /// - A line's status is the word of `LbOrderStatus`, beside the merchant's own `OrderStatus`; its unit price is in CNY.
    /// - `0` and an empty text are no ids. Any other empty text counts as missing.
    #[must_use]
    pub fn order(&self, record: &Record<Order>) -> orders_core::Order {
        let from = &record.value;
        let mut order = orders_core::Order::new(VENDOR, &self.account, identity(from));
        order.key = key(from);
        order.kind = OrderKind::Affiliate;
        order.number = named(&from.order_sn).map(str::to_owned);
        order.parent_id = named(&from.parent_order_sn).map(str::to_owned);
        order.created_at = self.time(from.order_time);
        order.settled_at = self.time(from.charge_time);
        order.commission = Some(commission(from));
        order.totals = totals(from);
        order.lines = from.details.iter().map(|d| line(d, from)).collect();
        order.raw = record.raw.clone().into_bytes();
        order
    }

    /// Reads the text of one order, as a store keeps it, into the common vocabulary.
    ///
    /// # Errors
    /// `Decode`, with [`Error::record`], where the text is none of an order.
    pub fn read(&self, text: &Bytes) -> Result<orders_core::Order, Error> {
        decode_order(text).map(|record| self.order(&record))
    }

    fn time(&self, local: Option<NaiveDateTime>) -> Option<DateTime<FixedOffset>> {
        local?.and_local_timezone(self.zone?).single()
    }
}

/// What tells an order from all others of the account: its id, else one of its key. Empty where it has neither.
pub(crate) fn identity(order: &Order) -> String {
    match named(&order.id) {
        Some(id) => OrderRef::id_of_vendor(id),
        None => key(order).map_or_else(String::new, |key| OrderRef::id_of_key(&key)),
    }
}

/// The key of an order beside its id; `None` without program or number.
pub(crate) fn key(order: &Order) -> Option<String> {
    let amount = order.orders_price.or(order.siter_commission);
    let negative = amount.is_some_and(|amount| amount < Decimal::ZERO);
    let program = named(&order.program_id)?;
    Some(key_of(program, named(&order.order_sn)?, negative))
}

fn filled(text: &Option<String>) -> Option<String> {
    text.clone().filter(|text| !text.is_empty())
}

fn money(amount: Option<Decimal>, currency: &Option<String>) -> Option<Money> {
    Some(Money::new(amount?, currency.clone().unwrap_or_default()))
}

fn commission(order: &Order) -> Commission {
    let mut commission = Commission::default();
    commission.status = order
        .status
        .as_ref()
        .map(|status| Mapped::new(status.as_str(), normal(status)));
    commission.estimated = money(order.siter_commission, &order.currency);
    commission.confirmed = money(order.confirm_siter_commission, &order.charge_currency);
    commission.program_id = named(&order.program_id).map(str::to_owned);
    commission.sub_id = filled(&order.sub_id);
    commission
}

fn normal(status: &OrderStatus) -> CommissionStatus {
    match status.in_any_case() {
        OrderStatus::Invalid => CommissionStatus::Invalid,
        OrderStatus::Unconfirmed => CommissionStatus::Pending,
        OrderStatus::Confirmed => CommissionStatus::Confirmed,
        OrderStatus::Settled => CommissionStatus::Settled,
        OrderStatus::Unknown(_) => CommissionStatus::Unknown,
    }
}

fn totals(order: &Order) -> Vec<Total> {
    let estimated = money(order.orders_price, &order.currency);
    let confirmed = money(order.confirm_price, &order.charge_currency);
    let total = |kind, amount: Option<Money>| amount.map(|amount| Total::new(kind, amount));
    [
        total(TotalKind::Estimated, estimated),
        total(TotalKind::Confirmed, confirmed),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn decimal(text: &Option<DecimalText>) -> Option<Decimal> {
    text.as_ref()?.decimal()
}

fn line(detail: &OrderDetail, order: &Order) -> Line {
    let mut line = Line::default();
    line.product_id = filled(&detail.item_id);
    line.title = filled(&detail.item_name);
    line.quantity = decimal(&detail.item_count);
    line.unit_price = decimal(&detail.item_price).map(|price| Money::new(price, YUAN));
    line.total = money(detail.orders_price, &order.currency);
    line.commission = money(detail.order_commission, &order.currency);
    line.merchant_status = filled(&detail.order_status);
    line.native_status = detail
        .lb_order_status
        .as_ref()
        .map(|status| status.as_str().to_owned());
    line
}
