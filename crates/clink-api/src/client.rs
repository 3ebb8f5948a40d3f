//! The client, its builder and the environments.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use orders_core::{Account, Error, ErrorKind};
use orders_http::{
    Call, Clock, Engine, EngineBuilder, Randomness, RateLimit, Reply, RetryPolicy, Transport,
    http_fault,
};
use orders_wire::Record;
use url::Url;

use crate::auth::ApiKey;
use crate::error::{Payload, hint};
use crate::orders::{ListOrders, Order, OrdersPage, decode_page};
use crate::refunds::Refund;
use crate::{Mapper, VENDOR};

const LIST_ORDERS: Call = Call {
    endpoint: "GET order",
    retry_safe: true,
};
const GET_ORDER: Call = Call {
    endpoint: "GET order/:id",
    retry_safe: true,
};
const GET_REFUND: Call = Call {
    endpoint: "GET refund/:id",
    retry_safe: true,
};
const RAW_GET: Call = Call {
    endpoint: "GET (raw)",
    retry_safe: true,
};

/// Where the API is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Environment {
    /// Live money: `https://api.clinkbill.com/api/`.
    #[default]
    Production,
    /// The vendor's test environment: `https://uat-api.clinkbill.com/api/`.
    Sandbox,
    /// Any other base URL, its path included; mainly for tests and proxies.
    Custom(String),
}

impl Environment {
    /// The base URL; paths are appended to it.
    #[must_use]
    pub fn base_url(&self) -> &str {
        match self {
            Self::Production => "https://api.clinkbill.com/api/",
            Self::Sandbox => "https://uat-api.clinkbill.com/api/",
            Self::Custom(url) => url,
        }
    }
}

/// A client of one Clink account. Cheap to clone; clones share the rate limit.
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) account: Account,
    pub(crate) mapper: Mapper,
    engine: Engine,
    base: Url,
    key: ApiKey,
}

impl Client {
    /// A builder with the secret key. Keys are used as they are: the vendor has more prefixes than it documents.
    pub fn builder(api_key: impl Into<String>) -> ClientBuilder {
        ClientBuilder::new(api_key.into())
    }

    /// A client with the vendor's production environment and the default settings.
    ///
    /// # Errors
    /// `Config`, where the key cannot be a header.
    pub fn new(api_key: impl Into<String>) -> Result<Self, Error> {
        Self::builder(api_key).build()
    }

    /// One page of the list of orders. A read: it is tried again where that makes sense.
    ///
    /// # Errors
    /// `InvalidRequest` where the request breaks a stated rule (nothing is sent); the vendor's failure, also one
    /// under HTTP 200; `Decode` with the JSON path.
    pub async fn list_orders(&self, request: &ListOrders) -> Result<OrdersPage, Error> {
        request
            .check()
            .map_err(|error| error.at(VENDOR, LIST_ORDERS.endpoint))?;
        let query = request.parameters();
        let reply = |reply: &Reply| {
            succeeded(reply)?;
            decode_page(reply.body())
        };
        self.run(&LIST_ORDERS, "order", &query, reply).await
    }

    /// One order as it is now.
    ///
    /// # Errors
    /// `NotFound` where the vendor does not have it; `InvalidRequest` for an id that cannot stand in a path; else as
    /// [`list_orders`](Self::list_orders).
    pub async fn get_order(&self, id: &str) -> Result<Record<Order>, Error> {
        self.get_one(&GET_ORDER, "order", id, crate::orders::decode_single)
            .await
    }

    /// One refund as it is now.
    ///
    /// # Errors
    /// As [`get_order`](Self::get_order).
    pub async fn get_refund(&self, id: &str) -> Result<Record<Refund>, Error> {
        self.get_one(&GET_REFUND, "refund", id, crate::refunds::decode_single)
            .await
    }

    async fn get_one<T>(
        &self,
        call: &Call,
        folder: &str,
        id: &str,
        decode: fn(&Bytes) -> Result<T, Error>,
    ) -> Result<T, Error> {
        if id.trim_matches('.').is_empty() {
            return Err(Error::invalid_request("an id is needed").at(VENDOR, call.endpoint));
        }
        let id = percent_encoding::utf8_percent_encode(id, percent_encoding::NON_ALPHANUMERIC);
        let read = |reply: &Reply| {
            succeeded(reply)?;
            decode(reply.body())
        };
        self.run(call, &format!("{folder}/{id}"), &[], read).await
    }

    /// Any other read, with the same authentication, retries and errors: `path` is relative to the base URL
    /// (`refund/re_1`). The reply is given as it came, if its HTTP status and its `code` say success.
    ///
    /// # Errors
    /// As [`list_orders`](Self::list_orders); nothing is decoded but the failure.
    pub async fn get_raw(&self, path: &str, query: &[(&str, String)]) -> Result<Reply, Error> {
        let read = |reply: &Reply| succeeded(reply).map(|()| reply.clone());
        self.run(&RAW_GET, path, query, read).await
    }

    async fn run<T>(
        &self,
        call: &Call,
        path: &str,
        query: &[(&str, String)],
        read: impl Fn(&Reply) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        let url = join(&self.base, path, query)?;
        let build = |attempt: orders_http::Attempt| {
            let request = http::Request::builder()
                .method(Method::GET)
                .uri(url.as_str());
            self.key
                .authenticate(request, attempt.now)?
                .header(http::header::ACCEPT, "application/json")
                .body(Bytes::new())
                .map_err(|error| {
                    Error::invalid_request("the request cannot be built").with_source(error)
                })
        };
        self.engine.run(call, build, read).await
    }
}

