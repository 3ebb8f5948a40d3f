//! The ways in which the program ends.

use std::process::ExitCode;

use orders_core::{Error, ErrorKind};
use orders_sync::{StoreFault, SyncError};

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
    Locked = 8,
    Interrupted = 130,
    Terminated = 143,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command failed or ended early.
#[derive(Debug)]
pub(crate) enum Failure {
    /// An error, which is shown to the user.
    Error(Error),
    /// The input cannot be read. The exit code is always 1, whatever failure of a vendor the input contains.
    Input(Error),
    /// An error of a pull or of its store.
    Sync(SyncError),
    /// The reader of standard output has closed it (`| head`). Nothing is printed.
    Closed,
    /// A signal: 130 for Ctrl-C, 143 for SIGTERM.
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
            Self::Sync(
                SyncError::OtherAccount { .. }
                | SyncError::Store {
                    fault: StoreFault::Denied,
                    ..
                },
            ) => Exit::Config,
            Self::Sync(SyncError::Store {
                fault: StoreFault::Locked,
                ..
            }) => Exit::Locked,
            Self::Sync(_) => Exit::Failed,
            Self::Closed => Exit::Ok,
            Self::Stopped(exit) => *exit,
        }
    }
}

/// The exit code of an error. A request that the program itself refused is wrong usage.
pub(crate) fn of_error(error: &Error) -> Exit {
    match error.kind() {
        ErrorKind::Auth | ErrorKind::Permission => Exit::Auth,
        ErrorKind::Config => Exit::Config,
        ErrorKind::RateLimit => Exit::RateLimit,
        ErrorKind::Incomplete | ErrorKind::Stalled => Exit::Integrity,
        // A success without its list: what is in it is not known.
        _ if error.is_missing_list() => Exit::Integrity,
        ErrorKind::InvalidRequest | ErrorKind::Unsupported if error.attempts() == 0 => Exit::Usage,
        _ => Exit::Failed,
    }
}

/// The exit code of several accounts: the common one, else 3. A signal has priority over both.
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
