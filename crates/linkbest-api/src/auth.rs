//! How a request is signed.
//!
//! Documented, with a worked example:
//! 1. The parameters, `Timestamp` (Unix seconds) among them, are sorted by name and written as compact JSON. All values
//!    are strings, slashes are not escaped: `{"Timestamp":"1692696195","WebsiteId":"1026"}`. `AppKey`, `Service` and `Sign`
//!    are not in it.
//! 2. That JSON is put directly after the route: `/APP_KEY/SERVICE{"Timestamp":..}`. See [`canonical_text`].
//!
//! Not documented, and inferred from the sister platform: how the secret joins that text, the hash, and where `Sign`
//! goes. This is a [`SigningStrategy`], which can be replaced; [`Md5Signing`] holds the likely ones.

use std::fmt;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderValue, Method, Request};
use orders_core::{Error, ErrorKind};
use orders_http::{BaseUrl, unbuildable};
use secrecy::{ExposeSecret, SecretString};

use crate::orders::Params;

const SIGN: &str = "Sign";

/// The text that is signed: a slash, the app key, a slash, the service name, and the JSON of the body directly after.
/// Documented.
///
/// ```
/// use linkbest_api::{Params, canonical_text};
/// let params = Params::new()
///     .with("WebsiteId", 1026)
///     .with("Url", "https://www.example.com")
///     .with("Timestamp", 1_692_696_195);
/// assert_eq!(
///     canonical_text("key", "linkbest.service.links.post", &params.to_json()),
///     r#"/key/linkbest.service.links.post{"Timestamp":"1692696195","Url":"https://www.example.com","WebsiteId":"1026"}"#
/// );
/// ```
#[must_use]
pub fn canonical_text(app_key: &str, service: &str, json: &str) -> String {
    format!("/{app_key}/{service}{json}")
}

/// The step that the vendor does not document: from the canonical text and the secret to the signature.
///
/// ```
/// use linkbest_api::{Client, Error, SignPlace, SigningStrategy};
///
/// #[derive(Debug)]
/// struct Mine;
///
/// impl SigningStrategy for Mine {
///     fn sign(&self, canonical: &str, secret: &str) -> String {
///         format!("{:X}", canonical.len() + secret.len()) // what the vendor gave you
///     }
///
///     fn place(&self) -> SignPlace {
///         SignPlace::Header
///     }
/// }
///
/// fn client() -> Result<Client, Error> {
///     Client::builder("app key", "app secret").signing(Mine).build()
/// }
/// ```
pub trait SigningStrategy: fmt::Debug + Send + Sync {
    /// The signature of a canonical text. Keep `secret` out of logs and errors.
    fn sign(&self, canonical: &str, secret: &str) -> String;

    /// Where the signature goes.
    fn place(&self) -> SignPlace;
}

/// Where the signature stands in a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignPlace {
    /// The query parameter `Sign`, as on the sister platform. Inferred.
    #[default]
    Query,
    /// The header `Sign`.
    Header,
    /// The member `Sign` of the body, added after signing: then the bytes sent are not the bytes signed.
    Body,
}

/// Where the secret stands in the text that is hashed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Joining {
    /// Before and after the canonical text, as on the sister platform. Inferred.
    #[default]
    BothSides,
    /// After it.
    Suffix,
    /// Before it.
    Prefix,
}

/// MD5 in upper-case hex digits (the vendor's sample of `Sign` has 32 of them). The default strategy is the likeliest:
/// the secret on both sides, `Sign` in the query. Inferred, and not tried against the live vendor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Md5Signing {
    joining: Joining,
    place: SignPlace,
}

impl Md5Signing {
    /// Another joining or place.
    #[must_use]
    pub fn new(joining: Joining, place: SignPlace) -> Self {
        Self { joining, place }
    }
}

impl SigningStrategy for Md5Signing {
    fn sign(&self, canonical: &str, secret: &str) -> String {
        let text = match self.joining {
            Joining::BothSides => format!("{secret}{canonical}{secret}"),
            Joining::Suffix => format!("{canonical}{secret}"),
            Joining::Prefix => format!("{secret}{canonical}"),
        };
        format!("{:X}", md5::compute(text))
    }

    fn place(&self) -> SignPlace {
        self.place
    }
}

/// App key, secret and how to sign with them.
#[derive(Clone)]
pub(crate) struct Credentials {
    app_key: SecretString,
    secret: SecretString,
    signing: Arc<dyn SigningStrategy>,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("signing", &self.signing)
            .finish_non_exhaustive()
    }
}

impl Credentials {
    pub(crate) fn new(
        app_key: SecretString,
        secret: SecretString,
        signing: Arc<dyn SigningStrategy>,
    ) -> Result<Self, Error> {
        let config = |message| Error::new(ErrorKind::Config, message);
        if !is_plain(app_key.expose_secret()) {
            return Err(config(
                "the app key is empty or holds characters other than letters, digits, '-', '_' and '.'",
            )
            .with_hint("look for a space or line break at its end"));
        }
        let text = secret.expose_secret();
        if text.is_empty() || text.trim() != text {
            return Err(config(
                "the app secret is empty, or has a space or line break around it",
            ));
        }
        Ok(Self {
            app_key,
            secret,
            signing,
        })
    }

    /// App key and secret as one text. The key holds no line break.
    pub(crate) fn identity(&self) -> SecretString {
        let (key, secret) = (self.app_key.expose_secret(), self.secret.expose_secret());
        format!("{key}\n{secret}").into()
    }

