//! Discounts: the codes used, what they are, and how they spread over lines.

use orders_wire::{Exact, Integer, NumberWord, Object, Strict, Word, object};
use rust_decimal::Decimal;

use super::MoneySet;
use super::status::{
    ActivityType, AllocationMethod, BenefitType, DiscountCodeType, DiscountSource,
    DiscountValueType, TargetSelection, TargetType,
};

object! {
    /// A discount code that the buyer used.
    pub struct DiscountCode {
        /// The code.
        pub code: Option<String>,
        /// What the code does: Chinese words on `orders.json`, a number in the page's example.
        #[serde_as(as = "Word")]
        pub r#type: Option<DiscountCodeType>,
        /// What the code took off, in shop currency, major units.
        #[serde_as(as = "Exact")]
        pub amount: Option<Decimal>,
        /// What the code took off, in both currencies. Documented for `orders.json`.
        #[serde_as(as = "Option<Object>")]
        pub amount_set: Option<MoneySet>,
    }
}

impl DiscountCode {
    pub(super) const STRICT: Strict = Strict::new(&["amount", "amount_set"], &[]);
}

object! {
    /// A discount of the order, of whatever source. Documented for `orders.json`.
    pub struct DiscountApplication {
        /// Where the discount comes from.
        #[serde_as(as = "Word")]
        pub r#type: Option<DiscountSource>,
        /// The discount code, where it comes from one.
        pub code: Option<String>,
        /// Title of the discount.
        pub title: Option<String>,
        /// Description of the discount.
        pub description: Option<String>,
        /// The size of the discount: an amount in shop currency or a percentage, by [`value_type`](Self::value_type).
        #[serde_as(as = "Exact")]
        pub value: Option<Decimal>,
        /// Whether `value` is an amount or a percentage.
        #[serde_as(as = "Word")]
        pub value_type: Option<DiscountValueType>,
        /// How the discount is spread.
        #[serde_as(as = "Word")]
        pub allocation_method: Option<AllocationMethod>,
        /// Which lines it is for.
        #[serde_as(as = "Word")]
        pub target_selection: Option<TargetSelection>,
        /// Whether it is for goods or for shipping.
        #[serde_as(as = "Word")]
        pub target_type: Option<TargetType>,
        /// The kind of campaign, a number.
        #[serde_as(as = "NumberWord")]
        pub activity_type: Option<ActivityType>,
        /// The kind of benefit, a number.
        #[serde_as(as = "NumberWord")]
        pub benefit_type: Option<BenefitType>,
    }
}

impl DiscountApplication {
    pub(super) const STRICT: Strict = Strict::new(&["value"], &[]);
}

object! {
    /// The part of a discount that falls on one line. Documented for `orders.json`.
    pub struct DiscountAllocation {
        /// The part, in shop currency, major units.
        #[serde_as(as = "Exact")]
        pub amount: Option<Decimal>,
        /// The part, in both currencies.
        #[serde_as(as = "Option<Object>")]
        pub amount_set: Option<MoneySet>,
        /// The position of the discount in [`Order::discount_applications`](super::Order::discount_applications),
        /// from 0.
        #[serde_as(as = "Integer")]
        pub discount_application_index: Option<i64>,
    }
}

impl DiscountAllocation {
    pub(super) const STRICT: Strict = Strict::new(&["amount", "amount_set"], &[]);
}
