//! Progress: one line per account, on a terminal only. (indicatif draws to standard error, and hides otherwise.)

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar};
use orders_core::{Account as Name, Error, ErrorKind};
use orders_sync::{Event, Observer, Phase, Progress};

use crate::output::say;
use crate::progress::{self, waiting};
use crate::times::duration;

/// The lines of all accounts.
pub(in crate::commands) struct Lines {
    all: MultiProgress,
    lines: HashMap<Name, Mutex<Line>>,
    /// Standard error has objects alone.
    json: bool,
    /// Nobody sees the lines: standard error is no terminal.
    hidden: bool,
    print: fn(&str),
}

struct Line {
    bar: ProgressBar,
    /// When the present job began.
    begun: Instant,
    /// The progress of the job, in words.
    far: String,
    gaps: u64,
    /// Whether the client waited for the account's own limit since the last piece.
    limited: bool,
}

impl Line {
    fn waits(&self, wait: Duration, rate_limited: bool) {
        let text = waiting(wait, rate_limited);
        self.bar.set_message(match self.far.is_empty() {
            true => text,
            false => format!("{text}; {}", self.far),
        });
    }
}

impl Lines {
    pub(in crate::commands) fn new<'a>(names: impl Iterator<Item = &'a Name>, json: bool) -> Self {
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
                far: String::new(),
                gaps: 0,
                limited: false,
            };
            (name.clone(), Mutex::new(line))
        });
        let lines = lines.collect();
        let hidden = all.is_hidden();
        Self {
            all,
            lines,
            json,
            hidden,
            print: say,
        }
    }

    /// Prints a message above the lines.
    pub(in crate::commands) fn say(&self, text: &str) {
        self.all.suspend(|| (self.print)(text));
    }

    /// Prints a message above the lines, for people.
    pub(in crate::commands) fn note(&self, text: &str) {
        if !self.json {
            self.say(text);
        }
    }

    /// The account's client waits before it sends the same request again.
    pub(in crate::commands) fn waits(&self, account: &Name, wait: Duration, error: &Error) {
        if self.hidden
            && let Some(text) = progress::long_wait(account, wait, error)
        {
            self.note(&text);
        }
        if let Some(line) = self.lines.get(account) {
            let line = line.lock().unwrap_or_else(PoisonError::into_inner);
            line.waits(wait, error.kind() == ErrorKind::RateLimit);
        }
    }

    /// The account's client was held back by the account's own limit.
    pub(in crate::commands) fn limited(&self, account: &Name) {
        if let Some(line) = self.lines.get(account) {
            let mut line = line.lock().unwrap_or_else(PoisonError::into_inner);
            line.limited = true;
        }
    }

    /// The text of an account's line, and whether its own limit held it back.
    #[cfg(test)]
    pub(in crate::commands) fn shown(&self, account: &Name) -> (String, bool) {
        let line = self.lines[account]
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        (line.bar.message(), line.limited)
    }

    /// Removes the line of a finished account.
    pub(in crate::commands) fn done(&self, account: &Name) {
        if let Some(line) = self.lines.get(account) {
            let line = line.lock().unwrap_or_else(PoisonError::into_inner);
            line.bar.finish_with_message("done");
        }
    }

    /// Removes the lines before other output follows.
    pub(in crate::commands) fn clear(&self) {
        let _ = self.all.clear();
    }
}

impl Observer for Lines {
    fn event(&self, account: &Name, event: &Event<'_>) {
        if let Event::Waiting { wait, error, .. } = event {
            return self.waits(account, *wait, error);
        }
        let Some(line) = self.lines.get(account) else {
            return;
        };
        let mut line = line.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::Job { phase, .. } => {
                line.begun = Instant::now();
                line.far = words(*phase).to_owned();
                line.bar.set_message(line.far.clone());
            }
            Event::Stored { pulled, .. } => line.bar.set_position(*pulled),
            Event::Progress(progress) => {
                line.far = far(progress, line.begun.elapsed(), line.gaps);
                let text = match std::mem::take(&mut line.limited) {
                    true => format!("waiting for the rate limit; {}", line.far),
                    false => line.far.clone(),
                };
                line.bar.set_message(text);
            }
            Event::Gap { .. } => line.gaps += 1,
            _ => {}
        }
    }
}

