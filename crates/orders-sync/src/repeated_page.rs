//! Pages that came before: a vendor (or a cache on the way) that answers one request with the page of another would
//! otherwise lose the rows of the right page without a sign.

use std::collections::{HashSet, VecDeque};

use orders_core::Page;

use crate::position::{SlicePosition, content};

/// So many pages are remembered.
const REMEMBERED: usize = 64;

/// The pages that the present job kept last, and the slices whose page is asked for again because of them.
#[derive(Debug, Default)]
pub(crate) struct RepeatedPages {
    pages: VecDeque<u64>,
    asked_again: HashSet<u64>,
}

impl RepeatedPages {
    /// Whether a page is to be asked for once more, because just the same rows came lately. What comes then is
    /// believed: two windows that share an edge may hold the same single row.
    pub(crate) fn asks_again(&mut self, id: u64, position: &SlicePosition, page: &Page) -> bool {
        let Some(content) = content(page).filter(|_| position.doubts_repeats(page)) else {
            return false;
        };
        let repeated = self.pages.contains(&content);
        if repeated && self.asked_again.insert(id) {
            return true;
        }
        self.asked_again.remove(&id);
        if !repeated {
            self.pages.push_back(content);
        }
        if self.pages.len() > REMEMBERED {
            self.pages.pop_front();
        }
        false
    }

    /// Forgets all: what comes next may well have come before.
    pub(crate) fn clear(&mut self) {
        self.pages.clear();
        self.asked_again.clear();
    }
}
