//! What was paid, paid back, booked and paid out, made from the orders.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::json;
use crate::random::Random;
use crate::shopline::data::Store;
use crate::shopline::money::two_places;
use crate::shopline::order_json::{PARTS_AFTER, name};
use crate::shopline::{payment_json, refunds_json};

const DAY: i64 = 86_400_000;
/// How long until a transaction is settled: three days.
const SETTLED_AFTER: i64 = 3 * DAY;
/// How long a payout is under way: two days.
const UNDER_WAY: i64 = 2 * DAY;
/// What a payment costs: 2.9 percent.
const FEE: Decimal = Decimal::from_parts(29, 0, 0, false, 3);
/// A payout a week.
const WEEK: i64 = 7 * DAY;

/// The books at a time.
pub(super) struct Books {
    /// By time and order.
    pub(super) transactions: Vec<Transaction>,
    /// What was booked, by time.
    pub(super) entries: Vec<Entry>,
    /// By time and currency.
    pub(super) payouts: Vec<Payout>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Payment,
    Refund,
    /// The bank asked for the papers of a payment. No money moves.
    Retrieval,
}

/// A transaction.
#[derive(Clone)]
pub(super) struct Transaction {
    pub(super) id: String,
    pub(super) kind: Kind,
    /// Whether the money moved; otherwise it is under way.
    pub(super) succeeded: bool,
    /// The order's id or its name.
    pub(super) order: String,
    pub(super) deal: String,
    /// Never negative.
    pub(super) amount: Decimal,
    /// Negative was charged.
    pub(super) fee: Decimal,
    pub(super) currency: &'static str,
    /// Milliseconds since the epoch.
    pub(super) time: i64,
    /// When it was settled.
    pub(super) settled: Option<i64>,
}

/// A movement of the balance.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) id: String,
    pub(super) of: Transaction,
    /// Negative where money was paid back.
    pub(super) amount: Decimal,
    pub(super) net: Decimal,
    /// The place of the payout in which it went.
    pub(super) payout: Option<usize>,
}

/// A payout.
#[derive(Clone)]
pub(super) struct Payout {
    pub(super) id: String,
    pub(super) amount: Decimal,
    pub(super) currency: &'static str,
    pub(super) time: i64,
    pub(super) arrived: bool,
}

/// One billing record: a movement, or a payout.
#[derive(Clone)]
pub(super) enum Record {
    Entry(Box<Entry>, Option<Payout>),
    Payout(Payout),
}

impl Record {
    pub(super) fn id(&self) -> &str {
        match self {
            Self::Entry(entry, _) => &entry.id,
            Self::Payout(payout) => &payout.id,
        }
    }

    pub(super) fn time(&self) -> i64 {
        match self {
            Self::Entry(entry, _) => entry.of.settled.unwrap_or(entry.of.time),
            Self::Payout(payout) => payout.time,
        }
    }

    pub(super) fn payout(&self) -> Option<&Payout> {
        match self {
            Self::Entry(_, payout) => payout.as_ref(),
            Self::Payout(payout) => Some(payout),
        }
    }
}

impl Books {
    pub(super) fn of(store: &Store, now: i64) -> Self {
        let numbers = 0..store.heads.len();
        let mut transactions: Vec<_> = numbers
            .flat_map(|number| of_order(store, number, now))
            .collect();
        transactions.sort_by(|a, b| a.id.cmp(&b.id));
        let mut entries: Vec<_> = transactions.iter().filter_map(Entry::of).collect();
        entries.sort_by(|a, b| a.id.cmp(&b.id));
        let payouts = pay_out(&mut entries, now);
        Self {
            transactions,
            entries,
            payouts,
        }
    }

    /// The billing records by id, which grow with time.
    pub(super) fn records(&self) -> Vec<Record> {
        let entries = self.entries.iter().map(|entry| {
            let payout = entry.payout.map(|place| self.payouts[place].clone());
            Record::Entry(Box::new(entry.clone()), payout)
        });
        let payouts = self.payouts.iter().cloned().map(Record::Payout);
        let mut records: Vec<_> = entries.chain(payouts).collect();
        records.sort_by(|a, b| a.id().cmp(b.id()));
        records
    }

    /// What was booked and not paid out, by currency.
    pub(super) fn balance(&self) -> BTreeMap<&'static str, Decimal> {
        let mut balance = BTreeMap::new();
        for entry in &self.entries {
            *balance
                .entry(entry.of.currency)
                .or_insert(Decimal::new(0, 2)) += entry.net;
        }
        for payout in &self.payouts {
            *balance.entry(payout.currency).or_default() -= payout.amount;
        }
        balance
    }
}

/// Ids are decimal digits of one length that grow with time.
fn id(kind: u8, time: i64, number: usize, place: usize) -> String {
    format!("{kind}{time:014}{number:07}{place:02}")
}

