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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_one_line_stays_as_it_is() {
        let text = r#"{"a" : 1.10,  "b": "x  y"}"#;
        assert!(matches!(one_line(text), Cow::Borrowed(same) if same == text));
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
