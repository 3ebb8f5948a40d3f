//! Counting again, and reading some orders again: what is stored, beside what the vendor has.

use chrono::{
    DateTime, Datelike, Days, FixedOffset, Months, NaiveDate, NaiveTime, Offset, TimeZone, Utc,
};
use orders_core::{Account, Error, ErrorKind, OrderSource, Slice, TimeAxis, Walk, Window};
use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::deletions::many_doubted;
use crate::error::SyncError;
use crate::events::{Event, Progress, Unit};
use crate::options::Options;
use crate::phase::Phase;
use crate::planner::load;
use crate::recognise::recognise;
use crate::sample::{Sample, sample};
use crate::single::Single;
use crate::state::State;
use crate::store::Store;
use crate::stored::Doubts;
use crate::strategy::Strategy;

/// One comparison.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Check {
    /// What was counted, for people: `all orders`, `created 2026-02-01 to 2026-03-01 +08:00` (the end is not inside).
    pub what: String,
    /// How many are stored, and not gone at the vendor; of all orders, those included that came and could not be read.
    pub stored: u64,
    /// How many forgotten orders the vendor may count as well.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub forgotten: u64,
    /// How many the vendor counts; `None` where it does not count this.
    pub vendor: Option<u64>,
    /// Why there is no count, or what may explain a difference.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub note: Option<String>,
}

impl Check {
    /// Whether the counts are equal, but for orders that were forgotten; `None` where the vendor does not count.
    #[must_use]
    pub fn agrees(&self) -> Option<bool> {
        let most = self.stored + self.forgotten;
        self.vendor
            .map(|vendor| (self.stored..=most).contains(&vendor))
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// What counting again, and reading some orders again, found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Verification {
    /// The account.
    pub account: Account,
    /// When it was counted, UTC.
    pub counted_at: DateTime<Utc>,
    /// The comparisons.
    pub checks: Vec<Check>,
    /// Gaps open, the accepted ones not counted: they explain what is missing.
    #[serde(rename = "open_gaps")]
    pub gaps: u64,
    /// Why what is stored is not all that is known: the first pull has not ended, a pull waits to be resumed, or many orders
    /// are doubted.
    #[serde(default)]
    pub unfinished: Vec<String>,
    /// The stored orders that were read again; `None` where none were to be.
    #[serde(default)]
    pub sample: Option<Sample>,
    /// Counts and orders requested through the source; one may take several requests.
    pub requests: u64,
}

impl Verification {
    /// Whether what was compared is equal, and nothing is known to be missing. `None` where nothing was compared.
    #[must_use]
    pub fn agrees(&self) -> Option<bool> {
        let differs = |check: &Check| check.agrees() == Some(false);
        if self.gaps > 0 || !self.unfinished.is_empty() || self.checks.iter().any(differs) {
            return Some(false);
        }
        // No forgotten order explains two that are missing.
        let more = |check: &Check| check.vendor.unwrap_or(0).saturating_sub(check.stored);
        let forgotten = self.checks.iter().map(|check| check.forgotten).max();
        if self.checks.iter().map(more).sum::<u64>() > forgotten.unwrap_or(0) {
            return Some(false);
        }
        let sampled = self.sample.as_ref().and_then(Sample::agrees);
        if sampled == Some(false) {
            return Some(false);
        }
        (self.compared() > 0 || sampled.is_some()).then_some(true)
    }

