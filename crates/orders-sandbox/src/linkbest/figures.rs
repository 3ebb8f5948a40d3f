//! The amounts of a Linkbest order, with two decimals: the estimate in one currency, the confirmed amounts in another.

use rust_decimal::Decimal;

use crate::random::Random;

/// The amounts of an order.
pub(super) struct Figures {
    pub(super) currency: &'static str,
    pub(super) price: Decimal,
    pub(super) commission: Decimal,
    /// None until something is confirmed.
    pub(super) confirmed: Option<Confirmed>,
    pub(super) lines: Vec<Line>,
}

/// The confirmed amounts.
pub(super) struct Confirmed {
    pub(super) currency: &'static str,
    pub(super) price: Decimal,
    pub(super) commission: Decimal,
}

/// One entry of `Details`.
pub(super) struct Line {
    /// Always CNY, whatever the order's currency (documented).
    pub(super) item_price: Decimal,
    pub(super) count: i64,
    pub(super) price: Decimal,
    pub(super) commission: Decimal,
}

/// CNY and USD are documented; the field is open.
const CURRENCIES: &[&str] = &[
    "CNY", "USD", "CNY", "USD", "EUR", "JPY", "CNY", "KWD", "GBP", "RMB",
];

impl Figures {
    /// `born` is the status from the seed.
    pub(super) fn invent(random: &mut Random, number: usize, born: i8, most_lines: usize) -> Self {
        let currency = CURRENCIES[number % CURRENCIES.len()];
        let lines: Vec<_> = (0..random.pick(&[1, 1, 1, 2, 2, 4]).min(most_lines))
            .map(|_| Line::invent(random, currency))
            .collect();
        let price = lines.iter().map(|line| line.price).sum();
        let commission = lines.iter().map(|line| line.commission).sum();
        let confirmed = match born {
            -1 => Some(Confirmed::nothing(currency)),
            1 | 2 => Some(Confirmed::invent(random, currency, price, commission)),
            _ => None,
        };
        Self {
            currency,
            price,
            commission,
            confirmed,
            lines,
        }
    }
}

impl Figures {
    /// The estimate and the confirmed amount, each with its currency.
    pub(super) fn totals(&self) -> Vec<(String, Decimal)> {
        let confirmed = self.confirmed.as_ref();
        let confirmed = confirmed.map(|confirmed| (confirmed.currency.to_owned(), confirmed.price));
        let mut totals = vec![(self.currency.to_owned(), self.price)];
        totals.extend(confirmed);
        totals
    }

    /// Applies a change of status to the amounts. They are confirmed once, and again only after they were 0.
    pub(super) fn become_now(&mut self, random: &mut Random, born: i8, status: i8) {
        self.confirmed = match (born, status) {
            (1 | 2, 1 | 2) => self.confirmed.take(),
            (_, 1 | 2) => Some(Confirmed::invent(
                random,
                self.currency,
                self.price,
                self.commission,
            )),
            (_, -1) => Some(Confirmed::nothing(self.currency)),
            _ => None,
        };
    }
}

impl Confirmed {
    fn nothing(currency: &'static str) -> Self {
        Self {
            currency,
            price: Decimal::new(0, 2),
            commission: Decimal::new(0, 2),
        }
    }

    fn invent(
        random: &mut Random,
        currency: &'static str,
        price: Decimal,
        commission: Decimal,
    ) -> Self {
        let paid_in = random.pick(&[currency, "CNY", "USD"]);
        let rate = if paid_in == currency {
            Decimal::ONE
        } else {
            Decimal::new(random.between(1200, 72_500), 4)
        };
        Self {
            currency: paid_in,
            price: two_places(price * rate),
            commission: two_places(commission * rate),
        }
    }
}

impl Line {
    fn invent(random: &mut Random, currency: &str) -> Self {
        let count = random.pick(&[1, 1, 1, 2, 10]);
        // Yen have no sen, but the documented form has two places.
        let cents = match currency {
            "JPY" => random.between(100, 90_000) * 100,
            _ => random.between(99, 250_000),
        };
        let price = Decimal::new(cents, 2);
        let percent = Decimal::from(random.pick(&[1, 3, 5, 8, 12]));
        Self {
            item_price: Decimal::new(random.between(99, 900_000), 2),
            count,
            price,
            commission: two_places(price * percent / Decimal::ONE_HUNDRED),
        }
    }
}

fn two_places(amount: Decimal) -> Decimal {
    let mut amount = amount.round_dp(2);
    amount.rescale(2);
    amount
}
