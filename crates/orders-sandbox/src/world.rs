//! Everything the server knows, behind one struct.

use std::sync::{Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use chrono::{DateTime, TimeDelta, Utc};

use crate::change::{Change, ChangeError, Changed};
use crate::clock::Clock;
use crate::limit::Bucket;
use crate::log::Log;
use crate::push::Pushes;
use crate::random::Random;
use crate::truth::TruthOrder;
use crate::vendor::Vendor;
use crate::{clink, linkbest, shopline};

/// The state of one sandbox. Handlers get it shared.
pub(crate) struct World {
    pub(crate) clock: Clock,
    pub(crate) keys: Keys,
    clink: RwLock<clink::Store>,
    linkbest: RwLock<linkbest::Store>,
    shopline: RwLock<shopline::Store>,
    pub(crate) tokens: shopline::Tokens,
    pub(crate) log: Log,
    pub(crate) pushes: Pushes,
    seed: u64,
    /// The virtual now at the start.
    start: DateTime<Utc>,
    advanced: Mutex<TimeDelta>,
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
    pub(crate) clink_webhook_secret: String,
    pub(crate) linkbest_push_secret: String,
    pub(crate) shopline_app_key: String,
    pub(crate) shopline_app_secret: String,
}

impl World {
    pub(crate) fn new(
        seed: u64,
        orders: usize,
        now: DateTime<Utc>,
        clock: Clock,
        limit: Option<(u32, u32)>,
        scopes: Vec<String>,
    ) -> Self {
        let keys = Keys::of(seed);
        Self {
            clock,
            tokens: shopline::Tokens::new(seed, &keys.shopline_access_token, scopes),
            keys,
            clink: RwLock::new(clink::Store::new(seed, orders, now)),
            linkbest: RwLock::new(linkbest::Store::new(seed, orders, now)),
            shopline: RwLock::new(shopline::Store::new(seed, orders, now)),
            log: Log::default(),
            pushes: Pushes::default(),
            seed,
            start: now,
            advanced: Mutex::new(TimeDelta::zero()),
            shopline_bucket: limit
                .map(|(per_second, burst)| Mutex::new(Bucket::new(per_second, burst))),
            traces: Mutex::new(Random::of(seed, "trace", 0)),
        }
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    /// The virtual now of the data.
    pub(crate) fn virtual_now(&self) -> DateTime<Utc> {
        self.start
            .checked_add_signed(self.advanced())
            .unwrap_or(self.start)
    }

    /// The time that tokens age by: the clock, and what the virtual now was moved by.
    pub(crate) fn token_now(&self) -> DateTime<Utc> {
        let now = self.now();
        now.checked_add_signed(self.advanced()).unwrap_or(now)
    }

    /// Moves the virtual now.
    pub(crate) fn advance(&self, by: TimeDelta) {
        let mut advanced = locked(&self.advanced);
        *advanced = advanced.checked_add(&by).unwrap_or(*advanced);
    }

    fn advanced(&self) -> TimeDelta {
        *locked(&self.advanced)
    }

    pub(crate) fn clink(&self) -> RwLockReadGuard<'_, clink::Store> {
        self.clink.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn linkbest(&self) -> RwLockReadGuard<'_, linkbest::Store> {
        self.linkbest.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn shopline(&self) -> RwLockReadGuard<'_, shopline::Store> {
        self.shopline.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets something happen to an order, at the virtual now.
    pub(crate) fn change(
        &self,
        vendor: Vendor,
        id: &str,
        change: Change,
    ) -> Result<Changed, ChangeError> {
        let now = self.virtual_now();
        match vendor {
            Vendor::Clink => writing(&self.clink).change(id, change, now.timestamp_millis()),
            Vendor::Linkbest => writing(&self.linkbest).change(id, change, now.timestamp()),
            Vendor::Shopline => writing(&self.shopline).change(id, change, now.timestamp_millis()),
        }
    }

    /// Lets an order be made, at the virtual now.
    pub(crate) fn create(&self, vendor: Vendor) -> Changed {
        let now = self.virtual_now();
        match vendor {
            Vendor::Clink => writing(&self.clink).create(now.timestamp_millis()),
            Vendor::Linkbest => writing(&self.linkbest).create(now.timestamp()),
            Vendor::Shopline => writing(&self.shopline).create(now.timestamp_millis()),
        }
    }

    /// Dice of a kind and number, from the sandbox's seed.
    pub(crate) fn dice(&self, kind: &str, number: usize) -> Random {
        Random::of(self.seed, kind, number)
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
            Vendor::Clink => self.clink().truth(),
            Vendor::Linkbest => self.linkbest().truth(),
            Vendor::Shopline => self.shopline().truth(),
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn writing<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
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
            clink_webhook_secret: format!("whsec_sandbox{}", random.letters(24)),
            linkbest_push_secret: format!("push{}", random.hex(28)),
            shopline_app_key: random.hex(40),
            shopline_app_secret: format!("sandbox{}", random.hex(33)),
        }
    }
}
