//! The same over Postgres: what a server, a network and other processes do to a store.

use std::path::PathBuf;
use std::process::{Child, Output, Stdio};
use std::time::Duration;

use chrono::TimeDelta;
use orders_proof::compare;
use orders_proof::connect::{Way, Wire};
use orders_proof::program::{Program, killed_at};
use orders_proof::scenario::live_through;
use orders_proof::stores::{Database, Place};
use orders_sandbox::{Fault, FaultRule, Sandbox, SandboxBuilder};
use test_postgres::{Durability, Server, leave_out, own, shared};

/// Some troubles alone, then some mixed.
async fn five(way: Way) {
    let Some(server) = shared() else { return };
    for seed in [2, 11, 17, 40, 41] {
        let seen = live_through(Wire::Memory, Place::Postgres(server), way, seed).await;
        seen.unwrap_or_else(|why| panic!("{why}"));
    }
}

#[tokio::test(start_paused = true)]
async fn five_seeds_of_clink() {
    five(Way::Clink).await;
}

#[tokio::test(start_paused = true)]
async fn five_seeds_of_linkbest() {
    five(Way::Linkbest).await;
}

#[tokio::test(start_paused = true)]
async fn five_seeds_of_a_shopline_store() {
    five(Way::ShoplineStore).await;
}

#[tokio::test(start_paused = true)]
async fn five_seeds_of_shopline_customers() {
    five(Way::ShoplineCustomers).await;
}

/// The program, if it can do this.
fn program() -> Option<PathBuf> {
    let program = Program::beside().unwrap();
    if Program::knows_postgres(&program).unwrap() {
        return Some(program);
    }
    leave_out(
        "the program is built without it: cargo test --workspace --features orders-cli/workers",
    );
    None
}

fn world(orders: usize) -> SandboxBuilder {
    let builder = Sandbox::builder().date(|now| now).seed(8).orders(orders);
    builder.small(true).life(10).shopline_rate_limit(None)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_program_is_resumed() {
    let (Some(server), Some(program)) = (shared(), program()) else {
        return;
    };
    let mut reached = 0;
    for (way, point, nth) in [
        (Way::Clink, "committed", 2),
        (Way::Clink, "any", 9),
        (Way::Linkbest, "any", 17),
        (Way::ShoplineStore, "any", 6),
        (Way::ShoplineStore, "run-ending", 1),
        (Way::ShoplineCustomers, "any", 33),
    ] {
        let killed = killed_at(&program, Place::Postgres(server), way, point, nth, 60 + nth).await;
        reached += u32::from(killed.unwrap_or_else(|why| panic!("{why}")));
    }
    assert!(reached > 3, "only {reached} of 6 runs were killed");
}

/// Begins a pull and hands its output over at its end.
fn begin(program: &Program, sandbox: &Sandbox) -> Child {
    let mut pull = program.pull(sandbox).unwrap();
    let pull = pull.stdout(Stdio::piped()).stderr(Stdio::piped());
    pull.spawn().unwrap()
}

fn error_of(output: &Output) -> serde_json::Value {
    let text = String::from_utf8_lossy(&output.stderr);
    let line = text.lines().find(|line| line.starts_with('{'));
    line.and_then(|line| serde_json::from_str(line).ok())
        .unwrap_or_else(|| panic!("no error in {text}"))
}

/// The server is gone in the midst of a run, as by a crash, and comes back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_server_ends_the_run_and_the_next_one_completes() {
    let (Some(server), Some(executable)) = (own(Durability::Fast), program()) else {
        return;
    };
    for way in [Way::Clink, Way::Linkbest] {
        let sandbox = world(600).start().await.unwrap();
        // The run lasts seconds, and is stopped as soon as something is stored.
        let slow = FaultRule::new(Fault::Slow(Duration::from_millis(100)));
        sandbox.set_faults(1, vec![slow.every(1)]);
        let program = Program::new(&executable, Place::Postgres(&server), way).unwrap();
        let mut run = begin(&program, &sandbox);
        let stored = || {
            let tables = program.tables().unwrap();
            compare::number(&*tables, "SELECT count(*) FROM orders").unwrap_or(0)
        };
        while stored() == 0 {
            assert_eq!(run.try_wait().unwrap(), None, "it ended before");
        }
        server.stop_immediate().unwrap();
        let output = run.wait_with_output().unwrap();
        let error = error_of(&output);
        assert_eq!(output.status.code(), Some(1), "{way:?}: {error}");
        assert_eq!(error["kind"], "unreachable", "{error}");
        assert_eq!(error["retryable"], true, "{error}");
        // Without a server nothing begins.
        let output = begin(&program, &sandbox).wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{way:?}");
        assert_eq!(error_of(&output)["kind"], "unreachable");
        server.start_again().unwrap();
        sandbox.clear_faults();
        sandbox.advance(TimeDelta::days(8));
        program
            .until_complete(&sandbox)
            .unwrap_or_else(|why| panic!("{way:?}: {why}"));
        let truth = compare::truth(&sandbox, way);
        compare::assert_equal(&*program.tables().unwrap(), &truth)
            .unwrap_or_else(|why| panic!("{way:?}: {why}"));
    }
}

fn database(server: &Server) -> Database {
    Database(server.fresh().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_accounts_are_pulled_into_one_database_at_once() {
    let (Some(server), Some(executable)) = (shared(), program()) else {
        return;
    };
    let sandbox = world(300).start().await.unwrap();
    let database = database(server);
    let ways = [Way::Clink, Way::Linkbest, Way::ShoplineStore];
    let programs = ways.map(|way| Program::with(&executable, Some(database.clone()), way).unwrap());
    // The first two make the schema, too.
    for _ in 0..2 {
        let runs = programs.each_ref().map(|program| begin(program, &sandbox));
        for run in runs {
            let output = run.wait_with_output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(0), "{said}");
        }
        for way in ways {
            let provider = way.vendor().name();
            let sql = format!(
                "SELECT id, CAST(raw AS TEXT) FROM orders WHERE gone_at IS NULL AND provider = '{provider}'"
            );
            let stored = compare::texts(&database, &sql).unwrap();
            assert!(stored == compare::truth(&sandbox, way), "{way:?} differs");
        }
        sandbox.advance(TimeDelta::days(8));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_account_is_pulled_once_at_a_time() {
    let (Some(server), Some(executable)) = (shared(), program()) else {
        return;
    };
    let sandbox = world(200).start().await.unwrap();
    let way = Way::Linkbest;
    let program = Program::new(&executable, Place::Postgres(server), way).unwrap();
    let first = program.pause_at(&sandbox, "committed", 1).unwrap();
    let first = first.expect("the point is passed");
    let second = begin(&program, &sandbox).wait_with_output().unwrap();
    let error = error_of(&second);
    assert_eq!(second.status.code(), Some(8), "{error}");
    assert_eq!(error["kind"], "locked", "{error}");
    // Nobody waits for the lease of a process that is no more.
    first.kill().unwrap();
    program.until_complete(&sandbox).unwrap();
    compare::assert_equal(&*program.tables().unwrap(), &compare::truth(&sandbox, way)).unwrap();
}
