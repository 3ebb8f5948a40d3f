//! When an order counts as deleted at the vendor. A deleted order is rare; a service that answers "no such order" to
//! everything, a list that is empty for an hour, and the key of another account are not.

use chrono::{DateTime, TimeDelta, Utc};

use crate::batch::Batch;
use crate::error::SyncError;
use crate::run::Run;
use crate::stored::Doubts;
use crate::times::second;

/// How far apart two readings are that together show a deletion: from the end of one to the beginning of the other.
pub(crate) const APART: TimeDelta = TimeDelta::days(1);
/// More doubted orders than these, and more than a tenth of the account, are many.
const FEW: u64 = 3;
/// How many orders are decided in one step.
const BATCH: usize = 500;

/// What becomes of an order that did not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It stays what it was: nothing speaks against it.
    Known,
    /// It is not known whether the vendor still has it.
    Doubted,
    /// It is deleted.
    Gone,
}

/// What is known about an order that did not come: the vendor, where it can be asked for this one order, does not have it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Absence {
    /// When the first reading ended that should have shown it and did not; `None`: there was none before this one.
    pub(crate) first: Option<DateTime<Utc>>,
    /// When the last such reading began; `None`: it was only looked up, which alone is no evidence.
    pub(crate) last: Option<DateTime<Utc>>,
    /// How many orders, stored before the first doubt, are not doubted. A whole account is never deleted by itself.
    pub(crate) others: u64,
}

/// What becomes of an order that did not come: the one rule.
pub(crate) fn fate(absence: Absence) -> Fate {
    let Absence {
        first,
        last,
        others,
    } = absence;
    match (first, last) {
        (_, None) => Fate::Known,
        (Some(first), Some(last)) if last - first >= APART && others > 0 => Fate::Gone,
        (_, Some(_)) => Fate::Doubted,
    }
}

/// What is said of doubted orders that are too many for a complete run; `None` where they are few.
pub(crate) fn many_doubted(doubts: Doubts) -> Option<String> {
    let Doubts { doubted, live, .. } = doubts;
    let next = match doubts.others {
        0 => "that is every order stored before: check that it is the right account, or confirm it with: orders gone confirm".to_owned(),
        _ => format!("a reading after {} decides", second(doubts.first_at + APART)),
    };
    are_many(doubted, live).then(|| {
        format!("{doubted} of {live} orders were not shown where they should have been, and are doubted: {next}")
    })
}

/// Whether so many doubted orders, of so many that are not gone, are many.
fn are_many(doubted: u64, live: u64) -> bool {
    doubted > FEW && doubted.saturating_mul(10) > live
}

/// Decides about the doubted orders of the account, once what a reading did not show is looked up.
pub(crate) async fn decide(run: &mut Run<'_>) -> Result<(), SyncError> {
    let Some(doubts) = run.committer.doubts().await? else {
        return Ok(());
    };
    let mut after: Option<String> = None;
    loop {
        let orders = run.committer.doubted(after.as_deref(), BATCH).await?;
        let Some(last) = orders.last() else {
            return Ok(());
        };
        after = Some(last.order.id.clone());
        let gone = orders.into_iter().filter(|order| {
            let absence = Absence {
                first: Some(order.doubted_at),
                last: Some(order.absent_at),
                others: doubts.others,
            };
            fate(absence) == Fate::Gone
        });
        let gone: Vec<String> = gone.map(|order| order.order.id).collect();
        if !gone.is_empty() {
            run.commit(Batch {
                gone,
                ..Batch::default()
            })
            .await?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_becomes_of_an_order_that_did_not_come() {
        use Fate as F;
        let at = |hours: i64| DateTime::from_timestamp(1_700_000_000 + hours * 3600, 0);
        let table = [
            // A look-up alone.
            (None, None, 9, F::Known),
            (Some(0), None, 9, F::Known),
            // The first reading.
            (None, Some(0), 9, F::Doubted),
            // The second one: too early, and a day later.
            (Some(0), Some(23), 9, F::Doubted),
            (Some(0), Some(24), 9, F::Gone),
            // A reading that began before the first one ended, and a clock that went back.
            (Some(0), Some(-1), 9, F::Doubted),
            (Some(0), Some(-48), 9, F::Doubted),
            // All that there was.
            (Some(0), Some(24), 1, F::Gone),
            (Some(0), Some(24 * 365), 0, F::Doubted),
        ];
        for (first, last, others, expected) in table {
            let absence = Absence {
                first: first.and_then(at),
                last: last.and_then(at),
                others,
            };
            assert_eq!(fate(absence), expected, "{absence:?}");
        }
    }

    #[test]
    fn many_are_more_than_three_and_more_than_a_tenth() {
        for (doubted, live, many) in [
            (0, 0, false),
            (3, 3, false),
            (3, 10, false),
            (4, 4, true),
            (4, 39, true),
            (4, 40, false),
            (5, 40, true),
            (100, 1000, false),
            (101, 1000, true),
        ] {
            assert_eq!(are_many(doubted, live), many, "{doubted} of {live}");
        }
    }
}
