//! Standard output for data, standard error for everything else.

use std::io::{self, BufWriter, Stdout, Write};

use comfy_table::{CellAlignment, Table, TableComponent, presets};
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

/// How the user called this program, for commands to copy.
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

/// `1 order`, `2 orders`.
pub(crate) fn counted(orders: u64) -> String {
    match orders {
        1 => "1 order".to_owned(),
        n => format!("{n} orders"),
    }
}

/// A table whose rows are one line each, and stand close.
pub(crate) fn rows(headings: &[&str], right: &[usize]) -> Table {
    let mut table = table(headings, right);
    table.remove_style(TableComponent::HorizontalLines);
    table.remove_style(TableComponent::MiddleIntersections);
    table
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