/// The payments of an order, its refunds, and sometimes a question of the bank. What happened stays as it was when more
/// happens.
fn of_order(store: &Store, number: usize, now: i64) -> Vec<Transaction> {
    let subject = store.subject(number);
    let figures = payment_json::figures(&subject);
    let head = &store.heads[number];
    let (first, succeeded) = match figures.born.0 {
        "unpaid" | "authorized" => (Decimal::ZERO, true),
        "pending" => (figures.total, false),
        "partially_paid" => (
            figures.total - two_places(figures.total / Decimal::TWO),
            true,
        ),
        _ => (figures.total, true),
    };
    let mut random = Random::of(store.seed, "shopline-deal", number);
    let made = |kind, amount: Decimal, time, place| {
        let fee = match kind {
            Kind::Payment => -two_places(amount * FEE),
            _ => Decimal::new(0, 2),
        };
        Transaction {
            id: id(1, time, number, place),
            kind,
            succeeded: true,
            order: match number % 2 {
                0 => head.id.clone(),
                _ => name(number),
            },
            deal: String::new(),
            amount: two_places(amount),
            fee,
            currency: figures.currencies.shop,
            time,
            settled: None,
        }
    };
    let time = head.created + PARTS_AFTER;
    let payment = Transaction {
        succeeded,
        ..made(Kind::Payment, first, time, 0)
    };
    let rest = figures.total - if succeeded { first } else { Decimal::ZERO };
    let later = subject
        .state
        .paid
        .map(|time| made(Kind::Payment, rest, time, 1));
    let asked = number % 29 == 6;
    let retrieval = asked.then(|| made(Kind::Retrieval, figures.total, time + DAY, 2));
    let refunds = refunds_json::all(&figures, &subject);
    let refunds = refunds.into_iter().enumerate().map(|(place, refund)| {
        // At the earliest a second behind the payment.
        made(
            Kind::Refund,
            refund.amount,
            refund.time.max(time + 1000),
            10 + place,
        )
    });
    let deal = deal(&store.written(number).json).unwrap_or_else(|| random.digits(19));
    [payment]
        .into_iter()
        .chain(later)
        .chain(refunds)
        .chain(retrieval)
        .filter(|one| one.time <= now && !one.amount.is_zero())
        .map(|one| {
            let settled = one.time + SETTLED_AFTER;
            let moved = one.succeeded && one.kind != Kind::Retrieval;
            Transaction {
                settled: (moved && settled <= now).then_some(settled),
                deal: deal.clone(),
                ..one
            }
        })
        .collect()
}

/// The channel's id of the payment, as the order's own slip has it.
fn deal(order: &str) -> Option<String> {
    let slips = json::elements(&json::member(order, "payment_details")?);
    let deal = json::member(slips.first()?, "pay_channel_deal_id")?;
    Some(deal.trim_matches('"').to_owned())
}

impl Entry {
    fn of(transaction: &Transaction) -> Option<Self> {
        let settled = transaction.settled?;
        let amount = match transaction.kind {
            Kind::Refund => -transaction.amount,
            _ => transaction.amount,
        };
        let behind = transaction.id.get(15..)?;
        Some(Self {
            id: format!("3{settled:014}{behind}"),
            amount,
            net: amount + transaction.fee,
            of: transaction.clone(),
            payout: None,
        })
    }
}

/// Pays out each week what was booked in a currency. What comes to nothing or less stays for the next one.
fn pay_out(entries: &mut [Entry], now: i64) -> Vec<Payout> {
    let week = |entry: &Entry| entry.of.settled.unwrap_or(0).div_euclid(WEEK);
    let mut open: BTreeMap<&'static str, Vec<usize>> = BTreeMap::new();
    let mut payouts = Vec::new();
    let last = entries.iter().map(&week).max().unwrap_or(0);
    let first = entries.iter().map(&week).min().unwrap_or(0);
    let mut next = 0;
    for due in first..=last {
        let time = (due + 1) * WEEK;
        if time > now {
            break;
        }
        while next < entries.len() && week(&entries[next]) <= due {
            open.entry(entries[next].of.currency)
                .or_default()
                .push(next);
            next += 1;
        }
        for (place, (currency, booked)) in open.iter_mut().enumerate() {
            let amount: Decimal = booked.iter().map(|entry| entries[*entry].net).sum();
            if amount <= Decimal::ZERO {
                continue;
            }
            for entry in booked.drain(..) {
                entries[entry].payout = Some(payouts.len());
            }
            payouts.push(Payout {
                id: id(3, time, 9_999_999, place),
                amount,
                currency,
                time,
                arrived: time + UNDER_WAY <= now,
            });
        }
    }
    payouts
}
