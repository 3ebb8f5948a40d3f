//! The results of the pulls: for people, for programs, and as an exit code.

use orders_core::{Error, ErrorKind};
use orders_sync::Summary;
use serde::Serialize;
use serde_json::{Map, Value};

use super::ended::{Ended, FailureOf};
use crate::commands::gap_words::{self, GapView};
use crate::exit::{Exit, Failure, of_all};
use crate::output::{self, Out, plain, program, say};
use crate::place::Place;
use crate::report;
use crate::times;

/// Shows the results of the pulls, and returns the exit code.
///
/// # Errors
/// Standard output cannot be written.
pub(super) fn show(ended: &[Ended], signal: Option<Exit>, json: bool) -> Result<Exit, Failure> {
    let codes: Vec<_> = ended.iter().map(|ended| ended.exit(signal)).collect();
    let exit = of_all(&codes);
    if json {
        for one in ended {
            say_failure_object(one);
        }
        let text = object(ended, &codes, exit)?;
        let mut out = Out::new();
        match out.line(&text).and_then(|()| out.flush()) {
            // The reader has closed standard output. The exit code still shows the result.
            Ok(()) | Err(Failure::Closed) => {}
            Err(failure) => return Err(failure),
        }
    } else {
        if ended.iter().any(|one| one.summary().is_some()) {
            say(&table(ended));
        }
        for one in ended {
            say_notes(one, ended.len() > 1);
        }
        say(&next(ended, exit));
    }
    Ok(exit)
}

fn say_failure_object(ended: &Ended) {
    let account = ended.name.to_string();
    match ended.failure() {
        Some(FailureOf::Run(failure)) => say(&report::object(failure, Some(&account))),
        Some(FailureOf::Vendor(error)) => say(&report::error_object(
            error,
            ended.exit(None),
            Some(&account),
        )),
        None => {
            if let Some(gap) = ended.gaps.first() {
                let all = ended.gaps.len();
                let message = format!("{all} open gaps, the first: {}", gap_words::line(gap));
                let error = Error::new(ErrorKind::Incomplete, message)
                    .with_hint(gap_words::next(gap))
                    .retryable();
                say(&report::error_object(
                    &error,
                    ended.exit(None),
                    Some(&account),
                ));
            }
        }
    }
}

/// So many gaps are shown with their reasons.
const GAPS: usize = 3;

/// Why the pull is incomplete: the first gaps, with what to do.
fn say_gaps(ended: &Ended) {
    let name = &ended.name;
    for gap in ended.gaps.iter().take(GAPS) {
        let line = gap_words::line(gap);
        say(&format!("{name}: missing {}", plain(&line)));
        say(&format!("  next   {}", gap_words::next(gap)));
    }
    let more = ended.gaps.len().saturating_sub(GAPS);
    if more > 0 {
        say(&format!("{name}: and {more} more: orders gaps list"));
    }
}

fn say_notes(ended: &Ended, several: bool) {
    let of_run = ended.summary().map(|summary| summary.notes.as_slice());
    for note in ended.notes.iter().chain(of_run.unwrap_or_default()) {
        say(&format!("{}: {}", ended.name, plain(note)));
    }
    if ended.summary().is_some_and(|summary| summary.unproven) {
        let name = &ended.name;
        say(&format!(
            "{name}: the vendor gives no total: nothing proves that all orders came"
        ));
    }
    say_gaps(ended);
    let block = match ended.failure() {
        Some(FailureOf::Run(failure)) => report::block_of(failure),
        Some(FailureOf::Vendor(error)) => report::block(error),
        None => return,
    };
    if several {
        say(&format!("{}:", ended.name));
    }
    say(&block);
}

/// The facts of all accounts together.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
struct Totals {
    pulled: u64,
    new: u64,
    changed: u64,
    unchanged: u64,
    gone: u64,
    back: u64,
    doubted: u64,
    requests: u64,
    retries: u64,
    windows: u64,
    waited_seconds: u64,
    open_gaps: u64,
    accepted_gaps: u64,
    /// Nothing proves that all orders of each account came.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    unproven: bool,
    /// The earliest of the accounts' watermarks. None if an account has none.
    watermark: Option<chrono::DateTime<chrono::Utc>>,
}

impl Totals {
    /// The total of all accounts. An account that could not begin has no summary.
    fn of<'a>(accounts: impl Iterator<Item = Option<&'a Summary>> + Clone) -> Self {
        let watermark = |account: Option<&Summary>| account.and_then(|summary| summary.watermark);
        let mut all = Self {
            // `None` sorts before every time.
            watermark: accounts.clone().map(watermark).min().flatten(),
            ..Self::default()
        };
        for summary in accounts.flatten() {
            all.pulled += summary.pulled;
            all.new += summary.counts.new;
            all.changed += summary.counts.changed;
            all.unchanged += summary.counts.unchanged;
            all.gone += summary.counts.gone;
            all.back += summary.counts.back;
            all.doubted += summary.doubted;
            all.requests += summary.requests;
            all.retries += summary.retries;
            all.windows += summary.windows;
            all.waited_seconds += summary.waited_seconds;
            all.open_gaps += summary.gaps;
            all.accepted_gaps += summary.accepted_gaps;
            all.unproven |= summary.unproven;
        }
        all
    }
}

