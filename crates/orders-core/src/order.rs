//! The order as every vendor's order is read: small, with the exact text of the vendor beside it.

use std::fmt;

use bytes::Bytes;
use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use crate::{
    Adjustment, AdjustmentKind, Amount, Commission, CommissionStatus, Customer, FulfillmentStatus,
    Line, Mapped, Money, OrderRef, PaymentStatus, Sums, TimeAxis, Total, TotalKind,
};

/// SHOPLINE's field for what an order comes to now: it has no amount of the whole order as placed.
const CURRENT_TOTAL: &str = "current_total_price";

/// What kind of order it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OrderKind {
    /// A one-time sale.
    Sale,
    /// A charge of a subscription.
    Subscription,
    /// A sale at a merchant, for which the account owner earns a commission.
    Affiliate,
    /// The vendor did not say, or said it in a word that we do not know.
    #[default]
    #[serde(other)]
    Unknown,
}

impl OrderKind {
    /// The word as serde writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sale => "sale",
            Self::Subscription => "subscription",
            Self::Affiliate => "affiliate",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for OrderKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One order in the common vocabulary.
///
/// Everything but provider, account and id is optional: what a vendor does not send is `None`, never invented.
/// Times keep the offset that the vendor sent (or that its documentation fixes).
///
/// The exact JSON text of the vendor is in [`Order::raw`]. Serde leaves it out, both ways: it is JSON of its own, which
/// no format but JSON could hold byte for byte, and it is far longer than the rest. Keep it beside the order (a column,
/// a file), and set it again after reading. Equality and hash take it in.
#[derive(Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Order {
    /// The vendor: `clink`, `linkbest` or `shopline`.
    pub provider: String,
    /// The label of the account that was asked.
    pub account: String,
    /// The vendor's id of the order, unique within provider and account. An order that the vendor gave none has one of
    /// its [`key`](Order::key): see [`OrderRef::id_of_key`].
    pub id: String,
    /// A second identity, where the vendor has one beside the id: the same in every appearance of the order, also in
    /// those that carry no id (Linkbest's pushes: program, number and sign). See [`OrderRef::is_same_order`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The number that people use, where it differs from the id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The seller's own reference for the order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merchant_reference: Option<String>,
    /// The order (or subscription invoice) this one belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<String>,
    /// What kind of order it is.
    pub kind: OrderKind,
    /// When it was placed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<DateTime<FixedOffset>>,
    /// When the vendor last changed it, where the vendor says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<DateTime<FixedOffset>>,
    /// When it was paid. Only of an order that was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paid_at: Option<DateTime<FixedOffset>>,
    /// When it was cancelled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancelled_at: Option<DateTime<FixedOffset>>,
    /// When the commission was settled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled_at: Option<DateTime<FixedOffset>>,
    /// Where the payment stands; `None` where the vendor has no such axis or sent no word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment: Option<Mapped<PaymentStatus>>,
    /// Where the goods are; `None` where the vendor has no such axis or sent no word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fulfillment: Option<Mapped<FulfillmentStatus>>,
    /// The commission of an affiliate order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commission: Option<Commission>,
    /// Whether the vendor treats the order as finished (SHOPLINE: archived, or cancelled with no money left in it).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed: Option<bool>,
    /// Whether the prices contain the taxes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taxes_included: Option<bool>,
    /// The amounts of the whole order, each with its meaning.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub totals: Vec<Total>,
    /// What was bought.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<Line>,
    /// What happened to the amounts afterwards: payments back, returned goods, disputes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub adjustments: Vec<Adjustment>,
    /// A refund was [added](Order::adjust) that the order's own text does not list: there may be more that are not known.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub more_refunds: bool,
    /// Who bought.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<Customer>,
    /// The exact JSON text of the order as received: a slice of the page's body. See [`Order::detach`].
    #[serde(skip)]
    pub raw: Bytes,
}

