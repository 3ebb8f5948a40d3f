//! The default transport.

use std::time::Duration;

use ::reqwest::{Client, ClientBuilder, Proxy, Request, Response, redirect, retry};
use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use orders_core::{Error, ErrorKind};

use crate::transport::{Transport, TransportError, TransportErrorKind, TransportLimits};

/// Sends requests with reqwest and rustls, over HTTP/1.1 with kept connections.
///
/// It follows no redirect, tries nothing again by itself, and reads no environment variable: a proxy must be named
/// ([`with_proxy`](Self::with_proxy)). Connecting may take 10 s. Cheap to clone; clones share the connections.
#[derive(Clone, Debug)]
pub struct ReqwestTransport {
    client: Client,
}

impl ReqwestTransport {
    /// A transport that connects directly.
    ///
    /// # Errors
    /// [`ErrorKind::Config`] where TLS cannot be set up.
    pub fn new() -> Result<Self, Error> {
        Self::from_builder(base())
    }

    /// A transport that sends everything through the proxy at `url` (`http://host:port`).
    ///
    /// # Errors
    /// [`ErrorKind::Config`] where the address cannot be read, or TLS cannot be set up.
    pub fn with_proxy(url: &str) -> Result<Self, Error> {
        let proxy = Proxy::all(url).map_err(|error| config("the proxy cannot be used", error))?;
        Self::from_builder(base().proxy(proxy))
    }

    fn from_builder(builder: ClientBuilder) -> Result<Self, Error> {
        let client = builder
            .build()
            .map_err(|error| config("the HTTP client cannot be set up", error))?;
        Ok(Self { client })
    }
}

fn base() -> ClientBuilder {
    Client::builder()
        .no_proxy()
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .connect_timeout(Duration::from_secs(10))
}

fn config(message: &str, error: ::reqwest::Error) -> Error {
    Error::new(ErrorKind::Config, message).with_source(error.without_url())
}

#[async_trait]
impl Transport for ReqwestTransport {
    async fn send(
        &self,
        request: http::Request<Bytes>,
        limits: TransportLimits,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let request = Request::try_from(request).map_err(failed)?;
        let mut response = self.client.execute(request).await.map_err(failed)?;
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
