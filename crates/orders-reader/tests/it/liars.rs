//! The stream over vendors whose totals and pages are not what they should be.

#[path = "../liars/table.rs"]
mod table;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use orders_core::{
    Account, Capabilities, Cursor, Error, ErrorKind, Order, OrderSource, Page, Query, Slice, Slices,
};
use table::{End, Liar, PAGE, Said, liars};

#[derive(Debug)]
struct Source {
    account: Account,
    liar: Liar,
    requests: AtomicUsize,
}

#[async_trait]
impl OrderSource for Source {
    fn account(&self) -> &Account {
        &self.account
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::default()
    }

    async fn slices(&self, _: &Query, _: Option<&Cursor>) -> Result<Slices, Error> {
        Ok(Slices::new(vec![Slice::pass()]))
    }

    async fn page(&self, _: &Slice, cursor: Option<&Cursor>) -> Result<Page, Error> {
        let before = self.requests.fetch_add(1, Ordering::SeqCst);
        let page: usize = cursor.map_or(1, |cursor| cursor.as_str().parse().unwrap());
        let answer = self.liar.answer(before, page);
        let total = match answer.total {
            Said::Number(total) => Some(total),
            Said::Null | Said::Nothing => None,
        };
        let rows = answer
            .rows
            .ok_or_else(|| Error::missing_list("rows", "no list").with_total(total))?;
        let orders: Vec<Order> = rows
            .map(|number| Order::new("liar", "main", number.to_string()))
            .collect();
        let (some, full) = (!orders.is_empty(), orders.len() >= PAGE);
        Ok(Page::new(orders)
            .with_next(some.then(|| Cursor::new((page + 1).to_string())))
            .with_full(full)
            .with_total(total))
    }
}

#[tokio::test]
async fn every_order_comes_or_the_stream_says_that_they_did_not() {
    for liar in liars() {
        let source = Arc::new(Source {
            account: Account::new("liar", "main"),
            liar,
            requests: AtomicUsize::new(0),
        });
        let mut orders = orders_reader::read(source.clone(), Query::everything());
        let (mut came, mut failed) = (BTreeSet::new(), None);
        while let Some(order) = orders.next().await {
            match order {
                Ok(order) => assert!(came.insert(order.id), "{liar:?}: an order came twice"),
                Err(error) => failed = Some(error),
            }
        }
        let end = match (&failed, orders.proof()) {
            (Some(error), None) => {
                let kinds = [ErrorKind::Incomplete, ErrorKind::Stalled, ErrorKind::Decode];
                assert!(kinds.contains(&error.kind()), "{liar:?}: {error}");
                End::Refused
            }
            (None, Some(proof)) if proof.is_unproven() => End::Unproven,
            (None, Some(_)) => End::Complete,
            other => panic!("{liar:?}: {other:?}"),
        };
        assert_eq!(end, liar.end, "{}, {liar:?}: {failed:?}", liar.name);
        if end != End::Refused {
            assert_eq!(came.len(), liar.orders, "{liar:?}");
        }
        let requests = source.requests.load(Ordering::SeqCst);
        assert!(requests <= 60, "{liar:?}: {requests} requests");
    }
}
