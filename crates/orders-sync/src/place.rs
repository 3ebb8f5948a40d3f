//! Where a database is: a name is a path and nothing else, and what is made there is private to its owner.

use std::ffi::OsStr;
use std::fs::{File, Metadata, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::error::{StoreFault, SyncError};

/// What a new file may be used for: reading and writing by its owner.
const PRIVATE: u32 = 0o600;
/// How many links to links are followed to a file that is not there yet.
const LINKS: usize = 40;

/// The one name of a file, whatever it is called: absolute, without links. SQLite is only given such a name, in which
/// nothing has a meaning of its own (`:memory:`, `file:...`). The file need not exist; its folder has to.
///
/// # Errors
/// `Io` for a folder, a pipe, a socket or a device, and for a file in a folder that does not exist.
pub(crate) fn real(path: &Path) -> Result<PathBuf, SyncError> {
    let found = match std::fs::canonicalize(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => not_there_yet(path)?,
        Err(error) => return Err(SyncError::io(path, &error)),
        Ok(found) => found,
    };
    check_regular(&found).map_err(|what| refused(path, &what))?;
    Ok(found)
}

/// Makes an empty file that only its owner can read, where there is none. One that exists keeps its permissions.
pub(crate) fn create(path: &Path) -> Result<(), SyncError> {
    match opened(
        OpenOptions::new().write(true).create_new(true),
        path,
        PRIVATE,
    ) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(SyncError::io(path, &error)),
        _ => Ok(()),
    }
}

/// Opens a file beside a database for writing, made with the permissions of the database where there is none.
pub(crate) fn beside(path: &Path, database: &Path) -> Result<File, SyncError> {
    check_regular(path).map_err(|what| refused(path, &what))?;
    let mode = std::fs::metadata(database).map_or(PRIVATE, |meta| mode(&meta));
    let mut options = OpenOptions::new();
    let options = options.create(true).truncate(false).write(true);
    opened(options, path, mode).map_err(|error| SyncError::io(path, &error))
}

/// The name of a file that does not exist, or that a link names which leads nowhere.
fn not_there_yet(path: &Path) -> Result<PathBuf, SyncError> {
    let failed = |error: std::io::Error| SyncError::io(path, &error);
    let mut at = std::path::absolute(path).map_err(failed)?;
    for _ in 0..LINKS {
        let Ok(target) = std::fs::read_link(&at) else {
            break;
        };
        at = at.parent().unwrap_or(Path::new("")).join(target);
    }
    let ends_as_folder = path.as_os_str().as_encoded_bytes().ends_with(b"/");
    let (Some(folder), Some(name), false) = (at.parent(), at.file_name(), ends_as_folder) else {
        return Err(refused(path, "a folder"));
    };
    in_folder(folder, name).ok_or_else(|| {
        let message = format!("the folder {} does not exist", folder.display());
        SyncError::store(StoreFault::Io, path, message)
    })
}

fn in_folder(folder: &Path, name: &OsStr) -> Option<PathBuf> {
    let folder = std::fs::canonicalize(folder).ok()?;
    folder.is_dir().then(|| folder.join(name))
}

/// Refuses what is there and is no file: reading it could wait for ever.
fn check_regular(path: &Path) -> Result<(), String> {
    match std::fs::metadata(path) {
        Ok(meta) if !meta.is_file() => Err(kind(&meta).to_owned()),
        _ => Ok(()),
    }
}

fn refused(path: &Path, what: &str) -> SyncError {
    SyncError::store(StoreFault::Io, path, format!("it is {what}, not a file"))
}

#[cfg(unix)]
fn kind(meta: &Metadata) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    let kind = meta.file_type();
    match () {
        () if kind.is_dir() => "a folder",
        () if kind.is_fifo() => "a pipe",
        () if kind.is_socket() => "a socket",
        () => "a device",
    }
}

#[cfg(not(unix))]
fn kind(meta: &Metadata) -> &'static str {
    match meta.is_dir() {
        true => "a folder",
        false => "something else",
    }
}

#[cfg(unix)]
fn opened(options: &mut OpenOptions, path: &Path, mode: u32) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(mode).open(path)
}

#[cfg(not(unix))]
fn opened(options: &mut OpenOptions, path: &Path, _: u32) -> std::io::Result<File> {
    options.open(path)
}

#[cfg(unix)]
fn mode(meta: &Metadata) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    meta.permissions().mode() & 0o666
}

#[cfg(not(unix))]
fn mode(_: &Metadata) -> u32 {
    PRIVATE
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn one_file_has_one_name_whatever_it_is_called() {
        let folder = tempfile::tempdir().unwrap();
        let top = std::fs::canonicalize(folder.path()).unwrap();
        std::fs::create_dir(top.join("in")).unwrap();
        symlink(top.join("in"), top.join("also")).unwrap();
        symlink("in/orders.db", top.join("link.db")).unwrap();
        symlink("link.db", top.join("second.db")).unwrap();
        for made in [false, true] {
            if made {
                std::fs::write(top.join("in/orders.db"), "").unwrap();
            }
            for name in [
                "in/orders.db",
                "also/orders.db",
                "also/../in/orders.db",
                "link.db",
                "second.db",
            ] {
                assert_eq!(
                    real(&top.join(name)).unwrap(),
                    top.join("in/orders.db"),
                    "{name}"
                );
            }
        }
    }

    #[test]
    fn what_is_no_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("socket")).unwrap();
        for (path, expected) in [
            (folder.path().to_owned(), "it is a folder, not a file"),
            (folder.path().join("new/"), "it is a folder, not a file"),
            (folder.path().join("socket"), "it is a socket, not a file"),
            ("/dev/null".into(), "it is a device, not a file"),
            (folder.path().join("no/orders.db"), "/no does not exist"),
        ] {
            let error = real(&path).unwrap_err().to_string();
            assert!(error.ends_with(expected), "{error}");
        }
    }
}
