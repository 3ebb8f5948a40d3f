//! What the slices of a job that are being read have in common.

use std::collections::HashSet;

use orders_core::{Slice, Walk};
use orders_reader::{PageCap, Position, RepeatedPages};

use crate::gap::Missing;
use crate::job::Active;
use crate::list_scan::ListScan;
use crate::phase::Phase;
use crate::run::Run;

/// What is remembered while the slices of a job are read.
#[derive(Default)]
pub(crate) struct Reading {
    /// The pages that came lately.
    pub(crate) repeated: RepeatedPages,
    /// Slices whose cursor was refused once.
    pub(crate) restarted: HashSet<u64>,
}

/// The beginning of a slice, with marks of its own where it is a list.
pub(crate) fn beginning(run: &mut Run<'_>, slice: &Slice) -> (Position, Option<ListScan>) {
    let limits = run.source.capabilities().windows;
    let now = run.committer.now();
    let state = &mut run.committer.state;
    let list = (slice.walk == Walk::Pages).then(|| ListScan::begin(state.next_marks()));
    let size = state.window_size.filter(|_| state.is_usual_axis(slice));
    let cap = PageCap::of(state.page_rows).with_proven_by(run.pages_proven);
    let position = Position::begin(slice, limits, size, now).with_page_cap(cap);
    // A slice that is read again held something.
    match run.job().phase {
        Phase::Gaps => (position.expecting_rows(), list),
        _ => (position, list),
    }
}

/// Notes the window length that worked, and what was learnt of the vendor's pages.
pub(crate) fn note_windows(run: &mut Run<'_>, active: &Active) {
    let state = &mut run.committer.state;
    if state.is_usual_axis(&active.slice) {
        state.window_size = active.position.window_size().or(state.window_size);
    }
    if active.slice.walk == Walk::Windows {
        let cap = active.position.page_cap();
        state.page_rows = cap.rows();
        run.pages_proven = run.pages_proven.with_proven_by(cap);
    }
}

/// Removes a slice that is read. Answers it, and the gap that it was, where the job fills gaps.
pub(crate) fn end_slice(
    run: &mut Run<'_>,
    reading: &mut Reading,
    at: usize,
) -> (Active, Vec<Missing>) {
    let job = run.job_mut();
    let active = job.active.remove(at);
    let was_gap = job.phase == Phase::Gaps;
    if was_gap {
        run.committer.state.unconfirmed.ended(&active.slice);
    }
    let gap = was_gap.then(|| Missing::Slice(active.slice.clone()));
    run.retry.forget(active.id);
    reading.restarted.remove(&active.id);
    (active, gap.into_iter().collect())
}
