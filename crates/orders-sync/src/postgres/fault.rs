//! What an error of the server, or of the way to it, means.

use std::error::Error as _;

use tokio_postgres::Error;

use crate::error::StoreFault;
use crate::sql::Failed;

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        let (fault, message) = meaning(&error);
        Self::Store(fault, message)
    }
}

fn meaning(error: &Error) -> (StoreFault, String) {
    let Some(answer) = error.as_db_error() else {
        return of_connection(error);
    };
    // Its detail may hold what is stored.
    let message = answer.message();
    let code = answer.code().code();
    let (fault, before) = match code {
        "53100" => (StoreFault::Full, ""),
        "25006" => (StoreFault::ReadOnly, "opened for reading: "),
        "42501" => (StoreFault::ReadOnly, ""),
        "40001" | "40P01" => (StoreFault::Busy, "another transaction was in the way: "),
        "55P03" => (
            StoreFault::Busy,
            "another transaction held the rows for too long: ",
        ),
        "57014" => (StoreFault::Busy, "a statement took too long: "),
        "53300" => (StoreFault::Busy, ""),
        "3D000" => (StoreFault::Denied, ""),
        "25P03" => (StoreFault::Unreachable, ""),
        _ => match code.get(..2) {
            Some("28") => (StoreFault::Denied, ""),
            // An operator ended it, or the server stops or starts.
            Some("08" | "57") => (StoreFault::Unreachable, ""),
            Some("XX") => (StoreFault::Corrupt, ""),
            _ => (StoreFault::Io, ""),
        },
    };
    (fault, format!("{before}{message} ({code})"))
}

/// An error that is no answer of the server's.
fn of_connection(error: &Error) -> (StoreFault, String) {
    let mut message = error.to_string();
    let fault = match message.as_str() {
        // Such as a password that is asked for, and not there.
        "authentication error" | "invalid configuration" => StoreFault::Denied,
        "error performing TLS handshake" => StoreFault::Io,
        "connection closed"
        | "error connecting to server"
        | "error communicating with the server"
        | "timeout waiting for server" => StoreFault::Unreachable,
        _ => StoreFault::Io,
    };
    let mut cause = error.source();
    while let Some(inner) = cause {
        let text = inner.to_string();
        if !message.contains(&text) {
            message = format!("{message}: {text}");
        }
        cause = inner.source();
    }
    (fault, message)
}
