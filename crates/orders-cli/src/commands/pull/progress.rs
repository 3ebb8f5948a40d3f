//! Progress: a line an account, on a terminal only.

use std::collections::HashMap;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar};
use orders_core::Account as Name;
use orders_sync::{Event, Observer, Tier};

use crate::output::say;
use crate::progress;

/// The lines, one below the other.
pub(super) struct Lines {
    all: MultiProgress,
    bars: HashMap<Name, ProgressBar>,
}

impl Lines {
    pub(super) fn new<'a>(names: impl Iterator<Item = &'a Name>) -> Self {
        let all = MultiProgress::new();
        let bars = names.map(|name| {
            let bar = all.add(ProgressBar::new_spinner());
            bar.set_style(progress::pulling());
            bar.set_prefix(name.to_string());
            bar.enable_steady_tick(Duration::from_millis(100));
            (name.clone(), bar)
        });
        let bars = bars.collect();
        Self { all, bars }
    }

    /// Says something above the lines.
    pub(super) fn say(&self, text: &str) {
        self.all.suspend(|| say(text));
    }

    /// Takes the lines away, so that what follows stands clean.
    pub(super) fn clear(&self) {
        for bar in self.bars.values() {
            bar.finish_and_clear();
        }
        let _ = self.all.clear();
    }
}

/// A tier in words.
pub(super) fn words(tier: Tier) -> &'static str {
    match tier {
        Tier::Gaps => "earlier gaps",
        Tier::New => "what is new",
        Tier::Full => "everything",
        Tier::Growing => "the growing end",
        Tier::Warm => "the last days again",
        Tier::Open => "open orders",
        Tier::Window => "the window",
        _ => "more",
    }
}

impl Observer for Lines {
    fn event(&self, account: &Name, event: &Event<'_>) {
        let Some(bar) = self.bars.get(account) else {
            return;
        };
        match event {
            Event::Job { tier, .. } => bar.set_message(words(*tier)),
            Event::Stored { pulled, .. } => bar.set_position(*pulled),
            Event::Waiting {
                wait, rate_limited, ..
            } => bar.set_message(waiting(*wait, *rate_limited)),
            _ => {}
        }
    }
}

fn waiting(wait: Duration, rate_limited: bool) -> String {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    match rate_limited {
        true => format!("waiting for the rate limit ({seconds} s)"),
        false => format!("waiting for the vendor ({seconds} s)"),
    }
}
