//! Pulls of vendors whose totals and pages are not what they should be: the table that holds for streams.

#[path = "../../../orders-reader/tests/liars/table.rs"]
mod table;

use std::sync::atomic::{AtomicUsize, Ordering};

use orders_core::{
    Account, Capabilities, Cursor, Error, Order, OrderSource, Page, Query, Slice, Slices,
};
use orders_sync::{Context, Options, Outcome, pull};
use table::{End, Liar, PAGE, Said, liars};

use crate::bench::fresh;

#[derive(Debug)]
struct Source {
    account: Account,
    liar: Liar,
    requests: AtomicUsize,
}

#[async_trait::async_trait]
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

/// A pull ends as the stream does. It may do better where a failed page is requested once more.
#[tokio::test(start_paused = true)]
async fn every_order_is_stored_or_the_pull_is_incomplete() {
    for liar in liars() {
        let source = Source {
            account: Account::new("liar", "main"),
            liar,
            requests: AtomicUsize::new(0),
        };
        let store = fresh().await;
        let options = Options::default();
        let report = pull(&source, &store, &options, &Context::default()).await;
        let summary = report.unwrap().summary;
        let (name, live) = (liar.name, store.live(&source.account).await.unwrap());
        match (liar.end, summary.outcome) {
            (End::Refused, Outcome::Incomplete) => assert!(summary.gaps > 0, "{name}"),
            (_, Outcome::Complete) => {
                assert_eq!(live, liar.orders as u64, "{name}: {liar:?}");
                assert_eq!(summary.unproven, liar.end == End::Unproven, "{liar:?}");
            }
            other => panic!(
                "{liar:?}: {other:?}, {:?}",
                store.gaps(&source.account).await
            ),
        }
        assert!(summary.requests <= 60, "{liar:?}: {}", summary.requests);
    }
}
