//! `cargo package` of every published crate: each is built from its own folder alone, and says what a registry and
//! its readers need.

use std::fs;
use std::path::{Path, PathBuf};

use crate::workspace::{Result, cargo, execute, root};

/// Both texts have to travel with each package.
const LICENCES: [&str; 2] = ["LICENSE-APACHE", "LICENSE-MIT"];

/// What is read outside the folder, where there is such a page.
const PAGES: [&str; 3] = ["README.md", "CONTRACT.md", "ENDPOINTS.md"];

/// What every published manifest says.
const SAID: [&str; 7] = [
    "description",
    "version",
    "edition",
    "rust-version",
    "license",
    "keywords",
    "categories",
];

/// Checks, packs and builds the crates.
pub(crate) fn run() -> Result {
    let names = published(&root())?;
    let wrong: Vec<_> = names
        .iter()
        .flat_map(|name| missing(&folder(name)))
        .collect();
    if !wrong.is_empty() {
        return Err(wrong.join("\n"));
    }
    for name in &names {
        packs_licences(name)?;
    }
    if let Some(home) = cargo_home() {
        forget_unpacked(&home)?;
    }
    // What was built from an earlier packing is taken again as well.
    let all = arguments(&names);
    execute(cargo().arg("clean").args(all.split(' ')))?;
    execute(
        cargo()
            .args(["publish", "--dry-run", "--allow-dirty"])
            .args(all.split(' ')),
    )
}

fn folder(name: &str) -> PathBuf {
    root().join("crates").join(name)
}

/// Crates as arguments of a cargo command.
pub(crate) fn arguments(names: &[String]) -> String {
    let names: Vec<_> = names
        .iter()
        .map(|name| format!("--package {name}"))
        .collect();
    names.join(" ")
}

/// All crates of a workspace but the ones that are never published.
pub(crate) fn published(workspace: &Path) -> Result<Vec<String>> {
    let listed = workspace.join("crates").read_dir();
    let mut names = Vec::new();
    for entry in listed.map_err(|why| why.to_string())?.flatten() {
        let manifest = fs::read_to_string(entry.path().join("Cargo.toml")).unwrap_or_default();
        if !manifest.is_empty() && !manifest.contains("publish = false") {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// What a crate's folder lacks to be a package.
fn missing(folder: &Path) -> Vec<String> {
    let name = folder.display();
    let read = |path: PathBuf| fs::read_to_string(path).unwrap_or_default();
    let manifest = read(folder.join("Cargo.toml"));
    let says = |key: &str| {
        let mut lines = manifest.lines();
        lines.any(|line| {
            line.starts_with(&format!("{key}.")) || line.starts_with(&format!("{key} ="))
        })
    };
    let mut wrong: Vec<_> = SAID
        .iter()
        .filter(|key| !says(key))
        .map(|key| format!("{name}: the manifest does not say `{key}`"))
        .collect();
    if folder.join("src/lib.rs").exists() {
        for line in [
            "documentation = ",
            "[package.metadata.docs.rs]",
            "all-features = true",
        ] {
            if !manifest.lines().any(|own| own.starts_with(line)) {
                wrong.push(format!("{name}: the manifest does not say `{line}`"));
            }
        }
    }
    for file in LICENCES {
        let text = read(folder.join(file));
        if text.is_empty() || text != read(root().join(file)) {
            wrong.push(format!(
                "{name}: {file} is missing, or is not the workspace's"
            ));
        }
    }
    if read(folder.join("README.md")).is_empty() {
        wrong.push(format!("{name}: README.md is missing"));
    }
    for file in PAGES {
        let page = read(folder.join(file));
        wrong
            .extend(unreadable(&page).map(|line| format!("{name}: {file}, on a registry: {line}")));
    }
    wrong
}

/// The lines of a page that read badly outside the folder: those that only rustdoc hides, and links to other files.
fn unreadable(page: &str) -> impl Iterator<Item = &str> {
    let mut code = None;
    page.lines().filter(move |line| {
        if let Some(language) = line.strip_prefix("```") {
            code = code.is_none().then(|| language.to_owned());
            return false;
        }
        match &code {
            Some(language) => {
                let hidden = line.trim_start();
                language.starts_with("rust") && (hidden == "#" || hidden.starts_with("# "))
            }
            None => line
                .split("](")
                .skip(1)
                .any(|link| !link.starts_with("http") && !link.starts_with('#')),
        }
    })
}

/// A manifest may leave files out.
fn packs_licences(name: &str) -> Result {
    let listed = cargo()
        .args(["package", "--list", "--allow-dirty", "--package", name])
        .output()
        .map_err(|why| format!("cannot run cargo: {why}"))?;
    let files = String::from_utf8_lossy(&listed.stdout);
    match LICENCES
        .iter()
        .find(|file| !files.lines().any(|line| line == **file))
    {
        Some(file) => Err(format!("{name}: {file} is not packed")),
        None => Ok(()),
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_crate_of_ours_is_ready_to_be_packed() {
        let names = published(&root()).unwrap();
        assert!(names.contains(&"orders-core".to_owned()));
        assert!(!names.contains(&"orders-proof".to_owned()));
        let wrong: Vec<_> = names
            .iter()
            .flat_map(|name| missing(&folder(name)))
            .collect();
        assert_eq!(wrong, <[String; 0]>::default());
    }

    #[test]
    fn what_a_package_lacks_is_named() {
        let bare = std::env::temp_dir().join(format!("orders-xtask-{}", std::process::id()));
        fs::create_dir_all(bare.join("src")).unwrap();
        fs::write(bare.join("src/lib.rs"), "").unwrap();
        fs::write(bare.join("LICENSE-MIT"), "another text").unwrap();
        let manifest = "[package]\nname = \"bare\"\nversion.workspace = true\nedition.workspace = true\n\
                        rust-version = \"1.89\"\nlicense.workspace = true\ndescription = \"d\"\n";
        fs::write(bare.join("Cargo.toml"), manifest).unwrap();
        let wrong = missing(&bare).join("\n");
        fs::remove_dir_all(&bare).unwrap();
        for word in [
            "keywords",
            "categories",
            "documentation",
            "[package.metadata.docs.rs]",
            "all-features",
            "LICENSE-APACHE",
            "LICENSE-MIT",
            "README",
        ] {
            assert!(wrong.contains(word), "{word}: {wrong}");
        }
        assert_eq!(wrong.lines().count(), 8, "{wrong}");
    }

    #[test]
    fn a_page_reads_well_outside_its_folder() {
        let page = "# Title\n```rust,no_run\n# use hidden;\n#[derive(Debug)]\n  #\n```\n```sh\n# a comment\n```\n\
                    [here](https://example.com) [above](#title)\n[file](ENDPOINTS.md)\n";
        let wrong: Vec<_> = unreadable(page).collect();
        assert_eq!(wrong, ["# use hidden;", "  #", "[file](ENDPOINTS.md)"]);
    }
}
