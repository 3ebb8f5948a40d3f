//! Who was asked: an account is recognised by its store and its credential. The state holds hashes of them, and a salt.

use std::hash::Hasher;

use aws_lc_rs::digest::{Context, SHA256};
use orders_core::{Identity, OrderSource};
use serde::{Deserialize, Serialize};

use crate::clock::Randomness;

/// What the account that was asked is recognised by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    /// Drawn once an account, so that the hashes of one state say nothing about those of another.
    salt: String,
    /// Where requests go, and the public name of the account there.
    store: Option<String>,
    /// Where requests go, and the credential.
    credential: Option<String>,
}

/// How an account differs from the one that was asked before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Difference {
    /// It is the same; or nothing shows.
    None,
    /// It has a new credential.
    Credential,
    /// It may be another one.
    Account,
}

impl Asked {
    /// The account of a source, with a new salt.
    pub(crate) fn new(source: &dyn OrderSource, randomness: &dyn Randomness) -> Self {
        let salt = format!("{:016x}{:016x}", randomness.draw(), randomness.draw());
        Self::salted(source, salt)
    }

    /// The account of a source, to be compared with this one.
    pub(crate) fn of(&self, source: &dyn OrderSource) -> Self {
        Self::salted(source, self.salt.clone())
    }

    fn salted(source: &dyn OrderSource, salt: String) -> Self {
        let part = |part| {
            let mut hash = Sha256(Context::new(&SHA256));
            hash.write(salt.as_bytes());
            let known = source.identify(part, &mut hash);
            known.then(|| hash.hex())
        };
        Self {
            store: part(Identity::Store),
            credential: part(Identity::Credential),
            salt,
        }
    }

    /// Whether the source says nothing of its account.
    pub(crate) fn is_unknown(&self) -> bool {
        self.store.is_none() && self.credential.is_none()
    }

    /// How the account that is asked now differs from this one.
    pub(crate) fn difference(&self, now: &Self) -> Difference {
        let same = |was: &Option<String>, is: &Option<String>| Some(was.as_ref()? == is.as_ref()?);
        let credential = same(&self.credential, &now.credential);
        match (credential, same(&self.store, &now.store)) {
            (Some(true), _) | (None, Some(true) | None) => Difference::None,
            (Some(false), Some(true)) => Difference::Credential,
            (Some(false) | None, _) => Difference::Account,
        }
    }
}

/// SHA-256 as a hasher: it takes what it is fed, and the whole hash comes out.
struct Sha256(Context);

impl Sha256 {
    fn hex(self) -> String {
        crate::hash::hex(self.0.finish().as_ref())
    }
}

impl Hasher for Sha256 {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Nobody asks: a part of the hash is no use here.
    fn finish(&self) -> u64 {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(store: Option<&str>, credential: Option<&str>) -> Asked {
        Asked {
            salt: String::new(),
            store: store.map(str::to_owned),
            credential: credential.map(str::to_owned),
        }
    }

    #[test]
    fn a_store_or_a_credential_recognises_an_account() {
        let compare = |was: &Asked, is: &Asked| was.difference(is);
        let tea = asked(Some("tea"), Some("a"));
        for (now, difference) in [
            (asked(Some("tea"), Some("a")), Difference::None),
            (asked(Some("shop"), Some("a")), Difference::None),
            (asked(Some("tea"), None), Difference::None),
            (asked(Some("tea"), Some("b")), Difference::Credential),
            (asked(Some("shop"), Some("b")), Difference::Account),
            (asked(Some("shop"), None), Difference::Account),
            (asked(None, None), Difference::None),
        ] {
            assert_eq!(compare(&tea, &now), difference, "{now:?}");
        }
        let key = |key| asked(None, Some(key));
        assert_eq!(compare(&key("a"), &key("b")), Difference::Account);
        assert_eq!(compare(&key("a"), &key("a")), Difference::None);
    }
}
