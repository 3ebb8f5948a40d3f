//! `orders verify`: counts the stored orders, reads some again, and compares with what the vendor has.

mod sample;

use std::sync::Arc;

use orders_core::{Account as Name, Error, ErrorKind};
use orders_sync::{Check, Context, Verification, verify};
use serde::Serialize;

use super::files::{accounts, output};
use super::pull::options::regular;
use super::pull::progress::Lines;
use super::pull::waits::Waits;
use crate::args::Verify;
use crate::config::Chosen;
use crate::exit::{self, Exit, Failure};
use crate::output::{self, Out, counted, plain, say};
use crate::{report, test_hooks};

/// So many orders are looked up side by side; the account's rate limit holds all the same.
const LOOK_UPS: usize = 4;

pub(super) async fn run(args: Verify, json: bool) -> Result<Exit, Failure> {
    let chosen = accounts(&args.accounts, &args.files, json)?;
    let lines = Arc::new(Lines::new(chosen.iter().map(|one| &one.name), json));
    let context = Context {
        clock: test_hooks::clock()?,
        observer: lines.clone(),
        ..Context::default()
    };
    let mut ended = Vec::new();
    for chosen in chosen {
        let name = chosen.name.clone();
        let found = one(chosen, &args, &lines, &context).await;
        lines.done(&name);
        ended.push((name, found));
    }
    lines.clear();
    let codes: Vec<_> = ended.iter().map(|(_, result)| code(result)).collect();
    let mut out = Out::new();
    match json {
        true => out.line(&object(&ended)?)?,
        false if ended.iter().all(|(_, result)| result.is_err()) => {}
        false => out.line(&text(&ended))?,
    }
    out.flush()?;
    for (name, result) in &ended {
        let Err(failure) = result else { continue };
        match json {
            true => say(&report::object(failure, Some(&name.to_string()))),
            false if ended.len() == 1 => say(&report::block_of(failure)),
            false => say(&format!("{name}:\n{}", report::block_of(failure))),
        }
    }
    let exit = exit::of_all(&codes);
    if !json && codes.contains(&Exit::Integrity) {
        say("Not complete: pull again (orders pull --full reads everything), then verify again.");
    }
    Ok(exit)
}

type Counted = Result<Verification, Failure>;

async fn one(chosen: Chosen, args: &Verify, lines: &Arc<Lines>, context: &Context) -> Counted {
    let account = chosen.account?;
    let waits = Waits::new(chosen.name);
    waits.show_in(lines);
    let source = waits.source(&account)?;
    let mut options = regular(&args.part, &account)?;
    options.at_once = options.at_once.max(LOOK_UPS);
    let output = output(&args.files, &account)?;
    let store = output.look().await?.ok_or_else(|| {
        let message = format!("nothing was pulled into {output} yet");
        Error::new(ErrorKind::NotFound, message).with_hint("pull first: orders pull --help")
    })?;
    let found = verify(source.as_ref(), &store, &options, args.sample, context).await;
    Ok(found?)
}

fn code(result: &Counted) -> Exit {
    match result {
        Ok(found) if found.agrees() == Some(false) => Exit::Integrity,
        Ok(_) => Exit::Ok,
        Err(failure) => failure.exit(),
    }
}

/// For people: one line per account, and only the counts that differ one by one. (--json prints all of them.)
fn text(ended: &[(Name, Counted)]) -> String {
    let mut lines = Vec::new();
    let headings = ["account", "what", "stored", "vendor's count", "", "note"];
    let mut table = output::rows(&headings, &[2, 3]);
    for (name, result) in ended {
        // Failures are printed on standard error.
        let Ok(found) = result else { continue };
        lines.extend(
            facts_of(found)
                .into_iter()
                .map(|fact| format!("{name}: {fact}")),
        );
        for check in &found.checks {
            let Some(vendor) = check.vendor.filter(|vendor| *vendor != check.stored) else {
                continue;
            };
            table.add_row([
                name.to_string(),
                check.what.clone(),
                check.stored.to_string(),
                vendor.to_string(),
                verdict(check.stored, vendor),
                plain(check.note.as_deref().unwrap_or_default()).into_owned(),
            ]);
        }
    }
    if !table.is_empty() {
        lines.push(table.trim_fmt());
    }
    lines.join("\n")
}

