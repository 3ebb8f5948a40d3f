//! A lock that the system takes back however the process ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::error::{StoreFault, SyncError};

/// The file that a link names, so that all its names share what is beside it.
pub(crate) fn real(path: &Path) -> PathBuf {
    let is_link = std::fs::symlink_metadata(path).is_ok_and(|meta| meta.is_symlink());
    let found = is_link.then(|| std::fs::canonicalize(path).ok()).flatten();
    found.unwrap_or_else(|| path.to_owned())
}

/// A program that this process starts holds copies of its locks until it has begun: so long a lock may look taken.
const TRIES: u32 = 20;
const BETWEEN: Duration = Duration::from_millis(10);

/// Locks a file, made where it is missing; unlocked when the answer is dropped.
pub(crate) fn lock(path: &Path, what: &str) -> Result<File, SyncError> {
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map_err(|error| SyncError::io(path, &error))?;
    let mut tried = file.try_lock();
    for _ in 1..TRIES {
        if !matches!(tried, Err(TryLockError::WouldBlock)) {
            break;
        }
        std::thread::sleep(BETWEEN);
        tried = file.try_lock();
    }
    match tried {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(SyncError::store(
            StoreFault::Locked,
            path,
            format!("another run works on {what}"),
        )),
        Err(TryLockError::Error(error)) => Err(SyncError::io(path, &error)),
    }
}
