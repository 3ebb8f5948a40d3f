//! The calls for the orders of the store, for what belongs to one, and for the store's customers.

use bytes::Bytes;
use orders_core::{Error, ErrorKind, Unreadable};
use orders_http::Reply;
use orders_wire::Record;

use crate::VENDOR;
use crate::client::Client;
use crate::customers::{self, CustomersPage, ListCustomers};
use crate::endpoint::{
    CUSTOMERS, Endpoint, FULFILLMENTS, ORDERS, ORDERS_COUNT, REFUNDS, TRANSACTIONS,
    TRANSACTIONS_QUERY,
};
use crate::fault::decoded;
use crate::orders::{
    self, CountOrders, FulfillmentsPage, ListOrders, MAX_REFUNDS, Order, OrdersPage,
    QueryTransactions, RefundsPage, StatusFilter, TransactionsPage,
};
use crate::paging::Links;
use crate::parameters::{broken, is_id};

impl Client {
    /// One page of the store's orders. A read: it is tried again where that makes sense.
    ///
    /// Archived orders come only with [`ListOrders::hidden_order`] (inferred).
    ///
    /// # Errors
    /// `InvalidRequest` where the request breaks a stated rule (nothing is sent); the vendor's failure, also one under
    /// HTTP 200; `Decode` with the JSON path, for a body without a list, and for a `link` header to another host. Without
    /// the scope `read_orders` it is `Permission`.
    pub async fn list_orders(&self, request: &ListOrders) -> Result<OrdersPage, Error> {
        request.check()?;
        self.orders_page(ORDERS, "orders.json", &request.parameters())
            .await
    }

    /// How many orders the vendor counts.
    ///
    /// # Errors
    /// As [`list_orders`](Self::list_orders); `Decode` for a body without a count.
    pub async fn count_orders(&self, request: &CountOrders) -> Result<u64, Error> {
        request.check()?;
        let query = request.parameters();
        self.get(ORDERS_COUNT, "orders/count.json", &query, |reply| {
            decoded(reply, ORDERS_COUNT, orders::decode_count)
        })
        .await
    }

    /// One order as it is now, archived or not.
    ///
    /// The vendor has no call for one order: `orders.json` is asked for its id, and a second time among the archived
    /// orders. An order that is taken out of the archive between the two is not found.
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
            let others = page.orders.len() + page.unreadable.len() > 0;
            let mut orders = page.orders.into_iter();
            if let Some(order) = orders.find(|order| order.id.as_deref() == Some(id)) {
                return Ok(order);
            }
            // Of one id at most one order is requested: one without a readable id is that order.
            let known = |record: &Unreadable| record.id.as_deref().is_none_or(|other| other == id);
            if let Some(record) = page.unreadable.into_iter().find(known) {
                return Err(Error::unreadable(record).at(VENDOR, ORDERS.name));
            }
            if others {
                let message = "another order came than the one that was asked for";
                return Err(Error::decode("orders[0].id", message).at(VENDOR, ORDERS.name));
            }
        }
        Err(
            Error::new(ErrorKind::NotFound, "the store has no such order")
                .at(VENDOR, ORDERS.name)
                .with_hint(
                    "it is neither among the archived orders nor among the others: check the id",
                ),
        )
    }

    /// The refunds of an order, at most 250: the vendor has no cursor for more, and [`RefundsPage::full`] says where
    /// there may be more.
    ///
    /// # Errors
    /// `NotFound` where the store has no such order; else as [`list_orders`](Self::list_orders).
    pub async fn order_refunds(&self, order_id: &str) -> Result<RefundsPage, Error> {
        let path = part(order_id, "refunds", REFUNDS)?;
        let query = [("limit", MAX_REFUNDS.to_string())];
        self.get(REFUNDS, &path, &query, |reply| {
            let mut page = decoded(reply, REFUNDS, orders::decode_refunds)?;
            page.trace_id = trace_id(reply);
            Ok(page)
        })
        .await
    }

    /// The parcels of an order.
    ///
    /// # Errors
    /// As [`order_refunds`](Self::order_refunds).
    pub async fn order_fulfillments(&self, order_id: &str) -> Result<FulfillmentsPage, Error> {
        let path = part(order_id, "fulfillments", FULFILLMENTS)?;
        self.get(FULFILLMENTS, &path, &[], |reply| {
            decoded(reply, FULFILLMENTS, orders::decode_fulfillments)
        })
        .await
    }

    /// The payments of an order.
    ///
    /// # Errors
    /// As [`order_refunds`](Self::order_refunds).
    pub async fn order_transactions(&self, order_id: &str) -> Result<TransactionsPage, Error> {
        let path = part(order_id, "transactions", TRANSACTIONS)?;
        self.get(TRANSACTIONS, &path, &[], |reply| {
            decoded(reply, TRANSACTIONS, orders::decode_transactions)
        })
        .await
    }

    /// The payments of an order by a question, with other members than [`order_transactions`](Self::order_transactions)
    /// gives.
    ///
    /// It is sent by POST, yet it only asks: nothing changes at the vendor's, so it is tried again like any read.
    ///
    /// # Errors
    /// As [`list_orders`](Self::list_orders).
    pub async fn query_transactions(
        &self,
        question: &QueryTransactions,
    ) -> Result<TransactionsPage, Error> {
        question.check()?;
        let body = serde_json::to_vec(question).map_err(|why| {
            broken("the question cannot be written", TRANSACTIONS_QUERY).with_source(why)
        })?;
        let read =
            |reply: &Reply| decoded(reply, TRANSACTIONS_QUERY, orders::decode_transaction_list);
        self.ask(
            TRANSACTIONS_QUERY,
            "transactions/query.json",
            Bytes::from(body),
            read,
        )
        .await
    }

    /// One page of the store's customers.
    ///
    /// # Errors
    /// As [`list_orders`](Self::list_orders), with the scope `read_customers`.
    pub async fn list_customers(&self, request: &ListCustomers) -> Result<CustomersPage, Error> {
        request.check()?;
        let query = request.parameters();
        self.get(CUSTOMERS, "v2/customers.json", &query, |reply| {
            let mut page = decoded(reply, CUSTOMERS, customers::decode_page)?;
            let links = Links::read(reply.headers(), &self.base, &self.own)?;
            page.next = links.next;
            page.previous = links.previous;
            page.trace_id = trace_id(reply);
            Ok(page)
        })
        .await
    }

    /// A page of orders of either endpoint that lists them.
    pub(crate) async fn orders_page(
        &self,
        endpoint: Endpoint,
        path: &str,
        query: &[(&str, String)],
    ) -> Result<OrdersPage, Error> {
        self.get(endpoint, path, query, |reply| {
            let mut page = decoded(reply, endpoint, orders::decode_page)?;
            let links = Links::read(reply.headers(), &self.base, &self.own)?;
            page.next = links.next;
            page.previous = links.previous;
            page.trace_id = trace_id(reply);
            Ok(page)
        })
        .await
    }
}

fn trace_id(reply: &Reply) -> Option<String> {
    reply.trace_id().map(str::to_owned)
}

/// The path of what belongs to an order.
fn part(order_id: &str, what: &str, endpoint: Endpoint) -> Result<String, Error> {
    let id = orders_http::segment(order_id).ok();
    let id = id.filter(|_| is_id(order_id));
    let id = id.ok_or_else(|| broken("the order id is required", endpoint))?;
    Ok(format!("orders/{id}/{what}.json"))
}