/// The facts about an account: how many counts agree, what the vendor does not count, and gaps.
fn facts_of(found: &Verification) -> Vec<String> {
    let agree = found
        .checks
        .iter()
        .filter(|check| check.agrees() == Some(true));
    let stored = counted(found.checks.iter().map(|check| check.stored).sum());
    let mut facts = vec![match (found.compared(), agree.count()) {
        (0, _) => format!("the vendor has no count to compare with ({stored} stored)"),
        (1, 1) => format!("the count agrees ({stored} stored)"),
        (all, agree) => format!("{agree} of {all} counts agree ({stored} stored)"),
    }];
    // Grouped by reason.
    let mut uncounted: Vec<(&str, Vec<&Check>)> = Vec::new();
    for check in found.checks.iter().filter(|check| check.vendor.is_none()) {
        let why = check.note.as_deref().unwrap_or("the vendor gave no count");
        match uncounted.iter_mut().find(|(other, _)| *other == why) {
            Some((_, checks)) => checks.push(check),
            None => uncounted.push((why, vec![check])),
        }
    }
    for (why, checks) in uncounted {
        let stored = counted(checks.iter().map(|check| check.stored).sum());
        let what = match checks.as_slice() {
            [one] => one.what.clone(),
            many => format!("{} spans", many.len()),
        };
        facts.push(format!(
            "not compared: {what}, {stored} stored: {}",
            plain(why)
        ));
    }
    facts.extend(found.sample.iter().flat_map(sample::facts_of));
    facts.extend(found.unfinished.iter().cloned());
    match found.gaps {
        0 => {}
        1 => facts.push("1 gap is open (orders status)".to_owned()),
        n => facts.push(format!("{n} gaps are open (orders status)")),
    }
    facts
}

fn verdict(stored: u64, vendor: u64) -> String {
    match stored.abs_diff(vendor) {
        n if vendor > stored => format!("{n} missing"),
        n => format!("{n} too many"),
    }
}

fn object(ended: &[(Name, Counted)]) -> Result<String, Error> {
    #[derive(Serialize)]
    struct Object<'a> {
        /// `null` where nothing was compared.
        agrees: Option<bool>,
        accounts: Vec<Counts<'a>>,
    }
    #[derive(Serialize)]
    struct Counts<'a> {
        agrees: Option<bool>,
        #[serde(flatten)]
        found: &'a Verification,
    }
    let all = ended.iter().map(|(_, result)| match result {
        Ok(found) => found.agrees(),
        Err(_) => Some(false),
    });
    let agrees = match all.clone().any(|one| one == Some(false)) {
        true => Some(false),
        false => all.collect::<Option<Vec<bool>>>().map(|_| true),
    };
    let good = ended.iter().filter_map(|(_, result)| result.as_ref().ok());
    output::json(&Object {
        agrees,
        accounts: good
            .map(|found| Counts {
                agrees: found.agrees(),
                found,
            })
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(checks: serde_json::Value, gaps: u64) -> Vec<String> {
        let found = serde_json::json!({
            "account": {"provider": "linkbest", "label": "ads"},
            "counted_at": "2026-03-01T00:10:00Z",
            "checks": checks,
            "open_gaps": gaps,
            "requests": 3,
        });
        serde_json::from_value(found)
            .map_or_else(|error| vec![error.to_string()], |found| facts_of(&found))
    }

    fn check(what: &str, stored: u64, vendor: Option<u64>, note: &str) -> serde_json::Value {
        serde_json::json!({"what": what, "stored": stored, "vendor": vendor, "note": note})
    }

    #[test]
    fn what_a_vendor_does_not_count_is_grouped() {
        let part = "the vendor has no count of a part of a day";
        let checks = [
            check("created a", 1, None, part),
            check("created b", 5, Some(5), ""),
            check("created c", 4, Some(6), ""),
            check("created d", 2, None, part),
            check("created e", 1, None, "\u{1b}"),
        ];
        assert_eq!(
            lines(checks.to_vec().into(), 1),
            [
                "1 of 2 counts agree (13 orders stored)",
                "not compared: 2 spans, 3 orders stored: the vendor has no count of a part of a day",
                "not compared: created e, 1 order stored: \\u{1b}",
                "1 gap is open (orders status)",
            ]
        );
        assert_eq!(
            lines(
                [check("all orders", 7, None, "this vendor does not count")]
                    .to_vec()
                    .into(),
                0
            ),
            [
                "the vendor has no count to compare with (7 orders stored)",
                "not compared: all orders, 7 orders stored: this vendor does not count",
            ]
        );
    }
}
