//! Pushes while pulling: in disorder, twice, late or never.

use std::collections::BTreeMap;

use orders_proof::connect::Way;
use orders_proof::pushing::live_through;

/// Two hundred seeds; each thing that can become of a push has to have happened.
async fn two_hundred(way: Way, expected: &[&str]) {
    let mut receipts: BTreeMap<&str, u64> = BTreeMap::new();
    let mut killed = 0;
    for seed in 0..200 {
        let seen = live_through(way, seed).await;
        let seen = seen.unwrap_or_else(|why| panic!("{why}"));
        for (word, times) in seen.receipts {
            *receipts.entry(word).or_default() += times;
        }
        killed += seen.killed;
    }
    let words: Vec<_> = receipts.keys().copied().collect();
    assert_eq!(words, expected, "{receipts:?}");
    assert!(killed > 50, "only {killed} runs were killed");
}

#[tokio::test(start_paused = true)]
async fn two_hundred_seeds_of_clink() {
    let all = [
        "adjusted",
        "changed",
        "due",
        "new",
        "not stored",
        "older",
        "repeated",
    ];
    two_hundred(Way::Clink, &all).await;
}

#[tokio::test(start_paused = true)]
async fn two_hundred_seeds_of_linkbest() {
    two_hundred(Way::Linkbest, &["due", "new", "older", "repeated"]).await;
}

#[tokio::test(start_paused = true)]
async fn two_hundred_seeds_of_a_shopline_store() {
    two_hundred(Way::ShoplineStore, &["changed", "new", "older", "repeated"]).await;
}

#[tokio::test(start_paused = true)]
async fn two_hundred_seeds_of_shopline_customers() {
    two_hundred(
        Way::ShoplineCustomers,
        &["changed", "new", "older", "repeated"],
    )
    .await;
}
