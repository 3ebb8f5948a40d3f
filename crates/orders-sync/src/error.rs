//! What can end a pull apart from the vendor.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::point::Point;

/// Where a store is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StorePlace {
    /// A file of SQLite.
    File(PathBuf),
    /// A database of Postgres: its address, without a password.
    Address(String),
}

impl fmt::Display for StorePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Address(address) => f.write_str(address),
        }
    }
}

impl From<PathBuf> for StorePlace {
    fn from(path: PathBuf) -> Self {
        Self::File(path)
    }
}

impl From<&PathBuf> for StorePlace {
    fn from(path: &PathBuf) -> Self {
        Self::File(path.clone())
    }
}

impl From<&Path> for StorePlace {
    fn from(path: &Path) -> Self {
        Self::File(path.to_owned())
    }
}

/// What is wrong with a store, in the terms of what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StoreFault {
    /// No space is left on the disk (or in the database's own limit).
    Full,
    /// The file or its folder cannot be written; the user of a server lacks a privilege.
    ReadOnly,
    /// Another program held the file for longer than the wait.
    Busy,
    /// Another run works on this account.
    Locked,
    /// The file is damaged.
    Corrupt,
    /// The file is something else, not a store of this crate.
    Foreign,
    /// Nothing was pulled into the database yet, and it was opened for reading.
    Empty,
    /// The file was written by a newer version of this crate.
    TooNew,
    /// The server cannot be reached, does not answer, or ended the connection.
    Unreachable,
    /// The server refused the user, the password or the name of the database.
    Denied,
    /// Any other failure of the file or the server.
    Io,
}

impl StoreFault {
    /// The fault as one lower-case word, for logs and machine output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "disk_full",
            Self::ReadOnly => "read_only",
            Self::Busy => "busy",
            Self::Locked => "locked",
            Self::Corrupt => "corrupt",
            Self::Foreign => "foreign_file",
            Self::Empty => "empty",
            Self::TooNew => "newer_file",
            Self::Unreachable => "unreachable",
            Self::Denied => "denied",
            Self::Io => "io",
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn next(self) -> &'static str {
        match self {
            Self::Full => {
                "make room and run again: nothing is half written, the run resumes where it stopped"
            }
            Self::ReadOnly => "make the file and its folder writable, or choose another file",
            Self::Busy => "close the other program that writes to the file, then run again",
            Self::Locked => "wait for the other run to end, or stop it, then run again",
            Self::Corrupt => "restore the file from a copy, or choose a new file and pull in full",
            Self::Foreign => "choose another file: this one is left as it is",
            Self::Empty => "pull into it first",
            Self::TooNew => "use the version of this program that wrote the file, or a newer one",
            Self::Unreachable => {
                "see that the server runs and can be reached, then run again: the run resumes where it stopped"
            }
            Self::Denied => "check the user, the password and the database of the address",
            Self::Io => "see the message; after it is mended, run again",
        }
    }

    /// What to do about it where the store is a database of a server.
    fn next_at_server(self) -> &'static str {
        match self {
            Self::ReadOnly => {
                "grant the user what it lacks: CREATE on the database for the first run, then the schema `orders` and all \
                 in it"
            }
            Self::Busy => {
                "run again; where it stays busy, see which transaction holds the rows (pg_stat_activity)"
            }
            Self::Corrupt => {
                "restore the database from a backup, or choose another one and pull in full"
            }
            Self::Foreign => {
                "choose another database: what is in the schema `orders` of this one is left as it is"
            }
            Self::TooNew => {
                "use the version of this program that wrote the database, or a newer one"
            }
            Self::Full
            | Self::Empty
            | Self::Locked
            | Self::Unreachable
            | Self::Denied
            | Self::Io => self.next(),
        }
    }
}

/// Why a saved state cannot be used. It is left as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StateFault {
    /// The state is not what this crate writes: cut off, or edited.
    Damaged,
    /// The state belongs to something else: another program, account, or time axis.
    Foreign,
    /// The state was written by a newer version.
    TooNew,
    /// Everything that the state says lies in the future: the clock is wrong.
    Ahead,
}