    /// What no text about a call shows.
    pub(crate) fn secrets(&self) -> [SecretString; 2] {
        [self.app_key.clone(), self.secret.clone()]
    }

    /// A signed request: the bytes that are signed are the bytes that are sent (but see [`SignPlace::Body`]).
    pub(crate) fn request(
        &self,
        base: &BaseUrl,
        service: &str,
        params: &Params,
        now: SystemTime,
    ) -> Result<Request<Bytes>, Error> {
        if !is_plain(service) {
            let message = format!("{service:?} is not a service name");
            return Err(Error::invalid_request(message));
        }
        let app_key = self.app_key.expose_secret();
        let seconds = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let params = params.clone().with("Timestamp", seconds);
        let mut json = params.to_json();
        let canonical = canonical_text(app_key, service, &json);
        let sign = self.signing.sign(&canonical, self.secret.expose_secret());

        let mut query = Vec::new();
        let mut request = Request::builder().method(Method::POST);
        match self.signing.place() {
            SignPlace::Query => query.push((SIGN, sign)),
            SignPlace::Header => {
                let mut value = HeaderValue::from_str(&sign)
                    .map_err(|why| unbuildable(http::Error::from(why)))?;
                value.set_sensitive(true);
                request = request.header(SIGN, value);
            }
            SignPlace::Body => json = params.with(SIGN, sign).to_json(),
        }
        request
            .uri(base.join(&format!("{app_key}/{service}"), &query)?)
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT, "application/json")
            .body(Bytes::from(json))
            .map_err(unbuildable)
    }
}

/// Whether a text can be one segment of a path as it is, so that it means the same in the URL and in what is signed.
fn is_plain(segment: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    segment.bytes().all(allowed) && segment.bytes().any(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINKS: &str = "linkbest.service.links.post";

    fn links() -> Params {
        Params::new()
            .with("WebsiteId", 1026)
            .with("Url", "https://www.example.com")
            .with("Timestamp", 1_692_696_195)
    }

    fn query() -> Params {
        Params::new()
            .with("Stime", 1_692_633_600)
            .with("Etime", 1_692_720_000)
            .with("OrderField", "UpdateTime")
            .with("Page", 1)
            .with("PageSize", 200)
            .with("Timestamp", 1_692_696_195)
    }

    /// Step 1 of the vendor's worked example, and the order that the facts derive for the order list.
    #[test]
    fn parameters_are_sorted_compact_json() {
        assert_eq!(
            links().to_json(),
            r#"{"Timestamp":"1692696195","Url":"https://www.example.com","WebsiteId":"1026"}"#
        );
        assert_eq!(
            query().to_json(),
            r#"{"Etime":"1692720000","OrderField":"UpdateTime","Page":"1","PageSize":"200","Stime":"1692633600","Timestamp":"1692696195"}"#
        );
    }

    /// Step 2.
    #[test]
    fn the_json_follows_the_route_directly() {
        let c1 = canonical_text("testkey", LINKS, &links().to_json());
        let c2 = canonical_text("testkey", crate::orders::ORDERS_QUERY, &query().to_json());
        assert_eq!((c1.len(), c2.len()), (113, 169));
        assert!(c1.starts_with(r#"/testkey/linkbest.service.links.post{"Timestamp""#));
    }

    /// The undocumented step: vectors of our own, computed elsewhere.
    #[test]
    fn each_joining_has_its_digest() {
        let c1 = canonical_text("testkey", LINKS, &links().to_json());
        let c2 = canonical_text("testkey", crate::orders::ORDERS_QUERY, &query().to_json());
        let vectors = [
            (
                Joining::Suffix,
                "9E2179E697472B5B18FC3566A031A01C",
                "B8B2F3BBF554DD833B3E02A8F22263AA",
            ),
            (
                Joining::BothSides,
                "107AD252939F36CC6E628B979DBAC932",
                "09E086142D8150E418B2AC73BEFC4EAE",
            ),
            (
                Joining::Prefix,
                "68A9321CD147380751A41F8BC90C9D5F",
                "D6D8E06EAA9EED4A85B7E0A86716B205",
            ),
        ];
        for (joining, first, second) in vectors {
            let signing = Md5Signing::new(joining, SignPlace::Query);
            assert_eq!(signing.sign(&c1, "testsecret"), first);
            assert_eq!(signing.sign(&c2, "testsecret"), second);
        }
        assert_eq!(Md5Signing::default().joining, Joining::BothSides);
    }

    #[test]
    fn nothing_is_escaped_that_json_lets_be_and_nested_names_are_sorted() {
        let inside = Params::new()
            .with("SubId", "a&b<c>")
            .with("Coupon", "茶/tea");
        let json = Params::new().with_inside("Ext", inside).to_json();
        assert_eq!(json, r#"{"Ext":{"Coupon":"茶/tea","SubId":"a&b<c>"}}"#);
        let quoted = Params::new().with("SubId", "say \"hi\"\n").to_json();
        assert_eq!(quoted, r#"{"SubId":"say \"hi\"\n"}"#);
    }

    #[test]
    fn a_segment_cannot_leave_its_place() {
        for text in ["", ".", "..", "a/b", "a?b", "a b", "a%2Fb", "é", "a\n"] {
            assert!(!is_plain(text), "{text:?}");
        }
        assert!(is_plain("2312521") && is_plain(LINKS));
    }
}
