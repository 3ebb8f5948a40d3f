//! The gate of lower bounds: the crates build with the lowest versions that their manifests allow.

use std::fs;
use std::path::PathBuf;

use crate::git::Git;
use crate::package::{arguments, published};
use crate::workspace::{Result, command, execute, root};

use super::outcome::{Answer, Verdict};

/// Resolves a copy of what is committed to the lowest versions, and builds it. The lock file here stays as it is.
pub(super) fn run() -> Result<Answer> {
    let copy = copy()?;
    let resolve = "rustup run nightly cargo update --quiet -Z direct-minimal-versions";
    execute(command(resolve).current_dir(&copy)).map_err(|why| format!("resolving: {why}"))?;
    let published = arguments(&published(&root())?);
    let build = format!("cargo check --locked --all-features {published}");
    execute(command(&build).current_dir(&copy))?;
    Ok(Answer::new(Verdict::Passed, ""))
}

/// A copy of the files that git tracks, without the lock file.
fn copy() -> Result<PathBuf> {
    let copy = root().join("target").join("gates").join("minimal");
    let failed = |why: std::io::Error| format!("{}: {why}", copy.display());
    if copy.exists() {
        fs::remove_dir_all(&copy).map_err(failed)?;
    }
    let prefix = format!("--prefix={}/", copy.display());
    Git::at(&root()).print(&["checkout-index", "--all", &prefix])?;
    fs::remove_file(copy.join("Cargo.lock")).map_err(failed)?;
    Ok(copy)
}
