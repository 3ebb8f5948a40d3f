//! The tasks of this workspace, as code: `cargo xtask --help`.

// A program for the people who build this workspace: it talks to them.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod ci;
mod circles;
mod contract;
mod coverage;
mod endpoints;
mod fixtures;
mod fuzz;
mod gates;
mod generate;
mod git;
mod json;
mod layout;
mod package;
mod proof;
mod recorder;
mod release;
mod security;
mod tree;
mod vendors;
mod version;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use proof::Over;

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about = "The tasks of this workspace")]
struct Args {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Write the fixture bodies anew from the contracts, and the snapshots of what they become.
    Fixtures {
        /// Change nothing; fail if a file or a snapshot is missing, different or left over.
        #[arg(long)]
        check: bool,
    },
    /// Hold contracts and types against each other, say which endpoints are covered, and write the tables of
    /// each vendor crate's `ENDPOINTS.md`.
    Coverage {
        /// Change nothing; fail if a page's tables are not the current ones.
        #[arg(long)]
        check: bool,
    },
    /// Everything a change has to pass, step by step.
    Ci {
        /// Only the steps whose name holds this text, to repeat what failed.
        #[arg(long)]
        only: Option<String>,
    },
    /// Every reader of what somebody else wrote, fuzzed by libFuzzer. Needs a C++ compiler.
    Fuzz {
        /// Only the readers whose name holds this text.
        #[arg(long)]
        only: Option<String>,
        /// How long, each.
        #[arg(long, default_value_t = 60)]
        seconds: u64,
    },
    /// The slow checks before a release. What they find is written to `gates.toml`.
    Gates {
        /// Only the gates whose name holds this text.
        #[arg(long)]
        only: Option<String>,
    },
    /// Make a release of a tree that passed the gates: version, changelog, commit and tag. Publishes nothing.
    Release {
        /// Its version, such as 0.2.0.
        version: version::Version,
        /// Change nothing; say what stands against it, or what would be done.
        #[arg(long)]
        dry_run: bool,
    },
    /// Every history of four events of small lists, then pulled == truth for many seeds: in memory, over sockets, killed,
    /// over months, and in size.
    Soak {
        /// How many seeds.
        #[arg(long, default_value_t = 1000)]
        seeds: u64,
        /// The first seed: to repeat a failure, its seed and --seeds 1.
        #[arg(long, default_value_t = 0)]
        from: u64,
        /// Stop after so many minutes.
        #[arg(long, default_value_t = 30)]
        minutes: u64,
        /// Over Postgres instead of SQLite, on a server that is started for it.
        #[arg(long)]
        postgres: bool,
        /// Many accounts in Postgres, by workers that are killed and frozen, in place of the other proofs.
        #[arg(long, conflicts_with = "postgres")]
        workers: bool,
        /// Then pull so many small orders of each vendor, and say what it cost; 0: none.
        #[arg(long, default_value_t = 0)]
        orders: usize,
    },
    /// What a pull costs beside a script that somebody writes in an afternoon: a table.
    Bench {
        /// What is measured.
        what: Bench,
        /// How many orders each vendor has; for `work`, each account [default: 20000; for `work`: 60].
        #[arg(long)]
        orders: Option<u64>,
        /// How often each command runs [default: 5; for `work`: 3].
        #[arg(long)]
        runs: Option<u64>,
    },
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Bench {
    /// `orders pull` and `orders list`, and a script in Python that needs nothing but its standard library.
    Pull,
    /// `orders work`: 1, 2 and 4 workers on 201 accounts, beside one `orders pull --all`.
    Work,
}

fn main() -> ExitCode {
    let done = match Args::parse().task {
        Task::Fixtures { check } => fixtures::run(check),
        Task::Coverage { check } => coverage::run(check),
        Task::Ci { only } => ci::run(only.as_deref().unwrap_or_default()),
        Task::Fuzz { only, seconds } => {
            fuzz::run(only.as_deref().unwrap_or_default(), seconds).map(|note| println!("{note}"))
        }
        Task::Gates { only } => gates::run(only.as_deref().unwrap_or_default()),
        Task::Release { version, dry_run } => release::run(version, dry_run),
        Task::Soak {
            seeds,
            from,
            minutes,
            postgres,
            workers,
            orders,
        } => proof::soak(
            match (postgres, workers) {
                (_, true) => Over::Workers,
                (true, _) => Over::Postgres,
                _ => Over::Sqlite,
            },
            &[
                ("--seeds", seeds),
                ("--from", from),
                ("--minutes", minutes),
                ("--orders", orders as u64),
            ],
        ),
        Task::Bench { what, orders, runs } => {
            let flag = match what {
                Bench::Pull => "",
                Bench::Work => " --work",
            };
            let given = [("--orders", orders), ("--runs", runs)];
            let given = given
                .iter()
                .filter_map(|(name, value)| Some((*name, (*value)?)));
            proof::bench(flag, &given.collect::<Vec<_>>())
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}
