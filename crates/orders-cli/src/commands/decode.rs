//! `orders decode`: a body from a file, one line an order.

use std::io::{IsTerminal, Read};
use std::path::Path;

use bytes::Bytes;
use orders_core::{Error, ErrorKind};

use crate::args::Decode;
use crate::contract::Contract;
use crate::drift::Drift;
use crate::exit::{Exit, Failure};
use crate::output::{Out, say, unreadable};
use crate::report;
use crate::vendor::Lines;

/// The account label of orders that were read from a file.
const ACCOUNT: &str = "default";

pub(crate) fn run(args: &Decode, json: bool) -> Result<Exit, Failure> {
    let (decoded, drift) = decode(args, json).map_err(Failure::Input)?;
    let mut out = Out::new();
    for line in &decoded.lines {
        out.line(line)?;
    }
    out.flush()?;
    for record in &decoded.unreadable {
        say(&unreadable(record, json));
    }
    if let Some(report) = drift {
        say(&report);
    }
    match decoded.unreadable.is_empty() {
        true => Ok(Exit::Ok),
        false => Ok(Exit::Integrity),
    }
}

/// Everything that will be printed: the lines, and the report where it was asked for.
fn decode(args: &Decode, json: bool) -> Result<(Lines, Option<String>), Error> {
    let body = Bytes::from(read(&args.file)?);
    let lines = args.vendor.lines(&body, ACCOUNT, args.view)?;
    let report = match args.drift {
        true => Some(drift(args, &body, lines.lines.len(), json)?),
        false => None,
    };
    Ok((lines, report))
}

fn read(file: &Path) -> Result<Vec<u8>, Error> {
    let (name, read) = if file == Path::new("-") {
        if std::io::stdin().is_terminal() {
            say("reading standard input; Ctrl-D ends it");
        }
        let mut body = Vec::new();
        let read = std::io::stdin().lock().read_to_end(&mut body);
        ("standard input".to_owned(), read.map(|_| body))
    } else {
        (file.display().to_string(), std::fs::read(file))
    };
    read.map_err(|error| {
        let message = format!("cannot read {name}: {error}");
        Error::new(ErrorKind::NotFound, message)
            .with_hint("name a file that can be read, or - for standard input")
            .with_source(error)
    })
}

fn drift(args: &Decode, body: &Bytes, orders: usize, json: bool) -> Result<String, Error> {
    let text = String::from_utf8_lossy(body);
    let text = text.trim_start_matches('\u{feff}');
    let drift = Drift::of(args.vendor, text, args.vendor.shape(body))?;
    let fields = Contract::of(args.vendor)?.leaves();
    report::drift(args.vendor, orders, fields, &drift, json)
}
