//! `cargo xtask gates`: the slow checks before a release, and what they found, written to a file that is committed.

pub(crate) mod outcome;

mod advisories;
mod minimal;
mod mutants;
mod public_api;
mod rust_version;
mod semver;
mod tools;

use std::time::Instant;

use crate::git::Git;
use crate::package::{arguments, published};
use crate::proof::Over;
use crate::workspace::{Result, command, execute, root, today};
use crate::{ci, fuzz, proof};
use outcome::{Answer, FILE, Outcome, Outcomes, Verdict};
use tools::Tool;

/// One thing to pass before a release.
struct Gate {
    name: &'static str,
    tools: &'static [Tool],
    check: Check,
}

/// What a gate does.
enum Check {
    /// Commands that have to succeed, one after another; `{published}` stands for all published crates.
    Commands(&'static [&'static str]),
    /// A task of this program; an error is a failure.
    Task(fn() -> Result<Answer>),
}

/// An hour of proofs, over each kind of store.
const SOAK: &[(&str, u64)] = &[("--minutes", 60), ("--seeds", 1_000_000)];

/// How long each reader is fuzzed.
const FUZZ_SECONDS: u64 = 600;

/// How many characters of a note are kept.
const NOTE: usize = 600;

/// The table of gates. Unstable switches of the compiler are allowed here, and nowhere else.
const GATES: &[Gate] = &[
    Gate {
        name: "ci",
        tools: &[tools::CARGO, tools::CLIPPY],
        check: Check::Task(|| passed(ci::run(""))),
    },
    Gate {
        name: "semver",
        // The other one is wanted when there is a tag.
        tools: &[tools::CARGO],
        check: Check::Task(semver::run),
    },
    Gate {
        // Every two features together, and all of them. `default` is `reqwest`, or nothing.
        name: "features",
        tools: &[tools::CARGO, tools::CLIPPY, tools::HACK],
        check: Check::Commands(&[
            "cargo hack clippy --feature-powerset --depth 2 --exclude-features default,__reqwest --no-dev-deps \
             {published} -- -D warnings",
            "cargo clippy --all-features {published} -- -D warnings",
        ]),
    },
    Gate {
        name: "minimal-versions",
        tools: &[tools::CARGO, tools::NIGHTLY],
        check: Check::Task(minimal::run),
    },
    Gate {
        name: "rust-version-lint",
        tools: &[tools::CARGO, tools::CLIPPY],
        check: Check::Commands(&[
            "cargo clippy --all-features {published} -- -D clippy::incompatible_msrv",
        ]),
    },
    Gate {
        name: "rust-version-build",
        tools: &[tools::RUSTUP, tools::HACK],
        check: Check::Task(rust_version::run),
    },
    Gate {
        name: "licences",
        tools: &[tools::DENY],
        check: Check::Commands(&["cargo deny check bans licenses sources"]),
    },
    Gate {
        name: "advisories",
        tools: &[tools::DENY],
        check: Check::Task(advisories::run),
    },
    Gate {
        name: "public-api",
        tools: &[tools::NIGHTLY, tools::PUBLIC_API],
        check: Check::Task(public_api::run),
    },
    Gate {
        name: "fuzz",
        tools: &[tools::CARGO, tools::CXX],
        check: Check::Task(|| {
            fuzz::run("", FUZZ_SECONDS).map(|note| Answer::new(Verdict::Passed, note))
        }),
    },
    Gate {
        name: "mutants",
        tools: &[tools::CARGO, tools::MUTANTS, tools::TIMEOUT],
        check: Check::Task(mutants::run),
    },
    Gate {
        name: "soak-sqlite",
        tools: &[tools::CARGO],
        check: Check::Task(|| passed(proof::soak(Over::Sqlite, SOAK))),
    },
    Gate {
        name: "soak-postgres",
        tools: &[tools::CARGO],
        check: Check::Task(|| passed(proof::soak(Over::Postgres, SOAK))),
    },
    Gate {
        name: "soak-workers",
        tools: &[tools::CARGO],
        check: Check::Task(|| passed(proof::soak(Over::Workers, SOAK))),
    },
];

/// The names of all gates.
pub(crate) fn names() -> Vec<&'static str> {
    GATES.iter().map(|gate| gate.name).collect()
}

/// Runs the gates whose name holds `only`, all of them even where one fails, and writes down how each ended.
pub(crate) fn run(only: &str) -> Result {
    let gates: Vec<_> = GATES
        .iter()
        .filter(|gate| gate.name.contains(only))
        .collect();
    if gates.is_empty() {
        return Err(format!("no gate has `{only}` in its name"));
    }
    let mut failed = Vec::new();
    for gate in gates {
        println!("\ngate: {}", gate.name);
        let before = committed_sources()?;
        let outcome = gate.outcome(before.clone().unwrap_or_default());
        println!(
            "gate {}: {:?} in {} s",
            gate.name, outcome.result, outcome.seconds
        );
        if outcome.result == Verdict::Failed {
            failed.push(gate.name);
        }
        if before.is_some() && before == committed_sources()? {
            let mut outcomes = Outcomes::read(&root())?;
            outcomes.0.insert(gate.name.to_owned(), outcome);
            outcomes.write(&root())?;
        } else {
            println!("not written to {FILE}: the sources are not committed");
        }
    }
    match failed.is_empty() {
        true => Ok(()),
        false => Err(format!("gates that failed: {}", failed.join(", "))),
    }
}

