//! Invoices and subscriptions, as webhooks send them.

use std::fmt;

use chrono::{DateTime, Utc};
use orders_wire::{
    AnyJson, EpochMillis, Exact, ExactNumber, Flag, List, Object, Row, Strict, Text,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_with::{serde_as, skip_serializing_none};

/// An invoice of a subscription, as webhooks send it (recorded in near-real bodies). Its amounts are **strings** of varying scale.
#[serde_as]
#[skip_serializing_none]
#[derive(Clone, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct Invoice {
    /// The id.
    #[serde_as(as = "Text")]
    pub invoice_id: Option<String>,
    /// The subscription.
    #[serde_as(as = "Text")]
    pub subscription_id: Option<String>,
    /// The seller's own reference of the subscription.
    #[serde_as(as = "Text")]
    pub merchant_reference: Option<String>,
    /// The order that pays it.
    #[serde_as(as = "Text")]
    pub order_id: Option<String>,
    /// The buyer's id.
    #[serde_as(as = "Text")]
    pub customer_id: Option<String>,
    /// The seller's id.
    #[serde_as(as = "Text")]
    pub merchant_id: Option<String>,
    /// Where it stands: `open`, `paid` or `void`.
    #[serde_as(as = "Text")]
    pub status: Option<String>,
    /// When it was made (Unix milliseconds).
    #[serde_as(as = "EpochMillis")]
    pub create_time: Option<DateTime<Utc>>,
    /// Where the billed period begins (Unix milliseconds).
    #[serde_as(as = "EpochMillis")]
    pub current_period_start: Option<DateTime<Utc>>,
    /// Where the billed period ends (Unix milliseconds).
    #[serde_as(as = "EpochMillis")]
    pub current_period_end: Option<DateTime<Utc>>,
    /// What is billed, in major units of `original_currency`. Whether taxes are in it is not stated.
    #[serde_as(as = "Exact")]
    pub original_amount: Option<Decimal>,
    /// What is to be paid after discounts (inferred), in major units; its currency is not stated.
    #[serde_as(as = "Exact")]
    pub payment_amount: Option<Decimal>,
    /// The currency that the seller bills in.
    #[serde_as(as = "Text")]
    pub original_currency: Option<String>,
    /// How it is collected (`charge_automatically`).
    #[serde_as(as = "Text")]
    pub billing: Option<String>,
    /// The discount, an object whose members are in no page; null was recorded.
    pub discount: Option<AnyJson>,
    /// Its items.
    #[serde_as(as = "List")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<InvoiceItem>,
    /// Its items under the name of the deprecated envelope.
    #[serde_as(as = "List")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub line_items: Vec<InvoiceItem>,
    /// The seller's own key-value pairs.
    pub metadata: Option<AnyJson>,
}

impl Row for Invoice {
    const IDENTITY: &'static [&'static str] = &["invoiceId"];
    const STRICT: Strict = Strict::new(
        &[
            "invoiceId",
            "originalAmount",
            "paymentAmount",
            "originalCurrency",
            "status",
        ],
        &[
            ("items", &InvoiceItem::STRICT),
            ("lineItems", &InvoiceItem::STRICT),
        ],
    );

    fn is_identified(&self) -> bool {
        self.invoice_id.as_deref().is_some_and(|id| !id.is_empty())
    }
}

impl InvoiceItem {
    const STRICT: Strict = Strict::new(
        &["amount", "discountAmount", "paymentAmount", "currency"],
        &[("price", &InvoicePrice::STRICT)],
    );
}

impl InvoicePrice {
    const STRICT: Strict = Strict::new(&["unitAmount"], &[]);
}

impl Row for Subscription {
    const IDENTITY: &'static [&'static str] = &["subscriptionId"];
    const STRICT: Strict = Strict::new(
        &["subscriptionId", "currency", "status"],
        &[
            ("recurringInvoiceItem", &InvoiceItem::STRICT),
            ("upcomingInvoiceItem", &InvoiceItem::STRICT),
        ],
    );

    fn is_identified(&self) -> bool {
        let id = self.subscription_id.as_deref();
        id.is_some_and(|id| !id.is_empty())
    }
}

