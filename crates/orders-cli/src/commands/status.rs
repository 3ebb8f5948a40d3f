//! `orders status`: the progress of each account, and what is missing.

use orders_core::{Slice, Window};
use orders_sync::{Gap, Missing, Outcome, Status, Store};
use serde::Serialize;

use super::files::look;
use crate::args;
use crate::exit::{Exit, Failure};
use crate::output::{self, Out, plain, say};
use crate::{report, times};

/// How many gaps of an account are listed for people.
const GAPS: usize = 10;
/// A longer reason is shortened for people.
const WIDTH: usize = 160;

pub(super) fn run(args: &args::Status, json: bool) -> Result<Exit, Failure> {
    let (mut found, mut failed) = (Vec::new(), Vec::new());
    for (output, store) in look(&args.files)? {
        for name in store.accounts()? {
            let mine = args
                .vendor
                .is_none_or(|vendor| vendor.name() == name.provider)
                && args
                    .account
                    .as_ref()
                    .is_none_or(|label| *label == name.label);
            if !mine {
                continue;
            }
            match store.status(&name) {
                Ok(status) => found.push(Row {
                    file: output.path.display().to_string(),
                    status,
                }),
                // A damaged account does not hide the others.
                Err(error) => failed.push((name, Failure::from(error))),
            }
        }
    }
    let mut out = Out::new();
    match json {
        true => out.line(&output::json(&Object::of(&found))?)?,
        false if found.is_empty() && !failed.is_empty() => {}
        false => out.line(&text(&found))?,
    }
    out.flush()?;
    for (name, failure) in &failed {
        match json {
            true => say(&report::object(failure, Some(&name.to_string()))),
            false => say(&report::block_of(failure)),
        }
    }
    Ok(match failed.is_empty() {
        true => Exit::Ok,
        false => Exit::Failed,
    })
}

/// An account, and the file that contains it.
#[derive(Serialize)]
struct Row {
    file: String,
    #[serde(flatten)]
    status: Status,
}

/// The one object of `--json`.
#[derive(Serialize)]
struct Object<'a> {
    stored: u64,
    open: u64,
    gaps: usize,
    accounts: &'a [Row],
}

impl<'a> Object<'a> {
    fn of(accounts: &'a [Row]) -> Self {
        let all = || accounts.iter().map(|row| &row.status);
        Self {
            stored: all().map(|status| status.stored).sum(),
            open: all().map(|status| status.open).sum(),
            gaps: all().map(|status| status.gaps.len()).sum(),
            accounts,
        }
    }
}

fn text(found: &[Row]) -> String {
    if found.is_empty() {
        return "no such account in the file".to_owned();
    }
    let headings = [
        "account",
        "stored",
        "vendor's count",
        "open",
        "gone",
        "gaps",
        "read up to",
        "last run",
    ];
    let mut table = output::rows(&headings, &[1, 2, 3, 4, 5]);
    for Row { status, .. } in found {
        let number = |number: Option<u64>| number.map(|number| number.to_string());
        table.add_row([
            plain(&status.account.to_string()).into_owned(),
            status.stored.to_string(),
            number(status.vendor_count).unwrap_or_else(|| "none".to_owned()),
            status.open.to_string(),
            status.gone.to_string(),
            status.gaps.len().to_string(),
            status
                .watermark
                .as_ref()
                .map(times::show)
                .unwrap_or_default(),
            last_run(status),
        ]);
    }
    let mut lines = vec![table.trim_fmt()];
    for Row { status, .. } in found {
        if status.interrupted {
            lines.push(format!(
                "{}: a pull was interrupted; the next one resumes it",
                status.account
            ));
        }
        let shown = status.gaps.iter().take(GAPS).map(gap);
        lines.extend(shown.map(|text| format!("{}: missing {}", status.account, plain(&text))));
        if status.gaps.len() > GAPS {
            let more = status.gaps.len() - GAPS;
            lines.push(format!(
                "{}: and {more} more (--json lists all)",
                status.account
            ));
        }
    }
    lines.join("\n")
}

fn last_run(status: &Status) -> String {
    let Some(run) = &status.last_run else {
        return "none ended".to_owned();
    };
    let word = match run.outcome {
        Outcome::Complete => "complete",
        Outcome::Incomplete => "incomplete",
        Outcome::Partial => "partial",
        Outcome::Stopped => "stopped",
    };
    let at = run.ended_at.as_ref().map(times::show);
    format!("{word}, {}", at.unwrap_or_default())
}

fn gap(gap: &Gap) -> String {
    let what = match &gap.missing {
        Missing::Slice(slice) => slice_words(slice),
        Missing::Order(order) => format!("order {}", order.id),
    };
    let tries = match gap.tries {
        1 => "once".to_owned(),
        n => format!("{n} times"),
    };
    let since = times::show(&gap.first_at);
    format!(
        "{what}, since {since}, tried {tries}: {}",
        brief(&gap.reason)
    )
}

/// A reason without the excerpt of the body. (--json prints all of it.)
fn brief(reason: &str) -> String {
    let reason = reason.split("; body:").next().unwrap_or(reason);
    match reason.char_indices().nth(WIDTH) {
        Some((end, _)) => format!("{}…", &reason[..end]),
        None => reason.to_owned(),
    }
}

/// What a slice is, in words.
pub(super) fn slice_words(slice: &Slice) -> String {
    let axis = match slice.axis.and_then(|axis| serde_json::to_value(axis).ok()) {
        Some(serde_json::Value::String(word)) => format!("{word} "),
        _ => String::new(),
    };
    let customer = slice
        .partition
        .as_ref()
        .map(|id| format!("orders of customer {id}"));
    match (&slice.window, customer) {
        (Some(window), Some(customer)) => format!("{customer}, {axis}{}", span(window)),
        (Some(window), None) => format!("orders {axis}{}", span(window)),
        (None, Some(customer)) => customer,
        (None, None) => "a part of all orders".to_owned(),
    }
}

/// A window for people.
pub(super) fn span(window: &Window) -> String {
    let (from, to) = (times::exact(&window.from), times::exact(&window.to));
    format!("from {from} to {to}")
}
