//! The orders of the vendor in memory, how they change, its clock and its dice.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, FixedOffset, Utc};
use orders_core::{
    Account, Commission, CommissionStatus, Customer, Error, Mapped, Money, Order, Total, TotalKind,
};
use orders_sync::Clock;
use tokio::time::Instant;

pub(crate) const T0: i64 = 1_700_000_000;
pub(crate) const DAY: i64 = 86_400;
pub(crate) const PAGE: usize = 20;

pub(crate) fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

/// Paused tokio time, and days added by hand.
#[derive(Debug)]
pub(crate) struct SimClock {
    start: Instant,
    added: AtomicI64,
}

impl SimClock {
    pub(crate) fn new() -> Self {
        Self {
            start: Instant::now(),
            added: AtomicI64::new(T0),
        }
    }

    pub(crate) fn seconds(&self) -> i64 {
        self.added.load(Ordering::SeqCst) + i64::try_from(self.start.elapsed().as_secs()).unwrap()
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.added.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for SimClock {
    fn now(&self) -> DateTime<Utc> {
        at(self.seconds())
    }
}

#[derive(Debug)]
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n.max(1)
    }

    pub(crate) fn percent(&mut self, p: usize) -> bool {
        self.below(100) < p
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) id: u64,
    pub(crate) created: i64,
    pub(crate) updated: i64,
    pub(crate) status: usize,
    pub(crate) version: u64,
    pub(crate) customer: usize,
}

const WORDS: [(&str, CommissionStatus); 4] = [
    ("0", CommissionStatus::Pending),
    ("1", CommissionStatus::Confirmed),
    ("2", CommissionStatus::Settled),
    ("-1", CommissionStatus::Invalid),
];

impl Row {
    pub(crate) fn is_open(&self) -> bool {
        self.status < 2
    }

    pub(crate) fn name(&self) -> String {
        format!("o{:06}", self.id)
    }

    pub(crate) fn raw(&self) -> String {
        format!(
            r#"{{"id":"{}","status":{},"version":{},"amount":{}.50}}"#,
            self.name(),
            WORDS[self.status].0,
            self.version,
            self.id
        )
    }

    pub(crate) fn order(&self, account: &Account, hours: i32) -> Order {
        let offset = FixedOffset::east_opt(hours * 3600).unwrap();
        let mut order = Order::new(account.provider.clone(), account.label.clone(), self.name());
        order.created_at = Some(at(self.created).with_timezone(&offset));
        // For a mutant; the engine never looks at it.
        order.updated_at = Some(at(self.updated).fixed_offset());
        let mut customer = Customer::default();
        customer.id = Some(self.customer.to_string());
        order.customer = Some(customer);
        let (word, status) = WORDS[self.status];
        let mut commission = Commission::default();
        commission.status = Some(Mapped::new(word, status));
        order.commission = Some(commission);
        order.totals.push(Total::new(
            TotalKind::Grand,
            Money::parse(&format!("{}.50", self.id), "USD").unwrap(),
        ));
        order.raw = self.raw().into_bytes().into();
        order
    }
}

#[derive(Debug)]
pub(crate) struct World {
    pub(crate) rows: Vec<Row>,
    pub(crate) random: Random,
    /// Percent of requests before which something changes.
    pub(crate) churn: usize,
    /// Percent of requests that fail.
    pub(crate) faults: usize,
    /// Requests with these numbers fail so; each error is used up.
    pub(crate) script: Vec<(u64, fn() -> Error)>,
    /// Counting fails so.
    pub(crate) bad_count: Option<fn() -> Error>,
    /// Passes show no orders up to this number, and their totals do not count them.
    pub(crate) hides: u64,
    /// Windows that contain this second cannot be decoded; of passes and behind cursors, pages with a row of this second.
    pub(crate) poison: Option<i64>,
    /// The records of these orders cannot be read.
    pub(crate) odd: std::collections::BTreeSet<u64>,
    /// This version of the source reads the stored text of those as well.
    pub(crate) rereads: bool,
    /// How stored texts are read, whatever the vendor has now.
    pub(crate) texts: HashMap<String, Order>,
    /// The ids of odd rows cannot be read either.
    pub(crate) nameless: bool,
    pub(crate) ignore_pages: bool,
    /// Rows of one second come in another order at each request.
    pub(crate) unstable: bool,
    /// Each request with a number that this divides gets the rows of the answer before; 0: none.
    pub(crate) repeat_every: u64,
    /// Before the request with this number the oldest order vanishes, and a new one comes.
    pub(crate) swap_at: Option<u64>,
    /// How many customers buy.
    pub(crate) customers: usize,
}

impl World {
    pub(crate) fn insert(&mut self, when: i64) {
        let id = self.rows.len() as u64 + 1;
        let customer = self.random.below(self.customers);
        self.rows.push(Row {
            id,
            created: when,
            updated: when,
            status: 0,
            version: 1,
            customer,
        });
    }

    /// An order changes (and so leaves its window of updates), or a new one comes.
    pub(crate) fn happen(&mut self, now: i64) {
        if self.random.percent(30) || self.rows.is_empty() {
            self.insert(now);
            return;
        }
        for _ in 0..3 {
            let index = self.random.below(self.rows.len());
            let to = 1 + self.random.below(3);
            self.change(index, to, now);
        }
    }

    pub(crate) fn change(&mut self, index: usize, to: usize, now: i64) {
        let row = &mut self.rows[index];
        if row.is_open() {
            row.status = to.max(row.status);
            row.version += 1;
            row.updated = now;
        }
    }
}
