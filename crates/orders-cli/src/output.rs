//! Standard output for data, standard error for everything else.

mod rows;

use std::borrow::Cow;
use std::io::{self, BufWriter, IsTerminal, Stdout, Write};

use orders_core::{Error, ErrorKind, Unreadable};
use serde::Serialize;

use crate::exit::Failure;
use crate::json_text::{harmless, is_command};

pub(crate) use self::rows::{Rows, rows, table};

/// Standard output, in whole lines.
#[derive(Debug)]
pub(crate) struct Out {
    out: BufWriter<Stdout>,
    terminal: bool,
}

impl Out {
    pub(crate) fn new() -> Self {
        let out = io::stdout();
        let terminal = out.is_terminal();
        let out = BufWriter::new(out);
        Self { out, terminal }
    }

    /// Writes text for people, or a line of JSON, which gives a terminal no commands. In a file or a pipe it is the same
    /// bytes.
    pub(crate) fn line(&mut self, text: &str) -> Result<(), Failure> {
        let text = shown(text, self.terminal);
        let written = self
            .out
            .write_all(text.as_bytes())
            .and_then(|()| self.out.write_all(b"\n"));
        written.map_err(stdout)
    }

    /// Writes out the buffer. Called before every wait, so that a signal never cuts a line.
    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        self.out.flush().map_err(stdout)
    }
}

/// What is written where a terminal reads it, or something else does.
fn shown(text: &str, terminal: bool) -> Cow<'_, str> {
    match terminal {
        true => harmless(text),
        false => Cow::Borrowed(text),
    }
}

fn stdout(error: io::Error) -> Failure {
    Failure::writing("to standard output", error)
}

/// Prints a line for people, or an object. Without a reader nothing is lost.
pub(crate) fn say(text: &str) {
    let mut err = io::stderr().lock();
    let text = shown(text, err.is_terminal());
    let _ = writeln!(err, "{text}");
}

/// Prints a warning for people, or as one JSON object.
pub(crate) fn warn(text: &str, as_json: bool) {
    match as_json {
        true => say(&serde_json::json!({ "warning": text }).to_string()),
        false => say(&format!("warning: {}", plain(text))),
    }
}

/// The name by which the user called this program, for commands to copy.
pub(crate) fn program() -> String {
    std::env::args()
        .next()
        .unwrap_or_else(|| "orders".to_owned())
}

/// A value as one line of JSON.
pub(crate) fn json(value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| {
        Error::new(ErrorKind::Other, format!("cannot write JSON: {error}")).with_source(error)
    })
}

/// Text from outside, for a terminal. Characters that move the cursor, change colours or change the writing direction
/// are escaped (`\u{1b}`, `\n`). So a line stays a line and shows everything.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains(is_command) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match is_command(c) {
            true => shown.extend(c.escape_default()),
            false => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// An order that cannot be read: where it stands, which it is, and why.
pub(crate) fn unreadable(record: &Unreadable, as_json: bool) -> String {
    if as_json && let Ok(line) = json(record) {
        return line;
    }
    let order = match &record.id {
        Some(id) => format!("order {}", plain(id)),
        None => "an order without a readable id".to_owned(),
    };
    let path = plain(&record.path);
    format!("{path}: {order} cannot be read: {}", plain(&record.reason))
}

/// `1 order`, `2 orders`.
pub(crate) fn counted(orders: u64) -> String {
    match orders {
        1 => "1 order".to_owned(),
        n => format!("{n} orders"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_escaped() {
        for (text, shown) in [
            ("\u{1b}[2Jgone", r"\u{1b}[2Jgone"),
            ("a\r\nb\tc", r"a\r\nb\tc"),
            ("\u{9b}31m \u{7f} \0", r"\u{9b}31m \u{7f} \u{0}"),
            (
                "abc\u{202e}cba\u{2066}\u{2028}",
                r"abc\u{202e}cba\u{2066}\u{2028}",
            ),
        ] {
            assert_eq!(plain(text), shown);
        }
        for text in ["", "é 订单 ñ 👍", r"C:\new", "-1.50 EUR"] {
            assert!(matches!(plain(text), Cow::Borrowed(same) if same == text));
        }
    }
}
