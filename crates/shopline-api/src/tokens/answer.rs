//! The answer of a token call.

use std::error::Error as _;

use chrono::{DateTime, FixedOffset};
use orders_core::Error;
use orders_wire::{DecodeError, Integer, Word, object};
use serde_json::error::Category;

use super::TokenCode;
use crate::orders::SecretText;

object! {
    /// What `POST /admin/oauth/token/create` and `.../refresh` answer. (Its names are read in the vendor's own SDK.)
    #[serde(rename_all = "camelCase")]
    pub struct TokenAnswer {
        /// 200 means success. Any other number is a failure, also under HTTP 200.
        #[serde_as(as = "Integer")]
        pub code: Option<i64>,
        /// The outcome by its name.
        #[serde_as(as = "Word")]
        pub i18n_code: Option<TokenCode>,
        /// The vendor's message.
        pub message: Option<String>,
        /// The token.
        pub data: Option<TokenData>,
    }
}

object! {
    /// The token in the answer.
    #[serde(rename_all = "camelCase")]
    pub struct TokenData {
        /// The access token.
        pub access_token: Option<SecretText>,
        /// When it ends, with offset. Seen with milliseconds, by a third party.
        pub expire_time: Option<DateTime<FixedOffset>>,
        /// What it may do, joined by commas.
        pub scope: Option<String>,
    }
}

impl TokenAnswer {
    /// Whether the vendor says that a token was given: `code` is 200.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.code == Some(200)
    }
}

impl TokenData {
    /// The scopes one by one.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        let scopes = self.scope.as_deref().unwrap_or_default().split(',');
        scopes.map(str::trim).filter(|scope| !scope.is_empty())
    }
}

/// Reads the answer of a token call, a failure too.
///
/// # Errors
/// `Decode` with the JSON path. It tells no value of the body, which may be a token.
pub fn decode_answer(body: &[u8]) -> Result<TokenAnswer, Error> {
    orders_wire::decode(body).map_err(|why| Error::decode(why.path(), without_values(&why)))
}

/// What was wrong with the syntax; of a value only that it is another than promised.
fn without_values(why: &DecodeError) -> String {
    let json = why.source().and_then(|s| s.downcast_ref());
    match json.map(serde_json::Error::classify) {
        Some(Category::Syntax | Category::Eof) => why.message().to_owned(),
        _ => "the value is not of the promised form".to_owned(),
    }
}
