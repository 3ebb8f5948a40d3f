//! The client and its builder.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::FixedOffset;
use orders_core::{Account, Error};
use orders_http::{BaseUrl, ClientOptions, Endpoint, Engine, RateLimit, Reply, Transport};
use orders_wire::Record;
use secrecy::SecretString;

use crate::auth::{Credentials, Md5Signing, SigningStrategy};
use crate::envelope::{Listed, Rows};
use crate::error::http::check;
use crate::orders::{
    self, GET_ORDER, LIST_ORDERS, ORDER_DETAIL, ORDERS_QUERY, Order, OrdersPage, QueryOrders,
};
use crate::reports::{PROGRAM_REPORT, QUERY_REPORT, QueryReport, ReportPage};
use crate::settlements::{QUERY_SETTLEMENTS, QuerySettlements, SETTLEMENTS_QUERY, SettlementsPage};
use crate::{Mapper, Params, VENDOR};

/// Where the API is. Documented; no test environment is.
pub const DEFAULT_BASE_URL: &str = "https://api.linkbest.com/";

/// The documented services for publishers, for errors and spans of raw calls.
const SERVICES: [&str; 6] = [
    ORDERS_QUERY,
    ORDER_DETAIL,
    SETTLEMENTS_QUERY,
    "linkbest.open-service.stores.plans.get",
    PROGRAM_REPORT,
    "linkbest.service.links.post",
];

/// A client of one Linkbest account. Cheap to clone; clones share the rate limit.
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) account: Account,
    pub(crate) mapper: Mapper,
    engine: Engine,
    credentials: Credentials,
}

impl Client {
    /// A builder with app key and app secret.
    pub fn builder(
        app_key: impl Into<SecretString>,
        app_secret: impl Into<SecretString>,
    ) -> ClientBuilder {
        ClientBuilder::new(app_key.into(), app_secret.into())
    }

    /// A client with the default settings.
    ///
    /// # Errors
    /// `Config`, where key or secret cannot be one.
    pub fn new(
        app_key: impl Into<SecretString>,
        app_secret: impl Into<SecretString>,
    ) -> Result<Self, Error> {
        Self::builder(app_key, app_secret).build()
    }

    /// This client with other options, for a single call or for some. What they leave open stays as it is; account,
    /// credentials, connections and the bucket of the rate limit are shared.
    ///
    /// # Errors
    /// `Config`, for options that no client can work with.
    pub fn with_options(&self, options: ClientOptions) -> Result<Self, Error> {
        Ok(Self {
            engine: self.engine.with_options(options)?,
            ..self.clone()
        })
    }

    /// One page of orders. A read: it is tried again where that makes sense.
    ///
    /// A window with more rows than its page holds has further pages; there is no total. While orders change, rows move
    /// between pages and some are lost: [`stream_orders`](Self::stream_orders) walks windows that fit one page instead.
    ///
    /// # Errors
    /// `InvalidRequest` where the query breaks a stated rule (nothing is sent); the vendor's failure, also one under
    /// HTTP 200; `Decode` with the JSON path.
    pub async fn query_orders(&self, query: &QueryOrders) -> Result<OrdersPage, Error> {
        let params = checked(&LIST_ORDERS, query.check().map(|()| query.params()))?;
        self.read_rows(&LIST_ORDERS, &params).await
    }

    /// One order as it is now, by its program and its number at the merchant: the vendor finds none by its id.
    ///
    /// # Errors
    /// `InvalidRequest` where one of them is empty (nothing is sent); `NotFound` where the vendor does not have the order;
    /// else as [`query_orders`](Self::query_orders).
    pub async fn get_order(
        &self,
        program_id: &str,
        order_sn: &str,
    ) -> Result<Record<Order>, Error> {
        let params = checked(&GET_ORDER, orders::params(program_id, order_sn))?;
        let read = |reply: &Reply| orders::single(check(reply)?.rows(reply.body())?);
        self.run(&GET_ORDER, GET_ORDER.path, &params, read).await
    }

    /// One page of settlement changes. A window with more rows than its page holds has further pages; there is no total.
    ///
    /// # Errors
    /// As [`query_orders`](Self::query_orders).
    pub async fn query_settlements(
        &self,
        query: &QuerySettlements,
    ) -> Result<SettlementsPage, Error> {
        let params = checked(&QUERY_SETTLEMENTS, query.check().map(|()| query.params()))?;
        self.read_rows(&QUERY_SETTLEMENTS, &params).await
    }

