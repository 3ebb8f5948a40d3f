//! `orders decode`: a body from a file, one line for each thing in it.

use std::io::{IsTerminal, Read};
use std::path::Path;

use bytes::Bytes;
use orders_core::{Error, ErrorKind};

use crate::args::Decode;
use crate::bodies::{Lines, lines, only_orders, single_order};
use crate::contract::Contract;
use crate::drift::Drift;
use crate::exit::{Exit, Failure};
use crate::guess::{Guess, guess};
use crate::kind::Kind;
use crate::output::{Out, say, unreadable};
use crate::report;
use crate::vendor::View;

/// The account label of orders that were read from a file.
const ACCOUNT: &str = "default";

pub(crate) fn run(args: &Decode, json: bool) -> Result<Exit, Failure> {
    let body = Bytes::from(read(&args.file).map_err(Failure::Input)?);
    let kind = kind(args, &body)?;
    let (decoded, drift) = decode(args, kind, &body, json)?;
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

/// What to read the body as: what was named, else what the body says with certainty.
///
/// # Errors
/// Wrong usage where the vendor has no such kind, where the body does not say what it is, and where it is something that
/// the program does not read. The vendor's failure, where the body is one.
fn kind(args: &Decode, body: &Bytes) -> Result<Kind, Failure> {
    let kinds = Kind::of(args.vendor);
    let named = |kinds: &[Kind]| format!("name what it is with --kind: {}", Kind::words(kinds));
    if let Some(kind) = args.kind {
        if kinds.contains(&kind) {
            return Ok(kind);
        }
        let message = format!("{} has no bodies of the kind {}", args.vendor, kind.word());
        return Err(Error::invalid_request(message)
            .with_hint(named(kinds))
            .into());
    }
    match guess(args.vendor, body) {
        Guess::Certain(kind) => Ok(kind),
        Guess::Unsure(fits) => {
            let page = lines(args.vendor, Kind::Order, body, ACCOUNT, View::Raw);
            if let Err(failure) = page
                && failure.kind() != ErrorKind::Decode
            {
                return Err(Failure::Input(failure));
            }
            let message = format!(
                "what this body is cannot be seen from it: {}",
                orders_wire::keys(body)
            );
            Err(Error::invalid_request(message)
                .with_hint(named(&fits))
                .into())
        }
    }
}

/// Everything that will be printed: the lines, and the report where it was asked for.
fn decode(
    args: &Decode,
    kind: Kind,
    body: &Bytes,
    json: bool,
) -> Result<(Lines, Option<String>), Failure> {
    let orders = kind == Kind::Order;
    let view = match args.view {
        Some(View::Core) if !orders && kind != Kind::Event => {
            return Err(only_orders().into());
        }
        Some(view) => view,
        None if orders => View::Core,
        None => View::Typed,
    };
    if args.drift && !orders {
        let message = format!("--drift compares orders, and this is a {}", kind.word());
        return Err(Error::invalid_request(message)
            .with_hint("leave --drift out")
            .into());
    }
    let lines = lines(args.vendor, kind, body, ACCOUNT, view).map_err(of_input)?;
    let report = match args.drift {
        true => Some(drift(args, body, lines.lines.len(), json).map_err(Failure::Input)?),
        false => None,
    };
    Ok((lines, report))
}

/// What cannot be printed as requested is wrong usage, all else wrong input.
fn of_input(error: Error) -> Failure {
    match error.kind() {
        ErrorKind::InvalidRequest => Failure::Error(error),
        _ => Failure::Input(error),
    }
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
    let one = single_order(args.vendor, body);
    let text = String::from_utf8_lossy(one.as_ref().unwrap_or(body));
    let text = text.trim_start_matches('\u{feff}');
    let drift = Drift::of(args.vendor, text, one.is_some())?;
    let fields = Contract::of(args.vendor)?.leaves();
    report::drift(args.vendor, orders, fields, &drift, json)
}
