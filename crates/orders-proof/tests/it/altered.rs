//! A vendor that sends other types, words and fields from now on: all of it is stored as it was sent.

use std::collections::BTreeMap;

use orders_proof::compare;
use orders_proof::connect::{Way, Wire};
use orders_proof::scenario::{options, tools, until_complete};
use orders_sandbox::{Fault, FaultRule, Sandbox};
use orders_sync::{Mode, Options, Outcome, SqliteStore, pull};

#[tokio::test(start_paused = true)]
async fn what_a_vendor_sends_is_what_is_stored() {
    for way in Way::ALL {
        for fault in [
            Fault::ChangedTypes,
            Fault::UnknownWords,
            Fault::UnknownFields,
        ] {
            let builder = Sandbox::builder().seed(3).orders(260);
            let sandbox = Wire::Memory.start(builder).await.unwrap();
            let source = Wire::Memory.source(&sandbox, way, 3).unwrap();
            let mut store = SqliteStore::in_memory().unwrap();
            sandbox.set_faults(1, vec![FaultRule::new(fault)]);
            let options = options(way, &sandbox);
            until_complete(&*source, &mut store, &options, &sandbox)
                .await
                .unwrap();
            let truth = compare::truth(&sandbox, way).into_iter();
            let sent = truth.map(|(id, json)| (id, fault.altered(way.vendor(), &json)));
            let sent: BTreeMap<_, _> = sent.collect();
            compare::assert_equal(&store, &sent)
                .unwrap_or_else(|why| panic!("{way:?}, {}: {why}", fault.name()));
        }
    }
}

/// What cannot be read is a gap, never a complete pull; and it is filled when it can be read again.
#[tokio::test(start_paused = true)]
async fn what_nobody_can_read_is_a_gap_until_it_can_be_read() {
    for way in Way::ALL {
        let builder = Sandbox::builder().seed(4).orders(120);
        let sandbox = Wire::Memory.start(builder).await.unwrap();
        let source = Wire::Memory.source(&sandbox, way, 4).unwrap();
        let mut store = SqliteStore::in_memory().unwrap();
        let regular = options(way, &sandbox);
        sandbox.set_faults(1, vec![FaultRule::new(Fault::BrokenTypes)]);
        for _ in 0..2 {
            let report = pull(&*source, &mut store, &regular, &tools(&sandbox)).await;
            let summary = report.unwrap().summary;
            assert_ne!(summary.outcome, Outcome::Complete, "{way:?}: {summary:?}");
        }
        assert!(compare::stored(&store).unwrap().is_empty(), "{way:?}");
        sandbox.clear_faults();
        let again = Options {
            mode: Mode::Update,
            ..regular
        };
        until_complete(&*source, &mut store, &again, &sandbox)
            .await
            .unwrap_or_else(|why| panic!("{way:?}: {why}"));
        compare::assert_equal(&store, &compare::truth(&sandbox, way))
            .unwrap_or_else(|why| panic!("{way:?}: {why}"));
    }
}

/// No record of one page of Clink's list can be read: the others are stored all the same, and nothing is requested again.
#[tokio::test(start_paused = true)]
async fn a_bad_page_hides_no_other_page() {
    let builder = Sandbox::builder().seed(5).orders(260);
    let sandbox = Wire::Memory.start(builder).await.unwrap();
    let source = Wire::Memory.source(&sandbox, Way::Clink, 5).unwrap();
    let mut store = SqliteStore::in_memory().unwrap();
    let regular = options(Way::Clink, &sandbox);
    // A run that stops behind the first page tells the number of the request for the second.
    let first = Options {
        max_orders: Some(50),
        ..regular.clone()
    };
    let mut scratch = SqliteStore::in_memory().unwrap();
    let stopped = pull(&*source, &mut scratch, &first, &tools(&sandbox)).await;
    assert_eq!(stopped.unwrap().summary.outcome, Outcome::Stopped);
    let second = sandbox.requests().len() as u64 + 1;
    sandbox.set_faults(1, vec![FaultRule::new(Fault::BrokenTypes).nth(second)]);
    let report = pull(&*source, &mut store, &regular, &tools(&sandbox)).await;
    let summary = report.unwrap().summary;
    assert_eq!(summary.outcome, Outcome::Incomplete, "{summary:?}");
    assert_eq!(compare::stored(&store).unwrap().len(), 260 - 50);
    sandbox.clear_faults();
    until_complete(&*source, &mut store, &regular, &sandbox)
        .await
        .unwrap();
    compare::assert_equal(&store, &compare::truth(&sandbox, Way::Clink)).unwrap();
}