    /// How many counts were compared: those that the vendor had, too.
    #[must_use]
    pub fn compared(&self) -> usize {
        let counted = self.checks.iter().filter(|check| check.vendor.is_some());
        counted.count()
    }
}

/// Counts again against the vendor, and reads some orders again. Changes nothing.
///
/// A vendor that counts everything gets one request. One that filters by creation gets one a month, for what was pulled:
/// from the first bound that was ever requested to the watermark. Months and days are those of the offset in which the
/// stored orders' creation times came, because some vendors count whole local days only. What lies before the first
/// midnight and behind the last is requested by itself. Where the vendor has no count, the check reports that.
///
/// Beside the counts, `sample_size` stored orders are looked up, others each day (0: none), and compared value by value. An
/// order of the same time of update that is not what is stored differs, and so does one that the vendor does not know;
/// where the vendor gives no time of update, or a later one, the order may have changed since, and that is no difference.
///
/// A request that fails is sent again as [`Options::retries`] has it. The observer of `context` is shown waits and progress;
/// its stop signal ends nothing here: dropping the future does.
///
/// The vendor is requested whatever the state is: what an unfinished pull lacks shows in the counts, too.
///
/// # Errors
/// `NotFound` where nothing was pulled yet, [`SyncError::State`] for a state that cannot be used, and what
/// the store or the vendor failed with.
pub async fn verify(
    source: &dyn OrderSource,
    store: &Store,
    options: &Options,
    sample_size: usize,
    context: &Context,
) -> Result<Verification, SyncError> {
    let (account, now) = (source.account(), context.clock.now());
    if store.state(account).await?.is_none() {
        let error = Error::new(
            ErrorKind::NotFound,
            "nothing was pulled from this account yet",
        );
        return Err(error.with_hint("pull it first, then verify").into());
    }
    let state = load(source, store, options, now).await?.state;
    recognise(source, store, &state, options, context).await?;
    let single = Single::new(source, options, context);
    single.event(&Event::Job {
        phase: Phase::Verify,
        resumed: false,
    });
    let mut verifier = Verifier {
        single,
        store,
        requests: 0,
    };
    let checks = verifier.checks(&state, now).await?;
    let counts = verifier.requests;
    let sample = match sample_size {
        0 => None,
        size => Some(sample(&mut verifier.single, store, size, options.at_once, now).await?),
    };
    Ok(Verification {
        account: account.clone(),
        counted_at: now,
        checks,
        gaps: store
            .gaps(account)
            .await?
            .iter()
            .filter(|gap| gap.is_open())
            .count() as u64,
        unfinished: unfinished(&state, store.doubts(account).await?),
        requests: counts + sample.as_ref().map_or(0, |sample| sample.read),
        sample,
    })
}

/// Why a pull is not at its end, or would not be complete.
fn unfinished(state: &State, doubts: Option<Doubts>) -> Vec<String> {
    let mut reasons = Vec::new();
    if state.watermark.is_none() {
        reasons.push("the first pull has not ended".to_owned());
    }
    if !state.jobs().is_empty() {
        reasons.push("a pull waits to be resumed".to_owned());
    }
    reasons.extend(doubts.and_then(many_doubted));
    reasons
}

struct Verifier<'a> {
    single: Single<'a>,
    store: &'a Store,
    requests: u64,
}

impl Verifier<'_> {
    async fn checks(&mut self, state: &State, now: DateTime<Utc>) -> Result<Vec<Check>, SyncError> {
        let capabilities = self.single.source.capabilities();
        let watermark = state.watermark.unwrap_or(now);
        if !capabilities.counts {
            return self.uncounted("this vendor does not count").await;
        }
        match (state.strategy, state.start) {
            (Strategy::Scan, _) => self.everything(watermark).await,
            (Strategy::Windows(TimeAxis::Created | TimeAxis::Updated), Some(start))
                if capabilities.axes.contains(&TimeAxis::Created) =>
            {
                self.created(start, watermark).await
            }
            (Strategy::Partitions, _) => {
                self.uncounted("pulled by partitions: the vendor counts only the whole")
                    .await
            }
            _ => {
                self.uncounted(
                    "the vendor does not count by creation, or that is not what was pulled",
                )
                .await
            }
        }
    }

    async fn uncounted(&self, note: &str) -> Result<Vec<Check>, SyncError> {
        Ok(vec![Check {
            what: "all orders".to_owned(),
            stored: self.store.live(self.single.source.account()).await?,
            forgotten: 0,
            vendor: None,
            note: Some(note.to_owned()),
        }])
    }

    async fn everything(&mut self, watermark: DateTime<Utc>) -> Result<Vec<Check>, SyncError> {
        let account = self.single.source.account();
        let stored = self.store.live(account).await? + self.store.unread(account).await?;
        let forgotten = self.store.forgotten(account).await?;
        let vendor = self.count(&Slice::pass()).await?;
        let note = match vendor {
            None => Some("the vendor gave no count".to_owned()),
            Some(vendor) if vendor < stored || vendor > stored + forgotten => Some(format!(
                "orders that came after {} are counted by the vendor only: pull, then verify again",
                text(watermark.fixed_offset())
            )),
            Some(_) => None,
        };
        Ok(vec![Check {
            what: "all orders".to_owned(),
            stored,
            forgotten,
            vendor,
            note,
        }])
    }

    async fn created(
        &mut self,
        start: DateTime<Utc>,
        watermark: DateTime<Utc>,
    ) -> Result<Vec<Check>, SyncError> {
        let account = self.single.source.account();
        let offset = self.store.created_offset(account).await?;
        let offset = offset.unwrap_or_else(|| Utc.fix());
        let forgotten = self.store.forgotten(account).await?;
        let mut checks = Vec::new();
        let windows = months(start, watermark, offset);
        let mut left = windows.len() as u64;
        for window in windows {
            let slice = Slice::window(Walk::Windows, TimeAxis::Created, window);
            let vendor = self.count(&slice).await?;
            let note = vendor.is_none().then(|| {
                let part = if is_whole_days(window, offset) {
                    "this window"
                } else {
                    "a part of a day"
                };
                format!("the vendor has no count of {part}")
            });
            checks.push(Check {
                what: words(window, offset),
                stored: self.store.created(account, window).await?,
                forgotten,
                vendor,
                note,
            });
            left -= 1;
            let done = Progress::new(
                Phase::Verify,
                Unit::Windows,
                checks.len() as u64,
                Some(left),
            );
            self.single.event(&Event::Progress(done));
        }
        Ok(checks)
    }

    async fn count(&mut self, slice: &Slice) -> Result<Option<u64>, SyncError> {
        self.requests += 1;
        Ok(self.single.count(slice).await?)
    }
}

