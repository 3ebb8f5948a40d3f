//! How the program ends.

use std::process::ExitCode;

use orders_core::{Error, ErrorKind};
use orders_sync::SyncError;

/// The exit codes; `orders --help` lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    Ok = 0,
    Failed = 1,
    Usage = 2,
    Partial = 3,
    Auth = 4,
    Config = 5,
    RateLimit = 6,
    Integrity = 7,
    Interrupted = 130,
    Terminated = 143,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command did not come to its end.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Something went wrong: shown to the user.
    Error(Error),
    /// What was given to read cannot be read, whatever a vendor's failure in it says: the code is always 1.
    Input(Error),
    /// A pull, or what it stored, failed.
    Sync(SyncError),
    /// Whoever read standard output has enough (`| head`): nothing to say.
    Closed,
    /// A signal came: 130 for Ctrl-C, 143 for a request to terminate.
    Stopped(Exit),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl From<SyncError> for Failure {
    fn from(error: SyncError) -> Self {
        match error {
            SyncError::Vendor(error) => Self::Error(error),
            other => Self::Sync(other),
        }
    }
}

impl Failure {
    /// A failure of writing to `what`.
    pub(crate) fn writing(what: &str, error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Self::Closed;
        }
        let message = format!("cannot write {what}: {error}");
        Self::Error(
            Error::new(ErrorKind::Other, message)
                .with_hint("check the free space and the permissions there")
                .with_source(error),
        )
    }

    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Error(error) => of_error(error),
            Self::Input(_) => Exit::Failed,
            Self::Sync(SyncError::Options { .. }) => Exit::Usage,
            Self::Sync(_) => Exit::Failed,
            Self::Closed => Exit::Ok,
            Self::Stopped(exit) => *exit,
        }
    }
}

/// The exit code of an error. A request that was refused here, before anything was sent, is wrong usage.
pub(crate) fn of_error(error: &Error) -> Exit {
    match error.kind() {
        ErrorKind::Auth | ErrorKind::Permission => Exit::Auth,
        ErrorKind::Config => Exit::Config,
        ErrorKind::RateLimit => Exit::RateLimit,
        ErrorKind::Incomplete | ErrorKind::Stalled => Exit::Integrity,
        ErrorKind::InvalidRequest | ErrorKind::Unsupported if error.attempts() == 0 => Exit::Usage,
        _ => Exit::Failed,
    }
}

/// The code of several accounts: the one that all of them ended with, else 3. A signal goes before both.
pub(crate) fn of_all(codes: &[Exit]) -> Exit {
    let signal = |code: &&Exit| matches!(code, Exit::Interrupted | Exit::Terminated);
    match codes {
        [] => Exit::Ok,
        [first, rest @ ..] if rest.iter().all(|code| code == first) => *first,
        codes => *codes.iter().find(signal).unwrap_or(&Exit::Partial),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_request_is_wrong_usage_only_where_it_was_not_sent() {
        let error = Error::invalid_request("no");
        assert_eq!(of_error(&error), Exit::Usage);
        let error = error.with_attempts(1, Duration::ZERO);
        assert_eq!(of_error(&error), Exit::Failed);
    }

    #[test]
    fn accounts_that_end_alike_give_their_code_and_else_3() {
        use Exit::{Auth, Integrity, Interrupted, Ok, Partial};
        assert_eq!(of_all(&[]), Ok);
        assert_eq!(of_all(&[Ok, Ok]), Ok);
        assert_eq!(of_all(&[Auth]), Auth);
        assert_eq!(of_all(&[Auth, Auth]), Auth);
        assert_eq!(of_all(&[Ok, Auth]), Partial);
        assert_eq!(of_all(&[Integrity, Ok]), Partial);
        assert_eq!(of_all(&[Ok, Auth, Interrupted]), Interrupted);
    }

    #[test]
    fn a_reader_that_went_away_is_no_failure() {
        let pipe = std::io::Error::from(std::io::ErrorKind::BrokenPipe);
        assert_eq!(Failure::writing("standard output", pipe).exit(), Exit::Ok);
        let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
        assert_eq!(Failure::writing("the file", full).exit(), Exit::Failed);
    }
}
