//! Full scans of a list: when one is over, what it shows, and the tail that is read between two of them.

use orders_core::Slice;
use orders_reader::{Counts, Decision, Position, Proof};

use crate::batch::{Batch, DoneReading, Marked, ReadingOf, Shown};
use crate::gap::Missing;
use crate::job::{Active, Job};
use crate::list_scan::ListScan;
use crate::reading::{Reading, end_slice};
use crate::recovery::narrow;
use crate::run::{Flow, Run};
use crate::sort_order::SortOrder;
use crate::state::{ScanMemory, State};

/// Decides about slices whose last page was stored by an earlier run.
pub(crate) async fn settle_ended(run: &mut Run<'_>, reading: &mut Reading) -> Flow {
    let active = run.job().active.iter();
    let ended = active.filter(|active| active.position.at_end());
    let ended: Vec<u64> = ended.map(|active| active.id).collect();
    for id in ended {
        if let Some(at) = run.job().find(id) {
            settle(run, reading, at).await?;
        }
    }
    Ok(())
}

/// Decides after a page whether the slice is read: a list by the number of different rows that the store has seen.
pub(crate) async fn settle(run: &mut Run<'_>, reading: &mut Reading, at: usize) -> Flow {
    let now = run.committer.now();
    let Active { position, list, .. } = &run.job().active[at];
    let mark = list.as_ref().map(|list| list.mark(position));
    let counts = match mark.filter(|_| position.wants_counts()) {
        Some(mark) => {
            run.flush().await?;
            run.committer.marked(mark).await?
        }
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
            end(run, reading, at, proof).await
        }
        Err(error) => narrow(run, reading, at, error).await,
    }
}

/// Ends a slice that is read.
pub(crate) async fn end(run: &mut Run<'_>, reading: &mut Reading, at: usize, proof: Proof) -> Flow {
    run.flush().await?;
    let began = run.job().started_at;
    let (active, mut filled) = end_slice(run, reading, at);
    if proof.is_unproven() {
        run.unproven = true;
        run.committer.state.unproven = true;
    }
    let whole = active.slice.partition.is_none();
    let mut read = None;
    let list = active.list.as_ref();
    // A tail is not the whole list.
    let ended = list.filter(|list| !list.tail_only);
    let ended = ended.map(|list| list.mark(&active.position).generation);
    let ended = ended.map(|mark| (active.slice.clone(), Shown::SinceMark(mark)));
    if let Some(list) = list.filter(|_| whole) {
        let total = active.position.total();
        if list.tail_only {
            let known = run.committer.known().await?;
            let state = &mut run.committer.state;
            state.needs_full = total.is_some_and(|total| total != known);
        } else {
            let mark = list.mark(&active.position).generation;
            let proven = matches!(proof, Proof::Counted { .. });
            // Look-ups may show what an unproven scan does not.
            read = (proven || run.source.capabilities().fetches).then_some(DoneReading {
                began,
                of: ReadingOf::List { mark, proven },
            });
            filled.push(Missing::Slice(Slice::pass()));
            let state = &mut run.committer.state;
            state.needs_full = false;
            state.full_at = Some(began);
            run.unfound.clear();
        }
        remember(&mut run.committer.state, list, total);
    }
    run.commit(Batch {
        read,
        ended,
        filled,
        ..Batch::default()
    })
    .await?;
    run.slice_done(&active);
    Ok(())
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
