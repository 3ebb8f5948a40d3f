//! The program `orders`: pull, list and decode orders of Clink, Linkbest and SHOPLINE.

mod address;
mod args;
mod bodies;
mod buckets;
mod commands;
mod config;
mod contract;
mod customers;
mod drift;
mod exit;
mod guess;
mod json_text;
mod kind;
mod output;
mod place;
mod progress;
mod read_query;
mod report;
mod sources;
mod steady;
mod sums;
mod test_hooks;
mod times;
mod vendor;
#[cfg(feature = "workers")]
mod workers;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let cli = match args::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return report::usage(&error),
    };
    let json = cli.json;
    match commands::run(cli) {
        Ok(exit) => exit.into(),
        Err(failure) => report::failure(&failure, json).into(),
    }
}
