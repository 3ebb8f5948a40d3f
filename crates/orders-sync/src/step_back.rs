//! A run that begins before an earlier one ended: one of the clocks was wrong, so it is read again from where it was right.

use chrono::{DateTime, TimeDelta, Utc};

use crate::error::{StateFault, SyncError};
use crate::job::{Job, Work};
use crate::options::Options;
use crate::phase::Phase;
use crate::state::{State, refused};
use crate::store::Store;
use crate::strategy::Strategy;
use crate::times::second;

/// A clock that was ahead by less than this is set right and nobody notices: the safety lag covers it.
const UNNOTICED: TimeDelta = TimeDelta::minutes(2);

/// Steps a saved state back where a run begins now that should have begun later. Answers what a person should know.
///
/// # Errors
/// `Ahead` where the clock lies before everything that was ever requested; what the store failed with.
pub(crate) async fn step_back(
    state: &mut State,
    store: &Store,
    options: &Options,
    now: DateTime<Utc>,
) -> Result<Option<String>, SyncError> {
    let Some(last) = store.last_run(&state.account).await? else {
        return Ok(None);
    };
    if last - now <= UNNOTICED.min(options.safety_lag) {
        return Ok(None);
    }
    if let Some(start) = state.start.filter(|start| *start > now) {
        let message = format!(
            "this machine's clock says {}, and the pulls of this account begin at {}",
            second(now),
            second(start)
        );
        return Err(refused(StateFault::Ahead, &state.account, message));
    }
    let reached = store.reached_by(&state.account, now).await?;
    let changed = take_back(state, reached, options, now);
    Ok(changed.then(|| {
        let from = match state.watermark {
            Some(at) => format!("is read again from {}", second(at)),
            None => "is read again from the beginning".to_owned(),
        };
        format!(
            "an earlier run of this account ended at {}, and this machine's clock says {}: one of the two times is wrong, \
             and what lies between {from}",
            second(last),
            second(now)
        )
    }))
}

/// Takes back what cannot be true at this time; answers whether there was something. `reached`: what was read when the
/// clock was right.
fn take_back(
    state: &mut State,
    reached: Option<DateTime<Utc>>,
    options: &Options,
    now: DateTime<Utc>,
) -> bool {
    let before = state.clone();
    let windows = matches!(state.strategy, Strategy::Windows(_));
    let proven = state.dated && state.watermark <= Some(now - options.safety_lag);
    if let Some(watermark) = state.watermark.filter(|_| !proven) {
        let begin = state.start.filter(|_| windows);
        state.watermark = reached.or(begin).map(|at| at.min(watermark).min(now));
        if state.watermark.is_none() {
            // How far the list was really read is not known.
            state.full_at = None;
        }
    }
    let lowered = state.watermark != before.watermark;
    // What was begun at the watermark leaves out what lies before it.
    state.keep_jobs(|job| !(ends_after(job, now) || (lowered && job.phase == Phase::New)));
    for job in state.jobs_mut() {
        job.started_at = job.started_at.min(now);
    }
    for at in [
        &mut state.lookback_at,
        &mut state.open_at,
        &mut state.full_at,
    ] {
        *at = at.filter(|at| *at <= now);
    }
    for at in [&mut state.horizon, &mut state.next_horizon] {
        *at = at.map(|at| at.min(now - options.horizon));
    }
    *state != before
}

