//! The rate limits of the accounts: those that ask the same vendor with the same credential share one bucket.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::{Mutex, PoisonError};

use clink_api::http::{RateLimit, RateLimiter};
use orders_core::{Identity, OrderSource};

/// The buckets of one process. The first account with a credential says how large its bucket is.
#[derive(Debug, Default)]
pub(crate) struct Buckets {
    state: RandomState,
    made: Mutex<HashMap<u64, RateLimiter>>,
}

impl Buckets {
    /// The bucket of a source; `None` where it has no credential of its own.
    pub(crate) fn of(&self, source: &dyn OrderSource, limit: RateLimit) -> Option<RateLimiter> {
        let mut hasher = self.state.build_hasher();
        if !source.identify(Identity::Credential, &mut hasher) {
            return None;
        }
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = made.entry(hasher.finish());
        Some(bucket.or_insert_with(|| RateLimiter::new(limit)).clone())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn store(token: &str) -> shopline_api::Client {
        shopline_api::Client::new("tea-house", token.to_owned()).unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn two_accounts_with_one_token_share_its_bucket() {
        let buckets = Buckets::default();
        let limit = shopline_api::DEFAULT_RATE_LIMIT;
        let of = |token| buckets.of(&store(token), limit).unwrap();
        let (one, same, other) = (of("a"), of("a"), of("b"));
        for _ in 0..40 {
            assert_eq!(one.acquire().await, Duration::ZERO);
        }
        assert_eq!(other.acquire().await, Duration::ZERO);
        assert!(same.acquire().await >= Duration::from_millis(240));
    }
}