impl Order {
    /// An order of which only the identity is known.
    #[must_use]
    pub fn new(
        provider: impl Into<String>,
        account: impl Into<String>,
        id: impl Into<String>,
    ) -> Self {
        Self {
            provider: provider.into(),
            account: account.into(),
            id: id.into(),
            ..Self::default()
        }
    }

    /// Whether nothing more is expected to happen to the order.
    ///
    /// An affiliate order ends when its commission is settled or invalid. An order with goods ends when the vendor
    /// calls it [closed](Order::closed). A bare payment ends when it failed or was refunded in full; a paid one can
    /// still be refunded. Everything else is still open.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        if let Some(commission) = &self.commission {
            return commission
                .status
                .as_ref()
                .is_some_and(|s| s.normal.is_terminal());
        }
        if let Some(closed) = self.closed {
            return closed;
        }
        let over = |s: &Mapped<PaymentStatus>| {
            matches!(s.normal, PaymentStatus::Failed | PaymentStatus::Refunded)
        };
        self.fulfillment.is_none() && self.payment.as_ref().is_some_and(over)
    }

    /// The time of the order on an axis, where the vendor said it.
    #[must_use]
    pub fn time_on(&self, axis: TimeAxis) -> Option<DateTime<FixedOffset>> {
        match axis {
            TimeAxis::Created => self.created_at,
            TimeAxis::Updated => self.updated_at,
            TimeAxis::Settled => self.settled_at,
        }
    }

    /// What to ask the vendor with, to get this order again.
    #[must_use]
    pub fn reference(&self) -> OrderRef {
        let mut reference = OrderRef::new(&self.id);
        reference.number.clone_from(&self.number);
        reference.key.clone_from(&self.key);
        reference.program_id = self.commission.as_ref().and_then(|c| c.program_id.clone());
        reference
    }

    /// The first amount of a kind.
    #[must_use]
    pub fn amount_of(&self, kind: &TotalKind) -> Option<&Amount> {
        self.totals
            .iter()
            .find(|total| total.kind == *kind)
            .map(|total| &total.amount)
    }

    /// What the order comes to now, in the vendor's own words and the seller's currency. The three differ:
    ///
    /// - Clink: `amountTotal`, what the buyer pays. A refund does not change it.
    /// - SHOPLINE: `current_total_price`, on the shop's side. It follows returns and edits; a cancelled order keeps it.
    /// - Linkbest: the confirmed order amount, else the estimated one. A confirmed amount of zero counts only once the
    ///   commission is no longer pending. It is the merchant's sale, of which the account earns a commission.
    ///
    /// It says nothing of what was paid: see [`charged`](Order::charged).
    #[must_use]
    pub fn total(&self) -> Option<&Money> {
        let shop = |kind| self.amount_of(&kind)?.shop();
        let status = self.commission.as_ref().and_then(|c| c.status.as_ref());
        let pending = status.is_some_and(|s| s.normal == CommissionStatus::Pending);
        let confirmed = || shop(TotalKind::Confirmed).filter(|m| !pending || !m.amount.is_zero());
        shop(TotalKind::Grand)
            .or_else(|| shop(TotalKind::Current(CURRENT_TOTAL.to_owned())))
            .or_else(confirmed)
            .or_else(|| shop(TotalKind::Estimated))
    }

    /// What was taken from the buyer, in the seller's currency; `None` where the vendor does not say, which is not zero.
    ///
    /// - Clink: `amountTotal` of an order that was paid, whether or not it was refunded since.
    /// - SHOPLINE: the sum of the payments of the order that are `paid`.
    /// - Linkbest: not known; the buyer pays the merchant.
    #[must_use]
    pub fn charged(&self) -> Option<&Money> {
        self.amount_of(&TotalKind::Charged)?.shop()
    }

    /// What was paid back to the buyer, by currency: the payments back that succeeded. Returned goods, discrepancies and
    /// disputes are none.
    ///
    /// Unknown, and not nothing, where money may have gone back and the vendor does not say how much: the order is
    /// refunded, in part or in full, and no payment back is known; a payment back has no amount, or a word that we do
    /// not know; a refund came without its payments; or neither a known word of the payment nor a refund was sent.
    ///
    /// Where refunds come one by one ([`more_refunds`](Order::more_refunds)), the sum is what went back
    /// [at least](Sums::AtLeast): it is all only where the order is refunded in full and it is what was charged.
    #[must_use]
    pub fn money_back(&self) -> Sums {
        let payment = self.payment.as_ref().map(|payment| payment.normal);
        let sums = crate::sums::money_back(payment, &self.adjustments);
        match self.more_refunds && !sums.is_nothing() {
            true => sums.at_least(payment, self.charged()),
            false => sums,
        }
    }

    /// What was charged less what was paid back; `None` where either is unknown or their currencies differ. Never made
    /// from a total.
    #[must_use]
    pub fn net(&self) -> Option<Money> {
        self.money_back().taken_from(self.charged()?)
    }

    /// Adds an adjustment, or replaces the one of its kind and id: a refund or a dispute is pushed several times, in any
    /// order, and is still one. A status that is final (succeeded or failed) gives way to another final one alone.
    ///
    /// Whoever adds a refund does not know that it is the only one: see [`money_back`](Order::money_back).
    ///
    /// ```
    /// use orders_core::{Adjustment, AdjustmentKind, AdjustmentStatus, Mapped, Money, MoneyError, Order};
    /// use orders_core::{PaymentStatus, Sums, Total, TotalKind};
    ///
    /// let mut order = Order::new("clink", "main", "order_1");
    /// order.payment = Some(Mapped::new("partial_refunded", PaymentStatus::PartiallyRefunded));
    /// order.totals = vec![Total::new(TotalKind::Charged, Money::parse("10.00", "EUR")?)];
    /// assert_eq!(order.money_back(), Sums::Unknown); // something went back, and nobody said how much
    ///
    /// let mut refund = Adjustment::new(AdjustmentKind::Refund);
    /// refund.id = Some("rfd_1".to_owned());
    /// refund.amount = Some(Money::parse("4.00", "EUR")?.into());
    /// let pending = refund.clone().with_status("refunding", AdjustmentStatus::Pending);
    /// let done = refund.with_status("success", AdjustmentStatus::Succeeded);
    ///
    /// // The pushes come out of order, and are still one refund that succeeded.
    /// order.adjust(done);
    /// order.adjust(pending);
    /// assert_eq!(order.adjustments.len(), 1);
    /// assert!(matches!(order.money_back(), Sums::AtLeast(sums) if sums.len() == 1));
    /// assert_eq!(order.net(), None); // there may be more refunds
    /// # Ok::<(), MoneyError>(())
    /// ```
    pub fn adjust(&mut self, mut adjustment: Adjustment) {
        self.more_refunds |= adjustment.kind == AdjustmentKind::Refund;
        let same = |known: &&mut Adjustment| {
            known.id.is_some() && known.id == adjustment.id && known.kind == adjustment.kind
        };
        let Some(known) = self.adjustments.iter_mut().find(same) else {
            self.adjustments.push(adjustment);
            return;
        };
        if known.normal_status().is_final() && !adjustment.normal_status().is_final() {
            adjustment.status = known.status.take();
        }
        *known = adjustment;
    }

    /// Copies the raw text out of the shared body, so that keeping this order does not keep its whole page.
    pub fn detach(&mut self) {
        self.raw = Bytes::copy_from_slice(&self.raw);
    }
}