impl fmt::Debug for Invoice {
    /// Without personal data: the rest is read from the fields.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Invoice")
            .field("invoice_id", &self.invoice_id)
            .field("subscription_id", &self.subscription_id)
            .field("order_id", &self.order_id)
            .field("customer_id", &self.customer_id)
            .field("status", &self.status)
            .field("create_time", &self.create_time)
            .field("original_amount", &self.original_amount)
            .field("payment_amount", &self.payment_amount)
            .field("original_currency", &self.original_currency)
            .field("items", &self.items.len())
            .field("line_items", &self.line_items.len())
            .finish_non_exhaustive()
    }
}

/// An item of an invoice or of a subscription. Its amounts are strings, in major units of `currency`.
#[serde_as]
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct InvoiceItem {
    /// The id.
    #[serde_as(as = "Text")]
    pub invoice_item_id: Option<String>,
    /// The amount before discount.
    #[serde_as(as = "Exact")]
    pub amount: Option<Decimal>,
    /// The discount, positive.
    #[serde_as(as = "Exact")]
    pub discount_amount: Option<Decimal>,
    /// What is to be paid for it.
    #[serde_as(as = "Exact")]
    pub payment_amount: Option<Decimal>,
    /// The terms of the coupon.
    #[serde_as(as = "Text")]
    pub coupon_terms: Option<String>,
    /// The promotion code.
    #[serde_as(as = "Text")]
    pub promotion_code: Option<String>,
    /// The currency of the amounts.
    #[serde_as(as = "Text")]
    pub currency: Option<String>,
    /// What it is.
    #[serde_as(as = "Text")]
    pub description: Option<String>,
    /// Where its period begins (Unix milliseconds).
    #[serde_as(as = "EpochMillis")]
    pub period_start: Option<DateTime<Utc>>,
    /// Where its period ends (Unix milliseconds).
    #[serde_as(as = "EpochMillis")]
    pub period_end: Option<DateTime<Utc>>,
    /// Whether it is a part of a period.
    #[serde_as(as = "Flag")]
    pub proration: Option<bool>,
    /// The price it comes from.
    #[serde_as(as = "Option<Object>")]
    pub price: Option<InvoicePrice>,
}

/// The price behind an item.
#[serde_as]
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct InvoicePrice {
    /// The product.
    #[serde_as(as = "Text")]
    pub product_id: Option<String>,
    /// Its name.
    #[serde_as(as = "Text")]
    pub product_name: Option<String>,
    /// The price.
    #[serde_as(as = "Text")]
    pub price_id: Option<String>,
    /// The price as it was.
    #[serde_as(as = "Text")]
    pub price_snapshot_id: Option<String>,
    /// The price of one unit, a string in major units of the item's currency.
    #[serde_as(as = "Exact")]
    pub unit_amount: Option<Decimal>,
    /// How many.
    #[serde_as(as = "ExactNumber")]
    pub quantity: Option<Decimal>,
    /// How it repeats.
    #[serde_as(as = "Option<Object>")]
    pub recurring: Option<Recurring>,
}

/// How a price repeats.
#[serde_as]
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct Recurring {
    /// The interval: `day`, `week`, `month`, `year`.
    #[serde_as(as = "Text")]
    pub interval: Option<String>,
    /// How many intervals make a period.
    #[serde_as(as = "ExactNumber")]
    pub interval_count: Option<Decimal>,
    /// The days of trial.
    #[serde_as(as = "ExactNumber")]
    pub trial_period_days: Option<Decimal>,
    /// The pricing model (`flat_rate`).
    #[serde_as(as = "Text")]
    pub pricing_model: Option<String>,
    /// How tiers are counted.
    #[serde_as(as = "Text")]
    pub tiers_mode: Option<String>,
}

