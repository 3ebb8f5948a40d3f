//! What kind of failure an error is.

use std::fmt;

/// What went wrong, in the terms of what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The credential is missing, wrong, expired or signed wrongly. Trying again does not help.
    Auth,
    /// The credential is known but may not do this (missing scope, frozen store, blocked address).
    Permission,
    /// Too many requests. Trying again later helps; [`Error::retry_after`](crate::Error::retry_after) says when, if the vendor did.
    RateLimit,
    /// The request breaks a rule, found here before sending or by the vendor.
    InvalidRequest,
    /// What was requested does not exist.
    NotFound,
    /// The vendor failed. Trying a read again may help.
    Server,
    /// The connection failed before a whole answer came.
    Transport,
    /// No answer came at all, however often it was tried: the vendor cannot be reached from here.
    Unreachable,
    /// An attempt or the whole call took longer than allowed.
    Timeout,
    /// The answer is not what the vendor promises: cut, another format, or a value that cannot be kept exactly.
    Decode,
    /// The answer is larger than the cap on bodies.
    TooLarge,
    /// The vendor, or this client of it, cannot do this at all.
    Unsupported,
    /// A loop was stopped: a page or token came twice, or a cap on pages was reached.
    Stalled,
    /// The vendor says there are more orders than could be read.
    Incomplete,
    /// The client was configured wrongly.
    Config,
    /// A vendor's failure with no better kind.
    Other,
}

impl ErrorKind {
    /// The kind as one lower-case word, for logs and machine output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auth => "auth",
            Self::Permission => "permission",
            Self::RateLimit => "rate_limit",
            Self::InvalidRequest => "invalid_request",
            Self::NotFound => "not_found",
            Self::Server => "server",
            Self::Transport => "transport",
            Self::Unreachable => "unreachable",
            Self::Timeout => "timeout",
            Self::Decode => "decode",
            Self::TooLarge => "too_large",
            Self::Unsupported => "unsupported",
            Self::Stalled => "stalled",
            Self::Incomplete => "incomplete",
            Self::Config => "config",
            Self::Other => "other",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
