//! What somebody else stores with the end of a run.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use crate::summary::Summary;

/// A statement of your own, for [`Store::at_end`](crate::Store::at_end): `?1`, `?2` and so on stand for its values, which are
/// texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// One statement of SQL, without a `?` or a brace but those of its values.
    pub sql: String,
    /// What it is given; `None` is NULL.
    pub values: Vec<Option<String>>,
}

type Words = dyn Fn(&Summary) -> Vec<Statement> + Send;

/// The statements, which rest on how the run ended.
#[derive(Default)]
pub(crate) struct AtEnd(Mutex<Option<Box<Words>>>);

impl AtEnd {
    pub(crate) fn set(&self, words: impl Fn(&Summary) -> Vec<Statement> + Send + 'static) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(words));
    }

    pub(crate) fn of(&self, summary: &Summary) -> Vec<Statement> {
        let words = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        words
            .as_ref()
            .map(|words| words(summary))
            .unwrap_or_default()
    }
}

impl fmt::Debug for AtEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AtEnd")
    }
}