/// A span cut at its first and last midnight, and at the midnights on which months begin.
fn months(start: DateTime<Utc>, end: DateTime<Utc>, offset: FixedOffset) -> Vec<Window> {
    let day = |at: DateTime<Utc>| at.with_timezone(&offset).date_naive();
    let skipped = u64::from(!is_midnight(start, offset));
    let first = day(start).checked_add_days(Days::new(skipped));
    let months = std::iter::successors(first, |day| {
        day.with_day(1)?.checked_add_months(Months::new(1))
    });
    let days = months.take_while(|at| *at < day(end)).chain([day(end)]);
    let midnights = days.filter_map(|day| midnight(day, offset));
    let inside = midnights.filter(|at| start < *at && *at < end);
    let cuts: Vec<_> = [start].into_iter().chain(inside).chain([end]).collect();
    cuts.windows(2)
        .filter_map(|pair| Window::new(pair[0], pair[1]))
        .collect()
}

fn midnight(day: NaiveDate, offset: FixedOffset) -> Option<DateTime<Utc>> {
    let local = offset.from_local_datetime(&day.and_time(NaiveTime::MIN));
    local.single().map(|at| at.to_utc())
}

fn is_midnight(at: DateTime<Utc>, offset: FixedOffset) -> bool {
    at.with_timezone(&offset).time() == NaiveTime::MIN
}

fn is_whole_days(window: Window, offset: FixedOffset) -> bool {
    is_midnight(window.from, offset) && is_midnight(window.to, offset)
}

fn text(at: DateTime<FixedOffset>) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

/// `created 2026-02-01 to 2026-03-01 +08:00`; with times where the ends are no midnights.
fn words(window: Window, offset: FixedOffset) -> String {
    let (from, to) = (
        window.from.with_timezone(&offset),
        window.to.with_timezone(&offset),
    );
    if is_whole_days(window, offset) {
        return format!(
            "created {} to {} {offset}",
            from.date_naive(),
            to.date_naive()
        );
    }
    format!("created {} to {}", text(from), text(to))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn cut(from: &str, to: &str, hours: i32) -> Vec<String> {
        let offset = FixedOffset::east_opt(hours * 3600).unwrap();
        let windows = months(at(from), at(to), offset);
        assert_eq!(windows.first().map(|w| w.from), Some(at(from)));
        assert_eq!(windows.last().map(|w| w.to), Some(at(to)));
        assert!(windows.windows(2).all(|pair| pair[0].to == pair[1].from));
        windows
            .into_iter()
            .map(|window| words(window, offset))
            .collect()
    }

    #[test]
    fn a_span_is_cut_at_local_midnights_and_months() {
        assert_eq!(
            cut("2026-01-30T16:00:00Z", "2026-03-02T17:30:00Z", 8),
            [
                "created 2026-01-31 to 2026-02-01 +08:00",
                "created 2026-02-01 to 2026-03-01 +08:00",
                "created 2026-03-01 to 2026-03-03 +08:00",
                "created 2026-03-03T00:00:00+08:00 to 2026-03-03T01:30:00+08:00",
            ]
        );
        assert_eq!(
            cut("2026-01-30T16:00:01Z", "2026-02-01T16:00:00Z", 8),
            [
                "created 2026-01-31T00:00:01+08:00 to 2026-02-01T00:00:00+08:00",
                "created 2026-02-01 to 2026-02-02 +08:00",
            ]
        );
        assert_eq!(
            cut("2026-01-30T10:00:00Z", "2026-01-30T11:00:00Z", 0),
            ["created 2026-01-30T10:00:00Z to 2026-01-30T11:00:00Z"]
        );
    }
}
