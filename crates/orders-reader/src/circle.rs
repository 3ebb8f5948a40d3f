//! Cursors that go in a circle.

use orders_core::Cursor;
use serde::{Deserialize, Serialize};

use crate::key::short_hash;

/// Notices when cursors go in a circle, in a few bytes: one cursor met before is remembered, and renewed at each power
/// of two of steps. Every circle comes back to it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Circle {
    #[serde(skip_serializing_if = "Option::is_none")]
    landmark: Option<u64>,
    steps: u64,
}

impl Circle {
    /// Takes the step from `current` to `next`; `true` where `next` was met before.
    pub(crate) fn closes(&mut self, current: Option<&Cursor>, next: &Cursor) -> bool {
        let hash = short_hash(next.as_str().as_bytes());
        if self.landmark == Some(hash) || current == Some(next) {
            return true;
        }
        self.steps += 1;
        if self.steps.is_power_of_two() {
            self.landmark = Some(hash);
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_is_noticed_however_long_it_is() {
        for length in 1..50 {
            let (mut circle, mut current, mut steps) = (Circle::default(), None, 0);
            loop {
                let next = Cursor::new((steps % length).to_string());
                if circle.closes(current.as_ref(), &next) {
                    break;
                }
                current = Some(next);
                steps += 1;
                assert!(steps < 4 * length + 4, "a circle of {length}");
            }
            assert!(steps >= length, "no cursor came twice before");
        }
    }
}
