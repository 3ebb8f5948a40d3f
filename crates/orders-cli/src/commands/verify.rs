//! `orders verify`: what is stored, counted again beside the vendor.

use chrono::{DateTime, Utc};
use orders_core::{Account as Name, Error, ErrorKind};
use orders_sync::{Check, Verification, verify};
use serde::Serialize;

use super::files::{accounts, output};
use super::pull::options::regular;
use crate::args::Verify;
use crate::config::Chosen;
use crate::exit::{self, Exit, Failure};
use crate::output::{self, Out, plain, say};
use crate::{report, seams, sources};

pub(super) async fn run(args: Verify, json: bool) -> Result<Exit, Failure> {
    let now = seams::now()?;
    let mut ended = Vec::new();
    for chosen in accounts(&args.whose, &args.files)? {
        let name = chosen.name.clone();
        ended.push((name, one(chosen, &args, now).await));
    }
    let codes: Vec<_> = ended.iter().map(|(_, result)| code(result)).collect();
    let mut out = Out::new();
    match json {
        true => out.line(&object(&ended)?)?,
        false => out.line(&table(&ended))?,
    }
    out.flush()?;
    for (name, result) in &ended {
        let Err(failure) = result else { continue };
        match json {
            true => say(&report::object(failure, Some(&name.to_string()))),
            false => say(&format!("{name}:\n{}", report::block_of(failure))),
        }
    }
    let exit = exit::of_all(&codes);
    if !json && codes.contains(&Exit::Integrity) {
        say(
            "The counts differ: pull again (orders pull --full reads everything), then verify again.",
        );
    }
    Ok(exit)
}

type Counted = Result<Verification, Failure>;

async fn one(chosen: Chosen, args: &Verify, now: DateTime<Utc>) -> Counted {
    let account = chosen.account?;
    let source = sources::source(&account)?;
    let options = regular(&args.part, &account)?;
    let output = output(&args.files, &account);
    let store = output.look()?.ok_or_else(|| {
        let message = format!("nothing was pulled into {} yet", output.path.display());
        Error::new(ErrorKind::NotFound, message).with_hint("pull first: orders pull --help")
    })?;
    let counted = verify(source.as_ref(), store.as_ref(), &options, now).await;
    Ok(counted?)
}

fn code(result: &Counted) -> Exit {
    match result {
        Ok(found) if found.agrees() => Exit::Ok,
        Ok(_) => Exit::Integrity,
        Err(failure) => failure.exit(),
    }
}

fn table(ended: &[(Name, Counted)]) -> String {
    let headings = ["account", "what", "stored", "vendor's count", "", "note"];
    let mut table = output::rows(&headings, &[2, 3]);
    for (name, result) in ended {
        let Ok(found) = result else {
            table.add_row([name.to_string(), "failed".to_owned()]);
            continue;
        };
        for check in &found.checks {
            table.add_row([
                name.to_string(),
                check.what.clone(),
                check.stored.to_string(),
                check
                    .vendor
                    .map_or_else(|| "not told".to_owned(), |count| count.to_string()),
                verdict(check),
                check
                    .note
                    .as_ref()
                    .map(|note| plain(note).into_owned())
                    .unwrap_or_default(),
            ]);
        }
        if found.gaps > 0 {
            let gaps = format!("{} gaps (orders status)", found.gaps);
            table.add_row([name.to_string(), gaps]);
        }
    }
    table.trim_fmt()
}

fn verdict(check: &Check) -> String {
    let Some(vendor) = check.vendor else {
        return String::new();
    };
    match check.stored.abs_diff(vendor) {
        0 => "same".to_owned(),
        n if vendor > check.stored => format!("{n} missing"),
        n => format!("{n} too many"),
    }
}

fn object(ended: &[(Name, Counted)]) -> Result<String, Error> {
    #[derive(Serialize)]
    struct Object<'a> {
        agrees: bool,
        accounts: Vec<Counts<'a>>,
    }
    #[derive(Serialize)]
    struct Counts<'a> {
        agrees: bool,
        #[serde(flatten)]
        found: &'a Verification,
    }
    let counted = ended.iter().filter_map(|(_, result)| result.as_ref().ok());
    output::json(&Object {
        agrees: ended.iter().all(|(_, result)| code(result) == Exit::Ok),
        accounts: counted
            .map(|found| Counts {
                agrees: found.agrees(),
                found,
            })
            .collect(),
    })
}
