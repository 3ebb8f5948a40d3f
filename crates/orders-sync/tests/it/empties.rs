//! Answers that report success and lack their list, capped pages, and rows of another window.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use orders_core::{
    Account, Capabilities, Cursor, Error, Limits, Order, OrderSource, Page, Query, Slice, Slices,
    TimeAxis, Walk,
};
use orders_sync::{Clock, Context, Mode, Options, Outcome, Store, Summary};

use crate::bench::fresh;

/// A vendor of windows, with one order at each of these seconds.
#[derive(Debug)]
struct Vendor {
    account: Account,
    orders: Vec<i64>,
    cap: usize,
    /// Every answer lacks its list.
    broken: AtomicBool,
    /// What one second is answered with, and whether long windows around it are, too.
    short: Option<fn() -> Error>,
    all_fail: bool,
    /// By how many hours the times of the orders are off.
    off: i64,
    requests: AtomicUsize,
}

impl Vendor {
    fn new(orders: impl IntoIterator<Item = i64>) -> Self {
        Self {
            account: Account::new("memory", "main"),
            orders: orders.into_iter().collect(),
            cap: 200,
            broken: AtomicBool::new(false),
            short: None,
            all_fail: false,
            off: 0,
            requests: AtomicUsize::new(0),
        }
    }

    fn requests(&self) -> usize {
        self.requests.swap(0, Ordering::SeqCst)
    }
}

#[async_trait]
impl OrderSource for Vendor {
    fn account(&self) -> &Account {
        &self.account
    }

    fn capabilities(&self) -> Capabilities {
        let mut capabilities = Capabilities::default();
        capabilities.axes = vec![TimeAxis::Created];
        capabilities.windows = Limits::new(86_400, 200);
        capabilities.needs_window = true;
        capabilities.zone_inferred = true;
        capabilities
    }

    async fn slices(&self, query: &Query, _: Option<&Cursor>) -> Result<Slices, Error> {
        let window = query.window.unwrap();
        let slice = Slice::window(Walk::Windows, TimeAxis::Created, window);
        Ok(Slices::new(vec![slice]))
    }

    async fn page(&self, slice: &Slice, cursor: Option<&Cursor>) -> Result<Page, Error> {
        self.requests.fetch_add(1, Ordering::SeqCst);
        if self.broken.load(Ordering::SeqCst) {
            return Err(Error::missing_list("Data", "no list"));
        }
        let page: usize = cursor.map_or(0, |cursor| cursor.as_str().parse().unwrap());
        let window = slice.window.unwrap();
        if let Some(error) = self.short {
            let short = window.length() == TimeDelta::seconds(1);
            if window.contains(time(DAY)) && (short || self.all_fail) {
                return Err(error());
            }
        }
        let inside = self.orders.iter().filter(|at| window.contains(time(**at)));
        let rows = inside.skip(page * self.cap).take(self.cap).map(|at| {
            let mut order = Order::new("memory", "main", format!("at {at}"));
            order.raw = Bytes::from(format!("{{\"at\":{at}}}"));
            order.created_at = Some((time(*at) + TimeDelta::hours(self.off)).fixed_offset());
            order
        });
        let rows: Vec<Order> = rows.collect();
        let full = rows.len() >= 200;
        let next = (!rows.is_empty()).then(|| Cursor::new((page + 1).to_string()));
        Ok(Page::new(rows).with_next(next).with_full(full))
    }
}

const DAY: i64 = 86_400;

fn time(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap()
}

async fn pull(vendor: &Vendor, store: &Store, day: i64) -> Summary {
    pull_as(vendor, store, day, Mode::Update).await
}

async fn pull_as(vendor: &Vendor, store: &Store, day: i64, mode: Mode) -> Summary {
    let context = Context {
        clock: Arc::new(Midnight(day)),
        ..Context::default()
    };
    let options = Options {
        since: Some(time(0)),
        mode,
        // Nothing but new windows, and what is read again for its own sake.
        lookback_every: TimeDelta::days(1000),
        open_every: TimeDelta::days(1000),
        ..Options::default()
    };
    let ended = orders_sync::pull(vendor, store, &options, &context).await;
    ended.unwrap().summary
}

/// The beginning of a day, always.
#[derive(Debug)]
struct Midnight(i64);

impl Clock for Midnight {
    fn now(&self) -> DateTime<Utc> {
        time(self.0 * DAY)
    }
}

