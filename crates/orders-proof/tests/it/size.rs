//! Ten times the orders, the same memory.

use orders_proof::connect::Way;
use orders_proof::program::Program;
use orders_proof::size::pull;

#[cfg(target_os = "linux")]
async fn same_memory(way: Way) {
    let program = Program::beside().unwrap();
    let few = pull(&program, way, 10_000).await.unwrap();
    let many = pull(&program, way, 100_000).await.unwrap();
    assert_eq!((few.orders, many.orders), (10_000, 100_000));
    let (few, many) = (few.peak_memory.unwrap(), many.peak_memory.unwrap());
    assert!(
        many <= few + few / 4,
        "{way:?}: {few} KiB for 10,000 orders, {many} KiB for 100,000"
    );
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_does_not_grow_with_windows() {
    same_memory(Way::Linkbest).await;
}
