//! `GET customers/:id/orders.json`: the orders of one customer.
//!
//! The page: <https://developer.shopline.com/docs/admin-rest-api/customer/customer-information/query-specify-customer-order>.
//! It answers `{"list": [..]}` and needs the scope `read_customers`. It requires the status.

use orders_core::Error;

use super::filters::{StatusFilter, broken, present};
use super::list::MAX_LIMIT;
use super::paging::Paging;

const NAME: &str = "GET customers/:id/orders.json";

/// A request for orders of one customer.
///
/// ```
/// use shopline_api::orders::{ListCustomerOrders, StatusFilter};
/// let request = ListCustomerOrders::new("2002697754", StatusFilter::Any).limit(100);
/// assert!(request.check().is_ok());
/// assert!(request.limit(101).check().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub struct ListCustomerOrders {
    customer_id: String,
    status: StatusFilter,
    paging: Paging,
}

impl ListCustomerOrders {
    /// The orders of this customer with this status: the two parameters that the page requires.
    pub fn new(customer_id: impl Into<String>, status: StatusFilter) -> Self {
        Self {
            customer_id: customer_id.into(),
            status,
            paging: Paging::default(),
        }
    }

    /// Only these first-level fields, joined by commas. The page says that at present all fields come anyway.
    pub fn fields(mut self, fields: impl Into<String>) -> Self {
        self.paging.fields = Some(fields.into());
        self
    }

    /// How many orders a page holds, 1 to 100. Unset: the vendor's default (documented 50; 20 was recorded on
    /// `orders.json`). Streams request 100.
    pub fn limit(mut self, limit: u32) -> Self {
        self.paging.limit = Some(limit);
        self
    }

    /// The page to resume at: [`next`](crate::Page::next) or [`previous`](crate::Page::previous) of an earlier answer. The vendor then takes
    /// the filters of the first request and ignores everything but `limit` and `fields`.
    pub fn page_info(mut self, page_info: impl Into<String>) -> Self {
        self.paging.page_info = Some(page_info.into());
        self
    }

    /// Begins behind this order. For the first page only.
    pub fn since_id(mut self, since_id: impl Into<String>) -> Self {
        self.paging.since_id = Some(since_id.into());
        self
    }

    /// Whether the request keeps the rules of the page.
    ///
    /// # Errors
    /// `InvalidRequest` naming the rule.
    pub fn check(&self) -> Result<(), Error> {
        if matches!(self.customer_id.trim(), "" | "." | "..") {
            return Err(broken("the customer id is required", NAME));
        }
        self.paging.check(MAX_LIMIT, NAME)
    }

    /// The query parameters, under the vendor's names. The customer's id is part of the path.
    #[must_use]
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let status = [("status", Some(self.status.as_str().to_owned()))];
        present(status.into_iter().chain(self.paging.parameters()))
    }
}

#[cfg(feature = "client")]
mod calls {
    use bytes::Bytes;
    use orders_core::Error;
    use orders_http::Endpoint;
    use orders_reader::RowStream;
    use orders_wire::Record;

    use super::{ListCustomerOrders, MAX_LIMIT, NAME, Paging};
    use crate::Page;
    use crate::client::Client;
    use crate::orders::paging::{CursorPages, ListRequest};
    use crate::orders::{Order, decode_page};

    const CUSTOMER_ORDERS: Endpoint =
        Endpoint::get(NAME, "customers/:id/orders.json").scope("read_customers");

    impl Client {
        /// One page of a customer's orders. A read: it is retried where that makes sense.
        ///
        /// ```no_run
        /// use shopline_api::{Client, ListCustomerOrders, StatusFilter};
        ///
        /// #[tokio::main]
        /// async fn main() -> Result<(), shopline_api::Error> {
        ///     let client = Client::new("open001", "token")?;
        ///     let request = ListCustomerOrders::new("2002697754", StatusFilter::Any).limit(10);
        ///     let page = client.list_customer_orders(&request).await?;
        ///     println!("{} orders, next page: {:?}", page.records.len(), page.next);
        ///     Ok(())
        /// }
        /// ```
        ///
        /// # Errors
        /// As [`list_orders`](Self::list_orders), with the scope `read_customers`.
        pub async fn list_customer_orders(
            &self,
            request: &ListCustomerOrders,
        ) -> Result<Page<Order>, Error> {
            self.page(request).await
        }

        /// All orders of a customer that the request names, as [`stream_orders`](Self::stream_orders).
        #[must_use]
        pub fn stream_customer_orders(
            &self,
            request: &ListCustomerOrders,
        ) -> RowStream<Record<Order>> {
            CursorPages::stream(self, request)
        }
    }

    impl ListRequest for ListCustomerOrders {
        type Row = Order;
        const ENDPOINT: Endpoint = CUSTOMER_ORDERS;
        const MAX_LIMIT: u32 = MAX_LIMIT;

        fn paging(&mut self) -> &mut Paging {
            &mut self.paging
        }

        fn id(order: &Order) -> Option<&str> {
            order.id.as_deref()
        }

        fn values(&self) -> Vec<&str> {
            vec![&self.customer_id]
        }

        fn query(&self) -> Result<Vec<(&'static str, String)>, Error> {
            self.check().map(|()| self.parameters())
        }

        fn decode(body: &Bytes) -> Result<Page<Order>, Error> {
            decode_page(body)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use orders_core::ErrorKind;

    #[test]
    fn broken_rules_are_named() {
        let request = || ListCustomerOrders::new("1", StatusFilter::Any);
        for (request, rule) in [
            (
                ListCustomerOrders::new(" ", StatusFilter::Any),
                "customer id",
            ),
            (
                ListCustomerOrders::new("..", StatusFilter::Any),
                "customer id",
            ),
            (request().limit(0), "limit must be 1 to 100"),
            (request().limit(101), "limit must be 1 to 100"),
            (request().page_info(""), "page_info is empty"),
            (request().page_info("p").since_id("1"), "first page only"),
        ] {
            let error = request.check().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidRequest);
            assert!(error.message().contains(rule), "{error}");
        }
        for request in [request(), request().limit(1), request().limit(100)] {
            assert!(request.check().is_ok());
        }
    }
}
