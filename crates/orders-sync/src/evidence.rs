//! What a reading that is done should have shown. Where that is not known, it is no evidence against any order.

use orders_core::{Slice, TimeAxis};

use crate::batch::{Batch, DoneReading, ReadingOf};
use crate::error::SyncError;
use crate::gap::{Gap, Missing, windows_of_one_list};
use crate::job::{Active, Work};
use crate::phase::Phase;
use crate::run::{Flow, Run};
use crate::strategy::Strategy;

/// What a window that is read should have shown, where all of it was read.
pub(crate) async fn done_window(
    run: &Run<'_>,
    was: &Active,
) -> Result<Option<DoneReading>, SyncError> {
    let slice = &was.slice;
    let of = match (slice.axis, slice.window, &slice.partition) {
        (Some(TimeAxis::Created), Some(window), None) => ReadingOf::Created(window),
        (Some(TimeAxis::Updated), Some(window), None) => ReadingOf::Updated(window),
        _ => return Ok(None),
    };
    let job = run.job();
    let overlaps = |other: &Slice| {
        let both = windows_of_one_list(other, slice);
        both.is_some_and(|(a, b)| a.from < b.to && b.from < a.to)
    };
    let mut unconfirmed = run.committer.state.unconfirmed.slices();
    // A window whose answer lacked its list shows nothing, nor does one that failed.
    if unconfirmed.any(overlaps) {
        return Ok(None);
    }
    if job.gaps > 0 {
        let gaps = run.committer.gaps().await?;
        let failed = |gap: &Gap| matches!(&gap.missing, Missing::Slice(gap) if overlaps(gap));
        if gaps.iter().any(failed) {
            return Ok(None);
        }
    }
    Ok(Some(DoneReading {
        began: job.started_at,
        of,
    }))
}

/// Notes what the slices of a job that is read should have shown together.
pub(crate) async fn end_reading(run: &mut Run<'_>) -> Flow {
    let job = run.job();
    let unconfirmed = &run.committer.state.unconfirmed;
    let (began, phase, whole) = (job.started_at, job.phase, job.gaps == 0);
    let read = |of| DoneReading { began, of };
    let Work::Query {
        axis,
        windows,
        partitions,
        ..
    } = &job.work
    else {
        return Ok(());
    };
    // What changes while the last window is read comes with the next run.
    let changed = windows.last().filter(|_| *axis == Some(TimeAxis::Updated));
    if let Some(window) =
        changed.filter(|_| whole && unconfirmed.is_empty() && phase == Phase::Full)
    {
        let of = ReadingOf::Changed(*window);
        run.commit(Batch {
            read: Some(read(of)),
            ..Batch::default()
        })
        .await?;
    } else if partitions.is_some() {
        let gaps = match whole {
            true => Vec::new(),
            false => run.committer.gaps().await?,
        };
        let is_read = |customer: &&String| {
            let has = |gap: &Gap| matches!(&gap.missing, Missing::Slice(slice) if slice.partition.as_ref() == Some(*customer));
            !gaps.iter().any(has)
        };
        let customers: Vec<String> = run
            .options
            .partitions
            .iter()
            .filter(is_read)
            .cloned()
            .collect();
        let of = ReadingOf::Customers(customers);
        run.commit(Batch {
            read: Some(read(of)),
            ..Batch::default()
        })
        .await?;
    }
    Ok(())
}

/// Why a look-up showed nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    /// The vendor does not have the order.
    NotFound,
    /// It cannot be asked for this one order.
    CannotSay,
}

/// Requests a reading that should show orders which were looked up in vain: a look-up alone is no evidence.
pub(crate) async fn request_reading(
    run: &mut Run<'_>,
    unfound: &[(String, Word)],
) -> Result<(), SyncError> {
    if unfound.is_empty() {
        return Ok(());
    }
    let created = run.source.capabilities().axes.contains(&TimeAxis::Created);
    let strategy = run.committer.state.strategy;
    let mut asked: Vec<String> = unfound.iter().map(|(id, _)| id.clone()).collect();
    if matches!(strategy, Strategy::Windows(_)) && created {
        let committer = &mut run.committer;
        let days = committer.store().days(committer.account(), &asked).await?;
        asked.retain(|id| !days.iter().any(|(dated, _)| dated == id));
        committer
            .state
            .days
            .extend(days.into_iter().map(|(_, day)| day));
    }
    // Those without an id of their own are shown by a full reading, or not.
    asked.retain(|id| {
        unfound
            .iter()
            .any(|(other, word)| other == id && *word == Word::NotFound)
    });
    run.committer.state.needs_full |= !asked.is_empty() && strategy == Strategy::Scan;
    run.unfound.extend(asked);
    Ok(())
}
