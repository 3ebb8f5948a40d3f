//! Why a statement failed.

use crate::error::{StoreFault, SyncError};

/// Why a statement, or what is made of several, failed.
#[derive(Debug)]
pub(crate) enum Failed {
    /// The database.
    Store(StoreFault, String),
    /// Something else, in the midst of it.
    Sync(SyncError),
}

impl From<SyncError> for Failed {
    fn from(error: SyncError) -> Self {
        Self::Sync(error)
    }
}
