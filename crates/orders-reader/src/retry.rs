//! When a failed request is worth another attempt, and after what wait: one rule for whoever reads.

use std::time::Duration;

use orders_core::{Error, ErrorKind};

/// The longest wait before another attempt, where the vendor names none.
const LONGEST_WAIT: Duration = Duration::from_secs(300);
/// The shortest wait, where the vendor names one.
const SHORTEST_ASKED: Duration = Duration::from_secs(1);

/// What follows a failed request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterFailure {
    /// It is sent again after this wait.
    Again(Duration),
    /// This request is given up; others may succeed.
    GiveUp,
    /// No request succeeds now: the credential, the configuration or the time for waits is at its end.
    Stop,
}

/// The attempts that a reading has, and what is left of the time that it may wait: before another attempt, and for answers
/// that did not come.
///
/// ```
/// use std::time::Duration;
/// use orders_core::Error;
/// use orders_reader::{AfterFailure, Retries};
///
/// let mut retries = Retries::new(3, Duration::from_secs(60));
/// let cut = Error::decode("rows", "the text is cut off");
/// assert_eq!(retries.after(&cut, 1), AfterFailure::Again(Duration::from_secs(1)));
/// assert_eq!(retries.after(&cut, 2), AfterFailure::Again(Duration::from_secs(2)));
/// assert_eq!(retries.after(&cut, 3), AfterFailure::GiveUp);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Retries {
    tries: u32,
    left: Duration,
    haste: u32,
}

impl Retries {
    /// `tries`: how often an answer that cannot be used is requested, in all; where its vendor calls the failure a passing
    /// one, twice as often. `waits`: how long all waits of the reading may take together, those for the attempts that failed
    /// ([`Error::elapsed`]) included.
    #[must_use]
    pub const fn new(tries: u32, waits: Duration) -> Self {
        Self {
            tries,
            left: waits,
            haste: 1,
        }
    }

    /// The same attempts, with another bound on all waits together.
    #[must_use]
    pub const fn with_waits(self, waits: Duration) -> Self {
        Self {
            left: waits,
            ..self
        }
    }

    /// Makes waits shorter by a factor, where the vendor names none: for tests of whole programs. 0 counts as 1.
    #[must_use]
    pub const fn with_haste(self, factor: u32) -> Self {
        Self {
            haste: match factor {
                0 => 1,
                factor => factor,
            },
            ..self
        }
    }

