//! The chores of this workspace, as code: `cargo xtask --help`.

// A program for the people who build this workspace: it talks to them.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod ci;
mod contract;
mod coverage;
mod endpoints;
mod fixtures;
mod generate;
mod json;
mod package;
mod recorder;
mod soak;
mod tree;
mod vendors;

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use clap::{Parser, Subcommand};

/// What a chore answers: nothing, or what went wrong in words for a person.
type Result<T = ()> = std::result::Result<T, String>;

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about = "The chores of this workspace")]
struct Args {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Write the fixture bodies anew from the contracts, and the snapshots of what they become.
    Fixtures {
        /// Change nothing; fail if a file or a snapshot is missing, different or left over.
        #[arg(long)]
        check: bool,
    },
    /// Hold contracts and types against each other, say which endpoints are covered, and write the tables of each
    /// vendor's README.
    Coverage {
        /// Change nothing; fail if a README's tables are not the current ones.
        #[arg(long)]
        check: bool,
    },
    /// Everything a change has to pass, step by step.
    Ci {
        /// Only the steps whose name holds this text, to repeat what failed.
        #[arg(long)]
        only: Option<String>,
    },
    /// Pulled == truth for many seeds: in memory, over sockets, killed, over months, and in size.
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
        /// Then pull so many small orders of each vendor, and say what it cost; 0: none.
        #[arg(long, default_value_t = 0)]
        orders: usize,
    },
}

fn main() -> ExitCode {
    let done = match Args::parse().chore {
        Chore::Fixtures { check } => fixtures::run(check),
        Chore::Coverage { check } => coverage::run(check),
        Chore::Ci { only } => ci::run(only.as_deref().unwrap_or_default()),
        Chore::Soak {
            seeds,
            from,
            minutes,
            orders,
        } => soak::run(&[
            ("--seeds", seeds),
            ("--from", from),
            ("--minutes", minutes),
            ("--orders", orders as u64),
        ]),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

/// The workspace's own folder.
fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map(PathBuf::from).unwrap_or(here)
}

/// The cargo that started this program, ready to run in the workspace's folder.
fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}
