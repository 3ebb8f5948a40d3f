//! `--dry-run`: what a run would do.

use chrono::{DateTime, Utc};
use orders_sync::{Plan, SqliteStore, plan};

use super::{Task, hinted};
use crate::exit::{Exit, Failure};
use crate::output::{self, Out};

pub(super) async fn run(tasks: Vec<Task>, now: DateTime<Utc>, json: bool) -> Result<Exit, Failure> {
    let mut out = Out::new();
    for task in tasks {
        let ready = task.ready?;
        let store = match ready.output.look()? {
            Some(store) => store,
            None => Box::new(SqliteStore::in_memory()?),
        };
        let plan: Plan = plan(ready.source.as_ref(), store.as_ref(), &ready.options, now)
            .await
            .map_err(|error| hinted(error, &ready.options))?;
        let _ = json;
        out.line(&output::json(&plan)?)?;
    }
    out.flush()?;
    Ok(Exit::Ok)
}
