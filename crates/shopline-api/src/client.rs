//! The client.

use std::fmt;
use std::hash::Hasher;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chrono::DateTime;
use http::{Request, Uri};
use orders_core::{Account, Error, ErrorKind, Identity};
use orders_http::{
    Attempt, BaseUrl, ClientOptions, Endpoint, Engine, RateLimit, Reply, Transport, unbuildable,
};
use secrecy::SecretString;

use crate::auth::{self, authenticate};
use crate::failure::{decoded, refuse_failure, refuse_fault};
use crate::orders::links::{LinkHosts, Links};
use crate::tokens::{AccessToken, AccessTokens, StaticToken};
use crate::{Mapper, Page, USER_AGENT, VENDOR};

/// Any read that has no call of its own.
const RAW_GET: Endpoint = Endpoint::get("GET (raw)", "");

/// The API version of requests, unless another is set. Versions are stable for twelve months.
pub const DEFAULT_VERSION: &str = "v20260301";

/// The documented limit of an app in a store, which the client keeps by default: 4 requests a second, 40 at once.
pub const DEFAULT_RATE_LIMIT: RateLimit =
    RateLimit::of(NonZeroU32::new(4).unwrap(), NonZeroU32::new(40).unwrap());

/// A client of one app in one SHOPLINE store. Cheap to clone; clones share the rate limit.
///
/// The vendor counts requests per app and store, over all processes: 4 a second, 40 at once. Several processes share
/// that bucket, so give each its part with [`ClientBuilder::rate_limit`]; several clients in one process share one with
/// [`ClientOptions::limiter`].
///
/// ```no_run
/// use shopline_api::{Client, Error};
///
/// async fn print(token: &str, id: &str) -> Result<(), Error> {
///     // The handle is the part of the domain before `.myshopline.com`; the token comes without the word `Bearer`.
///     let order = Client::new("open001", token.to_owned())?.get_order(id).await?;
///     println!("{:?} {:?}", order.name, order.current_total_price);
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Client {
    account: Account,
    mapper: Mapper,
    engine: Engine,
    hosts: LinkHosts,
    tokens: Arc<dyn AccessTokens>,
    /// In lower case.
    handle: String,
}

impl Client {
    /// A builder for the store with this handle (the part of its domain before `.myshopline.com`) and an access token
    /// (without the word `Bearer`).
    pub fn builder(
        handle: impl Into<String>,
        access_token: impl Into<SecretString>,
    ) -> ClientBuilder {
        let token = AccessToken::new(access_token);
        let tokens = token.map(|token| Arc::new(StaticToken::new(token)) as _);
        ClientBuilder::new(handle.into(), tokens)
    }

    /// A builder for the store with this handle and what gives its tokens, such as a
    /// [`RefreshingToken`](crate::tokens::RefreshingToken). Each call takes its token from it; where the vendor refuses a
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
    pub fn new(
        handle: impl Into<String>,
        access_token: impl Into<SecretString>,
    ) -> Result<Self, Error> {
        Self::builder(handle, access_token).build()
    }

    /// This client with other options, for a single call or for some. What they leave open stays as it is; account,
    /// tokens, connections and the bucket of the rate limit are shared.
    ///
    /// # Errors
    /// `Config`, for options that no client can work with.
    pub fn with_options(&self, options: ClientOptions) -> Result<Self, Error> {
        Ok(Self {
            engine: self.engine.with_options(options)?,
            ..self.clone()
        })
    }

    /// How many requests were sent in all to the store, by this client and its clones, attempts that failed included;
    /// those for tokens are not counted.
    #[must_use]
    pub fn requests_sent(&self) -> u64 {
        self.engine.requests_sent()
    }

    /// Feeds where requests go, and the store or its token, into a hasher; `false` where the tokens change by themselves.
    pub(crate) fn identify(&self, part: Identity, into: &mut dyn Hasher) -> bool {
        let token = match part {
            Identity::Store => {
                self.engine.identify(&self.handle, into);
                return true;
            }
            Identity::Credential => self.tokens.lasting(),
            _ => None,
        };
        if let Some(token) = token {
            self.engine.identify(token.expose(), into);
        }
        token.is_some()
    }

    /// Any other read, with the same authentication, retries and errors: `path` is relative to
    /// `/admin/openapi/{version}/` (`orders/count.json`). The reply is given as it came, if its HTTP status says success
    /// and its body is JSON without `errors`.
    ///
    /// ```no_run
    /// use shopline_api::{Client, Error};
    ///
    /// async fn shop(client: &Client) -> Result<(), Error> {
    ///     let reply = client.raw("merchants/shop.json", &[]).await?;
    ///     println!("{} bytes of JSON", reply.body().len());
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// `InvalidRequest` for a path that is no plain one; else as [`list_orders`](Self::list_orders).
    pub async fn raw(&self, path: &str, query: &[(&str, String)]) -> Result<Reply, Error> {
        let read = |reply: &Reply| {
            refuse_fault(reply, RAW_GET)?;
            refuse_failure(reply, false)?;
            Ok(reply.clone())
        };
        self.send(RAW_GET, path, query, Bytes::new(), read).await
    }

    /// Sends what an endpoint requests, with these values in its path. Only for reads: each may be sent again.
    pub(crate) async fn call<T>(
        &self,
        endpoint: Endpoint,
        values: &[&str],
        query: &[(&str, String)],
        body: Bytes,
        read: impl Fn(&Reply) -> Result<T, Error> + Send + Sync,
    ) -> Result<T, Error> {
        let path = endpoint.path_of(values);
        let path = path.map_err(|error| error.at(VENDOR, endpoint.name))?;
        self.send(endpoint, &path, query, body, read).await
    }

