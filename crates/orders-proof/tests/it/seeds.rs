//! Pulled == truth after faults, races and kills.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use orders_proof::connect::{Way, Wire};
use orders_proof::scenario::{live_through, nothing_open, options, until_complete};
use orders_proof::stores::Place;
use orders_proof::trouble::Trouble;
use orders_sandbox::{EmptyList, Habits, Sandbox, Vendor};

use crate::each_seed;

/// Two hundred seeds in memory; every trouble has to have happened.
fn two_hundred(way: Way) {
    let mut fired: BTreeMap<&str, u64> = BTreeMap::new();
    let mut killed = 0;
    for seen in each_seed(|seed| live_through(Wire::Memory, Place::Sqlite, way, seed)) {
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

#[test]
fn two_hundred_seeds_of_clink() {
    two_hundred(Way::Clink);
}

#[test]
fn two_hundred_seeds_of_linkbest() {
    two_hundred(Way::Linkbest);
}

#[test]
fn two_hundred_seeds_of_a_shopline_store() {
    two_hundred(Way::ShoplineStore);
}

#[test]
fn two_hundred_seeds_of_shopline_customers() {
    two_hundred(Way::ShoplineCustomers);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_fault_and_race_over_real_sockets() {
    for seed in 0..Trouble::all().len() as u64 {
        let way = Way::ALL[usize::try_from(seed % 4).unwrap()];
        let seen = live_through(Wire::Sockets, Place::Sqlite, way, seed).await;
        seen.unwrap_or_else(|why| panic!("{why}"));
    }
}

/// A day that comes without its list shows nothing of its open orders: they are looked up.
#[tokio::test(start_paused = true)]
async fn open_orders_whose_day_has_no_list_are_looked_up() {
    let builder = Sandbox::builder().seed(9).orders(230).small(true).life(15);
    let sandbox = Wire::Memory.start(builder).await.unwrap();
    let source = Wire::Memory.source(&sandbox, Way::Linkbest, 9).unwrap();
    let kept = Place::Sqlite.empty().await.unwrap();
    let all = options(Way::Linkbest, &sandbox);
    until_complete(&*source, &kept.store, &all, &sandbox)
        .await
        .unwrap();
    sandbox.advance(TimeDelta::days(2));
    let habits = Habits::new().empty_list(EmptyList::Missing);
    sandbox.set_habits(Vendor::Linkbest, habits);
    nothing_open(&*source, &kept, Way::Linkbest, &sandbox)
        .await
        .unwrap();
}
