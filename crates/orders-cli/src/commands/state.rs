//! `orders state reset`: discards the progress of an account.

use std::io::{IsTerminal, Write};

use orders_core::{Account as Name, Error, ErrorKind};
use orders_sync::Store;

use super::files::look;
use crate::args::{Reset, State, StateAction};
use crate::exit::{Exit, Failure};
use crate::output::{self, Out, say};
use crate::store_file::StoreFile;

pub(super) fn run(args: &State, json: bool) -> Result<Exit, Failure> {
    match &args.action {
        StateAction::Reset(args) => reset(args, json),
    }
}

fn reset(args: &Reset, json: bool) -> Result<Exit, Failure> {
    let (output, name) = account(args)?;
    if !args.yes && !confirmed(&name)? {
        say("nothing was changed");
        return Ok(Exit::Ok);
    }
    output.open()?.reset(&name)?;
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

/// The requested account, and its file.
fn account(args: &Reset) -> Result<(StoreFile, Name), Failure> {
    let mut found = Vec::new();
    for (output, store) in look(&args.files)? {
        let names = store.accounts()?.into_iter().filter(|name| {
            name.provider == args.vendor.name()
                && args
                    .account
                    .as_ref()
                    .is_none_or(|label| *label == name.label)
        });
        found.extend(names.map(|name| (output.clone(), name)));
    }
    match found.len() {
        0 => {
            let message = format!("no such account of {} in the file", args.vendor);
            Err(Error::new(ErrorKind::NotFound, message)
                .with_hint("orders status shows the accounts of a file")
                .into())
        }
        1 => found.pop().ok_or(Failure::Closed),
        _ => {
            let names: Vec<_> = found
                .iter()
                .map(|(output, name)| format!("{} in {}", name.label, output.path.display()))
                .collect();
            let message = format!("several accounts of {}", args.vendor);
            let hint = format!("choose one with --account and -o: {}", names.join(", "));
            Err(Error::invalid_request(message).with_hint(hint).into())
        }
    }
}

/// Asks for confirmation on a terminal.
fn confirmed(name: &Name) -> Result<bool, Failure> {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Err(
            Error::invalid_request("there is no terminal to confirm it on")
                .with_hint("give --yes")
                .into(),
        );
    }
    let failed = |error| Failure::writing("to the terminal", error);
    let mut terminal = std::io::stderr().lock();
    write!(
        terminal,
        "Discard the progress of {name}? The stored orders stay. [y/N] "
    )
    .map_err(failed)?;
    terminal.flush().map_err(failed)?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).map_err(failed)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
