//! The endpoints by their names in errors and spans, and the scope that each needs.

/// One endpoint.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Endpoint {
    pub(crate) name: &'static str,
    /// What the app must have been allowed; said where the vendor refuses.
    #[cfg_attr(not(feature = "client"), allow(dead_code))]
    pub(crate) scope: Option<&'static str>,
}

const fn of_customers(name: &'static str) -> Endpoint {
    Endpoint {
        name,
        scope: Some("read_customers"),
    }
}

const fn of_orders(name: &'static str) -> Endpoint {
    Endpoint {
        name,
        scope: Some("read_orders"),
    }
}

pub(crate) const CUSTOMER_ORDERS: Endpoint = of_customers("GET customers/:id/orders.json");
pub(crate) const CUSTOMERS: Endpoint = of_customers("GET v2/customers.json");
pub(crate) const ORDERS: Endpoint = of_orders("GET orders.json");
pub(crate) const ORDERS_COUNT: Endpoint = of_orders("GET orders/count.json");
pub(crate) const REFUNDS: Endpoint = of_orders("GET orders/:id/refunds.json");
pub(crate) const FULFILLMENTS: Endpoint = of_orders("GET orders/:id/fulfillments.json");
pub(crate) const TRANSACTIONS: Endpoint = of_orders("GET orders/:id/transactions.json");
pub(crate) const TRANSACTIONS_QUERY: Endpoint = of_orders("POST transactions/query.json");
#[cfg(feature = "client")]
pub(crate) const RAW_GET: Endpoint = Endpoint {
    name: "GET (raw)",
    scope: None,
};
