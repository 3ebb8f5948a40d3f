//! `orders gaps`: what could not be read, and what the user accepts.

use orders_core::{Error, ErrorKind};
use serde::Serialize;

use super::files::{Opened, is_named, look};
use super::gap_words::{GapView, brief, kind, what};
use crate::args::{AcceptGap, Gaps, GapsAction, OfAccounts};
use crate::exit::{Exit, Failure};
use crate::output::{self, Out, plain, say};
use crate::{test_hooks, times};

pub(super) async fn run(args: &Gaps, json: bool) -> Result<Exit, Failure> {
    match &args.action {
        None => list(&args.list, json).await,
        Some(GapsAction::List(args)) => list(args, json).await,
        Some(GapsAction::Accept(args)) => accept(args, json).await,
    }
}

/// A gap, and where it is.
#[derive(Serialize)]
struct Row {
    file: String,
    provider: String,
    account: String,
    #[serde(flatten)]
    view: GapView,
}

async fn rows(opened: &[Opened], args: &OfAccounts) -> Result<Vec<Row>, Failure> {
    let mut rows = Vec::new();
    for (output, store) in opened {
        for account in store.accounts().await? {
            if !is_named(&account, args.vendor, args.account.as_deref()) {
                continue;
            }
            rows.extend(store.gaps(&account).await?.into_iter().map(|gap| Row {
                file: output.to_string(),
                provider: account.provider.clone(),
                account: account.label.clone(),
                view: GapView::of(gap),
            }));
        }
    }
    Ok(rows)
}

async fn list(args: &OfAccounts, json: bool) -> Result<Exit, Failure> {
    let rows = rows(&look(&args.files).await?, args).await?;
    let mut out = Out::new();
    if json {
        #[derive(Serialize)]
        struct Object<'a> {
            open: usize,
            accepted: usize,
            gaps: &'a [Row],
        }
        let open = rows.iter().filter(|row| row.view.gap.is_open()).count();
        out.line(&output::json(&Object {
            open,
            accepted: rows.len() - open,
            gaps: &rows,
        })?)?;
    } else if rows.is_empty() {
        out.line("no gaps")?;
    } else {
        out.line(&table(&rows))?;
    }
    out.flush()?;
    Ok(Exit::Ok)
}

fn table(rows: &[Row]) -> String {
    let headings = [
        "id", "account", "kind", "what", "path", "since", "tries", "reason", "accepted",
    ];
    let mut table = output::rows(&headings, &[0, 6]);
    for row in rows {
        let gap = &row.view.gap;
        let accepted = gap.accepted.as_ref();
        table.add_row([
            gap.id.to_string(),
            format!("{}/{}", row.provider, row.account),
            kind(&gap.missing).to_owned(),
            plain(&row.view.what).into_owned(),
            plain(gap.path.as_deref().unwrap_or_default()).into_owned(),
            times::show(&gap.first_at),
            gap.tries.to_string(),
            plain(&brief(&gap.reason)).into_owned(),
            accepted.map_or_else(String::new, |accepted| plain(&accepted.reason).into_owned()),
        ]);
    }
    table.trim_fmt()
}

async fn accept(args: &AcceptGap, json: bool) -> Result<Exit, Failure> {
    if args.reason.trim().is_empty() {
        let hint = "say why it need not be read: --reason \"a test order\"";
        return Err(Error::invalid_request("the reason is empty")
            .with_hint(hint)
            .into());
    }
    let mut files = Vec::new();
    for (output, store) in look(&args.files).await? {
        for account in store.accounts().await? {
            let gaps = store.gaps(&account).await?.into_iter();
            files.extend(
                gaps.filter(|gap| gap.id == args.id)
                    .map(|gap| (output.clone(), gap)),
            );
        }
    }
    let (place, gap) = match files.len() {
        1 => files.swap_remove(0),
        0 => {
            let message = format!("no gap has the id {}", args.id);
            return Err(Error::new(ErrorKind::NotFound, message)
                .with_hint("orders gaps lists them with their ids")
                .into());
        }
        _ => {
            let message = format!("{} files have a gap with the id {}", files.len(), args.id);
            return Err(Error::invalid_request(message)
                .with_hint("name the store with -o")
                .into());
        }
    };
    let now = test_hooks::clock()?.now();
    let store = place.open().await?;
    store.accept_gap(args.id, &args.reason, now).await?;
    let mut out = Out::new();
    match json {
        true => out.line(&output::json(
            &serde_json::json!({"accepted": args.id, "reason": args.reason}),
        )?)?,
        false => say(&format!(
            "Accepted: {}. It no longer makes a pull incomplete, until it changes.",
            plain(&what(&gap.missing))
        )),
    }
    out.flush()?;
    Ok(Exit::Ok)
}
