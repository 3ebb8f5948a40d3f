//! `kill -9` of the real program.

use orders_proof::connect::Way;
use orders_proof::program::{Program, killed_at};
use orders_proof::random::Random;
use orders_proof::stores::Place;
use orders_sync::Point;

async fn at_every_point(way: Way) {
    let program = Program::beside().unwrap();
    for point in Point::ALL {
        // Where a run passes a point once, the second passing is its end: it is then no kill, but still has to be true.
        let mut reached = 0;
        for nth in [1, 3] {
            let seed = 40 + nth;
            let killed = killed_at(&program, Place::Sqlite, way, point.as_str(), nth, seed).await;
            reached += u32::from(killed.unwrap_or_else(|why| panic!("{why}")));
        }
        assert!(reached > 0, "{way:?} never passes {}", point.as_str());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clink_at_every_point() {
    at_every_point(Way::Clink).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn linkbest_at_every_point() {
    at_every_point(Way::Linkbest).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shopline_store_at_every_point() {
    at_every_point(Way::ShoplineStore).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shopline_customers_at_every_point() {
    at_every_point(Way::ShoplineCustomers).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_random() {
    let program = Program::beside().unwrap();
    let mut reached = 0;
    for seed in 0..16 {
        let mut random = Random::new(seed, 4);
        let way = *random.one(&Way::ALL).unwrap();
        let nth = 1 + random.below(60);
        let killed = killed_at(&program, Place::Sqlite, way, "any", nth, seed).await;
        reached += u32::from(killed.unwrap_or_else(|why| panic!("{why}")));
    }
    assert!(reached > 4, "only {reached} of 16 runs were killed");
}
