//! Changes of a Linkbest order.

use super::data::{Head, Store};
use super::order_json::born;
use crate::change::{Change, ChangeError, Changed};
use crate::vendor::Vendor;

impl Store {
    /// Applies a change at a time (seconds since the epoch). The merchant's own statuses are not pushed (documented).
    pub(crate) fn change(
        &mut self,
        id: &str,
        change: Change,
        now: i64,
    ) -> Result<Changed, ChangeError> {
        let unknown = || ChangeError::UnknownOrder {
            vendor: Vendor::Linkbest,
            id: id.to_owned(),
        };
        let number = self.number(id).ok_or_else(unknown)?;
        if change == Change::Delete {
            self.delete(number);
            return Ok(Changed::unpushed(id));
        }
        let old = &self.heads[number];
        let mut head = Head {
            updated: now,
            ..old.clone()
        };
        let events = match (change, old.status) {
            (Change::Pay, 0) => {
                head.merchant = Some("2");
                vec![]
            }
            (Change::Ship, 0) => {
                head.merchant = Some("3");
                vec![]
            }
            (Change::Refund, 0 | 1) => {
                head.merchant = Some("9");
                vec![]
            }
            (Change::Touch, _) => vec![],
            (Change::Confirm, 0) => {
                head.status = 1;
                vec!["confirmed"]
            }
            (Change::Settle, 0 | 1) => {
                head.status = 2;
                head.charged = Some(now);
                vec!["settled"]
            }
            (Change::Invalidate, 0 | 1) => {
                head.status = -1;
                vec!["invalidated"]
            }
            (_, status) => {
                return Err(ChangeError::Impossible {
                    vendor: Vendor::Linkbest,
                    change,
                    status: status.to_string(),
                });
            }
        };
        self.replace(number, head);
        Ok(Changed {
            id: id.to_owned(),
            events,
        })
    }

    /// Creates an order at a time (seconds since the epoch).
    pub(crate) fn create(&mut self, now: i64) -> (Changed, usize) {
        let number = self.append(now);
        let created = Changed {
            id: self.heads[number].id.to_string(),
            events: vec!["created"],
        };
        (created, number)
    }

    /// The creation time of an order (milliseconds since the epoch), and its first status.
    pub(crate) fn birth(&self, number: usize) -> Option<(i64, i8)> {
        let head = self.heads.get(number)?;
        let status = match number < self.seeded {
            true => born(number),
            false => 0,
        };
        Some((head.created * 1000, status))
    }
}
