//! Progress: a line an account, on a terminal only (indicatif draws to standard error and hides where that is none).

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar};
use orders_core::Account as Name;
use orders_sync::{Event, Observer, Progress, Tier};

use super::dry_run::duration;
use super::waits::Wait;
use crate::output::say;
use crate::progress;

/// The lines, one below the other.
pub(super) struct Lines {
    all: MultiProgress,
    lines: HashMap<Name, Mutex<Line>>,
}

struct Line {
    bar: ProgressBar,
    /// When the present job began.
    begun: Instant,
    gaps: u64,
    /// Whether the client waited for the account's own limit since the last piece.
    limited: bool,
}

impl Lines {
    pub(super) fn new<'a>(names: impl Iterator<Item = &'a Name>) -> Self {
        let all = MultiProgress::new();
        let lines = names.map(|name| {
            let bar = all.add(ProgressBar::new_spinner());
            bar.set_style(progress::pulling());
            bar.set_prefix(name.to_string());
            bar.set_message("planning");
            bar.enable_steady_tick(Duration::from_millis(100));
            let line = Line {
                bar,
                begun: Instant::now(),
                gaps: 0,
                limited: false,
            };
            (name.clone(), Mutex::new(line))
        });
        let lines = lines.collect();
        Self { all, lines }
    }

    /// Says something above the lines.
    pub(super) fn say(&self, text: &str) {
        self.all.suspend(|| say(text));
    }

    /// The account's client waits by itself.
    pub(super) fn wait(&self, account: &Name, wait: Wait) {
        let Some(line) = self.lines.get(account) else {
            return;
        };
        let mut line = line.lock().unwrap_or_else(PoisonError::into_inner);
        match wait {
            Wait::Again { wait, rate_limited } => {
                line.bar.set_message(waiting(wait, rate_limited));
            }
            Wait::OwnLimit => line.limited = true,
        }
    }

    /// An account is done.
    pub(super) fn done(&self, account: &Name) {
        if let Some(line) = self.lines.get(account) {
            let line = line.lock().unwrap_or_else(PoisonError::into_inner);
            line.bar.finish_with_message("done");
        }
    }

    /// Takes the lines away, so that what follows stands clean.
    pub(super) fn clear(&self) {
        let _ = self.all.clear();
    }
}

impl Observer for Lines {
    fn event(&self, account: &Name, event: &Event<'_>) {
        let Some(line) = self.lines.get(account) else {
            return;
        };
        let mut line = line.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::Job { tier, .. } => {
                line.begun = Instant::now();
                line.bar.set_message(words(*tier));
            }
            Event::Stored { pulled, .. } => line.bar.set_position(*pulled),
            Event::Progress(progress) => {
                let mut text = far(progress, line.begun.elapsed(), line.gaps);
                if std::mem::take(&mut line.limited) {
                    text.push_str(", waiting for the rate limit");
                }
                line.bar.set_message(text);
            }
            Event::Waiting {
                wait, rate_limited, ..
            } => line.bar.set_message(waiting(*wait, *rate_limited)),
            Event::Gap { .. } => line.gaps += 1,
            _ => {}
        }
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

/// How far a job is: `what is new: 12 of 274 windows, 1 min 5 s left`.
fn far(progress: &Progress, elapsed: Duration, gaps: u64) -> String {
    let unit = progress.unit.as_str();
    let mut text = match progress.left {
        Some(left) => format!("{} of {} {unit}", progress.done, progress.done + left),
        None => format!("{} {unit}", progress.done),
    };
    if let Some(left) = time_left(progress, elapsed) {
        text.push_str(&format!(", {} left", duration(left)));
    }
    if gaps > 0 {
        text.push_str(&format!(", {gaps} gaps"));
    }
    format!("{}: {text}", words(progress.tier))
}

/// Seconds, at the speed so far.
fn time_left(progress: &Progress, elapsed: Duration) -> Option<u64> {
    let left = u128::from(progress.left.filter(|left| *left > 0)?);
    let millis = elapsed.as_millis() * left / u128::from(progress.done.max(1));
    u64::try_from(millis.div_ceil(1000)).ok()
}

fn waiting(wait: Duration, rate_limited: bool) -> String {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    match rate_limited {
        true => format!("waiting for the rate limit ({})", duration(seconds)),
        false => format!("waiting for the vendor ({})", duration(seconds)),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// As the engine tells it.
    fn progress(text: &str) -> Progress {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_line_tells_how_far_a_job_is_and_how_long_it_takes() {
        let tenth = progress(r#"{"tier":"new","unit":"windows","done":30,"left":270}"#);
        let text = far(&tenth, Duration::from_secs(10), 0);
        assert_eq!(text, "what is new: 30 of 300 windows, 1 min 30 s left");
        let text = far(&tenth, Duration::from_millis(1), 2);
        assert_eq!(text, "what is new: 30 of 300 windows, 1 s left, 2 gaps");
        let done = progress(r#"{"tier":"open","unit":"orders","done":7,"left":0}"#);
        let text = far(&done, Duration::from_secs(10), 0);
        assert_eq!(text, "open orders: 7 of 7 orders");
        let open = progress(r#"{"tier":"growing","unit":"pages","done":3,"left":null}"#);
        let text = far(&open, Duration::from_secs(10), 0);
        assert_eq!(text, "the growing end: 3 pages");
    }

    #[test]
    fn a_wait_names_its_reason() {
        let wait = Duration::from_millis(11_200);
        assert_eq!(waiting(wait, true), "waiting for the rate limit (12 s)");
        assert_eq!(waiting(wait, false), "waiting for the vendor (12 s)");
    }
}
