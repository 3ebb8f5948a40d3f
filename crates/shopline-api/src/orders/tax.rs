//! Taxes.

use orders_wire::{Exact, ExactNumber, Object, Strict, Text, Word};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_with::{serde_as, skip_serializing_none};

use super::{MoneySet, status::TaxType};

/// One tax on an order, a line, a shipping line or a duty.
#[serde_as]
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(default)]
#[non_exhaustive]
pub struct TaxLine {
    /// Name of the tax (`VAT`; `express_tax` was recorded on shipping).
    #[serde_as(as = "Text")]
    pub title: Option<String>,
    /// Name of the tax under another key. Documented for `orders.json`, recorded as null.
    #[serde_as(as = "Text")]
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

impl TaxLine {
    pub(super) const STRICT: Strict = Strict::new(&["price", "price_set"], &[]);
}
