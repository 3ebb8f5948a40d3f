//! A transaction of SHOPLINE Payments.

use chrono::{DateTime, FixedOffset};
use orders_wire::{Exact, Object, Row, Strict, Word, object};
use rust_decimal::Decimal;

use super::words::{
    DisputeStage, DisputeType, FeeType, StoreTransactionStatus, StoreTransactionType,
};

object! {
    /// A payment, a refund or a dispute of the store.
    pub struct StoreTransaction {
        /// Its id.
        pub trade_order_id: Option<String>,
        /// What kind of movement it is.
        #[serde_as(as = "Word")]
        pub transaction_type: Option<StoreTransactionType>,
        /// Where it stands.
        #[serde_as(as = "Word")]
        pub status: Option<StoreTransactionStatus>,
        /// Why it failed, as `RISK_REJECTED`.
        pub sub_status: Option<String>,
        /// The order: its id or its name, which of them is not documented.
        pub seller_order_id: Option<String>,
        /// The payment channel's id of it: the order's `pay_channel_deal_id`.
        pub channel_deal_id: Option<String>,
        /// The merchant.
        pub merchant_id: Option<String>,
        /// What moved, in [`currency`](Self::currency), major units.
        #[serde_as(as = "Exact")]
        pub amount: Option<Decimal>,
        /// What was paid, in [`currency`](Self::currency), major units.
        #[serde_as(as = "Exact")]
        pub paid_amount: Option<Decimal>,
        /// The currency of the amounts.
        pub currency: Option<String>,
        /// The fee, major units: negative was charged, positive was given back.
        #[serde_as(as = "Exact")]
        pub fee: Option<Decimal>,
        /// Which fee it is.
        #[serde_as(as = "Word")]
        pub fee_type: Option<FeeType>,
        /// The same in the currency of the settlement.
        #[serde_as(as = "Option<Object>")]
        pub exchange: Option<Exchange>,
        /// The method of payment.
        pub payment_method: Option<String>,
        /// The method in more detail.
        pub sub_payment_method: Option<String>,
        /// What was chosen with the method.
        #[serde_as(as = "Option<Object>")]
        pub payment_method_option: Option<PaymentMethodOption>,
        /// The card.
        #[serde_as(as = "Option<Object>")]
        pub credit_card: Option<PaymentCard>,
        /// The buyer.
        #[serde_as(as = "Option<Object>")]
        pub customer: Option<Payer>,
        /// Why it failed.
        #[serde_as(as = "Option<Object>")]
        pub payment_msg: Option<PaymentMessage>,
        /// Why the buyer disputes, as `product_not_received`, else free text; empty on payments.
        pub reason: Option<String>,
        /// What kind of dispute it is.
        #[serde_as(as = "Word")]
        pub dispute_type: Option<DisputeType>,
        /// How far a dispute has come (from v20260601).
        #[serde_as(as = "Word")]
        pub stage: Option<DisputeStage>,
        /// What a dispute came to at that stage, major units (from v20260601).
        #[serde_as(as = "Exact")]
        pub stage_final_amount: Option<Decimal>,
        /// When it was made, with offset: what `date_min` and `date_max` mean.
        pub create_time: Option<DateTime<FixedOffset>>,
        /// When it was last changed, with offset. No request filters by it.
        pub update_time: Option<DateTime<FixedOffset>>,
        /// Its settlement, and what belongs to disputes.
        #[serde_as(as = "Option<Object>")]
        pub additional_data: Option<TransactionAdditions>,
    }
}

impl Row for StoreTransaction {
    const IDENTITY: &'static [&'static str] = &["trade_order_id"];
    const STRICT: Strict = Strict::new(
        &[
            "trade_order_id",
            "transaction_type",
            "status",
            "amount",
            "paid_amount",
            "currency",
            "fee",
            "stage_final_amount",
            "create_time",
        ],
        &[
            ("exchange", &Exchange::STRICT),
            ("additional_data", &TransactionAdditions::STRICT),
        ],
    );

    fn is_identified(&self) -> bool {
        self.trade_order_id
            .as_deref()
            .is_some_and(|id| !id.is_empty())
    }
}

object! {
    /// An amount in the currency of the settlement.
    pub struct Exchange {
        /// The amount, in [`currency`](Self::currency), major units.
        #[serde_as(as = "Exact")]
        pub amount: Option<Decimal>,
        /// The currency of the amount.
        pub currency: Option<String>,
        /// The rate as text, as `USD/USD @1.0000000000`: from the transaction's currency to this one.
        pub rate: Option<String>,
    }
}

impl Exchange {
    pub(super) const STRICT: Strict = Strict::new(&["amount", "currency"], &[]);
}

object! {
    /// What was chosen with the method of payment.
    pub struct PaymentMethodOption {
        /// Payment in parts.
        #[serde_as(as = "Option<Object>")]
        pub installment: Option<Installment>,
    }
}

object! {
    /// Payment in parts.
    pub struct Installment {
        /// How many parts.
        pub count: Option<String>,
    }
}

object! {
    /// The card that paid.
    pub struct PaymentCard {
        /// Its first digits.
        pub bin: Option<String>,
        /// Its brand.
        pub brand: Option<String>,
        /// The country of the bank.
        pub issuer_country: Option<String>,
        /// Its last four digits.
        pub last4: Option<String>,
        /// Credit or debit.
        #[serde(rename = "type")]
        pub card_type: Option<String>,
        /// The bank's authorisation.
        pub auth_code: Option<String>,
    }
    debug(brand)
}

object! {
    /// The buyer, as the payment knows them.
    pub struct Payer {
        /// The name.
        #[serde_as(as = "Option<Object>")]
        pub personal_info: Option<PayerName>,
    }
}

object! {
    /// The buyer's name.
    pub struct PayerName {
        /// The first name.
        pub first_name: Option<String>,
        /// The last name.
        pub last_name: Option<String>,
    }
    debug()
}

object! {
    /// Why a payment failed. In the vendor's example the two are swapped.
    pub struct PaymentMessage {
        /// The code.
        pub code: Option<String>,
        /// The message.
        pub msg: Option<String>,
    }
}

object! {
    /// The settlement of a transaction, and what belongs to disputes.
    pub struct TransactionAdditions {
        /// Whether it was settled.
        pub is_settled: Option<bool>,
        /// When it was settled, with offset.
        pub settle_time: Option<DateTime<FixedOffset>>,
        /// When it was billed, with offset.
        pub statement_time: Option<DateTime<FixedOffset>>,
        /// What is held back as a reserve, major units.
        #[serde_as(as = "Exact")]
        pub reserve_held: Option<Decimal>,
        /// When the reserve is set free, with offset.
        pub reserve_release_time: Option<DateTime<FixedOffset>>,
        /// Until when evidence can be handed in, with offset.
        pub dispute_evidence_update_deadline: Option<DateTime<FixedOffset>>,
        /// The fee of an arbitration, major units (from v20260601).
        #[serde_as(as = "Exact")]
        pub arbitration_fee: Option<Decimal>,
        /// The fee before an arbitration, major units (from v20260601).
        #[serde_as(as = "Exact")]
        pub prearbitration_fee: Option<Decimal>,
    }
}

impl TransactionAdditions {
    const STRICT: Strict = Strict::new(
        &["reserve_held", "arbitration_fee", "prearbitration_fee"],
        &[],
    );
}
