//! `orders accounts`: which accounts workers pull.

use orders_core::{Account as Name, Error, ErrorKind};

use crate::args::{Accounts, AccountsAction, NamedAccounts, Schedule};
use crate::config::Entry;
use crate::exit::{Exit, Failure};
use crate::output::{self, Out, plain, say};
use crate::times;
use crate::workers::database::Database;
use crate::workers::schedule::{Change, Scheduled};

pub(super) async fn run(args: Accounts, json: bool) -> Result<Exit, Failure> {
    match args.action {
        AccountsAction::List(database) => {
            let found = Database::open(&database.place, 1)
                .await?
                .schedules()
                .await?;
            show(&found, json)?;
        }
        AccountsAction::Add(args) => {
            let entry = Entry::new(args.vendor, &args.name, &args.settings)?;
            let database = Database::open(&args.database.place, 1).await?;
            schedule(&database, &[entry], args.schedule).await?;
        }
        AccountsAction::Import(args) => {
            let entries = Entry::all(&args.file)?;
            let database = Database::open(&args.database.place, 1).await?;
            schedule(&database, &entries, args.schedule).await?;
        }
        AccountsAction::Pause(args) => change(args, Change::Pause).await?,
        AccountsAction::Resume(args) => change(args, Change::Resume).await?,
        AccountsAction::Remove(args) => change(args, Change::Remove).await?,
    }
    Ok(Exit::Ok)
}

async fn schedule(database: &Database, entries: &[Entry], at: Schedule) -> Result<(), Failure> {
    for entry in entries {
        database
            .schedule(entry, at.every.num_seconds().max(1), at.priority)
            .await?;
        let every = u64::try_from(at.every.num_seconds()).unwrap_or_default();
        say(&format!(
            "{}: every {}, from now on",
            entry.name(),
            times::duration(every)
        ));
    }
    Ok(())
}

async fn change(args: NamedAccounts, change: Change) -> Result<(), Failure> {
    let names: Vec<Name> = args
        .accounts
        .iter()
        .map(|text| named(text))
        .collect::<Result<_, _>>()?;
    let database = Database::open(&args.database.place, 1).await?;
    for name in &names {
        if !database.change(name, change).await? {
            return Err(
                Error::new(ErrorKind::NotFound, format!("{name} is not scheduled"))
                    .with_hint("orders accounts list shows all")
                    .into(),
            );
        }
        say(&format!(
            "{name}: {}",
            match change {
                Change::Pause => "paused",
                Change::Resume => "due now",
                Change::Remove => "removed; its orders stay",
            }
        ));
    }
    Ok(())
}

fn named(text: &str) -> Result<Name, Error> {
    let parts = text
        .split_once('/')
        .filter(|(vendor, name)| !vendor.is_empty() && !name.is_empty());
    let (vendor, name) = parts.ok_or_else(|| {
        Error::invalid_request(format!("{} names no account", plain(text)))
            .with_hint("write it as VENDOR/NAME: clink/main")
    })?;
    Ok(Name::new(vendor, name))
}

fn show(found: &[Scheduled], json: bool) -> Result<(), Failure> {
    let mut out = Out::new();
    match json {
        true => out.line(&output::json(&serde_json::json!({ "accounts": found }))?)?,
        false if found.is_empty() => {
            out.line("no account is scheduled; orders accounts add adds one")?
        }
        false => out.line(&table(found))?,
    }
    out.flush()
}

fn table(found: &[Scheduled]) -> String {
    let headings = [
        "account",
        "every",
        "state",
        "due",
        "last pull",
        "worker",
        "what failed",
    ];
    let mut table = output::rows(&headings, &[]);
    for one in found {
        let due = match (one.due_for, one.state.as_str()) {
            (_, "paused" | "parked") => String::new(),
            (0, _) => times::shown(&one.next_at),
            (seconds, _) => format!("{} ago", times::duration(seconds)),
        };
        let last = one.outcome.as_ref().zip(one.ended_at.as_ref());
        table.add_row([
            plain(&format!("{}/{}", one.provider, one.account)).into_owned(),
            times::duration(one.every),
            one.state.clone(),
            due,
            last.map(|(outcome, at)| format!("{outcome}, {}", times::shown(at)))
                .unwrap_or_default(),
            plain(one.worker.as_deref().unwrap_or_default()).into_owned(),
            plain(one.message.as_deref().unwrap_or_default()).into_owned(),
        ]);
    }
    table.trim_fmt()
}
