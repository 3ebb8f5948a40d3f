//! The default transport.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use ::reqwest::{
    Certificate, Client, ClientBuilder, Identity, Proxy, Request, Response, redirect, retry,
};
use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use orders_core::Error;

use crate::config;
use crate::transport::{Transport, TransportError, TransportErrorKind, TransportLimits};

/// Sends requests with reqwest, over HTTP/1.1 with kept connections.
///
/// It follows no redirect and tries nothing again by itself. Cheap to clone; clones share the connections, and one
/// transport can serve several clients.
///
/// TLS is set up at the first request to an `https` address; for plain `http` nothing of it is needed. Certificates of
/// servers are checked against those of the system. On Linux and the like two environment variables can name others:
/// `SSL_CERT_FILE` and `SSL_CERT_DIR`. No other variable counts; a proxy must be named in the
/// [`builder`](Self::builder).
#[derive(Clone)]
pub struct ReqwestTransport {
    clients: Arc<Clients>,
}

struct Clients {
    setup: ReqwestTransportBuilder,
    /// For `http` addresses: it trusts no certificate at all, so none is loaded.
    plain: Client,
    tls: OnceLock<Client>,
}

impl ReqwestTransport {
    /// A transport that connects directly.
    ///
    /// # Errors
    /// As [`ReqwestTransportBuilder::build`].
    pub fn new() -> Result<Self, Error> {
        Self::builder().build()
    }

    /// A builder for another proxy, certificates or a connect timeout.
    pub fn builder() -> ReqwestTransportBuilder {
        ReqwestTransportBuilder::default()
    }

    /// A transport over a client of your own. Build it with `redirect::Policy::none()`: a redirect that it follows could
    /// lead a credential to another host. Build it with `retry::never()`: the engine counts and limits attempts.
    ///
    /// ```
    /// # fn main() -> Result<(), reqwest::Error> {
    /// let client = reqwest::Client::builder()
    ///     .redirect(reqwest::redirect::Policy::none())
    ///     .retry(reqwest::retry::never())
    ///     .pool_max_idle_per_host(2)
    ///     .build()?;
    /// let transport = orders_http::ReqwestTransport::from_client(client);
    /// # let _ = transport; Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn from_client(client: Client) -> Self {
        Self {
            clients: Arc::new(Clients {
                setup: Self::builder(),
                plain: client.clone(),
                tls: OnceLock::from(client),
            }),
        }
    }

    /// Sets TLS up, where that was not done yet.
    pub(crate) fn with_tls(self) -> Result<Self, Error> {
        self.clients.tls()?;
        Ok(self)
    }
}

impl Clients {
    fn tls(&self) -> Result<&Client, Error> {
        match self.tls.get() {
            Some(client) => Ok(client),
            None => {
                let client = self.setup.tls()?;
                Ok(self.tls.get_or_init(|| client))
            }
        }
    }
}

impl fmt::Debug for ReqwestTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReqwestTransport").finish_non_exhaustive()
    }
}

/// Builds a [`ReqwestTransport`].
///
/// ```no_run
/// use std::sync::Arc;
/// use orders_http::{ClientOptions, ReqwestTransport};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let transport = ReqwestTransport::builder()
///     .proxy("http://proxy.example:3128") // none is read from the environment
///     .root_certificates(std::fs::read("company-root.pem")?)
///     .build()?;
/// // Every client that is made with these options uses its connections.
/// let options = ClientOptions::new().transport(Arc::new(transport));
/// # let _ = options; Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
#[must_use]
pub struct ReqwestTransportBuilder {
    proxy: Option<String>,
    roots: Vec<Vec<u8>>,
    identity: Option<(Vec<u8>, Vec<u8>)>,
    connect_timeout: Option<Duration>,
}

impl ReqwestTransportBuilder {
    /// Sends everything through the proxy at this address (`http://host:port`).
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = Some(url.into());
        self
    }

    /// Trusts these root certificates (PEM, one or several) beside those of the system.
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.roots.push(pem.into());
        self
    }

    /// Shows servers this certificate (PEM, with its chain) and signs with its private key (PEM, PKCS #8).
    pub fn client_certificate(
        mut self,
        certificate: impl Into<Vec<u8>>,
        key: impl Into<Vec<u8>>,
    ) -> Self {
        self.identity = Some((certificate.into(), key.into()));
        self
    }

    /// How long connecting may take (default 10 s).
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = Some(timeout);
        self
    }

    /// The transport.
    ///
    /// # Errors
    /// `Config`: a proxy, certificate or key that cannot be read; with the feature `rustls-no-provider` alone, no
    /// provider of cryptography installed.
    pub fn build(self) -> Result<ReqwestTransport, Error> {
        check_provider()?;
        let base = self.base()?;
        self.roots()?;
        self.identity()?;
        let plain = match self.proxy.as_deref() {
            // The way to the proxy is over TLS, whatever is sent through it.
            Some(proxy) if proxy.starts_with("https:") => self.tls()?,
            _ => made(base.tls_certs_only([]))?,
        };
        Ok(ReqwestTransport {
            clients: Arc::new(Clients {
                setup: self,
                plain,
                tls: OnceLock::new(),
            }),
        })
    }

    fn base(&self) -> Result<ClientBuilder, Error> {
        let builder = Client::builder()
            .no_proxy()
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .referer(false)
            // Obsolete, and still sent: a list of links with one on each line. The lines are joined by spaces.
            .http1_allow_obsolete_multiline_headers_in_responses(true)
            .connect_timeout(self.connect_timeout.unwrap_or(Duration::from_secs(10)));
        // Chosen here, or another crate of the program that switches on another backend would choose.
        #[cfg(feature = "native-tls")]
        let builder = builder.tls_backend_native();
        #[cfg(not(feature = "native-tls"))]
        let builder = builder.tls_backend_rustls();
        match &self.proxy {
            Some(url) => {
                let proxy = Proxy::all(url).map_err(refused("the proxy cannot be used"))?;
                Ok(builder.proxy(proxy))
            }
            None => Ok(builder),
        }
    }

    fn roots(&self) -> Result<Vec<Certificate>, Error> {
        let mut roots = Vec::new();
        for pem in &self.roots {
            let read = Certificate::from_pem_bundle(pem)
                .map_err(refused("the root certificates cannot be read"))?;
            if read.is_empty() {
                return Err(config("the root certificates hold no certificate"));
            }
            roots.extend(read);
        }
        Ok(roots)
    }

    fn identity(&self) -> Result<Option<Identity>, Error> {
        let Some((certificate, key)) = &self.identity else {
            return Ok(None);
        };
        #[cfg(feature = "native-tls")]
        let identity = Identity::from_pkcs8_pem(certificate, key);
        #[cfg(not(feature = "native-tls"))]
        let identity = Identity::from_pem(&[certificate.as_slice(), b"\n", key].concat());
        identity
            .map(Some)
            .map_err(refused("the client certificate or its key cannot be read"))
    }

    /// The client for `https`, which loads certificates.
    fn tls(&self) -> Result<Client, Error> {
        let mut builder = self.base()?.tls_certs_merge(self.roots()?);
        if let Some(identity) = self.identity()? {
            builder = builder.identity(identity);
        }
        made(builder).map_err(|error| {
            error.with_hint(
                "install the system's CA certificates (often the package `ca-certificates`), or name a file or folder \
                 of them in SSL_CERT_FILE or SSL_CERT_DIR",
            )
        })
    }
}

