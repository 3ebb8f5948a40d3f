//! `cargo xtask release`: from a tree that passed the gates to a commit with a tag. It publishes nothing.

mod changelog;
mod manifest;

use std::fs;
use std::path::Path;

use crate::gates;
use crate::gates::outcome::Outcomes;
use crate::git::Git;
use crate::package::{arguments, published};
use crate::version::Version;
use crate::workspace::{Result, cargo, execute, root, today};
use manifest::Manifest;

/// Releases this workspace, or says what would be done.
pub(crate) fn run(version: Version, dry_run: bool) -> Result {
    let workspace = root();
    let refusals = refusals(&workspace, version, &gates::names())?;
    if !refusals.is_empty() {
        return Err(format!(
            "{version} cannot be released:\n- {}",
            refusals.join("\n- ")
        ));
    }
    if !dry_run {
        prepare(&workspace, version, &today())?;
        commit(&workspace, version)?;
    }
    println!("{}", next(version, &published(&workspace)?, dry_run));
    Ok(())
}

/// All that stands against a release.
fn refusals(workspace: &Path, version: Version, gates: &[&str]) -> Result<Vec<String>> {
    let git = Git::at(workspace);
    let manifest = Manifest::parse(&read(workspace, "Cargo.toml")?)?;
    let mut refusals = Vec::new();
    refusals.extend(without_repository(workspace, &manifest)?);
    refusals.extend(changed(&git)?);
    refusals.extend(too_low(version, manifest.version()?, git.last_version()?));
    refusals.extend(changelog::lacks(&read(workspace, "CHANGELOG.md")?));
    let outcomes = Outcomes::read(workspace)?;
    refusals.extend(outcomes.refusals(gates, &git.sources()?));
    Ok(refusals)
}

fn without_repository(workspace: &Path, manifest: &Manifest) -> Result<Option<String>> {
    if manifest.repository().is_none() {
        return Ok(Some(
            "`repository` is missing in [workspace.package]: whoever owns the first release fills it, and adds \
             `repository.workspace = true` to each published crate"
                .to_owned(),
        ));
    }
    let mut without = published(workspace)?;
    without.retain(|name| {
        let manifest = read(workspace, &format!("crates/{name}/Cargo.toml"));
        manifest.is_ok_and(|text| !text.contains("\nrepository.workspace = true\n"))
    });
    Ok((!without.is_empty()).then(|| {
        format!(
            "`repository.workspace = true` is missing in {}",
            without.join(", ")
        )
    }))
}

fn changed(git: &Git) -> Result<Option<String>> {
    let changed = git.changed()?;
    Ok((!changed.is_empty()).then(|| format!("not committed: {}", changed.join(", "))))
}

/// A version is higher than all that were released, and not lower than what the manifest promises: that is raised with
/// the change that breaks, and so `cargo semver-checks` knows of it.
fn too_low(version: Version, manifest: Version, released: Option<Version>) -> Option<String> {
    match released {
        Some(released) if version <= released => Some(format!(
            "{version} is not higher than {released}, which is released"
        )),
        _ if version < manifest => Some(format!(
            "{version} is lower than {manifest}, which the manifest says"
        )),
        _ => None,
    }
}

/// Writes the version into manifest, lock file and changelog.
fn prepare(workspace: &Path, version: Version, date: &str) -> Result {
    let manifest = Manifest::parse(&read(workspace, "Cargo.toml")?)?.with_version(version)?;
    let changelog = changelog::released(&read(workspace, "CHANGELOG.md")?, version, date)?;
    write(workspace, "Cargo.toml", &manifest)?;
    write(workspace, "CHANGELOG.md", &changelog)?;
    let lock = ["update", "--workspace", "--offline", "--quiet"];
    execute(cargo().args(lock).current_dir(workspace))
        .map_err(|why| format!("cannot write the lock file: {why}; `git restore .` takes it back"))
}

fn commit(workspace: &Path, version: Version) -> Result {
    let git = Git::at(workspace);
    let message = format!("Release {version}");
    git.print(&["commit", "--quiet", "--all", "--message", &message])?;
    git.print(&["tag", "--annotate", &tag(version), "--message", &message])?;
    Ok(())
}

fn tag(version: Version) -> String {
    format!("v{version}")
}

/// What is left to do by hand.
fn next(version: Version, published: &[String], dry_run: bool) -> String {
    let (tag, all) = (tag(version), arguments(published));
    let done = match dry_run {
        true => {
            "Nothing stands against it, and nothing was changed. It would be committed and tagged as"
        }
        false => "Committed and tagged:",
    };
    format!(
        "{done} {tag}\nThen, in this order (cargo finds the order of the crates):\n\
         cargo publish --dry-run {all}\ngit push origin HEAD {tag}\ncargo publish {all}"
    )
}

fn read(workspace: &Path, name: &str) -> Result<String> {
    fs::read_to_string(workspace.join(name)).map_err(|why| format!("{name}: {why}"))
}

fn write(workspace: &Path, name: &str, text: &str) -> Result {
    fs::write(workspace.join(name), text).map_err(|why| format!("{name}: {why}"))
}

#[cfg(test)]
mod tests;
