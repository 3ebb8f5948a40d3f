//! Progress, on a terminal only: indicatif draws to standard error, and hides the bars if that is not a terminal.

use std::fmt;
use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use orders_core::{Account, Error, ErrorKind};

use crate::times::duration;
use crate::vendor::Vendor;

const BAR: &str = "{prefix:<9} {bar:32.cyan/dim} {pos:>6}/{len} orders  {elapsed:>4}  {msg}";
const COUNT: &str = "{spinner} {prefix}  {pos} orders  {rate}  {elapsed}";
/// Cut at the terminal's width: a line that wraps cannot be redrawn.
const PULLING: &str = "{spinner} {prefix:<16} {pos:>7} orders {rate:>6}  {wide_msg}";

/// A wait that is as long as this is printed where no line shows it.
const LONG: Duration = Duration::from_secs(10);

/// One bar per vendor.
#[derive(Debug, Default)]
pub(crate) struct Bars(MultiProgress);

impl Bars {
    pub(crate) fn add(&self, vendor: Vendor, orders: u64) -> ProgressBar {
        let bar = self.0.add(ProgressBar::new(orders));
        bar.set_style(style(BAR, ProgressStyle::default_bar()).progress_chars("━╸─"));
        bar.set_prefix(vendor.name());
        bar.enable_steady_tick(Duration::from_millis(100));
        bar
    }

    /// Removes the bars before other output follows.
    pub(crate) fn clear(&self) {
        let _ = self.0.clear();
    }
}

/// A running count. Hidden if the orders themselves go to the terminal.
pub(crate) fn count(name: &str, beside_output: bool) -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    if beside_output && std::io::stdout().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    bar.set_style(style(COUNT, ProgressStyle::default_spinner()));
    bar.set_prefix(name.to_owned());
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

/// A pull of one account.
pub(crate) fn pulling() -> ProgressStyle {
    style(PULLING, ProgressStyle::default_spinner())
}

/// A wait before a request is sent again, in words.
pub(crate) fn waiting(wait: Duration, rate_limited: bool) -> String {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    match rate_limited {
        true => format!("waiting for the rate limit ({})", duration(seconds)),
        false => format!("waiting for the vendor ({})", duration(seconds)),
    }
}

/// A long wait of an account, with its reason; `None` where it is not worth a line.
pub(crate) fn long_wait(account: &Account, wait: Duration, error: &Error) -> Option<String> {
    let limited = error.kind() == ErrorKind::RateLimit;
    (wait >= LONG).then(|| format!("{account}: {}: {}", waiting(wait, limited), error.message()))
}

fn style(template: &str, otherwise: ProgressStyle) -> ProgressStyle {
    let style = ProgressStyle::with_template(template).unwrap_or(otherwise);
    style.with_key(
        "rate",
        |state: &ProgressState, text: &mut dyn fmt::Write| {
            let _ = write!(text, "{:.0}/s", state.per_sec());
        },
    )
}
