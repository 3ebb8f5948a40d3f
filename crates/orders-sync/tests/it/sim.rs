//! A vendor in memory that misbehaves on demand: rows that move between pages, late changes, faults.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, FixedOffset, NaiveTime, Utc};
use orders_core::{
    Account, Capabilities, Commission, CommissionStatus, Cursor, Error, ErrorKind, Limits, Mapped,
    Money, Order, OrderRef, OrderSource, Page, Query, Slice, Slices, TimeAxis, Total, TotalKind,
    Walk, Window,
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

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Windows of update time, as Linkbest has them.
    Windows,
    /// Passes by page number, as Clink has them: newest first, oldest first, or in no order.
    NewestFirst,
    OldestFirst,
    Shuffled,
    /// Partitions by cursor, as SHOPLINE has them.
    Cursor,
}

pub(crate) const KINDS: [Kind; 5] = [
    Kind::Windows,
    Kind::NewestFirst,
    Kind::OldestFirst,
    Kind::Shuffled,
    Kind::Cursor,
];

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

    fn order(&self, account: &Account, hours: i32) -> Order {
        let offset = FixedOffset::east_opt(hours * 3600).unwrap();
        let mut order = Order::new(account.provider.clone(), account.label.clone(), self.name());
        order.created_at = Some(at(self.created).with_timezone(&offset));
        // For a mutant; the engine never looks at it.
        order.updated_at = Some(at(self.updated).fixed_offset());
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
    /// Windows that contain this second cannot be decoded.
    pub(crate) poison: Option<i64>,
    pub(crate) ignore_pages: bool,
    /// Rows of one second come in another order at each request.
    pub(crate) unstable: bool,
    /// How many customers buy.
    pub(crate) customers: usize,
}

#[derive(Debug)]
pub(crate) struct Sim {
    pub(crate) kind: Kind,
    pub(crate) account: Account,
    pub(crate) clock: std::sync::Arc<SimClock>,
    pub(crate) world: Mutex<World>,
    pub(crate) requests: AtomicU64,
    pub(crate) at_once: AtomicI64,
    pub(crate) most_at_once: AtomicI64,
    pub(crate) asked: Mutex<Vec<Slice>>,
    pub(crate) fetches: AtomicBool,
    pub(crate) page: usize,
    /// The offset of its local times, whose whole days it counts.
    pub(crate) hours: i32,
    /// How many partitions it lists at once.
    pub(crate) listed: usize,
}

impl Sim {
    pub(crate) fn new(kind: Kind, seed: u64) -> Self {
        Self {
            kind,
            account: Account {
                provider: "sim".into(),
                label: "main".into(),
            },
            clock: std::sync::Arc::new(SimClock::new()),
            world: Mutex::new(World {
                rows: Vec::new(),
                random: Random(seed.wrapping_mul(2_654_435_761).wrapping_add(97)),
                churn: 0,
                faults: 0,
                script: Vec::new(),
                poison: None,
                ignore_pages: false,
                unstable: false,
                customers: 5,
            }),
            requests: AtomicU64::new(0),
            at_once: AtomicI64::new(0),
            most_at_once: AtomicI64::new(0),
            asked: Mutex::new(Vec::new()),
            fetches: AtomicBool::new(kind != Kind::Cursor),
            page: PAGE,
            hours: 0,
            listed: 2,
        }
    }

    /// Orders spread over the days before now, some of them in one second.
    pub(crate) fn filled(self, orders: usize, days: i64, crowd: usize) -> Self {
        let now = self.clock.seconds();
        for i in 0..orders {
            let back = i64::try_from(
                self.world()
                    .random
                    .below(usize::try_from(days * DAY).unwrap()),
            )
            .unwrap();
            let when = if i < crowd {
                now - days * DAY / 2
            } else {
                now - 600 - back
            };
            self.insert(when);
        }
        self
    }

    pub(crate) fn world(&self) -> std::sync::MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    pub(crate) fn insert(&self, when: i64) {
        self.world().insert(when);
    }

    pub(crate) fn truth(&self) -> Vec<(String, String)> {
        let mut truth: Vec<_> = self
            .world()
            .rows
            .iter()
            .map(|row| (row.name(), row.raw()))
            .collect();
        truth.sort();
        truth
    }

    pub(crate) fn calls(&self) -> u64 {
        self.requests.load(Ordering::SeqCst)
    }

