//! The order: one schema for the list, the single order and the webhook.

use std::fmt;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use orders_wire::{
    AnyJson, EpochMillis, ExactNumber, List, Object, Record, Row, Strict, Text, Word,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_with::{serde_as, skip_serializing_none};

use super::{OrderStatus, OrderType, PaymentMethod};
use crate::Error;

/// An order.
///
/// Every field is optional: the specification requires none, and webhooks leave some out. Amounts are in **major
/// units** (19.99 dollars), as all but one of the vendor's examples show; the quick start of its SDK passes what
/// looks like cents, so check yours. For a currency without decimals no rule is documented.
///
/// Vendor pages: `api-reference/endpoint/list-orders`, `get-order`, and the OpenAPI specification.
#[serde_as]
#[skip_serializing_none]
#[derive(Clone, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct Order {
    /// The id, `order_...`.
    #[serde_as(as = "Text")]
    pub order_id: Option<String>,
    /// One-time or recurring. In the specification, not on the list page.
    #[serde_as(as = "Word")]
    #[serde(rename = "type")]
    pub order_type: Option<OrderType>,
    /// The seller's own reference. Not unique; can be the literal text `null` (recorded): see
    /// [`merchant_reference`](Order::merchant_reference).
    #[serde_as(as = "Text")]
    pub merchant_reference_id: Option<String>,
    /// The invoice of a subscription's charge.
    #[serde_as(as = "Text")]
    pub invoice_id: Option<String>,
    /// The buyer's id, `cus_...`.
    #[serde_as(as = "Text")]
    pub customer_id: Option<String>,
    /// The buyer's e-mail address.
    #[serde_as(as = "Text")]
    pub customer_email: Option<String>,
    /// When the order was made (Unix milliseconds). Absent in recorded webhooks.
    #[serde_as(as = "EpochMillis")]
    pub create_time: Option<DateTime<Utc>>,
    /// The product.
    #[serde_as(as = "Text")]
    pub product_id: Option<String>,
    /// The price of the product.
    #[serde_as(as = "Text")]
    pub price_id: Option<String>,
    /// The lines.
    #[serde_as(as = "List")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub price_data_list: Vec<PriceData>,
    /// How it was paid.
    #[serde_as(as = "Option<Object>")]
    pub payment_method: Option<PaymentMethod>,
    /// What the payment channels answered.
    #[serde_as(as = "List")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub payment_execution_details: Vec<PaymentExecutionDetail>,
    /// The subtotal, in major units. The vendor states neither its currency nor whether discounts and taxes are in
    /// it; inferred: `payment_currency`, like the total.
    #[serde_as(as = "ExactNumber")]
    pub amount_subtotal: Option<Decimal>,
    /// What the buyer pays, in major units of `payment_currency` (inferred from the described reply to
    /// `order.succeeded`). Whether taxes are in it is not stated.
    #[serde_as(as = "ExactNumber")]
    pub amount_total: Option<Decimal>,
    /// The currency that the buyer paid in. A free string.
    #[serde_as(as = "Text")]
    pub payment_currency: Option<String>,
    /// The currency of the seller's price; differs where Clink converted. No amount in it is sent.
    #[serde_as(as = "Text")]
    pub original_currency: Option<String>,
    /// Where the order stands. In the specification, not on the list page.
    #[serde_as(as = "Word")]
    pub status: Option<OrderStatus>,
    /// Why the payment failed, as Clink's word (`card_declined`, ...). Only on failed orders, where Clink can tell.
    #[serde_as(as = "Text")]
    pub failure_code: Option<String>,
    /// Why the payment failed, for people.
    #[serde_as(as = "Text")]
    pub failure_message: Option<String>,
    /// When the payment was decided (Unix milliseconds); set on failed orders too.
    #[serde_as(as = "EpochMillis")]
    pub payment_time: Option<DateTime<Utc>>,
    /// The checkout session.
    #[serde_as(as = "Text")]
    pub session_id: Option<String>,
    /// The seller's own key-value pairs, of any shape: see [`AnyJson::members`].
    pub metadata: Option<AnyJson>,
    /// The risk level as a word (`LOW`, ...); no list is published.
    #[serde_as(as = "Text")]
    pub risk_level: Option<String>,
}

impl fmt::Debug for Order {
    /// Identity, status, times and the amount: an order holds personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Order")
            .field("order_id", &self.order_id)
            .field("order_type", &self.order_type)
            .field("status", &self.status)
            .field("customer_id", &self.customer_id)
            .field("create_time", &self.create_time)
            .field("payment_time", &self.payment_time)
            .field("amount_total", &self.amount_total)
            .field("payment_currency", &self.payment_currency)
            .field("failure_code", &self.failure_code)
            .field("price_data_list", &self.price_data_list.len())
            .finish_non_exhaustive()
    }
}

/// The amounts and their currencies, what the order is known by, where it stands and when it was made.
impl Row for Order {
    const IDENTITY: &'static [&'static str] = &["orderId"];
    const STRICT: Strict = Strict::new(
        &[
            "orderId",
            "createTime",
            "amountSubtotal",
            "amountTotal",
            "paymentCurrency",
            "originalCurrency",
            "status",
        ],
        &[("priceDataList", &PriceData::STRICT)],
    );

    fn is_identified(&self) -> bool {
        self.order_id.as_deref().is_some_and(|id| !id.is_empty())
    }
}

impl PriceData {
    const STRICT: Strict = Strict::new(&["unitAmount", "currency"], &[]);
}

impl Order {
    /// The seller's own reference; `None` also where the vendor wrote the word `null` or nothing.
    #[must_use]
    pub fn merchant_reference(&self) -> Option<&str> {
        self.merchant_reference_id
            .as_deref()
            .filter(|id| !matches!(*id, "" | "null"))
    }
}

/// A line of an order.
#[serde_as]
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct PriceData {
    /// The name shown to the buyer.
    #[serde_as(as = "Text")]
    pub name: Option<String>,
    /// The price of one unit, in major units of [`currency`](PriceData::currency). Whether taxes are in it is not
    /// stated.
    #[serde_as(as = "ExactNumber")]
    pub unit_amount: Option<Decimal>,
    /// How many.
    #[serde_as(as = "ExactNumber")]
    pub quantity: Option<Decimal>,
    /// The currency of the unit amount.
    #[serde_as(as = "Text")]
    pub currency: Option<String>,
    /// A picture.
    #[serde_as(as = "Text")]
    pub image_url: Option<String>,
}

/// What one payment channel answered.
#[serde_as]
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct PaymentExecutionDetail {
    /// The channel.
    #[serde_as(as = "Text")]
    pub channel_code: Option<String>,
    /// The channel's own transaction.
    #[serde_as(as = "Text")]
    pub channel_transaction_id: Option<String>,
    /// The channel's own failure code.
    #[serde_as(as = "Text")]
    pub original_failure_code: Option<String>,
    /// The channel's own failure message.
    #[serde_as(as = "Text")]
    pub original_failure_message: Option<String>,
}

/// Decodes one bare order, as it stands in a stored record or a webhook.
///
/// # Errors
/// `Decode`, with the JSON path; it holds the [record](Error::record) where that was JSON.
pub fn decode_order(text: &Bytes) -> Result<Record<Order>, Error> {
    crate::envelope::bare(text)
}
