//! Many accounts, pulled by workers that are killed, frozen, and lose their database.

use std::path::PathBuf;

use orders_proof::program::Program;
use orders_proof::workers::{Works, frozen, killed};
use test_postgres::{Durability, leave_out, own};

/// The program, if it has workers.
fn program() -> Option<PathBuf> {
    let program = Program::beside().unwrap();
    if Works::are_known_to(&program).unwrap() {
        return Some(program);
    }
    leave_out(
        "the program is built without workers: cargo test --workspace --features orders-cli/workers",
    );
    None
}

/// Forty-two accounts, then a few with other seeds.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_workers_and_a_server_that_goes_away_lose_nothing() {
    let (Some(program), Some(server)) = (program(), own(Durability::Fast)) else {
        return;
    };
    for (seed, sandboxes) in [(7, 14), (1, 3), (2, 3), (3, 3), (4, 3)] {
        let done = killed(&program, &server, seed, sandboxes).await;
        done.unwrap_or_else(|why| panic!("{why}"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frozen_worker_that_wakes_up_stores_nothing_wrong() {
    let (Some(program), Some(server)) = (program(), own(Durability::Fast)) else {
        return;
    };
    let done = frozen(&program, &server, 8, 14).await;
    done.unwrap_or_else(|why| panic!("{why}"));
}
