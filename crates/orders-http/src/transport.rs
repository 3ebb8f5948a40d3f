//! The seam between the engine and whatever sends bytes.

use std::fmt;

use async_trait::async_trait;
use bytes::Bytes;

type Source = Box<dyn std::error::Error + Send + Sync + 'static>;

/// Sends one request and gives back one whole answer.
///
/// The engine does everything else: it applies the attempt timeout around [`send`](Transport::send) (and drops the
/// future when it passes), tries again, waits and reads the answer. An implementation
///
/// - never follows a redirect to another scheme, host or port: the headers of the request hold a secret. It gives
///   the 3xx back, or fails with [`TransportErrorKind::Redirect`];
/// - stops reading a body that grows above [`TransportLimits::max_body`] and fails with [`TransportErrorKind::TooLarge`];
/// - does not try again by itself;
/// - puts no URL, header or body into its messages.
///
/// An HTTP error status is an answer, not a [`TransportError`].
///
/// ```
/// use std::sync::Arc;
/// use async_trait::async_trait;
/// use bytes::Bytes;
/// use orders_http::{ClientOptions, Transport, TransportError, TransportLimits};
///
/// /// Puts a header that a gateway of yours wants onto every request, and leaves the sending to another transport.
/// #[derive(Debug)]
/// struct Tagged(Arc<dyn Transport>);
///
/// #[async_trait]
/// impl Transport for Tagged {
///     async fn send(
///         &self,
///         mut request: http::Request<Bytes>,
///         limits: TransportLimits,
///     ) -> Result<http::Response<Bytes>, TransportError> {
///         let value = http::HeaderValue::from_static("reports");
///         request.headers_mut().insert("x-team", value);
///         self.0.send(request, limits).await
///     }
/// }
///
/// # use orders_http::testing::MemoryTransport;
/// # fn main() {
/// # let inner = Arc::new(MemoryTransport::new());
/// let options = ClientOptions::new().transport(Arc::new(Tagged(inner)));
/// # let _ = options;
/// # }
/// ```
#[async_trait]
pub trait Transport: Send + Sync + fmt::Debug {
    /// Sends `request`, whose URI is absolute, and reads the whole answer within `limits`.
    ///
    /// # Errors
    /// A [`TransportError`] where no whole answer came.
    async fn send(
        &self,
        request: http::Request<Bytes>,
        limits: TransportLimits,
    ) -> Result<http::Response<Bytes>, TransportError>;
}

/// What an answer may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TransportLimits {
    /// The largest body to read, in bytes.
    pub max_body: usize,
}

impl TransportLimits {
    /// Limits with this cap on the body, in bytes.
    #[must_use]
    pub fn new(max_body: usize) -> Self {
        Self { max_body }
    }
}

/// Why no whole answer came, in the terms of what the engine does about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// No connection was made, so the request was not sent: any call may be retried.
    Connect,
    /// The transport's own timeout passed. The vendor may have seen the request.
    Timeout,
    /// The connection broke before the whole answer came. The vendor may have seen the request.
    Interrupted,
    /// The body is larger than [`TransportLimits::max_body`].
    TooLarge,
    /// The answer was a redirect, which was not followed.
    Redirect,
    /// The transport cannot be set up (no CA certificates, say). Never retried; the message says what to do.
    Config,
    /// Anything else. Never retried.
    Other,
}

/// No whole answer came.
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    message: String,
    source: Option<Source>,
}

impl TransportError {
    /// An error of `kind`. `message` holds no URL, header or body.
    #[must_use]
    pub fn new(kind: TransportErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            source: None,
        }
    }

    /// The error for a body above the cap; `announced` is its length where a header said so. Both in bytes.
    #[must_use]
    pub fn too_large(max_body: usize, announced: Option<u64>) -> Self {
        let message = match announced {
            Some(length) => {
                format!("the body has {length} bytes, more than the cap of {max_body} bytes")
            }
            None => format!("the body is larger than the cap of {max_body} bytes"),
        };
        Self::new(TransportErrorKind::TooLarge, message)
    }

    /// Adds the cause, whose texts hold no URL, header or body either.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Source>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Why no whole answer came.
    #[must_use]
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// What happened, as a phrase.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    pub(crate) fn into_source(self) -> Option<Source> {
        self.source
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
