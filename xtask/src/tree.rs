//! Rules about what a crate's user compiles, held against `cargo tree`.

use std::collections::BTreeSet;

use crate::workspace::{Result, cargo};

/// What a program has that talks to a vendor without us. Its packages are those that this workspace's lock file gives
/// these five, with the features that the workspace switches on: rustls for reqwest, time for tokio.
const BARE_STACK: [&str; 5] = ["reqwest", "rust_decimal", "serde", "serde_json", "tokio"];

/// How many packages a vendor crate may add to the bare stack, our own included.
const OURS: usize = 22;

const VENDOR_CRATES: [&str; 3] = ["clink-api", "linkbest-api", "shopline-api"];
const HTTP: [&str; 4] = ["http", "hyper", "reqwest", "tokio"];
/// What the client does without where the program names another transport.
const TRANSPORT: [&str; 5] = ["reqwest", "hyper", "rustls", "aws-lc-sys", "native-tls"];
const NOT_FOR_USERS: [&str; 5] = [
    "orders-sandbox",
    "orders-sync",
    "orders-cli",
    "orders-proof",
    "test-postgres",
];

/// With which features a user takes a crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Features {
    Default,
    None,
    /// The client, and no transport with it.
    Client,
}

/// What one package's normal dependencies must not contain.
#[derive(Debug)]
struct Rule {
    package: &'static str,
    features: Features,
    forbidden: Vec<&'static str>,
    /// Is held against the bare stack.
    compared: bool,
}

/// All rules: who may use whom.
fn rules() -> Vec<Rule> {
    let rule = |package, forbidden: &[&[&'static str]]| Rule {
        package,
        features: Features::Default,
        forbidden: forbidden.concat(),
        compared: false,
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
            &[
                &VENDOR_CRATES,
                &NOT_FOR_USERS,
                &["orders-wire", "orders-reader"],
            ],
        ),
        rule(
            "orders-reader",
            &[
                &HTTP,
                &VENDOR_CRATES,
                &NOT_FOR_USERS,
                &["orders-wire", "orders-http", "serde_json"],
            ],
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
            compared: true,
            ..rule(package, &[&others, &NOT_FOR_USERS])
        });
        rules.push(Rule {
            features: Features::None,
            ..rule(
                package,
                &[
                    &others,
                    &NOT_FOR_USERS,
                    &HTTP,
                    &["orders-http", "orders-reader"],
                ],
            )
        });
        rules.push(Rule {
            features: Features::Client,
            ..rule(package, &[&others, &NOT_FOR_USERS, &TRANSPORT])
        });
    }
    rules
}

/// Asks cargo for each rule's tree and stops at the first broken rule.
pub(crate) fn check() -> Result {
    let mut bare = BTreeSet::new();
    for package in BARE_STACK {
        bare.extend(packages(&tree(package, Features::Default)?));
    }
    for rule in rules() {
        let found = packages(&tree(rule.package, rule.features)?);
        let count = rule.holds(&found)?;
        println!("{}: {count} packages", rule.title());
        if rule.compared {
            let added = rule.adds(&found, &bare)?;
            println!(
                "  {} beside the bare stack: {}",
                added.len(),
                added.join(", ")
            );
        }
    }
    Ok(())
}

/// The normal dependencies of a package, as cargo prints them.
fn tree(package: &str, features: Features) -> Result<String> {
    let mut command = cargo();
    command.args([
        "tree",
        "--edges",
        "normal",
        "--prefix",
        "none",
        "--package",
        package,
    ]);
    command.args(match features {
        Features::Default => &[][..],
        Features::None => &["--no-default-features"],
        Features::Client => &["--no-default-features", "--features", "client"],
    });
    let output = command
        .output()
        .map_err(|why| format!("cannot run cargo: {why}"))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

impl Rule {
    fn title(&self) -> String {
        let features = match self.features {
            Features::Default => "",
            Features::None => " without default features",
            Features::Client => " with the client alone",
        };
        format!("{}{features}", self.package)
    }

    /// How many packages there are, the crate itself included, or how they break the rule.
    fn holds(&self, packages: &BTreeSet<String>) -> Result<usize> {
        let mut names = packages.iter().map(|package| name(package));
        if let Some(name) = names.find(|name| self.forbidden.contains(name)) {
            return Err(format!("{} must not depend on {name}", self.title()));
        }
        match packages.len() {
            0 => Err(format!("cargo tree says nothing about {}", self.title())),
            count => Ok(count),
        }
    }

    /// The packages that a program with the bare stack does not have yet, if they are not too many.
    fn adds(&self, packages: &BTreeSet<String>, bare: &BTreeSet<String>) -> Result<Vec<String>> {
        let added: Vec<_> = packages
            .difference(bare)
            .map(|package| name(package).to_owned())
            .collect();
        if added.len() > OURS {
            return Err(format!(
                "{} adds {} packages to {}, {OURS} are allowed: {}",
                self.title(),
                added.len(),
                BARE_STACK.join(", "),
                added.join(", ")
            ));
        }
        Ok(added)
    }
}

fn name(package: &str) -> &str {
    package.split(' ').next().unwrap_or_default()
}

/// Each package once, as `name version`, from `cargo tree --prefix none`.
fn packages(tree: &str) -> BTreeSet<String> {
    tree.lines()
        .map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" "))
        .filter(|package| !package.is_empty())
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const TREE: &str = "clink-api v0.1.0 (/x)\nbytes v1.12.1\nhttp v1.5.0\nbytes v1.12.1 (*)\nitoa v1.0.18\nhttp v1.5.0 (*)\n";

    fn rule(forbidden: &[&'static str]) -> Rule {
        Rule {
            package: "clink-api",
            features: Features::None,
            forbidden: forbidden.to_vec(),
            compared: true,
        }
    }

    #[test]
    fn counts_a_repeated_package_once() {
        assert_eq!(rule(&[]).holds(&packages(TREE)), Ok(4));
    }

    #[test]
    fn names_the_forbidden_package_and_only_by_its_whole_name() {
        let why = rule(&["tokio", "http"]).holds(&packages(TREE)).unwrap_err();
        assert_eq!(
            why,
            "clink-api without default features must not depend on http"
        );
        let near = rule(&["htt", "http-body", "byte"]);
        assert_eq!(near.holds(&packages(TREE)), Ok(4));
        assert!(rule(&[]).holds(&packages("\n")).is_err());
    }

    #[test]
    fn what_is_added_is_named_and_bounded() {
        let bare = packages("bytes v1.12.1\nhttp v1.4.0\n");
        let added = rule(&[]).adds(&packages(TREE), &bare).unwrap();
        assert_eq!(added, ["clink-api", "http", "itoa"]);
        let many: String = (0..=OURS).map(|n| format!("p{n} v1.0.0\n")).collect();
        let why = rule(&[]).adds(&packages(&many), &bare).unwrap_err();
        let said = format!("adds {} packages to reqwest", OURS + 1);
        assert!(why.contains(&said), "{why}");
    }

    #[test]
    fn no_vendor_may_see_another() {
        for package in VENDOR_CRATES {
            let own: Vec<_> = rules()
                .into_iter()
                .filter(|rule| rule.package == package)
                .collect();
            assert_eq!(own.len(), 3);
            for rule in own {
                let others = rule
                    .forbidden
                    .iter()
                    .filter(|name| VENDOR_CRATES.contains(name));
                assert_eq!(others.count(), 2);
                let default = rule.features == Features::Default;
                assert_eq!(rule.forbidden.contains(&"reqwest"), !default);
            }
        }
    }
}
