//! What happens to a Clink order, and the refunds it has.

use rust_decimal::Decimal;

use super::data::Store;
use super::figures::Figures;
use super::order_json::born;
use crate::bodies::places;
use crate::change::{Change, ChangeError, Changed};
use crate::random::Random;
use crate::vendor::Vendor;

/// Refunds from the seed come an hour apart: in milliseconds.
const HOUR: i64 = 3_600_000;

/// The status of an order that came after the start.
const BORN_NEW: &str = "created";

/// What became of an order.
#[derive(Debug, Clone)]
pub(super) struct State {
    pub(super) status: &'static str,
    /// Milliseconds since the epoch, for one paid after the start.
    pub(super) paid: Option<i64>,
    /// Refunds after those that the seed gave.
    pub(super) refunds: Vec<Refunded>,
}

/// One refund of an order.
#[derive(Debug, Clone)]
pub(super) struct Refunded {
    pub(super) amount: Decimal,
    pub(super) currency: &'static str,
    /// Milliseconds since the epoch.
    pub(super) created: i64,
    pub(super) status: &'static str,
}

impl Store {
    /// Applies a change at a time (milliseconds since the epoch).
    pub(crate) fn change(
        &mut self,
        id: &str,
        change: Change,
        now: i64,
    ) -> Result<Changed, ChangeError> {
        let unknown = || ChangeError::UnknownOrder {
            vendor: Vendor::Clink,
            id: id.to_owned(),
        };
        let number = self.number(id).ok_or_else(unknown)?;
        let mut state = self.state(number);
        let events = match (change, state.status) {
            (Change::Pay, "created" | "pending" | "requires_action" | "failed") => {
                state.status = "success";
                state.paid = Some(now);
                vec!["order.succeeded"]
            }
            (Change::Fail, "created" | "pending" | "requires_action") => {
                state.status = "failed";
                state.paid = Some(now);
                vec!["order.failed"]
            }
            (Change::Refund | Change::RefundPart, "success" | "partial_refunded")
                if change == Change::Refund || self.left(number) > self.quarter(number) =>
            {
                let (status, amount) = match change {
                    Change::Refund => ("refunded", self.left(number)),
                    _ => ("partial_refunded", self.quarter(number)),
                };
                state.status = status;
                state.refunds.push(Refunded {
                    amount,
                    currency: self.figures(number).payment_currency,
                    created: now,
                    status: "success",
                });
                vec!["refund.created", "refund.succeeded"]
            }
            (_, status) => {
                return Err(ChangeError::Impossible {
                    vendor: Vendor::Clink,
                    change,
                    status: status.to_owned(),
                });
            }
        };
        self.states.insert(number, state);
        self.bodies.forget(number);
        Ok(Changed {
            id: id.to_owned(),
            events,
        })
    }

    /// A new order, made at a time (milliseconds since the epoch).
    pub(crate) fn create(&mut self, now: i64) -> (Changed, usize) {
        let state = State {
            status: BORN_NEW,
            paid: None,
            refunds: Vec::new(),
        };
        let number = self.append(now, state);
        let created = Changed {
            id: self.heads[number].id.clone(),
            events: vec!["order.created"],
        };
        (created, number)
    }

    /// When an order was made (milliseconds since the epoch), and its first status.
    pub(crate) fn birth(&self, number: usize) -> Option<(i64, &'static str)> {
        let head = self.heads.get(number)?;
        let status = match number < self.seeded {
            true => born(number),
            false => BORN_NEW,
        };
        Some((head.created, status))
    }

    /// All refunds of an order, the oldest first.
    pub(super) fn refunds(&self, number: usize) -> Vec<Refunded> {
        let mut refunds = self.refunds_from_seed(number);
        if let Some(state) = self.states.get(&number) {
            refunds.extend(state.refunds.iter().cloned());
        }
        refunds
    }

    /// One of the total for a refunded order; one or two of a quarter each for one refunded in parts.
    fn refunds_from_seed(&self, number: usize) -> Vec<Refunded> {
        let figures = || self.figures(number);
        let refund = |place: i64, amount, status| Refunded {
            amount,
            currency: figures().payment_currency,
            created: (self.heads[number].created + place * HOUR).min(self.start),
            status,
        };
        let other = [
            "success",
            "created",
            "failed",
            "closed",
            "received",
            "refunding",
        ];
        match born(number) {
            // One that came later has nothing behind it.
            _ if number >= self.seeded => Vec::new(),
            "refunded" => vec![refund(1, figures().total, "success")],
            "partial_refunded" => {
                let second = number / 11 % 7;
                let mut parts = vec![refund(1, self.quarter(number), "success")];
                if let Some(status) = other.get(second) {
                    parts.push(refund(2, self.quarter(number), status));
                }
                parts
            }
            _ => Vec::new(),
        }
    }

    fn state(&self, number: usize) -> State {
        let from_seed = || State {
            status: born(number),
            paid: None,
            refunds: Vec::new(),
        };
        self.states.get(&number).cloned().unwrap_or_else(from_seed)
    }

    pub(super) fn figures(&self, number: usize) -> Figures {
        let random = &mut Random::of(self.seed, "clink-order", number);
        match self.small {
            true => Figures::small(random, number),
            false => Figures::invent(random, number),
        }
    }

    fn quarter(&self, number: usize) -> Decimal {
        let figures = self.figures(number);
        (figures.total / Decimal::from(4)).round_dp(places(figures.payment_currency))
    }

    /// What is not yet paid back.
    fn left(&self, number: usize) -> Decimal {
        let back: Decimal = self
            .refunds(number)
            .iter()
            .filter(|refund| refund.status == "success")
            .map(|refund| refund.amount)
            .sum();
        self.figures(number).total - back
    }
}