    /// What follows a request that failed for the `tried`th time, its client's own attempts counted as one.
    ///
    /// - A credential, a configuration or an account that is wrong stays so: stop.
    /// - A request that is refused, or whose answer is none or too large, is refused each time: give up.
    /// - A rate limit passes, so only the time for waits bounds it.
    /// - A vendor that is down comes back; an answer that is bad each time is a bad answer.
    pub fn after(&mut self, error: &Error, tried: u32) -> AfterFailure {
        use ErrorKind as K;
        let limited = error.kind() == K::RateLimit;
        let passing = error.is_retryable() || limited;
        let (most, first_wait) = match (error.kind(), passing) {
            (K::Auth | K::Permission | K::Config | K::Unsupported | K::Unreachable, _) => {
                return AfterFailure::Stop;
            }
            (K::InvalidRequest | K::NotFound | K::TooLarge, false) => return AfterFailure::GiveUp,
            (_, true) => (self.tries.saturating_mul(2), Duration::from_secs(2)),
            (_, false) => (self.tries, Duration::from_secs(1)),
        };
        if !limited && tried >= most.max(1) {
            return AfterFailure::GiveUp;
        }
        let doubled = first_wait.saturating_mul(1 << tried.saturating_sub(1).min(10));
        let usual = doubled.min(LONGEST_WAIT) / self.haste;
        let asked = error.retry_after();
        let wait = asked.map_or(usual, |asked| asked.max(SHORTEST_ASKED));
        // A vendor that is silent takes its time in each attempt.
        self.left = self.left.saturating_sub(error.elapsed());
        match self.left.checked_sub(wait) {
            Some(left) => {
                self.left = left;
                AfterFailure::Again(wait)
            }
            None => AfterFailure::Stop,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    fn error(kind: ErrorKind) -> Error {
        Error::new(kind, "no")
    }

    /// The seconds waited until the rule ends the attempts, and how it ends them.
    fn waits(mut retries: Retries, error: &Error) -> (Vec<u64>, AfterFailure) {
        let mut waits = Vec::new();
        loop {
            match retries.after(error, waits.len() as u32 + 1) {
                AfterFailure::Again(wait) => waits.push(wait.as_secs()),
                end => return (waits, end),
            }
        }
    }

    #[test]
    fn a_bad_answer_is_requested_so_often_and_a_vendor_that_is_down_twice_as_often() {
        let three = Retries::new(3, HOUR);
        for kind in [ErrorKind::Decode, ErrorKind::Server, ErrorKind::Stalled] {
            let (waits, end) = waits(three, &error(kind));
            assert_eq!((waits, end), (vec![1, 2], AfterFailure::GiveUp), "{kind}");
        }
        let down = error(ErrorKind::Server).retryable();
        let found = waits(three, &down);
        assert_eq!(found, (vec![2, 4, 8, 16, 32], AfterFailure::GiveUp));
    }

    #[test]
    fn what_no_attempt_changes_gets_none() {
        let three = Retries::new(3, HOUR);
        for kind in [
            ErrorKind::Auth,
            ErrorKind::Permission,
            ErrorKind::Config,
            ErrorKind::Unsupported,
            ErrorKind::Unreachable,
        ] {
            let found = waits(three, &error(kind).retryable());
            assert_eq!(found, (vec![], AfterFailure::Stop), "{kind}");
        }
        for kind in [
            ErrorKind::InvalidRequest,
            ErrorKind::NotFound,
            ErrorKind::TooLarge,
        ] {
            let found = waits(three, &error(kind));
            assert_eq!(found, (vec![], AfterFailure::GiveUp), "{kind}");
            let (waits, _) = waits(three, &error(kind).retryable());
            assert_eq!(waits.len(), 5, "{kind}: its vendor calls it passing");
        }
    }

    #[test]
    fn a_rate_limit_is_waited_for_as_asked_until_the_time_is_used_up() {
        let limit = error(ErrorKind::RateLimit).with_retry_after(Some(Duration::from_secs(25)));
        let (found, end) = waits(Retries::new(1, Duration::from_secs(60)), &limit);
        assert_eq!((found, end), (vec![25, 25], AfterFailure::Stop));
        let now = error(ErrorKind::RateLimit).with_retry_after(Some(Duration::ZERO));
        let (found, _) = waits(Retries::new(1, Duration::from_secs(2)), &now);
        assert_eq!(found, [1, 1], "never without any wait");
        // Without a word of the vendor the waits grow, to five minutes.
        let (found, _) = waits(Retries::new(1, HOUR), &error(ErrorKind::RateLimit));
        assert_eq!(found.iter().max(), Some(&300));
    }

    #[test]
    fn a_vendor_that_answers_nothing_uses_the_time_up_by_its_silence() {
        let silent = error(ErrorKind::Transport).retryable();
        let silent = silent.with_attempts(4, Duration::from_secs(120));
        let (found, end) = waits(Retries::new(3, Duration::from_secs(300)), &silent);
        assert_eq!((found, end), (vec![2, 4], AfterFailure::Stop));
        let (found, _) = waits(Retries::new(3, Duration::from_secs(10)), &silent);
        assert_eq!(found, <[u64; 0]>::default());
    }

    #[test]
    fn haste_shortens_only_the_waits_that_the_vendor_did_not_name() {
        let mut retries = Retries::new(3, HOUR).with_haste(50);
        let again = retries.after(&error(ErrorKind::Decode), 1);
        assert_eq!(again, AfterFailure::Again(Duration::from_millis(20)));
        let asked = error(ErrorKind::RateLimit).with_retry_after(Some(Duration::from_secs(25)));
        let again = retries.after(&asked, 1);
        assert_eq!(again, AfterFailure::Again(Duration::from_secs(25)));
    }
}