/// A subscription, as webhooks send it (recorded in a near-real body).
#[serde_as]
#[skip_serializing_none]
#[derive(Clone, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct Subscription {
    /// The id.
    #[serde_as(as = "Text")]
    pub subscription_id: Option<String>,
    /// The seller's own reference.
    #[serde_as(as = "Text")]
    pub merchant_reference: Option<String>,
    /// The checkout session.
    #[serde_as(as = "Text")]
    pub session_id: Option<String>,
    /// The buyer's id.
    #[serde_as(as = "Text")]
    pub customer_id: Option<String>,
    /// The product.
    #[serde_as(as = "Text")]
    pub product_id: Option<String>,
    /// The price.
    #[serde_as(as = "Text")]
    pub price_id: Option<String>,
    /// The price as it was.
    #[serde_as(as = "Text")]
    pub price_snapshot_id: Option<String>,
    /// When it was made (Unix milliseconds).
    #[serde_as(as = "EpochMillis")]
    pub create_time: Option<DateTime<Utc>>,
    /// How many.
    #[serde_as(as = "ExactNumber")]
    pub quantity: Option<Decimal>,
    /// How it is paid, in varying case.
    #[serde_as(as = "Text")]
    pub payment_method_type: Option<String>,
    /// The stored payment instrument.
    #[serde_as(as = "Text")]
    pub payment_instrument_id: Option<String>,
    /// Where the trial begins (Unix milliseconds).
    #[serde_as(as = "EpochMillis")]
    pub trial_start: Option<DateTime<Utc>>,
    /// Where the trial ends (Unix milliseconds).
    #[serde_as(as = "EpochMillis")]
    pub trial_end: Option<DateTime<Utc>>,
    /// Its **first** start, which never moves (Unix milliseconds); use the recurring item's period.
    #[serde_as(as = "EpochMillis")]
    pub current_period_start: Option<DateTime<Utc>>,
    /// Where the current period ends (Unix milliseconds).
    #[serde_as(as = "EpochMillis")]
    pub current_period_end: Option<DateTime<Utc>>,
    /// When it is to end (Unix milliseconds).
    #[serde_as(as = "EpochMillis")]
    pub cancel_at: Option<DateTime<Utc>>,
    /// Whether it ends with its period.
    #[serde_as(as = "Flag")]
    pub cancel_at_period_end: Option<bool>,
    /// When it was cancelled (Unix milliseconds).
    #[serde_as(as = "EpochMillis")]
    pub canceled_at: Option<DateTime<Utc>>,
    /// Why it was cancelled.
    #[serde_as(as = "Text")]
    pub cancel_reason: Option<String>,
    /// Where it stands: `incomplete`, `free_trial`, `active`, `incomplete_expired`, `past_due`, `cancelled`.
    #[serde_as(as = "Text")]
    pub status: Option<String>,
    /// How it is collected.
    #[serde_as(as = "Text")]
    pub billing: Option<String>,
    /// The currency.
    #[serde_as(as = "Text")]
    pub currency: Option<String>,
    /// The item of the current period.
    #[serde_as(as = "Option<Object>")]
    pub recurring_invoice_item: Option<InvoiceItem>,
    /// The item of the next period.
    #[serde_as(as = "Option<Object>")]
    pub upcoming_invoice_item: Option<InvoiceItem>,
    /// Changes that are planned. Their shape is in no page.
    pub scheduled_phases: Option<AnyJson>,
    /// How many periods are over.
    #[serde_as(as = "ExactNumber")]
    pub elapsed_cycles: Option<Decimal>,
    /// The seller's own key-value pairs.
    pub metadata: Option<AnyJson>,
}

impl fmt::Debug for Subscription {
    /// Without personal data: the rest is read from the fields.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription")
            .field("subscription_id", &self.subscription_id)
            .field("customer_id", &self.customer_id)
            .field("product_id", &self.product_id)
            .field("status", &self.status)
            .field("create_time", &self.create_time)
            .field("quantity", &self.quantity)
            .field("currency", &self.currency)
            .field("current_period_start", &self.current_period_start)
            .field("current_period_end", &self.current_period_end)
            .finish_non_exhaustive()
    }
}

impl Invoice {
    /// Its items, under whichever name they came.
    #[must_use]
    pub fn all_items(&self) -> &[InvoiceItem] {
        if self.items.is_empty() {
            &self.line_items
        } else {
            &self.items
        }
    }
}