    /// The list that an endpoint answers, with where the pages before and after it are.
    pub(crate) async fn list<T>(
        &self,
        endpoint: Endpoint,
        values: &[&str],
        query: &[(&str, String)],
        body: Bytes,
        decode: fn(&Bytes) -> Result<Page<T>, Error>,
    ) -> Result<Page<T>, Error> {
        let read = |reply: &Reply| {
            let page = decoded(reply, endpoint, decode)?;
            let links = Links::read(reply.headers(), &self.hosts)?;
            Ok(Page {
                next: links.next,
                previous: links.previous,
                trace_id: reply.trace_id().map(str::to_owned),
                answered_at: reply.date().map(DateTime::from),
                ..page
            })
        };
        self.call(endpoint, values, query, body, read).await
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

    async fn send<T>(
        &self,
        endpoint: Endpoint,
        path: &str,
        query: &[(&str, String)],
        body: Bytes,
        read: impl Fn(&Reply) -> Result<T, Error> + Send + Sync,
    ) -> Result<T, Error> {
        let uri: Uri = self
            .engine
            .base()
            .join(path, query)
            .map_err(|error| error.at(VENDOR, endpoint.name))?;
        let build = |token: &AccessToken| {
            let request = Request::builder().method(endpoint.method).uri(&uri);
            let request = authenticate(token.secret(), request);
            request?.body(body.clone()).map_err(unbuildable)
        };
        let token = self.tokens.token().await?;
        let first = |_: Attempt| build(&token);
        // A token may be another one in each call, so the engine is given that of this one.
        let engine = |token: &AccessToken| self.engine.clone().hiding([token.secret().clone()]);
        let refused = match engine(&token).run(&endpoint, first, &read).await {
            Err(error) if error.status() == Some(401) => error,
            done => return done,
        };
        let Some(token) = self.tokens.refused(&token).await? else {
            return Err(refused);
        };
        let again = |_: Attempt| build(&token);
        engine(&token).run(&endpoint, again, &read).await
    }
}

/// Builds a [`Client`].
///
/// ```no_run
/// use std::time::Duration;
/// use shopline_api::http::{ClientOptions, RateLimit};
/// use shopline_api::{Client, Error};
///
/// fn client(token: String) -> Result<Client, Error> {
///     Client::builder("open001", token)
///         .version("v20260301")
///         .rate_limit(RateLimit::new(2, 20)?) // half of the bucket; another process has the rest
///         .options(ClientOptions::new().user_agent("my-app/1.0"))
///         .deadline(Duration::from_secs(60))
///         .build()
/// }
/// ```
#[must_use]
pub struct ClientBuilder {
    handle: String,
    tokens: Result<Arc<dyn AccessTokens>, Error>,
    version: String,
    base_url: Option<String>,
    account: Option<String>,
    options: ClientOptions,
}

impl ClientBuilder {
    fn new(handle: String, tokens: Result<Arc<dyn AccessTokens>, Error>) -> Self {
        Self {
            handle,
            tokens,
            version: DEFAULT_VERSION.to_owned(),
            base_url: None,
            account: None,
            options: ClientOptions::new(),
        }
    }

    /// The API version, `v` and eight digits (default [`DEFAULT_VERSION`]).
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = version.into();
        self
    }

    /// A base URL of your own instead of `https://{handle}.myshopline.com`; mainly for tests and proxies. The token goes
    /// only to its host. It has no user, password, query nor fragment.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// The label of the account in core orders (default: the handle).
    pub fn account(mut self, label: impl Into<String>) -> Self {
        self.account = Some(label.into());
        self
    }

    /// How the client sends: what these options leave open stays as it is. By default it keeps [`DEFAULT_RATE_LIMIT`];
    /// stores on the enterprise plan have none ([`ClientOptions::no_rate_limit`]).
    ///
    /// A read is retried only after 429 and 502 to 504, and where no whole answer came; never after 500, which was
    /// seen for wrong parameters.
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
    /// `Config`: a handle that is no part of a host name, a token that cannot be a header, tokens of another store, a
    /// version of another form, a base URL that is none or would send the token in clear, options that no client can
    /// work with, no transport.
    pub fn build(self) -> Result<Client, Error> {
        let tokens = self.tokens?;
        auth::check_version(&self.version)?;
        let store = auth::store(&self.handle)?;
        if tokens
            .handle()
            .is_some_and(|handle| !handle.eq_ignore_ascii_case(&self.handle))
        {
            let message = "the access tokens are those of another store";
            return Err(Error::new(ErrorKind::Config, message));
        }
        let root = match &self.base_url {
            Some(url) => BaseUrl::parse(url)?,
            None => store.clone(),
        };
        let base = root.below(&format!("admin/openapi/{}", self.version))?;
        let defaults = ClientOptions::new().user_agent(USER_AGENT);
        let options = self.options.or(&defaults.rate_limit(DEFAULT_RATE_LIMIT));
        let handle = self.handle.to_ascii_lowercase();
        let label = self.account.unwrap_or(self.handle);
        let hosts = LinkHosts::new(&base, &store)?;
        Ok(Client {
            account: Account::new(VENDOR, &label),
            mapper: Mapper::new(label),
            engine: Engine::new(VENDOR, base, &options)?,
            hosts,
            tokens,
            handle,
        })
    }
}

impl fmt::Debug for ClientBuilder {
    /// Without the base URL, which is not checked yet and may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("handle", &auth::shown_handle(&self.handle))
            .field("tokens", &self.tokens)
            .field("version", &self.version)
            .field("account", &self.account)
            .finish_non_exhaustive()
    }
}
