//! Pushes while pulling: in disorder, twice, late or never.

use std::collections::BTreeMap;

use orders_proof::connect::Way;
use orders_proof::pushing::live_through;

use crate::each_seed;

/// Two hundred seeds; each thing that can become of a push has to have happened.
fn two_hundred(way: Way, expected: &[&str]) {
    let mut receipts: BTreeMap<&str, u64> = BTreeMap::new();
    let mut killed = 0;
    for seen in each_seed(|seed| live_through(way, seed)) {
        for (word, times) in seen.receipts {
            *receipts.entry(word).or_default() += times;
        }
        killed += seen.killed;
    }
    let words: Vec<_> = receipts.keys().copied().collect();
    assert_eq!(words, expected, "{receipts:?}");
    assert!(killed > 50, "only {killed} runs were killed");
}

#[test]
fn two_hundred_seeds_of_clink() {
    let all = [
        "adjusted",
        "changed",
        "due",
        "new",
        "not stored",
        "older",
        "repeated",
    ];
    two_hundred(Way::Clink, &all);
}

#[test]
fn two_hundred_seeds_of_linkbest() {
    two_hundred(Way::Linkbest, &["due", "new", "older", "repeated"]);
}

#[test]
fn two_hundred_seeds_of_a_shopline_store() {
    two_hundred(Way::ShoplineStore, &["changed", "new", "older", "repeated"]);
}

#[test]
fn two_hundred_seeds_of_shopline_customers() {
    two_hundred(
        Way::ShoplineCustomers,
        &["changed", "new", "older", "repeated"],
    );
}
