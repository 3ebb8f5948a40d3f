//! `orders gone`: the orders that are doubted, and what the user confirms.

use orders_sync::Doubted;
use serde::Serialize;

use super::files::{is_named, look};
use super::state::{confirmed, one_account};
use crate::args::{ConfirmGone, Gone, GoneAction, OfAccounts};
use crate::exit::{Exit, Failure};
use crate::output::{self, Out, plain, say};
use crate::{test_hooks, times};

/// How many orders are read at once.
const PAGE: usize = 500;

pub(super) async fn run(args: &Gone, json: bool) -> Result<Exit, Failure> {
    match &args.action {
        None => list(&args.list, json).await,
        Some(GoneAction::List(args)) => list(args, json).await,
        Some(GoneAction::Confirm(args)) => confirm(args, json).await,
    }
}

/// A doubted order, and where it is.
#[derive(Serialize)]
struct Row {
    file: String,
    provider: String,
    account: String,
    #[serde(flatten)]
    doubted: Doubted,
}

async fn rows(args: &OfAccounts) -> Result<Vec<Row>, Failure> {
    let mut rows = Vec::new();
    for (output, store) in look(&args.files).await? {
        for account in store.accounts().await? {
            if !is_named(&account, args.vendor, args.account.as_deref()) {
                continue;
            }
            let mut after: Option<String> = None;
            loop {
                let page = store.doubted(&account, after.as_deref(), PAGE).await?;
                let Some(last) = page.last() else { break };
                after = Some(last.order.id.clone());
                rows.extend(page.into_iter().map(|doubted| Row {
                    file: output.to_string(),
                    provider: account.provider.clone(),
                    account: account.label.clone(),
                    doubted,
                }));
            }
        }
    }
    Ok(rows)
}

async fn list(args: &OfAccounts, json: bool) -> Result<Exit, Failure> {
    let rows = rows(args).await?;
    let mut out = Out::new();
    if json {
        #[derive(Serialize)]
        struct Object<'a> {
            doubted: usize,
            orders: &'a [Row],
        }
        out.line(&output::json(&Object {
            doubted: rows.len(),
            orders: &rows,
        })?)?;
    } else if rows.is_empty() {
        out.line("no order is doubted")?;
    } else {
        out.line(&table(&rows))?;
    }
    out.flush()?;
    Ok(Exit::Ok)
}

fn table(rows: &[Row]) -> String {
    let headings = ["account", "order", "number", "doubted since", "last read"];
    let mut table = output::rows(&headings, &[]);
    for row in rows {
        let Doubted {
            order,
            doubted_at,
            absent_at,
            ..
        } = &row.doubted;
        table.add_row([
            format!("{}/{}", row.provider, row.account),
            plain(&order.id).into_owned(),
            plain(order.number.as_deref().unwrap_or_default()).into_owned(),
            times::show(doubted_at),
            times::show(absent_at),
        ]);
    }
    table.trim_fmt()
}

async fn confirm(args: &ConfirmGone, json: bool) -> Result<Exit, Failure> {
    let (output, name) = one_account(&args.files, args.vendor, Some(&args.account)).await?;
    let store = output.open().await?;
    let doubted = store
        .doubts(&name)
        .await?
        .map_or(0, |doubts| doubts.doubted);
    let question =
        format!("Mark the {doubted} doubted orders of {name} as deleted at the vendor? [y/N] ");
    if doubted > 0 && !args.yes && !confirmed(&question)? {
        say("nothing was changed");
        return Ok(Exit::Ok);
    }
    let gone = match doubted {
        0 => 0,
        _ => {
            store
                .confirm_gone(&name, test_hooks::clock()?.now())
                .await?
        }
    };
    let mut out = Out::new();
    match (json, gone) {
        (true, _) => {
            let object =
                serde_json::json!({"gone": gone, "provider": name.provider, "account": name.label});
            out.line(&output::json(&object)?)?;
        }
        (false, 0) => say(&format!(
            "No order of {name} is doubted: nothing was changed."
        )),
        (false, _) => say(&format!(
            "{gone} orders of {name} are marked as deleted at the vendor. One that comes again is back."
        )),
    }
    out.flush()?;
    Ok(Exit::Ok)
}
