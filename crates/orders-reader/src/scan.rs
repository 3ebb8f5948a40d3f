//! When a counted list is read: the rules of [`Walk::Pages`](orders_core::Walk::Pages).
//!
//! Rows move between pages while they are read, so a list is read in attempts. An attempt proves the list by counting:
//! as many different rows came as the vendor says there are, and none of them twice.

use chrono::{DateTime, Utc};
use orders_core::Error;
use serde::{Deserialize, Serialize};

use crate::answer::{Answer, Counts, Decision, Proof};
use crate::failure::incomplete;

/// How often a list is read before it counts as incomplete.
const MAX_ATTEMPTS: u32 = 5;

/// What the reading of a counted list remembers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Scan {
    /// The number of this attempt, from 1.
    pub(crate) attempt: u32,
    /// The attempt with which counting began.
    pub(crate) generation: u32,
    /// The rows of this attempt so far that have a key.
    rows: u64,
    /// The rows of this attempt so far, `null` ones included.
    pub(crate) sent: u64,
    /// The last total that the vendor gave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) total: Option<u64>,
    /// The vendor gave a total since counting began.
    counted: bool,
    /// The counts after the last answer of this attempt fitted the total.
    fitted: bool,
    /// The most rows on one page of this attempt.
    pub(crate) largest: u64,
    /// The total shrank since counting began: a row vanished, and another may have been stepped over.
    shrunk: bool,
    /// More different rows came than the vendor counts, in an earlier generation.
    refuted: bool,
    /// Pages of this attempt were stepped over that cannot be read.
    pub(crate) holes: bool,
    /// When this attempt began, and the one before it.
    began: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) before: Option<DateTime<Utc>>,
    /// Only the end of the list is read: nothing is counted.
    pub(crate) tail: bool,
}

impl Scan {
    pub(crate) fn begin(now: DateTime<Utc>) -> Self {
        Self {
            attempt: 1,
            generation: 1,
            rows: 0,
            sent: 0,
            total: None,
            counted: false,
            fitted: false,
            largest: 0,
            shrunk: false,
            refuted: false,
            holes: false,
            began: now,
            before: None,
            tail: false,
        }
    }

    /// Notes an answer without its list, and the total that it gave; whether the attempt ends with it: as many rows came
    /// as the vendor counts.
    pub(crate) fn ends_without_list(&mut self, total: Option<u64>) -> bool {
        let counted = total.or(self.total);
        let reached = counted.is_some_and(|total| self.sent >= total);
        reached
            && self.note(&Answer {
                total,
                ..Answer::default()
            })
    }

    /// Notes an answer; whether the attempt ends with it.
    ///
    /// A full page is always followed, whatever the total says: as many rows as were requested, or, from the second
    /// page on, as many as the largest page has (a server may cap pages below what was requested). A page that is not
    /// full ends the attempt only where exactly as many rows came as the vendor counts. Otherwise only a page without
    /// rows is the end.
    pub(crate) fn note(&mut self, answer: &Answer) -> bool {
        let sent = answer.sent as u64;
        let full = answer.full || self.largest > 0 && sent >= self.largest;
        if let Some(now) = answer.total {
            self.shrunk |= self.counted && self.total.is_some_and(|before| now < before);
            (self.total, self.counted) = (Some(now), true);
        }
        self.rows += answer.rows as u64;
        self.sent += sent;
        self.largest = self.largest.max(sent);
        sent == 0 || answer.next.is_none() || !full && self.total == Some(self.sent)
    }

    /// Whether the next decision needs to know how many different rows came: at the end of an attempt; and on the way,
    /// where an earlier attempt of this generation showed the other rows.
    pub(crate) fn wants_counts(&self, at_end: bool) -> bool {
        !self.tail && (at_end || self.total.is_some() && self.attempt > self.generation)
    }

    /// Decides after an answer, or at the end of an attempt, whether the list is read.
    pub(crate) fn decide(
        &mut self,
        at_end: bool,
        counts: Counts,
        now: DateTime<Utc>,
    ) -> Result<Decision, Error> {
        if !self.wants_counts(at_end) {
            return Ok(match at_end {
                true => Decision::Complete(Proof::Walked),
                false => Decision::Continue,
            });
        }
        let proof = self.proof(counts).filter(|_| !self.holes);
        // On the way a single total that is too low would do harm: the counts have to fit after two answers in a row.
        let fitted = std::mem::replace(&mut self.fitted, proof.is_some());
        if let Some(proof) = proof.filter(|_| at_end || fitted) {
            return Ok(Decision::Complete(proof));
        }
        if !at_end {
            return Ok(Decision::Continue);
        }
        let too_many = !self.shrunk && self.total.is_some_and(|total| counts.generation > total);
        if self.holes || self.attempt >= MAX_ATTEMPTS || too_many && self.refuted {
            return Err(self.incomplete(counts, too_many));
        }
        self.refuted |= too_many;
        let new_generation = self.shrunk || too_many;
        self.next_attempt(new_generation, now);
        Ok(Decision::Attempt { new_generation })
    }

    /// What the counts prove. A row that came twice in this attempt says that rows moved, and one may have been stepped
    /// over: then a total that happens to fit is not relied upon.
    fn proof(&self, counts: Counts) -> Option<Proof> {
        let clean = counts.attempt == self.rows;
        match self.total {
            Some(total) => (clean && !self.shrunk && counts.generation == total)
                .then_some(Proof::Counted { total }),
            None => (clean && self.attempt > 1 && counts.late == 0).then_some(Proof::Agreed),
        }
    }

    fn next_attempt(&mut self, new_generation: bool, now: DateTime<Utc>) {
        self.attempt += 1;
        if new_generation {
            self.generation = self.attempt;
            (self.counted, self.shrunk) = (false, false);
        }
        (self.rows, self.sent, self.largest) = (0, 0, 0);
        self.fitted = false;
        self.before = Some(std::mem::replace(&mut self.began, now));
    }

    fn incomplete(&self, counts: Counts, too_many: bool) -> Error {
        let came = match counts.generation {
            1 => "1 order came".to_owned(),
            many => format!("{many} different orders came"),
        };
        let attempts = match self.attempt {
            1 => String::new(),
            many => format!(" in {many} attempts"),
        };
        let Some(total) = self.total else {
            let message = format!("the vendor gives no total, and {came}{attempts}");
            return incomplete(match self.holes {
                true => format!("{message}: others are on pages that cannot be read"),
                false => format!("{message}: each attempt shows others"),
            });
        };
        let message = format!("the vendor counts {total} orders, and {came}{attempts}");
        if self.holes {
            return incomplete(format!(
                "{message}: the others are on pages that cannot be read"
            ));
        }
        incomplete(message).with_hint(match too_many {
            true => "its total cannot be relied upon: nothing proves that these are all",
            false => "orders moved between pages while they were read: run again",
        })
    }
}
