//! From the characters of a number to a decimal, exactly or not at all.

use rust_decimal::Decimal;

/// Why a text is not a decimal that can be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NumberError {
    /// Not `-?digits[.digits][e[+-]digits]`.
    #[error("not a decimal number")]
    Grammar,
    /// More digits than a decimal holds (96 bits, 28 places).
    #[error("more digits than an exact decimal can hold")]
    TooLong,
}

/// Reads a number of JSON's grammar (`-?digits[.digits][e[+-]digits]`, no leading zeros), keeping value, scale and the sign of zero.
///
/// A positive exponent multiplies (`1.5e3` is `1500`). Trailing zeros are dropped only where they do not fit.
///
/// # Errors
/// [`NumberError`], never a rounded value.
///
/// ```
/// # use orders_wire::parse_decimal;
/// assert_eq!(parse_decimal("10.00").unwrap().to_string(), "10.00");
/// assert!(parse_decimal("1_000").is_err());
/// ```
pub fn parse_decimal(text: &str) -> Result<Decimal, NumberError> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (plain, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((plain, exponent)) => (plain, parse_exponent(exponent)?),
        None => (unsigned, 0),
    };
    let (whole, fraction) = match plain.split_once('.') {
        Some((whole, fraction)) if is_digits(fraction) => (whole, fraction),
        Some(_) => return Err(NumberError::Grammar),
        None => (plain, ""),
    };
    if !is_digits(whole) || (whole.len() > 1 && whole.starts_with('0')) {
        return Err(NumberError::Grammar);
    }
    let scale = i64::try_from(fraction.len()).map_err(|_| NumberError::TooLong)? - exponent;
    let mut decimal = fit(whole, fraction, scale).ok_or(NumberError::TooLong)?;
    decimal.set_sign_negative(negative);
    Ok(decimal)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// The exponent, held within ±10,000: beyond that only zero fits.
fn parse_exponent(text: &str) -> Result<i64, NumberError> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !is_digits(digits) {
        return Err(NumberError::Grammar);
    }
    let size = digits.parse::<i64>().unwrap_or(10_000).min(10_000);
    Ok(if text.starts_with('-') { -size } else { size })
}

const MAX_SCALE: i64 = 28;
const MAX_DIGITS: usize = 29;

fn fit(whole: &str, fraction: &str, scale: i64) -> Option<Decimal> {
    let length = whole.len() + fraction.len();
    if scale <= MAX_SCALE
        && let Some(decimal) = mantissa(whole, fraction, length).and_then(|m| build(m, scale))
    {
        return Some(decimal);
    }
    let digits = || whole.bytes().chain(fraction.bytes());
    if digits().all(|b| b == b'0') {
        return build(0, scale.min(MAX_SCALE));
    }
    // Too long as written: as few trailing zeros of the fraction as needed may go. What is left has at most 29 digits
    // and 28 places, so no more than two tries are needed, however long the text.
    let zeros = digits().rev().take_while(|&b| b == b'0').count();
    let leading = digits().take_while(|&b| b == b'0').count();
    let too_many = (length - leading).saturating_sub(MAX_DIGITS);
    let too_deep = usize::try_from(scale.saturating_sub(MAX_SCALE)).unwrap_or(0);
    let least = too_many.max(too_deep);
    let most = zeros.min(usize::try_from(scale).unwrap_or(0));
    (least..=most.min(least + 1)).find_map(|dropped| {
        let scale = scale - i64::try_from(dropped).ok()?;
        build(mantissa(whole, fraction, length - dropped)?, scale)
    })
}

fn mantissa(whole: &str, fraction: &str, take: usize) -> Option<u128> {
    let mut digits = whole.bytes().chain(fraction.bytes()).take(take);
    if take <= 19 {
        // At most 19 digits fit a u64: the common case, without checks.
        let small = digits.fold(0u64, |sum, digit| sum * 10 + u64::from(digit - b'0'));
        return Some(u128::from(small));
    }
    digits.try_fold(0u128, |sum, digit| {
        sum.checked_mul(10)?.checked_add(u128::from(digit - b'0'))
    })
}