impl fmt::Debug for Order {
    /// Identity and statuses only: an order holds personal data and a long raw text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Order")
            .field("provider", &self.provider)
            .field("account", &self.account)
            .field("id", &self.id)
            .field("kind", &self.kind)
            .field("created_at", &self.created_at)
            .field("payment", &self.payment)
            .field("fulfillment", &self.fulfillment)
            .field("commission", &self.commission)
            .field("totals", &self.totals)
            .field("lines", &self.lines.len())
            .field("adjustments", &self.adjustments.len())
            .field("raw", &format_args!("{} bytes", self.raw.len()))
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;
    use crate::{AdjustmentKind, AdjustmentStatus};

    fn paid(word: &str, status: PaymentStatus) -> Order {
        let mut order = Order::new("clink", "main", "1");
        order.payment = Some(Mapped::new(word, status));
        order
    }

    #[test]
    fn a_bare_payment_ends_failed_or_refunded() {
        assert!(paid("failed", PaymentStatus::Failed).is_terminal());
        assert!(paid("refunded", PaymentStatus::Refunded).is_terminal());
        assert!(!paid("success", PaymentStatus::Paid).is_terminal());
        assert!(!paid("partial_refunded", PaymentStatus::PartiallyRefunded).is_terminal());
        assert!(!paid("new word", PaymentStatus::Unknown).is_terminal());
        assert!(!Order::new("clink", "main", "1").is_terminal());
    }