/// The one object that `--json` ends with.
fn object(ended: &[Ended], codes: &[Exit], exit: Exit) -> Result<String, Error> {
    #[derive(Serialize)]
    struct Object {
        exit_code: u8,
        complete: bool,
        #[serde(flatten)]
        totals: Totals,
        accounts: Vec<Map<String, Value>>,
    }
    let accounts = ended.iter().zip(codes);
    output::json(&Object {
        exit_code: exit as u8,
        complete: ended.iter().all(|one| one.outcome() == "complete"),
        totals: Totals::of(ended.iter().map(Ended::summary)),
        accounts: accounts
            .map(|(ended, code)| account(ended, *code))
            .collect(),
    })
}

/// One account in it: the engine's summary, and the facts that only the program knows.
fn account(ended: &Ended, code: Exit) -> Map<String, Value> {
    let summary = ended.summary().cloned().unwrap_or_default();
    let mut map = match serde_json::to_value(&summary) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    };
    if ended.summary().is_none() {
        // A store that failed says nothing of what was stored before.
        let counts = map.values_mut().filter(|value| value.is_number());
        counts.for_each(|value| *value = Value::Null);
    }
    let mut set = |name: &str, value: Value| map.insert(name.to_owned(), value);
    set("provider", ended.name.provider.clone().into());
    set("account", ended.name.label.clone().into());
    set("outcome", ended.outcome().into());
    set("exit_code", (code as u8).into());
    if let Some(output) = &ended.output {
        set("output", output.to_string().into());
    }
    let gaps = ended.gaps.iter().cloned().map(GapView::of);
    let gaps = serde_json::to_value(gaps.collect::<Vec<_>>());
    set("gaps", gaps.unwrap_or_default());
    let notes = ended.notes.iter().chain(&summary.notes);
    let notes: Vec<Value> = notes.map(|note| note.as_str().into()).collect();
    if !notes.is_empty() {
        set("notes", notes.into());
    }
    map
}

/// How many orders of a run are gone, back and doubted: columns of the table where one is.
fn away(summary: &Summary) -> [(&'static str, u64); 3] {
    [
        ("gone", summary.counts.gone),
        ("back", summary.counts.back),
        ("doubted", summary.doubted),
    ]
}

fn table(ended: &[Ended]) -> String {
    let any = |nth: usize| {
        let mut summaries = ended.iter().filter_map(Ended::summary);
        summaries.any(|summary| away(summary)[nth].1 > 0)
    };
    let shown: Vec<usize> = (0..3).filter(|nth| any(*nth)).collect();
    let mut headings = vec![
        "account",
        "outcome",
        "pulled",
        "new",
        "changed",
        "unchanged",
    ];
    headings.extend(shown.iter().map(|nth| away(&Summary::default())[*nth].0));
    headings.extend(["gaps", "requests", "read up to"]);
    let numbers: Vec<usize> = (2..headings.len() - 1).collect();
    let mut table = output::rows(&headings, &numbers);
    for one in ended {
        let mut cells = vec![one.name.to_string(), one.outcome().to_owned()];
        if let Some(summary) = one.summary() {
            let counts = summary.counts;
            let mut numbers = vec![summary.pulled, counts.new, counts.changed, counts.unchanged];
            numbers.extend(shown.iter().map(|nth| away(summary)[*nth].1));
            numbers.extend([summary.gaps, summary.requests]);
            cells.extend(numbers.iter().map(ToString::to_string));
            cells.push(
                summary
                    .watermark
                    .as_ref()
                    .map(times::show)
                    .unwrap_or_default(),
            );
        }
        cells.resize(headings.len(), String::new());
        table.add_row(cells);
    }
    table.trim_fmt()
}

const FIX: &str = "Not complete: fix the causes above, then run it again. Stored orders stay.";

/// The next step.
fn next(ended: &[Ended], exit: Exit) -> String {
    let first = ended.iter().find_map(|one| one.output.as_ref());
    let file = match first {
        Some(output) if *output != Place::default() => format!(" -o {output}"),
        _ => String::new(),
    };
    let status = format!("{} status{file}", program());
    let limited = ended
        .iter()
        .any(|one| one.limited && one.outcome() == "stopped");
    let fix = |one: &Ended| {
        let code = one.exit(None);
        matches!(code, Exit::Auth | Exit::Config | Exit::Usage | Exit::Failed)
    };
    match exit {
        Exit::Partial if ended.iter().any(fix) => FIX.to_owned(),
        Exit::Ok if limited => {
            format!("Stopped at --max-orders; run it again to resume. Stored so far: {status}")
        }
        Exit::Ok => format!("Next: {status}; {} show ID{file}", program()),
        Exit::Interrupted | Exit::Terminated => {
            "Interrupted with the state saved; run it again to resume.".to_owned()
        }
        Exit::Integrity => {
            format!("Not complete: later runs try the gaps again; {status} shows them.")
        }
        Exit::Partial | Exit::RateLimit => {
            "Not complete; the state is saved. Run it again to resume.".to_owned()
        }
        Exit::Locked => "Nothing was pulled: wait for the other run.".to_owned(),
        _ => FIX.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_watermark_of_all_is_the_earliest_that_every_account_has() {
        let at = |second| chrono::DateTime::from_timestamp(second, 0);
        let one = |watermark, pulled| Summary {
            watermark,
            pulled,
            ..Summary::default()
        };
        let (first, second) = (one(at(20), 1), one(at(10), 4));
        let totals = Totals::of([Some(&first), Some(&second)].into_iter());
        assert_eq!((totals.watermark, totals.pulled), (at(10), 5));
        let never = one(None, 2);
        let totals = Totals::of([Some(&first), Some(&never)].into_iter());
        assert_eq!((totals.watermark, totals.pulled), (None, 3));
        let totals = Totals::of([Some(&first), None].into_iter());
        assert_eq!(totals.watermark, None, "one account failed");
    }
}
