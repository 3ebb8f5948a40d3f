//! `GET orders/:id/refunds.json`: the refunds of one order. Needs the scope `read_orders`.

use bytes::Bytes;
use orders_core::{Error, Unreadable};
use orders_wire::Record;

use super::Refund;
use crate::envelope::rows;

/// The largest number of refunds that the vendor gives. There is no cursor behind it.
pub const MAX_REFUNDS: usize = 250;

/// The refunds of one order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct RefundsPage {
    /// The refunds in the vendor's order, each with its exact text.
    pub refunds: Vec<Record<Refund>>,
    /// The refunds that could not be read. They cost no other.
    pub unreadable: Vec<Unreadable>,
    /// Whether as many came as the vendor gives at most ([`MAX_REFUNDS`]): then there may be more, which no request
    /// reaches.
    pub full: bool,
    /// The id under which the vendor can find the request. From the `traceid` header, so only the client sets it.
    pub trace_id: Option<String>,
}

/// Reads the body of an order's refunds: `{"refunds": [..]}`. `null` is an empty list.
///
/// # Errors
/// `Decode` with the JSON path, also for a body without the key; `Other` with the vendor's message where the body says
/// `errors`.
pub fn decode_refunds(body: &Bytes) -> Result<RefundsPage, Error> {
    let rows = rows(body, "refunds")?;
    Ok(RefundsPage {
        full: rows.sent >= MAX_REFUNDS,
        refunds: rows.records,
        unreadable: rows.unreadable,
        trace_id: None,
    })
}

#[cfg(feature = "client")]
mod calls {
    use bytes::Bytes;
    use orders_core::Error;
    use orders_http::{Endpoint, Reply};

    use super::{MAX_REFUNDS, RefundsPage, decode_refunds};
    use crate::client::Client;
    use crate::failure::decoded;
    use crate::orders::filters::check_order_id;

    const REFUNDS: Endpoint =
        Endpoint::get("GET orders/:id/refunds.json", "orders/:id/refunds.json")
            .scope("read_orders");

    impl Client {
        /// The refunds of an order, at most 250: the vendor has no cursor for more, and [`RefundsPage::full`] says where
        /// there may be more.
        ///
        /// ```no_run
        /// use shopline_api::Client;
        ///
        /// #[tokio::main]
        /// async fn main() -> Result<(), shopline_api::Error> {
        ///     let client = Client::new("open001", "token")?;
        ///     let page = client.order_refunds("21071000000000000000000000").await?;
        ///     println!("{}", page.refunds.len());
        ///     Ok(())
        /// }
        /// ```
        ///
        /// # Errors
        /// `NotFound` where the store has no such order; else as [`list_orders`](Self::list_orders).
        pub async fn order_refunds(&self, order_id: &str) -> Result<RefundsPage, Error> {
            check_order_id(order_id, REFUNDS.name)?;
            let read = |reply: &Reply| {
                let mut page = decoded(reply, REFUNDS, decode_refunds)?;
                page.trace_id = reply.trace_id().map(str::to_owned);
                Ok(page)
            };
            self.call(
                REFUNDS,
                &[order_id],
                &[("limit", MAX_REFUNDS.to_string())],
                Bytes::new(),
                read,
            )
            .await
        }
    }
}
