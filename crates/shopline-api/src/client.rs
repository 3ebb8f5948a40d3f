//! The client.

use std::sync::Arc;

use bytes::Bytes;
use http::{Method, Request};
use orders_core::{Account, Error};
use orders_http::{Attempt, Call, Engine, Reply};
use url::{Origin, Url};

use crate::auth::authenticate;
use crate::builder::ClientBuilder;
use crate::endpoint::{CUSTOMER_ORDERS, Endpoint, RAW_GET};
use crate::fault::{refuse_failure, refuse_fault};
use crate::orders::{CustomerOrders, OrdersPage};
use crate::tokens::{AccessToken, AccessTokens, StaticToken};
use crate::{Mapper, VENDOR, address};

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
    pub(crate) tokens: Arc<dyn AccessTokens>,
}

impl Client {
    /// A builder for the store with this handle (the part of its domain before `.myshopline.com`) and an access token
    /// (without the word `Bearer`).
    pub fn builder(handle: impl Into<String>, access_token: impl Into<String>) -> ClientBuilder {
        let token = AccessToken::new(access_token.into());
        let tokens = token.map(|token| Arc::new(StaticToken::new(token)) as _);
        ClientBuilder::new(handle.into(), tokens)
    }

    /// A builder for the store with this handle and what gives its tokens, such as a
    /// [`RefreshingToken`](crate::tokens::RefreshingToken). It is asked before every call; where the vendor refuses a
    /// token (401) and another is given, the request is sent once more. What that takes is not a part of the deadline.
    pub fn builder_with(
        handle: impl Into<String>,
        tokens: impl AccessTokens + 'static,
    ) -> ClientBuilder {
        ClientBuilder::new(handle.into(), Ok(Arc::new(tokens)))
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
        self.orders_page(CUSTOMER_ORDERS, &path, &request.parameters())
            .await
    }

    /// Any other read, with the same authentication, retries and errors: `path` is relative to
    /// `/admin/openapi/{version}/` (`orders/count.json`). The reply is given as it came, if its HTTP status says success
    /// and its body is JSON without `errors`.
    ///
    /// # Errors
    /// `InvalidRequest` for a path that is no plain one; else as [`customer_orders`](Self::customer_orders).
    pub async fn get_raw(&self, path: &str, query: &[(&str, String)]) -> Result<Reply, Error> {
        address::check_path(path).map_err(|error| error.at(VENDOR, RAW_GET.name))?;
        let read = |reply: &Reply| {
            refuse_fault(reply, RAW_GET)?;
            refuse_failure(reply, RAW_GET, false)?;
            Ok(reply.clone())
        };
        self.get(RAW_GET, path, query, read).await
    }

    /// Asks by GET.
    pub(crate) async fn get<T>(
        &self,
        endpoint: Endpoint,
        path: &str,
        query: &[(&str, String)],
        read: impl Fn(&Reply) -> Result<T, Error> + Send + Sync,
    ) -> Result<T, Error> {
        let url = address::join(&self.base, path, query);
        self.run(endpoint, (Method::GET, url, Bytes::new()), read)
            .await
    }

    /// Asks by POST. Only for questions: whatever is asked may be asked again.
    pub(crate) async fn ask<T>(
        &self,
        endpoint: Endpoint,
        path: &str,
        body: Bytes,
        read: impl Fn(&Reply) -> Result<T, Error> + Send + Sync,
    ) -> Result<T, Error> {
        let url = address::join(&self.base, path, &[]);
        self.run(endpoint, (Method::POST, url, body), read).await
    }

    async fn run<T>(
        &self,
        endpoint: Endpoint,
        (method, url, body): (Method, Url, Bytes),
        read: impl Fn(&Reply) -> Result<T, Error> + Send + Sync,
    ) -> Result<T, Error> {
        let call = Call {
            endpoint: endpoint.name,
            retry_safe: true,
        };
        let build = |token: &AccessToken| {
            let request = Request::builder().method(method.clone()).uri(url.as_str());
            let request = authenticate(token, request)?;
            request.body(body.clone()).map_err(|why| {
                Error::invalid_request("the request cannot be built").with_source(why)
            })
        };
        let token = self.tokens.token().await?;
        let first = |_: Attempt| build(&token);
        let refused = match self.engine.run(&call, first, &read).await {
            Err(error) if error.status() == Some(401) => error,
            done => return done,
        };
        let Some(token) = self.tokens.refused(&token).await? else {
            return Err(refused);
        };
        self.engine
            .run(&call, |_: Attempt| build(&token), &read)
            .await
    }
}
