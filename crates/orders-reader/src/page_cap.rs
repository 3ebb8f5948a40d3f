//! How many rows a vendor puts on one page.

use serde::{Deserialize, Serialize};

use crate::answer::Answer;

/// No vendor is assumed to put fewer rows on a page that holds all it gives: below, a page as large as a proven last one
/// is taken for the last. Else an account with one order in each window would take twice the requests.
const LEAST_CAP: usize = 10;

/// What was learnt of the pages of windows: a cap below what is requested, and the largest page that is proven to be a
/// last one.
///
/// A list without a total ends with a page that is not full. Where the vendor caps its pages below what was requested,
/// every page looks so. So behind a page with more rows than any proven last one, page two is requested: where it has
/// no rows, the page was the last; where it has some, the cap is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PageCap {
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<u32>,
    proven: usize,
}

impl PageCap {
    /// A cap that an earlier reading found; nothing is proven yet.
    #[must_use]
    pub fn of(rows: Option<u32>) -> Self {
        Self { rows, proven: 0 }
    }

    /// The cap that was found, in rows; `None`: none below what is requested.
    #[must_use]
    pub fn rows(self) -> Option<u32> {
        self.rows
    }

    /// The same with what another reading of the same vendor proved: the largest last page.
    #[must_use]
    pub fn with_proven_by(mut self, other: Self) -> Self {
        self.proven = self.proven.max(other.proven);
        self
    }

    /// Whether more rows may exist than this page has: as many came as were requested, or as the vendor gives.
    pub(crate) fn is_full(self, answer: &Answer) -> bool {
        let capped = self.rows.is_some_and(|cap| answer.sent >= cap as usize);
        answer.full || answer.sent > 0 && capped
    }

    /// Whether only page two shows that a page of so many rows is the last.
    ///
    /// As many rows as the largest last page had may also be the cap, which that page happened to fill.
    pub(crate) fn doubts(self, sent: usize) -> bool {
        sent > self.proven || sent == self.proven && sent >= LEAST_CAP
    }

    /// Notes the rows of an answer: more than the cap refute it.
    pub(crate) fn note(&mut self, sent: usize) {
        self.rows = self.rows.filter(|cap| sent <= *cap as usize);
    }

    /// Page two of `first` rows has rows.
    pub(crate) fn found(&mut self, first: usize) {
        self.rows = u32::try_from(first).ok();
    }

    /// Page two of `first` rows has none.
    pub(crate) fn proved(&mut self, first: usize) {
        self.proven = self.proven.max(first);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_as_large_as_a_proven_last_one_is_doubted_unless_it_is_small() {
        for (proven, sent, doubted) in [
            (0, 1, true),
            (9, 9, false),
            (9, 10, true),
            (36, 35, false),
            (36, 36, true),
            (36, 37, true),
        ] {
            let mut cap = PageCap::default();
            cap.proved(proven);
            assert_eq!(cap.doubts(sent), doubted, "{sent} rows behind {proven}");
        }
    }
}
