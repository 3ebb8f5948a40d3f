//! Failpoints: a test ends a run at a named point, as if the process had been killed there.

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
}

/// Passes every point.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFailpoints;

impl Failpoints for NoFailpoints {}
