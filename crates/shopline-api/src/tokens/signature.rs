//! The app's signatures: HMAC-SHA256 with the app secret, in lower-case hexadecimal.
//!
//! Documented: of a POST the body followed by the timestamp is signed, of a GET the parameters without `sign`, sorted by
//! name and joined as `name=value&name=value`. Whether the values stand there as in the address or decoded is not clear:
//! the documentation and the vendor's JavaScript SDK encode them, its Go SDK does not.

use hmac_sha256::HMAC;
use orders_wire::webhook::to_hex;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What `encodeURIComponent` leaves alone.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// How the values stand in the text that is signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ValueForm {
    /// As `encodeURIComponent` writes them.
    #[default]
    Encoded,
    /// Decoded.
    Plain,
}

/// The `sign` of a POST: of the body followed by the timestamp in milliseconds. Without a body, of the timestamp alone.
#[must_use]
pub fn sign_body(app_secret: &str, body: &[u8], timestamp: &str) -> String {
    let mut mac = HMAC::new(app_secret);
    mac.update(body);
    mac.update(timestamp);
    to_hex(&mac.finalize())
}

/// The text that is signed of a GET. `parameters` are decoded names and values, without `sign`.
#[must_use]
pub fn canonical_query(parameters: &[(&str, &str)], form: ValueForm) -> String {
    let mut sorted = parameters.to_vec();
    sorted.sort_unstable();
    let pairs: Vec<String> = sorted
        .iter()
        .map(|(name, value)| match form {
            ValueForm::Encoded => format!("{name}={}", component(value)),
            ValueForm::Plain => format!("{name}={value}"),
        })
        .collect();
    pairs.join("&")
}

/// A query as SHOPLINE would send it, `sign` included: for tests of your own handler.
#[must_use]
pub fn sign_query(app_secret: &str, parameters: &[(&str, &str)]) -> String {
    let query = canonical_query(parameters, ValueForm::Encoded);
    let sign = to_hex(&HMAC::mac(&query, app_secret));
    format!("{query}&sign={sign}")
}

/// A value of a query.
pub(super) fn component(value: &str) -> String {
    utf8_percent_encode(value, COMPONENT).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "app-secret-0123456789";
    const TIME: &str = "1760000000123";

    // The digests are computed by another implementation (Python's hmac).
    #[test]
    fn a_create_signs_body_and_time() {
        let sign = sign_body(SECRET, br#"{"code":"c0de-c0de"}"#, TIME);
        assert_eq!(
            sign,
            "90fb0878301547384139721da29fe19683a4abced68cac07b65ecd0c14d516d0"
        );
    }

    #[test]
    fn a_refresh_signs_the_time_alone() {
        assert_eq!(
            sign_body(SECRET, b"", TIME),
            "1c787c7c608499c0c3f5c495d53b1eac6b360105a8623d380dfa60fee348ce4d"
        );
    }

    #[test]
    fn a_query_is_signed_in_stages() {
        let parameters = [
            ("timestamp", TIME),
            ("lang", "en"),
            ("handle", "tea-house"),
            ("customField", "next /a?b,c"),
            ("code", "ab/cd+ef=="),
            ("appkey", "k-1"),
        ];
        let plain = canonical_query(&parameters, ValueForm::Plain);
        assert_eq!(
            plain,
            "appkey=k-1&code=ab/cd+ef==&customField=next /a?b,c&handle=tea-house&lang=en&timestamp=1760000000123"
        );
        assert_eq!(
            to_hex(&HMAC::mac(&plain, SECRET)),
            "fe073d906cedbf72a1b374e03feb5cee51a1811a5495ada5bb19e4d0cced7b21"
        );
        let encoded = canonical_query(&parameters, ValueForm::Encoded);
        assert_eq!(
            encoded,
            "appkey=k-1&code=ab%2Fcd%2Bef%3D%3D&customField=next%20%2Fa%3Fb%2Cc&handle=tea-house&lang=en\
             &timestamp=1760000000123"
        );
        assert_eq!(
            sign_query(SECRET, &parameters),
            format!(
                "{encoded}&sign=31808bd7d5499f71d8b2f71557f800f5c1dcf7231f613b0c7c54cba1f0b4e2e6"
            )
        );
    }
}
