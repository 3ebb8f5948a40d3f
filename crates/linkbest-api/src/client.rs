//! The client and its builder.

use std::fmt;
use std::hash::Hasher;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use orders_core::{Account, Error};
use orders_http::{Attempt, BaseUrl, ClientOptions, Endpoint, Engine, RateLimit, Reply, Transport};
use secrecy::{ExposeSecret, SecretString};

use crate::VENDOR;
use crate::auth::{Credentials, Md5Signing, SigningStrategy};
use crate::envelope::{Listed, Page, check};
use crate::mapping::Mapper;
use crate::orders::Params;

/// Where the API is. Documented; no test environment is.
pub const DEFAULT_BASE_URL: &str = "https://api.linkbest.com/";

/// The pace that a client keeps by default, unless its host is this machine: 10 requests a second, 10 at once. It is our
/// choice: the vendor documents no number.
pub const DEFAULT_RATE_LIMIT: RateLimit =
    RateLimit::of(NonZeroU32::new(10).unwrap(), NonZeroU32::new(10).unwrap());

/// A client of one Linkbest account. Cheap to clone; clones share the rate limit. Its calls need a tokio runtime.
///
/// ```no_run
/// use linkbest_api::{Client, Error};
///
/// fn client() -> Result<Client, Error> {
///     Client::builder("app key", "app secret").account("main").build()
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Client {
    account: Account,
    mapper: Mapper,
    engine: Engine,
    credentials: Credentials,
}

impl Client {
    /// A builder with app key and app secret.
    pub fn builder(app_key: impl Into<String>, app_secret: impl Into<String>) -> ClientBuilder {
        ClientBuilder::new(app_key.into().into(), app_secret.into().into())
    }

    /// A client with the default settings.
    ///
    /// # Errors
    /// `Config`, where key or secret cannot be one.
    pub fn new(app_key: impl Into<String>, app_secret: impl Into<String>) -> Result<Self, Error> {
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

    /// The account that this client is for.
    #[must_use]
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// From this account's orders to the common vocabulary.
    #[must_use]
    pub fn mapper(&self) -> &Mapper {
        &self.mapper
    }

    /// How many requests were sent in all, by this client and its clones, attempts that failed included.
    #[must_use]
    pub fn requests_sent(&self) -> u64 {
        self.engine.requests_sent()
    }

    /// Feeds where requests go, and the credentials, into a hasher.
    pub(crate) fn identify(&self, into: &mut dyn Hasher) {
        let credentials = self.credentials.identity();
        self.engine.identify(credentials.expose_secret(), into);
    }

    /// Any service, signed, retried and checked like the others. `Timestamp` is added (and replaced) here. The reply is
    /// given as it came, if its HTTP status and its `Status` say success.
    ///
    /// A service whose name ends in `.get` counts as a read, and is retried where that makes sense; any other only where
    /// the request was never sent.
    ///
    /// ```no_run
    /// use linkbest_api::{Client, Error, Params};
    ///
    /// async fn programs(client: &Client) -> Result<(), Error> {
    ///     let params = Params::new().with("Page", 1);
    ///     let reply = client.raw("linkbest.open-service.stores.plans.get", &params).await?;
    ///     println!("{} bytes of JSON", reply.body().len());
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// As [`list_orders`](Self::list_orders); nothing is decoded but the failure.
    pub async fn raw(&self, service: &'static str, params: &Params) -> Result<Reply, Error> {
        let endpoint = Endpoint::post(service, service);
        let endpoint = match service.ends_with(".get") {
            true => endpoint.retry_safe(),
            false => endpoint,
        };
        let params = Ok(params.clone());
        let read = |reply: &Reply| check(reply).map(|_| reply.clone());
        self.run(&endpoint, params, read).await
    }

    /// One page, each record read by itself.
    pub(crate) async fn page<T: Listed>(
        &self,
        endpoint: &Endpoint,
        params: Result<Params, Error>,
    ) -> Result<Page<T>, Error> {
        let read = |reply: &Reply| {
            let mut page = check(reply)?.rows(reply.body())?;
            page.answered_at = reply.date().map(DateTime::from);
            Ok(page)
        };
        self.run(endpoint, params, read).await
    }

    /// Sends the parameters, unless they break a stated rule, and reads the reply.
    pub(crate) async fn run<T>(
        &self,
        endpoint: &Endpoint,
        params: Result<Params, Error>,
        read: impl Fn(&Reply) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        let params = params.map_err(|error| error.at(VENDOR, endpoint.name))?;
        let build = |attempt: Attempt| {
            self.credentials
                .request(self.engine.base(), endpoint.path, &params, attempt.now)
        };
        self.engine.run(endpoint, build, read).await
    }
}

/// Builds a [`Client`].
///
/// ```no_run
/// use std::time::Duration;
/// use linkbest_api::http::{ClientOptions, RateLimit};
/// use linkbest_api::{Client, Error};
///
/// fn client() -> Result<Client, Error> {
///     Client::builder("app key", "app secret")
///         .rate_limit(RateLimit::new(2, 4)?)
///         .options(ClientOptions::new().user_agent("my-app/1.0"))
///         .deadline(Duration::from_secs(60))
///         .build()
/// }
/// ```
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

    /// How the client sends: what these options leave open stays as it is. By default it keeps [`DEFAULT_RATE_LIMIT`],
    /// except to a loopback host; [`ClientOptions::no_rate_limit`] switches it off.
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
        let options = self.options.or(&defaults(&base));
        let mapper = Mapper::new(&self.account);
        Ok(Client {
            account: Account::new(VENDOR, self.account),
            mapper: match self.zone {
                Some(zone) => mapper.zone(zone),
                None => mapper,
            },
            engine: Engine::new(VENDOR, base, &options)?.hiding(credentials.secrets()),
            credentials,
        })
    }
}

fn defaults(base: &BaseUrl) -> ClientOptions {
    let defaults = ClientOptions::new().user_agent(concat!(
        env!("CARGO_PKG_NAME"),
        "/",
        env!("CARGO_PKG_VERSION")
    ));
    match base.is_loopback() {
        true => defaults,
        false => defaults.rate_limit(DEFAULT_RATE_LIMIT),
    }
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
