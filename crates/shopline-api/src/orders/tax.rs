//! Taxes.

use orders_wire::{Exact, ExactNumber, Object, Strict, Word, object};
use rust_decimal::Decimal;

use super::{MoneySet, status::TaxType};

object! {
    /// One tax on an order, a line, a shipping line or a duty.
    pub struct TaxLine {
        /// Name of the tax (`VAT`; `express_tax` was recorded on shipping).
        pub title: Option<String>,
        /// Name of the tax under another key. Documented for `orders.json`, recorded as null.
        pub name: Option<String>,
        /// What the tax is on. Documented for `orders.json`.
        #[serde_as(as = "Word")]
        pub r#type: Option<TaxType>,
        /// The tax itself, in shop currency, major units.
        #[serde_as(as = "Exact")]
        pub price: Option<Decimal>,
        /// The tax itself, in both currencies.
        #[serde_as(as = "Option<Object>")]
        pub price_set: Option<MoneySet>,
        /// The tax rate. Documented as a JSON number; whether 0.2 or 20 stands for 20 % is not documented.
        #[serde_as(as = "ExactNumber")]
        pub rate: Option<Decimal>,
        /// The tax rate in percent, on duties. Documented for `orders.json`, as a JSON number.
        #[serde_as(as = "ExactNumber")]
        pub rate_percentage: Option<Decimal>,
    }
}

impl TaxLine {
    pub(super) const STRICT: Strict = Strict::new(&["price", "price_set"], &[]);
}
