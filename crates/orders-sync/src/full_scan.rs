//! Full scans of a list: when one is over, what it shows, and the tail that is read between two of them.

use chrono::{DateTime, Utc};
use orders_core::Slice;
use orders_reader::{Counts, Decision, Position, Proof};

use crate::batch::{Batch, Marked, Shown};
use crate::committer::Committer;
use crate::deletions::{most_missing, suspect_all, suspect_scan};
use crate::error::SyncError;
use crate::gap::Missing;
use crate::job::{Active, Job, Work};
use crate::list_scan::ListScan;
use crate::phase::Phase;
use crate::reading::{Reading, end_slice};
use crate::recovery::narrow;
use crate::run::{Flow, Run};
use crate::sort_order::SortOrder;
use crate::state::{ScanMemory, State};

/// Decides about slices whose last page was stored by an earlier run.
pub(crate) fn settle_ended(run: &mut Run<'_>, reading: &mut Reading) -> Flow {
    let active = run.job().active.iter();
    let ended = active.filter(|active| active.position.at_end());
    let ended: Vec<u64> = ended.map(|active| active.id).collect();
    for id in ended {
        if let Some(at) = run.job().find(id) {
            settle(run, reading, at)?;
        }
    }
    Ok(())
}

/// Decides after a page whether the slice is read: a list by the number of different rows that the store has seen.
pub(crate) fn settle(run: &mut Run<'_>, reading: &mut Reading, at: usize) -> Flow {
    let now = run.committer.now();
    let Active { position, list, .. } = &run.job().active[at];
    let mark = list.as_ref().map(|list| list.mark(position));
    let counts = match mark.filter(|_| position.wants_counts()) {
        Some(mark) => run.committer.marked(mark)?,
        None => Marked::default(),
    };
    let counts = Counts {
        generation: counts.generation,
        attempt: counts.attempt,
        late: counts.late,
    };
    let Active { position, list, .. } = &mut run.job_mut().active[at];
    let early = !position.at_end();
    match position.decide(counts, now) {
        Ok(Decision::Continue) => Ok(()),
        Ok(Decision::Attempt { .. }) => {
            if let Some(list) = list {
                list.begin_attempt();
            }
            Ok(())
        }
        Ok(Decision::Complete(proof)) => {
            if let Some(list) = list.as_mut().filter(|_| early) {
                list.ended_early();
            }
            end(run, reading, at, proof)
        }
        Err(error) => narrow(run, reading, at, error),
    }
}

/// Ends a slice that is read.
pub(crate) fn end(run: &mut Run<'_>, reading: &mut Reading, at: usize, proof: Proof) -> Flow {
    let started_at = run.job().started_at;
    let (active, mut filled) = end_slice(run, reading, at);
    if proof.is_unproven() {
        run.unproven = true;
        run.committer.state.unproven = true;
    }
    let whole = active.slice.partition.is_none();
    let mut gone_unless = None;
    let list = active.list.as_ref();
    // A tail is not the whole list.
    let ended = list.filter(|list| !list.tail_only);
    let ended = ended.map(|list| list.mark(&active.position).generation);
    let ended = ended.map(|mark| (&active.slice, Shown::SinceMark(mark)));
    if let Some(list) = list.filter(|_| whole) {
        let total = active.position.total();
        if list.tail_only {
            let known = run.committer.known()?;
            let state = &mut run.committer.state;
            state.needs_full = total.is_some_and(|total| total != known);
        } else {
            let mark = list.mark(&active.position).generation;
            let counted = matches!(proof, Proof::Counted { .. });
            gone_unless = end_full(run, (mark, started_at), counted, &mut filled)?;
        }
        remember(&mut run.committer.state, list, total);
    }
    run.commit(&Batch {
        gone_unless,
        ended,
        filled: &filled,
        ..Batch::default()
    })?;
    run.slice_done(&active);
    Ok(())
}

