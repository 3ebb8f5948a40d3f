//! The three vendor crates have the same files, and their pages the same sections, so that knowing one is knowing all.

use std::collections::BTreeSet;
use std::fs;

use crate::workspace::{Result, root};

const VENDOR_CRATES: [&str; 3] = ["clink-api", "linkbest-api", "shopline-api"];

/// What every vendor crate has. Below `orders`, `webhooks` and the families the files are by subject.
const NEEDED: [&str; 19] = [
    "CONTRACT.md",
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

/// The pages that a reader opens, each with the same sections in the same order.
const PAGES: [&str; 3] = ["README.md", "CONTRACT.md", "ENDPOINTS.md"];

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
    for page in PAGES {
        let pages = VENDOR_CRATES.map(|name| {
            let path = root().join("crates").join(name).join(page);
            (name, fs::read_to_string(path).unwrap_or_default())
        });
        wrong.extend(other_sections(page, &pages));
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.join("\n"))
    }
}

/// The crates whose page has other sections, or another order of them, than the first one's.
fn other_sections(page: &str, pages: &[(&str, String)]) -> Vec<String> {
    let Some(((first, text), others)) = pages.split_first() else {
        return Vec::new();
    };
    let wanted = sections(text);
    let others = others.iter().map(|(name, text)| (name, sections(text)));
    others
        .filter(|(_, found)| *found != wanted)
        .map(|(name, found)| {
            format!("{name}: {page} has the sections {found:?}, that of {first} {wanted:?}")
        })
        .collect()
}

/// The headings of the second level, without the comments of code.
fn sections(page: &str) -> Vec<&str> {
    let mut in_code = false;
    page.lines()
        .filter_map(|line| {
            in_code ^= line.starts_with("```");
            line.strip_prefix("## ").filter(|_| !in_code)
        })
        .collect()
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
    fn a_page_with_other_sections_is_named() {
        let page = "# Title\n## Install\n```sh\n## no section\n```\n## List\n### Part\n";
        assert_eq!(sections(page), ["Install", "List"]);
        let turned = "## List\n## Install\n".to_owned();
        let pages = [
            ("a", page.to_owned()),
            ("b", page.to_owned()),
            ("c", turned),
        ];
        let wrong = other_sections("README.md", &pages);
        assert_eq!(wrong.len(), 1);
        assert!(wrong[0].starts_with("c: README.md"), "{wrong:?}");
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
