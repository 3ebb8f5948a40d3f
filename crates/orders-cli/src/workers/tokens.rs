//! The access tokens of a public app, shared by workers: encrypted in the database by a key that only workers have.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use chrono::DateTime;
use orders_core::{Account as Name, Error, ErrorKind};
use serde::Deserialize;
use shopline_api::tokens::{AccessToken, TokenStore};

use super::database::Database;
use crate::output::say;
use crate::report;

/// The variable that holds the key: 64 hexadecimal digits.
pub(crate) const KEY: &str = "ORDERS_TOKEN_KEY";

/// The token of one account.
pub(super) struct Tokens {
    database: Database,
    name: Name,
    key: RandomizedNonceKey,
}

/// Neither key nor token.
impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Tokens").field(&self.name).finish()
    }
}

impl Tokens {
    /// # Errors
    /// `Config` where the environment has no key, or one of another form.
    pub(super) fn of(
        database: &Database,
        name: &Name,
        key: Option<&str>,
    ) -> Result<Arc<Self>, Error> {
        let wrong = |what: &str| {
            Error::new(
                ErrorKind::Config,
                format!("{KEY} {what}: tokens are kept encrypted"),
            )
            .with_hint(format!(
                "make one for all workers: export {KEY}=$(openssl rand -hex 32)"
            ))
        };
        let text = key
            .filter(|text| !text.is_empty())
            .ok_or_else(|| wrong("is not set"))?;
        let bytes = from_hex(text).filter(|bytes| bytes.len() == AES_256_GCM.key_len());
        let bytes = bytes.ok_or_else(|| wrong("has not 64 hexadecimal digits"))?;
        let key = RandomizedNonceKey::new(&AES_256_GCM, &bytes);
        Ok(Arc::new(Self {
            database: database.clone(),
            name: name.clone(),
            key: key.map_err(|_| wrong("cannot be used"))?,
        }))
    }

    /// The token with a nonce before it and a tag behind it; no other account's place takes it.
    fn seal(&self, token: &str) -> Option<Vec<u8>> {
        let mut text = token.as_bytes().to_vec();
        let nonce = self
            .key
            .seal_in_place_append_tag(self.place(), &mut text)
            .ok()?;
        Some([nonce.as_ref(), text.as_slice()].concat())
    }

    fn open(&self, sealed: &[u8]) -> Option<String> {
        let (nonce, rest) = sealed.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut rest = rest.to_vec();
        let text = self
            .key
            .open_in_place(nonce, self.place(), &mut rest)
            .ok()?;
        String::from_utf8(text.to_vec()).ok()
    }

    fn place(&self) -> Aad<String> {
        Aad::from(self.name.to_string())
    }

    fn failed(&self, why: &str) {
        say(&format!("{}: the kept token: {why}", self.name));
    }
}

#[derive(Deserialize)]
struct Kept {
    sealed: String,
    expires: Option<String>,
}

#[async_trait]
impl TokenStore for Tokens {
    async fn load(&self) -> Option<AccessToken> {
        let statement =
            "SELECT json_build_object('sealed', encode(sealed, 'hex'), 'expires', expires_at)::text
             FROM orders.tokens WHERE provider = $1 AND account = $2";
        let values = [&*self.name.provider, &*self.name.label].map(Some);
        let rows = self.database.rows::<Kept>(statement, &values).await;
        let kept = match rows {
            Ok(mut rows) => rows.pop()?,
            Err(failure) => {
                self.failed(&report::line_of(&failure));
                return None;
            }
        };
        let Some(text) = from_hex(&kept.sealed).and_then(|sealed| self.open(&sealed)) else {
            self.failed("another key has sealed it");
            return None;
        };
        let token = AccessToken::new(text).ok()?;
        let expires = kept
            .expires
            .and_then(|at| DateTime::parse_from_rfc3339(&at).ok());
        Some(match expires {
            Some(at) => token.with_expiry(at),
            None => token,
        })
    }

    async fn save(&self, token: &AccessToken) {
        let Some(sealed) = self.seal(token.expose()) else {
            return self.failed("it cannot be sealed");
        };
        let statement = "INSERT INTO orders.tokens (provider, account, sealed, expires_at)
             VALUES ($1, $2, decode($3, 'hex'), $4::timestamptz)
             ON CONFLICT (provider, account) DO UPDATE
             SET sealed = excluded.sealed, expires_at = excluded.expires_at, saved_at = now()";
        let expires = token.expires().map(|at| at.to_rfc3339());
        let sealed = to_hex(&sealed);
        let values = [
            Some(&*self.name.provider),
            Some(&*self.name.label),
            Some(&*sealed),
            expires.as_deref(),
        ];
        if let Err(failure) = self.database.execute(statement, &values).await {
            self.failed(&report::line_of(&failure));
        }
    }
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    let byte = |pair: &[u8]| match pair {
        [high, low] => {
            let digit = |digit: &u8| char::from(*digit).to_digit(16);
            u8::try_from(digit(high)? * 16 + digit(low)?).ok()
        }
        _ => None,
    };
    pairs.map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_written_and_read() {
        let bytes: Vec<u8> = (0..=255).collect();
        assert_eq!(from_hex(&to_hex(&bytes)), Some(bytes));
        for wrong in ["0", "0g", "zz", "0é"] {
            assert_eq!(from_hex(wrong), None, "{wrong}");
        }
    }
}
