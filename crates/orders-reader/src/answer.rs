//! What the machine is given, and what it answers.

use orders_core::{Cursor, Page};
use serde::{Deserialize, Serialize};

/// What the machine needs to know of one answer of the vendor. Its rows stay with the driver.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer {
    /// How many rows the vendor sent, `null` and unreadable ones included.
    pub sent: usize,
    /// How many of them have a key: orders and unreadable records.
    pub rows: usize,
    /// Whether as many rows came as were requested.
    pub full: bool,
    /// How many rows the vendor says there are in all.
    pub total: Option<u64>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
    /// A hash of what the page holds; `None` where it has no rows. See [`page_content`](crate::page_content).
    pub content: Option<u64>,
    /// The rows have times, and none of these lies in the window that was requested. See
    /// [`outside`](crate::outside).
    pub outside: bool,
}

impl Answer {
    /// The answer that `page` is, with the hash of what it holds.
    #[must_use]
    pub fn of<T>(page: &Page<T>, content: Option<u64>) -> Self {
        Self {
            sent: page.sent,
            rows: page.orders.len() + page.unreadable.len(),
            full: page.full,
            total: page.total,
            next: page.next.clone(),
            content,
            outside: false,
        }
    }
}

/// What an answer is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Accepted {
    /// The page may be that of another request: drop its rows. The same is requested once more.
    AskAgain,
    /// Drop the rows: they come again in smaller windows.
    Smaller,
    /// Keep the rows; more of the slice follows.
    Keep,
    /// Keep the rows; the slice, or this attempt at a counted list, ends here.
    Last,
}

/// How many different rows of a counted list came, by the driver's memory. Unreadable records count, by their id or
/// else by their text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Different rows since counting began (in this generation).
    pub generation: u64,
    /// Different rows in this attempt.
    pub attempt: u64,
    /// Rows of this attempt that no earlier attempt showed and that were created before
    /// [`Position::cutoff`](crate::Position::cutoff), or whose creation time is not known. It matters only where the
    /// vendor gives no total.
    pub late: u64,
}

/// What follows after an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Decision {
    /// The slice continues: request what [`Position::request`](crate::Position::request) says.
    Continue,
    /// A counted list is read once more from its first page.
    Attempt {
        /// Whether counting starts anew: the rows seen so far count no longer.
        new_generation: bool,
    },
    /// The slice is read.
    Complete(Proof),
}

/// Why a slice counts as read to its end. The weaker comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Proof {
    /// The vendor gave no total. A further reading showed nothing that the ones before had missed, which is no proof.
    Agreed,
    /// The vendor's windows or cursors were followed to their end.
    Walked,
    /// As many different rows came as the vendor counts.
    Counted {
        /// The vendor's total.
        total: u64,
    },
}

impl Proof {
    /// Whether nothing proves that all rows came.
    #[must_use]
    pub fn is_unproven(self) -> bool {
        self == Self::Agreed
    }
}
