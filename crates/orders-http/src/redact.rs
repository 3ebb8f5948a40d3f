//! Showing a piece of a body, a header line or a message without its secrets and personal data.
//!
//! The text is not parsed but scanned, so that JSON, forms, query strings, header lines, XML, prose and anything cut in
//! the middle are treated alike. Whatever follows a key that sounds like a secret or like personal data is masked, and
//! so is whatever looks like one by itself: e-mail addresses, bearer values, JWTs, keys with a known prefix, long
//! strings of letters and digits, card numbers. A client's own secrets are masked by their text first. It rather masks too much than too little; it is no substitute for not putting a
//! secret into a text.

mod key;
mod own;
mod value;
mod word;

use key::KeySound;
use own::MASK;
pub(crate) use own::OwnSecrets;

/// At most `max` characters of `body` on one line, with secrets and personal data masked.
///
/// Bytes that are no UTF-8 become `�`, control characters are escaped. Where something was left out, `… (n bytes)`
/// follows, with the length of the whole body.
///
/// ```
/// use orders_http::redact::excerpt;
/// let body = br#"{"error":"signature of jane@example.com is wrong","appKey":"k-123","code":401}"#;
/// assert_eq!(
///     excerpt(body, 200),
///     r#"{"error":"signature of *** is wrong","appKey":"***","code":401}"#
/// );
/// assert_eq!(excerpt(b"0123456789", 4), "0123… (10 bytes)");
/// ```
#[must_use]
pub fn excerpt(body: &[u8], max: usize) -> String {
    excerpt_without(body, max, &OwnSecrets::default())
}

/// The same, with the secrets of a client masked by their text, before anything is cut.
pub(crate) fn excerpt_without(body: &[u8], max: usize, own: &OwnSecrets) -> String {
    // Masking makes text shorter, so more than `max` is looked at; never the whole of a large body.
    let window = body.get(..max.saturating_mul(4)).unwrap_or(body);
    let cut = window.len() < body.len();
    let text = own.mask(&String::from_utf8_lossy(window), cut);
    let text = if cut {
        // The last word may be a part of something that is only recognised as a whole.
        text.trim_end_matches(|c: char| word::is_part(c) || "/=%\u{fffd}".contains(c))
    } else {
        &text
    };
    let masked = mask(text);
    let mut line: String = escaped(&masked).take(max).collect();
    if cut || escaped(&masked).nth(max).is_some() {
        line.push_str(&format!("… ({} bytes)", body.len()));
    }
    line
}

/// `text` with everything masked that must not be shown.
fn mask(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(word::is_part) {
        let (before, from_word) = rest.split_at(start + percent_code(rest, start));
        out.push_str(before);
        let end = from_word
            .find(|c| !word::is_part(c))
            .unwrap_or(from_word.len());
        let (word, after) = from_word.split_at(end);
        if word.is_empty() {
            rest = after;
            continue;
        }
        rest = if let Some(after) = word::personal_by_itself(word, from_word) {
            out.push_str(MASK);
            after
        } else {
            let sound = key::sound(word);
            out.push_str(if word::secret_by_itself(word) {
                MASK
            } else {
                word
            });
            mask_after(word, before, after, sound, &mut out)
        };
    }
    out.push_str(rest);
    out
}

/// 2 where a word at `start` begins with the digits of a percent code (`%26browser_ip`): they do not belong to it.
fn percent_code(text: &str, start: usize) -> usize {
    let is_code = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let after_percent = start > 0 && text.as_bytes().get(start - 1) == Some(&b'%');
    match text.get(start..start + 2) {
        Some(digits) if after_percent && is_code(digits) => 2,
        _ => 0,
    }
}

/// Masks what belongs to `word`, if anything does, and gives back the rest.
fn mask_after<'a>(
    word: &str,
    before: &str,
    after: &'a str,
    sound: KeySound,
    out: &mut String,
) -> &'a str {
    if sound != KeySound::Harmless
        && let Some((separator, style)) = value::separator(before, after)
    {
        let (separator, from_value) = after.split_at(separator);
        out.push_str(separator);
        return mask_span(from_value, value::span(word, from_value, style), out);
    }
    match word::credential_after(word, after, sound) {
        Some(span) => mask_span(after, span, out),
        None => after,
    }
}

/// Masks `span` of `text` unless there is nothing in it to hide, and gives back the rest.
fn mask_span<'a>(text: &'a str, span: std::ops::Range<usize>, out: &mut String) -> &'a str {
    let (head, rest) = text.split_at(span.end);
    let (opening, value) = head.split_at(span.start);
    out.push_str(opening);
    out.push_str(if value::is_empty(value) { value } else { MASK });
    rest
}

/// The characters of `text`, with control characters, line breaks and marks of writing direction escaped.
fn escaped(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(|c| {
        let invisible = c.is_control()
            || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}'..='\u{200f}' | '\u{feff}');
        let escape = invisible.then(|| c.escape_default());
        let plain = (!invisible).then_some(c);
        escape.into_iter().flatten().chain(plain)
    })
}

#[cfg(test)]
mod tests;
