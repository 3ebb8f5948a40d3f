//! Rules about what a crate's user compiles, held against `cargo tree`.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use crate::workspace::{Result, cargo, root};

/// What a program has that talks to a vendor without us, as its manifest names it.
const BARE_STACK: &str = r#"
async-trait = "0.1"
chrono = { version = "0.4", default-features = false, features = ["std", "serde"] }
reqwest = { version = "0.13", default-features = false, features = ["rustls"] }
rust_decimal = { version = "1", default-features = false, features = ["std"] }
serde = { version = "1", features = ["derive"] }
serde_json = "1"
serde_with = { version = "3", default-features = false, features = ["std", "macros"] }
thiserror = "2"
tokio = { version = "1", default-features = false, features = ["macros", "rt-multi-thread"] }
"#;

/// How many packages a vendor crate may add to the bare stack, besides our own.
const OTHERS: usize = 8;

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
}

/// All rules: who may use whom.
fn rules() -> Vec<Rule> {
    let rule = |package, forbidden: &[&[&'static str]]| Rule {
        package,
        features: Features::Default,
        forbidden: forbidden.concat(),
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
        rules.push(rule(package, &[&others, &NOT_FOR_USERS]));
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
    for rule in rules() {
        let found = packages(&tree(rule.package, rule.features)?);
        let count = rule.holds(&found)?;
        println!("{}: {count} packages", rule.title());
    }
    let bare = packages(&probe("bare", BARE_STACK)?);
    for package in VENDOR_CRATES {
        let path = root().join("crates").join(package);
        let with = format!("{BARE_STACK}{package} = {{ path = {path:?} }}\n");
        let (own, others) = added(&packages(&probe(package, &with)?), &bare);
        println!(
            "{package} beside the bare stack: {} of ours ({}), {} others ({})",
            own.len(),
            own.join(", "),
            others.len(),
            others.join(", ")
        );
        few(package, &others)?;
    }
    Ok(())
}

/// The normal dependencies of a package, as cargo prints them.
fn tree(package: &str, features: Features) -> Result<String> {
    let mut command = cargo();
    command.args(["tree", "--package", package]);
    command.args(match features {
        Features::Default => &[][..],
        Features::None => &["--no-default-features"],
        Features::Client => &["--no-default-features", "--features", "client"],
    });
    printed(command)
}

/// The normal dependencies of a program of its own with these dependencies, in the versions of this workspace.
fn probe(name: &str, dependencies: &str) -> Result<String> {
    let folder = root().join("target").join("probe").join(name);
    let failed = |why: std::io::Error| format!("{}: {why}", folder.display());
    fs::create_dir_all(folder.join("src")).map_err(failed)?;
    let manifest = format!(
        "[package]\nname = \"probe\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[dependencies]{dependencies}[workspace]\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest).map_err(failed)?;
    fs::write(folder.join("src/main.rs"), "fn main() {}\n").map_err(failed)?;
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).map_err(failed)?;
    let mut command = cargo();
    command.args(["tree", "--offline", "--manifest-path"]);
    command.arg(folder.join("Cargo.toml"));
    printed(command)
}

fn printed(mut tree: Command) -> Result<String> {
    let output = tree
        .args(["--edges", "normal", "--prefix", "none"])
        .output();
    let output = output.map_err(|why| format!("cannot run cargo: {why}"))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

/// The packages that a program with the bare stack does not have yet: ours, and others.
fn added(packages: &BTreeSet<String>, bare: &BTreeSet<String>) -> (Vec<String>, Vec<String>) {
    let new = packages
        .difference(bare)
        .map(|package| name(package).to_owned());
    new.partition(|name| name.starts_with("orders-") || VENDOR_CRATES.contains(&&**name))
}

fn few(package: &str, others: &[String]) -> Result {
    match others.len() > OTHERS {
        true => Err(format!(
            "{package} adds {} packages besides ours, {OTHERS} are allowed: {}",
            others.len(),
            others.join(", ")
        )),
        false => Ok(()),
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
        let (own, others) = added(&packages(TREE), &bare);
        assert_eq!(
            (own, &*others),
            (
                vec!["clink-api".to_owned()],
                &["http".to_owned(), "itoa".to_owned()][..]
            )
        );
        few("clink-api", &others).unwrap();
        let many: Vec<_> = (0..=OTHERS).map(|n| format!("p{n}")).collect();
        let why = few("clink-api", &many).unwrap_err();
        let said = format!("adds {} packages besides ours", OTHERS + 1);
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
