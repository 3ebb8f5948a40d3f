//! Recovery from a page that cannot be read: it is requested again, the slice begins again, what cannot be read is
//! narrowed down, and at last it is a gap.

use std::time::Duration;

use orders_core::{Error, ErrorKind, Walk};
use orders_reader::RepeatedPages;

use crate::batch::{Batch, NewGap};
use crate::error::SyncError;
use crate::gap::Missing;
use crate::phase::Phase;
use crate::reading::{Reading, beginning, end_slice};
use crate::retry::Decision;
use crate::run::{Ended, Flow, Run};

/// What follows a failed request.
pub(crate) enum Recovery {
    /// The same is requested again after a wait.
    Retry(Duration),
    /// The job continues with what its slices need now.
    Moved,
}

/// Recovers from a failed request of an active slice.
pub(crate) async fn recover(
    run: &mut Run<'_>,
    reading: &mut Reading,
    at: usize,
    error: Error,
) -> Result<Recovery, Ended> {
    run.flush().await?;
    let id = run.job().active[at].id;
    let error = match run.decide(id, error) {
        Decision::Abort(error) => return Err(run.abort(error)),
        Decision::Retry { wait, .. } => return Ok(Recovery::Retry(wait)),
        Decision::Skip(error) => error,
    };
    run.retry.forget(id);
    if begin_again(run, reading, at, &error) {
        run.save().await?;
    } else if is_refused(&error) {
        close_refused(run, reading, at, error).await?;
    } else {
        narrow(run, reading, at, error).await?;
    }
    Ok(Recovery::Moved)
}

/// Whether the client itself refuses to send the request: no run could ever read it.
pub(crate) fn is_refused(error: &Error) -> bool {
    error.kind() == ErrorKind::InvalidRequest && error.attempts() == 0
}

/// Closes a gap that nobody can fill. A slice that is no gap is a wrong request, and ends the run.
async fn close_refused(run: &mut Run<'_>, reading: &mut Reading, at: usize, error: Error) -> Flow {
    if run.job().phase != Phase::Gaps {
        return Err(run.abort(error));
    }
    let (_, filled) = end_slice(run, reading, at);
    run.notes.push(format!(
        "a gap is closed that this client cannot request: {}",
        error.message()
    ));
    Ok(run
        .commit(Batch {
            filled,
            ..Batch::default()
        })
        .await?)
}

/// Narrows down what cannot be read, as far as it can be; else it is a gap.
pub(crate) async fn narrow(
    run: &mut Run<'_>,
    reading: &mut Reading,
    at: usize,
    error: Error,
) -> Flow {
    run.flush().await?;
    if halve(run, at, &error) {
        return Ok(run.save().await?);
    }
    if split(run, reading, at, &error).await? {
        return Ok(());
    }
    match step_over(run, at, &error).await? {
        true => run.note_gap(error),
        false => leave_gap(run, reading, at, error).await,
    }
}

/// A cursor may have expired while the run was away: the slice is read from its beginning, once.
fn begin_again(run: &mut Run<'_>, reading: &mut Reading, at: usize, error: &Error) -> bool {
    let active = &run.job().active[at];
    let request = active.position.request(&active.slice);
    let has_cursor = request.is_some_and(|(_, cursor)| cursor.is_some());
    if error.kind() != ErrorKind::InvalidRequest
        || !has_cursor
        || !reading.restarted.insert(active.id)
    {
        return false;
    }
    let slice = active.slice.clone();
    let (position, list) = beginning(run, &slice);
    let active = &mut run.job_mut().active[at];
    (active.position, active.list) = (position, list);
    reading.repeated = RepeatedPages::default();
    true
}

/// Halves a window that cannot be read. Where the vendor may only be down that is left to the next run.
fn halve(run: &mut Run<'_>, at: usize, error: &Error) -> bool {
    may_shrink(run, error) && run.job_mut().active[at].position.halve()
}

fn may_shrink(run: &Run<'_>, error: &Error) -> bool {
    !error.is_retryable() || run.job().phase == Phase::Gaps
}

