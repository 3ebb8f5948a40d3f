//! The order.

use chrono::{DateTime, FixedOffset};
use orders_wire::{AnyJson, Exact, ExactNumber, List, Object, Row, Strict, Text, Word, object};
use rust_decimal::Decimal;

use super::status::{
    FinancialStatus, FulfillmentStatus, OrderStatus, PaymentGateway, ReturnStatus, Service,
    SourceName, TaxType,
};
use super::{
    Address, ClientDetails, Company, CreditLimit, Customer, DiscountApplication, DiscountCode,
    Fulfillment, LineItem, Location, MoneySet, PaymentDetail, PaymentTerms, Refund, SecretText,
    ShippingLine, TaxLine, TokenInfo,
};

object! {
    /// One order, with the vendor's own field names.
    ///
    /// The fields of the page of a customer's orders come first; after them those that were recorded or documented for
    /// the sister endpoint `orders.json`, which looks like a newer state of the same object. Any field may be absent or
    /// null.
    ///
    /// Amounts are in major units and keep the scale as sent. A plain amount is in shop currency
    /// ([`currency`](Self::currency)); its `_set` beside it holds the same amount in shop and presentment currency.
    /// Times are ISO 8601 in the store's time zone (older apps: UTC), with their offset.
    pub struct Order {
        /// The order's id: 22 to 26 digits, too many for any integer.
        pub id: Option<String>,
        /// The order number that people use.
        pub name: Option<String>,
        /// Where the order stands.
        #[serde_as(as = "Word")]
        pub status: Option<OrderStatus>,
        /// Where the payment stands.
        #[serde_as(as = "Word")]
        pub financial_status: Option<FinancialStatus>,
        /// Where the goods are; the text `"null"` while nothing was sent (recorded). The mapping lets it give way to a
        /// [`fulfillment_status_v2`](Self::fulfillment_status_v2) that says more.
        #[serde_as(as = "Word")]
        pub fulfillment_status: Option<FulfillmentStatus>,
        /// Whether the order is archived.
        pub hidden_order: Option<bool>,
        /// When the order was placed.
        pub created_at: Option<DateTime<FixedOffset>>,
        /// When the order was last changed.
        pub updated_at: Option<DateTime<FixedOffset>>,
        /// When the order was cancelled; null unless it was.
        pub cancelled_at: Option<DateTime<FixedOffset>>,
        /// Why the seller cancelled it, as free text.
        pub cancel_reason: Option<String>,
        /// Where the order comes from, as free text (`admin`, `web`).
        pub order_from: Option<String>,
        /// How the buyer gets the goods; null unless they are picked up.
        #[serde_as(as = "Word")]
        pub service: Option<Service>,
        /// How the buyer gets the goods, as a pushed new order spells the name. See [`service`](Self::service).
        #[serde_as(as = "Word")]
        pub serivce: Option<Service>,
        /// Tags of the order: free text, or a JSON list inside the text (recorded). See [`tag_list`](Self::tag_list).
        pub tags: Option<String>,
        /// The buyer's message.
        pub buyer_note: Option<String>,
        /// The seller's note.
        pub note: Option<String>,
        /// Further notes of the seller.
        #[serde_as(as = "List")]
        pub note_attributes: Vec<NoteAttribute>,

        /// Id of the draft that the order was made from. Only in the push of a new order.
        pub draft_order_seq: Option<String>,
        /// Whether goods of a sales plan are in it. Only in the push of a new order.
        pub exist_subscription: Option<bool>,

