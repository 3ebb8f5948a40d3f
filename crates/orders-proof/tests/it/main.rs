//! Some of the proofs, each time; `cargo xtask soak` runs more.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod altered;
mod days;
mod kills;
mod payments;
mod postgres;
mod pushes;
mod readers;
mod seeds;
mod size;
mod user_agents;
#[cfg(unix)]
mod workers;

use std::sync::atomic::{AtomicU64, Ordering};

/// Runs two hundred histories, each in paused time, on two threads: otherwise the last test of all leaves a core idle.
fn each_seed<T: Send, F: Future<Output = orders_proof::Result<T>>>(
    history: impl Fn(u64) -> F + Sync,
) -> Vec<T> {
    let next = AtomicU64::new(0);
    let some = || {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_all().start_paused(true).build().unwrap();
        let seeds = std::iter::from_fn(|| Some(next.fetch_add(1, Ordering::Relaxed)));
        let seeds = seeds.take_while(|seed| *seed < 200);
        let lived = seeds.map(|seed| runtime.block_on(history(seed)));
        lived
            .map(|seen| seen.unwrap_or_else(|why| panic!("{why}")))
            .collect::<Vec<_>>()
    };
    std::thread::scope(|scope| {
        let threads = [scope.spawn(some), scope.spawn(some)];
        let seen = threads.map(|thread| thread.join().unwrap());
        seen.into_iter().flatten().collect()
    })
}
