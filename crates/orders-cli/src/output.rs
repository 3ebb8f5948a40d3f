//! Standard output for data, standard error for everything else.

use std::borrow::Cow;
use std::io::{self, BufWriter, Stdout, Write};

use comfy_table::{CellAlignment, Table, presets};
use orders_core::{Error, ErrorKind};
use serde::Serialize;

use crate::exit::Failure;

/// Standard output, in whole lines.
#[derive(Debug)]
pub(crate) struct Out(BufWriter<Stdout>);

impl Out {
    pub(crate) fn new() -> Self {
        Self(BufWriter::new(io::stdout()))
    }

    pub(crate) fn line(&mut self, text: &str) -> Result<(), Failure> {
        let written = self
            .0
            .write_all(text.as_bytes())
            .and_then(|()| self.0.write_all(b"\n"));
        written.map_err(stdout)
    }

    /// Gives what was written to the reader. Called before every wait, so that a line is never cut by a signal.
    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        self.0.flush().map_err(stdout)
    }
}

fn stdout(error: io::Error) -> Failure {
    Failure::writing("to standard output", error)
}

/// Says something to people. Where nobody listens, nothing is lost.
pub(crate) fn say(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// A value as one line of JSON.
pub(crate) fn json(value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| {
        Error::new(ErrorKind::Other, format!("cannot write JSON: {error}")).with_source(error)
    })
}

/// An empty table with these headings; columns named in `right` hold numbers.
pub(crate) fn table(headings: &[&str], right: &[usize]) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(headings.to_vec());
    for index in right {
        if let Some(column) = table.column_mut(*index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

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
