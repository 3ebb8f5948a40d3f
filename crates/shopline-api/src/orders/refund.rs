//! What was given back.

use chrono::{DateTime, FixedOffset};
use orders_wire::{AnyJson, Exact, ExactNumber, List, Object, Row, Strict, Word, object};
use rust_decimal::Decimal;

use super::money::NumberSet;
use super::status::{AdjustmentKind, RestockType};
use super::{LineItem, MoneySet, Transaction};

object! {
    /// One refund of an order. It is about goods, not about money (documented of its push): what was paid back is in its
    /// transactions alone.
    pub struct Refund {
        /// The refund's id.
        pub id: Option<String>,
        /// The order's id.
        pub order_id: Option<String>,
        /// Who made it.
        pub user_id: Option<String>,
        /// A note on it.
        pub note: Option<String>,
        /// When it was made, with offset.
        pub created_at: Option<DateTime<FixedOffset>>,
        /// When it was last changed, with offset; recorded as null.
        pub processed_at: Option<DateTime<FixedOffset>>,
        /// The goods that were given back.
        #[serde_as(as = "List")]
        pub refund_line_items: Vec<RefundLineItem>,
        /// Corrections, shipping included.
        #[serde_as(as = "List")]
        pub order_adjustments: Vec<OrderAdjustment>,
        /// The payments back to the buyer. An empty list means that nothing was paid back (recorded, of an unpaid order);
        /// `None` means that the key was absent or null: then nothing is known.
        #[serde_as(as = "Option<List>")]
        pub transactions: Option<Vec<Transaction>>,
        /// Recorded as an empty list, in no page: the shape of its elements is not known.
        #[serde_as(as = "List<_>")]
        pub transactions_v2: Vec<AnyJson>,
        /// Customs duties given back, in both currencies. Recorded, in no page.
        #[serde_as(as = "Option<Object>")]
        pub total_duties_set: Option<MoneySet>,
    }
    debug(id, order_id, created_at, processed_at, transactions, order_adjustments; refund_line_items)
}

impl Row for Refund {
    const IDENTITY: &'static [&'static str] = &["id"];
    const STRICT: Strict = Strict::new(
        &["id", "order_id", "total_duties_set"],
        &[
            ("refund_line_items", &RefundLineItem::STRICT),
            ("order_adjustments", &OrderAdjustment::STRICT),
            ("transactions", &Transaction::STRICT),
        ],
    );

    fn is_identified(&self) -> bool {
        self.id.as_deref().is_some_and(|id| !id.is_empty())
    }
}

object! {
    /// Goods that were given back.
    pub struct RefundLineItem {
        /// The id of this line of the refund (`RDP...` was recorded: not a number).
        pub id: Option<String>,
        /// The id of the order's line.
        pub line_item_id: Option<String>,
        /// The goods.
        #[serde_as(as = "Option<Object>")]
        pub line_item: Option<LineItem>,
        /// How many, in units.
        #[serde_as(as = "ExactNumber")]
        pub quantity: Option<Decimal>,
        /// Whether the goods went back on stock.
        #[serde_as(as = "Word")]
        pub restock_type: Option<RestockType>,
        /// What is given back for these goods, in shop currency, major units. A JSON number, unlike other amounts.
        /// Whether it contains tax is not documented.
        #[serde_as(as = "ExactNumber")]
        pub subtotal: Option<Decimal>,
        /// What is given back for these goods, in both currencies (documented as equal).
        #[serde_as(as = "Option<Object>")]
        pub subtotal_set: Option<MoneySet>,
        /// Tax on these goods, in shop currency, major units. A JSON number, unlike other amounts.
        #[serde_as(as = "ExactNumber")]
        pub total_tax: Option<Decimal>,
        /// Tax on these goods, in both currencies.
        #[serde_as(as = "Option<Object>")]
        pub total_tax_set: Option<MoneySet>,
    }
}

impl RefundLineItem {
    pub(super) const STRICT: Strict = Strict::new(
        &["subtotal", "subtotal_set", "total_tax", "total_tax_set"],
        &[("line_item", &LineItem::STRICT)],
    );
}

object! {
    /// A correction that belongs to a refund.
    pub struct OrderAdjustment {
        /// The adjustment's id (`RAP...` was recorded: not a number).
        pub id: Option<String>,
        /// The order's id.
        pub order_id: Option<String>,
        /// Said to be the refund's id; recorded different from it. Do not join on it.
        pub refund_id: Option<String>,
        /// What is corrected.
        #[serde_as(as = "Word")]
        pub kind: Option<AdjustmentKind>,
        /// Why, as free text.
        pub reason: Option<String>,
        /// The correction, in shop currency, major units. Of a discrepancy: what was computed less what was really paid
        /// back, so positive means that less was paid back (documented; recorded with this sign). Whether it contains its
        /// tax is not documented.
        #[serde_as(as = "Exact")]
        pub amount: Option<Decimal>,
        /// The correction, in both currencies. JSON numbers, unlike other amounts.
        #[serde_as(as = "Option<NumberSet>")]
        pub amount_set: Option<MoneySet>,
        /// Tax of the correction, in shop currency, major units.
        #[serde_as(as = "Exact")]
        pub tax_amount: Option<Decimal>,
        /// Tax of the correction, in both currencies. JSON numbers, unlike other amounts.
        #[serde_as(as = "Option<NumberSet>")]
        pub tax_amount_set: Option<MoneySet>,
    }
}

impl OrderAdjustment {
    pub(super) const STRICT: Strict = Strict::new(
        &[
            "kind",
            "amount",
            "amount_set",
            "tax_amount",
            "tax_amount_set",
        ],
        &[],
    );
}
