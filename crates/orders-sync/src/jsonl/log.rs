//! The log itself: lines appended, flushed to the disk, and read again.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use orders_core::Order;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::SyncError;
use crate::error::StoreFault;
use crate::record::{Change, StoredAmount, amounts};
use crate::store::Batch;

/// One version of one order.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Line {
    /// Provider, account and id in one text without quotes: the first field, for line tools.
    key: String,
    pub(super) provider: String,
    pub(super) account: String,
    pub(super) id: String,
    pub(super) what: String,
    run: i64,
    pub(super) first_seen_at: DateTime<Utc>,
    changed_at: DateTime<Utc>,
    pub(super) seen_at: DateTime<Utc>,
    pub(super) terminal: bool,
    pub(super) content_hash: String,
    changes: Vec<Change>,
    amounts: Vec<StoredAmount>,
    pub(super) order: Order,
    /// The vendor's text, byte for byte.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    raw: Option<Box<RawValue>>,
    /// The vendor's text where it cannot stand in a line as it is: it has line breaks, or is no JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    raw_text: Option<String>,
    /// The vendor's bytes where they are no text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    raw_bytes: Option<Vec<u8>>,
}

/// Unlike keys stay unlike, and no quote, slash or backslash of an id confuses a line tool.
fn key(parts: [&str; 3]) -> String {
    let plain = |part: &str| {
        let mut text = String::with_capacity(part.len());
        for c in part.chars() {
            match c {
                '%' | '"' | '\\' | '/' => text.push_str(&format!("%{:02X}", c as u32)),
                c if c.is_control() => text.push_str(&format!("%{:02X}", c as u32)),
                c => text.push(c),
            }
        }
        text
    };
    parts.map(plain).join("/")
}

impl Line {
    pub(super) fn new(
        batch: &Batch<'_>,
        order: &Order,
        content_hash: String,
        what: &str,
        first_seen_at: DateTime<Utc>,
        changes: Vec<Change>,
    ) -> Self {
        let account = batch.account;
        let mut line = Self {
            key: key([&account.provider, &account.label, &order.id]),
            provider: account.provider.clone(),
            account: account.label.clone(),
            id: order.id.clone(),
            what: what.to_owned(),
            run: batch.run,
            first_seen_at,
            changed_at: batch.now,
            seen_at: batch.now,
            terminal: order.is_terminal(),
            content_hash,
            changes,
            amounts: amounts(order),
            order: order.clone(),
            raw: None,
            raw_text: None,
            raw_bytes: None,
        };
        match std::str::from_utf8(&order.raw) {
            Ok(text) => match RawValue::from_string(text.to_owned()) {
                // Spaces around the value would not survive either.
                Ok(raw) if raw.get() == text && !text.contains(['\n', '\r']) => {
                    line.raw = Some(raw)
                }
                _ => line.raw_text = Some(text.to_owned()),
            },
            Err(_) => line.raw_bytes = Some(order.raw.to_vec()),
        }
        line
    }

    /// The line that says that the vendor no longer has the order; it keeps the last content.
    pub(super) fn gone(mut self, batch: &Batch<'_>, first_seen_at: DateTime<Utc>) -> Self {
        self.what = "gone".to_owned();
        self.run = batch.run;
        self.first_seen_at = first_seen_at;
        self.changed_at = batch.now;
        self.changes = Vec::new();
        self
    }

    pub(super) fn raw_text(&self) -> Option<String> {
        self.raw
            .as_ref()
            .map(|raw| raw.get().to_owned())
            .or_else(|| self.raw_text.clone())
    }
}

/// How each line begins.
const BEGINNING: &str = "{\"key\":\"";

#[derive(Debug)]
pub(super) struct Log {
    path: PathBuf,
    file: BufWriter<File>,
    length: u64,
    /// Lines were appended that may not be on the disk yet.
    unsynced: bool,
    /// Something failed: what is in the buffer must never reach the file behind later lines.
    broken: bool,
}

