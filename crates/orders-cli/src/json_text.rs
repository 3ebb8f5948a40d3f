//! JSON as the text that it is: no number is ever read.

use std::borrow::Cow;

/// A JSON text as one line: the text itself where it is one, else without the white space between its tokens.
/// No digit and no escape changes.
pub(crate) fn one_line(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    if !text.contains(['\n', '\r']) {
        return Cow::Borrowed(text);
    }
    let mut line = String::with_capacity(text.len());
    let (mut inside, mut escaped) = (false, false);
    for c in text.chars() {
        if inside {
            inside = escaped || c != '"';
            escaped = !escaped && c == '\\';
        } else if c == '"' {
            inside = true;
        } else if c.is_ascii_whitespace() {
            continue;
        }
        line.push(c);
    }
    Cow::Owned(line)
}

/// The same JSON, for a terminal: what a terminal would obey is written as an escape of JSON (`\u009b`). JSON itself escapes
/// the first 32 characters within strings, and they are space between tokens.
pub(crate) fn harmless(text: &str) -> Cow<'_, str> {
    let obeyed = |c: char| c >= ' ' && is_command(c);
    if !text.contains(obeyed) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match obeyed(c) {
            true => escaped += &format!("\\u{:04x}", u32::from(c)),
            false => escaped.push(c),
        }
    }
    Cow::Owned(escaped)
}

/// The JSON type of a text that is JSON, by its first character.
pub(crate) fn kind(text: &str) -> &'static str {
    match text.as_bytes().first() {
        Some(b'{') => "object",
        Some(b'[') => "list",
        Some(b'"') => "string",
        Some(b't' | b'f') => "boolean",
        Some(b'n') | None => "null",
        Some(_) => "number",
    }
}

/// Control characters, line separators and the marks that change the writing direction.
pub(crate) fn is_command(c: char) -> bool {
    let turns = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || turns
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_one_line_stays_as_it_is() {
        let text = r#"{"a" : 1.10,  "b": "x  y"}"#;
        assert!(matches!(one_line(text), Cow::Borrowed(same) if same == text));
    }

    #[test]
    fn a_terminal_gets_the_same_json_without_commands() {
        let text = "{\"a\u{9b}31m\":\"\u{7f}x\u{202e}y\u{2066}\",\n\t\"é 订单 👍\":1.10}";
        let line = harmless(text);
        assert_eq!(
            line,
            "{\"a\\u009b31m\":\"\\u007fx\\u202ey\\u2066\",\n\t\"é 订单 👍\":1.10}"
        );
        let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(value(&line), value(text));
        assert!(matches!(harmless("{\"a\":\"é\"}\n"), Cow::Borrowed(_)));
    }

    #[test]
    fn only_white_space_between_tokens_goes() {
        let text = "{\r\n  \"a b\" : 1.10e-2 ,\n\t\"c\\\" \\\\\" : [ \"x\\n  y\", 10.00 ]\n}";
        assert_eq!(
            one_line(text),
            r#"{"a b":1.10e-2,"c\" \\":["x\n  y",10.00]}"#
        );
    }
}
