//! SHOPLINE's forms of an amount: a string with two decimals, here and there with one, a JSON number in refunds, and
//! the pair of shop and presentment money.

use rust_decimal::Decimal;

use crate::json::Object;

/// The two currencies of an order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Currencies {
    pub(super) shop: &'static str,
    pub(super) presentment: &'static str,
    /// Presentment units for one shop unit; 1 if both are the same.
    pub(super) rate: Decimal,
}

impl Currencies {
    /// The pair with amounts as strings of two places.
    pub(super) fn set(&self, amount: Decimal) -> String {
        self.pair(amount, |amount| format!("\"{amount}\""))
    }

    /// The pair with amounts as JSON numbers: documented and recorded inside a refund's adjustments.
    pub(super) fn set_of_numbers(&self, amount: Decimal) -> String {
        self.pair(amount, |amount| number(amount).to_string())
    }

    fn pair(&self, amount: Decimal, form: impl Fn(Decimal) -> String) -> String {
        let side = |amount, code| {
            Object::new()
                .raw("amount", form(amount))
                .text("currency_code", code)
                .end()
        };
        Object::new()
            .raw(
                "presentment_money",
                side(two_places(amount * self.rate), self.presentment),
            )
            .raw("shop_money", side(two_places(amount), self.shop))
            .end()
    }
}

/// Rounded to two places and written with both: documented as the precision of every currency.
pub(super) fn two_places(amount: Decimal) -> Decimal {
    let mut amount = amount.round_dp(2);
    amount.rescale(2);
    amount
}

/// As a JSON number: without zeros at the end, as `1000000` and `0` are recorded.
pub(super) fn number(amount: Decimal) -> Decimal {
    amount.normalize()
}

/// `60.0` for an amount that one place can hold, else two places: the form of some recorded strings.
pub(super) fn one_place(amount: Decimal) -> Decimal {
    let mut short = amount.normalize();
    let places = short.scale().max(1);
    short.rescale(places);
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_an_amount() {
        let amount = Decimal::new(6000, 2);
        assert_eq!(number(amount).to_string(), "60");
        assert_eq!(one_place(amount).to_string(), "60.0");
        assert_eq!(one_place(Decimal::new(6005, 2)).to_string(), "60.05");
        let currencies = Currencies {
            shop: "EUR",
            presentment: "JPY",
            rate: Decimal::new(1605, 1),
        };
        assert_eq!(
            currencies.set(amount),
            r#"{"presentment_money":{"amount":"9630.00","currency_code":"JPY"},"shop_money":{"amount":"60.00","currency_code":"EUR"}}"#
        );
        assert!(
            currencies
                .set_of_numbers(amount)
                .contains(r#""amount":9630,"#)
        );
    }
}
