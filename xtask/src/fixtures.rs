//! `cargo xtask fixtures`: the bodies under `fixtures/`, what crates embed of them, and the snapshots.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::contract;
use crate::vendors::VENDORS;
use crate::workspace::{Result, cargo, root};

/// Fixtures that a crate carries inside its own folder, since a packaged crate sees nothing else.
const EMBEDDED: [(&str, &str); 3] = [
    (
        "fixtures/clink/contract.tsv",
        "crates/orders-cli/src/contract/clink.tsv",
    ),
    (
        "fixtures/linkbest/contract.tsv",
        "crates/orders-cli/src/contract/linkbest.tsv",
    ),
    (
        "fixtures/shopline/contract.tsv",
        "crates/orders-cli/src/contract/shopline.tsv",
    ),
];

/// The ending of what is written by hand, beside the generated bodies.
const BY_HAND: &str = ".tsv";

/// Paths from the workspace's folder, with what should stand there.
type Files = BTreeMap<String, String>;

pub(crate) fn run(check: bool) -> Result {
    let wanted = wanted()?;
    let found = found(&wanted)?;
    if check {
        let differences = differences(&wanted, &found);
        if !differences.is_empty() {
            return Err(format!(
                "fixtures differ from what `cargo xtask fixtures` writes:\n  {}",
                differences.join("\n  ")
            ));
        }
    } else {
        write(&wanted, &found)?;
    }
    println!("{} fixture files are current", wanted.len());
    snapshots(check)
}

fn wanted() -> Result<Files> {
    let mut files = Files::new();
    for vendor in &VENDORS {
        for shape in vendor.shapes {
            let contract = contract::load(vendor.name, shape.name)?;
            for body in (shape.bodies)(&contract)? {
                files.insert(format!("{}/{}", vendor.folder(shape), body.name), body.text);
            }
        }
    }
    for (from, to) in EMBEDDED {
        let text = match files.get(from) {
            Some(generated) => generated.clone(),
            None => read(from)?,
        };
        files.insert(to.to_owned(), text);
    }
    Ok(files)
}

/// What stands in the vendors' folders and at the wanted places now.
fn found(wanted: &Files) -> Result<Files> {
    let mut files = Files::new();
    for vendor in &VENDORS {
        collect(&format!("fixtures/{}", vendor.name), &mut files)?;
    }
    for path in wanted.keys() {
        if !files.contains_key(path) && root().join(path).exists() {
            files.insert(path.clone(), read(path)?);
        }
    }
    Ok(files)
}

/// All files of a folder and of those in it, but for those written by hand.
fn collect(folder: &str, files: &mut Files) -> Result {
    let wrong = |why: std::io::Error| format!("{folder}: {why}");
    for entry in std::fs::read_dir(root().join(folder)).map_err(wrong)? {
        let entry = entry.map_err(wrong)?;
        let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if entry.file_type().map_err(wrong)?.is_dir() {
            collect(&path, files)?;
        } else if !path.ends_with(BY_HAND) {
            files.insert(path.clone(), read(&path)?);
        }
    }
    Ok(())
}

fn read(path: &str) -> Result<String> {
    std::fs::read_to_string(root().join(path)).map_err(|why| format!("{path}: {why}"))
}

/// One line for each file that is not as wanted.
fn differences(wanted: &Files, found: &Files) -> Vec<String> {
    let wrong = wanted
        .iter()
        .filter_map(|(path, text)| match found.get(path) {
            None => Some(format!("missing: {path}")),
            Some(other) if other != text => Some(format!("different: {path}")),
            Some(_) => None,
        });
    let surplus = found
        .keys()
        .filter(|path| !wanted.contains_key(*path))
        .map(|path| format!("left over: {path}"));
    wrong.chain(surplus).collect()
}

fn write(wanted: &Files, found: &Files) -> Result {
    for path in found.keys().filter(|path| !wanted.contains_key(*path)) {
        std::fs::remove_file(root().join(path)).map_err(|why| format!("{path}: {why}"))?;
    }
    for (path, text) in wanted {
        if found.get(path) == Some(text) {
            continue;
        }
        let target = root().join(path);
        let folder = target.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder)
            .and_then(|()| std::fs::write(&target, text))
            .map_err(|why| format!("{path}: {why}"))?;
    }
    Ok(())
}

/// Runs the vendor crates' snapshot tests, which read the fixtures, and looks for snapshots that none of them asked for.
fn snapshots(check: bool) -> Result {
    let asked = std::env::temp_dir().join(format!("xtask-snapshots-{}", std::process::id()));
    let status = snapshot_tests(check)
        .env("INSTA_SNAPSHOT_REFERENCES_FILE", &asked)
        .status()
        .map_err(|why| format!("cannot run cargo: {why}"))?;
    let references = std::fs::read_to_string(&asked).unwrap_or_default();
    let _ = std::fs::remove_file(&asked);
    match status.success() {
        true => {}
        false if check => {
            return Err(
                "snapshots differ: run `cargo xtask fixtures` and review the diff".to_owned(),
            );
        }
        false => {
            return Err("a snapshot test failed for another reason than its snapshot".to_owned());
        }
    }
    let asked: BTreeSet<PathBuf> = references
        .lines()
        .filter_map(|line| Path::new(line).canonicalize().ok())
        .collect();
    for vendor in &VENDORS {
        leftovers(&vendor.package(), &asked, check)?;
    }
    println!("{} snapshots are current", asked.len());
    Ok(())
}

fn snapshot_tests(check: bool) -> Command {
    let mut command = cargo();
    command.arg("test");
    for vendor in &VENDORS {
        command.args(["--package", &vendor.package()]);
    }
    command.args(["--no-fail-fast", "--test", "it", "snapshots"]);
    command.env("INSTA_UPDATE", if check { "no" } else { "always" });
    command
}

/// Fails on, or removes, the crate's snapshots that no test asked for; a crate without any is an error.
fn leftovers(package: &str, asked: &BTreeSet<PathBuf>, check: bool) -> Result {
    let folder = root()
        .join("crates")
        .join(package)
        .join("tests/it/snapshots");
    let present = std::fs::read_dir(&folder)
        .map_err(|why| format!("{package} has no snapshots: {why}"))?
        .filter_map(|entry| entry.ok()?.path().canonicalize().ok())
        .filter(|path| is_snapshot(path));
    let (used, unused): (Vec<_>, Vec<_>) = present.partition(|path| asked.contains(path));
    if used.is_empty() {
        return Err(format!("no test of {package} compares a snapshot"));
    }
    for path in unused {
        if check {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            return Err(format!("left over: the snapshot {name} of {package}"));
        }
        std::fs::remove_file(&path).map_err(|why| format!("{}: {why}", path.display()))?;
    }
    Ok(())
}

/// A snapshot of the tests that were run: those of other modules begin with the module's name.
fn is_snapshot(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let other_module = name.starts_with("it__") && !name.starts_with("it__snapshots__");
    name.ends_with(".snap") && !other_module
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(entries: &[(&str, &str)]) -> Files {
        entries
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
            .collect()
    }

    #[test]
    fn names_missing_different_and_surplus_files() {
        let wanted = files(&[("a", "1"), ("b", "2"), ("c", "3")]);
        let found = files(&[("b", "2"), ("c", "4"), ("d", "5")]);
        assert_eq!(
            differences(&wanted, &found),
            ["missing: a", "different: c", "left over: d"]
        );
        assert!(differences(&wanted, &wanted).is_empty());
    }
}