    #[test]
    fn an_order_with_goods_ends_when_closed() {
        let mut order = paid("refunded", PaymentStatus::Refunded);
        order.fulfillment = Some(Mapped::new("null", FulfillmentStatus::Unfulfilled));
        assert!(!order.is_terminal());
        order.closed = Some(true);
        assert!(order.is_terminal());
    }

    #[test]
    fn an_affiliate_order_ends_with_its_commission() {
        let mut order = Order::new("linkbest", "main", "1");
        order.commission = Some(Commission::default());
        assert!(!order.is_terminal());
        for (word, status, terminal) in [
            ("0", CommissionStatus::Pending, false),
            ("1", CommissionStatus::Confirmed, false),
            ("2", CommissionStatus::Settled, true),
            ("-1", CommissionStatus::Invalid, true),
            ("7", CommissionStatus::Unknown, false),
        ] {
            let commission = Commission {
                status: Some(Mapped::new(word, status)),
                ..Commission::default()
            };
            order.commission = Some(commission);
            assert_eq!(order.is_terminal(), terminal, "{word}");
        }
    }

    fn priced(totals: &[(TotalKind, &str)]) -> Order {
        let mut order = paid("success", PaymentStatus::Paid);
        let totals = totals.iter().map(|(kind, amount)| {
            let money: Money = amount.parse().unwrap();
            Total::new(kind.clone(), money)
        });
        order.totals = totals.collect();
        order
    }

    #[test]
    fn an_order_comes_to_what_its_vendor_calls_the_total() {
        let current = || TotalKind::Current("current_total_price".into());
        let tax = || TotalKind::Current("current_total_tax".into());
        for (totals, total) in [
            (
                vec![(TotalKind::Grand, "9 USD"), (TotalKind::Subtotal, "8 USD")],
                "9 USD",
            ),
            (vec![(tax(), "1 EUR"), (current(), "7 EUR")], "7 EUR"),
            (
                vec![
                    (TotalKind::Estimated, "5 USD"),
                    (TotalKind::Confirmed, "4 CNY"),
                ],
                "4 CNY",
            ),
            (vec![(TotalKind::Estimated, "5 USD")], "5 USD"),
            (vec![(TotalKind::Charged, "5 USD")], ""),
        ] {
            let order = priced(&totals);
            let shown = order.total().map(ToString::to_string);
            assert_eq!(shown.unwrap_or_default(), total);
        }
        let mut pending = priced(&[
            (TotalKind::Estimated, "5 USD"),
            (TotalKind::Confirmed, "0.00 USD"),
        ]);
        assert_eq!(pending.total().unwrap().to_string(), "0.00 USD");
        pending.commission = Some(Commission {
            status: Some(Mapped::new("0", CommissionStatus::Pending)),
            ..Commission::default()
        });
        assert_eq!(pending.total().unwrap().to_string(), "5 USD");
    }

