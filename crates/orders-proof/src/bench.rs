//! `bench`: what a pull costs beside a script that somebody writes in an afternoon, from the same sandbox, in turns.
//! Over Postgres too, on a server of its own that keeps what it committed.

// A program for the people who build this workspace: it talks to them. Its decimals are seconds and bytes, never money.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::float_arithmetic)]

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use clap::Parser;
use orders_proof::connect::Way;
use orders_proof::program::{Program, environment};
use orders_proof::stores::Place;
use orders_proof::workers::{Worker, Works};
use orders_proof::{Result, compare};
use orders_sandbox::Sandbox;
use serde::Deserialize;
use test_postgres::{Durability, Server};

/// One pull of each vendor by a script in Python, by `orders pull` and by `orders list`: medians, as a table.
#[derive(Debug, Parser)]
struct Args {
    /// Workers on many accounts, in place of one pull of each vendor
    #[arg(long)]
    work: bool,

    /// How many orders each vendor has [default: 20000; with --work, each account: 60]
    #[arg(long)]
    orders: Option<usize>,

    /// How often each command runs [default: 5; with --work: 3]
    #[arg(long)]
    runs: Option<usize>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let args = Args::parse();
    let done = match args.work {
        true => work(args.orders.unwrap_or(60), args.runs.unwrap_or(3)).await,
        false => bench(args.orders.unwrap_or(20_000), args.runs.unwrap_or(5)).await,
    };
    match done {
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
    /// The bytes of its database.
    #[serde(skip)]
    stored: u64,
}

async fn bench(orders: usize, runs: usize) -> Result<()> {
    println!(
        "| vendor | command | orders/s | beside the script | processor, µs an order | peak, MiB | written, bytes a byte of JSON | stored |"
    );
    println!("|---|---|---:|---:|---:|---:|---:|---:|");
    let server = Server::start_with(Durability::Fsync).map_err(|missing| missing.to_string())?;
    for way in [Way::Clink, Way::Linkbest, Way::ShoplineStore] {
        let builder = Sandbox::builder().date(|now| now).seed(3);
        let builder = builder.orders(orders).shopline_rate_limit(None);
        let sandbox = builder.start().await.map_err(|why| why.to_string())?;
        tokio::task::block_in_place(|| vendor(runs, &sandbox, &server, way))?;
    }
    Ok(())
}

/// What is compared.
const COMMANDS: [&str; 4] = [
    "script, SQLite",
    "orders pull, SQLite",
    "orders pull, Postgres",
    "orders list --as raw",
];

fn vendor(runs: usize, sandbox: &Sandbox, server: &Server, way: Way) -> Result<()> {
    let truth = compare::truth(sandbox, way);
    let json: usize = truth.values().map(|order| order.len()).sum();
    let mut costs: [Vec<Cost>; COMMANDS.len()] = Default::default();
    for _ in 0..runs {
        for (command, costs) in costs.iter_mut().enumerate() {
            let place = match command {
                2 => Place::Postgres(server),
                _ => Place::Sqlite,
            };
            costs.push(one(sandbox, place, way, command, truth.len())?);
        }
    }
    let medians = costs.map(|costs| {
        let of = |value: fn(&Cost) -> f64| {
            let mut values: Vec<f64> = costs.iter().map(value).collect();
            values.sort_by(f64::total_cmp);
            values.get(values.len() / 2).copied().unwrap_or_default()
        };
        [
            of(|it| it.seconds),
            of(|it| it.processor),
            of(|it| it.peak_kib as f64),
            of(|it| it.written as f64),
            of(|it| it.stored as f64),
        ]
    });
    let (orders, json) = (truth.len() as f64, json as f64);
    for (command, [seconds, processor, peak, written, file]) in COMMANDS.iter().zip(medians) {
        // A server's writing is not the command's, and a list stores nothing.
        let [written, file] =
            [(written / json, 1), (file / json, 2)].map(|(value, places)| match value > 0.0 {
                true => format!("{value:.places$} "),
                false => String::new(),
            });
        println!(
            "| {} | {command} | {:.0} | {:.2} | {:.0} | {:.0} | {written}| {file}|",
            way.vendor().name(),
            orders / seconds,
            medians[0][0] / seconds,
            processor * 1e6 / orders,
            peak / 1024.0,
        );
    }
    Ok(())
}

/// Runs one of the commands once; its cost. The database that it made has all orders.
fn one(
    sandbox: &Sandbox,
    place: Place<'_>,
    way: Way,
    command: usize,
    orders: usize,
) -> Result<Cost> {
    let program = Program::new(Program::beside()?, place, way)?;
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
        1 | 2 => under(&mut measured, &program.pull(sandbox)?),
        _ => under(&mut measured, &program.list(sandbox)?),
    }
    let done = measured
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .output();
    let done = done.map_err(|why| format!("cannot run python3: {why}"))?;
    let text = String::from_utf8_lossy(&done.stderr);
    let last = text.lines().last().unwrap_or_default();
    let mut cost: Cost = serde_json::from_str(last).map_err(|_| text.clone().into_owned())?;
    if cost.status != 0 {
        return Err(text.into_owned());
    }
    let count = "SELECT count(*) FROM orders";
    let (stored, size) = match (command, place) {
        (3, _) => return Ok(cost),
        // Not a store of ours: any SQLite.
        (_, Place::Sqlite) => {
            let database = rusqlite::Connection::open(&file);
            let read =
                |it: rusqlite::Connection| it.query_row(count, [], |row| row.get::<_, i64>(0));
            let stored = database.and_then(read).map_err(|error| error.to_string())?;
            (
                stored.unsigned_abs(),
                std::fs::metadata(&file).map_or(0, |file| file.len()),
            )
        }
        (_, Place::Postgres(_)) => {
            let tables = program.tables()?;
            let number = |sql| {
                let value = tables.rows(sql)?.into_iter().flatten().next();
                let value = value.and_then(|it| it.parse::<u64>().ok());
                value.ok_or_else(|| format!("no number: {sql}"))
            };
            let size = number("SELECT pg_database_size(current_database())")?;
            (number(count)?, size)
        }
    };
    cost.stored = size;
    match usize::try_from(stored) == Ok(orders) {
        true => Ok(cost),
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

/// So many sandboxes, each with an account at each vendor.
const SANDBOXES: u64 = 67;
/// How many accounts one process of `orders pull` has, each with a connection.
const TOGETHER: usize = 34;

/// What it took until all accounts were complete.
#[derive(Clone, Copy, Debug)]
struct Worked {
    seconds: f64,
    jobs: u64,
    orders: u64,
    /// What the server wrote to its log, in bytes.
    log: u64,
}

/// Many accounts by `orders pull`, one process after the other, and by workers: medians, as a table.
async fn work(orders: usize, runs: usize) -> Result<()> {
    println!(
        "| {} accounts of {orders} orders | seconds | jobs/s | orders/s | beside `orders pull` | log, KB a job |",
        SANDBOXES * 3
    );
    println!("|---|---:|---:|---:|---:|---:|");
    let server = Server::start_with(Durability::Fsync).map_err(|missing| missing.to_string())?;
    let program = Program::beside()?;
    let mut first = None;
    for workers in [0, 1, 2, 4] {
        let mut all = Vec::new();
        for run in 0..runs {
            let seed = run as u64 + 1;
            let works = Works::new(&program, &server, seed, (SANDBOXES, orders), "1h").await?;
            let works = works.unhurried();
            all.push(tokio::task::block_in_place(|| worked(&works, workers))?);
        }
        all.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
        let Some(median) = all.get(all.len() / 2).copied() else {
            continue;
        };
        let pulls = *first.get_or_insert(median.seconds);
        let what = match workers {
            0 => format!("`orders pull`, {TOGETHER} accounts a process"),
            1 => "1 worker".to_owned(),
            many => format!("{many} workers"),
        };
        println!(
            "| {what} | {:.1} | {:.0} | {:.0} | {:.2} | {:.0} |",
            median.seconds,
            median.jobs as f64 / median.seconds,
            median.orders as f64 / median.seconds,
            pulls / median.seconds,
            median.log as f64 / 1000.0 / median.jobs.max(1) as f64,
        );
    }
    Ok(())
}

fn worked(works: &Works, workers: usize) -> Result<Worked> {
    let log = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint";
    let before = works.number(log)?;
    let began = Instant::now();
    let begun = (0..workers).map(|_| works.worker(8, "5m"));
    let begun = begun.collect::<Result<Vec<Worker>>>()?;
    match workers {
        0 => works.pull_all(TOGETHER)?,
        _ => works.until_complete()?,
    }
    let seconds = began.elapsed().as_secs_f64();
    begun.into_iter().try_for_each(Worker::end)?;
    Ok(Worked {
        seconds,
        jobs: works.number("SELECT count(*) FROM runs")?,
        orders: works.number("SELECT count(*) FROM orders")?,
        log: works.number(log)?.saturating_sub(before),
    })
}
