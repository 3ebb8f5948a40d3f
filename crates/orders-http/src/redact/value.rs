//! Where the value of a key begins and ends.

use std::ops::Range;

use super::key;

/// How key and value are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// `"key": value`
    Json,
    /// `key: value`
    Line,
    /// `key=value`, or the same percent-encoded.
    Form,
    /// `<key>value`
    Xml,
}

/// The length of what stands between a key and its value, and what it says about the value. `before` is the text
/// up to the key, `after` the text from its end.
pub(super) fn separator(before: &str, after: &str) -> Option<(usize, Style)> {
    if before.ends_with('<') && after.starts_with('>') {
        return Some((1, Style::Xml));
    }
    // The end of a quoted key, perhaps inside a string that is quoted itself, or of `user[email]`.
    let joint = after.trim_start_matches(['\\', '"', '\'', '[', ']']);
    let joint = strip_ignoring_case(joint, "%22").unwrap_or(joint);
    let quoted = joint.len() < after.len();
    let joint = joint.trim_start();
    let (value, style) = [
        ("=>", Style::Json),
        ("=", Style::Form),
        ("%3D", Style::Form),
        ("%3A", Style::Form),
        (":", if quoted { Style::Json } else { Style::Line }),
    ]
    .iter()
    .find_map(|(mark, style)| Some((strip_ignoring_case(joint, mark)?, *style)))?;
    let value = match style {
        Style::Json => value.trim_start(),
        _ => value.trim_start_matches([' ', '\t']),
    };
    Some((after.len() - value.len(), style))
}

/// The span of the value at the beginning of `text`, without its quotes.
pub(super) fn span(key: &str, text: &str, style: Style) -> Range<usize> {
    if style == Style::Line && key::fills_its_line(key) {
        return 0..find_end(text, &['\r', '\n']);
    }
    if style == Style::Xml {
        return 0..find_end(text, &['<']);
    }
    if let Some(span) = quoted(text) {
        return span;
    }
    match text.chars().next() {
        Some('{' | '[') => 0..bracketed(text),
        _ => 0..bare(text, style),
    }
}

/// Whether there is nothing to hide: no letter or digit, or a word that says so.
pub(super) fn is_empty(value: &str) -> bool {
    matches!(value.trim(), "null" | "true" | "false") || !value.contains(char::is_alphanumeric)
}

fn bare(text: &str, style: Style) -> usize {
    match style {
        Style::Json => find_end(text, &[',', '}', ']', '\r', '\n']),
        Style::Line => find_end(text, &['"', '\r', '\n']),
        Style::Form | Style::Xml => {
            let end = find_end(text, &['&', '"', '\'', '<', '>', ' ', '\t', '\r', '\n']);
            text.find("%26").map_or(end, |encoded| encoded.min(end))
        }
    }
}

/// The inside of a quoted value. Its quote may be escaped (`\"`), when the JSON stands in a string itself: then the end
/// is the next quote with no more backslashes than the first.
fn quoted(text: &str) -> Option<Range<usize>> {
    let depth = text.bytes().take_while(|byte| *byte == b'\\').count();
    let quote = *text.as_bytes().get(depth)?;
    if !matches!(quote, b'"' | b'\'') {
        return None;
    }
    let start = depth + 1;
    let mut backslashes = 0;
    for (at, byte) in text.bytes().enumerate().skip(start) {
        if byte == quote && closes(backslashes, depth) {
            return Some(start..at - backslashes.min(depth));
        }
        backslashes = if byte == b'\\' { backslashes + 1 } else { 0 };
    }
    Some(start..text.len())
}

/// Whether a quote after so many backslashes ends a string: outside of other strings an even number escapes only
/// itself.
fn closes(backslashes: usize, depth: usize) -> bool {
    if depth == 0 {
        backslashes.is_multiple_of(2)
    } else {
        backslashes <= depth
    }
}

/// The length of an object or array, or of what is there of it. Brackets in strings do not count.
fn bracketed(text: &str) -> usize {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => depth += 1,
            b'}' | b']' if !in_string => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}

fn find_end(text: &str, ends: &[char]) -> usize {
    text.find(ends).unwrap_or(text.len())
}

fn strip_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix)
        .then(|| text.get(prefix.len()..))
        .flatten()
}