impl fmt::Debug for ReqwestTransportBuilder {
    /// Without the proxy, which may hold a password, and the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReqwestTransportBuilder")
            .field("connect_timeout", &self.connect_timeout)
            .finish_non_exhaustive()
    }
}

/// reqwest panics where rustls has no provider of cryptography.
#[cfg(all(
    feature = "rustls-no-provider",
    not(any(feature = "reqwest", feature = "native-tls"))
))]
fn check_provider() -> Result<(), Error> {
    match rustls::crypto::CryptoProvider::get_default() {
        Some(_) => Ok(()),
        None => Err(config("rustls has no provider of cryptography").with_hint(
            "install one first, such as `rustls::crypto::ring::default_provider().install_default()`",
        )),
    }
}

#[cfg(not(all(
    feature = "rustls-no-provider",
    not(any(feature = "reqwest", feature = "native-tls"))
)))]
#[expect(clippy::unnecessary_wraps, reason = "the other one can fail")]
fn check_provider() -> Result<(), Error> {
    Ok(())
}

fn made(builder: ClientBuilder) -> Result<Client, Error> {
    builder
        .build()
        .map_err(refused("the HTTP client cannot be set up"))
}

/// A setting that reqwest refuses, with its reason in the message.
fn refused(what: &'static str) -> impl Fn(::reqwest::Error) -> Error {
    move |error| {
        let error = error.without_url();
        let message = match root_cause(&error) {
            Some(cause) => format!("{what}: {cause}"),
            None => what.to_owned(),
        };
        config(message).with_source(error)
    }
}

#[async_trait]
impl Transport for ReqwestTransport {
    async fn send(
        &self,
        request: http::Request<Bytes>,
        limits: TransportLimits,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let client = match request.uri().scheme_str() {
            Some("http") => &self.clients.plain,
            _ => self.clients.tls().map_err(unprepared)?,
        };
        let request = Request::try_from(request).map_err(failed)?;
        let mut response = client.execute(request).await.map_err(failed)?;
        let body = read_body(&mut response, limits.max_body).await?;

        let mut whole = http::Response::new(body);
        *whole.status_mut() = response.status();
        *whole.headers_mut() = std::mem::take(response.headers_mut());
        Ok(whole)
    }
}

async fn read_body(response: &mut Response, max_body: usize) -> Result<Bytes, TransportError> {
    let announced = response.content_length();
    if announced.is_some_and(|length| length > max_body as u64) {
        return Err(TransportError::too_large(max_body, announced));
    }
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        if chunk.len() > max_body - body.len() {
            return Err(TransportError::too_large(max_body, None));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// TLS could not be set up: message and hint in one, for an engine that has only the message.
fn unprepared(error: Error) -> TransportError {
    let message = match error.hint() {
        Some(hint) => format!("{}; {hint}", error.message()),
        None => error.message().to_owned(),
    };
    TransportError::new(TransportErrorKind::Config, message).with_source(error)
}

fn failed(error: ::reqwest::Error) -> TransportError {
    let error = error.without_url();
    let (kind, what) = if error.is_connect() {
        (TransportErrorKind::Connect, "could not connect")
    } else if error.is_timeout() {
        (TransportErrorKind::Timeout, "timed out")
    } else if error.is_redirect() {
        (TransportErrorKind::Redirect, "another address")
    } else if error.is_request() || error.is_body() || error.is_decode() {
        (TransportErrorKind::Interrupted, "the connection broke")
    } else {
        (TransportErrorKind::Other, "the request could not be sent")
    };
    let message = match root_cause(&error) {
        Some(cause) => format!("{what}: {cause}"),
        None => what.to_owned(),
    };
    TransportError::new(kind, message).with_source(error)
}

/// The innermost cause: reqwest's own text says only that sending failed.
fn root_cause(error: &::reqwest::Error) -> Option<String> {
    let mut cause = std::error::Error::source(error)?;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    Some(cause.to_string())
}
