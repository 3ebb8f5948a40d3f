//! Full scans of a list: when one is over, what it shows, and the tail that is read between two of them.

use chrono::{DateTime, Utc};
use orders_core::Slice;

use crate::batch::Batch;
use crate::committer::Committer;
use crate::deletions::{most_missing, suspect_all, suspect_scan};
use crate::error::SyncError;
use crate::gap::Missing;
use crate::phase::Phase;
use crate::position::{Scan, SlicePosition};
use crate::reading::{Reading, end_slice};
use crate::recovery::leave_gap;
use crate::run::{Flow, Run};
use crate::sort_order::SortOrder;
use crate::state::{Job, ScanMemory, State, Work};

/// Decides about scans whose last page was stored by an earlier run.
pub(crate) fn settle_ended(run: &mut Run<'_>, reading: &mut Reading) -> Flow {
    let active = run.job().active.iter();
    let ended = active.filter(|active| active.position.at_end);
    let ended: Vec<u64> = ended.map(|active| active.id).collect();
    for id in ended {
        settle(run, reading, id)?;
    }
    Ok(())
}

/// Decides whether a slice is read: a scan only when the store has seen as many orders as the vendor counts.
pub(crate) fn settle(run: &mut Run<'_>, reading: &mut Reading, id: u64) -> Flow {
    let Some(at) = run.job().find(id) else {
        return Ok(());
    };
    let position = &run.job().active[at].position;
    if let (true, Some(mark)) = (position.wants_count(), position.mark()) {
        let counted = run.committer.marked(mark)?;
        let gives_totals = run.source.capabilities().page_total;
        let mut marks = run.committer.state.marks;
        let position = &mut run.job_mut().active[at].position;
        let over = position.counted(counted, gives_totals, &mut marks);
        run.committer.state.marks = marks;
        match over {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            Err(error) => return leave_gap(run, reading, at, error),
        }
    } else if !position.at_end {
        return Ok(());
    }
    let started_at = run.job().started_at;
    let (active, mut filled) = end_slice(run, reading, at);
    let whole = active.slice.partition.is_none();
    let mut gone_unless = None;
    if let Some(scan) = active.position.scan.clone().filter(|_| whole) {
        if scan.tail_only {
            let live = run.committer.live()?;
            let state = &mut run.committer.state;
            state.needs_full = scan.total.is_some_and(|total| total != live);
        } else {
            gone_unless = end_full(run, &scan, started_at, &mut filled)?;
        }
        remember(&mut run.committer.state, &scan);
    }
    run.commit(&Batch {
        gone_unless,
        filled: &filled,
        ..Batch::default()
    })?;
    run.slice_done(&active);
    Ok(())
}

/// Ends a full scan. Answers the mark without which an order is deleted, where that is proven.
fn end_full(
    run: &mut Run<'_>,
    scan: &Scan,
    started_at: DateTime<Utc>,
    filled: &mut Vec<Missing>,
) -> Result<Option<(u64, DateTime<Utc>)>, SyncError> {
    let whole_list = Missing::Slice(Slice::pass());
    let committer = &mut run.committer;
    // Only a proven scan shows what is deleted.
    let mut gone_unless = scan.total.is_some().then_some((scan.mark, started_at));
    let many = most_missing(committer, scan.mark)?.is_some();
    // What an earlier scan did not show, this one has decided.
    committer
        .state
        .keep_jobs(|job| job.phase != Phase::MissingFromScan);
    let look_ups = run.source.capabilities().fetches;
    let missing = match look_ups {
        true => missing_from(committer, scan.mark, started_at)?,
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
        let shown = committer.marked(scan.mark)?;
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
fn remember(state: &mut State, scan: &Scan) {
    let before = state.scan.take();
    let sort_order = match (&before, scan.tail_only) {
        // A tail is short: it can refute an order of rows, not establish one.
        (Some(before), true) if scan.sort_order == SortOrder::Unknown => before.sort_order,
        (Some(before), true) if scan.sort_order != before.sort_order => SortOrder::Mixed,
        _ => scan.sort_order,
    };
    let tail = match (&before, scan.tail_only) {
        (Some(before), true) => scan.tail.clone().or(before.tail.clone()),
        _ => scan.tail.clone(),
    };
    let page_rows = before.map_or(0, |before| before.page_rows);
    state.scan = Some(ScanMemory {
        sort_order,
        tail,
        total: scan.total,
        page_rows: page_rows.max(scan.page_rows as u64),
    });
}

/// Begins the tail: the first pages where the newest orders come first, else from shortly before the last end.
pub(crate) fn begin_tail(run: &mut Run<'_>, job: &mut Job) {
    let state = &mut run.committer.state;
    let mark = state.next_mark();
    let memory = state.scan.as_ref();
    let newest_first = memory.is_some_and(|scan| scan.sort_order == SortOrder::NewestFirst);
    let until = state.watermark.filter(|_| newest_first);
    let until = until.map(|at| at - run.options.overlap);
    let tail = memory.and_then(|scan| scan.tail.clone());
    let tail = tail.filter(|_| !newest_first);
    job.activate(Slice::pass(), SlicePosition::tail(tail, until, mark));
}
