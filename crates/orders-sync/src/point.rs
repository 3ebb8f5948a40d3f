//! The points of a run at which a kill must do no harm.

/// A point of a run at which a kill must do no harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Point {
    /// The account is locked and its state is read. Nothing was requested yet.
    RunBegun,
    /// A job is saved with its frozen window. Nothing of it was requested yet.
    JobSaved,
    /// A page came. It is not stored yet.
    PageRead,
    /// The orders of a page are with the store, the checkpoint is not: in one transaction, or flushed before it.
    RowsFlushed,
    /// The checkpoint is written, and not committed yet.
    CheckpointWritten,
    /// Orders and checkpoint are stored for good.
    Committed,
    /// All slices of a job are read. That the job is done is not saved yet.
    JobEnded,
    /// Everything is done but the record of the run.
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
