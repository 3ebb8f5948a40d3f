//! How an order was paid.

use std::fmt;

use orders_wire::{Object, Text};
use serde::{Deserialize, Serialize};
use serde_with::{serde_as, skip_serializing_none};

/// The payment method of an order. The list page shows the first two fields, the specification all.
///
/// Its words are kept as text: they differ between endpoints and in case (`VISA`, `Visa`; `US`, `USA`).
#[serde_as]
#[skip_serializing_none]
#[derive(Clone, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct PaymentMethod {
    /// The kind: `CARD`, `PAYPAL`, `ALIPAY`, `WECHAT`, `PIX`, ... (documented, open).
    #[serde_as(as = "Text")]
    pub payment_method_type: Option<String>,
    /// The id of the stored payment instrument.
    #[serde_as(as = "Text")]
    pub payment_instrument_id: Option<String>,
    /// The card network, in varying case.
    #[serde_as(as = "Text")]
    pub card_scheme: Option<String>,
    /// The last four digits of the card, as text (a leading zero counts).
    #[serde_as(as = "Text")]
    pub card_last_four: Option<String>,
    /// The country of the card's issuer, with two or three letters.
    #[serde_as(as = "Text")]
    pub issuer_region: Option<String>,
    /// The name of the card's issuer.
    #[serde_as(as = "Text")]
    pub issuer_bank: Option<String>,
    /// The wallet, where one was used.
    #[serde_as(as = "Option<Object>")]
    pub wallet: Option<Wallet>,
}

impl fmt::Debug for PaymentMethod {
    /// Without personal data: the rest is read from the fields.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PaymentMethod")
            .field("payment_method_type", &self.payment_method_type)
            .field("card_scheme", &self.card_scheme)
            .field("issuer_region", &self.issuer_region)
            .finish_non_exhaustive()
    }
}

/// A wallet.
#[serde_as]
#[skip_serializing_none]
#[derive(Clone, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct Wallet {
    /// The account as the wallet shows it.
    #[serde_as(as = "Text")]
    pub account_tag: Option<String>,
}

impl fmt::Debug for Wallet {
    /// Without personal data: the rest is read from the fields.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wallet").finish_non_exhaustive()
    }
}
