//! `bench`: what a pull costs beside a script that somebody writes in an afternoon, from the same sandbox, in turns.

// A program for the people who build this workspace: it talks to them. Its decimals are seconds and bytes, never money.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::float_arithmetic)]

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use clap::Parser;
use orders_proof::connect::Way;
use orders_proof::program::{Program, environment};
use orders_proof::stores::Place;
use orders_proof::{Result, compare};
use orders_sandbox::Sandbox;
use serde::Deserialize;

/// One pull of each vendor by a script in Python, by `orders pull` and by `orders list`: medians, as a table.
#[derive(Debug, Parser)]
struct Args {
    /// How many orders each vendor has
    #[arg(long, default_value_t = 20_000)]
    orders: usize,

    /// How often each command runs
    #[arg(long, default_value_t = 5)]
    runs: usize,
}

#[tokio::main]
async fn main() -> ExitCode {
    match bench(&Args::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

/// What one command cost.
#[derive(Clone, Debug, Deserialize)]
struct Cost {
    seconds: f64,
    processor: f64,
    peak_kib: u64,
    written: u64,
    status: i32,
}

async fn bench(args: &Args) -> Result<()> {
    println!(
        "| vendor | command | orders/s | beside the script | processor, µs an order | peak, MiB | written, bytes a byte of JSON | stored |"
    );
    println!("|---|---|---:|---:|---:|---:|---:|---:|");
    for way in [Way::Clink, Way::Linkbest, Way::ShoplineStore] {
        let builder = Sandbox::builder().date(|now| now).seed(3);
        let builder = builder.orders(args.orders).shopline_rate_limit(None);
        let sandbox = builder.start().await.map_err(|why| why.to_string())?;
        tokio::task::block_in_place(|| vendor(args, &sandbox, way))?;
    }
    Ok(())
}

/// What is compared.
const COMMANDS: [&str; 3] = ["script", "orders pull", "orders list --as raw"];

fn vendor(args: &Args, sandbox: &Sandbox, way: Way) -> Result<()> {
    let truth = compare::truth(sandbox, way);
    let json: usize = truth.values().map(|order| order.len()).sum();
    let mut costs: [Vec<(Cost, u64)>; COMMANDS.len()] = Default::default();
    for _ in 0..args.runs {
        for (command, costs) in costs.iter_mut().enumerate() {
            costs.push(one(sandbox, way, command, truth.len())?);
        }
    }
    let medians = costs.map(|costs| {
        let of = |value: fn(&(Cost, u64)) -> f64| {
            let mut values: Vec<f64> = costs.iter().map(value).collect();
            values.sort_by(f64::total_cmp);
            values.get(values.len() / 2).copied().unwrap_or_default()
        };
        [
            of(|it| it.0.seconds),
            of(|it| it.0.processor),
            of(|it| it.0.peak_kib as f64),
            of(|it| it.0.written as f64),
            of(|it| it.1 as f64),
        ]
    });
    let (orders, json) = (truth.len() as f64, json as f64);
    for (command, [seconds, processor, peak, written, file]) in COMMANDS.iter().zip(medians) {
        println!(
            "| {} | {command} | {:.0} | {:.2} | {:.0} | {:.0} | {:.1} | {:.2} |",
            way.vendor().name(),
            orders / seconds,
            medians[0][0] / seconds,
            processor * 1e6 / orders,
            peak / 1024.0,
            written / json,
            file / json,
        );
    }
    Ok(())
}

/// Runs one of the commands once; its cost, and the size of the database it made, which has all orders.
fn one(sandbox: &Sandbox, way: Way, command: usize, orders: usize) -> Result<(Cost, u64)> {
    let program = Program::new(Program::beside()?, Place::Sqlite, way)?;
    let peer = |name: &str| {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("peer")
            .join(name)
    };
    let mut measured = Command::new("python3");
    measured.arg(peer("measure.py"));
    let file = program.file();
    match command {
        0 => {
            measured
                .arg("python3")
                .arg(peer("pull.py"))
                .arg(way.vendor().name())
                .arg(&file);
            measured.envs(environment(sandbox));
            let (since, until) = sandbox.linkbest_range();
            measured.env("LINKBEST_SINCE", since.to_rfc3339());
            measured.env("LINKBEST_UNTIL", until.to_rfc3339());
        }
        1 => under(&mut measured, &program.pull(sandbox)?),
        _ => under(&mut measured, &program.list(sandbox)?),
    }
    let done = measured
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .output();
    let done = done.map_err(|why| format!("cannot run python3: {why}"))?;
    let text = String::from_utf8_lossy(&done.stderr);
    let last = text.lines().last().unwrap_or_default();
    let cost: Cost = serde_json::from_str(last).map_err(|_| text.clone().into_owned())?;
    if cost.status != 0 {
        return Err(text.into_owned());
    }
    if command == COMMANDS.len() - 1 {
        return Ok((cost, 0));
    }
    let count = |database: rusqlite::Connection| {
        database.query_row("SELECT count(*) FROM orders", [], |row| {
            row.get::<_, i64>(0)
        })
    };
    let stored = rusqlite::Connection::open(&file).and_then(count);
    let stored = stored.map_err(|error| error.to_string())?;
    let size = std::fs::metadata(&file).map_or(0, |file| file.len());
    match usize::try_from(stored) == Ok(orders) {
        true => Ok((cost, size)),
        false => Err(format!(
            "{}: {stored} orders of {orders}",
            COMMANDS[command]
        )),
    }
}

/// Runs a command under another one.
fn under(outer: &mut Command, inner: &Command) {
    outer
        .arg(PathBuf::from(inner.get_program()))
        .args(inner.get_args());
    for (name, value) in inner.get_envs() {
        match value {
            Some(value) => outer.env(name, value),
            None => outer.env_remove(name),
        };
    }
    if let Some(folder) = inner.get_current_dir() {
        outer.current_dir(folder);
    }
}