fn build(mantissa: u128, scale: i64) -> Option<Decimal> {
    let (mantissa, scale) = if scale < 0 {
        let power = 10u128.checked_pow(u32::try_from(-scale).ok()?);
        match power {
            Some(power) => (mantissa.checked_mul(power)?, 0),
            None if mantissa == 0 => (0, 0),
            None => return None,
        }
    } else {
        (mantissa, u32::try_from(scale).ok()?)
    };
    Decimal::try_from_i128_with_scale(i128::try_from(mantissa).ok()?, scale).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> String {
        parse_decimal(text).map_or_else(|e| format!("{e:?}"), |d| d.to_string())
    }

    #[test]
    fn value_and_scale_are_kept() {
        for text in [
            "0",
            "0.00",
            "-0.00",
            "9.99",
            "10.00",
            "0.1",
            "12345678901234567.89",
            "79228162514264337593543950335",
            "18446744073709551616",
            "0.0000000000000000000000000001",
        ] {
            assert_eq!(read(text), text);
        }
        assert_eq!(
            read("9.9999999999999999999999999990"),
            "9.999999999999999999999999999",
            "29 digits are too many for 96 bits; the zero may go"
        );
        assert_eq!(read("1e2"), "100");
        assert_eq!(read("1E-7"), "0.0000001");
        assert_eq!(read("1.10e1"), "11.0");
        assert_eq!(read("1.5E+3"), "1500");
        assert_eq!(read("0e-50"), "0.0000000000000000000000000000");
        assert_eq!(read("0e99999999999999999999"), "0");
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        for text in [
            "79228162514264337593543950336",
            "0.12345678901234567890123456789012345",
            "1e29",
            "1e999999999999999999999",
            "1e-29",
            "12345678901234567890123456789.5",
        ] {
            assert_eq!(read(text), "TooLong", "{text}");
        }
    }

    #[test]
    fn trailing_zeros_go_only_where_they_do_not_fit() {
        assert_eq!(
            read("1.50000000000000000000000000000000000000"),
            "1.5000000000000000000000000000"
        );
        assert_eq!(
            read("79228162514264337593543950335.00"),
            "79228162514264337593543950335"
        );
        assert_eq!(read("1.00"), "1.00");
    }

    #[test]
    fn a_very_long_text_costs_no_more_than_reading_it() {
        let zeros = "0".repeat(1 << 20);
        assert_eq!(read(&format!("0.{zeros}1{zeros}")), "TooLong");
        assert_eq!(read(&format!("1.{zeros}")), format!("1.{}", "0".repeat(28)));
        assert_eq!(read(&format!("0.{zeros}")), format!("0.{}", "0".repeat(28)));
        assert_eq!(read(&"9".repeat(1 << 20)), "TooLong");
    }

    #[test]
    fn only_the_grammar_of_json_is_read() {
        for text in [
            "", "-", "+1", "007.5", "00", ".5", "5.", "1_000", "1,000.00", " 9.99", "9.99 ", "0x1",
            "1e", "1e+", "--1", "NaN", "Infinity", "１", "1.2.3",
        ] {
            assert_eq!(read(text), "Grammar", "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_decimal_survives_its_text(mantissa in any::<i128>(), scale in 0u32..=28) {
            let mantissa = mantissa % (1 << 96);
            let decimal = Decimal::try_from_i128_with_scale(mantissa, scale).unwrap();
            prop_assert_eq!(read(&decimal.to_string()), decimal.to_string());
        }

        #[test]
        fn any_text_is_exact_or_refused(whole in "[0-9]{1,32}", fraction in "[0-9]{1,32}") {
            let text = format!("{whole}.{fraction}");
            if let Ok(decimal) = parse_decimal(&text) {
                let strip = |s: &str| s.trim_start_matches('0').trim_end_matches('0').to_owned();
                let again = decimal.to_string();
                let again = if again.contains('.') { again } else { format!("{again}.") };
                prop_assert_eq!(strip(&again), strip(&text));
            }
        }
    }
}