impl Log {
    /// Opens the log behind its last whole line.
    pub(super) fn open(path: &Path, claimed: u64, read_only: bool) -> Result<Self, SyncError> {
        let failed = |error: std::io::Error| SyncError::io(path, &error);
        let mut options = OpenOptions::new();
        match read_only {
            true => options.read(true),
            false => options.create(true).append(true),
        };
        let file = options.open(path).map_err(failed)?;
        let length = file.metadata().map_err(failed)?.len();
        if length < claimed {
            let message = format!(
                "the log has {length} bytes, the state says at least {claimed}: lines are lost"
            );
            return Err(SyncError::store(StoreFault::Corrupt, path, message));
        }
        let log = Self {
            path: path.to_owned(),
            file: BufWriter::new(file),
            length,
            unsynced: false,
            broken: false,
        };
        Ok(log)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn length(&self) -> u64 {
        self.length
    }

    pub(super) fn has_grown(&self) -> Result<bool, SyncError> {
        let length = self
            .file
            .get_ref()
            .metadata()
            .map_err(|error| self.failed(&error))?
            .len();
        Ok(self.broken || length != self.length)
    }

    fn failed(&self, error: &std::io::Error) -> SyncError {
        SyncError::io(&self.path, error)
    }

    /// Gives all whole lines with their offsets.
    pub(super) fn read(&mut self, mut take: impl FnMut(u64, Line)) -> Result<(), SyncError> {
        let file = File::open(&self.path).map_err(|error| self.failed(&error))?;
        // A device is no log to read: it answers for ever.
        if !file.metadata().is_ok_and(|meta| meta.is_file()) {
            return Ok(());
        }
        let mut reader = BufReader::new(file);
        let (mut offset, mut text) = (0, String::new());
        loop {
            text.clear();
            let read = reader
                .read_line(&mut text)
                .map_err(|error| self.failed(&error))?;
            if read == 0 {
                break;
            }
            if !text.ends_with('\n') {
                // Half a line: a killed run left it, or one is writing it now.
                if !text.starts_with(BEGINNING) && !BEGINNING.starts_with(&text) {
                    self.parse(&text, offset)?;
                }
                break;
            }
            take(offset, self.parse(&text, offset)?);
            offset += read as u64;
        }
        self.length = offset;
        Ok(())
    }

    /// Cuts off what is behind the last whole line. Only for who has locked the log.
    pub(super) fn cut(&mut self) -> Result<(), SyncError> {
        self.file
            .get_ref()
            .set_len(self.length)
            .map_err(|error| self.failed(&error))
    }

    fn parse(&self, text: &str, offset: u64) -> Result<Line, SyncError> {
        serde_json::from_str(text).map_err(|error| {
            let message = format!("the line at byte {offset} is not one of ours: {error}");
            SyncError::store(StoreFault::Corrupt, &self.path, message)
        })
    }

    pub(super) fn line_at(&mut self, offset: u64) -> Result<Line, SyncError> {
        self.file
            .flush()
            .map_err(|error| SyncError::io(&self.path, &error))?;
        let mut text = String::new();
        let mut reader =
            BufReader::new(File::open(&self.path).map_err(|error| self.failed(&error))?);
        let read = reader
            .seek(SeekFrom::Start(offset))
            .and_then(|_| reader.read_line(&mut text));
        read.map_err(|error| self.failed(&error))?;
        self.parse(&text, offset)
    }

    /// Appends a line (not yet on the disk); answers where it begins.
    pub(super) fn append(&mut self, line: &Line) -> Result<u64, SyncError> {
        let mut text = serde_json::to_string(line).unwrap_or_default();
        text.push('\n');
        if let Err(error) = self.file.write_all(text.as_bytes()) {
            return Err(self.broke(&error));
        }
        let offset = self.length;
        self.length += text.len() as u64;
        self.unsynced = true;
        Ok(offset)
    }

    /// Waits until everything appended is on the disk.
    pub(super) fn flush(&mut self) -> Result<(), SyncError> {
        if !self.unsynced {
            return Ok(());
        }
        let done = self
            .file
            .flush()
            .and_then(|()| self.file.get_ref().sync_data());
        done.map_err(|error| self.broke(&error))?;
        self.unsynced = false;
        Ok(())
    }

    /// After a failed write nobody knows how much of it is in the file: the next lock reads the log anew.
    fn broke(&mut self, error: &std::io::Error) -> SyncError {
        self.broken = true;
        let failed = SyncError::io(&self.path, error);
        if let Ok(file) = OpenOptions::new().append(true).open(&self.path) {
            let old = std::mem::replace(&mut self.file, BufWriter::new(file));
            // Into parts, so that the rest of the buffer is dropped and not written.
            drop(old.into_parts());
        }
        failed
    }
}
