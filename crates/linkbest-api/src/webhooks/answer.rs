//! The word that answers a push.

use std::fmt;

/// What to answer, as the whole body of a 200. Documented; the difference between `1` and `0` is recorded at the sister
/// platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// `1`: received and stored.
    Stored,
    /// `0`: received, known before.
    AlreadyKnown,
    /// `-1`: not received; the vendor pushes again.
    NotReceived,
}

impl Answer {
    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stored => "1",
            Self::AlreadyKnown => "0",
            Self::NotReceived => "-1",
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