#[tokio::test(start_paused = true)]
async fn a_day_without_data_is_read_again_by_the_next_run_after_a_day_and_a_week() {
    let vendor = Vendor::new((0..30).map(|order| 3 * DAY + order * 60));
    let store = fresh().await;
    vendor.broken.store(true, Ordering::SeqCst);
    let first = pull(&vendor, &store, 10).await;
    assert_eq!((first.outcome, first.gaps), (Outcome::Complete, 0));
    assert!(first.unconfirmed >= 9, "{}", first.unconfirmed);
    assert!(
        first
            .notes
            .iter()
            .any(|note| note.contains("taken as empty"))
    );
    // Each window once more, none halved.
    assert_eq!(vendor.requests() as u64, 2 * first.unconfirmed);
    // Still without, in the next run and after a day.
    for day in [10, 11] {
        let again = pull(&vendor, &store, day).await;
        assert_eq!(again.outcome, Outcome::Complete);
        assert!(again.unconfirmed >= 9, "day {day}: {}", again.unconfirmed);
    }
    vendor.requests();
    // Its service is healthy again after a week.
    vendor.broken.store(false, Ordering::SeqCst);
    let week = pull(&vendor, &store, 17).await;
    assert_eq!((week.counts.new, week.unconfirmed), (30, 0));
    vendor.requests();
    pull(&vendor, &store, 17).await;
    assert_eq!(vendor.requests(), 0, "nothing is left to be read again");
}

#[tokio::test(start_paused = true)]
async fn a_page_size_that_the_vendor_caps_is_found_and_remembered() {
    let mut vendor = Vendor::new((0..150).map(|order| DAY + order * 20));
    vendor.cap = 100;
    let store = fresh().await;
    let ended = pull(&vendor, &store, 10).await;
    assert_eq!((ended.outcome, ended.counts.new), (Outcome::Complete, 150));
    let state = store.state(&vendor.account).await.unwrap();
    assert!(state.unwrap().contains("\"page_rows\":100"));
}

#[tokio::test(start_paused = true)]
async fn rows_of_another_window_are_kept_and_a_zone_that_never_fits_is_named() {
    let mut requests = Vec::new();
    for (off, named) in [(1, false), (36, true), (80, true)] {
        let store = fresh().await;
        let mut vendor = Vendor::new([DAY, 2 * DAY, 3 * DAY]);
        vendor.off = off;
        let ended = pull(&vendor, &store, 10).await;
        assert_eq!((ended.outcome, ended.counts.new), (Outcome::Complete, 3));
        let zone = ended.notes.iter().any(|note| note.contains("the zone"));
        assert_eq!(zone, named, "{off} hours: {:?}", ended.notes);
        requests.push(vendor.requests());
    }
    // A day is tolerated; what is farther off is requested once more.
    assert_eq!(requests[1], requests[0]);
    assert_eq!(requests[2], requests[0] + 3);
}

/// A vendor whose answers with this second cannot be read: it becomes a gap.
async fn with_gap(store: &Store) -> Vendor {
    let mut vendor = Vendor::new([DAY]);
    vendor.short = Some(|| Error::decode("Data", "odd"));
    vendor.all_fail = true;
    let ended = pull(&vendor, store, 10).await;
    assert_eq!((ended.outcome, ended.gaps), (Outcome::Incomplete, 1));
    vendor.all_fail = false;
    vendor
}

#[tokio::test(start_paused = true)]
async fn a_gap_whose_orders_came_another_way_closes() {
    let store = fresh().await;
    let vendor = with_gap(&store).await;
    let again = pull(&vendor, &store, 10).await;
    assert_eq!(again.outcome, Outcome::Incomplete);
    let full = pull_as(&vendor, &store, 10, Mode::Full).await;
    assert_eq!((full.outcome, full.counts.new), (Outcome::Complete, 1));
}

#[tokio::test(start_paused = true)]
async fn a_gap_that_the_client_refuses_to_request_closes() {
    let store = fresh().await;
    let mut vendor = with_gap(&store).await;
    vendor.short = Some(|| Error::invalid_request("the range is too short"));
    let again = pull(&vendor, &store, 10).await;
    assert_eq!((again.outcome, again.gaps), (Outcome::Complete, 0));
    assert!(again.notes.iter().any(|note| note.contains("too short")));
}
