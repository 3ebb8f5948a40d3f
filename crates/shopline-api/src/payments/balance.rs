//! `GET payments/store/balance.json`: what is in the store's accounts. Needs the scope `read_payment`.
//!
//! The page: <https://developer.shopline.com/docs/admin-rest-api/shopline-payments/get-account-balance>. It is documented to
//! answer a list; third parties read one object. Both are read.

use bytes::Bytes;
use orders_core::Error;
use orders_wire::{Exact, Members, Row, Strict, object};
use rust_decimal::Decimal;

use crate::envelope::{self, Page};

object! {
    /// What is in one account. From v20260601 on each account has its own amount; before, there is one amount in all.
    pub struct Balance {
        /// What is in the account, in [`currency`](Self::currency), major units (up to v20260301).
        #[serde_as(as = "Exact")]
        pub amount: Option<Decimal>,
        /// The currency of all amounts.
        pub currency: Option<String>,
        /// Which account it is (from v20260601, as all below).
        pub account_identify_code: Option<String>,
        /// What is to be settled, major units.
        #[serde_as(as = "Exact")]
        pub pending_settlement_balance: Option<Decimal>,
        /// What is to be paid out, major units.
        #[serde_as(as = "Exact")]
        pub payout_account_balance: Option<Decimal>,
        /// The part of it that can be paid out, major units.
        #[serde_as(as = "Exact")]
        pub payout_account_available_balance: Option<Decimal>,
        /// The part of it that is frozen, major units.
        #[serde_as(as = "Exact")]
        pub payout_account_frozen_balance: Option<Decimal>,
        /// The fixed margin, major units.
        #[serde_as(as = "Exact")]
        pub fixed_margin_account_balance: Option<Decimal>,
        /// The margin that revolves, major units (by third parties).
        #[serde_as(as = "Exact")]
        pub revolving_margin_account_balance: Option<Decimal>,
    }
}

impl Row for Balance {
    const IDENTITY: &'static [&'static str] = &[];
    const STRICT: Strict = Strict::new(
        &[
            "amount",
            "currency",
            "account_identify_code",
            "pending_settlement_balance",
            "payout_account_balance",
            "payout_account_available_balance",
            "payout_account_frozen_balance",
            "fixed_margin_account_balance",
            "revolving_margin_account_balance",
        ],
        &[],
    );

    fn is_identified(&self) -> bool {
        true
    }
}

/// Reads the body of the balance: `{"balance": [..]}`, or one object in it.
///
/// # Errors
/// `Decode` with the JSON path, also for a body without the key; `Other` with the vendor's message where the body says
/// `errors`.
pub fn decode_balance(body: &Bytes) -> Result<Page<Balance>, Error> {
    let value = envelope::member(body, "balance")?;
    let numbered = |members: &Members<'_>| {
        let mut names = members.iter().map(|(name, _)| name);
        names.all(|name| name.bytes().all(|b| b.is_ascii_digit()))
    };
    let one = Members::of(value.get()).is_ok_and(|members| !numbered(&members));
    match one {
        true => Ok(orders_wire::Rows::of_one(body, value, "balance").into()),
        false => envelope::list(body, value, "balance"),
    }
}

#[cfg(feature = "client")]
mod calls {
    use bytes::Bytes;
    use orders_core::Error;
    use orders_http::Endpoint;

    use super::{Balance, Page, decode_balance};
    use crate::client::Client;

    const GET_BALANCE: Endpoint = Endpoint::get(
        "GET payments/store/balance.json",
        "payments/store/balance.json",
    )
    .scope("read_payment");

    impl Client {
        /// What is in the store's accounts now.
        ///
        /// ```no_run
        /// use shopline_api::Client;
        ///
        /// #[tokio::main]
        /// async fn main() -> Result<(), shopline_api::Error> {
        ///     let client = Client::new("open001", "token")?;
        ///     for balance in client.get_balance().await?.records {
        ///         println!("{:?} {:?}", balance.amount, balance.currency);
        ///     }
        ///     Ok(())
        /// }
        /// ```
        ///
        /// # Errors
        /// As [`list_store_transactions`](Self::list_store_transactions).
        pub async fn get_balance(&self) -> Result<Page<Balance>, Error> {
            self.list(GET_BALANCE, &[], &[], Bytes::new(), decode_balance)
                .await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_and_one_object_are_read() {
        for (body, amounts) in [
            (
                r#"{"balance":[{"amount":"1.50","currency":"USD"},{"amount":"2"}]}"#,
                2,
            ),
            (r#"{"balance":{"amount":"1.50","currency":"USD"}}"#, 1),
            (r#"{"balance":{"0":{"amount":"1.50"}}}"#, 1),
            (r#"{"balance":[]}"#, 0),
            (r#"{"balance":null}"#, 0),
        ] {
            let page = decode_balance(&Bytes::from_static(body.as_bytes())).unwrap();
            assert_eq!(page.records.len(), amounts, "{body}");
            if let Some(balance) = page.records.first() {
                assert_eq!(balance.amount.unwrap().to_string(), "1.50");
            }
        }
        let odd = Bytes::from_static(br#"{"balance":{"amount":"1,50"}}"#);
        assert_eq!(
            decode_balance(&odd).unwrap().unreadable[0].path,
            "balance.amount"
        );
        let error = decode_balance(&Bytes::from_static(b"{}")).unwrap_err();
        assert_eq!(error.kind(), orders_core::ErrorKind::Decode);
    }
}
