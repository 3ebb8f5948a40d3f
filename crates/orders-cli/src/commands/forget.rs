//! `orders forget`: erases a person, or an account.

use orders_core::{Error, ErrorKind};
use orders_sync::{Forgotten, Store};
use serde::Serialize;

use super::files::{change, is_named};
use super::state::confirmed;
use crate::args::Forget;
use crate::exit::{Exit, Failure};
use crate::output::{self, Out, counted, plain, say};

/// What was erased of an account.
#[derive(Serialize)]
struct Row {
    file: String,
    provider: String,
    account: String,
    #[serde(flatten)]
    done: Forgotten,
}

pub(super) async fn run(args: &Forget, json: bool) -> Result<Exit, Failure> {
    let mut of = Vec::new();
    for (output, store) in change(&args.files).await? {
        let accounts = store.accounts().await?.into_iter();
        let mut named = accounts
            .filter(|account| is_named(account, args.vendor, args.account.as_deref()))
            .collect::<Vec<_>>();
        named.sort_by_key(ToString::to_string);
        if !named.is_empty() {
            of.push((output.to_string(), store, named));
        }
    }
    if of.is_empty() {
        return Err(
            Error::new(ErrorKind::NotFound, "no such account in the file")
                .with_hint("orders status shows the accounts of a file")
                .into(),
        );
    }
    if !args.yes && !confirmed(&question(args, &of))? {
        say("nothing was changed");
        return Ok(Exit::Ok);
    }
    let mut rows = Vec::new();
    for (file, store, accounts) in of {
        for account in accounts {
            let done = match &args.customer {
                Some(who) => store.forget_customer(&account, who).await?,
                None => store.forget_account(&account).await?,
            };
            rows.push(Row {
                file: file.clone(),
                provider: account.provider,
                account: account.label,
                done,
            });
        }
    }
    let mut out = Out::new();
    match json {
        true => out.line(&output::json(&serde_json::json!({ "accounts": rows }))?)?,
        false => {
            rows.iter().try_for_each(|row| out.line(&line(row)))?;
            out.line(REST)?;
        }
    }
    out.flush()?;
    for row in rows.iter().filter(|row| !row.done.rewritten) {
        let held = format!(
            "{}: old pages may still hold what was erased: another program had the file open (close it, and run this \
             again), or a server overwrites them in its own time (VACUUM FULL)",
            row.file
        );
        output::warn(&held, json);
    }
    Ok(Exit::Ok)
}

/// What no program of ours reaches.
const REST: &str = "Not reached: exports and copies, backups and snapshots of the disk, logs of other programs, and the \
                    vendor. Orders that come again are not stored.";

fn question(args: &Forget, of: &[(String, Store, Vec<orders_core::Account>)]) -> String {
    let names = of.iter().flat_map(|(file, _, accounts)| {
        accounts
            .iter()
            .map(move |account| format!("{} in {file}", plain(&account.to_string())))
    });
    let names = names.collect::<Vec<_>>().join(", ");
    match &args.customer {
        Some(who) => format!(
            "Erase what is stored of {} in {names}? It cannot be undone. [y/N] ",
            plain(who)
        ),
        None => format!("Erase everything that is stored of {names}? It cannot be undone. [y/N] "),
    }
}

fn line(row: &Row) -> String {
    let name = format!("{}/{}", row.provider, row.account);
    let Forgotten {
        orders,
        changes,
        unreadable,
        pushes,
        runs,
        ..
    } = row.done;
    let mut text = format!("{}: erased {}", plain(&name), counted(orders));
    for (count, what) in [
        (changes, "changes"),
        (unreadable, "unreadable records"),
        (pushes, "pushes"),
        (runs, "runs"),
    ] {
        if count > 0 {
            text.push_str(&format!(", {count} {what}"));
        }
    }
    text
}
