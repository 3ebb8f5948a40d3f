//! Pulled == truth after faults, races and kills.

use std::collections::BTreeMap;

use orders_proof::connect::{Way, Wire};
use orders_proof::scenario::live_through;
use orders_proof::trouble::Trouble;

/// Two hundred seeds in memory; every trouble has to have happened.
async fn two_hundred(way: Way) {
    let mut fired: BTreeMap<&str, u64> = BTreeMap::new();
    let mut killed = 0;
    for seed in 0..200 {
        let seen = live_through(Wire::Memory, way, seed).await;
        let seen = seen.unwrap_or_else(|why| panic!("{why}"));
        for (name, times) in seen.fired {
            *fired.entry(name).or_default() += times;
        }
        killed += seen.killed;
    }
    let all = Trouble::all();
    let expected = all.iter().filter(|trouble| trouble.befalls(way)).count();
    assert_eq!(fired.len(), expected, "some never fired: {fired:?}");
    assert!(killed > 100, "only {killed} runs were killed");
}

#[tokio::test(start_paused = true)]
async fn two_hundred_seeds_of_clink() {
    two_hundred(Way::Clink).await;
}

#[tokio::test(start_paused = true)]
async fn two_hundred_seeds_of_linkbest() {
    two_hundred(Way::Linkbest).await;
}

#[tokio::test(start_paused = true)]
async fn two_hundred_seeds_of_a_shopline_store() {
    two_hundred(Way::ShoplineStore).await;
}

#[tokio::test(start_paused = true)]
async fn two_hundred_seeds_of_shopline_customers() {
    two_hundred(Way::ShoplineCustomers).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_fault_and_race_over_real_sockets() {
    for seed in 0..Trouble::all().len() as u64 {
        let way = Way::ALL[usize::try_from(seed % 4).unwrap()];
        let seen = live_through(Wire::Sockets, way, seed).await;
        seen.unwrap_or_else(|why| panic!("{why}"));
    }
}