        /// The buyer's id; null for a guest.
        pub user_id: Option<String>,
        /// The buyer's e-mail address. Personal.
        pub email: Option<String>,
        /// The buyer's telephone number, in no fixed form. Personal.
        pub phone: Option<String>,
        /// The buyer.
        #[serde_as(as = "Option<Object>")]
        pub customer: Option<Box<Customer>>,
        /// The buyer's language and country (`enCN`); recorded as `""`.
        pub customer_locale: Option<String>,
        /// Where the goods go; an object of nulls where there is no address (recorded).
        #[serde_as(as = "Option<Object>")]
        pub shipping_address: Option<Box<Address>>,
        /// Where the bill goes; null where there is no address (recorded).
        #[serde_as(as = "Option<Object>")]
        pub billing_address: Option<Box<Address>>,
        /// Where the goods are picked up.
        #[serde_as(as = "List")]
        pub locations: Vec<Location>,
        /// The buyer's IP address. Personal.
        pub browser_ip: Option<String>,
        /// The buyer's browser.
        #[serde_as(as = "Option<Object>")]
        pub client_details: Option<Box<ClientDetails>>,
        /// The tokens of cart and checkout. See [`cart_token`](Self::cart_token).
        #[serde_as(as = "Option<Object>")]
        pub token_info: Option<TokenInfo>,
        /// The page on which the buyer sees the order. Holds a key: kept out of `Debug`.
        pub order_status_url: Option<SecretText>,

        /// What was bought.
        #[serde_as(as = "List")]
        pub line_items: Vec<LineItem>,
        /// The ways of shipping; one entry of nulls where there is none (recorded).
        #[serde_as(as = "List")]
        pub shipping_lines: Vec<ShippingLine>,
        /// The parcels.
        #[serde_as(as = "List")]
        pub fulfillments: Vec<Fulfillment>,
        /// The refunds.
        #[serde_as(as = "List")]
        pub refunds: Vec<Refund>,
        /// The discount codes that were used.
        #[serde_as(as = "List")]
        pub discount_codes: Vec<DiscountCode>,
        /// The payments.
        #[serde_as(as = "List")]
        pub payment_details: Vec<PaymentDetail>,
        /// The ways of paying that were used, as words. See [`payment_gateways`](Self::payment_gateways).
        #[serde_as(as = "List<Text>")]
        pub payment_gateway_names: Vec<String>,
        /// The taxes.
        #[serde_as(as = "List")]
        pub tax_lines: Vec<TaxLine>,
        /// The buyer's tax number. Personal.
        pub tax_number: Option<String>,
        /// The kind of the tax number, says the page (example `1`).
        #[serde_as(as = "Word")]
        pub tax_type: Option<TaxType>,
        /// Whether the totals contain the taxes.
        pub taxes_included: Option<bool>,
        /// Weight of all goods in grams. Documented as a JSON number.
        #[serde_as(as = "ExactNumber")]
        pub total_weight: Option<Decimal>,

