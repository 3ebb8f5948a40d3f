//! The gate of signatures: what a crate shows names no other crates than these, for their versions become part of ours.

use std::collections::BTreeSet;
use std::fs;

use crate::package::published;
use crate::workspace::{Result, command, root};

use super::outcome::{Answer, Verdict};

/// What belongs to the language.
const LANGUAGE: [&str; 3] = ["alloc", "core", "std"];

/// A library, how it is compiled, and the crates that its signatures may name, beside itself and the language.
struct Library {
    name: &'static str,
    features: &'static str,
    foreign: &'static [&'static str],
}

const fn library(
    name: &'static str,
    features: &'static str,
    foreign: &'static [&'static str],
) -> Library {
    Library {
        name,
        features,
        foreign,
    }
}

/// What every vendor crate may name.
const VENDOR: &[&str] = &[
    "bytes",
    "chrono",
    "orders_core",
    "orders_http",
    "orders_reader",
    "orders_wire",
    "rust_decimal",
    "serde_core",
];

/// The same, and a secret that a customer gives.
const SHOPLINE: &[&str] = &[
    "bytes",
    "chrono",
    "orders_core",
    "orders_http",
    "orders_reader",
    "orders_wire",
    "rust_decimal",
    "secrecy",
    "serde_core",
];

/// All libraries.
const LIBRARIES: &[Library] = &[
    library(
        "orders-core",
        "--all-features",
        &["bytes", "chrono", "rust_decimal", "serde_core"],
    ),
    library(
        "orders-reader",
        "--all-features",
        &["chrono", "futures_core", "orders_core", "serde_core"],
    ),
    library(
        "orders-wire",
        "--all-features",
        &[
            "bytes",
            "chrono",
            "rust_decimal",
            "serde_core",
            "serde_json",
            "serde_with",
        ],
    ),
    library(
        "orders-http",
        "--no-default-features",
        &["bytes", "http", "orders_core", "secrecy"],
    ),
    // reqwest is named behind its feature alone.
    library(
        "orders-http",
        "--all-features",
        &["bytes", "http", "orders_core", "reqwest", "secrecy"],
    ),
    library("clink-api", "--all-features", VENDOR),
    library("linkbest-api", "--all-features", VENDOR),
    library("shopline-api", "--all-features", SHOPLINE),
    // rusqlite for whoever asks a store of SQLite with statements of one's own.
    library(
        "orders-sync",
        "--all-features",
        &[
            "bytes",
            "chrono",
            // Of `pool`, behind a feature of its own.
            "deadpool_postgres",
            "orders_core",
            "orders_reader",
            "rusqlite",
            "serde_core",
        ],
    ),
    library(
        "orders-sandbox",
        "--all-features",
        &["bytes", "chrono", "http", "rust_decimal"],
    ),
];

/// Lists what each library shows, into `target/gates/public-api`, and looks for crates that it may not name.
pub(super) fn run() -> Result<Answer> {
    let mut wrong = without_rule(&published(&root())?);
    let folder = root().join("target/gates/public-api");
    let failed = |why: std::io::Error| format!("{}: {why}", folder.display());
    fs::create_dir_all(&folder).map_err(failed)?;
    for library in LIBRARIES {
        let listing = library.listing()?;
        let file = format!("{}{}.txt", library.name, library.features);
        fs::write(folder.join(file), &listing).map_err(failed)?;
        wrong.extend(library.breaks(&listing));
    }
    match wrong.is_empty() {
        true => Ok(Answer::new(Verdict::Passed, "")),
        false => Err(wrong.join("; ")),
    }
}

/// The libraries that are published and have no line in the table.
fn without_rule(published: &[String]) -> Vec<String> {
    let library = |name: &&String| root().join(format!("crates/{name}/src/lib.rs")).exists();
    let known = |name: &String| LIBRARIES.iter().any(|library| library.name == name);
    let unknown = published.iter().filter(library);
    let unknown = unknown.filter(|name| !known(name));
    unknown
        .map(|name| format!("{name} has no list of crates that it may name"))
        .collect()
}

