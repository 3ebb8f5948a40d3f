//! `--dry-run`: shows what a run would do.

use chrono::{DateTime, Utc};
use orders_core::{Account as Name, Error, Window};
use orders_sync::{Plan, Store, Task as Piece, plan};
use serde_json::{Value, json};

use super::progress::words;
use super::task::{Ready, Task, hinted};
use crate::exit::{self, Exit, Failure};
use crate::output::{self, Out, plain, say};
use crate::report;
use crate::times::{self, duration};

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
    let store = match ready.output.look().await? {
        Some(store) => store,
        // Nothing is stored, and no file is created.
        None => Store::in_memory()?,
    };
    plan(ready.source.as_ref(), &store, &ready.options, now)
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
        false => match good.collect::<Vec<_>>() {
            none if none.is_empty() => {}
            good => out.line(&text(&good))?,
        },
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
            // For programs the engine's duration becomes seconds.
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
        "rechecks": sum(|plan| plan["rechecks"].as_u64()),
        "plans": plans,
    }))
}

fn text(plans: &[&Plan]) -> String {
    let mut lines = Vec::new();
    let mut table = output::rows(&["account", "task", "what", "requests"], &[3]);
    for plan in plans {
        for piece in &plan.tasks {
            table.add_row([
                plan.account.to_string(),
                words(piece.phase).to_owned(),
                what(piece),
                piece.requests.to_string(),
            ]);
        }
    }
    if !table.is_empty() {
        lines.push(table.trim_fmt());
    }
    for plan in plans {
        lines.push(format!("{}: {}", plan.account, total(plan)));
        let notes = plan.notes.iter();
        lines.extend(notes.map(|note| format!("{}: {}", plan.account, plain(note))));
    }
    lines.join("\n")
}

fn total(plan: &Plan) -> String {
    let requests = match plan.requests {
        0 => return "nothing is due".to_owned(),
        1 => "about 1 request".to_owned(),
        n => format!("about {n} requests"),
    };
    let time = match plan.time {
        Some(time) if time.is_zero() => ", within the burst of the account's limit".to_owned(),
        Some(time) => format!(", {} at the account's limit", duration(time.as_secs())),
        None => String::new(),
    };
    let open = due(plan.open_orders, "open", "due");
    let rechecks = due(plan.rechecks, "final", "due at the horizon");
    format!("{requests}{time}{open}{rechecks}")
}

fn due(orders: u64, which: &str, what: &str) -> String {
    match orders {
        0 => String::new(),
        1 => format!("; 1 {which} order is {what}"),
        n => format!("; {n} {which} orders are {what}"),
    }
}

/// The requests of a piece of the plan.
fn what(piece: &Piece) -> String {
    let mut facts = Vec::new();
    match (piece.windows.as_slice(), piece.items) {
        ([], 0) => {}
        ([], items) => facts.push(format!("{items} one by one")),
        ([first, .., last], items) => {
            let all = Window {
                from: first.from,
                to: last.to,
            };
            let days = piece.windows.len();
            facts.push(format!(
                "{items} by {days} spans of days {}",
                times::span(&all)
            ));
        }
        ([window], _) => facts.push(times::span(window)),
    }
    if piece.resumed {
        facts.push("resumes an interrupted run".to_owned());
    }
    if facts.is_empty() {
        facts.push("all pages".to_owned());
    }
    facts.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_tells_what_is_due() {
        let plan = |open: u64, rechecks: u64| {
            let plan = json!({
                "account": {"provider": "linkbest", "label": "ads"},
                "tasks": [],
                "open_orders": open,
                "rechecks": rechecks,
                "requests": 9,
                "time": null,
                "notes": [],
            });
            serde_json::from_value::<Plan>(plan)
                .map(|plan| total(&plan))
                .ok()
        };
        assert_eq!(plan(0, 0).as_deref(), Some("about 9 requests"));
        assert_eq!(
            plan(2, 1).as_deref(),
            Some("about 9 requests; 2 open orders are due; 1 final order is due at the horizon")
        );
    }
}
