//! A transaction of SHOPLINE Payments.

use std::fmt;

use chrono::{DateTime, FixedOffset};
use orders_wire::{Exact, Flag, IsoTime, Object, Row, Strict, Text, Word};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_with::{serde_as, skip_serializing_none};

use super::words::{
    DisputeStage, DisputeType, FeeType, StoreTransactionStatus, StoreTransactionType,
};

/// A payment, a refund or a dispute of the store.
#[serde_as]
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(default)]
#[non_exhaustive]
pub struct StoreTransaction {
    /// Its id.
    #[serde_as(as = "Text")]
    pub trade_order_id: Option<String>,
    /// What kind of movement it is.
    #[serde_as(as = "Word")]
    pub transaction_type: Option<StoreTransactionType>,
    /// Where it stands.
    #[serde_as(as = "Word")]
    pub status: Option<StoreTransactionStatus>,
    /// Why it failed, as `RISK_REJECTED`.
    #[serde_as(as = "Text")]
    pub sub_status: Option<String>,
    /// The order: its id or its name, which of them is not documented.
    #[serde_as(as = "Text")]
    pub seller_order_id: Option<String>,
    /// The payment channel's id of it: the order's `pay_channel_deal_id`.
    #[serde_as(as = "Text")]
    pub channel_deal_id: Option<String>,
    /// The merchant.
    #[serde_as(as = "Text")]
    pub merchant_id: Option<String>,
    /// What moved, in [`currency`](Self::currency), major units.
    #[serde_as(as = "Exact")]
    pub amount: Option<Decimal>,
    /// What was paid, in [`currency`](Self::currency), major units.
    #[serde_as(as = "Exact")]
    pub paid_amount: Option<Decimal>,
    /// The currency of the amounts.
    #[serde_as(as = "Text")]
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
    #[serde_as(as = "Text")]
    pub payment_method: Option<String>,
    /// The method in more detail.
    #[serde_as(as = "Text")]
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
    #[serde_as(as = "Text")]
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
    #[serde_as(as = "IsoTime")]
    pub create_time: Option<DateTime<FixedOffset>>,
    /// When it was last changed, with offset. No request filters by it.
    #[serde_as(as = "IsoTime")]
    pub update_time: Option<DateTime<FixedOffset>>,
    /// Its settlement, and what belongs to disputes.
    #[serde_as(as = "Option<Object>")]
    pub additional_data: Option<TransactionAdditions>,
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

/// An amount in the currency of the settlement.
#[serde_as]
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Exchange {
    /// The amount, in [`currency`](Self::currency), major units.
    #[serde_as(as = "Exact")]
    pub amount: Option<Decimal>,
    /// The currency of the amount.
    #[serde_as(as = "Text")]
    pub currency: Option<String>,
    /// The rate as text, as `USD/USD @1.0000000000`: from the transaction's currency to this one.
    #[serde_as(as = "Text")]
    pub rate: Option<String>,
}

impl Exchange {
    pub(super) const STRICT: Strict = Strict::new(&["amount", "currency"], &[]);
}

/// What was chosen with the method of payment.
#[serde_as]
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(default)]
#[non_exhaustive]
pub struct PaymentMethodOption {
    /// Payment in parts.
    #[serde_as(as = "Option<Object>")]
    pub installment: Option<Installment>,
}

/// Payment in parts.
#[serde_as]
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Installment {
    /// How many parts.
    #[serde_as(as = "Text")]
    pub count: Option<String>,
}

/// The card that paid.
#[serde_as]
#[skip_serializing_none]
#[derive(Clone, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(default)]
#[non_exhaustive]
pub struct PaymentCard {
    /// Its first digits.
    #[serde_as(as = "Text")]
    pub bin: Option<String>,
    /// Its brand.
    #[serde_as(as = "Text")]
    pub brand: Option<String>,
    /// The country of the bank.
    #[serde_as(as = "Text")]
    pub issuer_country: Option<String>,
    /// Its last four digits.
    #[serde_as(as = "Text")]
    pub last4: Option<String>,
    /// Credit or debit.
    #[serde_as(as = "Text")]
    #[serde(rename = "type")]
    pub card_type: Option<String>,
    /// The bank's authorisation.
    #[serde_as(as = "Text")]
    pub auth_code: Option<String>,
}

impl fmt::Debug for PaymentCard {
    /// The brand alone: the digits are personal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PaymentCard")
            .field("brand", &self.brand)
            .finish_non_exhaustive()
    }
}

/// The buyer, as the payment knows them.
#[serde_as]
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Payer {
    /// The name.
    #[serde_as(as = "Option<Object>")]
    pub personal_info: Option<PayerName>,
}

/// The buyer's name.
#[serde_as]
#[skip_serializing_none]
#[derive(Clone, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(default)]
#[non_exhaustive]
pub struct PayerName {
    /// The first name.
    #[serde_as(as = "Text")]
    pub first_name: Option<String>,
    /// The last name.
    #[serde_as(as = "Text")]
    pub last_name: Option<String>,
}

impl fmt::Debug for PayerName {
    /// Nothing of it: it is personal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PayerName").finish_non_exhaustive()
    }
}

/// Why a payment failed. In the vendor's example the two are swapped.
#[serde_as]
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(default)]
#[non_exhaustive]
pub struct PaymentMessage {
    /// The code.
    #[serde_as(as = "Text")]
    pub code: Option<String>,
    /// The message.
    #[serde_as(as = "Text")]
    pub msg: Option<String>,
}

/// The settlement of a transaction, and what belongs to disputes.
#[serde_as]
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(default)]
#[non_exhaustive]
pub struct TransactionAdditions {
    /// Whether it was settled.
    #[serde_as(as = "Flag")]
    pub is_settled: Option<bool>,
    /// When it was settled, with offset.
    #[serde_as(as = "IsoTime")]
    pub settle_time: Option<DateTime<FixedOffset>>,
    /// When it was billed, with offset.
    #[serde_as(as = "IsoTime")]
    pub statement_time: Option<DateTime<FixedOffset>>,
    /// What is held back as a reserve, major units.
    #[serde_as(as = "Exact")]
    pub reserve_held: Option<Decimal>,
    /// When the reserve is set free, with offset.
    #[serde_as(as = "IsoTime")]
    pub reserve_release_time: Option<DateTime<FixedOffset>>,
    /// Until when evidence can be handed in, with offset.
    #[serde_as(as = "IsoTime")]
    pub dispute_evidence_update_deadline: Option<DateTime<FixedOffset>>,
    /// The fee of an arbitration, major units (from v20260601).
    #[serde_as(as = "Exact")]
    pub arbitration_fee: Option<Decimal>,
    /// The fee before an arbitration, major units (from v20260601).
    #[serde_as(as = "Exact")]
    pub prearbitration_fee: Option<Decimal>,
}

impl TransactionAdditions {
    const STRICT: Strict = Strict::new(
        &["reserve_held", "arbitration_fee", "prearbitration_fee"],
        &[],
    );
}
