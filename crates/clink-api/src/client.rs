//! The client, its builder and the environments.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use orders_core::{Account, Error, ErrorKind};
use orders_http::{
    BaseUrl, ClientOptions, Endpoint, Engine, RateLimit, Reply, Transport, http_fault, unbuildable,
};
use orders_wire::Record;
use secrecy::SecretString;

use crate::auth::ApiKey;
use crate::error::{Payload, hint};
use crate::orders::{GET_ORDER, LIST_ORDERS, ListOrders, Order, OrdersPage, decode_page};
use crate::refunds::{GET_REFUND, Refund};
use crate::{Mapper, VENDOR};

/// Any other read; its path is given.
const RAW: Endpoint = Endpoint::get("GET (raw)", "");

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
    key: ApiKey,
}

impl Client {
    /// A builder with the secret key. Keys are used as they are: the vendor has more prefixes than it documents.
    pub fn builder(api_key: impl Into<SecretString>) -> ClientBuilder {
        ClientBuilder::new(api_key.into())
    }

    /// A client with the vendor's production environment and the default settings.
    ///
    /// # Errors
    /// `Config`, where the key cannot be a header.
    pub fn new(api_key: impl Into<SecretString>) -> Result<Self, Error> {
        Self::builder(api_key).build()
    }

    /// This client with other options, for a single call or for some. What they leave open stays as it is; account,
    /// credential, connections and the bucket of the rate limit are shared.
    ///
    /// # Errors
    /// `Config`, for options that no client can work with.
    pub fn with_options(&self, options: ClientOptions) -> Result<Self, Error> {
        Ok(Self {
            engine: self.engine.with_options(options)?,
            ..self.clone()
        })
    }

    /// One page of the list of orders. A read: it is tried again where that makes sense.
    ///
    /// # Errors
    /// `InvalidRequest` where the request breaks a stated rule (nothing is sent); the vendor's failure, also one
    /// under HTTP 200; `Decode` with the JSON path.
    pub async fn list_orders(&self, request: &ListOrders) -> Result<OrdersPage, Error> {
        request
            .check()
            .map_err(|error| error.at(VENDOR, LIST_ORDERS.name))?;
        let query = request.parameters();
        let read = |reply: &Reply| decoded(reply, decode_page);
        self.run(&LIST_ORDERS, LIST_ORDERS.path, &query, read).await
    }

    /// One order as it is now.
    ///
    /// # Errors
    /// `NotFound` where the vendor does not have it; `InvalidRequest` for an id that cannot stand in a path; else as
    /// [`list_orders`](Self::list_orders).
    pub async fn get_order(&self, id: &str) -> Result<Record<Order>, Error> {
        self.get_one(&GET_ORDER, id, crate::orders::decode_single)
            .await
    }

    /// One refund as it is now.
    ///
    /// # Errors
    /// As [`get_order`](Self::get_order).
    pub async fn get_refund(&self, id: &str) -> Result<Record<Refund>, Error> {
        self.get_one(&GET_REFUND, id, crate::refunds::decode_single)
            .await
    }

    async fn get_one<T>(
        &self,
        endpoint: &Endpoint,
        id: &str,
        decode: fn(&Bytes) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let path = endpoint.path_of(&[id]);
        let path = path.map_err(|error| error.at(VENDOR, endpoint.name))?;
        let read = |reply: &Reply| decoded(reply, decode);
        self.run(endpoint, &path, &[], read).await
    }

    /// Any other read, with the same authentication, retries and errors: `path` is relative to the base URL
    /// (`refund/re_1`). The reply is given as it came, if its HTTP status and its `code` say success.
    ///
    /// # Errors
    /// As [`list_orders`](Self::list_orders); nothing is decoded but the failure.
    pub async fn get_raw(&self, path: &str, query: &[(&str, String)]) -> Result<Reply, Error> {
        let read = |reply: &Reply| decoded(reply, |_| succeeded(reply)).map(|()| reply.clone());
        self.run(&RAW, path, query, read).await
    }