        /// The currency of the transaction; that of all plain amounts.
        pub currency: Option<String>,
        /// The buyer's currency; documented as the same as `currency`.
        pub presentment_currency: Option<String>,
        /// Goods at list price, before discounts, without shipping. Shop currency.
        #[serde_as(as = "Exact")]
        pub total_line_items_price: Option<Decimal>,
        /// Goods at list price, before discounts, without shipping. Both currencies.
        #[serde_as(as = "Option<Object>")]
        pub total_line_items_price_set: Option<MoneySet>,
        /// Goods after marketing and manual discounts, without shipping. Shop currency.
        #[serde_as(as = "Exact")]
        pub subtotal_price: Option<Decimal>,
        /// Goods after discounts, without shipping. Both currencies.
        #[serde_as(as = "Option<Object>")]
        pub subtotal_price_set: Option<MoneySet>,
        /// All discounts, of marketing and by hand, as a positive amount. Shop currency.
        #[serde_as(as = "Exact")]
        pub total_discounts: Option<Decimal>,
        /// All discounts, of marketing and by hand. Both currencies.
        #[serde_as(as = "Option<Object>")]
        pub total_discounts_set: Option<MoneySet>,
        /// All taxes, on goods and on shipping. Shop currency.
        #[serde_as(as = "Exact")]
        pub total_tax: Option<Decimal>,
        /// All taxes, on goods and on shipping. Both currencies.
        #[serde_as(as = "Option<Object>")]
        pub total_tax_set: Option<MoneySet>,
        /// Shipping in all. Both currencies; the order has no plain amount of it.
        #[serde_as(as = "Option<Object>")]
        pub total_shipping_price_set: Option<MoneySet>,
        /// Tip. Shop currency.
        #[serde_as(as = "Exact")]
        pub total_tip_received: Option<Decimal>,
        /// A correction; on `orders.json` the rounding at a point of sale. Shop currency.
        #[serde_as(as = "Exact")]
        pub adjust_price: Option<Decimal>,
        /// A correction. Both currencies.
        #[serde_as(as = "Option<Object>")]
        pub adjust_price_set: Option<MoneySet>,
        /// What is not paid yet. Shop currency. The full price was recorded on a paid order, and on a cancelled one that was
        /// never paid: no test for either.
        #[serde_as(as = "Exact")]
        pub total_outstanding: Option<Decimal>,
        /// What the order costs now: goods - discounts + shipping + tax. Shop currency.
        #[serde_as(as = "Exact")]
        pub current_total_price: Option<Decimal>,
        /// What the order costs now: goods - discounts + shipping + tax. Both currencies, documented as equal.
        #[serde_as(as = "Option<Object>")]
        pub current_total_price_set: Option<MoneySet>,
        /// Price of the goods times quantity now, before discounts, without shipping. Shop currency.
        #[serde_as(as = "Exact")]
        pub current_subtotal_price: Option<Decimal>,
        /// Price of the goods times quantity now, before discounts. Both currencies, documented as equal.
        #[serde_as(as = "Option<Object>")]
        pub current_subtotal_price_set: Option<MoneySet>,
        /// All discounts now, of marketing and by hand. Shop currency.
        #[serde_as(as = "Exact")]
        pub current_total_discounts: Option<Decimal>,
        /// All discounts now. Both currencies, documented as equal.
        #[serde_as(as = "Option<Object>")]
        pub current_total_discounts_set: Option<MoneySet>,
        /// All taxes now, on goods and on shipping. Shop currency.
        #[serde_as(as = "Exact")]
        pub current_total_tax: Option<Decimal>,
        /// All taxes now, on goods and on shipping. Both currencies, documented as equal.
        #[serde_as(as = "Option<Object>")]
        pub current_total_tax_set: Option<MoneySet>,

