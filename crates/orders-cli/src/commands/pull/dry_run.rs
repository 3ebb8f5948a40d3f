//! `--dry-run`: what a run would do.

use chrono::{DateTime, Utc};
use orders_core::{Account as Name, Error};
use orders_sync::{Plan, SqliteStore, Task as Piece, plan};
use serde_json::{Value, json};

use super::progress::words;
use super::{Ready, Task, hinted};
use crate::commands::status::span;
use crate::exit::{self, Exit, Failure};
use crate::output::{self, Out, plain, say};
use crate::report;

type Planned = Result<Plan, Failure>;

pub(super) async fn run(tasks: Vec<Task>, now: DateTime<Utc>, json: bool) -> Result<Exit, Failure> {
    let mut plans: Vec<(Name, Planned)> = Vec::new();
    for task in tasks {
        let planned = match task.ready {
            Ok(ready) => one(&ready, now).await,
            Err(failure) => Err(failure),
        };
        plans.push((task.name, planned));
    }
    show(&plans, json)?;
    let code = |planned: &Planned| planned.as_ref().map_or_else(Failure::exit, |_| Exit::Ok);
    let codes: Vec<_> = plans.iter().map(|(_, planned)| code(planned)).collect();
    Ok(exit::of_all(&codes))
}

async fn one(ready: &Ready, now: DateTime<Utc>) -> Planned {
    let store = match ready.output.look()? {
        Some(store) => store,
        // Nothing is stored, and the file is not made.
        None => Box::new(SqliteStore::in_memory()?),
    };
    plan(ready.source.as_ref(), store.as_ref(), &ready.options, now)
        .await
        .map(|mut plan| {
            plan.notes.splice(0..0, ready.notes.iter().cloned());
            plan
        })
        .map_err(|error| hinted(error, &ready.options))
}

fn show(plans: &[(Name, Planned)], json: bool) -> Result<(), Failure> {
    let mut out = Out::new();
    let good = plans
        .iter()
        .filter_map(|(_, planned)| planned.as_ref().ok());
    match json {
        true => out.line(&object(good)?)?,
        false => {
            for plan in good {
                out.line(&text(plan))?;
            }
        }
    }
    out.flush()?;
    for (name, planned) in plans {
        match planned {
            Err(failure) if json => say(&report::object(failure, Some(&name.to_string()))),
            Err(failure) => say(&format!("{name}:\n{}", report::block_of(failure))),
            Ok(_) => {}
        }
    }
    if !json {
        say("Nothing was changed. These are estimates.");
    }
    Ok(())
}

fn object<'a>(plans: impl Iterator<Item = &'a Plan>) -> Result<String, Error> {
    let plans: Vec<_> = plans
        .map(|plan| {
            let mut value = json!(plan);
            // Of the engine's time for programs: seconds.
            if let Value::Object(map) = &mut value {
                map.remove("time");
                map.insert(
                    "seconds".into(),
                    json!(plan.time.map(|time| time.as_secs())),
                );
            }
            value
        })
        .collect();
    let sum = |count: fn(&Value) -> Option<u64>| plans.iter().filter_map(count).sum::<u64>();
    output::json(&json!({
        "requests": sum(|plan| plan["requests"].as_u64()),
        "open_orders": sum(|plan| plan["open_orders"].as_u64()),
        "plans": plans,
    }))
}

fn text(plan: &Plan) -> String {
    let mut lines = Vec::new();
    if plan.tasks.is_empty() {
        lines.push(format!("{}: nothing is due", plan.account));
    } else {
        let mut table = output::rows(&["account", "task", "what", "requests"], &[3]);
        for piece in &plan.tasks {
            table.add_row([
                plan.account.to_string(),
                words(piece.tier).to_owned(),
                what(piece),
                format!("about {}", piece.requests),
            ]);
        }
        lines.push(table.trim_fmt());
    }
    let open = match plan.open_orders {
        1 => "1 open order is due".to_owned(),
        n => format!("{n} open orders are due"),
    };
    let time = match plan.time {
        Some(time) => format!("at the account's limit {}", duration(time.as_secs())),
        None => "no limit is known".to_owned(),
    };
    lines.push(format!(
        "{}: about {} requests, {time}; {open}",
        plan.account, plan.requests
    ));
    let notes = plan.notes.iter();
    lines.extend(notes.map(|note| format!("{}: {}", plan.account, plain(note))));
    lines.join("\n")
}

/// What a piece of the plan asks for.
fn what(piece: &Piece) -> String {
    let mut facts = Vec::new();
    match piece.windows.as_slice() {
        [] => {}
        [window] => facts.push(span(window)),
        [first, .., last] => facts.push(format!(
            "{} spans of days, {} ... {}",
            piece.windows.len(),
            span(first),
            span(last)
        )),
    }
    if piece.items > 0 {
        facts.push(format!("{} one by one", piece.items));
    }
    if piece.resumed {
        facts.push("goes on where a run stopped".to_owned());
    }
    if facts.is_empty() {
        facts.push("all pages".to_owned());
    }
    facts.join("; ")
}

/// A length of time for people.
pub(super) fn duration(seconds: u64) -> String {
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_told_in_two_units() {
        for (seconds, text) in [
            (0, "0 s"),
            (59, "59 s"),
            (61, "1 min 1 s"),
            (3_600, "1 h 0 min"),
            (90_000, "25 h 0 min"),
        ] {
            assert_eq!(duration(seconds), text);
        }
    }
}