    async fn run<T>(
        &self,
        endpoint: &Endpoint,
        path: &str,
        query: &[(&str, String)],
        read: impl Fn(&Reply) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        let uri = self.engine.base().join(path, query);
        let uri = uri.map_err(|error| error.at(VENDOR, endpoint.name))?;
        let build = |attempt: orders_http::Attempt| {
            let request = http::Request::builder().method(endpoint.method).uri(&uri);
            self.key
                .authenticate(request, attempt.now)?
                .header(http::header::ACCEPT, "application/json")
                .body(Bytes::new())
                .map_err(unbuildable)
        };
        self.engine.run(endpoint, build, read).await
    }
}

/// What `decode` makes of a successful answer, and the error of any other. The body is read again only where it is no
/// success: the vendor's message then comes masked, a web page is called one.
fn decoded<T>(reply: &Reply, decode: impl Fn(&Bytes) -> Result<T, Error>) -> Result<T, Error> {
    if !reply.is_success() {
        return Err(http_failure(reply, Payload::read(reply.body())));
    }
    decode(reply.body()).or_else(|why| succeeded(reply).and(Err(why)))
}

/// Refuses a failure that hides under HTTP 200, and a web page.
fn succeeded(reply: &Reply) -> Result<(), Error> {
    if let Some(payload) = Payload::read(reply.body()).filter(Payload::is_failure) {
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
#[must_use]
pub struct ClientBuilder {
    key: SecretString,
    environment: Environment,
    account: String,
    options: ClientOptions,
}

impl ClientBuilder {
    fn new(key: SecretString) -> Self {
        Self {
            key,
            environment: Environment::default(),
            account: "default".to_owned(),
            options: ClientOptions::new(),
        }
    }

    /// Where the API is (default: production).
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// A base URL of your own, its path included; mainly for tests and proxies. The key goes only to its host.
    pub fn base_url(self, url: impl Into<String>) -> Self {
        self.environment(Environment::Custom(url.into()))
    }

    /// The label of the account in core orders (default: `default`).
    pub fn account(mut self, label: impl Into<String>) -> Self {
        self.account = label.into();
        self
    }

    /// How the client sends: what these options leave open stays as it is. No rate limit is kept by default: the vendor
    /// documents no number.
    pub fn options(mut self, options: ClientOptions) -> Self {
        self.options = options.or(&self.options);
        self
    }

    /// Your own transport instead of reqwest; short for [`ClientOptions::transport`].
    pub fn transport(self, transport: Arc<dyn Transport>) -> Self {
        self.options(ClientOptions::new().transport(transport))
    }

    /// A local limit of requests; short for [`ClientOptions::rate_limit`].
    pub fn rate_limit(self, limit: RateLimit) -> Self {
        self.options(ClientOptions::new().rate_limit(limit))
    }

    /// How long a call may take in all, waits included; short for [`ClientOptions::deadline`].
    pub fn deadline(self, deadline: Duration) -> Self {
        self.options(ClientOptions::new().deadline(deadline))
    }

    /// The client.
    ///
    /// # Errors
    /// `Config`: a key that cannot be a header, a base URL that is none or would send the key in clear, options that no
    /// client can work with, no transport.
    pub fn build(self) -> Result<Client, Error> {
        let key = ApiKey::new(self.key)?;
        let base = BaseUrl::parse(self.environment.base_url())?;
        let options = self.options.or(&defaults());
        Ok(Client {
            account: Account::new(VENDOR.to_owned(), self.account.clone()),
            mapper: Mapper::new(self.account),
            engine: Engine::new(VENDOR, base, &options)?,
            key,
        })
    }
}

fn defaults() -> ClientOptions {
    ClientOptions::new().user_agent(concat!(
        env!("CARGO_PKG_NAME"),
        "/",
        env!("CARGO_PKG_VERSION")
    ))
}

impl fmt::Debug for ClientBuilder {
    /// The account only: the key is secret, and a base URL that was not checked yet may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("account", &self.account)
            .finish_non_exhaustive()
    }
}