    /// What happens at each request before it is answered.
    async fn begin(&self) -> Result<(), Error> {
        let at_once = self.at_once.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_at_once.fetch_max(at_once, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(200)).await;
        self.at_once.fetch_sub(1, Ordering::SeqCst);
        let number = self.requests.fetch_add(1, Ordering::SeqCst) + 1;
        let now = self.clock.seconds();
        let mut world = self.world();
        let churn = world.churn;
        if world.random.percent(churn) {
            world.happen(now);
        }
        if let Some(found) = world.script.iter().position(|(nth, _)| *nth == number) {
            return Err(world.script.remove(found).1());
        }
        let faults = world.faults;
        if world.random.percent(faults) {
            return Err(match world.random.below(4) {
                0 => Error::new(ErrorKind::RateLimit, "slow down")
                    .retryable()
                    .with_retry_after(Some(Duration::from_secs(3))),
                1 => Error::new(ErrorKind::Server, "oops").retryable(),
                2 => Error::new(ErrorKind::Transport, "reset").retryable(),
                _ => Error::decode("rows[1]", "cut"),
            });
        }
        Ok(())
    }

    fn windows(&self, slice: &Slice, cursor: Option<&Cursor>) -> Page {
        let window = slice.window.unwrap();
        let world = self.world();
        let axis = slice.axis.unwrap_or(TimeAxis::Updated);
        let time = |row: &Row| {
            if axis == TimeAxis::Created {
                row.created
            } else {
                row.updated
            }
        };
        // The edges are asked a second wider, as the real source does.
        let wide = Window {
            from: window.from - chrono::TimeDelta::seconds(1),
            to: window.to + chrono::TimeDelta::seconds(1),
        };
        let mut rows: Vec<&Row> = world
            .rows
            .iter()
            .filter(|row| wide.contains(at(time(row))))
            .collect();
        rows.sort_by_key(|row| (time(row), row.id));
        let (forwards, number) = match cursor.map(Cursor::as_str) {
            None => (true, 1),
            Some(text) => (text.starts_with('f'), text[1..].parse::<usize>().unwrap()),
        };
        let shown: Vec<&Row> = rows
            .into_iter()
            .skip((number - 1) * self.page)
            .take(self.page)
            .collect();
        let full = shown.len() == self.page;
        let next = match (forwards, full) {
            (true, true) => Some(format!("f{}", number + 1)),
            (true, false) if number > 1 => Some(format!("b{}", number - 1)),
            (false, _) if number > 1 => Some(format!("b{}", number - 1)),
            _ => None,
        };
        let orders = shown
            .into_iter()
            .map(|row| row.order(&self.account, self.hours))
            .collect();
        Page {
            orders,
            next: next.map(Cursor::new),
            total: None,
            full,
        }
    }

    fn pass(&self, cursor: Option<&Cursor>) -> Page {
        let mut world = self.world();
        let shuffle = match world.unstable {
            true => world.random.below(1 << 30) as u64,
            false => 0,
        };
        let mut rows: Vec<&Row> = world.rows.iter().collect();
        let tie = |row: &Row| (row.id ^ shuffle).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        match self.kind {
            Kind::NewestFirst if shuffle > 0 => {
                rows.sort_by_key(|row| std::cmp::Reverse((row.created, tie(row))));
            }
            Kind::NewestFirst => rows.sort_by_key(|row| std::cmp::Reverse((row.created, row.id))),
            Kind::OldestFirst => rows.sort_by_key(|row| (row.created, row.id)),
            _ => rows.sort_by_key(|row| row.id.wrapping_mul(0x9E37_79B9_7F4A_7C15)),
        }
        let (page, before) = match cursor {
            None => (1usize, 0u64),
            Some(cursor) => {
                let (page, before) = cursor.as_str().split_once('/').unwrap();
                (page.parse().unwrap(), before.parse().unwrap())
            }
        };
        let shown_page = if world.ignore_pages { 1 } else { page };
        let total = rows.len() as u64;
        let shown: Vec<&Row> = rows
            .into_iter()
            .skip((shown_page - 1) * PAGE)
            .take(PAGE)
            .collect();
        let seen = before + shown.len() as u64;
        let more = !shown.is_empty() && seen < total;
        Page {
            full: shown.len() == PAGE,
            orders: shown
                .into_iter()
                .map(|row| row.order(&self.account, self.hours))
                .collect(),
            next: more.then(|| Cursor::new(format!("{}/{seen}", page + 1))),
            total: Some(total),
        }
    }

