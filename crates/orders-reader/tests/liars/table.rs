//! Vendors of a counted list whose totals or pages are not what they should be. Everything that reads such a list is held
//! against this table: it gives every order and ends as complete, or it says that the list is not complete.

use std::ops::Range;

/// How many rows a client requests a page.
pub(crate) const PAGE: usize = 50;

/// One vendor.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Liar {
    pub(crate) name: &'static str,
    /// How many orders it has.
    pub(crate) orders: usize,
    /// The most rows that it puts on a page, whatever is requested.
    cap: usize,
    total: Total,
    pages: Pages,
    pub(crate) end: End,
}

/// What it says of the number of orders.
#[derive(Clone, Copy, Debug)]
enum Total {
    Always(u64),
    /// No member at all.
    Absent,
    Null,
    /// `null` in this answer (from 0), else the truth.
    NullIn(usize),
    /// So much, one less in each further answer, down to the truth.
    Shrinking(u64),
    /// One less in each answer, for ever.
    ShrinkingForEver(u64),
    /// So much, one more in each further answer, up to the truth.
    Growing(u64),
    /// One more in each answer, for ever.
    GrowingForEver(u64),
    /// As many as came so far.
    SoFar,
    /// So much behind the last order, and `null` before.
    Behind(u64),
}

/// What is odd about its pages.
#[derive(Clone, Copy, Debug)]
enum Pages {
    Right,
    /// This answer (from 0) is empty, once.
    EmptyIn(usize),
    /// This answer is the page before it, once.
    RepeatedIn(usize),
    /// Every answer is the first page.
    AlwaysFirst,
    /// Behind the last order the list is missing.
    MissingBehind,
    /// In this answer the list is missing.
    MissingIn(usize),
}

/// How the reading ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// All orders came, as many as the vendor counts.
    Complete,
    /// All orders came, and nothing proves it.
    Unproven,
    /// An error says that the list is not complete.
    Refused,
}

/// The total of one answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    Number(u64),
    Null,
    Nothing,
}

/// One answer: the numbers of its orders (`None`: the list is missing) and the total.
pub(crate) struct Answer {
    pub(crate) rows: Option<Range<usize>>,
    pub(crate) total: Said,
}

impl Liar {
    /// The answer to the request for a page (from 1), `before` requests after the first.
    pub(crate) fn answer(&self, before: usize, page: usize) -> Answer {
        let size = PAGE.min(self.cap);
        let (page, shown) = match self.pages {
            Pages::AlwaysFirst => (1, true),
            Pages::RepeatedIn(answer) if answer == before => (page - 1, true),
            Pages::EmptyIn(answer) => (page, answer != before),
            _ => (page, true),
        };
        let first = ((page - 1) * size).min(self.orders);
        let last = match shown {
            true => (first + size).min(self.orders),
            false => first,
        };
        let missing = match self.pages {
            Pages::MissingBehind => first == last,
            Pages::MissingIn(answer) => answer == before,
            _ => false,
        };
        Answer {
            rows: (!missing).then_some(first..last),
            total: self.total(before, page * size, first == self.orders),
        }
    }

    fn total(&self, before: usize, so_far: usize, behind: bool) -> Said {
        let (truth, before_u64) = (self.orders as u64, before as u64);
        Said::Number(match self.total {
            Total::Always(total) => total,
            Total::Absent => return Said::Nothing,
            Total::Null => return Said::Null,
            Total::NullIn(answer) if answer == before => return Said::Null,
            Total::NullIn(_) => truth,
            Total::Shrinking(from) => from.saturating_sub(before_u64).max(truth),
            Total::ShrinkingForEver(from) => from.saturating_sub(before_u64),
            Total::Growing(from) => (from + before_u64).min(truth),
            Total::GrowingForEver(from) => from + before_u64,
            Total::SoFar => truth.min(so_far as u64),
            Total::Behind(total) if behind => total,
            Total::Behind(_) => return Said::Null,
        })
    }
}

/// All of them.
pub(crate) fn liars() -> Vec<Liar> {
    use End::{Complete, Refused, Unproven};
    use Pages::{AlwaysFirst, EmptyIn, MissingBehind, MissingIn, RepeatedIn, Right};
    let liar = |name, orders, cap, total, pages, end| Liar {
        name,
        orders,
        cap,
        total,
        pages,
        end,
    };
    let mut all = Vec::new();
    for orders in [120, 100] {
        for cap in [50, 20] {
            for total in [0, 7, 50, 119, 121] {
                let total = Total::Always(total);
                all.push(liar("a wrong total", orders, cap, total, Right, Refused));
                all.push(liar(
                    "a wrong total, null behind",
                    orders,
                    cap,
                    total,
                    MissingBehind,
                    Refused,
                ));
            }
            let truth = Total::Always(orders as u64);
            let more = orders as u64 + 3;
            for (name, total, pages, end) in [
                ("the truth", truth, Right, Complete),
                ("null behind the last order", truth, MissingBehind, Complete),
                ("no total", Total::Absent, Right, Unproven),
                ("null for a total", Total::Null, Right, Unproven),
                (
                    "null for a total at first",
                    Total::NullIn(0),
                    Right,
                    Complete,
                ),
                ("null for a total once", Total::NullIn(1), Right, Complete),
                ("a shrinking total", Total::Shrinking(more), Right, Complete),
                (
                    "a total that shrinks for ever",
                    Total::ShrinkingForEver(more),
                    Right,
                    Refused,
                ),
                (
                    "a growing total",
                    Total::Growing(orders as u64 - 2),
                    Right,
                    Complete,
                ),
                (
                    "a total that grows for ever",
                    Total::GrowingForEver(more),
                    Right,
                    Refused,
                ),
                ("an empty page at first", truth, EmptyIn(0), Complete),
                ("an empty page once", truth, EmptyIn(1), Complete),
                (
                    "an empty last page once",
                    truth,
                    EmptyIn(orders / cap),
                    Complete,
                ),
                (
                    "an empty page once, no total",
                    Total::Null,
                    EmptyIn(1),
                    Unproven,
                ),
                (
                    "an empty page at first, no total",
                    Total::Absent,
                    EmptyIn(0),
                    Unproven,
                ),
                ("a page twice", truth, RepeatedIn(1), Complete),
                (
                    "a page twice, no total",
                    Total::Null,
                    RepeatedIn(1),
                    Unproven,
                ),
                ("the first page for ever", truth, AlwaysFirst, Refused),
                (
                    "the first page for ever, no total",
                    Total::Null,
                    AlwaysFirst,
                    Refused,
                ),
                ("null before the last order", truth, MissingIn(1), Refused),
            ] {
                all.push(liar(name, orders, cap, total, pages, end));
            }
            let name = "a total beside the missing list only";
            let truth = orders as u64;
            for (total, end) in [
                (truth, Complete),
                (truth + 1, Refused),
                (truth - 1, Refused),
            ] {
                let total = Total::Behind(total);
                all.push(liar(name, orders, cap, total, MissingBehind, end));
            }
        }
    }
    // With pages capped below what is requested nothing would show that the first page is not all.
    all.push(liar(
        "a total of what came so far",
        120,
        50,
        Total::SoFar,
        Right,
        Complete,
    ));
    all
}
