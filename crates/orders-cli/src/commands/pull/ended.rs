//! The result of one account's pull, and its exit code.

use orders_core::{Account as Name, Error, ErrorKind};
use orders_sync::{Gap, Outcome, Report, Summary};

use crate::exit::{Exit, Failure, of_error};
use crate::place::Place;

/// The result of one account's pull.
pub(super) struct Ended {
    pub(super) name: Name,
    /// `None` if the pull could not begin.
    pub(super) output: Option<Place>,
    /// Whether the number of orders was limited.
    pub(super) limited: bool,
    pub(super) notes: Vec<String>,
    /// The gaps that are open after it.
    pub(super) gaps: Vec<Gap>,
    pub(super) result: Result<Report, Failure>,
}

impl Ended {
    /// The exit code of this account alone.
    pub(super) fn exit(&self, signal: Option<Exit>) -> Exit {
        match &self.result {
            Ok(report) => exit_of(&report.summary, report.error.as_ref(), signal, self.limited),
            Err(failure) => failure.exit(),
        }
    }

    /// The vendor's failure that ended the run early, or why it could not run.
    pub(super) fn failure(&self) -> Option<FailureOf<'_>> {
        match &self.result {
            Err(failure) => Some(FailureOf::Run(failure)),
            Ok(report) => report.error.as_ref().map(FailureOf::Vendor),
        }
    }

    pub(super) fn summary(&self) -> Option<&Summary> {
        self.result.as_ref().ok().map(|report| &report.summary)
    }

    pub(super) fn outcome(&self) -> &'static str {
        match self.summary().map(|summary| summary.outcome) {
            Some(Outcome::Complete) => "complete",
            Some(Outcome::Incomplete) => "incomplete",
            Some(Outcome::Partial) => "partial",
            Some(Outcome::Stopped) => "stopped",
            None => "failed",
        }
    }
}

/// The exit code of a run that began. Reaching the limit of orders is success, unless something could not be read.
fn exit_of(summary: &Summary, error: Option<&Error>, signal: Option<Exit>, limited: bool) -> Exit {
    match code(summary.outcome, error, signal, limited) {
        Exit::Ok if summary.gaps > 0 => Exit::Integrity,
        code => code,
    }
}

/// The exit code of an outcome. `signal` is the signal that ended the run; `limited` is whether the number of orders
/// was limited.
fn code(outcome: Outcome, error: Option<&Error>, signal: Option<Exit>, limited: bool) -> Exit {
    match outcome {
        Outcome::Complete => Exit::Ok,
        Outcome::Incomplete => Exit::Integrity,
        Outcome::Stopped => match signal {
            Some(signal) => signal,
            None if limited => Exit::Ok,
            None => Exit::Partial,
        },
        // Nothing was read, and nothing will be before the cause is mended.
        Outcome::Partial if error.is_some_and(|it| it.kind() == ErrorKind::Unreachable) => {
            Exit::Failed
        }
        Outcome::Partial => match error.map(of_error) {
            Some(code @ (Exit::Auth | Exit::Config | Exit::RateLimit)) => code,
            _ => Exit::Partial,
        },
    }
}

/// Why an account's pull failed.
pub(super) enum FailureOf<'a> {
    /// It could not run, or its store failed.
    Run(&'a Failure),
    /// The vendor ended it early.
    Vendor(&'a Error),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_gap_is_never_a_good_end() {
        let ended = |gaps| {
            let mut summary = Summary::default();
            (summary.outcome, summary.gaps) = (Outcome::Stopped, gaps);
            exit_of(&summary, None, None, true)
        };
        assert_eq!((ended(0), ended(1)), (Exit::Ok, Exit::Integrity));
    }

    #[test]
    fn how_a_run_ended_is_its_exit_code() {
        let error = |kind| Some(Error::new(kind, "no"));
        let int = Some(Exit::Interrupted);
        for (outcome, error, signal, limited, expected) in [
            (Outcome::Complete, None, None, false, Exit::Ok),
            // The signal came too late to end anything.
            (Outcome::Complete, None, int, false, Exit::Ok),
            (Outcome::Incomplete, None, None, false, Exit::Integrity),
            (Outcome::Stopped, None, int, true, Exit::Interrupted),
            (Outcome::Stopped, None, None, true, Exit::Ok),
            (Outcome::Stopped, None, None, false, Exit::Partial),
            (Outcome::Partial, None, None, false, Exit::Partial),
            (
                Outcome::Partial,
                error(ErrorKind::Auth),
                None,
                false,
                Exit::Auth,
            ),
            (
                Outcome::Partial,
                error(ErrorKind::RateLimit),
                None,
                false,
                Exit::RateLimit,
            ),
            (
                Outcome::Partial,
                error(ErrorKind::Config),
                None,
                false,
                Exit::Config,
            ),
            (
                Outcome::Partial,
                error(ErrorKind::Unreachable),
                None,
                false,
                Exit::Failed,
            ),
            (
                Outcome::Partial,
                error(ErrorKind::Server),
                None,
                false,
                Exit::Partial,
            ),
            (
                Outcome::Partial,
                error(ErrorKind::Incomplete),
                None,
                false,
                Exit::Partial,
            ),
        ] {
            assert_eq!(
                code(outcome, error.as_ref(), signal, limited),
                expected,
                "{outcome:?}"
            );
        }
    }
}