/// The URL of a path under the base. The base ends in `/api/`; joining an absolute path would drop that.
fn join(base: &Url, path: &str, query: &[(&str, String)]) -> Result<Url, Error> {
    let relative = path.strip_prefix('/').unwrap_or(path);
    if relative.starts_with('/')
        || relative.contains("..")
        || relative.contains("//")
        || relative.contains(['?', '#', '\\'])
    {
        return Err(Error::invalid_request(format!(
            "{path:?} is not a plain path under the base URL"
        )));
    }
    let mut url = base.clone();
    url.set_path(&format!("{}{relative}", base.path()));
    if !url.path().starts_with(base.path()) {
        return Err(Error::invalid_request(format!(
            "{path:?} leads out of the base URL"
        )));
    }
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    Ok(url)
}

/// Refuses an HTTP failure, a web page, and a failure that hides under HTTP 200.
fn succeeded(reply: &Reply) -> Result<(), Error> {
    let payload = Payload::read(reply.body());
    if !reply.is_success() {
        return Err(http_failure(reply, payload));
    }
    if let Some(payload) = payload.filter(Payload::is_failure) {
        return Err(payload.into_error_of(reply));
    }
    if reply.looks_like_html() {
        let error = reply.error(ErrorKind::Decode, "a web page came instead of data");
        return Err(error.with_hint("check the base URL"));
    }
    Ok(())
}

/// The HTTP status says what kind of failure it is; the payload, where there is one, says it better.
fn http_failure(reply: &Reply, payload: Option<Payload>) -> Error {
    let message = payload.as_ref().and_then(Payload::message);
    let error = match message {
        Some(message) => http_fault(reply, message),
        None => orders_http::default_http_fault(reply),
    };
    let error = match payload.and_then(|p| p.code) {
        Some(code) => error.with_code(code),
        None => error,
    };
    match hint(error.kind()) {
        Some(hint) => error.with_hint(hint),
        None => error,
    }
}

/// Builds a [`Client`].
pub struct ClientBuilder {
    key: Result<ApiKey, Error>,
    environment: Environment,
    account: String,
    engine: EngineBuilder,
}

impl ClientBuilder {
    fn new(api_key: String) -> Self {
        Self {
            key: ApiKey::new(api_key),
            environment: Environment::default(),
            account: "default".to_owned(),
            engine: Engine::builder(VENDOR),
        }
    }

    /// Where the API is (default: production).
    #[must_use]
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// A base URL of your own, its path included; mainly for tests and proxies. The key goes only to its host.
    #[must_use]
    pub fn base_url(self, url: impl Into<String>) -> Self {
        self.environment(Environment::Custom(url.into()))
    }

    /// The label of the account in core orders (default: `default`).
    #[must_use]
    pub fn account(mut self, label: impl Into<String>) -> Self {
        self.account = label.into();
        self
    }

    /// How long one attempt may take (default 30 seconds).
    #[must_use]
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.engine = self.engine.attempt_timeout(timeout);
        self
    }

    /// How long a call may take in all, waits included (default 120 seconds).
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.engine = self.engine.deadline(deadline);
        self
    }

    /// When a read is tried again.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.engine = self.engine.retry(policy);
        self
    }

    /// A local limit of requests. None by default: the vendor documents no number.
    #[must_use]
    pub fn rate_limit(mut self, limit: Option<RateLimit>) -> Self {
        self.engine = self.engine.rate_limit(limit);
        self
    }

    /// The largest body that is read, in bytes.
    #[must_use]
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.engine = self.engine.max_body(bytes);
        self
    }

    /// Your own transport instead of reqwest.
    #[must_use]
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.engine = self.engine.transport(transport);
        self
    }

    /// Your own clock; timestamps are made from it.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.engine = self.engine.clock(clock);
        self
    }

    /// Your own randomness for the waits between attempts.
    #[must_use]
    pub fn randomness(mut self, randomness: Arc<dyn Randomness>) -> Self {
        self.engine = self.engine.randomness(randomness);
        self
    }

    /// The client.
    ///
    /// # Errors
    /// `Config`: a key that cannot be a header, a base URL that is none, a transport that cannot be made.
    pub fn build(self) -> Result<Client, Error> {
        let key = self.key?;
        let base = base_url(self.environment.base_url())?;
        let engine = self.engine.only_to(base.as_str()).build()?;
        Ok(Client {
            account: Account::new(VENDOR.to_owned(), self.account.clone()),
            mapper: Mapper::new(self.account),
            engine,
            base,
            key,
        })
    }
}

/// A base URL whose path ends in a slash, so that nothing of it is lost when paths are appended.
fn base_url(text: &str) -> Result<Url, Error> {
    let config = |message: String| Error::new(ErrorKind::Config, message);
    let mut url =
        Url::parse(text).map_err(|error| config(format!("the base URL is no URL: {error}")))?;
    if !matches!(url.scheme(), "http" | "https")
        || url.query().is_some()
        || url.fragment().is_some()
        || url.password().is_some()
        || !url.username().is_empty()
    {
        return Err(config(
            "the base URL must be http or https, without query, fragment, user and password"
                .to_owned(),
        ));
    }
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    Ok(url)
}

impl fmt::Debug for ClientBuilder {
    /// The account only: the key is secret, and a base URL that was not checked yet may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("account", &self.account)
            .finish_non_exhaustive()
    }
}
