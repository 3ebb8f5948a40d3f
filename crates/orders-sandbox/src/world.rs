//! The whole state of the server, in one struct.

use std::sync::{Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use chrono::{DateTime, TimeDelta, Utc};

use crate::change::{Change, ChangeError, Changed};
use crate::clock::{Clock, Dates};
use crate::faults::Faults;
use crate::habits::AllHabits;
use crate::lifecycle::Lifecycle;
use crate::limit::Bucket;
use crate::log::Log;
use crate::push::Pushes;
use crate::races::Races;
use crate::random::Random;
use crate::setup::{Keys, Setup};
use crate::truth::TruthOrder;
use crate::vendor::Vendor;
use crate::{clink, linkbest, shopline};

/// The state of one sandbox, shared by the handlers.
pub(crate) struct World {
    pub(crate) clock: Clock,
    dates: Option<Dates>,
    pub(crate) keys: Keys,
    pub(crate) setup: Setup,
    clink: RwLock<clink::Store>,
    linkbest: RwLock<linkbest::Store>,
    shopline: RwLock<shopline::Store>,
    pub(crate) tokens: shopline::Tokens,
    pub(crate) log: Log,
    pub(crate) pushes: Pushes,
    pub(crate) faults: Faults,
    pub(crate) races: Races,
    pub(crate) habits: AllHabits,
    pub(crate) lifecycle: Lifecycle,
    advanced: Mutex<TimeDelta>,
    shopline_bucket: Mutex<Option<Bucket>>,
    traces: Mutex<Random>,
}

impl World {
    pub(crate) fn new(setup: Setup, clock: Clock, dates: Option<Dates>) -> Self {
        let keys = Keys::of(setup.seed);
        let world = Self {
            clock,
            dates,
            tokens: shopline::Tokens::new(setup.seed, &keys.shopline_access_token, &setup.scopes),
            keys,
            clink: RwLock::new(clink::Store::new(&setup)),
            linkbest: RwLock::new(linkbest::Store::new(&setup)),
            shopline: RwLock::new(shopline::Store::new(&setup)),
            log: Log::default(),
            pushes: Pushes::default(),
            faults: Faults::default(),
            races: Races::default(),
            habits: AllHabits::default(),
            lifecycle: Lifecycle::default(),
            advanced: Mutex::new(TimeDelta::zero()),
            shopline_bucket: Mutex::new(setup.bucket()),
            traces: Mutex::new(setup.traces()),
            setup,
        };
        world.begin_lifecycle(|| {});
        world
    }

    /// Resets everything to the start.
    pub(crate) fn reset(&self) {
        self.faults.reset();
        self.races.reset();
        self.habits.reset();
        self.begin_lifecycle(|| {
            *writing(&self.clink) = clink::Store::new(&self.setup);
            *writing(&self.linkbest) = linkbest::Store::new(&self.setup);
            *writing(&self.shopline) = shopline::Store::new(&self.setup);
            *locked(&self.advanced) = TimeDelta::zero();
        });
        *locked(&self.shopline_bucket) = self.setup.bucket();
        *locked(&self.traces) = self.setup.traces();
        let private = &self.keys.shopline_access_token;
        self.tokens
            .reset(self.setup.seed, private, &self.setup.scopes);
        self.pushes.reset();
        self.log.reset();
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    /// The virtual now of the data.
    pub(crate) fn virtual_now(&self) -> DateTime<Utc> {
        let start = self.setup.now;
        start.checked_add_signed(self.advanced()).unwrap_or(start)
    }

    /// The time in the header `Date`.
    pub(crate) fn date(&self) -> DateTime<Utc> {
        match &self.dates {
            Some(dates) => dates(self.virtual_now()),
            None => self.now(),
        }
    }

    /// The time by which tokens age: the clock plus the advance of the virtual now.
    pub(crate) fn token_now(&self) -> DateTime<Utc> {
        let now = self.now();
        now.checked_add_signed(self.advanced()).unwrap_or(now)
    }

    /// Moves the virtual now and nothing else.
    pub(crate) fn move_now(&self, by: TimeDelta) {
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

    /// Changes an order at the virtual now.
    pub(crate) fn change(
        &self,
        vendor: Vendor,
        id: &str,
        change: Change,
    ) -> Result<Changed, ChangeError> {
        self.change_at(vendor, id, change, self.virtual_now())
    }

    /// Changes an order at the given time.
    pub(crate) fn change_at(
        &self,
        vendor: Vendor,
        id: &str,
        change: Change,
        time: DateTime<Utc>,
    ) -> Result<Changed, ChangeError> {
        match vendor {
            Vendor::Clink => writing(&self.clink).change(id, change, time.timestamp_millis()),
            Vendor::Linkbest => writing(&self.linkbest).change(id, change, time.timestamp()),
            Vendor::Shopline => writing(&self.shopline).change(id, change, time.timestamp_millis()),
        }
    }

    /// Creates an order at the virtual now.
    pub(crate) fn create(&self, vendor: Vendor) -> Changed {
        let (created, number) = self.create_at(vendor, self.virtual_now(), false);
        self.plan_lifecycle(vendor, number);
        created
    }

    /// Creates an order at the given time, of any customer or of the first. Also returns its number.
    pub(crate) fn create_at(
        &self,
        vendor: Vendor,
        time: DateTime<Utc>,
        any_customer: bool,
    ) -> (Changed, usize) {
        match vendor {
            Vendor::Clink => writing(&self.clink).create(time.timestamp_millis()),
            Vendor::Linkbest => writing(&self.linkbest).create(time.timestamp()),
            Vendor::Shopline => {
                writing(&self.shopline).create(time.timestamp_millis(), any_customer)
            }
        }
    }

    /// The number of orders of a vendor that are not deleted.
    pub(crate) fn count(&self, vendor: Vendor) -> usize {
        let deleted = match vendor {
            Vendor::Clink => self.clink().deleted.len(),
            Vendor::Linkbest => self.linkbest().deleted.len(),
            Vendor::Shopline => self.shopline().deleted.len(),
        };
        self.orders(vendor) - deleted
    }

    /// The number of orders of a vendor, deleted ones included.
    pub(crate) fn orders(&self, vendor: Vendor) -> usize {
        match vendor {
            Vendor::Clink => self.clink().heads.len(),
            Vendor::Linkbest => self.linkbest().heads.len(),
            Vendor::Shopline => self.shopline().heads.len(),
        }
    }

    /// The id of an order, by its number.
    pub(crate) fn id(&self, vendor: Vendor, number: usize) -> Option<String> {
        match vendor {
            Vendor::Clink => Some(self.clink().heads.get(number)?.id.clone()),
            Vendor::Linkbest => Some(self.linkbest().heads.get(number)?.id.to_string()),
            Vendor::Shopline => Some(self.shopline().heads.get(number)?.id.clone()),
        }
    }

    /// The dice of a kind and number, from the sandbox's seed.
    pub(crate) fn dice(&self, kind: &str, number: usize) -> Random {
        Random::of(self.setup.seed, kind, number)
    }

    /// Whether SHOPLINE's rate limit admits a request.
    pub(crate) fn shopline_admits(&self) -> bool {
        let now = self.now();
        let mut bucket = locked(&self.shopline_bucket);
        bucket.as_mut().is_none_or(|bucket| bucket.admits(now))
    }

    /// A new trace id: 32 hex digits, as at SHOPLINE.
    pub(crate) fn trace_id(&self) -> String {
        locked(&self.traces).hex(32)
    }

    pub(crate) fn truth(&self, vendor: Vendor) -> Vec<TruthOrder> {
        let mut truth = Vec::new();
        self.visit_truth(vendor, |order| truth.push(order));
        truth
    }

    /// Visits every order, in the order of the truth. No lock is held during a visit.
    pub(crate) fn visit_truth(&self, vendor: Vendor, mut visit: impl FnMut(TruthOrder)) {
        for number in self.numbers(vendor) {
            let order = self.truth_of(vendor, number);
            visit(order);
        }
    }

    fn truth_of(&self, vendor: Vendor, number: usize) -> TruthOrder {
        match vendor {
            Vendor::Clink => self.clink().truth(number),
            Vendor::Linkbest => self.linkbest().truth(number),
            Vendor::Shopline => self.shopline().truth(number),
        }
    }

    /// The numbers of all orders, in the order of the truth.
    pub(crate) fn numbers(&self, vendor: Vendor) -> Vec<usize> {
        match vendor {
            Vendor::Clink => self.clink().numbers(),
            Vendor::Linkbest => self.linkbest().numbers(),
            Vendor::Shopline => self.shopline().numbers(),
        }
    }

    /// The present text of an order.
    pub(crate) fn text(&self, vendor: Vendor, number: usize) -> String {
        match vendor {
            Vendor::Clink => self.clink().written(number).json.clone(),
            Vendor::Linkbest => self.linkbest().written(number).json.clone(),
            Vendor::Shopline => self.shopline().written(number).json.clone(),
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn writing<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}
