//! Named points at which a test can end a run, as if the process had been killed there.

use crate::SyncError;

/// A place in a run where being killed must do no harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Point {
    /// The account is locked and its state read; nothing was asked yet.
    RunBegun,
    /// A job with its frozen window is saved; nothing of it was asked yet.
    JobSaved,
    /// A page came and is not stored yet.
    PageRead,
    /// The orders of a page are with the store, the checkpoint is not: in one transaction, or flushed before it.
    RowsFlushed,
    /// The checkpoint is written, and not yet in place (a file's new version) or not yet committed.
    CheckpointWritten,
    /// Orders and checkpoint are stored for good.
    Committed,
    /// All slices of a job are read; that it is done is not saved yet.
    JobEnded,
    /// Everything is done but the run's own record.
    RunEnding,
}

impl Point {
    /// All of them, in the order of a run.
    pub const ALL: [Self; 8] = [
        Self::RunBegun,
        Self::JobSaved,
        Self::PageRead,
        Self::RowsFlushed,
        Self::CheckpointWritten,
        Self::Committed,
        Self::JobEnded,
        Self::RunEnding,
    ];

    /// The name, in kebab case (`rows-flushed`).
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RunBegun => "run-begun",
            Self::JobSaved => "job-saved",
            Self::PageRead => "page-read",
            Self::RowsFlushed => "rows-flushed",
            Self::CheckpointWritten => "checkpoint-written",
            Self::Committed => "committed",
            Self::JobEnded => "job-ended",
            Self::RunEnding => "run-ending",
        }
    }
}

/// Is asked at each [`Point`]. The default does nothing; a test ends the run there, or the whole process.
pub trait Failpoints: Send + Sync {
    /// Passes a point.
    ///
    /// # Errors
    /// [`SyncError::Failpoint`] ends the run at once, without saving anything more.
    fn pass(&self, point: Point) -> Result<(), SyncError> {
        let _ = point;
        Ok(())
    }
}

/// Passes every point.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFailpoints;

impl Failpoints for NoFailpoints {}
