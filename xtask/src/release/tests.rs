#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use crate::gates::outcome::{FILE, Outcome, Verdict};

use super::*;

const MANIFEST: &str = "[workspace]\nresolver = \"3\"\nmembers = [\"crates/*\"]\n\n[workspace.package]\n\
    version = \"0.1.0\"\nrepository = \"https://example.com/\"\n\n[workspace.dependencies]\n\
    one = { version = \"0.1.0\", path = \"crates/one\" }\n";

const MEMBER: &str = "[package]\nname = \"one\"\nedition = \"2024\"\nversion.workspace = true\n\
    repository.workspace = true\n";

/// A workspace of one crate in which nothing stands against a release.
fn workspace() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::create_dir_all(path.join("crates/one/src")).unwrap();
    write(path, "Cargo.toml", MANIFEST).unwrap();
    write(path, "crates/one/Cargo.toml", MEMBER).unwrap();
    write(path, "crates/one/src/lib.rs", "").unwrap();
    write(
        path,
        "CHANGELOG.md",
        "# Changelog\n\n## Unreleased\n\n- new\n",
    )
    .unwrap();
    write(path, ".gitignore", "/target\n").unwrap();
    let git = Git::at(path);
    git.print(&["init", "--quiet"]).unwrap();
    git.print(&["config", "user.name", "a"]).unwrap();
    git.print(&["config", "user.email", "a@example.com"])
        .unwrap();
    let lock = ["generate-lockfile", "--offline", "--quiet"];
    execute(cargo().args(lock).current_dir(path)).unwrap();
    green(path);
    folder
}

fn commit_all(git: &Git) {
    git.print(&["add", "."]).unwrap();
    let commit = ["commit", "--quiet", "--allow-empty", "--message", "a"];
    git.print(&commit).unwrap();
}

/// Commits that the one gate passed, for the sources as they are.
fn green(path: &Path) {
    let git = Git::at(path);
    commit_all(&git);
    let outcome = Outcome {
        result: Verdict::Passed,
        note: String::new(),
        date: "2026-01-02".to_owned(),
        seconds: 1,
        tools: Vec::new(),
        sources: git.sources().unwrap(),
    };
    let outcomes = BTreeMap::from([("gate".to_owned(), outcome)]);
    Outcomes(outcomes).write(path).unwrap();
    commit_all(&git);
}

/// What stands against a version after something was changed, and committed or not.
fn after(change: impl Fn(&Path), committed: bool) -> Vec<String> {
    let folder = workspace();
    change(folder.path());
    if committed {
        commit_all(&Git::at(folder.path()));
    }
    refused(folder.path(), "0.1.0")
}

fn refused(path: &Path, version: &str) -> Vec<String> {
    refusals(path, version.parse().unwrap(), &["gate"]).unwrap()
}

fn replace(path: &Path, name: &str, from: &str, to: &str) {
    let text = read(path, name).unwrap();
    assert!(text.contains(from), "{text}");
    write(path, name, &text.replace(from, to)).unwrap();
}

#[test]
fn a_release_is_a_commit_and_a_tag() {
    let folder = workspace();
    let path = folder.path();
    assert_eq!(refused(path, "0.2.0"), <[String; 0]>::default());
    let version = "0.2.0".parse().unwrap();
    prepare(path, version, "2026-03-04").unwrap();
    commit(path, version).unwrap();

    let git = Git::at(path);
    assert_eq!(git.changed().unwrap(), <[String; 0]>::default());
    assert_eq!(git.last_version(), Ok(Some(version)));
    assert_eq!(
        git.print(&["log", "-1", "--format=%s"]).as_deref(),
        Ok("Release 0.2.0")
    );
    let lock = read(path, "Cargo.lock").unwrap();
    assert!(lock.contains("version = \"0.2.0\""), "{lock}");
    let changelog = read(path, "CHANGELOG.md").unwrap();
    assert!(changelog.contains("## 0.2.0 (2026-03-04)\n"), "{changelog}");
    let manifest = read(path, "Cargo.toml").unwrap();
    assert_eq!(manifest.matches("\"0.2.0\"").count(), 2, "{manifest}");
    // The same again is refused: for its version, its changelog, and sources that no gate saw.
    assert_eq!(refused(path, "0.2.0").len(), 3);
}

