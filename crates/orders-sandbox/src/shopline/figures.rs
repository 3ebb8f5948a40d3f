//! The amounts of a SHOPLINE order. All are in shop money, with two decimals.

use rust_decimal::Decimal;

use super::changes::{BORN_NEW, State};
use super::data::born_cancelled;
use super::money::{Currencies, two_places};
use crate::names::goods;
use crate::random::Random;

/// The amounts and words that several parts of an order share.
pub(super) struct Figures {
    pub(super) currencies: Currencies,
    pub(super) lines: Vec<Line>,
    /// Goods before discount.
    pub(super) goods: Decimal,
    pub(super) discount: Decimal,
    pub(super) shipping: Decimal,
    pub(super) shipping_tax: Decimal,
    /// Goods and shipping.
    pub(super) tax: Decimal,
    pub(super) tip: Decimal,
    pub(super) adjusted: Decimal,
    /// Documented: goods - discount + shipping + tax.
    pub(super) total: Decimal,
    pub(super) outstanding: Decimal,
    /// How many units of the first product were taken out.
    pub(super) edits: i64,
    pub(super) financial: &'static str,
    pub(super) fulfillment: &'static str,
    /// The same two as the seed gave them, before any change.
    pub(super) born: (&'static str, &'static str),
    /// The generation of the serializer: with the recorded members and names, or as on the page of this endpoint.
    pub(super) recorded: bool,
}

/// One product of an order.
pub(super) struct Line {
    pub(super) id: String,
    pub(super) product: String,
    pub(super) variant: String,
    pub(super) sku: String,
    pub(super) title: &'static str,
    pub(super) price: Decimal,
    pub(super) quantity: i64,
    pub(super) tax: Decimal,
    /// A fraction of the price: 0.07 is seven percent.
    pub(super) tax_rate: Decimal,
    pub(super) grams: Decimal,
    pub(super) fulfillment: &'static str,
}

/// The rate of tax on shipping: 0.07, seven percent.
pub(super) const SHIPPING_TAX_RATE: Decimal = Decimal::from_parts(7, 0, 0, false, 2);

const CURRENCIES: &[&str] = &[
    "USD", "CNY", "EUR", "JPY", "USD", "KWD", "GBP", "TWD", "USD", "MYR",
];

/// All documented ones.
const FINANCIAL: &[&str] = &[
    "paid",
    "unpaid",
    "authorized",
    "pending",
    "partially_paid",
    "partially_refunded",
    "refunded",
];

/// Recorded (`"null"` is a text of four letters), and documented on this page and on its sister's.
const FULFILLMENT: &[&str] = &["null", "fulfilled", "unshipped", "partial", "shipped"];

impl Figures {
    pub(super) fn invent(random: &mut Random, number: usize) -> Self {
        let currencies = currencies(random, number);
        let fulfillment = born_fulfillment(number);
        let lines: Vec<_> = (0..random.pick(&[1, 1, 1, 2, 3]))
            .map(|place| Line::invent(random, number, place, currencies.shop, fulfillment))
            .collect();
        let goods: Decimal = lines
            .iter()
            .map(|line| line.price * Decimal::from(line.quantity))
            .sum();
        let percent = Decimal::from(random.pick(&[0, 0, 5, 10, 30]));
        let discount = two_places(goods * percent / Decimal::ONE_HUNDRED);
        let shipping = Decimal::new(random.pick(&[0, 0, 490, 500, 1200]), 2);
        let shipping_tax = two_places(shipping * SHIPPING_TAX_RATE);
        let tax = lines.iter().map(|line| line.tax).sum::<Decimal>() + shipping_tax;
        let total = goods - discount + shipping + tax;
        let financial = born_financial(number);
        let outstanding = match financial {
            "unpaid" | "authorized" | "pending" => total,
            "partially_paid" => two_places(total / Decimal::TWO),
            // Recorded: a paid order whose outstanding amount is the whole total.
            "paid" if number.is_multiple_of(21) && born_cancelled(number) => total,
            _ => Decimal::new(0, 2),
        };
        Self {
            currencies,
            lines,
            goods,
            discount,
            shipping,
            shipping_tax,
            tax,
            tip: Decimal::new(random.pick(&[0, 0, 0, 200, 250]), 2),
            adjusted: Decimal::new(random.pick(&[0, 0, 0, -100, 5]), 2),
            total,
            outstanding,
            edits: 0,
            financial,
            fulfillment,
            born: (financial, fulfillment),
            recorded: number % 2 == 1,
        }
    }

