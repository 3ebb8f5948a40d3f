//! The demo's file.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::exit::Failure;

/// The name of the file once it was verified.
pub(super) const FILE: &str = "orders.jsonl";

/// The file while it is written, under a name that shows it is not complete.
pub(super) struct Target {
    pub(super) complete: PathBuf,
    pub(super) partial: PathBuf,
    pub(super) writer: Arc<Mutex<BufWriter<File>>>,
}

impl Target {
    pub(super) fn create(folder: &Path) -> Result<Self, Failure> {
        let complete = folder.join(FILE);
        let partial = folder.join(format!("{FILE}.partial"));
        let created = std::fs::create_dir_all(folder).and_then(|()| File::create(&partial));
        let file =
            created.map_err(|error| Failure::writing(&partial.display().to_string(), error))?;
        Ok(Self {
            complete,
            partial,
            writer: Arc::new(Mutex::new(BufWriter::new(file))),
        })
    }

    pub(super) fn writing(&self, error: std::io::Error) -> Failure {
        Failure::writing(&self.partial.display().to_string(), error)
    }

    /// Writes everything to the disk, so that the comparison reads what is really there.
    pub(super) fn flush(&self) -> Result<(), Failure> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let flushed = writer.flush().and_then(|()| writer.get_ref().sync_all());
        flushed.map_err(|error| self.writing(error))
    }

    pub(super) fn keep(&self) -> Result<(), Failure> {
        std::fs::rename(&self.partial, &self.complete).map_err(|error| self.writing(error))
    }
}
