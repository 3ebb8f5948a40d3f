//! `POST orders/order_attribution_info.json`: what led the buyers of orders to the store. Needs the scope `read_orders`.

use bytes::Bytes;
use orders_core::Error;
use orders_wire::{AnyJson, Integer, Object, Row, Strict, object};

use crate::envelope::{Page, rows};

/// The largest number of orders that one request names.
pub const MAX_ATTRIBUTED: usize = 500;

object! {
    /// What led the buyer of an order to the store. Documented since August 2025.
    pub struct OrderAttribution {
        /// The order's id.
        pub order_seq: Option<String>,
        /// When the order was placed.
        pub order_time: Option<String>,
        /// How many days lay between the first visit and the order.
        #[serde_as(as = "Integer")]
        pub days_for_conversion: Option<i64>,
        /// How many visits there were.
        #[serde_as(as = "Integer")]
        pub total_traffics: Option<i64>,
        /// The first visit.
        #[serde_as(as = "Option<Object>")]
        pub first_interaction: Option<FirstInteraction>,
        /// The last visit.
        #[serde_as(as = "Option<Object>")]
        pub last_interaction: Option<LastInteraction>,
    }
}

impl Row for OrderAttribution {
    const IDENTITY: &'static [&'static str] = &["order_seq"];
    const STRICT: Strict = Strict::new(&["order_seq"], &[]);

    fn is_identified(&self) -> bool {
        self.order_seq.as_deref().is_some_and(|id| !id.is_empty())
    }
}

object! {
    /// The first visit.
    pub struct FirstInteraction {
        /// When it was.
        pub first_interact_time: Option<String>,
        /// Where it came from: `Direct`, `Social`, `Search`, `Other`, `AI Chat`.
        pub first_interaction_source: Option<String>,
        /// The first page.
        pub first_landing_page_url: Option<String>,
        /// The site before it, by its name.
        pub first_referrer_name: Option<String>,
        /// The page before it.
        pub first_referrer_url: Option<String>,
        /// The parameters of advertising.
        pub first_utm_parameters: Option<AnyJson>,
    }
    debug(first_interaction_source)
}

object! {
    /// The last visit.
    pub struct LastInteraction {
        /// When it was.
        pub last_interact_time: Option<String>,
        /// Where it came from.
        pub last_interaction_source: Option<String>,
        /// The first page; without `_url`, unlike that of the first visit.
        pub last_landing_page: Option<String>,
        /// The site before it, by its name.
        pub last_referrer_name: Option<String>,
        /// The page before it.
        pub last_referrer_url: Option<String>,
        /// The parameters of advertising.
        pub last_utm_parameters: Option<AnyJson>,
    }
    debug(last_interaction_source)
}

/// Reads the answer: `{"data": [..]}`. `null` is an empty list.
///
/// # Errors
/// As [`decode_transactions`](super::decode_transactions).
pub fn decode_attributions(body: &Bytes) -> Result<Page<OrderAttribution>, Error> {
    rows(body, "data")
}

#[cfg(feature = "client")]
mod calls {
    use bytes::Bytes;
    use orders_core::Error;
    use orders_http::Endpoint;
    use serde_json::json;

    use super::{MAX_ATTRIBUTED, OrderAttribution, Page, decode_attributions};
    use crate::client::Client;
    use crate::orders::filters::{broken, check_ids};

    const NAME: &str = "POST orders/order_attribution_info.json";

    const ATTRIBUTIONS: Endpoint = Endpoint::post(NAME, "orders/order_attribution_info.json")
        .scope("read_orders")
        .retry_safe();

    impl Client {
        /// What led the buyers of these orders to the store, for at most 500 orders.
        ///
        /// It is sent by POST, yet it only reads: nothing changes at the vendor's, so it is retried like any read.
        ///
        /// ```no_run
        /// use shopline_api::Client;
        ///
        /// #[tokio::main]
        /// async fn main() -> Result<(), shopline_api::Error> {
        ///     let client = Client::new("open001", "token")?;
        ///     let page = client.list_attributions(["21071000000000000000000000"]).await?;
        ///     println!("{}", page.records.len());
        ///     Ok(())
        /// }
        /// ```
        ///
        /// # Errors
        /// `InvalidRequest` for no order, or more than 500; else as [`list_orders`](Self::list_orders).
        pub async fn list_attributions(
            &self,
            orders: impl IntoIterator<Item = impl Into<String>>,
        ) -> Result<Page<OrderAttribution>, Error> {
            let ids: Vec<String> = orders.into_iter().map(Into::into).collect();
            if ids.is_empty() {
                return Err(broken("orders are required", NAME));
            }
            check_ids("orders", &ids, MAX_ATTRIBUTED, NAME)?;
            let body = Bytes::from(json!({ "orders": ids }).to_string());
            self.list(ATTRIBUTIONS, &[], &[], body, decode_attributions)
                .await
        }
    }
}
