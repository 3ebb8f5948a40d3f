//! A lock that the system takes back however the process ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use crate::SyncError;
use crate::error::StoreFault;

/// The file that a link names, so that all its names share what is beside it.
pub(crate) fn real(path: &Path) -> PathBuf {
    let is_link = std::fs::symlink_metadata(path).is_ok_and(|meta| meta.is_symlink());
    let found = is_link.then(|| std::fs::canonicalize(path).ok()).flatten();
    found.unwrap_or_else(|| path.to_owned())
}

/// Locks a file, made where it is missing; unlocked when the answer is dropped.
pub(crate) fn lock(path: &Path, what: &str) -> Result<File, SyncError> {
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map_err(|error| SyncError::io(path, &error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(SyncError::store(
            StoreFault::Locked,
            path,
            format!("another run works on {what}"),
        )),
        Err(TryLockError::Error(error)) => Err(SyncError::io(path, &error)),
    }
}
