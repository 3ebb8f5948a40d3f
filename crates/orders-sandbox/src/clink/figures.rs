//! The amounts of a Clink order: major units as JSON numbers.

use rust_decimal::Decimal;

use crate::bodies::places;
use crate::random::Random;

/// The amounts of an order.
pub(super) struct Figures {
    pub(super) payment_currency: &'static str,
    pub(super) original_currency: &'static str,
    /// Unit amount (original currency) and quantity of each line.
    pub(super) lines: Vec<(Decimal, i64)>,
    pub(super) subtotal: Decimal,
    pub(super) total: Decimal,
}

/// The currencies documented for prices, and some that the free text of an order can hold.
const CURRENCIES: &[&str] = &[
    "USD", "USD", "EUR", "JPY", "GBP", "AUD", "CAD", "CNY", "HKD", "SGD", "KRW", "AED", "THB",
    "IDR", "PHP", "MYR", "BRL", "INR", "KWD", "BHD",
];

impl Figures {
    pub(super) fn invent(random: &mut Random, number: usize) -> Self {
        let original_currency = CURRENCIES[number % CURRENCIES.len()];
        let converted = random.chance(15);
        let payment_currency = if converted {
            random.pick(CURRENCIES)
        } else {
            original_currency
        };
        let as_sent = Scale::of(random);
        let lines: Vec<_> = (0..random.pick(&[1, 1, 1, 2, 3, 5]))
            .map(|_| {
                let unit = Decimal::new(random.between(100, 25_000), places(original_currency));
                (as_sent.apply(unit), random.pick(&[1, 1, 1, 2, 3, 12]))
            })
            .collect();
        let sum: Decimal = lines
            .iter()
            .map(|(unit, quantity)| unit * Decimal::from(*quantity))
            .sum();
        let scale = places(payment_currency);
        let mut subtotal = sum;
        if payment_currency != original_currency {
            subtotal = (sum * Decimal::new(random.between(20, 4000), 3)).round_dp(scale)
                + Decimal::new(1, scale);
        }
        subtotal.rescale(scale);
        let mut total = subtotal;
        if random.chance(25) {
            let percent = Decimal::from(random.pick(&[5, 10, 15, 33]));
            total = subtotal - (subtotal * percent / Decimal::ONE_HUNDRED).round_dp(scale);
            total.rescale(scale);
        }
        Self {
            payment_currency,
            original_currency,
            lines,
            subtotal: as_sent.apply(subtotal),
            total: as_sent.apply(total),
        }
    }
}

impl Figures {
    /// One product in one currency, without a discount.
    pub(super) fn small(random: &mut Random, number: usize) -> Self {
        let currency = CURRENCIES[number % CURRENCIES.len()];
        let amount = Decimal::new(random.between(100, 25_000), places(currency));
        Self {
            payment_currency: currency,
            original_currency: currency,
            lines: vec![(amount, 1)],
            subtotal: amount,
            total: amount,
        }
    }
}

/// No page states the scale of numbers; samples show `19.99` and `2`. Some orders keep every place of their currency,
/// others drop the zeros at the end.
#[derive(Clone, Copy)]
enum Scale {
    Full,
    Short,
}

impl Scale {
    fn of(random: &mut Random) -> Self {
        if random.chance(70) {
            Self::Full
        } else {
            Self::Short
        }
    }

    fn apply(self, amount: Decimal) -> Decimal {
        match self {
            Self::Full => amount,
            Self::Short => amount.normalize(),
        }
    }
}