impl StateFault {
    /// The fault as one lower-case word, for logs and machine output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Damaged => "state_damaged",
            Self::Foreign => "state_foreign",
            Self::TooNew => "state_newer",
            Self::Ahead => "state_ahead",
        }
    }
}

/// Why a pull could not continue. What was committed before stays, and the next run resumes from it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SyncError {
    /// The store failed.
    #[error("{place}: {message}")]
    Store {
        /// What is wrong.
        fault: StoreFault,
        /// The file, or the database.
        place: StorePlace,
        /// What happened, in the words of the system.
        message: String,
    },
    /// The saved state cannot be used.
    #[error("the saved state of {account} cannot be used: {message}")]
    State {
        /// What is wrong.
        fault: StateFault,
        /// Whose state.
        account: String,
        /// What was found.
        message: String,
    },
    /// The options make no sense, or the vendor cannot do what they say.
    #[error("{message}")]
    Options {
        /// What is missing or contradicts itself.
        message: String,
        /// What to do.
        next: String,
    },
    /// The account that is asked is not the one whose orders are stored. Nothing was written.
    #[error("{message}")]
    OtherAccount {
        /// The account in the store.
        account: String,
        /// What was found.
        message: String,
    },
    /// The vendor refused the plan itself, before anything was pulled.
    #[error(transparent)]
    Vendor(#[from] orders_core::Error),
    /// A failpoint ended the run (tests only).
    #[error("stopped at the failpoint {}", .0.as_str())]
    Failpoint(Point),
}

impl SyncError {
    pub(crate) fn store(
        fault: StoreFault,
        place: impl Into<StorePlace>,
        message: impl Into<String>,
    ) -> Self {
        Self::Store {
            fault,
            place: place.into(),
            message: message.into(),
        }
    }

    /// The failure of a file operation.
    pub(crate) fn io(path: impl Into<StorePlace>, error: &std::io::Error) -> Self {
        use std::io::ErrorKind;
        let fault = match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
                StoreFault::Full
            }
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => StoreFault::ReadOnly,
            ErrorKind::WouldBlock => StoreFault::Locked,
            _ => StoreFault::Io,
        };
        Self::store(fault, path, error.to_string())
    }

    pub(crate) fn options(message: impl Into<String>, next: impl Into<String>) -> Self {
        Self::Options {
            message: message.into(),
            next: next.into(),
        }
    }

    /// The kind as one lower-case word, for logs and machine output.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Store { fault, .. } => fault.as_str(),
            Self::State { fault, .. } => fault.as_str(),
            Self::Options { .. } => "options",
            Self::OtherAccount { .. } => "other_account",
            Self::Vendor(error) => error.kind().as_str(),
            Self::Failpoint(_) => "failpoint",
        }
    }

    /// Whether running again, with nothing changed, can succeed.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Store { fault, .. } => matches!(
                fault,
                StoreFault::Busy | StoreFault::Locked | StoreFault::Unreachable
            ),
            Self::Vendor(error) => error.is_retryable(),
            Self::Failpoint(_) => true,
            Self::State { .. } | Self::Options { .. } | Self::OtherAccount { .. } => false,
        }
    }

    /// What to do next, as a sentence.
    #[must_use]
    pub fn next(&self) -> String {
        match self {
            Self::Store {
                fault,
                place: StorePlace::Address(_),
                ..
            } => fault.next_at_server().to_owned(),
            Self::Store { fault, .. } => fault.next().to_owned(),
            Self::State {
                fault: StateFault::TooNew,
                ..
            } => StoreFault::TooNew.next().to_owned(),
            Self::State {
                fault: StateFault::Ahead,
                ..
            } => "set the clock of this machine right, then run again".to_owned(),
            Self::State { .. } => {
                "reset the state of this account (the stored orders stay) and pull again \
                 with a starting point; or choose another file"
                    .to_owned()
            }
            Self::Options { next, .. } => next.clone(),
            Self::OtherAccount { .. } => {
                "name another account for this credential, or choose another file; if it is the same account, pull once \
                 with --same-account"
                    .to_owned()
            }
            Self::Vendor(error) => error
                .hint()
                .unwrap_or("see the vendor's message")
                .to_owned(),
            Self::Failpoint(_) => "run again".to_owned(),
        }
    }
}
