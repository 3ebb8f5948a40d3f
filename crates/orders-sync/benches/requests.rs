//! How many requests windows that fit one page take, against the ideal number of pages. Counts, no clock.
//!
//! `cargo bench -p orders-sync --bench requests`
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::float_arithmetic)]

use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use orders_core::{
    Account, Capabilities, Cursor, Error, Limits, Order, OrderSource, Page, Query, Slice, Slices,
    TimeAxis, Walk,
};
use orders_sync::{Clock, Context, Options, Outcome, Store, pull};

const DAY: i64 = 86_400;
const PAGE: usize = 200;
const DAYS: i64 = 8;
/// The beginning of the first day.
const START: i64 = 1_700_006_400;

fn main() {
    println!(
        "Requests for each ideal page of {PAGE} rows, windows of update time, edges a second wider"
    );
    println!(
        "rows a day | shape | first day, size unknown | next {} days, size carried over",
        DAYS - 1
    );
    println!("---:|---|---:|---:");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    for rows in [1_000, 10_000, 200_000] {
        for shape in [Shape::Flat, Shape::Evening, Shape::Sale] {
            let (cold, lookback) = runtime.block_on(measured(rows, shape));
            println!("{rows} | {} | {cold} | {lookback}", shape.name());
        }
    }
}

/// How the rows of a day are spread.
#[derive(Clone, Copy)]
enum Shape {
    /// Evenly.
    Flat,
    /// Half of them in the last quarter of the day.
    Evening,
    /// As in the evening, and a tenth of them within ten minutes.
    Sale,
}

impl Shape {
    fn name(self) -> &'static str {
        match self {
            Self::Flat => "flat",
            Self::Evening => "half in the evening",
            Self::Sale => "evening, and a tenth in ten minutes",
        }
    }

    fn second(self, row: i64, random: i64) -> i64 {
        match self {
            Self::Flat => random % DAY,
            Self::Sale if row % 10 == 0 => 72_000 + random % 600,
            _ if row % 2 == 1 => 64_800 + random % 21_600,
            _ => random % 64_800,
        }
    }
}

/// Requests for each ideal page: of the first day, and of the days after it.
async fn measured(rows: i64, shape: Shape) -> (String, String) {
    let source = Rows::new(rows, shape);
    let store = Store::in_memory().unwrap();
    let options = Options {
        since: Some(at(START)),
        safety_lag: TimeDelta::zero(),
        lookback: TimeDelta::zero(),
        ..Options::default()
    };
    let mut requests = Vec::new();
    for day in 1..=DAYS {
        let tools = Context {
            clock: std::sync::Arc::new(Now(at(START + day * DAY))),
            ..Context::default()
        };
        let before = source.requests.load(Ordering::Relaxed);
        let report = pull(&source, &store, &options, &tools).await.unwrap();
        assert_eq!(report.summary.outcome, Outcome::Complete);
        requests.push(source.requests.load(Ordering::Relaxed) - before);
    }
    let stored = store.live(source.account()).await.unwrap();
    assert_eq!(stored, source.seconds.len() as u64, "rows are missing");
    let ideal = u64::try_from(rows).unwrap().div_ceil(PAGE as u64);
    let ratio = |requests: &[u64]| {
        let pages = ideal * requests.len() as u64;
        let hundredths = requests.iter().sum::<u64>() * 100 / pages;
        format!("{}.{:02}", hundredths / 100, hundredths % 100)
    };
    (ratio(&requests[..1]), ratio(&requests[1..]))
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

struct Now(DateTime<Utc>);

impl Clock for Now {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}

/// A vendor with windows of update time and no totals, as Linkbest is.
#[derive(Debug)]
struct Rows {
    account: Account,
    seconds: Vec<i64>,
    requests: AtomicU64,
}

impl Rows {
    fn new(rows: i64, shape: Shape) -> Self {
        let mut random: u64 = 7;
        let mut seconds = Vec::new();
        for day in 0..DAYS {
            for row in 0..rows {
                random = random
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                let second = shape.second(row, i64::try_from(random >> 33).unwrap());
                seconds.push(START + day * DAY + second);
            }
        }
        seconds.sort_unstable();
        Self {
            account: Account::new("bench", "main"),
            seconds,
            requests: AtomicU64::new(0),
        }
    }
}

#[async_trait::async_trait]
impl OrderSource for Rows {
    fn account(&self) -> &Account {
        &self.account
    }

    fn capabilities(&self) -> Capabilities {
        let mut capabilities = Capabilities::default();
        capabilities.axes = vec![TimeAxis::Updated];
        capabilities.windows = Limits::new(86_398, u32::try_from(PAGE).unwrap());
        capabilities
    }

    async fn slices(&self, query: &Query, _: Option<&Cursor>) -> Result<Slices, Error> {
        let window = query.window.unwrap();
        Ok(Slices::new(vec![Slice::window(
            Walk::Windows,
            TimeAxis::Updated,
            window,
        )]))
    }

    async fn page(&self, slice: &Slice, cursor: Option<&Cursor>) -> Result<Page, Error> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let window = slice.window.unwrap();
        let behind = |edge: i64| self.seconds.partition_point(|second| *second < edge);
        let (from, to) = (
            behind(window.from.timestamp() - 1),
            behind(window.to.timestamp() + 1),
        );
        let page: usize = cursor.map_or(0, |cursor| cursor.as_str().parse().unwrap());
        let first = (from + page * PAGE).min(to);
        let last = (first + PAGE).min(to);
        let order = |row: usize| {
            let mut order = Order::new("bench", "main", row.to_string());
            order.raw = row.to_string().into_bytes().into();
            order
        };
        let full = last - first == PAGE;
        Ok(Page::new((first..last).map(order).collect())
            .with_next(full.then(|| Cursor::new((page + 1).to_string())))
            .with_full(full))
    }
}
