//! What the slices of a job that are being read have in common.

use std::collections::HashSet;

use orders_core::{Slice, Walk};
use orders_reader::{Position, RepeatedPages};

use crate::gap::Missing;
use crate::job::Active;
use crate::list_scan::ListScan;
use crate::phase::Phase;
use crate::run::Run;
use crate::state::State;

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
    let position = Position::begin(slice, limits, size, now);
    // A slice that is read again held something.
    match run.job().phase {
        Phase::Gaps => (position.expecting_rows(), list),
        _ => (position, list),
    }
}

/// Notes the window length that worked.
pub(crate) fn note_window_size(state: &mut State, active: &Active) {
    if state.is_usual_axis(&active.slice) {
        state.window_size = active.position.window_size().or(state.window_size);
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
    let gap = was_gap.then(|| Missing::Slice(active.slice.clone()));
    run.retry.forget(active.id);
    reading.restarted.remove(&active.id);
    (active, gap.into_iter().collect())
}