        /// Where the goods are, in the words that the page promises for `fulfillment_status`. Recorded on
        /// `orders.json`, in no page.
        #[serde_as(as = "Word")]
        pub fulfillment_status_v2: Option<FulfillmentStatus>,
        /// When the order was completed, says the schema; when it was placed, says the page of the sort parameter. Recorded
        /// equal to `created_at`. No time of a payment.
        pub order_at: Option<DateTime<FixedOffset>>,
        /// When the order was completed, says the schema. Recorded equal to `created_at`, also of an unpaid, cancelled order:
        /// no time of a payment. See [`PaymentDetail::processed_at`].
        pub processed_at: Option<DateTime<FixedOffset>>,
        /// Who created the order (documented). Recorded as the buyer's id, and as null for guests.
        pub processed_user_id: Option<String>,
        /// The store's id. Recorded on `orders.json`.
        pub store_id: Option<String>,
        /// Token of the cart. Recorded on `orders.json`. See [`cart_token`](Self::cart_token).
        pub cart_token: Option<SecretText>,
        /// Token of the abandoned order (documented). Recorded on `orders.json`. See [`checkout_token`](Self::checkout_token).
        pub checkout_token: Option<SecretText>,
        /// Id of the abandoned order: one exists once a buyer begins to check out (documented). Recorded as null.
        pub checkout_id: Option<String>,
        /// Language of the checkout. Recorded on `orders.json`, in no page.
        pub checkout_language: Option<String>,
        /// Id of the subscription contract (documented). Recorded as null.
        pub contract_seq: Option<String>,
        /// The company that bought. Recorded on `orders.json`.
        #[serde_as(as = "Option<Object>")]
        pub company: Option<Box<Company>>,
        /// The buyer's own number for the purchase; recorded as `""` and null on `orders.json`.
        pub po_number: Option<String>,
        /// When a business customer has to pay. Recorded on `orders.json`.
        #[serde_as(as = "Option<Object>")]
        pub payment_terms: Option<Box<PaymentTerms>>,
        /// The credit of a business customer. Recorded on `orders.json`.
        #[serde_as(as = "Option<Object>")]
        pub credit_limit: Option<Box<CreditLimit>>,
        /// The discounts of the order. Recorded on `orders.json`.
        #[serde_as(as = "List")]
        pub discount_applications: Vec<DiscountApplication>,
        /// Customs duties now. Both currencies. Recorded on `orders.json`.
        #[serde_as(as = "Option<Object>")]
        pub current_total_duties_set: Option<MoneySet>,
        /// What was paid with member points. Shop currency. Recorded on `orders.json`.
        #[serde_as(as = "Exact")]
        pub deduct_member_point_amount: Option<Decimal>,
        /// What was paid with member points. Both currencies. Recorded on `orders.json`.
        #[serde_as(as = "Option<Object>")]
        pub deduct_member_point_amount_set: Option<MoneySet>,
        /// Tip. Both currencies. Recorded on `orders.json`.
        #[serde_as(as = "Option<Object>")]
        pub total_tip_received_set: Option<MoneySet>,
        /// What is not paid yet. Both currencies. Recorded in answers of cancel and update, and in webhooks.
        #[serde_as(as = "Option<Object>")]
        pub total_outstanding_set: Option<MoneySet>,
        /// A text about the taxes. Recorded on `orders.json`.
        pub tax_description: Option<String>,
        /// The point of sale that the order was made at (documented). Recorded as null.
        pub pos_location_id: Option<String>,
        /// Whether goods are being returned. Recorded on `orders.json`, in no page.
        #[serde_as(as = "Option<Object>")]
        pub return_info: Option<ReturnInfo>,
        /// Where the order comes from: `POS` or nothing (documented). Recorded as null.
        pub order_source: Option<String>,
        /// What kind of app brought the order (documented). Recorded as null.
        #[serde_as(as = "Word")]
        pub source_name: Option<SourceName>,
        /// The referral code of the marketing: the parameter `ref`, `resource` or `r` of the address by which the buyer came
        /// (documented). Not an id in another system.
        pub source_identifier: Option<String>,
        /// How the buyer was led to the shop: the address of the attribution (documented).
        pub source_url: Option<String>,
        /// The whole address of the page on which the buyer came in (documented).
        pub landing_site: Option<String>,
        /// How the buyer was led to the shop: the address of the attribution (documented).
        pub referring_site: Option<String>,
        /// The parameters of the advertisement that the buyer came by, as text (documented).
        pub utm_parameters: Option<String>,
        /// Recorded in answers of cancel and update: its shape is not known.
        pub app_id: Option<AnyJson>,
    }
    debug(
        id, name, status, financial_status, fulfillment_status, created_at, updated_at, cancelled_at, currency,
        presentment_currency, current_total_price; line_items, fulfillments, refunds
    )
}

impl Row for Order {
    const IDENTITY: &'static [&'static str] = &["id"];
    const STRICT: Strict = Strict::new(
        &[
            "id",
            "status",
            "financial_status",
            "fulfillment_status",
            "fulfillment_status_v2",
            "created_at",
            "updated_at",
            "currency",
            "presentment_currency",
            "total_line_items_price",
            "total_line_items_price_set",
            "subtotal_price",
            "subtotal_price_set",
            "total_discounts",
            "total_discounts_set",
            "total_tax",
            "total_tax_set",
            "total_tip_received",
            "total_tip_received_set",
            "adjust_price",
            "adjust_price_set",
            "total_outstanding",
            "total_outstanding_set",
            "current_total_price",
            "current_total_price_set",
            "current_subtotal_price",
            "current_subtotal_price_set",
            "current_total_discounts",
            "current_total_discounts_set",
            "current_total_tax",
            "current_total_tax_set",
            "deduct_member_point_amount",
            "deduct_member_point_amount_set",
            "total_shipping_price_set",
            "current_total_duties_set",
            "return_info",
        ],
        &[
            ("line_items", &LineItem::STRICT),
            ("shipping_lines", &ShippingLine::STRICT),
            ("fulfillments", &Fulfillment::STRICT),
            ("refunds", &Refund::STRICT),
            ("discount_codes", &DiscountCode::STRICT),
            ("discount_applications", &DiscountApplication::STRICT),
            ("payment_details", &PaymentDetail::STRICT),
            ("tax_lines", &TaxLine::STRICT),
            ("credit_limit", &CreditLimit::STRICT),
        ],
    );

    fn is_identified(&self) -> bool {
        self.id.as_deref().is_some_and(|id| !id.is_empty())
    }
}

