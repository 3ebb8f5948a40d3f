//! The client and its builder.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::FixedOffset;
use futures_core::Stream;
use orders_core::{Account, Error, ErrorKind, PageReader, Slice, Walk};
use orders_http::{
    Call, Clock, Engine, EngineBuilder, Randomness, RateLimit, RateLimiter, Reply, RetryPolicy,
    Transport,
};
use orders_wire::Record;
use secrecy::SecretString;
use url::Url;

use crate::auth::{Credentials, Md5Signing, SigningStrategy};
use crate::error::http::check;
use crate::orders::{ORDERS_QUERY, Order, OrdersPage, OrdersRange, QueryOrders, page_of};
use crate::source::RangeSource;
use crate::{Mapper, Params, VENDOR};

/// Where the API is. Documented; no test environment is.
pub const DEFAULT_BASE_URL: &str = "https://api.linkbest.com/";

const QUERY_ORDERS: Call = Call {
    endpoint: ORDERS_QUERY,
    retry_safe: true,
};

/// The documented services for publishers, for errors and spans of raw calls.
const SERVICES: [&str; 6] = [
    ORDERS_QUERY,
    "linkbest.open-service.orders.detail.get",
    "linkbest.open-service.orders.settlement.get",
    "linkbest.open-service.stores.plans.get",
    "linkbest.open-service.report.program.get",
    "linkbest.service.links.post",
];

/// A client of one Linkbest account. Cheap to clone; clones share the rate limit.
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) account: Account,
    pub(crate) mapper: Mapper,
    engine: Engine,
    base: Url,
    credentials: Credentials,
}

impl Client {
    /// A builder with app key and app secret.
    pub fn builder(
        app_key: impl Into<String>,
        app_secret: impl Into<SecretString>,
    ) -> ClientBuilder {
        ClientBuilder::new(app_key.into(), app_secret.into())
    }

    /// A client with the default settings.
    ///
    /// # Errors
    /// `Config`, where key or secret cannot be one.
    pub fn new(
        app_key: impl Into<String>,
        app_secret: impl Into<SecretString>,
    ) -> Result<Self, Error> {
        Self::builder(app_key, app_secret).build()
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
        query
            .check()
            .map_err(|error| error.at(VENDOR, ORDERS_QUERY))?;
        let read = |reply: &Reply| page_of(check(reply)?, reply.body());
        self.run(&QUERY_ORDERS, ORDERS_QUERY, &query.params(), read)
            .await
    }

    /// All orders of a range of any length, each once (and again where it changed meanwhile).
    ///
    /// The range is walked in windows of less than a day that each fit one page of 200; a window that comes back full
    /// is halved and asked again. A single second with more rows is paged forwards to its end and once more backwards,
    /// so that rows that move meanwhile are met on one of the ways. The stream holds one page. An error comes once and
    /// ends it.
    ///
    /// Orders of the last minutes may still be on their way into the vendor's answers: end the range a little before
    /// now, and begin the next where this one ended.
    pub fn stream_orders(
        &self,
        range: &OrdersRange,
    ) -> impl Stream<Item = Result<Record<Order>, Error>> + Send + use<> {
        let slice = Slice::window(Walk::Windows, range.order_field.axis(), range.window);
        let source = RangeSource {
            client: self.clone(),
            range: range.clone(),
        };
        orders_http::rows(PageReader::owned(Arc::new(source), slice))
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
        let call = Call {
            endpoint: documented.unwrap_or("raw call"),
            retry_safe: service.ends_with(".get"),
        };
        let read = |reply: &Reply| check(reply).map(|_| reply.clone());
        self.run(&call, service, params, read).await
    }

    async fn run<T>(
        &self,
        call: &Call,
        service: &str,
        params: &Params,
        read: impl Fn(&Reply) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        let build = |attempt: orders_http::Attempt| {
            self.credentials
                .request(&self.base, service, params, attempt.now)
        };
        self.engine.run(call, build, read).await
    }
}

/// Builds a [`Client`].
pub struct ClientBuilder {
    app_key: String,
    app_secret: SecretString,
    signing: Arc<dyn SigningStrategy>,
    base_url: String,
    account: String,
    zone: Option<FixedOffset>,
    engine: EngineBuilder,
}

/// Neither key nor secret nor URL is shown.
impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("account", &self.account)
            .field("signing", &self.signing)
            .field("engine", &self.engine)
            .finish_non_exhaustive()
    }
}

impl ClientBuilder {
    fn new(app_key: String, app_secret: SecretString) -> Self {
        Self {
            app_key,
            app_secret,
            signing: Arc::new(Md5Signing::default()),
            base_url: DEFAULT_BASE_URL.to_owned(),
            account: "default".to_owned(),
            zone: None,
            engine: Engine::builder(VENDOR),
        }
    }

    /// A base URL of your own, its path included, with or without a slash at its end; mainly for tests and proxies.
    /// Requests go to `{base}/{APP_KEY}/{SERVICE}` and to no other host. Default [`DEFAULT_BASE_URL`].
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// The label of the account in core orders (default: `default`).
    #[must_use]
    pub fn account(mut self, label: impl Into<String>) -> Self {
        self.account = label.into();
        self
    }

    /// Another last step of the signature, which the vendor does not document. Default [`Md5Signing`], with the secret
    /// on both sides and `Sign` in the query.
    #[must_use]
    pub fn signing(mut self, strategy: impl SigningStrategy + 'static) -> Self {
        self.signing = Arc::new(strategy);
        self
    }

    /// The zone of the vendor's local times in core orders. Default UTC+8, which is inferred.
    #[must_use]
    pub fn zone(mut self, zone: FixedOffset) -> Self {
        self.zone = Some(zone);
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

    /// A local limit of requests. None by default: the vendor documents that there is one, and no number.
    #[must_use]
    pub fn rate_limit(mut self, limit: Option<RateLimit>) -> Self {
        self.engine = self.engine.rate_limit(limit);
        self
    }

    /// A local limit shared with other clients of the same account.
    #[must_use]
    pub fn limiter(mut self, limiter: RateLimiter) -> Self {
        self.engine = self.engine.limiter(limiter);
        self
    }

    /// The largest body that is read, in bytes (default 16 MiB).
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
    /// `Config`: a key or secret that cannot be one, a base URL that is none, a transport that cannot be made.
    pub fn build(self) -> Result<Client, Error> {
        let credentials = Credentials::new(self.app_key, self.app_secret, self.signing)?;
        let base = base_url(&self.base_url)?;
        let engine = self.engine.only_to(base.as_str()).build()?;
        let mapper = Mapper::new(&self.account);
        Ok(Client {
            account: Account {
                provider: VENDOR.to_owned(),
                label: self.account,
            },
            mapper: match self.zone {
                Some(zone) => mapper.zone(zone),
                None => mapper,
            },
            engine,
            base,
            credentials,
        })
    }
}

fn base_url(text: &str) -> Result<Url, Error> {
    let config = |message: String| Error::new(ErrorKind::Config, message);
    let url =
        Url::parse(text).map_err(|error| config(format!("the base URL is no URL: {error}")))?;
    let plain = url.query().is_none() && url.fragment().is_none();
    let anonymous = url.username().is_empty() && url.password().is_none();
    if matches!(url.scheme(), "http" | "https") && plain && anonymous {
        return Ok(url);
    }
    Err(config(
        "the base URL must be http or https, without query, fragment and user".to_owned(),
    ))
}