/// Ends a full scan with this mark that began then. Answers them where an order without the mark is deleted.
fn end_full(
    run: &mut Run<'_>,
    (mark, started_at): (u64, DateTime<Utc>),
    counted: bool,
    filled: &mut Vec<Missing>,
) -> Result<Option<(u64, DateTime<Utc>)>, SyncError> {
    let whole_list = Missing::Slice(Slice::pass());
    let committer = &mut run.committer;
    // Only a proven scan shows what is deleted.
    let mut gone_unless = counted.then_some((mark, started_at));
    let many = most_missing(committer, mark)?.is_some();
    // What an earlier scan did not show, this one has decided.
    committer
        .state
        .keep_jobs(|job| job.phase != Phase::MissingFromScan);
    let look_ups = run.source.capabilities().fetches;
    let missing = match look_ups {
        true => missing_from(committer, mark, started_at)?,
        false => None,
    };
    if let Some(job) = missing {
        gone_unless = None;
        committer.state.add_job(job);
        // A suspect scan is decided when all are looked up.
        match suspect_scan(committer)?.is_some() {
            true => filled.retain(|missing| *missing != whole_list),
            false => filled.push(whole_list),
        }
    } else if many && gone_unless.is_some() {
        gone_unless = None;
        filled.retain(|missing| *missing != whole_list);
        let shown = committer.shown(mark)?;
        let absent = committer.live()?.saturating_sub(shown);
        let note = suspect_all(committer, usize::try_from(absent).unwrap_or(usize::MAX))?;
        run.notes.push(note);
    } else {
        filled.push(whole_list);
    }
    let state = &mut run.committer.state;
    state.needs_full = false;
    state.full_at = Some(started_at);
    Ok(gone_unless)
}

/// The look-ups of the orders that a scan did not show.
///
/// Look-ups are needed because a list is read page by page. Example: the list is 1 2 3 4, two on a page. The scan reads
/// 1 2. Then 1 is deleted and 5 appears; the list is 2 3 4 5, and page two holds 4 5. The scan saw four different orders
/// and the vendor counts four, yet 3 was not shown, and is not deleted. And many that are missing at once are more
/// likely a wrong total than deletions.
fn missing_from(
    committer: &Committer<'_>,
    mark: u64,
    since: DateTime<Utc>,
) -> Result<Option<Job>, SyncError> {
    let (store, account) = (committer.store(), committer.account());
    let some = store.unseen(account, mark, since, None, 1)?;
    let after = None;
    let work = Work::MissingFromScan { mark, since, after };
    Ok((!some.is_empty()).then(|| Job::new(Phase::MissingFromScan, since, work)))
}

/// Remembers what a scan, or a tail, found out.
fn remember(state: &mut State, list: &ListScan, total: Option<u64>) {
    let before = state.scan.take();
    let sort_order = match (&before, list.tail_only) {
        // A tail is short: it can refute an order of rows, not establish one.
        (Some(before), true) if list.sort_order == SortOrder::Unknown => before.sort_order,
        (Some(before), true) if list.sort_order != before.sort_order => SortOrder::Mixed,
        _ => list.sort_order,
    };
    let tail = match (&before, list.tail_only) {
        (Some(before), true) => list.tail.clone().or(before.tail.clone()),
        _ => list.tail.clone(),
    };
    let page_rows = before.map_or(0, |before| before.page_rows);
    state.scan = Some(ScanMemory {
        sort_order,
        tail,
        total,
        page_rows: page_rows.max(list.page_rows),
    });
}

/// Begins the tail: the first pages where the newest orders come first, else from shortly before the last end.
pub(crate) fn begin_tail(run: &mut Run<'_>, job: &mut Job) {
    let now = run.committer.now();
    let state = &mut run.committer.state;
    let mark = state.next_marks();
    let memory = state.scan.as_ref();
    let newest_first = memory.is_some_and(|scan| scan.sort_order == SortOrder::NewestFirst);
    let until = state.watermark.filter(|_| newest_first);
    let until = until.map(|at| at - run.options.overlap);
    let tail = memory.and_then(|scan| scan.tail.clone());
    let (cursor, sent) = match tail.filter(|_| !newest_first) {
        Some(place) => (place.cursor, place.sent),
        None => (None, 0),
    };
    let position = Position::tail(cursor, sent, now);
    let list = Some(ListScan::tail(mark, until));
    job.activate(Slice::pass(), position, list, run.committer.run());
}