impl Order {
    /// The tags: the elements where the text is a JSON list, else the parts between commas.
    #[must_use]
    pub fn tag_list(&self) -> Vec<String> {
        let text = self.tags.as_deref().unwrap_or_default().trim();
        if text.starts_with('[')
            && let Ok(tags) = serde_json::from_str(text)
        {
            return tags;
        }
        let parts = text.split(',').map(str::trim);
        parts
            .filter(|tag| !tag.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// The ways of paying, as words with a documented meaning.
    pub fn payment_gateways(&self) -> impl Iterator<Item = PaymentGateway> {
        let names = self.payment_gateway_names.iter();
        names.map(|name| PaymentGateway::from(name.as_str()))
    }

    /// How the buyer gets the goods, under the right name or the misspelt one of pushes.
    #[must_use]
    pub fn service(&self) -> Option<&Service> {
        self.service.as_ref().or(self.serivce.as_ref())
    }

    /// The token of the cart, at the top of the order or in `token_info`.
    #[must_use]
    pub fn cart_token(&self) -> Option<&SecretText> {
        let nested = self.token_info.as_ref();
        self.cart_token
            .as_ref()
            .or_else(|| nested?.cart_token.as_ref())
    }

    /// The token of the checkout, at the top of the order or in `token_info`.
    #[must_use]
    pub fn checkout_token(&self) -> Option<&SecretText> {
        let nested = self.token_info.as_ref();
        self.checkout_token
            .as_ref()
            .or_else(|| nested?.checkout_token.as_ref())
    }
}

object! {
    /// A note of the seller.
    pub struct NoteAttribute {
        /// Who or what wrote it.
        pub name: Option<String>,
        /// The note.
        pub value: Option<String>,
        /// When it was written, with offset.
        pub create_time: Option<DateTime<FixedOffset>>,
    }
    debug(name, create_time)
}

object! {
    /// Whether goods of the order are being returned. Recorded on `orders.json`, in no page.
    pub struct ReturnInfo {
        /// Where the return stands.
        #[serde_as(as = "Word")]
        pub return_status: Option<ReturnStatus>,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(json: &str) -> Order {
        orders_wire::decode_text(json).unwrap()
    }

    #[test]
    fn tags_are_a_list_in_text_or_parts_between_commas() {
        let tags = |json: &str| order(json).tag_list();
        assert_eq!(tags(r#"{"tags":"[\"a, b\",\"c\"]"}"#), ["a, b", "c"]);
        assert_eq!(tags(r#"{"tags":"big, red,"}"#), ["big", "red"]);
        assert_eq!(tags(r#"{"tags":"[not json"}"#), ["[not json"]);
        assert!(tags(r#"{"tags":""}"#).is_empty());
        assert!(tags(r#"{"tags":null}"#).is_empty());
    }

    #[test]
    fn tokens_are_found_in_both_places() {
        let flat =
            order(r#"{"cart_token":"c","token_info":{"cart_token":"x","checkout_token":1}}"#);
        assert_eq!(flat.cart_token().unwrap().expose(), "c");
        assert_eq!(flat.checkout_token().unwrap().expose(), "1");
        assert!(order("{}").cart_token().is_none());
    }

    #[test]
    fn ways_of_paying_are_words() {
        let order = order(r#"{"payment_gateway_names":["COD","","NewPay",null]}"#);
        let ways: Vec<_> = order.payment_gateways().collect();
        assert_eq!(ways[0], PaymentGateway::CashOnDelivery);
        assert_eq!(ways[2], PaymentGateway::Unknown("NewPay".into()));
        assert_eq!(ways.len(), 3);
    }
}
