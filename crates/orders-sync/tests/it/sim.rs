//! A vendor in memory that misbehaves on demand: rows that move between pages, late changes, faults.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, FixedOffset, NaiveTime, Utc};
use orders_core::{
    Account, Capabilities, Cursor, Error, ErrorKind, Limits, Order, OrderRef, OrderSource, Page,
    Query, Slice, Slices, TimeAxis, Unreadable, Walk, Window,
};

pub(crate) use crate::world::{DAY, PAGE, Random, Row, SimClock, T0, World, at};

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
    /// Windows of update time by cursor, as SHOPLINE's whole store has them.
    Store,
}

pub(crate) const KINDS: [Kind; 6] = [
    Kind::Windows,
    Kind::NewestFirst,
    Kind::OldestFirst,
    Kind::Shuffled,
    Kind::Cursor,
    Kind::Store,
];

#[derive(Debug)]
pub(crate) struct Sim {
    pub(crate) kind: Kind,
    pub(crate) account: Account,
    pub(crate) clock: std::sync::Arc<SimClock>,
    pub(crate) world: Mutex<World>,
    pub(crate) requests: AtomicU64,
    pub(crate) at_once: AtomicI64,
    pub(crate) most_at_once: AtomicI64,
    /// How often it was asked to count.
    pub(crate) counts: AtomicU64,
    pub(crate) asked: Mutex<Vec<Slice>>,
    pub(crate) fetches: AtomicBool,
    pub(crate) page: usize,
    /// The offset of its local times, whose whole days it counts.
    pub(crate) hours: i32,
    /// How many partitions it lists at once.
    pub(crate) listed: usize,
    /// The rows of the answer before.
    last: Mutex<Vec<Order>>,
}

