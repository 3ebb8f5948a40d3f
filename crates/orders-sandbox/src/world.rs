//! Everything the server knows, behind one struct.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};

use crate::clock::Clock;
use crate::limit::Bucket;
use crate::log::Log;
use crate::random::Random;
use crate::truth::TruthOrder;
use crate::vendor::Vendor;
use crate::{clink, linkbest, shopline};

/// The state of one sandbox. Handlers get it shared.
pub(crate) struct World {
    pub(crate) clock: Clock,
    pub(crate) keys: Keys,
    pub(crate) clink: clink::Store,
    pub(crate) linkbest: linkbest::Store,
    pub(crate) shopline: shopline::Store,
    pub(crate) log: Log,
    shopline_bucket: Option<Mutex<Bucket>>,
    traces: Mutex<Random>,
}

/// The credentials that the sandbox takes: invented, and the same for the same seed.
#[derive(Clone)]
pub(crate) struct Keys {
    pub(crate) clink_api_key: String,
    pub(crate) linkbest_app_key: String,
    pub(crate) linkbest_app_secret: String,
    pub(crate) shopline_access_token: String,
    pub(crate) shopline_handle: String,
}

impl World {
    pub(crate) fn new(
        seed: u64,
        orders: usize,
        now: DateTime<Utc>,
        clock: Clock,
        limit: Option<(u32, u32)>,
    ) -> Self {
        Self {
            clock,
            keys: Keys::of(seed),
            clink: clink::Store::new(seed, orders, now),
            linkbest: linkbest::Store::new(seed, orders, now),
            shopline: shopline::Store::new(seed, orders, now),
            log: Log::default(),
            shopline_bucket: limit
                .map(|(per_second, burst)| Mutex::new(Bucket::new(per_second, burst))),
            traces: Mutex::new(Random::of(seed, "trace", 0)),
        }
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    /// Whether SHOPLINE's rate limit lets a request pass.
    pub(crate) fn shopline_admits(&self) -> bool {
        match &self.shopline_bucket {
            Some(bucket) => bucket
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .admits(self.now()),
            None => true,
        }
    }

    /// A new trace id: 32 hex digits, as SHOPLINE's.
    pub(crate) fn trace_id(&self) -> String {
        self.traces
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .hex(32)
    }

    pub(crate) fn truth(&self, vendor: Vendor) -> Vec<TruthOrder> {
        match vendor {
            Vendor::Clink => self.clink.truth(),
            Vendor::Linkbest => self.linkbest.truth(),
            Vendor::Shopline => self.shopline.truth(),
        }
    }
}

impl Keys {
    fn of(seed: u64) -> Self {
        let mut random = Random::of(seed, "keys", 0);
        Self {
            clink_api_key: format!("sk_test_sandbox{}", random.letters(16)),
            linkbest_app_key: random.digits(7),
            linkbest_app_secret: format!("sandbox{}", random.hex(25)),
            shopline_access_token: format!("sandbox.{}", random.letters(40)),
            shopline_handle: shopline::HANDLE.to_owned(),
        }
    }
}