/// The hash of the sources, or none where they are not committed: nobody could say what an outcome was for.
fn committed_sources() -> Result<Option<String>> {
    let git = Git::at(&root());
    let committed = git.changed()?.iter().all(|path| path == FILE);
    committed.then(|| git.sources()).transpose()
}

fn passed(done: Result) -> Result<Answer> {
    done.map(|()| Answer::new(Verdict::Passed, ""))
}

impl Gate {
    fn outcome(&self, sources: String) -> Outcome {
        let started = Instant::now();
        let (tools, missing): (Vec<_>, Vec<_>) = self
            .tools
            .iter()
            .map(Tool::version)
            .partition(std::result::Result::is_ok);
        let missing: Vec<_> = missing.into_iter().filter_map(Result::err).collect();
        let answer = match missing.is_empty() {
            true => self.check.run(),
            false => Err(missing.join("; ")),
        };
        let answer = answer.unwrap_or_else(|why| Answer::new(Verdict::Failed, why));
        println!("{}", answer.note);
        Outcome {
            result: answer.verdict,
            note: brief(&answer.note),
            date: today(),
            seconds: started.elapsed().as_secs(),
            tools: tools.into_iter().filter_map(Result::ok).collect(),
            sources,
        }
    }
}

/// The beginning of a note, without the folder that only this machine has.
fn brief(note: &str) -> String {
    let note = note.replace(&*root().to_string_lossy(), ".");
    let note = note.trim();
    match note.char_indices().nth(NOTE) {
        Some((end, _)) => format!("{} ...", &note[..end]),
        None => note.to_owned(),
    }
}

impl Check {
    fn run(&self) -> Result<Answer> {
        match self {
            Self::Task(task) => task(),
            Self::Commands(lines) => {
                let published = arguments(&published(&root())?);
                for line in *lines {
                    println!("{line}");
                    execute(&mut command(&line.replace("{published}", &published)))
                        .map_err(|why| format!("{line}: {why}"))?;
                }
                Ok(Answer::new(Verdict::Passed, ""))
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn outcome(tools: &'static [Tool], check: Check) -> Outcome {
        let name = "a gate";
        Gate { name, tools, check }.outcome("hash".to_owned())
    }

    #[test]
    fn a_gate_passes_with_the_versions_of_its_tools() {
        let outcome = outcome(&[tools::CARGO], Check::Commands(&["cargo --version"]));
        assert_eq!(outcome.result, Verdict::Passed);
        assert!(outcome.tools[0].starts_with("cargo 1."), "{outcome:?}");
        assert_eq!(outcome.sources, "hash");
    }

    #[test]
    fn a_command_that_fails_fails_its_gate() {
        let lines = &[
            "cargo --version",
            "cargo no-such-command",
            "cargo --version",
        ];
        let outcome = outcome(&[], Check::Commands(lines));
        assert_eq!(outcome.result, Verdict::Failed);
        assert!(
            outcome.note.starts_with("cargo no-such-command: it ended"),
            "{outcome:?}"
        );
    }

    #[test]
    fn a_task_that_fails_fails_its_gate_and_its_note_names_no_place() {
        let task = Check::Task(|| Err(format!("{}/a.rs is wrong", root().display())));
        let outcome = outcome(&[], task);
        assert_eq!(outcome.result, Verdict::Failed);
        assert_eq!(outcome.note, "./a.rs is wrong");
        assert_eq!(brief(&"é".repeat(NOTE)), "é".repeat(NOTE));
        assert!(brief(&"é".repeat(NOTE + 1)).ends_with("é ..."));
    }

    #[test]
    fn a_gate_whose_tool_is_missing_does_not_pass() {
        const MISSING: Tool = Tool {
            version: "cargo no-such-tool --version",
            install: "cargo install it",
        };
        let outcome = outcome(&[MISSING, tools::CARGO], Check::Commands(&[]));
        assert_eq!(outcome.result, Verdict::Failed);
        assert!(outcome.note.ends_with("cargo install it"), "{outcome:?}");
        assert_eq!(outcome.tools.len(), 1);
    }

    #[test]
    fn an_unknown_gate_is_an_error() {
        assert!(run("no such gate").is_err());
    }

    #[test]
    fn every_gate_has_its_own_name() {
        let mut names = names();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
