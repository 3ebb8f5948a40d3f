//! `cargo package` of every published crate: each is built from its own folder alone.

use std::path::{Path, PathBuf};

use crate::{Result, cargo};

/// The crates that others depend on.
const NEEDED: [&str; 8] = [
    "orders-core",
    "orders-wire",
    "orders-http",
    "clink-api",
    "linkbest-api",
    "shopline-api",
    "orders-sandbox",
    "orders-sync",
];

/// Packs and builds the crates.
pub(crate) fn run() -> Result {
    if let Some(home) = cargo_home() {
        forget_unpacked(&home)?;
    }
    // What was built from an earlier packing is taken again as well.
    let built = NEEDED.iter().flat_map(|name| ["--package", name]);
    execute(&mut ["clean"].into_iter().chain(built))?;
    let package = "package --workspace --exclude xtask --exclude orders-proof --allow-dirty";
    execute(&mut package.split(' '))
}

fn execute(arguments: &mut dyn Iterator<Item = &str>) -> Result {
    let status = cargo().args(arguments).status();
    let status = status.map_err(|why| format!("cannot run cargo: {why}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("cargo ended with {status}"))
    }
}

fn cargo_home() -> Option<PathBuf> {
    let named = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    named.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")))
}

/// Removes what an earlier run has unpacked. Crates of a workspace that need each other go through a registry in the
/// target folder; cargo keeps what it unpacks from it by name and version, and takes it again although it has changed.
fn forget_unpacked(home: &Path) -> Result {
    let Ok(registries) = home.join("registry").join("src").read_dir() else {
        return Ok(());
    };
    for registry in registries.flatten() {
        // A registry in a folder has no host, so its name begins with the hyphen before its hash.
        let of_folder = registry.file_name().to_string_lossy().starts_with('-');
        if of_folder && holds_ours(&registry.path()) {
            std::fs::remove_dir_all(registry.path())
                .map_err(|why| format!("cannot remove {}: {why}", registry.path().display()))?;
        }
    }
    Ok(())
}

/// Whether one of the crates in it is ours: all of them need the core, whatever its version.
fn holds_ours(registry: &Path) -> bool {
    let Ok(crates) = registry.read_dir() else {
        return false;
    };
    crates.flatten().any(|one| {
        one.file_name()
            .to_string_lossy()
            .starts_with("orders-core-")
    })
}