    /// One product in one currency, without tax, shipping or discount.
    pub(super) fn small(random: &mut Random, number: usize) -> Self {
        let shop = CURRENCIES[number % CURRENCIES.len()];
        let (financial, fulfillment) = (born_financial(number), born_fulfillment(number));
        let nothing = Decimal::new(0, 2);
        let mut line = Line::invent(random, number, 0, shop, fulfillment);
        line.quantity = 1;
        line.tax = nothing;
        let total = two_places(line.price);
        Self {
            currencies: Currencies {
                shop,
                presentment: shop,
                rate: Decimal::ONE,
            },
            lines: vec![line],
            goods: total,
            discount: nothing,
            shipping: nothing,
            shipping_tax: nothing,
            tax: nothing,
            tip: nothing,
            adjusted: nothing,
            total,
            outstanding: match financial {
                "unpaid" | "authorized" | "pending" => total,
                "partially_paid" => two_places(total / Decimal::TWO),
                _ => nothing,
            },
            edits: 0,
            financial,
            fulfillment,
            born: (financial, fulfillment),
            recorded: false,
        }
    }

    /// Applies the changes since the start.
    pub(super) fn become_now(&mut self, state: &State) {
        if state.is_new {
            self.born = BORN_NEW;
            (self.financial, self.fulfillment) = BORN_NEW;
            self.outstanding = self.total;
            for line in &mut self.lines {
                line.fulfillment = self.fulfillment;
            }
        }
        self.edits = state.edits.len() as i64;
        if self.outstanding == self.total {
            let (price, tax) = self.taken_out();
            self.outstanding -= price + tax;
        }
        if let Some(financial) = state.financial {
            self.financial = financial;
            self.outstanding = Decimal::new(0, 2);
        }
        if let Some(fulfillment) = state.fulfillment {
            self.fulfillment = fulfillment;
            for line in &mut self.lines {
                line.fulfillment = fulfillment;
            }
        }
    }

    /// How many units of the first product are left.
    pub(super) fn left(&self) -> i64 {
        self.lines.first().map_or(0, |line| line.quantity) - self.edits
    }

    /// How many units of a product were taken out.
    pub(super) fn edits_of(&self, line: &Line) -> i64 {
        let is_first = self.lines.first().is_some_and(|first| first.id == line.id);
        if is_first { self.edits } else { 0 }
    }

    /// The price and the tax of one unit of the first product.
    pub(super) fn unit(&self) -> (Decimal, Decimal) {
        let unit = self.lines.first().map(|line| {
            let tax = two_places(line.tax / Decimal::from(line.quantity.max(1)));
            (line.price, tax)
        });
        unit.unwrap_or_default()
    }

    /// The price and the tax of what was taken out.
    pub(super) fn taken_out(&self) -> (Decimal, Decimal) {
        let (price, tax) = self.unit();
        let edits = Decimal::from(self.edits);
        (price * edits, tax * edits)
    }

    pub(super) fn is_shipped(&self) -> bool {
        is_shipped(self.fulfillment)
    }
}

pub(super) fn is_shipped(fulfillment: &str) -> bool {
    matches!(fulfillment, "fulfilled" | "partial" | "shipped")
}

/// The payment status that an order has from its seed.
pub(super) fn born_financial(number: usize) -> &'static str {
    FINANCIAL[number % FINANCIAL.len()]
}

/// The fulfilment status that an order has from its seed.
pub(super) fn born_fulfillment(number: usize) -> &'static str {
    FULFILLMENT[number % FULFILLMENT.len()]
}

/// Mostly one currency for both sides, as documented; sometimes two.
fn currencies(random: &mut Random, number: usize) -> Currencies {
    let shop = CURRENCIES[number % CURRENCIES.len()];
    let presentment = if random.chance(15) {
        random.pick(CURRENCIES)
    } else {
        shop
    };
    let rate = if presentment == shop {
        Decimal::ONE
    } else {
        Decimal::new(random.between(300, 90_000), 4)
    };
    Currencies {
        shop,
        presentment,
        rate,
    }
}

impl Line {
    fn invent(
        random: &mut Random,
        number: usize,
        place: usize,
        currency: &str,
        order: &str,
    ) -> Self {
        let cents = match currency {
            "JPY" | "TWD" => random.between(100, 50_000) * 100,
            _ => random.between(100, 99_999),
        };
        let price = Decimal::new(cents, 2);
        let quantity = random.pick(&[1, 1, 1, 2, 3]);
        let (rate, scale) = random.pick(&[(7, 2), (20, 2), (0, 0), (825, 4)]);
        let tax_rate = Decimal::new(rate, scale).normalize();
        let fulfillment = match order {
            "fulfilled" | "shipped" => "fulfilled",
            "partial" if place == 0 => "partial",
            _ => "null",
        };
        Self {
            id: format!("{}{place}", 450_000 + number),
            product: format!("160{}", random.digits(23)),
            variant: format!("180{}", random.digits(23)),
            sku: format!("SKU-{}", random.digits(5)),
            title: goods(random),
            price,
            quantity,
            tax: two_places(price * Decimal::from(quantity) * tax_rate),
            tax_rate,
            grams: Decimal::new(
                random.pick(&[0, 0, 250, 1200, 12_345]),
                random.pick(&[0, 1]),
            )
            .normalize(),
            fulfillment,
        }
    }
}
