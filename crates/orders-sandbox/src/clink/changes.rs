//! Changes of a Clink order, and its refunds.

use rust_decimal::Decimal;

use super::data::Store;
use super::figures::Figures;
use super::order_json::born;
use crate::bodies::places;
use crate::change::{Change, ChangeError, Changed};
use crate::random::Random;
use crate::vendor::Vendor;

/// The interval between refunds from the seed: an hour, in milliseconds.
const HOUR: i64 = 3_600_000;

/// The status of an order created after the start.
const BORN_NEW: &str = "created";

/// The changes of an order since the start.
#[derive(Debug, Clone)]
pub(super) struct State {
    pub(super) status: &'static str,
    /// The time of a payment after the start, in milliseconds since the epoch.
    pub(super) paid: Option<i64>,
    /// Refunds beyond those from the seed.
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
        if change == Change::Delete {
            self.deleted.insert(number);
            return Ok(Changed::unpushed(id));
        }
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

    /// Creates an order at a time (milliseconds since the epoch).
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

    /// The creation time of an order (milliseconds since the epoch), and its first status.
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

    /// A refunded order has one refund, of the total. A partially refunded one has one or two, of a quarter each.
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
            // An order created after the start has no earlier refunds.
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

    /// The amount that is not refunded yet.
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
