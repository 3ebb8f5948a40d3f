//! Months of daily pulls.

use orders_proof::connect::{Way, Wire};
use orders_proof::days::daily;

async fn a_hundred_and_twenty_days(way: Way) {
    let cost = daily(Wire::Memory, way, 120, 11).await;
    let cost = cost.unwrap_or_else(|why| panic!("{why}"));
    assert!(cost.changed > 500, "orders go on changing: {cost:?}");
    assert!(cost.requests <= 2 * cost.planned, "{way:?}: {cost:?}");
    assert!(
        cost.planned <= 3 * cost.requests,
        "a plan that foretells too much is no plan: {way:?}: {cost:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn commissions_mature_over_a_hundred_and_twenty_days() {
    a_hundred_and_twenty_days(Way::Linkbest).await;
}

#[tokio::test(start_paused = true)]
async fn payments_are_refunded_over_a_hundred_and_twenty_days() {
    a_hundred_and_twenty_days(Way::Clink).await;
}

#[tokio::test(start_paused = true)]
async fn a_store_lives_a_hundred_and_twenty_days() {
    a_hundred_and_twenty_days(Way::ShoplineStore).await;
}

#[tokio::test(start_paused = true)]
async fn customers_buy_for_a_hundred_and_twenty_days() {
    a_hundred_and_twenty_days(Way::ShoplineCustomers).await;
}
