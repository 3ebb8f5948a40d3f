//! The order: one schema for the list, the single order and the webhook.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use orders_wire::{AnyJson, ExactNumber, List, Object, Record, Row, Strict, Word, object};
use rust_decimal::Decimal;

use super::{OrderStatus, OrderType, PaymentMethod};
use crate::Error;

object! {
    /// An order.
    ///
    /// Every field is optional: the specification requires none, and webhooks leave some out. Amounts are in **major
    /// units** (19.99 dollars), as all but one of the vendor's examples show; the quick start of its SDK passes what
    /// looks like cents, so check yours. For a currency without decimals no rule is documented.
    ///
    /// Vendor pages: `api-reference/endpoint/list-orders`, `get-order`, and the OpenAPI specification.
    #[serde(rename_all = "camelCase")]
    pub struct Order {
        /// The id, `order_...`.
        pub order_id: Option<String>,
        /// One-time or recurring. In the specification, not on the list page.
        #[serde_as(as = "Word")]
        #[serde(rename = "type")]
        pub order_type: Option<OrderType>,
        /// The seller's own reference. Not unique; can be the literal text `null` (recorded): see
        /// [`merchant_reference`](Order::merchant_reference).
        pub merchant_reference_id: Option<String>,
        /// The invoice of a subscription's charge.
        pub invoice_id: Option<String>,
        /// The buyer's id, `cus_...`.
        pub customer_id: Option<String>,
        /// The buyer's e-mail address.
        pub customer_email: Option<String>,
        /// When the order was made (Unix milliseconds). Absent in recorded webhooks.
        pub create_time: Option<DateTime<Utc>>,
        /// The product.
        pub product_id: Option<String>,
        /// The price of the product.
        pub price_id: Option<String>,
        /// The lines.
        #[serde_as(as = "List")]
        pub price_data_list: Vec<PriceData>,
        /// How it was paid.
        #[serde_as(as = "Option<Object>")]
        pub payment_method: Option<PaymentMethod>,
        /// What the payment channels answered.
        #[serde_as(as = "List")]
        pub payment_execution_details: Vec<PaymentExecutionDetail>,
        /// The subtotal, in major units. The vendor states neither its currency nor whether discounts and taxes are in it;
        /// inferred: `payment_currency`, like the total, unless the vendor converted.
        #[serde_as(as = "ExactNumber")]
        pub amount_subtotal: Option<Decimal>,
        /// What the buyer pays, in major units of `payment_currency` (inferred from the described reply to
        /// `order.succeeded`). Whether taxes are in it is not stated.
        #[serde_as(as = "ExactNumber")]
        pub amount_total: Option<Decimal>,
        /// The currency that the buyer paid in. A free string.
        pub payment_currency: Option<String>,
        /// The currency of the seller's price; differs where Clink converted. No amount in it is sent.
        pub original_currency: Option<String>,
        /// Where the order stands. In the specification, not on the list page.
        #[serde_as(as = "Word")]
        pub status: Option<OrderStatus>,
        /// Why the payment failed, as Clink's word (`card_declined`, ...). Only on failed orders, where Clink can tell.
        pub failure_code: Option<String>,
        /// Why the payment failed, for people.
        pub failure_message: Option<String>,
        /// When the payment was decided (Unix milliseconds); set on failed orders too (recorded), so no proof of payment.
        pub payment_time: Option<DateTime<Utc>>,
        /// The checkout session.
        pub session_id: Option<String>,
        /// The seller's own key-value pairs, of any shape: see [`AnyJson::members`].
        pub metadata: Option<AnyJson>,
        /// The risk level as a word (`LOW`, ...); no list is published.
        pub risk_level: Option<String>,
    }
    debug(
        order_id, order_type, status, customer_id, create_time, payment_time, amount_total, payment_currency,
        failure_code; price_data_list)
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

object! {
    /// A line of an order.
    #[serde(rename_all = "camelCase")]
    pub struct PriceData {
        /// The name shown to the buyer.
        pub name: Option<String>,
        /// The price of one unit, in major units of [`currency`](PriceData::currency). Whether taxes are in it is not
        /// stated.
        #[serde_as(as = "ExactNumber")]
        pub unit_amount: Option<Decimal>,
        /// How many.
        #[serde_as(as = "ExactNumber")]
        pub quantity: Option<Decimal>,
        /// The currency of the unit amount.
        pub currency: Option<String>,
        /// A picture.
        pub image_url: Option<String>,
    }
}

object! {
    /// What one payment channel answered.
    #[serde(rename_all = "camelCase")]
    pub struct PaymentExecutionDetail {
        /// The channel.
        pub channel_code: Option<String>,
        /// The channel's own transaction.
        pub channel_transaction_id: Option<String>,
        /// The channel's own failure code.
        pub original_failure_code: Option<String>,
        /// The channel's own failure message.
        pub original_failure_message: Option<String>,
    }
}

/// Decodes one bare order, as it stands in a stored record or a webhook.
///
/// # Errors
/// `Decode`, with the JSON path; it holds the [record](Error::record) where that was JSON.
pub fn decode_order(text: &Bytes) -> Result<Record<Order>, Error> {
    crate::envelope::bare(text)
}