impl Sim {
    pub(crate) fn new(kind: Kind, seed: u64) -> Self {
        Self {
            kind,
            account: Account::new("sim", "main"),
            clock: std::sync::Arc::new(SimClock::new()),
            world: Mutex::new(World {
                rows: Vec::new(),
                random: Random(seed.wrapping_mul(2_654_435_761).wrapping_add(97)),
                churn: 0,
                faults: 0,
                script: Vec::new(),
                bad_count: None,
                hides: 0,
                poison: None,
                odd: Default::default(),
                rereads: false,
                texts: Default::default(),
                nameless: false,
                ignore_pages: false,
                unstable: false,
                repeat_every: 0,
                swap_at: None,
                customers: 5,
            }),
            requests: AtomicU64::new(0),
            at_once: AtomicI64::new(0),
            most_at_once: AtomicI64::new(0),
            counts: AtomicU64::new(0),
            asked: Mutex::new(Vec::new()),
            fetches: AtomicBool::new(kind != Kind::Cursor),
            page: PAGE,
            hours: 0,
            listed: 2,
            last: Mutex::default(),
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
        if world.swap_at == Some(number) {
            let rows = &mut world.rows;
            let oldest = (0..rows.len()).min_by_key(|at| (rows[*at].created, rows[*at].id));
            rows.remove(oldest.unwrap());
            let id = rows.iter().map(|row| row.id).max();
            world.insert(now - 600);
            world.rows.last_mut().unwrap().id = id.unwrap() + 1;
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
        Page::new(orders)
            .with_next(next.map(Cursor::new))
            .with_full(full)
    }

    fn pass(&self, cursor: Option<&Cursor>) -> Page {
        let mut world = self.world();
        let shuffle = match world.unstable {
            true => world.random.below(1 << 30) as u64,
            false => 0,
        };
        let shown = world.rows.iter().filter(|row| row.id > world.hides);
        let mut rows: Vec<&Row> = shown.collect();
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
        let full = shown.len() == PAGE;
        let orders = shown
            .into_iter()
            .map(|row| row.order(&self.account, self.hours))
            .collect();
        Page::new(orders)
            .with_next(more.then(|| Cursor::new(format!("{}/{seen}", page + 1))))
            .with_total(Some(total))
            .with_full(full)
    }

    /// The rows of a partition, or of a window with edges a second wider, by a cursor that remembers the last id.
    fn behind_cursor(&self, slice: &Slice, cursor: Option<&Cursor>) -> Page {
        let customer: Option<usize> = slice.partition.as_ref().map(|p| p.parse().unwrap());
        let wide = slice
            .window
            .map(|w| w.widened(chrono::TimeDelta::seconds(1)));
        let after: u64 = cursor.map_or(0, |cursor| cursor.as_str().parse().unwrap());
        let world = self.world();
        let inside = |row: &Row| {
            let time = match slice.axis {
                Some(TimeAxis::Created) => row.created,
                _ => row.updated,
            };
            customer.is_none_or(|customer| row.customer == customer)
                && wide.is_none_or(|window| window.contains(at(time)))
        };
        let mut rows: Vec<&Row> = world
            .rows
            .iter()
            .filter(|row| row.id > after && inside(row))
            .collect();
        rows.sort_by_key(|row| row.id);
        let more = rows.len() > PAGE;
        rows.truncate(PAGE);
        let next = rows.last().filter(|_| more);
        let next = next.map(|row| Cursor::new(row.id.to_string()));
        let full = rows.len() == PAGE;
        let orders = rows
            .into_iter()
            .map(|row| row.order(&self.account, self.hours))
            .collect();
        Page::new(orders).with_next(next).with_full(full)
    }

    /// The page as a source gives it whose types do not fit some records.
    fn with_odd(&self, page: Page) -> Page {
        let world = self.world();
        let odd = |order: &Order| {
            let mut rows = world.rows.iter();
            rows.any(|row| world.odd.contains(&row.id) && row.name() == order.id)
        };
        let (mut orders, mut records) = (Vec::new(), Vec::new());
        for (place, order) in page.orders.into_iter().enumerate() {
            match odd(&order) {
                true if world.nameless => {
                    records.push(unreadable(place, &order).with_id(None::<String>));
                }
                true => records.push(unreadable(place, &order)),
                false => orders.push(order),
            }
        }
        Page::new(orders)
            .with_unreadable(records)
            .with_next(page.next)
            .with_total(page.total)
            .with_full(page.full)
            .with_sent(page.sent)
    }

    /// The answer to the request before, in the place of this one; where to go on is right.
    fn repeated(&self, page: Page) -> Page {
        let mut last = self.last.lock().unwrap();
        let every = self.world().repeat_every;
        let now = every > 0 && self.calls().is_multiple_of(every);
        let before = std::mem::replace(&mut *last, page.orders.clone());
        if !now || before.is_empty() {
            return page;
        }
        *last = before.clone();
        let full = before.len() >= self.page;
        Page::new(before)
            .with_next(page.next)
            .with_total(page.total)
            .with_full(full)
    }
}

/// An order whose record cannot be read.
fn unreadable(place: usize, order: &Order) -> Unreadable {
    let path = format!("rows[{place}].amount");
    Unreadable::new(path, "12e999 is not an exact decimal", order.raw.clone())
        .with_id(Some(order.id.clone()))
        .with_time(order.created_at)
}

fn bad_amount() -> Error {
    Error::decode("rows[0].amount", "12e999 is not an exact decimal")
}

#[async_trait::async_trait]
impl OrderSource for Sim {
    fn account(&self) -> &Account {
        &self.account
    }

    fn capabilities(&self) -> Capabilities {
        let mut capabilities = Capabilities::default();
        capabilities.windows = Limits::new(86_398, u32::try_from(self.page).unwrap());
        match self.kind {
            Kind::Store => capabilities.axes = vec![TimeAxis::Updated, TimeAxis::Created],
            Kind::Windows => {
                capabilities.axes = vec![TimeAxis::Updated, TimeAxis::Created];
                capabilities.counts = true;
            }
            Kind::Cursor => {
                capabilities.needs_partitions = true;
                capabilities.takes_partitions = true;
            }
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
                let slices = all.iter().skip(place).take(many);
                return Ok(Slices::new(slices.map(Slice::partition).collect())
                    .with_next(next.map(Cursor::new)));
            }
            Kind::Store => {
                let axis = query.axis.unwrap_or(TimeAxis::Updated);
                vec![Slice::window(Walk::Cursor, axis, query.window.unwrap())]
            }
            _ => vec![Slice::pass()],
        };
        // Two at a time, so that the pages of slices are walked as well.
        let next = (place + 2 < all.len()).then(|| Cursor::new((place + 2).to_string()));
        Ok(Slices::new(all.into_iter().skip(place).take(2).collect()).with_next(next))
    }

    async fn page(&self, slice: &Slice, cursor: Option<&Cursor>) -> Result<Page, Error> {
        self.begin().await?;
        self.asked.lock().unwrap().push(slice.clone());
        let poison = self.world().poison;
        if let (Some(poison), Some(window)) = (poison, slice.window)
            && window.contains(at(poison))
            && self.kind != Kind::Store
        {
            return Err(bad_amount());
        }
        let page = match self.kind {
            Kind::Windows => self.windows(slice, cursor),
            Kind::Cursor | Kind::Store => self.behind_cursor(slice, cursor),
            _ => self.pass(cursor),
        };
        let is_bad = |order: &Order| {
            let time = order.updated_at.map(|time| time.timestamp());
            poison.is_some() && time == poison
        };
        if self.kind != Kind::Windows && page.orders.iter().any(is_bad) {
            return Err(bad_amount());
        }
        Ok(self.with_odd(self.repeated(page)))
    }

    fn behind(&self, _: &Slice, cursor: Option<&Cursor>) -> Option<Cursor> {
        let passes = [Kind::NewestFirst, Kind::OldestFirst, Kind::Shuffled];
        let (page, before): (u64, u64) = match cursor {
            None => (1, 0),
            Some(cursor) => {
                let (page, before) = cursor.as_str().split_once('/')?;
                (page.parse().ok()?, before.parse().ok()?)
            }
        };
        let next = format!("{}/{}", page + 1, before + PAGE as u64);
        passes.contains(&self.kind).then(|| Cursor::new(next))
    }

    async fn fetch(&self, reference: &OrderRef) -> Result<Option<Order>, Error> {
        self.begin().await?;
        let world = self.world();
        let row = world.rows.iter().find(|row| row.name() == reference.id);
        match row {
            Some(row) if world.odd.contains(&row.id) => {
                let order = row.order(&self.account, self.hours);
                Err(Error::unreadable(unreadable(0, &order)))
            }
            row => Ok(row.map(|row| row.order(&self.account, self.hours))),
        }
    }

    fn read(&self, raw: &Bytes) -> Option<Result<Order, Error>> {
        let world = self.world();
        let text = std::str::from_utf8(raw).ok()?;
        if let Some(order) = world.texts.get(text) {
            return Some(Ok(order.clone()));
        }
        let row = world.rows.iter().find(|row| row.raw().as_bytes() == raw);
        let row = row.filter(|row| world.rereads || !world.odd.contains(&row.id))?;
        Some(Ok(row.order(&self.account, self.hours)))
    }

    /// A later one, where it reads stored texts.
    fn mapping_version(&self) -> u32 {
        u32::from(self.world().rereads)
    }

    /// Passes count everything; windows only whole local days of creation, at most 31, as Linkbest does.
    async fn count(&self, slice: &Slice) -> Result<Option<u64>, Error> {
        self.counts.fetch_add(1, Ordering::SeqCst);
        if let Some(bad) = self.world().bad_count {
            return Err(bad());
        }
        let rows = |inside: &dyn Fn(&Row) -> bool| {
            self.world().rows.iter().filter(|row| inside(row)).count() as u64
        };
        let offset = FixedOffset::east_opt(self.hours * 3600).unwrap();
        let midnight = |at: DateTime<Utc>| at.with_timezone(&offset).time() == NaiveTime::MIN;
        Ok(match (self.kind, slice.window) {
            (Kind::Cursor | Kind::Store, _) => None,
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
