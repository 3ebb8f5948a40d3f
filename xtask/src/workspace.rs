//! The workspace that the tasks work on.

use std::path::PathBuf;
use std::process::Command;

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
