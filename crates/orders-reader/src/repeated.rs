//! Pages that came before.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

/// So many pages are remembered.
const REMEMBERED: usize = 64;

/// The contents of the pages that came last, of one slice or of several that are read side by side. A vendor (or a
/// cache on the way) that answers one request with the page of another would otherwise lose the rows of the right page
/// without a sign. See [`Position::accept`](crate::Position::accept).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RepeatedPages(VecDeque<u64>);

impl RepeatedPages {
    pub(crate) fn contains(&self, content: u64) -> bool {
        self.0.contains(&content)
    }

    pub(crate) fn note(&mut self, content: u64) {
        if self.contains(content) {
            return;
        }
        self.0.push_back(content);
        if self.0.len() > REMEMBERED {
            self.0.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_sixty_four_pages_are_remembered() {
        let mut pages = RepeatedPages::default();
        for page in [1, 1, 2, 2] {
            pages.note(page);
        }
        (3..=64).for_each(|page| pages.note(page));
        assert!(pages.contains(1));
        pages.note(65);
        assert!(!pages.contains(1) && pages.contains(2) && pages.contains(65));
    }
}
