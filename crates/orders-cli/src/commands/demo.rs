//! `orders demo`: everything at once, on this machine, proven by content.

mod accounts;
mod comparison;
mod first_pull;
mod later;
mod outcome;
mod target;

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use orders_core::{Error, ErrorKind};
use orders_sandbox::Sandbox;

use self::accounts::theirs;
use self::first_pull::pull_all;
use self::later::Later;
use self::outcome::{Outcome, next, summary, text};
use self::target::Target;
use crate::args::Demo;
use crate::exit::{Exit, Failure};
use crate::output::{Out, say};
use crate::report;

pub(crate) async fn run(args: Demo, json: bool) -> Result<Exit, Failure> {
    let builder = Sandbox::builder()
        .date(later::clock)
        .seed(args.world.seed)
        .orders(args.world.orders)
        .life(later::per_day(args.world.orders));
    let sandbox = builder.start().await.map_err(|error| {
        Error::new(ErrorKind::Other, "cannot start the sandbox on this machine").with_source(error)
    })?;
    if !json {
        say(&format!(
            "Pulling {} orders a vendor over http://{} ...",
            args.world.orders,
            sandbox.address()
        ));
    }
    let database = later::room(&args.dir).await?;
    let target = Target::create(&args.dir)?;
    let pulls = pull_all(&sandbox, &target, args.world.orders as u64).await?;
    target.flush()?;

    let file = BufReader::new(File::open(&target.partial).map_err(unreadable)?);
    let mut found = comparison::compare(file, |vendor| sandbox.truth(theirs(vendor)))?;
    let results: Vec<_> = pulls
        .into_iter()
        .map(|pull| Outcome::new(pull, &mut found, &sandbox))
        .collect();
    let complete = results.iter().all(Outcome::is_complete);
    if complete {
        target.keep()?;
    }
    let mut out = Out::new();
    if !json {
        out.line(&text(&results))?;
        out.flush()?;
    }
    let later = match complete {
        true => second_act(&sandbox, &database, json).await?,
        false => Vec::new(),
    };
    let complete = complete && later.iter().all(|later| later.complete);
    if json {
        out.line(&summary(&results, &later, &target, &database, complete)?)?;
        out.flush()?;
    } else {
        for later in &later {
            out.line(&later.line())?;
        }
        out.flush()?;
        for error in results
            .iter()
            .filter_map(|result| result.pull.error.as_ref())
        {
            say(&report::block(error));
        }
        say(&next(&target, &database, complete));
    }
    Ok(match complete {
        true => Exit::Ok,
        false => Exit::Integrity,
    })
}

/// The same vendors into a database, before and after some weeks.
async fn second_act(sandbox: &Sandbox, database: &Path, json: bool) -> Result<Vec<Later>, Failure> {
    if !json {
        say(&format!(
            "\nPulling the same into {}, advancing the sandbox by {} days, and pulling again ...",
            database.display(),
            later::DAYS
        ));
    }
    later::run(sandbox, database).await
}

fn unreadable(error: std::io::Error) -> Failure {
    Error::new(
        ErrorKind::Other,
        format!("cannot read the written file again: {error}"),
    )
    .with_source(error)
    .into()
}
