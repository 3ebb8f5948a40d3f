//! How a request is authenticated: a Bearer token.
//!
//! Documented: `Authorization: Bearer {token}` and `Content-Type: application/json; charset=utf-8`, on reads too. The
//! token of a private app lives 3 years, any other 10 hours; it is copied from the store's admin or got by OAuth.

use http::{HeaderValue, header, request};
use orders_core::{Error, ErrorKind};
use secrecy::{ExposeSecret, SecretString};

use crate::tokens::AccessToken;

pub(crate) const CONTENT_TYPE: &str = "application/json; charset=utf-8";

/// Refuses a text that cannot be a token.
pub(crate) fn check(token: &SecretString) -> Result<(), Error> {
    let text = token.expose_secret();
    if text.is_empty() || text.contains(char::is_whitespace) {
        let message = "the access token is empty or holds white space";
        return Err(Error::new(ErrorKind::Config, message)
            .with_hint("give the token alone, without `Bearer` and without a line break"));
    }
    bearer(token).map(|_| ())
}

fn bearer(token: &SecretString) -> Result<HeaderValue, Error> {
    let text = format!("Bearer {}", token.expose_secret());
    let mut value = HeaderValue::from_str(&text).map_err(|_| {
        let message = "the access token holds characters that a header cannot carry";
        Error::new(ErrorKind::Config, message)
    })?;
    value.set_sensitive(true);
    Ok(value)
}

/// Adds the headers that every call needs.
pub(crate) fn authenticate(
    token: &AccessToken,
    request: request::Builder,
) -> Result<request::Builder, Error> {
    Ok(request
        .header(header::AUTHORIZATION, bearer(token.secret())?)
        .header(header::CONTENT_TYPE, CONTENT_TYPE)
        .header(header::ACCEPT, "application/json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_that_no_header_carries_is_refused() {
        for token in ["", "Bearer abc", "abc\n", "abc\u{7f}"] {
            let error = AccessToken::new(token.to_owned()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config, "{token:?}");
            assert!(!format!("{error:?}").contains("abc"), "{error:?}");
        }
    }

    #[test]
    fn the_header_is_sensitive() {
        let token = AccessToken::new("s3cret".to_owned()).unwrap();
        let request = authenticate(&token, http::Request::builder()).unwrap();
        let headers = request.headers_ref().unwrap();
        assert_eq!(headers["authorization"], "Bearer s3cret");
        assert!(headers["authorization"].is_sensitive());
        assert_eq!(headers["content-type"], "application/json; charset=utf-8");
        assert!(!format!("{token:?}{headers:?}").contains("s3cret"));
    }
}
