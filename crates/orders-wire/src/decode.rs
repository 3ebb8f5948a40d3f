//! Decoding a body: fast when it is well, with the JSON path when it is not.

use serde::Deserialize;
use serde_path_to_error::Segment;

/// A body that could not be decoded.
#[derive(Debug, thiserror::Error)]
#[error("{message}{}", at(path))]
pub struct DecodeError {
    path: String,
    message: String,
    #[source]
    source: Option<serde_json::Error>,
}

fn at(path: &str) -> String {
    if path.is_empty() {
        String::new()
    } else {
        format!(" at {path}")
    }
}

impl DecodeError {
    /// An error of the caller's own reading, at a JSON path.
    #[must_use]
    pub fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            message: message.into(),
            source: None,
        }
    }

    /// The error of a text at the place where it was found.
    pub(crate) fn of(
        text: &str,
        path: &serde_path_to_error::Path,
        error: serde_json::Error,
    ) -> Self {
        let path = shown(path);
        Self {
            message: message(text, &path, &error),
            path,
            source: Some(error),
        }
    }

    /// The JSON path of the value (`rows[3].amountTotal`); empty for the whole body.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What was wrong.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The same error, seen from a value around it.
    #[must_use]
    pub fn inside(mut self, outer: &str) -> Self {
        self.path = match self.path.as_str() {
            "" => outer.to_owned(),
            inner if inner.starts_with('[') || outer.is_empty() => format!("{outer}{inner}"),
            inner => format!("{outer}.{inner}"),
        };
        self
    }
}

/// Decodes a JSON body. UTF-8 is checked once, so that strings are not checked again one by one; a byte order mark
/// is skipped.
///
/// # Errors
/// [`DecodeError`] with the JSON path. It is found by decoding again, so a good body does not pay for it.
pub fn decode<'de, T: Deserialize<'de>>(body: &'de [u8]) -> Result<T, DecodeError> {
    match std::str::from_utf8(body) {
        Ok(text) => match text.strip_prefix('\u{feff}').unwrap_or(text) {
            text if text.trim_ascii().is_empty() => Err(DecodeError::new("", "the body is empty")),
            text => decode_text(text),
        },
        Err(error) => Err(DecodeError::new(
            "",
            format!("the body is not UTF-8 (at byte {})", error.valid_up_to()),
        )),
    }
}

/// Decodes a JSON text.
///
/// # Errors
/// [`DecodeError`] with the JSON path.
pub fn decode_text<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, DecodeError> {
    serde_json::from_str(text).map_err(|first| explain::<T>(text, first))
}

fn explain<'de, T: Deserialize<'de>>(text: &'de str, first: serde_json::Error) -> DecodeError {
    let mut error = match fault::<T>(text) {
        Err(Fault { path, error }) => {
            // A type that takes texts as they are does not see where in them it was.
            let place = |error: &serde_json::Error| (error.line(), error.column());
            let inside = fault::<serde_json::Value>(text).err();
            let inside = inside.filter(|inside| place(&inside.error) == place(&error));
            DecodeError::of(text, &inside.map_or(path, |inside| inside.path), error)
        }
        // What follows a good value: no path has it.
        Ok(_) => DecodeError::new("", message(text, "", &first)),
    };
    error.source = error.source.or(Some(first));
    error
}

/// Where decoding a text failed, and why.
pub(crate) struct Fault {
    pub(crate) path: serde_path_to_error::Path,
    pub(crate) error: serde_json::Error,
}

/// Decodes a text that may be wrong, and finds the place where it is.
pub(crate) fn fault<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, Fault> {
    let deserializer = &mut serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize::<_, T>(deserializer).map_err(|error| Fault {
        path: error.path().clone(),
        error: error.into_inner(),
    })
}

/// A path as text, as far as the way is known; empty for the whole.
pub(crate) fn shown(path: &serde_path_to_error::Path) -> String {
    let known = |segment: &&Segment| !matches!(segment, Segment::Unknown);
    let join = |outer: String, segment: &Segment| match (outer.as_str(), segment.to_string()) {
        ("", inner) => inner,
        (outer, inner) if inner.starts_with('[') => format!("{outer}{inner}"),
        (outer, inner) => format!("{outer}.{inner}"),
    };
    path.iter().take_while(known).fold(String::new(), join)
}

fn message(text: &str, path: &str, error: &serde_json::Error) -> String {
    if text.trim_start().starts_with('<') {
        return "expected JSON, got markup (a web page?)".to_owned();
    }
    let message = without_value(error.to_string());
    if error.is_eof() {
        return format!("the text is cut off: {message}");
    }
    // Line and column count from the record; the path says it better.
    let place = format!(" at line {} column {}", error.line(), error.column());
    match message.strip_suffix(&place) {
        Some(short) if !path.is_empty() => short.to_owned(),
        _ => message,
    }
}

/// serde quotes the text it did not expect, which may be personal: only its type is kept.
fn without_value(message: String) -> String {
    const QUOTED: [&str; 2] = ["invalid type: string \"", "invalid value: string \""];
    let quoted = QUOTED.iter().find_map(|start| {
        let expected = message.strip_prefix(start)?.rfind("\", expected ")? + start.len();
        Some(format!(
            "{}{}",
            start.trim_end_matches(" \""),
            &message[expected + 1..]
        ))
    });
    quoted.unwrap_or(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_does_not_quote_the_text_it_met() {
        let error = decode_text::<Vec<u8>>("\"Jane \\\", expected Doe\"").unwrap_err();
        assert_eq!(
            error.to_string(),
            "invalid type: string, expected a sequence at line 1 column 23"
        );
    }
    #[test]
    fn an_empty_body_is_named_as_one() {
        for body in ["", " \n", "\u{feff}"] {
            let error = decode::<serde_json::Value>(body.as_bytes()).unwrap_err();
            assert_eq!(error.to_string(), "the body is empty", "{body:?}");
        }
    }
}