impl Library {
    /// Every public item on a line of its own, without what the language implements by itself.
    fn listing(&self) -> Result<String> {
        let line = format!(
            "cargo public-api --package {} {} --omit blanket-impls,auto-trait-impls",
            self.name, self.features
        );
        println!("{line}");
        let output = command(&line)
            .output()
            .map_err(|why| format!("cannot run cargo: {why}"))?;
        match output.status.success() {
            true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
            false => {
                eprintln!("{}", String::from_utf8_lossy(&output.stderr));
                Err(format!("{line}: it ended with {}", output.status))
            }
        }
    }

    /// How a listing breaks the rule: another crate is named, or one of the list is not, or nothing is listed.
    fn breaks(&self, listing: &str) -> Vec<String> {
        let own = self.name.replace('-', "_");
        let named = crates(listing);
        let foreign = named
            .iter()
            .filter(|name| **name != own && !LANGUAGE.contains(name));
        let unknown = foreign.filter(|name| !self.foreign.contains(name));
        let mut breaks: Vec<_> = unknown
            .map(|name| {
                let line = listing.lines().find(|line| crates(line).contains(name));
                self.says(&format!("names {name}: {}", line.unwrap_or_default()))
            })
            .collect();
        let unused = self.foreign.iter().filter(|name| !named.contains(*name));
        breaks.extend(unused.map(|name| self.says(&format!("no longer names {name}"))));
        if !named.contains(&*own) {
            breaks.push(self.says("shows nothing"));
        }
        breaks
    }

    fn says(&self, what: &str) -> String {
        format!("{} {} {what}", self.name, self.features)
    }
}

/// The crates that paths begin with. A type that is a parameter begins with a capital.
fn crates(listing: &str) -> BTreeSet<&str> {
    let in_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    listing
        .split(|c| !in_path(c))
        .filter_map(|path| path.split_once("::"))
        .map(|(first, _)| first)
        .filter(|first| first.starts_with(|c: char| c.is_lowercase() || c == '_'))
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const LISTING: &str = "pub mod one_two\n\
        pub struct one_two::Client<T: core::clone::Clone>\n\
        impl<T> one_two::Client<T>\n\
        pub fn one_two::Client<T>::send(&'a self, it: T::Item) -> std::io::Result<bytes::bytes::Bytes>\n\
        pub type one_two::Client<T>::Output = <T as core::ops::Deref>::Target\n";

    fn breaks(foreign: &'static [&'static str]) -> Vec<String> {
        library("one-two", "--all-features", foreign).breaks(LISTING)
    }

    #[test]
    fn paths_begin_with_crates() {
        let found = Vec::from_iter(crates(LISTING));
        assert_eq!(found, ["bytes", "core", "one_two", "std"]);
    }

    #[test]
    fn only_crates_of_the_list_are_named_and_all_of_them() {
        assert_eq!(breaks(&["bytes"]), <[String; 0]>::default());
        let why = breaks(&[]);
        assert_eq!(why.len(), 1);
        assert!(
            why[0]
                .starts_with("one-two --all-features names bytes: pub fn one_two::Client<T>::send"),
            "{why:?}"
        );
        assert_eq!(
            breaks(&["bytes", "http"]),
            ["one-two --all-features no longer names http"]
        );
        let empty = library("one-two", "", &[]).breaks("");
        assert_eq!(empty, ["one-two  shows nothing"]);
    }

    #[test]
    fn every_library_has_a_rule() {
        assert_eq!(
            without_rule(&published(&root()).unwrap()),
            <[String; 0]>::default()
        );
        let new = ["orders-proof".to_owned(), "orders-cli".to_owned()];
        assert_eq!(
            without_rule(&new),
            ["orders-proof has no list of crates that it may name"]
        );
    }

    #[test]
    fn reqwest_is_named_behind_its_feature_alone() {
        for library in LIBRARIES {
            let behind = library.name == "orders-http" && library.features == "--all-features";
            assert_eq!(
                library.foreign.contains(&"reqwest"),
                behind,
                "{}",
                library.name
            );
        }
    }
}
