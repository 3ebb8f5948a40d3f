//! One endpoint of a vendor, as a constant beside its request.

use orders_core::Error;

use crate::base_url::segment;

/// One endpoint: what a client has to know of it besides its request and its answer.
///
/// ```
/// use orders_http::Endpoint;
///
/// const GET_ORDER: Endpoint = Endpoint::get("GET orders/:id", "orders/:id").scope("read_orders");
/// assert_eq!(GET_ORDER.path_of(&["a/b"])?, "orders/a%2Fb");
/// # Ok::<(), orders_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Endpoint {
    /// The name in errors and spans: method and path, or the vendor's name of the service. It holds no ids and no
    /// secrets.
    pub name: &'static str,
    /// The HTTP method: `GET` or `POST`.
    pub method: &'static str,
    /// The path below the base URL; a segment that begins with a colon stands for a value.
    pub path: &'static str,
    /// What the credential must have been allowed, where the vendor names it; stands in errors of refusal.
    pub scope: Option<&'static str>,
    /// Whether sending the request twice does no harm: true for everything that only reads. Where it is false the
    /// engine sends again only after a connection that was never made; what `read` said about the reply stays in the
    /// error, so the caller of such an endpoint must not take [`Error::is_retryable`] for permission.
    pub retry_safe: bool,
}

impl Endpoint {
    /// A read by GET, which may be sent again.
    #[must_use]
    pub const fn get(name: &'static str, path: &'static str) -> Self {
        Self {
            name,
            method: "GET",
            path,
            scope: None,
            retry_safe: true,
        }
    }

    /// A request by POST, which is not sent again unless [`retry_safe`](Self::retry_safe) says that it may be.
    #[must_use]
    pub const fn post(name: &'static str, path: &'static str) -> Self {
        Self {
            method: "POST",
            retry_safe: false,
            ..Self::get(name, path)
        }
    }

    /// With the scope that it needs.
    #[must_use]
    pub const fn scope(self, scope: &'static str) -> Self {
        Self {
            scope: Some(scope),
            ..self
        }
    }

    /// The request only reads, or does the same when it comes twice.
    #[must_use]
    pub const fn retry_safe(self) -> Self {
        Self {
            retry_safe: true,
            ..self
        }
    }

    /// The path with these values, each escaped, in the places of its `:names`.
    ///
    /// # Errors
    /// `InvalidRequest`, where a value is missing, or empty, `.` or `..`.
    pub fn path_of(&self, values: &[&str]) -> Result<String, Error> {
        let mut values = values.iter();
        let parts = self
            .path
            .split('/')
            .map(|part| match part.starts_with(':') {
                true => segment(values.next().copied().unwrap_or_default()),
                false => Ok(part.to_owned()),
            });
        let parts: Result<Vec<_>, _> = parts.collect();
        Ok(parts?.join("/"))
    }
}
