//! What `SECURITY.md` says is shown by tests: each has to exist.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::workspace::{Result, root};

/// Looks for each test in the crates.
pub(crate) fn check() -> Result {
    let read =
        |path: &Path| fs::read_to_string(path).map_err(|why| format!("{}: {why}", path.display()));
    let named = named(&read(&root().join("SECURITY.md"))?);
    let mut left = named.clone();
    let mut folders = vec![root().join("crates")];
    while let Some(folder) = folders.pop() {
        let entries = folder.read_dir().map_err(|why| why.to_string())?;
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                let code = read(&path)?;
                left.retain(|test| !code.contains(&format!("fn {test}(")));
            }
        }
    }
    println!("{} tests are named", named.len());
    match left.is_empty() {
        true => Ok(()),
        false => Err(format!(
            "SECURITY.md names tests that are not there: {left:?}"
        )),
    }
}

/// The names of tests in a table's last column.
fn named(page: &str) -> BTreeSet<String> {
    let rows = page.lines().filter(|line| line.starts_with("| **"));
    let last = rows.filter_map(|row| row.trim_end_matches('|').rsplit('|').next());
    let words = last.flat_map(|column| column.split('`').skip(1).step_by(2));
    words.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_column_names_tests() {
        let page =
            "| Threat | Shown by |\n|---|---|\n| **A `x`** | `is_held`, `is_kept` |\n`not_this`\n";
        assert_eq!(
            named(page).into_iter().collect::<Vec<_>>(),
            ["is_held", "is_kept"]
        );
    }
}
