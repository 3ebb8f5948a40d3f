//! A client over a transport in memory.

use shopline_api::http::ClientOptions;
use std::sync::Arc;

use orders_http::testing::{LongestWait, MemoryTransport};
use shopline_api::orders::{ListCustomerOrders, StatusFilter};
use shopline_api::{Client, ClientBuilder};

pub(crate) const HANDLE: &str = "tea-house";
pub(crate) const TOKEN: &str = "t0ken-t0ken-t0ken";
pub(crate) const CUSTOMER: &str = "2002697754";

pub(crate) fn builder(transport: &MemoryTransport) -> ClientBuilder {
    Client::builder(HANDLE, TOKEN)
        .transport(Arc::new(transport.clone()))
        .options(ClientOptions::new().randomness(Arc::new(LongestWait)))
}

pub(crate) fn client(transport: &MemoryTransport) -> Client {
    builder(transport).build().unwrap()
}

pub(crate) fn request() -> ListCustomerOrders {
    ListCustomerOrders::new(CUSTOMER, StatusFilter::Any)
}

/// A body with orders of these ids.
pub(crate) fn body(ids: &[&str]) -> String {
    let orders: Vec<String> = ids.iter().map(|id| format!(r#"{{"id":"{id}"}}"#)).collect();
    format!(r#"{{"list":[{}]}}"#, orders.join(","))
}

/// The value of a link header.
pub(crate) fn link(page_info: &str, rel: &str) -> String {
    format!(
        "<https://{HANDLE}.myshopline.com/admin/openapi/v20260301/customers/{CUSTOMER}/orders.json\
         ?limit=100&page_info={page_info}>; rel=\"{rel}\""
    )
}
