//! `cargo xtask ci`: everything a change has to pass, cheapest first.

use std::time::Instant;

use crate::workspace::{Result, cargo, execute};
use crate::{circles, coverage, fixtures, layout, package, security, tree};

/// One thing to pass.
enum Step {
    /// A cargo command; `RUSTDOCFLAGS` denies warnings in all of them.
    Cargo(&'static str),
    /// A cargo command whose tests keep their stores in Postgres.
    OverPostgres(&'static str),
    /// A task of this program.
    Task(&'static str, fn() -> Result),
}

/// The table of steps. `missing_docs` and the other lints of the workspace are warnings, which clippy denies here.
const STEPS: &[Step] = &[
    Step::Cargo("fmt --all --check"),
    Step::Cargo("clippy --workspace --all-targets --features orders-cli/workers -- -D warnings"),
    // The store and the program as they are by default, without Postgres.
    Step::Cargo("clippy --package orders-sync --package orders-cli --all-targets -- -D warnings"),
    // Types only: what somebody compiles who brings another client, or none.
    Step::Cargo("clippy --package clink-api --no-default-features --lib -- -D warnings"),
    Step::Cargo("clippy --package linkbest-api --no-default-features --lib -- -D warnings"),
    Step::Cargo("clippy --package shopline-api --no-default-features --lib -- -D warnings"),
    // The client with a transport of the user's own, and with other TLS than the default.
    Step::Cargo(
        "clippy --package clink-api --no-default-features --features client --lib -- -D warnings",
    ),
    Step::Cargo(
        "clippy --package linkbest-api --no-default-features --features client --lib -- -D warnings",
    ),
    Step::Cargo(
        "clippy --package shopline-api --no-default-features --features client --lib -- -D warnings",
    ),
    Step::Cargo("test --package orders-http --no-default-features --test it options"),
    Step::Cargo(
        "clippy --package orders-http --no-default-features --features rustls-no-provider --lib -- -D warnings",
    ),
    Step::Cargo(
        "clippy --package orders-http --no-default-features --features native-tls --lib -- -D warnings",
    ),
    Step::Cargo("doc --workspace --no-deps"),
    Step::Cargo("test --workspace --features orders-cli/workers"),
    Step::Cargo("test --package orders-cli --test it without_postgres"),
    Step::OverPostgres("test --package orders-sync --features postgres --test it"),
    // Other crates of a user's program may switch these on for all of it; the adapters have to go on working.
    Step::Cargo("test --package orders-wire --features serde_json/arbitrary_precision"),
    Step::Cargo(
        "test --package orders-wire --features rust_decimal/serde-float,rust_decimal/serde-str",
    ),
    Step::Cargo(
        "test --package orders-wire --features \
         rust_decimal/serde-float,rust_decimal/serde-str,rust_decimal/serde-with-arbitrary-precision",
    ),
    Step::Task("fixtures --check", || fixtures::run(true)),
    Step::Task("coverage --check", || coverage::run(true)),
    Step::Task("the files of the vendor crates", layout::check),
    Step::Task("no circle of files", circles::check),
    Step::Task("the tests that SECURITY.md names", security::check),
    Step::Task("what each crate's user compiles", tree::check),
    Step::Task("package of every crate", package::run),
];

/// Runs the steps whose name holds `only`, and stops at the first that fails.
pub(crate) fn run(only: &str) -> Result {
    let started = Instant::now();
    let steps: Vec<_> = STEPS
        .iter()
        .filter(|step| step.name().contains(only))
        .collect();
    if steps.is_empty() {
        return Err(format!("no step has `{only}` in its name"));
    }
    for (place, step) in steps.iter().enumerate() {
        println!("\n[{}/{}] {}", place + 1, steps.len(), step.name());
        step.run()
            .map_err(|why| format!("\nfailed: {}\n{why}", step.name()))?;
    }
    println!(
        "\n{} of {} steps passed in {} s",
        steps.len(),
        STEPS.len(),
        started.elapsed().as_secs()
    );
    Ok(())
}

impl Step {
    fn name(&self) -> String {
        match self {
            Self::Cargo(arguments) => format!("cargo {arguments}"),
            Self::OverPostgres(arguments) => format!("cargo {arguments} (over Postgres)"),
            Self::Task(name, _) => (*name).to_owned(),
        }
    }

    fn run(&self) -> Result {
        let mut cargo = cargo();
        let arguments = match self {
            Self::Cargo(arguments) => arguments,
            Self::OverPostgres(arguments) => {
                cargo.env("ORDERS_TEST_STORE", "postgres");
                arguments
            }
            Self::Task(_, task) => return task(),
        };
        cargo
            .args(arguments.split(' '))
            .env("RUSTDOCFLAGS", "-D warnings");
        execute(&mut cargo)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_command_fails_its_step() {
        let why = Step::Cargo("no-such-command-of-cargo").run().unwrap_err();
        assert!(why.contains("exit status"), "{why}");
        assert!(
            Step::Task("broken", || Err("broken".to_owned()))
                .run()
                .is_err()
        );
    }

    #[test]
    fn an_unknown_step_is_an_error() {
        assert!(run("no such step").is_err());
    }

    #[test]
    fn a_working_command_passes() {
        assert_eq!(Step::Cargo("--version").run(), Ok(()));
    }
}
