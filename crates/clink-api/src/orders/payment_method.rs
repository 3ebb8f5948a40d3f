//! How an order was paid.

use orders_wire::{Object, object};

object! {
    /// The payment method of an order. The list page shows the first two fields, the specification all.
    ///
    /// Its words are kept as text: they differ between endpoints and in case (`VISA`, `Visa`; `US`, `USA`).
    #[serde(rename_all = "camelCase")]
    pub struct PaymentMethod {
        /// The kind: `CARD`, `PAYPAL`, `ALIPAY`, `WECHAT`, `PIX`, ... (documented, open).
        pub payment_method_type: Option<String>,
        /// The id of the stored payment instrument.
        pub payment_instrument_id: Option<String>,
        /// The card network, in varying case.
        pub card_scheme: Option<String>,
        /// The last four digits of the card, as text (a leading zero counts).
        pub card_last_four: Option<String>,
        /// The country of the card's issuer, with two or three letters.
        pub issuer_region: Option<String>,
        /// The name of the card's issuer.
        pub issuer_bank: Option<String>,
        /// The wallet, where one was used.
        #[serde_as(as = "Option<Object>")]
        pub wallet: Option<Wallet>,
    }
    debug(payment_method_type, card_scheme, issuer_region)
}

object! {
    /// A wallet.
    #[serde(rename_all = "camelCase")]
    pub struct Wallet {
        /// The account as the wallet shows it.
        pub account_tag: Option<String>,
    }
    debug()
}