/// A phase in words.
pub(in crate::commands) fn words(phase: Phase) -> &'static str {
    match phase {
        Phase::Gaps => "earlier gaps",
        Phase::New => "new orders",
        Phase::Full => "full scan",
        Phase::Tail => "tail",
        Phase::Lookback => "lookback",
        Phase::OpenOrders => "open orders",
        Phase::Pushed => "orders that were pushed",
        Phase::Aged => "final orders at the horizon",
        Phase::Doubted => "days of doubted orders",
        Phase::Unshown => "orders that were not shown",
        Phase::Window => "the window",
        Phase::Verify => "verifying",
        _ => "more",
    }
}

/// The progress of a job: `new orders: 12 of 274 windows, 1 min 5 s left`. A narrow terminal cuts the end.
fn far(progress: &Progress, elapsed: Duration, gaps: u64) -> String {
    let unit = progress.unit.as_str();
    let mut text = match progress.left {
        Some(left) => format!("{} of {} {unit}", progress.done, progress.done + left),
        None if progress.done == 1 => format!("1 {}", unit.trim_end_matches('s')),
        None => format!("{} {unit}", progress.done),
    };
    if let Some(left) = time_left(progress, elapsed) {
        text.push_str(&format!(", {} left", duration(left)));
    }
    match gaps {
        0 => {}
        1 => text.push_str(", 1 gap"),
        n => text.push_str(&format!(", {n} gaps")),
    }
    format!("{}: {text}", words(progress.phase))
}

/// The remaining seconds at the present speed.
fn time_left(progress: &Progress, elapsed: Duration) -> Option<u64> {
    let left = u128::from(progress.left.filter(|left| *left > 0)?);
    let millis = elapsed.as_millis() * left / u128::from(progress.done.max(1));
    u64::try_from(millis.div_ceil(1000)).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// As the engine reports it.
    fn progress(text: &str) -> Progress {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_line_tells_how_far_a_job_is_and_how_long_it_takes() {
        let tenth = progress(r#"{"phase":"new","unit":"windows","done":30,"left":270}"#);
        let text = far(&tenth, Duration::from_secs(10), 0);
        assert_eq!(text, "new orders: 30 of 300 windows, 1 min 30 s left");
        let text = far(&tenth, Duration::from_millis(1), 2);
        assert_eq!(text, "new orders: 30 of 300 windows, 1 s left, 2 gaps");
        let done = progress(r#"{"phase":"open_orders","unit":"orders","done":7,"left":0}"#);
        let text = far(&done, Duration::from_secs(10), 0);
        assert_eq!(text, "open orders: 7 of 7 orders");
        let open = progress(r#"{"phase":"tail","unit":"pages","done":3,"left":null}"#);
        let text = far(&open, Duration::from_secs(10), 0);
        assert_eq!(text, "tail: 3 pages");
        let one = progress(r#"{"phase":"new","unit":"pages","done":1,"left":null}"#);
        assert_eq!(far(&one, Duration::ZERO, 1), "new orders: 1 page, 1 gap");
    }

    #[test]
    fn a_wait_names_its_reason() {
        let wait = Duration::from_millis(11_200);
        assert_eq!(waiting(wait, true), "waiting for the rate limit (12 s)");
        assert_eq!(waiting(wait, false), "waiting for the vendor (12 s)");
    }

    #[test]
    fn a_long_wait_is_printed_where_nobody_sees_the_lines() {
        static PRINTED: Mutex<Vec<String>> = Mutex::new(Vec::new());
        let name = Name::new("clink", "main");
        for (hidden, json, printed) in [(true, false, 2), (true, true, 0), (false, false, 0)] {
            PRINTED.lock().unwrap().clear();
            let mut lines = Lines::new([&name].into_iter(), json);
            lines.hidden = hidden;
            lines.print = |text| PRINTED.lock().unwrap().push(text.to_owned());
            let limit = Error::new(ErrorKind::RateLimit, "slow down");
            let down = Error::new(ErrorKind::Server, "busy");
            // From the client, and from the engine.
            lines.waits(&name, Duration::from_secs(10), &limit);
            for seconds in [9, 75] {
                let waiting = Event::Waiting {
                    wait: Duration::from_secs(seconds),
                    rate_limited: false,
                    error: &down,
                };
                lines.event(&name, &waiting);
            }
            let all = [
                "clink/main: waiting for the rate limit (10 s): slow down",
                "clink/main: waiting for the vendor (1 min 15 s): busy",
            ];
            assert_eq!(*PRINTED.lock().unwrap(), all[..printed]);
        }
    }
}
