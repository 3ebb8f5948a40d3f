//! The three vendor crates have the same files, so that knowing one is knowing all.

use std::collections::BTreeSet;

use crate::workspace::{Result, root};

const VENDOR_CRATES: [&str; 3] = ["clink-api", "linkbest-api", "shopline-api"];

/// What every vendor crate has. Below `orders`, `webhooks` and the families the files are by subject.
const NEEDED: [&str; 18] = [
    "Cargo.toml",
    "ENDPOINTS.md",
    "README.md",
    "examples/list.rs",
    "examples/memory_transport.rs",
    "examples/own_transport.rs",
    "examples/resume.rs",
    "examples/webhook.rs",
    "src/auth.rs",
    "src/client.rs",
    "src/envelope.rs",
    "src/failure.rs",
    "src/lib.rs",
    "src/mapping.rs",
    "src/orders/mod.rs",
    "src/source.rs",
    "src/webhooks/mod.rs",
    "tests/it/main.rs",
];

/// What a vendor may have beside that: what belongs to no other, each in a folder of its own.
const FAMILIES: [(&str, &[&str]); 3] = [
    ("clink-api", &["refunds"]),
    ("linkbest-api", &["reports", "settlements"]),
    (
        "shopline-api",
        &["customers", "fulfillments", "payments", "tokens"],
    ),
];

/// Looks at the three crates.
pub(crate) fn check() -> Result {
    let mut wrong = Vec::new();
    for name in VENDOR_CRATES {
        let files = files(name)?;
        let found = deviations(&files, row(&FAMILIES, name));
        println!("{name}: {} files are not as in the others", found.len());
        wrong.extend(
            found.into_iter().map(|path| {
                format!("{name}: {path} is missing, or is not one of the common files")
            }),
        );
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.join("\n"))
    }
}

fn row(table: &[(&str, &'static [&'static str])], name: &str) -> &'static [&'static str] {
    let mut rows = table.iter();
    rows.find(|(known, _)| *known == name)
        .map_or(&[], |(_, row)| row)
}

/// What is missing, and what stands beside the common files and the families.
fn deviations(files: &BTreeSet<String>, families: &[&str]) -> BTreeSet<String> {
    let missing = NEEDED.iter().filter(|path| !files.contains(**path));
    let extra = files.iter().filter(|path| {
        let Some(inside) = path.strip_prefix("src/") else {
            return false;
        };
        let folder = inside.split_once('/').map(|(folder, _)| folder);
        let allowed = match folder {
            Some(folder) => {
                ["mapping", "orders", "webhooks"].contains(&folder) || families.contains(&folder)
            }
            None => NEEDED.contains(&path.as_str()),
        };
        !allowed
    });
    missing
        .map(|path| (*path).to_owned())
        .chain(extra.cloned())
        .collect()
}

/// The files of a crate, by their paths below its folder.
fn files(name: &str) -> Result<BTreeSet<String>> {
    let top = root().join("crates").join(name);
    let mut found = BTreeSet::new();
    let mut open = vec![String::new()];
    while let Some(prefix) = open.pop() {
        let folder = top.join(&prefix);
        let entries = folder
            .read_dir()
            .map_err(|why| format!("{}: {why}", folder.display()))?;
        for entry in entries.flatten() {
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                open.push(format!("{path}/"));
            } else {
                found.insert(path);
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(extra: &[&str], without: &str) -> BTreeSet<String> {
        let all = NEEDED.iter().chain(extra);
        all.filter(|path| **path != without)
            .map(|path| (*path).to_owned())
            .collect()
    }

    #[test]
    fn the_common_files_and_the_families_are_no_deviation() {
        let files = with(
            &["src/orders/list.rs", "src/refunds/get.rs", "tests/it/x.rs"],
            "",
        );
        assert!(deviations(&files, &["refunds"]).is_empty());
    }

    #[test]
    fn a_missing_and_a_further_file_are_named() {
        let files = with(
            &[
                "src/pages.rs",
                "src/client/builder.rs",
                "src/refunds/get.rs",
            ],
            "src/auth.rs",
        );
        let found: Vec<_> = deviations(&files, &[]).into_iter().collect();
        assert_eq!(
            found,
            [
                "src/auth.rs",
                "src/client/builder.rs",
                "src/pages.rs",
                "src/refunds/get.rs"
            ]
        );
    }
}