    fn partition(&self, slice: &Slice, cursor: Option<&Cursor>) -> Page {
        let customer: usize = slice.partition.as_deref().unwrap().parse().unwrap();
        let after: u64 = cursor.map_or(0, |cursor| cursor.as_str().parse().unwrap());
        let world = self.world();
        let mut rows: Vec<&Row> = world
            .rows
            .iter()
            .filter(|row| row.customer == customer && row.id > after)
            .collect();
        rows.sort_by_key(|row| row.id);
        let more = rows.len() > PAGE;
        rows.truncate(PAGE);
        Page {
            next: rows
                .last()
                .filter(|_| more)
                .map(|row| Cursor::new(row.id.to_string())),
            full: rows.len() == PAGE,
            orders: rows
                .into_iter()
                .map(|row| row.order(&self.account, self.hours))
                .collect(),
            total: None,
        }
    }
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

#[async_trait::async_trait]
impl OrderSource for Sim {
    fn account(&self) -> &Account {
        &self.account
    }

    fn capabilities(&self) -> Capabilities {
        let mut capabilities = Capabilities::default();
        capabilities.windows = Limits {
            longest: 86_398,
            page_rows: u32::try_from(self.page).unwrap(),
        };
        match self.kind {
            Kind::Windows => {
                capabilities.axes = vec![TimeAxis::Updated, TimeAxis::Created];
                capabilities.counts = true;
            }
            Kind::Cursor => capabilities.needs_partitions = true,
            _ => {
                capabilities.page_total = true;
                capabilities.counts = true;
            }
        }
        capabilities.fetches = self.fetches.load(Ordering::SeqCst);
        capabilities
    }

    async fn slices(&self, query: &Query, after: Option<&Cursor>) -> Result<Slices, Error> {
        let place: usize = after.map_or(0, |after| after.as_str().parse().unwrap());
        let all: Vec<Slice> = match self.kind {
            Kind::Windows => {
                let window = query.window.unwrap();
                let axis = query.axis.unwrap_or(TimeAxis::Updated);
                let mut slices = Vec::new();
                let mut from = window.from;
                while let Some(piece) =
                    Window::new(from, window.to.min(from + chrono::TimeDelta::days(7)))
                {
                    slices.push(Slice::window(Walk::Windows, axis, piece));
                    from = piece.to;
                }
                slices
            }
            Kind::Cursor => {
                let (all, many) = (&query.partitions, self.listed);
                let next = (place + many < all.len()).then(|| (place + many).to_string());
                return Ok(Slices {
                    slices: all
                        .iter()
                        .skip(place)
                        .take(many)
                        .map(Slice::partition)
                        .collect(),
                    next: next.map(Cursor::new),
                });
            }
            _ => vec![Slice::pass()],
        };
        // Two at a time, so that the pages of slices are walked as well.
        let next = (place + 2 < all.len()).then(|| Cursor::new((place + 2).to_string()));
        Ok(Slices {
            slices: all.into_iter().skip(place).take(2).collect(),
            next,
        })
    }

    async fn page(&self, slice: &Slice, cursor: Option<&Cursor>) -> Result<Page, Error> {
        self.begin().await?;
        self.asked.lock().unwrap().push(slice.clone());
        if let (Some(poison), Some(window)) = (self.world().poison, slice.window)
            && window.contains(at(poison))
        {
            return Err(Error::decode(
                "rows[0].amount",
                "12e999 is not an exact decimal",
            ));
        }
        Ok(match self.kind {
            Kind::Windows => self.windows(slice, cursor),
            Kind::Cursor => self.partition(slice, cursor),
            _ => self.pass(cursor),
        })
    }

    async fn fetch(&self, reference: &OrderRef) -> Result<Option<Order>, Error> {
        self.begin().await?;
        let world = self.world();
        Ok(world
            .rows
            .iter()
            .find(|row| row.name() == reference.id)
            .map(|row| row.order(&self.account, self.hours)))
    }

    /// Passes count everything; windows only whole local days of creation, at most 31, as Linkbest does.
    async fn count(&self, slice: &Slice) -> Result<Option<u64>, Error> {
        let rows = |inside: &dyn Fn(&Row) -> bool| {
            self.world().rows.iter().filter(|row| inside(row)).count() as u64
        };
        let offset = FixedOffset::east_opt(self.hours * 3600).unwrap();
        let midnight = |at: DateTime<Utc>| at.with_timezone(&offset).time() == NaiveTime::MIN;
        Ok(match (self.kind, slice.window) {
            (Kind::Cursor, _) => None,
            (Kind::Windows, Some(window)) => {
                let counts = slice.axis == Some(TimeAxis::Created)
                    && midnight(window.from)
                    && midnight(window.to)
                    && window.length() <= chrono::TimeDelta::days(31);
                counts.then(|| rows(&|row| window.contains(at(row.created))))
            }
            (Kind::Windows, None) => None,
            _ => Some(rows(&|_| true)),
        })
    }
}
