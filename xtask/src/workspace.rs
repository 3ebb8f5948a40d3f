//! The workspace that the tasks work on.

use std::path::PathBuf;
use std::process::Command;
use std::time::SystemTime;

use chrono::{DateTime, Utc};

/// What a task returns: nothing, or what went wrong in words for a person.
pub(crate) type Result<T = ()> = std::result::Result<T, String>;

/// The workspace's own folder.
pub(crate) fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map(PathBuf::from).unwrap_or(here)
}

/// The cargo that started this program, ready to run in the workspace's folder.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// A command as it is written on a line, in the workspace's folder.
pub(crate) fn command(line: &str) -> Command {
    let mut words = line.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words).current_dir(root());
    command
}

/// Runs a command to its end, which has to be a good one.
pub(crate) fn execute(command: &mut Command) -> Result {
    let status = command.status();
    let status =
        status.map_err(|why| format!("cannot run {}: {why}", command.get_program().display()))?;
    match status.success() {
        true => Ok(()),
        false => Err(format!("it ended with {status}")),
    }
}

/// The date of today, as in `2026-01-31`.
pub(crate) fn today() -> String {
    let now = DateTime::<Utc>::from(SystemTime::now());
    now.format("%Y-%m-%d").to_string()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_fails_or_is_missing_is_an_error() {
        execute(&mut command("cargo --version")).unwrap();
        let why = execute(&mut command("cargo no-such-command")).unwrap_err();
        assert!(why.contains("exit status"), "{why}");
        let why = execute(&mut command("no-such-program")).unwrap_err();
        assert!(why.starts_with("cannot run no-such-program: "), "{why}");
    }
}
