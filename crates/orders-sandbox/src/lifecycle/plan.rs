//! The plan of an order's lifecycle, from its seed. Shares and intervals are invented. It is documented of such
//! networks in general that commissions are confirmed weeks after the order, and settled weeks after that.

use crate::change::Change;
use crate::random::Random;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const WEEK: i64 = 7 * DAY;

/// Changes, each with its time in milliseconds since the epoch, earliest first.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) events: Vec<(i64, Change)>,
    at: i64,
    dice: Random,
}

impl Plan {
    /// An empty plan from a time on, with the order's own dice.
    pub(super) fn new(from: i64, dice: Random) -> Self {
        Self {
            events: Vec::new(),
            at: from,
            dice,
        }
    }

    /// Adds a change at a random interval after the previous one.
    fn then(&mut self, low: i64, high: i64, change: Change) {
        self.at += self.dice.between(low, high);
        self.events.push((self.at, change));
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.dice.chance(percent)
    }
}

/// Clink: an order is paid or fails within a day. Some paid orders are refunded weeks later, in part or in full.
pub(super) fn clink(mut plan: Plan, status: &str) -> Plan {
    match status {
        "created" | "pending" | "requires_action" => {
            if plan.chance(15) {
                plan.then(5 * MINUTE, 23 * HOUR, Change::Fail);
                return plan;
            }
            plan.then(5 * MINUTE, 23 * HOUR, Change::Pay);
        }
        "success" => {}
        "partial_refunded" => {
            if plan.chance(40) {
                plan.then(WEEK, 5 * WEEK, Change::Refund);
            }
            return plan;
        }
        _ => return plan,
    }
    if plan.chance(7) {
        plan.then(WEEK, 6 * WEEK, Change::Refund);
    } else if plan.chance(7) {
        plan.then(WEEK, 6 * WEEK, Change::RefundPart);
        if plan.chance(40) {
            plan.then(WEEK, 4 * WEEK, Change::Refund);
        }
    }
    plan
}

/// Linkbest: status 0 for one to six weeks, then -1 (15 of 100) or 1, and 2 some weeks after 1.
pub(super) fn linkbest(mut plan: Plan, status: i8) -> Plan {
    if status == 0 {
        if plan.chance(70) {
            plan.then(12 * HOUR, 4 * DAY, Change::Ship);
        }
        if plan.chance(15) {
            plan.then(WEEK, 5 * WEEK, Change::Invalidate);
            return plan;
        }
        plan.then(WEEK, 5 * WEEK, Change::Confirm);
    }
    if status == 0 || status == 1 {
        plan.then(2 * WEEK, 6 * WEEK, Change::Settle);
    }
    plan
}

/// SHOPLINE: an order is paid or cancelled within hours, ships within days, is sometimes refunded, and is archived
/// after weeks.
pub(super) fn shopline(mut plan: Plan, (financial, fulfillment): (&str, &str)) -> Plan {
    let open = matches!(
        financial,
        "unpaid" | "authorized" | "pending" | "partially_paid"
    );
    if open && plan.chance(8) {
        plan.then(DAY, 3 * DAY, Change::Cancel);
        plan.then(3 * WEEK, 8 * WEEK, Change::Archive);
        return plan;
    }
    if open {
        plan.then(10 * MINUTE, 10 * HOUR, Change::Pay);
    }
    if matches!(fulfillment, "null" | "unshipped" | "partial") {
        plan.then(DAY, 5 * DAY, Change::Ship);
    }
    if plan.chance(10) {
        let change = match plan.chance(50) {
            true => Change::Refund,
            false => Change::RefundPart,
        };
        plan.then(WEEK, 4 * WEEK, change);
    }
    plan.then(3 * WEEK, 8 * WEEK, Change::Archive);
    plan
}
