//! The client.

use std::sync::Arc;

use bytes::Bytes;
use futures_core::Stream;
use http::Request;
use orders_core::{Account, Error, ErrorKind, PageReader, Slice};
use orders_http::{Attempt, Call, Engine, Reply};
use orders_wire::Record;
use url::{Origin, Url};

use crate::auth::AccessToken;
use crate::builder::ClientBuilder;
use crate::fault::{refuse_failure, refuse_fault};
use crate::orders::{CustomerOrders, Order, OrdersPage, decode_page};
use crate::paging::Links;
use crate::source::CustomerSource;
use crate::{CUSTOMER_ORDERS, Mapper, VENDOR, address};

const LIST_ORDERS: Call = Call {
    endpoint: CUSTOMER_ORDERS,
    retry_safe: true,
};
const RAW_GET: Call = Call {
    endpoint: "GET (raw)",
    retry_safe: true,
};

/// A client of one app in one SHOPLINE store. Cheap to clone; clones share the rate limit.
///
/// The vendor counts requests per app and store, over all processes: 4 a second, 40 at once. Several processes share
/// that bucket, so give each its part with [`ClientBuilder::rate_limit`].
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) account: Account,
    pub(crate) mapper: Mapper,
    pub(crate) engine: Engine,
    /// Ends in `/admin/openapi/{version}/`.
    pub(crate) base: Url,
    /// The hosts that a link header may name.
    pub(crate) own: Vec<Origin>,
    pub(crate) token: AccessToken,
}

impl Client {
    /// A builder for the store with this handle (the part of its domain before `.myshopline.com`) and an access token
    /// (without the word `Bearer`).
    pub fn builder(handle: impl Into<String>, access_token: impl Into<String>) -> ClientBuilder {
        ClientBuilder::new(handle.into(), access_token.into())
    }

    /// A client with the default settings.
    ///
    /// # Errors
    /// `Config`, where the handle or the token cannot be one.
    pub fn new(handle: impl Into<String>, access_token: impl Into<String>) -> Result<Self, Error> {
        Self::builder(handle, access_token).build()
    }

    /// One page of a customer's orders. A read: it is tried again where that makes sense.
    ///
    /// # Errors
    /// `InvalidRequest` where the request breaks a stated rule (nothing is sent); the vendor's failure, also one under
    /// HTTP 200; `Decode` with the JSON path, for a body without a list, and for a `link` header to another host.
    pub async fn customer_orders(&self, request: &CustomerOrders) -> Result<OrdersPage, Error> {
        request.check()?;
        let path = format!(
            "customers/{}/orders.json",
            address::escaped(&request.customer_id)
        );
        let read = |reply: &Reply| {
            refuse_fault(reply)?;
            let page = decode_page(reply.body());
            let mut page = page.or_else(|why| {
                // The vendor's message again, with secrets and personal data masked.
                refuse_failure(reply, why.kind() == ErrorKind::Other).and(Err(why))
            })?;
            let links = Links::read(reply.headers(), &self.base, &self.own)?;
            page.next = links.next;
            page.previous = links.previous;
            page.trace_id = reply.trace_id().map(str::to_owned);
            Ok(page)
        };
        self.run(&LIST_ORDERS, &path, &request.parameters(), read)
            .await
    }

    /// All orders that the request asks for, over all pages from its own on, a hundred a page unless it sets a limit.
    ///
    /// It ends where the vendor names no next page. An error is given once and ends the stream; a page that comes twice
    /// is the error `Stalled`.
    pub fn stream_customer_orders(
        &self,
        request: &CustomerOrders,
    ) -> impl Stream<Item = Result<Record<Order>, Error>> + Send + use<> {
        let slice = Slice::partition(request.customer_id.clone());
        let source = CustomerSource {
            client: self.clone(),
            request: request.clone(),
        };
        orders_http::rows(PageReader::owned(Arc::new(source), slice))
    }

    /// Any other read, with the same authentication, retries and errors: `path` is relative to
    /// `/admin/openapi/{version}/` (`orders/count.json`). The reply is given as it came, if its HTTP status says success
    /// and its body is JSON without `errors`.
    ///
    /// # Errors
    /// `InvalidRequest` for a path that is no plain one; else as [`customer_orders`](Self::customer_orders).
    pub async fn get_raw(&self, path: &str, query: &[(&str, String)]) -> Result<Reply, Error> {
        address::check_path(path).map_err(|error| error.at(VENDOR, RAW_GET.endpoint))?;
        let read = |reply: &Reply| {
            refuse_fault(reply)?;
            refuse_failure(reply, false)?;
            Ok(reply.clone())
        };
        self.run(&RAW_GET, path, query, read).await
    }

    async fn run<T>(
        &self,
        call: &Call,
        path: &str,
        query: &[(&str, String)],
        read: impl Fn(&Reply) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        let url = address::join(&self.base, path, query);
        let build = |_: Attempt| {
            let request = Request::get(url.as_str());
            let request = self.token.authenticate(request)?;
            request.body(Bytes::new()).map_err(|why| {
                Error::invalid_request("the request cannot be built").with_source(why)
            })
        };
        self.engine.run(call, build, read).await
    }
}
