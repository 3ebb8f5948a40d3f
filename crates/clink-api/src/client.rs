//! The client, its builder and the environments.

use std::fmt;
use std::hash::Hasher;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use orders_core::{Account, Error};
use orders_http::{
    Attempt, BaseUrl, ClientOptions, Endpoint, Engine, RateLimit, Reply, Transport, unbuildable,
};
use secrecy::SecretString;

use crate::VENDOR;
use crate::auth::ApiKey;
use crate::failure::{decoded, succeeded};
use crate::mapping::Mapper;

/// Any other read; its path is given.
const RAW: Endpoint = Endpoint::get("GET (raw)", "");

/// The pace that a client keeps by default, unless its host is this machine: 10 requests a second, 10 at once. It is our
/// choice: the vendor documents no number.
pub const DEFAULT_RATE_LIMIT: RateLimit =
    RateLimit::of(NonZeroU32::new(10).unwrap(), NonZeroU32::new(10).unwrap());

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

/// A client of one Clink account. Cheap to clone; clones share the connections and the rate limit.
///
/// Its calls need a tokio runtime with its timer; `#[tokio::main]` and `#[tokio::test]` have it.
///
/// ```no_run
/// use clink_api::{Client, Error};
///
/// async fn print(key: &str) -> Result<(), Error> {
///     let order = Client::new(key)?.get_order("order_1").await?;
///     println!("{:?} {:?}", order.amount_total, order.payment_currency);
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Client {
    account: Account,
    mapper: Mapper,
    engine: Engine,
    key: ApiKey,
}

impl Client {
    /// A builder with the secret key. Keys are used as they are: the vendor has more prefixes than it documents.
    pub fn builder(api_key: impl Into<String>) -> ClientBuilder {
        ClientBuilder::new(SecretString::from(api_key.into()))
    }

    /// A client with the vendor's production environment and the default settings.
    ///
    /// # Errors
    /// `Config`, where the key cannot be a header.
    pub fn new(api_key: impl Into<String>) -> Result<Self, Error> {
        Self::builder(api_key).build()
    }

    /// Whose orders it reads.
    #[must_use]
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// Maps the orders of this account to the common vocabulary.
    #[must_use]
    pub fn mapper(&self) -> &Mapper {
        &self.mapper
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

    /// How many requests were sent in all, by this client and its clones, attempts that failed included.
    #[must_use]
    pub fn requests_sent(&self) -> u64 {
        self.engine.requests_sent()
    }

    /// Feeds where requests go, and the key, into a hasher.
    pub(crate) fn identify(&self, into: &mut dyn Hasher) {
        self.engine.identify(self.key.expose(), into);
    }

    /// Reads the one thing with this id.
    pub(crate) async fn get_one<T>(
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
    /// ```no_run
    /// use clink_api::{Client, Error};
    ///
    /// async fn subscription(client: &Client, id: &str) -> Result<(), Error> {
    ///     let reply = client.raw(&format!("subscription/{id}"), &[]).await?;
    ///     println!("{} bytes of JSON", reply.body().len());
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// As [`list_orders`](Self::list_orders); nothing is decoded but the failure.
    pub async fn raw(&self, path: &str, query: &[(&str, String)]) -> Result<Reply, Error> {
        let read = |reply: &Reply| decoded(reply, |_| succeeded(reply)).map(|()| reply.clone());
        self.run(&RAW, path, query, read).await
    }

    /// Sends a request, with authentication made anew for each attempt, and reads its reply.
    pub(crate) async fn run<T>(
        &self,
        endpoint: &Endpoint,
        path: &str,
        query: &[(&str, String)],
        read: impl Fn(&Reply) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        let uri = self.engine.base().join(path, query);
        let uri = uri.map_err(|error| error.at(VENDOR, endpoint.name))?;
        let build = |attempt: Attempt| {
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

/// Builds a [`Client`].
///
/// ```no_run
/// use std::time::Duration;
/// use clink_api::http::{ClientOptions, RateLimit};
/// use clink_api::{Client, Environment, Error};
///
/// fn client(key: &str) -> Result<Client, Error> {
///     Client::builder(key)
///         .environment(Environment::Sandbox)
///         .rate_limit(RateLimit::new(4, 8)?)
///         .options(ClientOptions::new().user_agent("my-app/1.0"))
///         .deadline(Duration::from_secs(60))
///         .build()
/// }
/// ```
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
    /// `Config`: a key that cannot be a header, a base URL that is none or would send the key in clear, options that no
    /// client can work with, no transport.
    pub fn build(self) -> Result<Client, Error> {
        let key = ApiKey::new(self.key)?;
        let base = BaseUrl::parse(self.environment.base_url())?;
        let options = self.options.or(&defaults(&base));
        Ok(Client {
            account: Account::new(VENDOR.to_owned(), self.account.clone()),
            mapper: Mapper::new(self.account),
            engine: Engine::new(VENDOR, base, &options)?.hiding([key.secret().clone()]),
            key,
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
    /// The account only: the key is secret, and a base URL that was not checked yet may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("account", &self.account)
            .finish_non_exhaustive()
    }
}
