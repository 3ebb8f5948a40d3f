//! `soak`: as many proofs as there is time for. Ends at the first failure, with the seed that shows it again.

// A program for the people who build this workspace: it talks to them.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Parser;
use orders_proof::connect::{Way, Wire};
use orders_proof::held::Held;
use orders_proof::program::{Program, killed_at};
use orders_proof::random::Random;
use orders_proof::stores::Place;
use orders_proof::{Result, days, scenario, size, workers};
use orders_sync::Point;
use test_postgres::Server;

/// Pulled == truth, for many seeds: in memory, over sockets, killed, over months, and in size.
#[derive(Debug, Parser)]
struct Args {
    /// How many seeds
    #[arg(long, default_value_t = 1000)]
    seeds: u64,

    /// The first seed
    #[arg(long, default_value_t = 0)]
    from: u64,

    /// Stop after so many minutes, however many seeds are left
    #[arg(long, default_value_t = 30)]
    minutes: u64,

    /// Over Postgres, on a server that is started for it (and has to be installed)
    #[arg(long)]
    postgres: bool,

    /// Many accounts in Postgres, by workers that are killed and frozen, in place of the other proofs
    #[arg(long)]
    workers: bool,

    /// Then pull so many small orders of each vendor, and say what it cost; 0: none
    #[arg(long, default_value_t = 0)]
    orders: usize,
}

fn main() -> ExitCode {
    match soak(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn soak(args: &Args) -> Result<()> {
    let started = Instant::now();
    let enough = Duration::from_secs(args.minutes.saturating_mul(60));
    let server = match args.postgres || args.workers {
        true => Some(Server::start().map_err(|missing| missing.to_string())?),
        false => None,
    };
    let place = server.as_ref().map_or(Place::Sqlite, Place::Postgres);
    let (mut done, mut at_first) = (0, None);
    for seed in args.from..args.from.saturating_add(args.seeds) {
        if started.elapsed() >= enough {
            break;
        }
        match &server {
            Some(server) if args.workers => by_workers(server, seed)?,
            _ => one_seed(place, seed)?,
        }
        done += 1;
        if done % 20 == 0 {
            let held = Held::now();
            println!(
                "{done} seeds passed in {} s, up to {seed}; {held:?}",
                started.elapsed().as_secs()
            );
            if let (Some(held), Some(at_first)) = (held, at_first) {
                held.is_as(at_first)?;
            }
            at_first = at_first.or(held);
        }
    }
    println!("{done} seeds passed in {} s", started.elapsed().as_secs());
    match args.orders {
        0 => Ok(()),
        orders => Way::ALL
            .into_iter()
            .try_for_each(|way| measure(way, orders)),
    }
}

/// Every way in memory, one of them over sockets, one killed; and months of days now and then.
fn one_seed(place: Place<'_>, seed: u64) -> Result<()> {
    let mut random = Random::new(seed, 3);
    for way in Way::ALL {
        paused(scenario::live_through(Wire::Memory, place, way, seed))?;
    }
    let one = |random: &mut Random| *random.one(&Way::ALL).unwrap_or(&Way::Clink);
    let way = one(&mut random);
    threads(scenario::live_through(Wire::Sockets, place, way, seed))?;
    let program = Program::beside()?;
    let named = random.one(&Point::ALL).copied().unwrap_or(Point::Committed);
    let way = one(&mut random);
    let nth = 1 + random.below(12);
    threads(killed_at(&program, place, way, named.as_str(), nth, seed))?;
    let nth = 1 + random.below(80);
    threads(killed_at(&program, place, way, "any", nth, seed))?;
    if seed.is_multiple_of(25) {
        let way = one(&mut random);
        paused(days::daily(Wire::Memory, way, 120, seed))?;
    }
    Ok(())
}

/// Twelve accounts; now and then a worker that sleeps for longer than its lease.
fn by_workers(server: &Server, seed: u64) -> Result<()> {
    let program = Program::beside()?;
    threads(workers::killed(&program, server, seed, 4))?;
    match seed.is_multiple_of(10) {
        true => threads(workers::frozen(&program, server, seed, 4)),
        false => Ok(()),
    }
}

fn measure(way: Way, orders: usize) -> Result<()> {
    let cost = threads(size::pull(&Program::beside()?, way, orders))?;
    println!(
        "{way:?}: {} orders in {} s, {} orders/s, {} requests, peak memory {} MiB, file {} MiB",
        cost.orders,
        cost.time.as_secs(),
        cost.orders_per_second(),
        cost.requests,
        cost.peak_memory
            .map_or_else(|| "?".to_owned(), |kib| (kib / 1024).to_string()),
        cost.file / 1_048_576,
    );
    Ok(())
}

/// In paused time, on this thread.
fn paused<T>(proof: impl Future<Output = Result<T>>) -> Result<T> {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let runtime = builder.enable_all().start_paused(true).build();
    runtime.map_err(|error| error.to_string())?.block_on(proof)
}

/// In real time, with the sandbox on threads of its own.
fn threads<T>(proof: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    runtime.map_err(|error| error.to_string())?.block_on(proof)
}