/// A window behind a cursor with a page that cannot be read: its halves are read instead, each from its beginning, so
/// that all but the second of the bad page comes.
async fn split(
    run: &mut Run<'_>,
    reading: &mut Reading,
    at: usize,
    error: &Error,
) -> Result<bool, SyncError> {
    let slice = &run.job().active[at].slice;
    let halves = slice.split().filter(|_| slice.walk == Walk::Cursor);
    let Some((early, late)) = halves.filter(|_| may_shrink(run, error)) else {
        return Ok(false);
    };
    let (_, filled) = end_slice(run, reading, at);
    reading.repeated = RepeatedPages::default();
    let mut gaps = Vec::new();
    for (behind, half) in [early, late].into_iter().enumerate() {
        if !filled.is_empty() {
            // What was one gap is now two.
            gaps.push(NewGap::of(Missing::Slice(half.clone()), error));
        }
        let (position, list) = beginning(run, &half);
        let begun = run.committer.run();
        let job = run.job_mut();
        job.activate(half, position, list, begun);
        // In the place of the whole: deep splits end before the late halves are begun.
        if let Some(active) = job.active.pop() {
            job.active.insert(at + behind, active);
        }
    }
    run.commit(Batch {
        gaps,
        filled,
        ..Batch::default()
    })
    .await?;
    Ok(true)
}

/// Steps over a page of a list that cannot be read, so that one bad page hides no other. The list stays a gap until its
/// total is reached.
async fn step_over(run: &mut Run<'_>, at: usize, error: &Error) -> Result<bool, SyncError> {
    let source = run.source;
    let active = &mut run.job_mut().active[at];
    let Some((slice, cursor)) = active.position.request(&active.slice) else {
        return Ok(false);
    };
    let next = source.behind(&slice, cursor.as_ref());
    let bad = error.kind() == ErrorKind::Decode;
    if !bad || !next.is_some_and(|next| active.position.step_over(next)) {
        return Ok(false);
    }
    let was = active.clone();
    run.job_mut().gaps += 1;
    run.commit(Batch {
        gaps: vec![NewGap::of(Missing::Slice(slice), error)],
        ..Batch::default()
    })
    .await?;
    run.page_done(&was, 0);
    Ok(true)
}

/// Stores what cannot be read as a gap, and moves behind it.
async fn leave_gap(run: &mut Run<'_>, reading: &mut Reading, at: usize, error: Error) -> Flow {
    let active = &mut run.job_mut().active[at];
    let piece = active.position.piece(&active.slice);
    let before = active.position.seconds_left();
    let more = active.position.skip_window();
    let was = active.clone();
    run.job_mut().gaps += 1;
    let mut filled = match more {
        true => Vec::new(),
        false => end_slice(run, reading, at).1,
    };
    let missing = Missing::Slice(piece);
    // The same piece as before stays what it was: a gap.
    filled.retain(|before| *before != missing);
    let mut gap = NewGap::of(missing, &error);
    gap.reason = with_unread_page(run, &gap.missing, &error).await?;
    run.commit(Batch {
        gaps: vec![gap],
        filled,
        ..Batch::default()
    })
    .await?;
    run.page_done(&was, before - was.position.seconds_left());
    if !more {
        run.slice_done(&was);
    }
    run.note_gap(error)
}

/// Why something is missing: of a list that lacks orders, also what could not be read on its pages.
async fn with_unread_page(
    run: &Run<'_>,
    missing: &Missing,
    error: &Error,
) -> Result<String, SyncError> {
    let reason = error.to_string();
    if error.kind() != ErrorKind::Incomplete {
        return Ok(reason);
    }
    let gaps = run.committer.gaps().await?.into_iter();
    let mut unread = gaps.filter(|gap| gap.kind == ErrorKind::Decode.as_str());
    let unread = unread.find(|gap| gap.missing == *missing);
    Ok(unread.map_or(reason.clone(), |gap| format!("{}; {reason}", gap.reason)))
}