    #[test]
    fn net_is_charged_less_money_back_and_never_made_from_a_total() {
        let mut order = priced(&[(TotalKind::Grand, "9 USD")]);
        assert_eq!((order.charged(), order.net()), (None, None));
        order.totals.push(Total::new(
            TotalKind::Charged,
            Money::parse("9", "USD").unwrap(),
        ));
        assert_eq!(order.net().unwrap().to_string(), "9 USD");
        let refund = |id: &str, status| {
            let mut refund = Adjustment::new(AdjustmentKind::Refund).with_status("", status);
            refund.id = Some(id.into());
            refund.amount = Some(Money::parse("4", "usd").unwrap().into());
            refund
        };
        order.adjust(refund("r1", AdjustmentStatus::Pending));
        assert_eq!(order.net().unwrap().to_string(), "9 USD");
        order.adjust(refund("r1", AdjustmentStatus::Succeeded));
        order.adjust(refund("r2", AdjustmentStatus::Failed));
        assert_eq!(
            order.adjustments.len(),
            2,
            "a refund that came twice is one"
        );
        assert_eq!(order.net(), None, "there may be another refund");
        order.payment = Some(Mapped::new("refunded", PaymentStatus::Refunded));
        order.adjust(refund("r3", AdjustmentStatus::Succeeded));
        order.adjust({
            let mut rest = refund("r4", AdjustmentStatus::Succeeded);
            rest.amount = Some(Money::parse("1.0", "USD").unwrap().into());
            rest
        });
        assert_eq!(order.net().unwrap().to_string(), "0.0 USD", "all of it");
        order.adjustments.clear();
        assert_eq!(order.net(), None, "refunded, and nobody says how much");
    }

    #[test]
    fn what_is_written_is_read_back_but_the_raw_text() {
        let mut order = paid("success", PaymentStatus::Paid);
        order.totals.push(Total::new(
            TotalKind::Current("current_total_price".into()),
            Money::parse("10.00", "USD").unwrap(),
        ));
        order.lines.push(Line {
            quantity: Some(Decimal::new(20, 1)),
            ..Line::default()
        });
        order.raw = Bytes::from_static(b"{}");
        let json = serde_json::to_string(&order).unwrap();
        let mut back: Order = serde_json::from_str(&json).unwrap();
        assert!(json.contains(r#""quantity":"2.0""#), "{json}");
        back.raw = order.raw.clone();
        assert_eq!(back, order);
        let unknown: Order = serde_json::from_str(
            r#"{"provider":"p","account":"a","id":"1","payment":{"native":"x","normal":"newer_word"}}"#,
        )
        .unwrap();
        assert_eq!(unknown.payment.unwrap().normal, PaymentStatus::Unknown);
    }

    #[test]
    fn debug_shows_neither_e_mail_nor_raw_text() {
        let mut order = Order::new("clink", "main", "1");
        order.customer = Some(Customer {
            id: Some("cus_1".into()),
            email: Some("someone@example.com".into()),
        });
        order.raw = Bytes::from_static(b"{\"secret\":1}");
        let text = format!("{order:?} {:?}", order.customer);
        assert!(
            !text.contains("someone") && !text.contains("secret"),
            "{text}"
        );
        assert!(text.contains("12 bytes"));
    }

    #[test]
    fn equal_orders_hash_alike() {
        let mut order = paid("success", PaymentStatus::Paid);
        order.totals.push(Total::new(
            TotalKind::Grand,
            Money::parse("1.0", "usd").unwrap(),
        ));
        let mut same = order.clone();
        same.totals[0].amount = Money::parse("1.00", "USD").unwrap().into();
        let mut set = std::collections::HashSet::from([order.clone()]);
        assert!(!set.insert(same.clone()));
        same.raw = Bytes::from_static(b"{}");
        assert!(set.insert(same));
    }

    #[test]
    fn a_detached_order_has_its_own_raw_text() {
        let body = Bytes::from(vec![b'x'; 1000]);
        let mut order = Order::new("clink", "main", "1");
        order.raw = body.slice(10..20);
        order.detach();
        assert_eq!(order.raw, body.slice(10..20));
        assert_ne!(order.raw.as_ptr(), body.slice(10..20).as_ptr());
    }
}
