//! A lock that the system takes back however the process ends.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::Duration;

use crate::error::{StoreFault, SyncError};
use crate::place;

/// A program that this process starts holds copies of its locks until it has begun: so long a lock may look taken.
const TRIES: u32 = 20;
const BETWEEN: Duration = Duration::from_millis(10);

/// Whether a run holds the lock. It is taken for a moment only, which a run that begins outlasts.
pub(crate) fn is_held(path: &Path) -> bool {
    let file = File::open(path);
    file.is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

/// Locks a file beside a database, made where it is missing; unlocked when the answer is dropped.
pub(crate) fn lock(path: &Path, database: &Path, what: &str) -> Result<File, SyncError> {
    let file = place::beside(path, database)?;
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