    /// One page of the report by program: clicks and orders of at most 31 days. Its order count is the number to verify a
    /// pull by creation time against.
    ///
    /// # Errors
    /// As [`query_orders`](Self::query_orders).
    pub async fn query_report(&self, query: &QueryReport) -> Result<ReportPage, Error> {
        let params = checked(&QUERY_REPORT, query.check().map(|()| query.params()))?;
        self.read_rows(&QUERY_REPORT, &params).await
    }

    /// Any service, signed, tried again and checked like the others. `Timestamp` is added (and replaced) here. The reply is
    /// given as it came, if its HTTP status and its `Status` say success.
    ///
    /// A service whose name ends in `.get` is taken for a read, and tried again where that makes sense; any other only
    /// where the request was never sent.
    ///
    /// # Errors
    /// As [`query_orders`](Self::query_orders); nothing is decoded but the failure. An error about a service that is
    /// not documented is headed `raw call`.
    pub async fn call(&self, service: &str, params: &Params) -> Result<Reply, Error> {
        let documented = SERVICES.into_iter().find(|known| *known == service);
        let endpoint = Endpoint::post(documented.unwrap_or("raw call"), "");
        let endpoint = match service.ends_with(".get") {
            true => endpoint.retry_safe(),
            false => endpoint,
        };
        let read = |reply: &Reply| check(reply).map(|_| reply.clone());
        self.run(&endpoint, service, params, read).await
    }

    async fn read_rows<T: Listed, P: From<Rows<T>>>(
        &self,
        endpoint: &Endpoint,
        params: &Params,
    ) -> Result<P, Error> {
        let read = |reply: &Reply| check(reply)?.rows(reply.body()).map(P::from);
        self.run(endpoint, endpoint.path, params, read).await
    }

    async fn run<T>(
        &self,
        endpoint: &Endpoint,
        service: &str,
        params: &Params,
        read: impl Fn(&Reply) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        let build = |attempt: orders_http::Attempt| {
            self.credentials
                .request(self.engine.base(), service, params, attempt.now)
        };
        self.engine.run(endpoint, build, read).await
    }
}

/// The parameters of a query that keeps the stated rules.
fn checked(endpoint: &Endpoint, params: Result<Params, Error>) -> Result<Params, Error> {
    params.map_err(|error| error.at(VENDOR, endpoint.name))
}

/// Builds a [`Client`].
#[must_use]
pub struct ClientBuilder {
    app_key: SecretString,
    app_secret: SecretString,
    signing: Arc<dyn SigningStrategy>,
    base_url: String,
    account: String,
    zone: Option<FixedOffset>,
    options: ClientOptions,
}

impl ClientBuilder {
    fn new(app_key: SecretString, app_secret: SecretString) -> Self {
        Self {
            app_key,
            app_secret,
            signing: Arc::new(Md5Signing::default()),
            base_url: DEFAULT_BASE_URL.to_owned(),
            account: "default".to_owned(),
            zone: None,
            options: ClientOptions::new(),
        }
    }

    /// A base URL of your own, its path included, with or without a slash at its end; mainly for tests and proxies.
    /// Requests go to `{base}/{APP_KEY}/{SERVICE}` and to no other host. Default [`DEFAULT_BASE_URL`].
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// The label of the account in core orders (default: `default`).
    pub fn account(mut self, label: impl Into<String>) -> Self {
        self.account = label.into();
        self
    }

    /// Another last step of the signature, which the vendor does not document. Default [`Md5Signing`], with the secret
    /// on both sides and `Sign` in the query.
    pub fn signing(mut self, strategy: impl SigningStrategy + 'static) -> Self {
        self.signing = Arc::new(strategy);
        self
    }

    /// The zone of the vendor's local times in core orders. Default UTC+8, which is inferred.
    pub fn zone(mut self, zone: FixedOffset) -> Self {
        self.zone = Some(zone);
        self
    }

    /// How the client sends: what these options leave open stays as it is. No rate limit is kept by default: the vendor
    /// documents that there is one, and no number.
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
    /// `Config`: a key or secret that cannot be one, a base URL that is none or would send the key in clear, options that
    /// no client can work with, no transport.
    pub fn build(self) -> Result<Client, Error> {
        let credentials = Credentials::new(self.app_key, self.app_secret, self.signing)?;
        let base = BaseUrl::parse(&self.base_url)?;
        let options = self.options.or(&defaults());
        let mapper = Mapper::new(&self.account);
        Ok(Client {
            account: Account::new(VENDOR, self.account),
            mapper: match self.zone {
                Some(zone) => mapper.zone(zone),
                None => mapper,
            },
            engine: Engine::new(VENDOR, base, &options)?,
            credentials,
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
    /// Neither key nor secret, nor the base URL, which is not checked yet and may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("account", &self.account)
            .field("signing", &self.signing)
            .finish_non_exhaustive()
    }
}
