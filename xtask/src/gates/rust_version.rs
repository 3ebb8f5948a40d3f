//! The gate of the declared `rust-version`: each published crate, built by that compiler.

use std::collections::BTreeSet;
use std::fs;

use toml::{Table, Value};

use crate::package::{arguments, published};
use crate::workspace::{Result, command, execute, root};

use super::outcome::{Answer, Verdict};

/// Installs what the manifests name, which not every place can, then builds with it.
pub(super) fn run() -> Result<Answer> {
    let names = published(&root())?;
    let mut versions = BTreeSet::new();
    for name in &names {
        versions.insert(declared(name)?);
    }
    let versions = Vec::from_iter(versions).join(", ");
    for version in versions.split(", ") {
        let install =
            format!("rustup toolchain install {version} --profile minimal --no-self-update");
        if let Err(why) = execute(&mut command(&install)) {
            let note = format!("Rust {version}: {why}");
            return Ok(Answer::new(Verdict::NotHad, note));
        }
    }
    let check = "cargo hack check --rust-version --all-features --locked";
    execute(&mut command(&format!("{check} {}", arguments(&names))))
        .map_err(|why| format!("Rust {versions}: {why}"))?;
    Ok(Answer::new(Verdict::Passed, format!("Rust {versions}")))
}

/// What a crate's manifest says, or the workspace's for it.
fn declared(name: &str) -> Result<String> {
    let of = |path: &str, section: &str| -> Result<Option<String>> {
        let text = fs::read_to_string(root().join(path)).map_err(|why| format!("{path}: {why}"))?;
        let table: Table = text.parse().map_err(|why| format!("{path}: {why}"))?;
        let mut table = Value::Table(table);
        for key in section.split('.') {
            table = table.get(key).cloned().unwrap_or(Value::Boolean(false));
        }
        let version = table.get("rust-version").and_then(Value::as_str);
        Ok(version.map(str::to_owned))
    };
    let own = of(&format!("crates/{name}/Cargo.toml"), "package")?;
    let version = match own {
        Some(version) => Some(version),
        None => of("Cargo.toml", "workspace.package")?,
    };
    version.ok_or_else(|| format!("{name} has no `rust-version`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_has_its_own_version_or_the_workspace_s() {
        let [core, sync] = ["orders-core", "orders-sync"].map(declared);
        assert!(core.is_ok(), "{core:?}");
        assert!(sync > core, "{sync:?} {core:?}");
        assert!(declared("no-such-crate").is_err());
    }
}
