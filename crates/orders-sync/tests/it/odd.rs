//! A vendor of the simulator that tells untruths.

use std::sync::atomic::{AtomicU64, Ordering};

use orders_core::{
    Account, Capabilities, Cursor, Error, ErrorKind, Order, OrderRef, OrderSource, Page, Query,
    Slice, Slices,
};
use orders_sync::{Options, Report, Store, pull};

use crate::bench::tools;
use crate::sim::Sim;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Neither pages nor look-ups have anything.
    NothingAtAll,
    /// Look-ups find nothing.
    FindsNothing,
    /// The third page is the last, of 3 orders in all.
    ShrunkTotal,
    /// No page says a total, and the third is empty.
    NoTotal,
    /// The total is 100 at most.
    CappedTotal,
    /// No page says a total.
    NeverTotal,
    /// Look-ups find another order.
    FindsAnother,
    /// This page has no rows, and is the last.
    EmptyPage(u64),
    /// An answer without rows lacks its list.
    EmptyWithoutList,
    /// No page has rows; look-ups find what there is.
    EmptyPages,
    /// No page has rows, and look-ups fail.
    Down,
    /// Look-ups fail.
    LookUpsFail,
    /// This order has no id, and nobody may ask for it by another.
    Nameless(u64),
    /// These two orders have no id, and one text.
    Twins([u64; 2]),
    /// The id of this order is that of a book.
    LongId(u64),
    /// The client does not send a look-up of this order.
    Refuses(u64),
}

fn name(id: u64) -> String {
    format!("o{id:06}")
}

#[derive(Debug)]
pub(crate) struct Faulty<'a> {
    sim: &'a Sim,
    fault: Fault,
    pages: AtomicU64,
}

impl<'a> Faulty<'a> {
    pub(crate) fn new(sim: &'a Sim, fault: Fault) -> Self {
        Self {
            sim,
            fault,
            pages: AtomicU64::new(0),
        }
    }

    pub(crate) async fn run(&self, store: &Store, options: &Options) -> Report {
        pull(self, store, options, &tools(self.sim)).await.unwrap()
    }
}

#[async_trait::async_trait]
impl OrderSource for Faulty<'_> {
    fn account(&self) -> &Account {
        self.sim.account()
    }

    fn capabilities(&self) -> Capabilities {
        self.sim.capabilities()
    }

    async fn slices(&self, query: &Query, after: Option<&Cursor>) -> Result<Slices, Error> {
        self.sim.slices(query, after).await
    }

    async fn page(&self, slice: &Slice, cursor: Option<&Cursor>) -> Result<Page, Error> {
        let mut page = self.sim.page(slice, cursor).await?;
        let nth = self.pages.fetch_add(1, Ordering::SeqCst) + 1;
        let mut empty = false;
        match self.fault {
            Fault::EmptyPages | Fault::Down => {
                (empty, page.total) = (true, page.total.and(Some(0)))
            }
            Fault::Nameless(id) => {
                let mut orders = page.orders.iter_mut();
                let name = name(id);
                if let Some(order) = orders.find(|order| order.id == name) {
                    order.id.clear();
                }
            }
            Fault::LongId(id) => {
                let mut orders = page.orders.iter_mut();
                let name = name(id);
                if let Some(order) = orders.find(|order| order.id == name) {
                    // Of bytes that a database cannot compress.
                    let hashes = (0..900_u64).map(|at| at.wrapping_mul(0x9E37_79B9_7F4A_7C15));
                    order.id = hashes.map(|hash| format!("{hash:016x}")).collect();
                }
            }
            Fault::Twins(ids) => {
                let names = ids.map(name);
                let twins = page.orders.iter_mut();
                for order in twins.filter(|order| names.contains(&order.id)) {
                    order.id.clear();
                    order.raw = b"{\"amount\":1.50}".to_vec().into();
                }
            }
            Fault::NothingAtAll => (empty, page.total) = (true, Some(0)),
            Fault::ShrunkTotal if nth == 3 => (page.next, page.total) = (None, Some(3)),
            Fault::NoTotal => (empty, page.total) = (nth == 3, None),
            Fault::EmptyPage(at) => empty = nth == at,
            Fault::NeverTotal => page.total = None,
            Fault::EmptyWithoutList if page.sent == 0 => {
                return Err(Error::missing_list("Data", "no list"));
            }
            Fault::CappedTotal => page.total = page.total.map(|total| total.min(100)),
            _ => {}
        }
        if empty {
            page.orders.clear();
            page.unreadable.clear();
            page.sent = 0;
            (page.next, page.full) = (None, false);
        }
        Ok(page)
    }

    async fn fetch(&self, reference: &OrderRef) -> Result<Option<Order>, Error> {
        assert!(!reference.id.starts_with("content:"), "{reference:?}");
        match self.fault {
            Fault::Refuses(id) if reference.id == name(id) => {
                return Err(Error::invalid_request("the number must not be empty"));
            }
            Fault::Down | Fault::LookUpsFail => {
                return Err(Error::new(ErrorKind::Server, "oops").with_status(500));
            }
            _ => {}
        }
        let mut reference = reference.clone();
        if self.fault == Fault::FindsAnother {
            reference.id = self.sim.world().rows[0].name();
        }
        let found = self.sim.fetch(&reference).await?;
        let blind = matches!(self.fault, Fault::NothingAtAll | Fault::FindsNothing);
        Ok(found.filter(|_| !blind))
    }

    async fn count(&self, slice: &Slice) -> Result<Option<u64>, Error> {
        self.sim.count(slice).await
    }
}