#[test]
fn the_first_release_may_have_the_version_that_the_manifest_has() {
    assert_eq!(after(|_| (), false), <[String; 0]>::default());
}

#[test]
fn pages_may_change_after_the_gates() {
    let why = after(|path| write(path, "README.md", "new").unwrap(), true);
    assert_eq!(why, <[String; 0]>::default());
}

#[test]
fn each_lack_refuses() {
    type Change = fn(&Path);
    let changes: [(Change, bool, &str); 8] = [
        (
            |path| {
                replace(
                    path,
                    "Cargo.toml",
                    "repository = \"https://example.com/\"\n",
                    "",
                );
                green(path);
            },
            false,
            "`repository` is missing in [workspace.package]",
        ),
        (
            |path| {
                replace(
                    path,
                    "crates/one/Cargo.toml",
                    "repository.workspace = true\n",
                    "",
                );
                green(path);
            },
            false,
            "`repository.workspace = true` is missing in one",
        ),
        (
            |path| write(path, "new.md", "").unwrap(),
            false,
            "not committed: new.md",
        ),
        (
            |path| replace(path, "CHANGELOG.md", "- new", ""),
            true,
            "no entry below `## Unreleased`",
        ),
        (
            |path| replace(path, "CHANGELOG.md", "## Unreleased", "## 0.1.0"),
            true,
            "no heading `## Unreleased`",
        ),
        (
            |path| fs::remove_file(path.join(FILE)).unwrap(),
            true,
            "the gate `gate` has no outcome",
        ),
        (
            |path| replace(path, FILE, "\"passed\"", "\"failed\""),
            true,
            "the gate `gate` failed",
        ),
        (
            |path| write(path, "crates/one/src/lib.rs", "// new\n").unwrap(),
            true,
            "the gate `gate` saw other sources",
        ),
    ];
    for (change, committed, expected) in changes {
        let why = after(change, committed);
        assert_eq!(why.len(), 1, "{expected}: {why:?}");
        assert!(why[0].contains(expected), "{expected}: {why:?}");
    }
}

#[test]
fn a_version_is_higher_than_the_last_and_not_lower_than_the_manifest_says() {
    let version = |text: &str| text.parse::<Version>().unwrap();
    for (new, manifest, released, expected) in [
        ("0.1.0", "0.1.0", None, None),
        ("0.0.9", "0.1.0", None, Some("lower than 0.1.0")),
        (
            "0.1.0",
            "0.1.0",
            Some("0.1.0"),
            Some("not higher than 0.1.0"),
        ),
        ("0.1.1", "0.1.0", Some("0.1.0"), None),
        ("0.1.1", "0.2.0", Some("0.1.0"), Some("lower than 0.2.0")),
        ("0.2.0", "0.2.0", Some("0.1.0"), None),
        ("0.10.0", "0.9.0", Some("0.9.0"), None),
    ] {
        let why = too_low(version(new), version(manifest), released.map(version));
        match expected {
            None => assert_eq!(why, None),
            Some(expected) => assert!(why.as_ref().unwrap().contains(expected), "{why:?}"),
        }
    }
}

#[test]
fn what_is_left_to_do_names_every_crate_once() {
    let names = published(&root()).unwrap();
    let next = next("0.2.0".parse().unwrap(), &names, false);
    let publish = next.lines().last().unwrap();
    assert!(publish.starts_with("cargo publish --package "), "{publish}");
    assert_eq!(publish.matches("--package ").count(), 10, "{publish}");
    for never in ["xtask", "orders-proof", "test-postgres"] {
        assert!(!next.contains(never), "{next}");
    }
    assert!(next.contains("git push origin HEAD v0.2.0"), "{next}");
}
