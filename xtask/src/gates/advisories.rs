//! The gate of known weaknesses: whatever is compiled, held against the advisories of the day.

use crate::workspace::{Result, command, execute};

use super::outcome::{Answer, Verdict};

/// Fetches the database, which not every place can, then checks.
pub(super) fn run() -> Result<Answer> {
    if let Err(why) = execute(&mut command("cargo deny fetch db")) {
        let note = format!("the database of advisories: {why}");
        return Ok(Answer::new(Verdict::NotHad, note));
    }
    execute(&mut command("cargo deny check --disable-fetch advisories"))?;
    Ok(Answer::new(Verdict::Passed, ""))
}
