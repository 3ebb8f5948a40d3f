//! This machine's clock held against the vendor's: what was read counts only up to the earlier of the two.

use chrono::{DateTime, TimeDelta, Utc};

use crate::run::{Ended, Flow, Run};
use crate::summary::Outcome;
use crate::times::{length, second};

/// A difference above this is noted.
const NOTED: TimeDelta = TimeDelta::minutes(2);
/// From this difference on nothing counts as read: which of the two clocks is wrong is not known.
const TOO_FAR: TimeDelta = TimeDelta::days(1);

/// Holds an answer against the clock, and its job to the earliest time at which the vendor answered.
///
/// Ends the run as incomplete where the two clocks are a day or more apart: before the answer counts as read.
pub(crate) async fn hold(run: &mut Run<'_>, answered_at: Option<DateTime<Utc>>) -> Flow {
    let Some(vendors) = answered_at else {
        return Ok(());
    };
    let ours = run.committer.now();
    let apart = ours - vendors;
    if apart.abs() >= TOO_FAR {
        take_back(run).await?;
        run.notes.push(format!(
            "this machine's clock says {}, the vendor's {}: they are {} apart, and nothing counts as read by a wrong clock; \
             set this machine's clock right and pull again",
            second(ours),
            second(vendors),
            length(apart.abs())
        ));
        return Err(Ended::Early(Outcome::Incomplete));
    }
    if apart.abs() > NOTED && !run.clock_noted {
        run.clock_noted = true;
        let which = if apart > TimeDelta::zero() {
            "ahead of"
        } else {
            "behind"
        };
        run.notes.push(format!(
            "this machine's clock is {} {which} the vendor's ({}, {}): set it right; what was read counts up to the \
             earlier of the two",
            length(apart.abs()),
            second(ours),
            second(vendors)
        ));
    }
    run.dated = true;
    let job = run.job_mut();
    job.answered_at = Some(job.answered_at.map_or(vendors, |at| at.min(vendors)));
    Ok(())
}

/// Takes back what the run noted by a clock that turns out to be wrong. What was stored stays.
async fn take_back(run: &mut Run<'_>) -> Flow {
    let state = &mut run.committer.state;
    if !run.dated {
        let marks = state.marks;
        state.clone_from(&run.before);
        // No number is given twice.
        state.marks = marks;
    } else if state.current_job().answered_at.is_none() {
        state.end_current();
    }
    Ok(run.save().await?)
}
