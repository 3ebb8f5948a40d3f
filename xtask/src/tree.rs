//! Rules about what a crate's user compiles, held against `cargo tree`.

use std::collections::BTreeSet;

use crate::{Result, cargo, root};

/// Packages of a program that has the same HTTP, TLS and JSON stack and none of our crates, counted once each.
const BARE_STACK: usize = 103;

/// How many packages a vendor crate may add to that.
const OURS: usize = 8;

const VENDOR_CRATES: [&str; 3] = ["clink-api", "linkbest-api", "shopline-api"];
const HTTP: [&str; 4] = ["http", "hyper", "reqwest", "tokio"];
const NOT_FOR_USERS: [&str; 4] = [
    "orders-sandbox",
    "orders-sync",
    "orders-cli",
    "orders-proof",
];

/// What one package's normal dependencies must not contain.
#[derive(Debug)]
struct Rule {
    package: &'static str,
    default_features: bool,
    forbidden: Vec<&'static str>,
    at_most: Option<usize>,
}

/// All rules, in the words of the house: who may use whom.
fn rules() -> Vec<Rule> {
    let rule = |package, forbidden: &[&[&'static str]]| Rule {
        package,
        default_features: true,
        forbidden: forbidden.concat(),
        at_most: None,
    };
    let mut rules = vec![
        rule(
            "orders-core",
            &[
                &HTTP,
                &VENDOR_CRATES,
                &NOT_FOR_USERS,
                &["orders-wire", "orders-http", "serde_json"],
            ],
        ),
        rule(
            "orders-wire",
            &[
                &HTTP,
                &VENDOR_CRATES,
                &NOT_FOR_USERS,
                &["orders-core", "orders-http"],
            ],
        ),
        rule(
            "orders-http",
            &[&VENDOR_CRATES, &NOT_FOR_USERS, &["orders-wire"]],
        ),
        rule(
            "orders-sandbox",
            &[&VENDOR_CRATES, &["orders-sync", "orders-cli"]],
        ),
        rule(
            "orders-sync",
            &[&VENDOR_CRATES, &["orders-sandbox", "orders-cli"]],
        ),
    ];
    for package in VENDOR_CRATES {
        let others: Vec<_> = VENDOR_CRATES
            .into_iter()
            .filter(|other| *other != package)
            .collect();
        rules.push(Rule {
            at_most: Some(BARE_STACK + OURS),
            ..rule(package, &[&others, &NOT_FOR_USERS])
        });
        rules.push(Rule {
            default_features: false,
            ..rule(package, &[&others, &NOT_FOR_USERS, &HTTP, &["orders-http"]])
        });
    }
    rules
}

/// Asks cargo for each rule's tree and stops at the first broken rule.
pub(crate) fn check() -> Result {
    // orders-sync may not be built yet.
    for rule in rules()
        .iter()
        .filter(|rule| root().join("crates").join(rule.package).exists())
    {
        let mut command = cargo();
        command.args([
            "tree",
            "--edges",
            "normal",
            "--prefix",
            "none",
            "--package",
            rule.package,
        ]);
        if !rule.default_features {
            command.arg("--no-default-features");
        }
        let output = command
            .output()
            .map_err(|why| format!("cannot run cargo: {why}"))?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        let count = rule.holds(&String::from_utf8_lossy(&output.stdout))?;
        println!("{}: {count} packages", rule.title());
    }
    Ok(())
}

impl Rule {
    fn title(&self) -> String {
        let features = if self.default_features {
            ""
        } else {
            " without default features"
        };
        format!("{}{features}", self.package)
    }

    /// How many packages the tree has, itself included, or how it breaks the rule.
    fn holds(&self, tree: &str) -> Result<usize> {
        let packages = packages(tree);
        let mut names = packages.iter().filter_map(|line| line.split(' ').next());
        if let Some(name) = names.find(|name| self.forbidden.contains(name)) {
            return Err(format!("{} must not depend on {name}", self.title()));
        }
        match self.at_most {
            Some(limit) if packages.len() > limit => Err(format!(
                "{} brings {} packages, {limit} are allowed: {BARE_STACK} of the bare stack and {OURS} more",
                self.title(),
                packages.len()
            )),
            _ if packages.is_empty() => {
                Err(format!("cargo tree says nothing about {}", self.title()))
            }
            _ => Ok(packages.len()),
        }
    }
}

/// Each package once, as `name version ...`, from `cargo tree --prefix none`.
fn packages(tree: &str) -> BTreeSet<&str> {
    tree.lines()
        .map(|line| line.strip_suffix(" (*)").unwrap_or(line))
        .filter(|line| !line.is_empty())
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const TREE: &str = "clink-api v0.1.0 (/x)\nbytes v1.12.1\nhttp v1.5.0\nbytes v1.12.1 (*)\nitoa v1.0.18\nhttp v1.5.0 (*)\n";

    fn rule(forbidden: &[&'static str], at_most: Option<usize>) -> Rule {
        Rule {
            package: "clink-api",
            default_features: false,
            forbidden: forbidden.to_vec(),
            at_most,
        }
    }

    #[test]
    fn counts_a_repeated_package_once() {
        assert_eq!(rule(&[], Some(4)).holds(TREE), Ok(4));
    }

    #[test]
    fn names_the_forbidden_package_and_only_by_its_whole_name() {
        let why = rule(&["tokio", "http"], None).holds(TREE).unwrap_err();
        assert_eq!(
            why,
            "clink-api without default features must not depend on http"
        );
        assert_eq!(rule(&["htt", "http-body", "byte"], None).holds(TREE), Ok(4));
    }

    #[test]
    fn too_many_packages_and_no_answer_are_errors() {
        let why = rule(&[], Some(3)).holds(TREE).unwrap_err();
        assert!(why.contains("brings 4 packages, 3 are allowed"), "{why}");
        assert!(rule(&[], None).holds("\n").is_err());
    }

    #[test]
    fn no_vendor_may_see_another() {
        for package in VENDOR_CRATES {
            let own: Vec<_> = rules()
                .into_iter()
                .filter(|rule| rule.package == package)
                .collect();
            assert_eq!(own.len(), 2);
            for rule in own {
                let others = rule
                    .forbidden
                    .iter()
                    .filter(|name| VENDOR_CRATES.contains(name));
                assert_eq!(others.count(), 2);
                assert_eq!(rule.forbidden.contains(&"reqwest"), !rule.default_features);
            }
        }
    }
}
