//! The files that a store makes: private, and found by their path alone.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use orders_core::Account;
use orders_sync::{Mode, Options, Outcome, Store, SyncError};

use crate::bench::{is_left_out, options, run};
use crate::sim::{DAY, KINDS, Sim, T0, at};

fn account() -> Account {
    Account::new("sim", "main")
}

/// The files in a folder, with their permissions.
fn files(folder: &Path) -> Vec<(String, u32)> {
    let mut found: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| {
            let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
            (entry.file_name().into_string().unwrap(), mode)
        })
        .collect();
    found.sort();
    found
}

#[tokio::test]
async fn what_a_store_makes_is_private_to_its_owner() {
    if is_left_out("it is about SQLite's file") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path().join("orders.db")).unwrap();
    store.lock(&account()).await.unwrap();
    store.begin_run(&account(), at(T0)).await.unwrap();
    let made = files(folder.path());
    let endings: Vec<_> = made
        .iter()
        .filter_map(|(name, _)| name.rsplit(['-', '.']).next())
        .collect();
    assert_eq!(endings, ["db", "shm", "lock", "wal"], "{made:?}");
    assert!(made.iter().all(|(_, mode)| *mode == 0o600), "{made:?}");
}

#[tokio::test]
async fn a_file_that_others_share_stays_shared_with_what_is_beside_it() {
    if is_left_out("it is about SQLite's file") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.db");
    std::fs::write(&path, "").unwrap();
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o640)).unwrap();
    let store = Store::open(&path).unwrap();
    store.lock(&account()).await.unwrap();
    store.begin_run(&account(), at(T0)).await.unwrap();
    let made = files(folder.path());
    assert_eq!(made.len(), 4);
    assert!(made.iter().all(|(_, mode)| *mode == 0o640), "{made:?}");
}

#[tokio::test(start_paused = true)]
async fn a_file_does_not_grow_by_what_is_stored_already() {
    if is_left_out("it is about SQLite's file") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for kind in KINDS {
        let path = folder.path().join(format!("{kind:?}.db"));
        // With the log brought into the file.
        let size = || {
            let connection = rusqlite::Connection::open(&path).unwrap();
            let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
            let busy: i64 = connection
                .query_row(checkpoint, [], |row| row.get(0))
                .unwrap();
            assert_eq!(busy, 0);
            std::fs::metadata(&path).unwrap().len()
        };
        let sim = Sim::new(kind, 31).filled(300, 10, 0);
        let store = Store::open(&path).unwrap();
        let again = Options {
            mode: Mode::Full,
            ..options(kind)
        };
        let mut sizes = Vec::new();
        for _ in 0..30 {
            sim.clock.advance(DAY);
            let summary = run(&sim, &store, &again).await.summary;
            assert_eq!(summary.outcome, Outcome::Complete, "{kind:?}");
            sizes.push(size());
        }
        // A row of each run.
        let (early, late) = (sizes[9], sizes[29]);
        assert!(late <= early + 64 * 1024, "{kind:?}: {sizes:?}");
    }
}

#[tokio::test]
async fn two_names_of_one_file_are_one_lock() {
    if is_left_out("it is about SQLite's file") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("real")).unwrap();
    std::os::unix::fs::symlink("real", folder.path().join("also")).unwrap();
    std::os::unix::fs::symlink("real/orders.db", folder.path().join("other.db")).unwrap();
    let open = |name: &str| Store::open(folder.path().join(name)).unwrap();
    // A link that leads to no file yet names the file that is made.
    let first = open("other.db");
    first.lock(&account()).await.unwrap();
    for name in [
        "real/orders.db",
        "also/orders.db",
        "other.db",
        "also/../real/orders.db",
    ] {
        let locked = open(name).lock(&account()).await.unwrap_err();
        assert_eq!(locked.kind(), "locked", "{name}");
    }
}

#[test]
fn a_pipe_is_refused_and_never_waited_for() {
    if is_left_out("it is about SQLite's file") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.db");
    let made = std::process::Command::new("mkfifo").arg(&path).status();
    assert!(made.unwrap().success());
    for opened in [Store::open(&path), Store::open_read_only(&path)] {
        let error = opened.unwrap_err();
        assert!(
            error.to_string().ends_with("it is a pipe, not a file"),
            "{error}"
        );
    }
}

#[test]
fn a_folder_that_is_missing_is_named() {
    if is_left_out("it is about SQLite's file") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let error = Store::open(folder.path().join("new/orders.db")).unwrap_err();
    let missing = folder.path().join("new").display().to_string();
    let SyncError::Store { message, .. } = &error else {
        panic!("{error:?}")
    };
    assert_eq!(*message, format!("the folder {missing} does not exist"));
}
