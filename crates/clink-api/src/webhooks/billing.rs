//! Invoices and subscriptions, as webhooks send them.

use chrono::{DateTime, Utc};
use orders_wire::{AnyJson, Exact, ExactNumber, List, Object, Row, Strict, object};
use rust_decimal::Decimal;

object! {
    /// An invoice of a subscription, as webhooks send it (recorded in near-real bodies). Its amounts are **strings** of
    /// varying scale.
    #[serde(rename_all = "camelCase")]
    pub struct Invoice {
        /// The id.
        pub invoice_id: Option<String>,
        /// The subscription.
        pub subscription_id: Option<String>,
        /// The seller's own reference of the subscription.
        pub merchant_reference: Option<String>,
        /// The order that pays it.
        pub order_id: Option<String>,
        /// The buyer's id.
        pub customer_id: Option<String>,
        /// The seller's id.
        pub merchant_id: Option<String>,
        /// Where it stands: `open`, `paid` or `void`.
        pub status: Option<String>,
        /// When it was made (Unix milliseconds).
        pub create_time: Option<DateTime<Utc>>,
        /// Where the billed period begins (Unix milliseconds).
        pub current_period_start: Option<DateTime<Utc>>,
        /// Where the billed period ends (Unix milliseconds).
        pub current_period_end: Option<DateTime<Utc>>,
        /// What is billed, in major units of `original_currency`. Whether taxes are in it is not stated.
        #[serde_as(as = "Exact")]
        pub original_amount: Option<Decimal>,
        /// What is to be paid after discounts (inferred), in major units; its currency is not stated.
        #[serde_as(as = "Exact")]
        pub payment_amount: Option<Decimal>,
        /// The currency that the seller bills in.
        pub original_currency: Option<String>,
        /// How it is collected (`charge_automatically`).
        pub billing: Option<String>,
        /// The discount, an object whose members are in no page; null was recorded.
        pub discount: Option<AnyJson>,
        /// Its items.
        #[serde_as(as = "List")]
        pub items: Vec<InvoiceItem>,
        /// Its items under the name of the deprecated envelope.
        #[serde_as(as = "List")]
        pub line_items: Vec<InvoiceItem>,
        /// The seller's own key-value pairs.
        pub metadata: Option<AnyJson>,
    }
    debug(
        invoice_id, subscription_id, order_id, customer_id, status, create_time, original_amount, payment_amount,
        original_currency; items, line_items
    )
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

object! {
    /// An item of an invoice or of a subscription. Its amounts are strings, in major units of `currency`.
    #[serde(rename_all = "camelCase")]
    pub struct InvoiceItem {
        /// The id.
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
        pub coupon_terms: Option<String>,
        /// The promotion code.
        pub promotion_code: Option<String>,
        /// The currency of the amounts.
        pub currency: Option<String>,
        /// What it is.
        pub description: Option<String>,
        /// Where its period begins (Unix milliseconds).
        pub period_start: Option<DateTime<Utc>>,
        /// Where its period ends (Unix milliseconds).
        pub period_end: Option<DateTime<Utc>>,
        /// Whether it is a part of a period.
        pub proration: Option<bool>,
        /// The price it comes from.
        #[serde_as(as = "Option<Object>")]
        pub price: Option<InvoicePrice>,
    }
}

object! {
    /// The price behind an item.
    #[serde(rename_all = "camelCase")]
    pub struct InvoicePrice {
        /// The product.
        pub product_id: Option<String>,
        /// Its name.
        pub product_name: Option<String>,
        /// The price.
        pub price_id: Option<String>,
        /// The price as it was.
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
}

object! {
    /// How a price repeats.
    #[serde(rename_all = "camelCase")]
    pub struct Recurring {
        /// The interval: `day`, `week`, `month`, `year`.
        pub interval: Option<String>,
        /// How many intervals make a period.
        #[serde_as(as = "ExactNumber")]
        pub interval_count: Option<Decimal>,
        /// The days of trial.
        #[serde_as(as = "ExactNumber")]
        pub trial_period_days: Option<Decimal>,
        /// The pricing model (`flat_rate`).
        pub pricing_model: Option<String>,
        /// How tiers are counted.
        pub tiers_mode: Option<String>,
    }
}

object! {
    /// A subscription, as webhooks send it (recorded in a near-real body).
    #[serde(rename_all = "camelCase")]
    pub struct Subscription {
        /// The id.
        pub subscription_id: Option<String>,
        /// The seller's own reference.
        pub merchant_reference: Option<String>,
        /// The checkout session.
        pub session_id: Option<String>,
        /// The buyer's id.
        pub customer_id: Option<String>,
        /// The product.
        pub product_id: Option<String>,
        /// The price.
        pub price_id: Option<String>,
        /// The price as it was.
        pub price_snapshot_id: Option<String>,
        /// When it was made (Unix milliseconds).
        pub create_time: Option<DateTime<Utc>>,
        /// How many.
        #[serde_as(as = "ExactNumber")]
        pub quantity: Option<Decimal>,
        /// How it is paid, in varying case.
        pub payment_method_type: Option<String>,
        /// The stored payment instrument.
        pub payment_instrument_id: Option<String>,
        /// Where the trial begins (Unix milliseconds).
        pub trial_start: Option<DateTime<Utc>>,
        /// Where the trial ends (Unix milliseconds).
        pub trial_end: Option<DateTime<Utc>>,
        /// Its **first** start, which never moves (Unix milliseconds); use the recurring item's period.
        pub current_period_start: Option<DateTime<Utc>>,
        /// Where the current period ends (Unix milliseconds).
        pub current_period_end: Option<DateTime<Utc>>,
        /// When it is to end (Unix milliseconds).
        pub cancel_at: Option<DateTime<Utc>>,
        /// Whether it ends with its period.
        pub cancel_at_period_end: Option<bool>,
        /// When it was cancelled (Unix milliseconds).
        pub canceled_at: Option<DateTime<Utc>>,
        /// Why it was cancelled.
        pub cancel_reason: Option<String>,
        /// Where it stands: `incomplete`, `free_trial`, `active`, `incomplete_expired`, `past_due`, `cancelled`.
        pub status: Option<String>,
        /// How it is collected.
        pub billing: Option<String>,
        /// The currency.
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
    debug(
        subscription_id, customer_id, product_id, status, create_time, quantity, currency, current_period_start,
        current_period_end
    )
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
