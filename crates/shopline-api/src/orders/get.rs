//! One order, by its id. The vendor has no call for one: the store's list is requested for its id.

use orders_core::{Error, ErrorKind, Unreadable};
use orders_wire::Record;

use super::filters::StatusFilter;
use super::list::{LIST_ORDERS, ListOrders};
use super::order::Order;
use crate::VENDOR;
use crate::client::Client;

impl Client {
    /// One order as it is now, archived or not.
    ///
    /// The vendor has no call for one order: `orders.json` is requested for its id, and a second time among the archived
    /// orders. An order that is taken out of the archive between the two is not found.
    ///
    /// ```no_run
    /// use shopline_api::{Client, ErrorKind};
    ///
    /// #[tokio::main]
    /// async fn main() -> Result<(), shopline_api::Error> {
    ///     let client = Client::new("open001", "token")?;
    ///     match client.get_order("21071000000000000000000000").await {
    ///         Ok(order) => println!("{:?}", order.financial_status),
    ///         Err(error) if error.kind() == ErrorKind::NotFound => println!("no such order"),
    ///         Err(error) => return Err(error),
    ///     }
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// `NotFound` where the store does not have it; `InvalidRequest` for an id that cannot be one; else as
    /// [`list_orders`](Self::list_orders).
    pub async fn get_order(&self, id: &str) -> Result<Record<Order>, Error> {
        for hidden in [false, true] {
            let request = ListOrders::new()
                .ids([id])
                .status(StatusFilter::Any)
                .hidden_order(hidden)
                .limit(1);
            let page = self.list_orders(&request).await?;
            let others = page.records.len() + page.unreadable.len() > 0;
            let mut orders = page.records.into_iter();
            if let Some(order) = orders.find(|order| order.id.as_deref() == Some(id)) {
                return Ok(order);
            }
            // Of one id at most one order is requested: one without a readable id is that order.
            let known = |record: &Unreadable| record.id.as_deref().is_none_or(|other| other == id);
            if let Some(record) = page.unreadable.into_iter().find(known) {
                return Err(Error::unreadable(record).at(VENDOR, LIST_ORDERS.name));
            }
            if others {
                let message = "another order came than the one that was asked for";
                return Err(Error::decode("orders[0].id", message).at(VENDOR, LIST_ORDERS.name));
            }
        }
        Err(
            Error::new(ErrorKind::NotFound, "the store has no such order")
                .at(VENDOR, LIST_ORDERS.name)
                .with_hint(
                    "it is neither among the archived orders nor among the others: check the id",
                ),
        )
    }
}
