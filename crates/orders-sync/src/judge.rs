//! What a failure means for the run.

use std::time::Duration;

use orders_core::{Error, ErrorKind};

use crate::engine::{Flow, Run};
use crate::events::Event;
use crate::summary::Outcome;

/// The longest wait before an answer is asked for again, where the vendor names none.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// What to do about a failed request.
pub(crate) enum Verdict {
    /// Ask again after a wait.
    Again(Duration),
    /// This cannot be read now.
    Gap(Error),
    /// Nothing can be read now.
    End,
}

impl Run<'_> {
    /// What a failure means: wait and ask again, leave a gap, or end the run. `key` names the request.
    pub(crate) fn judge(&mut self, key: u64, error: Error) -> Verdict {
        use ErrorKind as K;
        let tries = self.tries.entry(key).or_default();
        *tries += 1;
        let tries = *tries;
        let rate_limited = error.kind() == K::RateLimit;
        if matches!(
            error.kind(),
            K::Auth | K::Permission | K::Config | K::Unsupported
        ) {
            return self.give_up(error);
        }
        let passing = error.is_retryable() || rate_limited;
        // A vendor that is down comes back; an answer that is bad each time is a bad answer.
        let most = if passing {
            self.options.page_tries.saturating_mul(2)
        } else {
            self.options.page_tries
        };
        if !rate_limited && tries >= most.max(1) {
            return Verdict::Gap(error);
        }
        let usual = if passing {
            Duration::from_secs(2)
        } else {
            Duration::from_secs(1)
        };
        let usual = usual
            .saturating_mul(1 << (tries - 1).min(10))
            .min(LONGEST_WAIT);
        let least = Duration::from_secs(1);
        let wait = error.retry_after().map_or(usual, |asked| asked.max(least));
        let Some(rest) = self.budget.checked_sub(wait) else {
            return self.give_up(error);
        };
        self.budget = rest;
        self.summary.retries += 1;
        self.summary.waited_seconds += wait.as_secs();
        let event = Event::Waiting {
            wait,
            rate_limited,
            error: &error,
        };
        self.tools.observer.event(self.source.account(), &event);
        Verdict::Again(wait)
    }

    fn give_up(&mut self, error: Error) -> Verdict {
        self.error = Some(error);
        Verdict::End
    }

    /// Counts a gap; breaks where it is the vendor and not the page.
    pub(crate) fn note_gap(&mut self, error: Error) -> Flow {
        self.tools
            .observer
            .event(self.source.account(), &Event::Gap { error: &error });
        self.gaps_in_row += 1;
        let most = if error.is_retryable() {
            3
        } else {
            self.options.max_gaps_in_a_row.max(1)
        };
        if self.gaps_in_row >= most {
            self.error = Some(error);
            return Flow::Break(Outcome::Partial);
        }
        Flow::Continue(())
    }
}
