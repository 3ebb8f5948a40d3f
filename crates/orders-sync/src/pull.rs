//! One pull of one account.

use orders_core::{Error, OrderSource};

use crate::asked::Asked;
use crate::committer::Committer;
use crate::context::Context;
use crate::error::SyncError;
use crate::options::Options;
use crate::planner::{Loaded, load};
use crate::recognise::recognise;
use crate::run::Run;
use crate::scheduler::Scheduler;
use crate::store::Store;
use crate::summary::{Outcome, Summary, sent_since};

/// How a run ended, and the vendor's failure where that ended it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Report {
    /// What the run did.
    pub summary: Summary,
    /// The failure that ended the run early.
    pub error: Option<Error>,
}

/// Pulls one account into a store, and resumes where the last run stopped. See the crate's page for what holds then.
///
/// A failure of the vendor is part of the [`Report`]: what was read before it is stored.
///
/// # Errors
/// [`SyncError`] where the run could not begin or the store failed; what was committed before stays.
pub async fn pull(
    source: &dyn OrderSource,
    store: &Store,
    options: &Options,
    context: &Context,
) -> Result<Report, SyncError> {
    let account = source.account().clone();
    store.lock(&account).await?;
    let report = locked(source, store, options, context).await;
    store.unlock(&account).await;
    report
}

async fn locked(
    source: &dyn OrderSource,
    store: &Store,
    options: &Options,
    context: &Context,
) -> Result<Report, SyncError> {
    let started_at = context.clock.now();
    let sent_before = source.requests_sent();
    let Loaded {
        mut state,
        mut before,
        note,
    } = load(source, store, options, started_at).await?;
    let recognised = tokio::select! {
        biased;
        () = context.stop.stopped() => None,
        recognised = recognise(source, store, &state, options, context) => Some(recognised?),
    };
    let Some(recognised) = recognised else {
        // Nothing is written as long as nothing shows whose account it is.
        let mut summary = Summary {
            provider: state.account.provider.clone(),
            account: state.account.label.clone(),
            outcome: Outcome::Stopped,
            started_at: Some(started_at),
            ended_at: Some(context.clock.now()),
            requests: sent_since(source.requests_sent(), sent_before).unwrap_or_default(),
            watermark: state.watermark,
            ..Summary::default()
        };
        summary.note_gaps(&store.gaps(&state.account).await?);
        let error = None;
        return Ok(Report { summary, error });
    };
    let asked = match &state.asked {
        Some(asked) => asked.of(source),
        None => Asked::new(source, &*context.randomness),
    };
    if !asked.is_unknown() {
        state.asked = Some(asked);
        before.asked.clone_from(&state.asked);
    }
    let committer =
        Committer::begin(context, store, state, source.mapping_version(), started_at).await?;
    let known = committer.missing().await?;
    let mut run = Run::new(source, options, context, committer, before);
    run.sent_before = sent_before;
    run.notes.extend(recognised.into_iter().chain(note));
    let mut scheduler = Scheduler::new(run, known);
    let outcome = scheduler.work().await?;
    let (summary, error) = scheduler.run.end(outcome).await?;
    Ok(Report { summary, error })
}
