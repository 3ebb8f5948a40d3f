//! A vendor that sends other types, words and fields from now on: all of it is stored as it was sent.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use orders_core::OrderSource;
use orders_http::{Transport, TransportError, TransportLimits};
use orders_proof::compare;
use orders_proof::connect::{InMemory, Way, Wire, connect};
use orders_proof::scenario::{options, tools, until_complete};
use orders_sandbox::{Fault, FaultRule, Sandbox};
use orders_sync::{Missing, Mode, Options, Outcome, Store, pull};

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
            let store = Store::in_memory().unwrap();
            sandbox.set_faults(1, vec![FaultRule::new(fault)]);
            let options = options(way, &sandbox);
            until_complete(&*source, &store, &options, &sandbox)
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
        let store = Store::in_memory().unwrap();
        let regular = options(way, &sandbox);
        sandbox.set_faults(1, vec![FaultRule::new(Fault::BrokenTypes)]);
        for _ in 0..2 {
            let report = pull(&*source, &store, &regular, &tools(&sandbox)).await;
            let summary = report.unwrap().summary;
            assert_ne!(summary.outcome, Outcome::Complete, "{way:?}: {summary:?}");
        }
        assert!(compare::stored(&store).unwrap().is_empty(), "{way:?}");
        sandbox.clear_faults();
        let again = Options {
            mode: Mode::Update,
            ..regular
        };
        until_complete(&*source, &store, &again, &sandbox)
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
    let store = Store::in_memory().unwrap();
    let regular = options(Way::Clink, &sandbox);
    // A run that stops behind the first page tells the number of the request for the second.
    let first = Options {
        max_orders: Some(50),
        ..regular.clone()
    };
    let scratch = Store::in_memory().unwrap();
    let stopped = pull(&*source, &scratch, &first, &tools(&sandbox)).await;
    assert_eq!(stopped.unwrap().summary.outcome, Outcome::Stopped);
    let second = sandbox.requests().len() as u64 + 1;
    sandbox.set_faults(1, vec![FaultRule::new(Fault::BrokenTypes).nth(second)]);
    let report = pull(&*source, &store, &regular, &tools(&sandbox)).await;
    let summary = report.unwrap().summary;
    assert_eq!(summary.outcome, Outcome::Incomplete, "{summary:?}");
    assert_eq!(compare::stored(&store).unwrap().len(), 260 - 50);
    sandbox.clear_faults();
    until_complete(&*source, &store, &regular, &sandbox)
        .await
        .unwrap();
    compare::assert_equal(&store, &compare::truth(&sandbox, Way::Clink)).unwrap();
}

/// Answers of the sandbox in which one order has an amount that is none.
#[derive(Debug)]
struct OneOddOrder {
    sandbox: InMemory,
    order: String,
    odd: String,
}

#[async_trait]
impl Transport for OneOddOrder {
    async fn send(
        &self,
        request: http::Request<Bytes>,
        limits: TransportLimits,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let answer = self.sandbox.send(request, limits).await?;
        Ok(answer.map(|body| {
            let text = std::str::from_utf8(&body).unwrap();
            Bytes::from(text.replace(&self.order, &self.odd))
        }))
    }
}

/// The text of an order with `{}` in the place of its first value of this name.
fn with_odd(order: &str, name: &str) -> String {
    let at = order.find(&format!("\"{name}\":")).unwrap() + name.len() + 3;
    let rest = &order[at..];
    let end = rest.find([',', '}']).unwrap();
    format!("{}{{}}{}", &order[..at], &rest[end..])
}

/// One strict leaf of one order is odd: the others are stored by the same requests, and one gap names order and path.
#[tokio::test(start_paused = true)]
async fn one_odd_amount_costs_no_other_order_and_no_request() {
    for (way, amount) in [
        (Way::Clink, "amountTotal"),
        (Way::Linkbest, "OrdersPrice"),
        (Way::ShoplineStore, "current_total_price"),
        (Way::ShoplineCustomers, "current_total_price"),
    ] {
        let mut requests = Vec::new();
        for odd in [false, true] {
            let sandbox = Wire::Memory
                .start(Sandbox::builder().seed(6).orders(150))
                .await;
            let sandbox = sandbox.unwrap();
            let mut truth = compare::truth(&sandbox, way);
            let id = truth.keys().nth(70).unwrap().clone();
            let mut client = Wire::Memory.options(&sandbox, 6);
            if odd {
                let order = truth.remove(&id).unwrap();
                client = client.transport(Arc::new(OneOddOrder {
                    sandbox: InMemory(Arc::clone(&sandbox)),
                    odd: with_odd(&order, amount),
                    order,
                }));
            }
            let source: Arc<dyn OrderSource> = Arc::from(connect(&sandbox, way, client).unwrap());
            let store = Store::in_memory().unwrap();
            let regular = options(way, &sandbox);
            let report = pull(&*source, &store, &regular, &tools(&sandbox)).await;
            let summary = report.unwrap().summary;
            requests.push(summary.requests);
            compare::assert_equal(&store, &truth).unwrap_or_else(|why| panic!("{way:?}: {why}"));
            // A stored text gives the order that its page gave.
            let reader = Arc::clone(&source);
            let read = move |text: &Bytes| reader.read(text).unwrap();
            let now = tools(&sandbox).clock.now();
            let done = store
                .remap(source.account(), u32::MAX, now, read)
                .await
                .unwrap();
            assert_eq!(
                (done.read, done.changed, done.kept),
                (truth.len() as u64, 0, 0),
                "{way:?}"
            );
            let gaps = store.gaps(source.account()).await.unwrap();
            assert_eq!(gaps.len(), usize::from(odd), "{way:?}: {gaps:?}");
            for gap in gaps {
                assert_eq!(gap.missing, Missing::Record(id.clone()), "{way:?}");
                assert!(gap.path.unwrap().contains(amount), "{way:?}");
            }
        }
        assert_eq!(requests[0], requests[1], "{way:?}");
    }
}
