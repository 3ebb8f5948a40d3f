//! What the walks have shown, and what is offered to them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::de;

use crate::workspace::Result;

/// A field that some type reads.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Read {
    /// The Rust type that reads it.
    pub(crate) owner: &'static str,
    pub(crate) path: String,
}

/// What the walks so far have shown.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub(super) read: BTreeSet<Read>,
    /// Aliases: offered together with the name proper they count as the same field twice.
    pub(super) twins: BTreeSet<String>,
    /// How many answers were refused, by place.
    pub(super) refused: BTreeMap<String, usize>,
    /// The last place that was answered.
    pub(super) last: String,
}

impl Notes {
    pub(super) fn learn(&mut self, refusal: &Refusal) -> Result {
        if refusal.twin {
            return match self.twins.insert(self.last.clone()) {
                true => Ok(()),
                false => Err(format!("{}: {}", self.last, refusal.text)),
            };
        }
        let tried = self.refused.entry(self.last.clone()).or_default();
        *tried += 1;
        if *tried < Answer::ALL.len() {
            Ok(())
        } else {
            Err(format!("{}: no answer suits: {}", self.last, refusal.text))
        }
    }
}

/// What is offered where any value may stand.
#[derive(Debug, Clone, Copy)]
pub(super) enum Answer {
    Nothing,
    Text,
    Number,
    Truth,
    EmptyObject,
    EmptyList,
}

impl Answer {
    pub(super) const ALL: [Self; 6] = [
        Self::Nothing,
        Self::Text,
        Self::Number,
        Self::Truth,
        Self::EmptyObject,
        Self::EmptyList,
    ];

    pub(super) fn json(self) -> &'static str {
        match self {
            Self::Nothing => "null",
            Self::Text => "\"1\"",
            Self::Number => "1",
            Self::Truth => "true",
            Self::EmptyObject => "{}",
            Self::EmptyList => "[]",
        }
    }
}

#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) text: String,
    pub(super) twin: bool,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Refusal {}

impl de::Error for Refusal {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self {
            text: message.to_string(),
            twin: false,
        }
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self {
            text: format!("duplicate field `{field}`"),
            twin: true,
        }
    }
}
