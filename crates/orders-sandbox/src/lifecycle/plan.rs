//! What becomes of an order by itself: a fixed plan from its seed. The shares and waits are ours; that commissions are
//! confirmed weeks after the order, and settled weeks after that, is documented of such networks in general.

use crate::change::Change;
use crate::random::Random;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const WEEK: i64 = 7 * DAY;

/// Changes, each at its time in milliseconds since the epoch, in order of time.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) events: Vec<(i64, Change)>,
    at: i64,
    dice: Random,
}

impl Plan {
    /// An empty one from a time on, with the order's own dice.
    pub(super) fn new(from: i64, dice: Random) -> Self {
        Self {
            events: Vec::new(),
            at: from,
            dice,
        }
    }

    /// Lets something happen so long after what happened last.
    fn then(&mut self, low: i64, high: i64, change: Change) {
        self.at += self.dice.between(low, high);
        self.events.push((self.at, change));
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.dice.chance(percent)
    }
}

/// Clink: paid or failed within a day; of the paid some are refunded weeks later, in part or all.
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

/// Linkbest: 0 for one to six weeks, then -1 for 15 of 100, else 1, and 2 some weeks later.
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

/// SHOPLINE: paid within hours or called off, shipped in days, some refunded, put away after weeks.
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
