//! Changes of a SHOPLINE order.

use super::data::Store;
use super::figures::{born_financial, born_fulfillment};
use super::payment_json;
use crate::change::{Change, ChangeError, Changed};
use crate::random::Random;
use crate::vendor::Vendor;

/// The changes of an order since the start.
#[derive(Debug, Clone)]
pub(super) struct State {
    /// Whether the order was created after the start: unpaid, unshipped, without a history.
    pub(super) is_new: bool,
    pub(super) financial: Option<&'static str>,
    pub(super) fulfillment: Option<&'static str>,
    /// When it was paid, if not by the seed: milliseconds since the epoch.
    pub(super) paid: Option<i64>,
    /// When a parcel that is not from the seed was shipped: milliseconds since the epoch.
    pub(super) shipped: Option<i64>,
    /// Refunds that are not from the seed.
    pub(super) refunds: Vec<LaterRefund>,
    /// When a unit of the first product was taken out, each time: milliseconds since the epoch.
    pub(super) edits: Vec<i64>,
}

/// A refund made after the start.
#[derive(Debug, Clone)]
pub(super) struct LaterRefund {
    /// Whether it is the whole rest; otherwise it is an eighth of the total.
    pub(super) whole: bool,
    /// Milliseconds since the epoch.
    pub(super) time: i64,
}

/// No changes.
pub(super) static UNCHANGED: State = State {
    is_new: false,
    financial: None,
    fulfillment: None,
    paid: None,
    shipped: None,
    refunds: Vec::new(),
    edits: Vec::new(),
};

/// The statuses of an order created after the start.
pub(super) const BORN_NEW: (&str, &str) = ("unpaid", "null");

/// The largest number of partial refunds; more would exceed what was paid.
const MOST_PARTS: usize = 4;

impl Store {
    /// Applies a change at a time (milliseconds since the epoch).
    pub(crate) fn change(
        &mut self,
        id: &str,
        change: Change,
        now: i64,
    ) -> Result<Changed, ChangeError> {
        let unknown = || ChangeError::UnknownOrder {
            vendor: Vendor::Shopline,
            id: id.to_owned(),
        };
        let number = self.number(id).ok_or_else(unknown)?;
        if change == Change::Delete {
            self.delete(number);
            return Ok(Changed::unpushed(id));
        }
        let mut state = self.states.get(&number).unwrap_or(&UNCHANGED).clone();
        let (financial, fulfillment) = self.statuses(number);
        let cancelled = self.heads[number].cancelled.is_some();
        let can_be_edited = !cancelled
            && change == Change::Edit
            && payment_json::figures(&self.subject(number)).left() > 1;
        let head = &mut self.heads[number];
        let event = match (change, financial, fulfillment) {
            (Change::Pay, "unpaid" | "authorized" | "pending" | "partially_paid", _)
                if !cancelled =>
            {
                state.financial = Some("paid");
                state.paid = Some(now);
                Some("orders/paid")
            }
            (Change::Ship, _, "null" | "unshipped" | "partial") if !cancelled => {
                state.fulfillment = Some("fulfilled");
                state.shipped = Some(now);
                Some("orders/fulfilled")
            }
            (Change::Refund | Change::RefundPart, "paid" | "partially_refunded", _)
                if change == Change::Refund || state.refunds.len() < MOST_PARTS =>
            {
                let whole = change == Change::Refund;
                state.refunds.push(LaterRefund { whole, time: now });
                state.financial = Some(match whole {
                    true => "refunded",
                    false => "partially_refunded",
                });
                Some("refunds/create")
            }
            (Change::Cancel, ..) if !cancelled => {
                head.cancelled = Some(now);
                Some("orders/cancelled")
            }
            (Change::Archive, ..) if !head.archived => {
                head.archived = true;
                None
            }
            (Change::Edit, ..) if can_be_edited => {
                state.edits.push(now);
                Some("orders/edited")
            }
            (Change::Touch, ..) => None,
            _ => {
                let called_off = if cancelled { ", cancelled" } else { "" };
                return Err(ChangeError::Impossible {
                    vendor: Vendor::Shopline,
                    change,
                    status: format!("{financial}, {fulfillment}{called_off}"),
                });
            }
        };
        self.touch(number, now);
        self.states.insert(number, state);
        self.bodies.forget(number);
        let mut events: Vec<_> = event.into_iter().collect();
        if change == Change::Ship {
            events.insert(0, "fulfillments/create");
        }
        events.push("orders/updated");
        Ok(Changed {
            id: id.to_owned(),
            events,
        })
    }

    /// Creates an unpaid order at a time (milliseconds since the epoch), of the customer with the most orders or of any
    /// customer with orders. Also returns its number.
    pub(crate) fn create(&mut self, now: i64, any_customer: bool) -> (Changed, usize) {
        let state = State {
            is_new: true,
            ..UNCHANGED.clone()
        };
        let mut dice = Random::of(self.seed, "shopline-buyer", self.heads.len());
        let customer = match any_customer && dice.chance(75) {
            true => self.any_customer(&mut dice),
            false => 0,
        };
        let number = self.append(now, customer, state);
        let created = Changed {
            id: self.heads[number].id.clone(),
            events: vec!["orders/create"],
        };
        (created, number)
    }

    /// The creation time of an order (milliseconds since the epoch), and its first statuses.
    pub(crate) fn birth(&self, number: usize) -> Option<(i64, (&'static str, &'static str))> {
        let head = self.heads.get(number)?;
        let is_new = self.states.get(&number).is_some_and(|state| state.is_new);
        let statuses = match is_new {
            true => BORN_NEW,
            false => (born_financial(number), born_fulfillment(number)),
        };
        Some((head.created, statuses))
    }

    /// The present payment status and fulfilment status of an order.
    pub(super) fn statuses(&self, number: usize) -> (&'static str, &'static str) {
        let state = self.states.get(&number).unwrap_or(&UNCHANGED);
        let (financial, fulfillment) = match state.is_new {
            true => BORN_NEW,
            false => (born_financial(number), born_fulfillment(number)),
        };
        (
            state.financial.unwrap_or(financial),
            state.fulfillment.unwrap_or(fulfillment),
        )
    }
}
