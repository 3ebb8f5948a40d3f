//! What is a secret or personal by its own looks, whatever key it stands under.

use std::ops::Range;

use super::key::KeySound;

/// Beginnings of API keys and webhook secrets.
const PREFIXES: [&str; 5] = ["sk_", "pk_", "rk_", "whsec_", "shpat_"];

/// The shortest string of letters and digits that is taken for a secret. Longer than a UUID (36) or a trace id (32).
const OPAQUE: usize = 40;

/// Whether `c` belongs to a word: a key, a token, an e-mail address.
pub(super) fn is_part(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '@' | '+')
}

/// Whether a word is a JWT, an API key or another long random string.
pub(super) fn secret_by_itself(word: &str) -> bool {
    let has = |wanted: fn(&char) -> bool| word.chars().any(|c| wanted(&c));
    let jwt = word.starts_with("eyJ") && word.len() >= 10;
    let prefixed = PREFIXES.iter().any(|prefix| word.starts_with(prefix));
    let opaque =
        word.len() >= OPAQUE && has(char::is_ascii_digit) && has(char::is_ascii_alphabetic);
    jwt || prefixed || opaque
}

/// Where `text`, which begins with `word`, begins with an e-mail address, an international phone number or the number of
/// a card: what follows it.
pub(super) fn personal_by_itself<'a>(word: &str, text: &'a str) -> Option<&'a str> {
    let end = email(word, text)
        .or_else(|| phone(text))
        .or_else(|| card(text))?;
    text.get(end..)
}

fn email(word: &str, text: &str) -> Option<usize> {
    let whole = |(user, host): (&str, &str)| !user.is_empty() && !host.is_empty();
    if word.split_once('@').is_some_and(whole) {
        return Some(word.len());
    }
    let after = text.get(word.len()..)?;
    ["%40", r"\u0040"].iter().find_map(|at| {
        let host = after.strip_prefix(at)?;
        let length = host.find(|c| !is_part(c)).unwrap_or(host.len());
        (length > 0).then_some(word.len() + at.len() + length)
    })
}

fn phone(text: &str) -> Option<usize> {
    let number = text.strip_prefix('+')?;
    let end = number
        .find(|c: char| !c.is_ascii_digit() && !" -.()".contains(c))
        .unwrap_or(number.len());
    let number = number.get(..end)?.trim_end_matches([' ', '-', '.', '(']);
    let digits = number.chars().filter(char::is_ascii_digit).count();
    (digits >= 8).then_some(1 + number.len())
}

/// 13 to 19 digits, in groups or not, with the check digit of a card (Luhn). Networks begin with 2 to 6, so a time in
/// milliseconds is none.
fn card(text: &str) -> Option<usize> {
    let mut digits = Vec::new();
    let mut end = None;
    for (at, c) in text.char_indices() {
        match c.to_digit(10) {
            Some(digit) => digits.push(digit),
            None if matches!(c, ' ' | '-') && !digits.is_empty() => {}
            None => break,
        }
        let after = text.get(at + 1..).and_then(|after| after.chars().next());
        let whole = !after.is_some_and(|c| c.is_alphanumeric() || c == '_');
        if c.is_ascii_digit() && whole && is_card(&digits) {
            end = Some(at + 1);
        }
        if digits.len() > 19 {
            break;
        }
    }
    end
}

fn is_card(digits: &[u32]) -> bool {
    let weight = |(at, digit): (usize, &u32)| match at % 2 {
        0 => *digit,
        _ if *digit > 4 => digit * 2 - 9,
        _ => digit * 2,
    };
    let sum: u32 = digits.iter().rev().enumerate().map(weight).sum();
    let network = digits.first().is_some_and(|first| (2..=6).contains(first));
    network && (13..=19).contains(&digits.len()) && sum.is_multiple_of(10)
}

/// The span in `after` of a credential that follows its word without a separator: `Bearer abc`, `token 'abc12345'`.
pub(super) fn credential_after(word: &str, after: &str, sound: KeySound) -> Option<Range<usize>> {
    let value = after.trim_start_matches([' ', '\t', '"', '\'', '+']);
    let value = value.strip_prefix("%20").unwrap_or(value);
    let start = after.len() - value.len();
    let length = value
        .find(|c: char| !is_part(c) && !"~/=%".contains(c))
        .unwrap_or(value.len());
    let value = value.get(..length)?;
    if start == 0 || value.is_empty() {
        return None;
    }
    let scheme = word.eq_ignore_ascii_case("bearer") || word.eq_ignore_ascii_case("basic");
    let named = sound == KeySound::Secret && looks_random(value);
    let prose = value.eq_ignore_ascii_case("token");
    (named || (scheme && !prose)).then_some(start..start + length)
}

fn looks_random(value: &str) -> bool {
    value.len() >= 8 && value.contains(|c: char| c.is_ascii_digit())
}
