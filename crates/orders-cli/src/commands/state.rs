//! `orders state reset`: discards the progress of an account.

use std::io::{IsTerminal, Write};

use orders_core::{Account as Name, Error, ErrorKind};

use super::files::{is_named, look};
use crate::args::{Files, Reset, State, StateAction};
use crate::exit::{Exit, Failure};
use crate::output::{self, Out, say};
use crate::place::Place;
use crate::test_hooks;
use crate::vendor::Vendor;

pub(super) async fn run(args: &State, json: bool) -> Result<Exit, Failure> {
    match &args.action {
        StateAction::Reset(args) => reset(args, json).await,
    }
}

async fn reset(args: &Reset, json: bool) -> Result<Exit, Failure> {
    let (output, name) =
        one_account(&args.files, Some(args.vendor), args.account.as_deref()).await?;
    let question = format!("Discard the progress of {name}? The stored orders stay. [y/N] ");
    if !args.yes && !confirmed(&question)? {
        say("nothing was changed");
        return Ok(Exit::Ok);
    }
    let store = output.open().await?;
    store.reset(&name, test_hooks::clock()?.now()).await?;
    let mut out = Out::new();
    if json {
        let object =
            serde_json::json!({"reset": true, "provider": name.provider, "account": name.label});
        out.line(&output::json(&object)?)?;
    } else {
        say(&format!(
            "The state of {name} is discarded; its stored orders stay. The next pull starts from the beginning."
        ));
    }
    out.flush()?;
    Ok(Exit::Ok)
}

/// The one account that is meant, and its store.
pub(super) async fn one_account(
    files: &Files,
    vendor: Option<Vendor>,
    label: Option<&str>,
) -> Result<(Place, Name), Failure> {
    let mut found = Vec::new();
    for (output, store) in look(files).await? {
        let names = store.accounts().await?.into_iter();
        let names = names.filter(|name| is_named(name, vendor, label));
        found.extend(names.map(|name| (output.clone(), name)));
    }
    let of = vendor.map_or_else(String::new, |vendor| format!(" of {vendor}"));
    match found.len() {
        0 => {
            let message = format!("no such account{of} in the file");
            Err(Error::new(ErrorKind::NotFound, message)
                .with_hint("orders status shows the accounts of a file")
                .into())
        }
        1 => found.pop().ok_or(Failure::Closed),
        _ => {
            let names: Vec<_> = found
                .iter()
                .map(|(output, name)| match vendor {
                    Some(_) => format!("{} in {}", name.label, output),
                    None => format!("{name} in {}", output),
                })
                .collect();
            let message = format!("several accounts{of}");
            let choose = match vendor {
                Some(_) => "--account and -o",
                None => "the vendor, --account and -o",
            };
            let hint = format!("choose one with {choose}: {}", names.join(", "));
            Err(Error::invalid_request(message).with_hint(hint).into())
        }
    }
}

/// Asks for confirmation on a terminal.
pub(super) fn confirmed(question: &str) -> Result<bool, Failure> {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Err(
            Error::invalid_request("there is no terminal to confirm it on")
                .with_hint("give --yes")
                .into(),
        );
    }
    let failed = |error| Failure::writing("to the terminal", error);
    let mut terminal = std::io::stderr().lock();
    write!(terminal, "{question}").map_err(failed)?;
    terminal.flush().map_err(failed)?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).map_err(failed)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