/// Whether a job reads a window that has not passed yet.
fn ends_after(job: &Job, now: DateTime<Utc>) -> bool {
    match &job.work {
        Work::Query { windows, .. } => windows.iter().any(|window| window.to > now),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use orders_core::{Account, TimeAxis, Window};

    use super::*;

    const DAY: i64 = 86_400;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    fn state(watermark: i64) -> State {
        let account = Account::new("linkbest", "main");
        let mut state = State::new(account, Strategy::Windows(TimeAxis::Updated));
        (state.start, state.watermark) = (Some(at(0)), Some(at(watermark)));
        state
    }

    fn job(phase: Phase, from: i64, to: i64) -> Job {
        let window = Window::new(at(from), at(to)).unwrap();
        let work = Work::windows(TimeAxis::Updated, vec![window]);
        Job::new(phase, at(to), work)
    }

    fn stepped(mut state: State, reached: Option<i64>, now: i64) -> (bool, State) {
        let changed = take_back(&mut state, reached.map(at), &Options::default(), at(now));
        (changed, state)
    }

    #[test]
    fn the_watermark_is_where_the_clock_was_right() {
        let watermark = |reached, now| stepped(state(20 * DAY), reached, now).1.watermark;
        assert_eq!(watermark(Some(9 * DAY), 10 * DAY), Some(at(9 * DAY)));
        assert_eq!(watermark(None, 10 * DAY), Some(at(0)), "the beginning");
        assert_eq!(watermark(Some(12 * DAY), 10 * DAY), Some(at(10 * DAY)));
        assert_eq!(watermark(Some(30 * DAY), 25 * DAY), Some(at(20 * DAY)));
        let mut dated = state(9 * DAY);
        dated.dated = true;
        let kept = stepped(dated.clone(), Some(DAY), 10 * DAY);
        assert_eq!(kept, (false, dated.clone()), "the vendor's time is known");
        let behind = stepped(dated, Some(DAY), 8 * DAY).1;
        assert_eq!(behind.watermark, Some(at(DAY)));
    }

    #[test]
    fn a_list_whose_end_is_not_known_is_read_in_full() {
        let mut list = State::new(Account::new("clink", "main"), Strategy::Scan);
        (list.watermark, list.full_at) = (Some(at(20 * DAY)), Some(at(5 * DAY)));
        let (changed, stepped) = stepped(list, None, 10 * DAY);
        assert!(changed);
        assert_eq!((stepped.watermark, stepped.full_at), (None, None));
    }

    #[test]
    fn jobs_that_end_in_the_future_begin_anew() {
        let mut one = state(9 * DAY);
        one.add_job(job(Phase::Lookback, 6 * DAY, 9 * DAY));
        one.add_job(job(Phase::Full, 0, 15 * DAY));
        let left = stepped(one, Some(9 * DAY), 10 * DAY).1;
        let left: Vec<_> = left.jobs().iter().map(|job| job.phase).collect();
        assert_eq!(left, [Phase::Lookback]);
    }

    #[test]
    fn a_job_behind_a_watermark_that_is_taken_back_begins_anew() {
        let mut one = state(9 * DAY);
        one.add_job(job(Phase::New, 9 * DAY, 10 * DAY));
        let kept = stepped(one.clone(), Some(9 * DAY), 11 * DAY).1;
        assert_eq!(kept.jobs().len(), 1);
        let taken_back = stepped(one, Some(8 * DAY), 11 * DAY).1;
        assert_eq!(taken_back.jobs().len(), 0);
    }

    #[test]
    fn what_is_due_by_a_time_in_the_future_is_due_now() {
        let mut one = state(9 * DAY);
        let future = Some(at(15 * DAY));
        (one.lookback_at, one.open_at, one.full_at) = (future, future, Some(at(5 * DAY)));
        (one.horizon, one.next_horizon) = (future, future);
        let look_ups = Work::Orders(Vec::new());
        one.add_job(Job::new(Phase::Gaps, at(15 * DAY), look_ups));
        let (changed, one) = stepped(one, Some(9 * DAY), 10 * DAY);
        assert!(changed);
        assert_eq!((one.lookback_at, one.open_at), (None, None));
        assert_eq!(one.full_at, Some(at(5 * DAY)));
        let horizon = Some(at(10 * DAY) - Options::default().horizon);
        assert_eq!((one.horizon, one.next_horizon), (horizon, horizon));
        assert_eq!(one.jobs()[0].started_at, at(10 * DAY));
        assert!(!stepped(one, Some(9 * DAY), 10 * DAY).0, "only once");
    }
}
