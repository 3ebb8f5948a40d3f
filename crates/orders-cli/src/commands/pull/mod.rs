//! `orders pull`: pulls accounts into files, and resumes each where it stopped.

mod dry_run;
mod ended;
pub(super) mod options;
pub(super) mod progress;
mod summary;
mod task;
pub(super) mod waits;
mod work;

use self::task::Task;
use super::files::accounts;
use crate::args::Pull;
use crate::exit::{Exit, Failure};
use crate::test_hooks;

pub(crate) async fn run(args: Pull, json: bool) -> Result<Exit, Failure> {
    let now = test_hooks::now()?;
    let chosen = accounts(&args.accounts, &args.files, json)?;
    let alone = chosen.len() == 1;
    let tasks = chosen
        .into_iter()
        .map(|chosen| Task::new(chosen, &args, alone, now))
        .collect();
    match args.dry_run {
        true => dry_run::run(tasks, now, json).await,
        false => work::run(tasks, json).await,
    }
}
