//! The settings of a sandbox, and the credentials that follow from its seed.

use chrono::{DateTime, Utc};

use crate::limit::Bucket;
use crate::random::Random;
use crate::shopline;

/// The settings of a sandbox. A reset returns to them.
#[derive(Debug, Clone)]
pub(crate) struct Setup {
    pub(crate) seed: u64,
    /// How many orders each vendor has at the start.
    pub(crate) orders: usize,
    /// The virtual now at the start.
    pub(crate) now: DateTime<Utc>,
    /// New orders of each vendor in a virtual day.
    pub(crate) life: u32,
    pub(crate) small: bool,
    /// SHOPLINE's requests per second, and burst.
    pub(crate) limit: Option<(u32, u32)>,
    /// What SHOPLINE's tokens may read.
    pub(crate) scopes: Vec<String>,
}

impl Setup {
    pub(crate) fn bucket(&self) -> Option<Bucket> {
        let (per_second, burst) = self.limit?;
        Some(Bucket::new(per_second, burst))
    }

    pub(crate) fn traces(&self) -> Random {
        Random::of(self.seed, "trace", 0)
    }
}

/// The credentials that the sandbox accepts: invented, and the same for the same seed.
#[derive(Clone)]
pub(crate) struct Keys {
    pub(crate) clink_api_key: String,
    pub(crate) linkbest_app_key: String,
    pub(crate) linkbest_app_secret: String,
    pub(crate) shopline_access_token: String,
    pub(crate) shopline_handle: String,
    pub(crate) clink_webhook_secret: String,
    pub(crate) linkbest_push_secret: String,
    pub(crate) shopline_app_key: String,
    pub(crate) shopline_app_secret: String,
}

impl Keys {
    pub(crate) fn of(seed: u64) -> Self {
        let mut random = Random::of(seed, "keys", 0);
        Self {
            clink_api_key: format!("sk_test_sandbox{}", random.letters(16)),
            linkbest_app_key: random.digits(7),
            linkbest_app_secret: format!("sandbox{}", random.hex(25)),
            shopline_access_token: format!("sandbox.{}", random.letters(40)),
            shopline_handle: shopline::HANDLE.to_owned(),
            clink_webhook_secret: format!("whsec_sandbox{}", random.letters(24)),
            linkbest_push_secret: format!("push{}", random.hex(28)),
            shopline_app_key: random.hex(40),
            shopline_app_secret: format!("sandbox{}", random.hex(33)),
        }
    }
}
