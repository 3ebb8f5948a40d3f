//! Failpoints: a test ends a run at a named point, as if the process had been killed there.

use crate::batch::{Batch, Commit};
use crate::error::SyncError;
use crate::point::Point;

/// Called at each [`Point`]. The default does nothing; a test ends the run there, or the whole process.
pub trait Failpoints: Send + Sync {
    /// Passes a point.
    ///
    /// # Errors
    /// [`SyncError::Failpoint`] ends the run at once. Nothing more is saved.
    fn pass(&self, point: Point) -> Result<(), SyncError> {
        let _ = point;
        Ok(())
    }

    /// What is committed in the place of a commit: a test breaks the rule that rows and state are one.
    #[doc(hidden)]
    fn instead(&self, at: Commit, batches: Vec<Batch>) -> Vec<(Commit, Vec<Batch>)> {
        vec![(at, batches)]
    }
}

/// Passes every point.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFailpoints;

impl Failpoints for NoFailpoints {}
