//! What both stores promise: exact amounts, one run at a time, clear errors, nothing half written.

use std::io::Write;
use std::path::Path;

use orders_core::{Account, Money, MoneyPair, Order, Total, TotalKind};
use orders_sync::{
    Batch, JsonlStore, NoFailpoints, Outcome, Point, SqliteStore, Store, Tools, pull,
};

use crate::bench::{
    KillAt, assert_no_duplicates, number, options, run, stored, tools, until_complete,
};
use crate::sim::{DAY, KINDS, Kind, Sim, T0, at};

const AMOUNTS: [(&str, &str, Option<i64>); 11] = [
    ("100", "JPY", Some(100)),
    ("100.5", "JPY", None),
    ("1.234", "KWD", Some(1234)),
    ("1.2345", "CLF", Some(12_345)),
    ("9.99", "RMB", None),
    ("9.99", "", None),
    ("-12.30", "EUR", Some(-1230)),
    ("10.000", "USD", Some(1000)),
    ("0.00", "USD", Some(0)),
    ("1234567890123456789012345.678", "USD", None),
    ("92233720368547758.08", "USD", None),
];

fn exact_order() -> Order {
    let mut order = Order::new("sim", "main", "exact \"1\"/%");
    for (amount, code, _) in AMOUNTS {
        order.totals.push(Total::new(
            TotalKind::Other(code.into()),
            Money::parse(amount, code).unwrap(),
        ));
    }
    let pair = MoneyPair {
        shop: Some(Money::parse("5.10", "EUR").unwrap()),
        presentment: Some(Money::parse("800", "JPY").unwrap()),
    };
    order.totals.push(Total::new(TotalKind::Grand, pair));
    order.raw = r#"{"a":1.50,"big":1234567890123456789012345.678,"t":"ü"}"#.into();
    order
}

fn store_order(store: &mut dyn Store, order: &Order) {
    let account = Account::new("sim", "main");
    let batch = Batch {
        account: &account,
        run: 1,
        now: at(T0),
        orders: std::slice::from_ref(order),
        mark: None,
        gone: &[],
        gone_unless: None,
        gaps: &[],
        filled: &[],
        state: "{}",
    };
    store.commit(&batch, &NoFailpoints).unwrap();
}

#[test]
fn sqlite_keeps_every_digit() {
    let mut store = SqliteStore::in_memory().unwrap();
    let order = exact_order();
    store_order(&mut store, &order);
    let mut rows = store
        .connection()
        .prepare("SELECT amount, currency, minor, typeof(amount) FROM amounts ORDER BY position")
        .unwrap();
    let rows: Vec<(String, String, Option<i64>, String)> = rows
        .query_map([], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    for ((amount, code, minor), row) in AMOUNTS.iter().zip(&rows) {
        assert_eq!(
            (*amount, *code, *minor, "text"),
            (&*row.0, &*row.1, row.2, &*row.3)
        );
    }
    assert_eq!(
        (&*rows[11].0, &*rows[12].0, rows[12].2),
        ("5.10", "800", Some(800))
    );
    let found = store.find(&order.id).unwrap();
    assert_eq!(
        found[0].order, order,
        "the core view and the raw text come back whole"
    );
    let scale: Vec<_> = found[0]
        .order
        .totals
        .iter()
        .map(|t| t.amount.shop().unwrap().amount.to_string())
        .collect();
    assert_eq!(scale[6..9], ["-12.30", "10.000", "0.00"]);
}

#[test]
fn json_lines_keep_every_digit() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("orders.jsonl");
    let order = exact_order();
    store_order(&mut JsonlStore::open(&file).unwrap(), &order);
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(
        text.contains(std::str::from_utf8(&order.raw).unwrap()),
        "the raw text is there byte for byte"
    );
    let line: serde_json::Value = serde_json::from_str(&text).unwrap();
    for (index, (amount, code, minor)) in AMOUNTS.iter().enumerate() {
        let stored = &line["amounts"][index];
        assert_eq!(stored["amount"], *amount);
        assert_eq!(stored["currency"], *code);
        assert_eq!(stored["minor"].as_i64(), *minor);
        assert_eq!(line["order"]["totals"][index]["amount"]["amount"], *amount);
    }
    assert_eq!(line["key"], "sim/main/exact %221%22%2F%25");
}

#[test]
fn a_raw_text_that_cannot_stand_in_a_line_is_kept_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("orders.jsonl");
    let mut store = JsonlStore::open(&file).unwrap();
    for (id, raw) in [("1", "{\n\"a\":1}"), ("2", "no json"), ("3", " {}")] {
        let mut order = Order::new("sim", "main", id);
        order.raw = raw.into();
        store_order(&mut store, &order);
    }
    let text = std::fs::read_to_string(&file).unwrap();
    let raws: Vec<String> = text
        .lines()
        .map(|line| {
            serde_json::from_str::<serde_json::Value>(line).unwrap()["raw_text"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert_eq!(raws, ["{\n\"a\":1}", "no json", " {}"]);
}

/// The newest line of each key, as the documented one-liner gives it.
fn newest(file: &Path) -> Vec<(String, String)> {
    let output = std::process::Command::new("sh")
        .arg("-c")
        .arg(r#"tac "$0" | awk -F'"' '!seen[$4]++'"#)
        .arg(file)
        .output()
        .unwrap();
    let mut rows: Vec<(String, String)> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| {
            #[derive(serde::Deserialize)]
            struct Line {
                id: String,
                what: String,
                raw: Box<serde_json::value::RawValue>,
            }
            serde_json::from_str::<Line>(line).unwrap()
        })
        .filter(|line| line.what != "gone")
        .map(|line| (line.id, line.raw.get().to_owned()))
        .collect();
    rows.sort();
    rows
}

#[tokio::test(start_paused = true)]
async fn json_lines_survive_every_kill_and_end_with_the_truth() {
    for kind in KINDS {
        for point in Point::ALL {
            for nth in [1i64, 3, 8] {
                let folder = tempfile::tempdir().unwrap();
                let file = folder.path().join("orders.jsonl");
                let sim = Sim::new(kind, nth.unsigned_abs() + 50).filled(90, 3, 25);
                {
                    let mut store = JsonlStore::open(&file).unwrap();
                    let tools = Tools {
                        points: KillAt::nth(point, nth),
                        ..tools(&sim)
                    };
                    let _ = pull(&sim, &mut store, &options(kind), &tools).await;
                }
                // A kill in the middle of a write.
                let mut torn = std::fs::OpenOptions::new()
                    .append(true)
                    .open(&file)
                    .unwrap();
                torn.write_all(b"{\"key\":\"sim/ma").unwrap();
                let now = sim.clock.seconds();
                for index in 0..10 {
                    sim.world().change(index * 7, 2, now);
                }
                sim.insert(now);
                sim.clock.advance(8 * DAY);
                let mut store = JsonlStore::open(&file).unwrap();
                let context = format!("{kind:?} {point:?} {nth}");
                assert!(
                    until_complete(&sim, &mut store, &options(kind), &tools(&sim), 3).await,
                    "{context}"
                );
                assert_eq!(newest(&file), sim.truth(), "{context}");
                let text = std::fs::read_to_string(&file).unwrap();
                let mut versions: Vec<_> = text
                    .lines()
                    .map(|line| {
                        let line: serde_json::Value = serde_json::from_str(line).unwrap();
                        (line["id"].to_string(), line["content_hash"].to_string())
                    })
                    .collect();
                let all = versions.len();
                versions.sort();
                versions.dedup();
                assert_eq!(versions.len(), all, "{context}: a version was told twice");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_store_of_another_run_is_refused_with_a_clear_word() {
    let folder = tempfile::tempdir().unwrap();
    let sim = Sim::new(Kind::Windows, 31).filled(30, 3, 0);
    let database = folder.path().join("orders.db");
    let mut other = SqliteStore::open(&database).unwrap();
    other.lock(&sim.account).unwrap();
    let mut store = SqliteStore::open(&database).unwrap();
    let error = pull(&sim, &mut store, &options(sim.kind), &tools(&sim))
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.is_retryable(), sim.calls()),
        ("locked", true, 0)
    );
    assert!(
        error.to_string().contains("another run works on sim/main"),
        "{error}"
    );
    // Another account goes on meanwhile, in the same file.
    let mut second = Sim::new(Kind::Cursor, 32).filled(30, 3, 0);
    second.account.label = "second".into();
    assert_eq!(
        run(&second, &mut store, &options(Kind::Cursor))
            .await
            .summary
            .outcome,
        Outcome::Complete
    );
    drop(other);
    assert_eq!(
        run(&sim, &mut store, &options(sim.kind))
            .await
            .summary
            .outcome,
        Outcome::Complete
    );
    assert_eq!(store.accounts().unwrap().len(), 2);

    let log = folder.path().join("orders.jsonl");
    let mut other = JsonlStore::open(&log).unwrap();
    let mut store = JsonlStore::open(&log).unwrap();
    other.lock(&sim.account).unwrap();
    let error = pull(&sim, &mut store, &options(sim.kind), &tools(&sim))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), "locked");
    drop(other);
    assert_eq!(
        run(&sim, &mut store, &options(sim.kind))
            .await
            .summary
            .outcome,
        Outcome::Complete
    );
}

#[tokio::test(start_paused = true)]
async fn a_full_disk_is_told_and_the_next_run_completes() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("orders.db");
    let sim = Sim::new(Kind::Windows, 33).filled(300, 5, 0);
    {
        let mut store = SqliteStore::open(&file).unwrap();
        store.limit_size(200 * 1024).unwrap();
        let error = pull(&sim, &mut store, &options(sim.kind), &tools(&sim))
            .await
            .unwrap_err();
        assert_eq!(error.kind(), "disk_full");
        assert!(error.next().contains("make room"));
    }
    let mut store = SqliteStore::open(&file).unwrap();
    assert!(store.status(&sim.account).unwrap().interrupted);
    assert_eq!(
        run(&sim, &mut store, &options(sim.kind))
            .await
            .summary
            .outcome,
        Outcome::Complete
    );
    assert_eq!(stored(&store), sim.truth());
    assert_no_duplicates(&store, "full disk");
}

#[cfg(target_os = "linux")]
#[tokio::test(start_paused = true)]
async fn a_full_disk_is_told_by_json_lines_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("orders.jsonl");
    std::os::unix::fs::symlink("/dev/full", &file).unwrap();
    let sim = Sim::new(Kind::Windows, 34).filled(60, 5, 0);
    {
        let mut store = JsonlStore::open(&file).unwrap();
        let error = pull(&sim, &mut store, &options(sim.kind), &tools(&sim))
            .await
            .unwrap_err();
        assert_eq!(error.kind(), "disk_full", "{error}");
    }
    std::fs::remove_file(&file).unwrap();
    let mut store = JsonlStore::open(&file).unwrap();
    assert_eq!(
        run(&sim, &mut store, &options(sim.kind))
            .await
            .summary
            .outcome,
        Outcome::Complete
    );
    assert_eq!(newest(&file), sim.truth());
}

#[tokio::test(start_paused = true)]
async fn a_read_only_file_is_told_and_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("orders.db");
    let sim = Sim::new(Kind::Windows, 35).filled(30, 3, 0);
    assert_eq!(
        SqliteStore::open_read_only(&file).unwrap_err().kind(),
        "io",
        "there is nothing to read yet"
    );
    run(
        &sim,
        &mut SqliteStore::open(&file).unwrap(),
        &options(sim.kind),
    )
    .await;
    let mut store = SqliteStore::open_read_only(&file).unwrap();
    let before = store.state(&sim.account).unwrap();
    let error = pull(&sim, &mut store, &options(sim.kind), &tools(&sim))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), "read_only");
    assert_eq!(store.state(&sim.account).unwrap(), before);
    assert_eq!(store.status(&sim.account).unwrap().stored, 30);
}

#[tokio::test(start_paused = true)]
async fn a_reader_sees_whole_pages_while_a_run_writes() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("orders.db");
    let sim = Sim::new(Kind::NewestFirst, 36).filled(100, 3, 0);
    let mut store = SqliteStore::open(&file).unwrap();
    let tools = Tools {
        points: KillAt::nth(Point::RowsFlushed, 4),
        ..tools(&sim)
    };
    pull(&sim, &mut store, &options(sim.kind), &tools)
        .await
        .unwrap_err();
    let reader = SqliteStore::open_read_only(&file).unwrap();
    let seen = reader.status(&sim.account).unwrap();
    assert!(
        seen.stored.is_multiple_of(20) && seen.stored > 0 && seen.interrupted,
        "{seen:?}"
    );
}

#[test]
fn a_file_of_something_else_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("notes.txt");
    std::fs::write(
        &text,
        "these are my notes, and no database at all; they must stay as they are".repeat(20),
    )
    .unwrap();
    let before = std::fs::read(&text).unwrap();
    assert_eq!(SqliteStore::open(&text).unwrap_err().kind(), "foreign_file");
    assert_eq!(JsonlStore::open(&text).unwrap_err().kind(), "corrupt");
    assert_eq!(std::fs::read(&text).unwrap(), before);

    let other = folder.path().join("other.db");
    let database = SqliteStore::open(&other).unwrap();
    database
        .connection()
        .execute_batch("PRAGMA application_id = 7")
        .unwrap();
    drop(database);
    assert_eq!(
        SqliteStore::open(&other).unwrap_err().kind(),
        "foreign_file"
    );

    let newer = folder.path().join("newer.db");
    let database = SqliteStore::open(&newer).unwrap();
    database
        .connection()
        .execute_batch("PRAGMA user_version = 99")
        .unwrap();
    drop(database);
    assert_eq!(SqliteStore::open(&newer).unwrap_err().kind(), "newer_file");

    let log = folder.path().join("orders.jsonl");
    std::fs::write(
        folder.path().join("orders.jsonl.state.json"),
        "{\"bookmarks\":{}}",
    )
    .unwrap();
    assert_eq!(JsonlStore::open(&log).unwrap_err().kind(), "foreign_file");
}

#[tokio::test(start_paused = true)]
async fn a_log_that_lost_lines_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("orders.jsonl");
    let sim = Sim::new(Kind::Windows, 37).filled(30, 3, 0);
    run(
        &sim,
        &mut JsonlStore::open(&file).unwrap(),
        &options(sim.kind),
    )
    .await;
    let text = std::fs::read(&file).unwrap();
    std::fs::write(&file, &text[..text.len() / 2]).unwrap();
    let error = JsonlStore::open(&file).unwrap_err();
    assert!(
        error.kind() == "corrupt" && error.to_string().contains("lines are lost"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn an_order_that_the_vendor_lost_is_marked_and_comes_back() {
    let sim = Sim::new(Kind::NewestFirst, 38).filled(50, 3, 0);
    let mut store = SqliteStore::in_memory().unwrap();
    run(&sim, &mut store, &options(sim.kind)).await;
    let lost = sim.world().rows.remove(10);
    sim.clock.advance(8 * DAY);
    let summary = run(&sim, &mut store, &options(sim.kind)).await.summary;
    assert_eq!(summary.outcome, Outcome::Complete);
    assert_eq!(stored(&store), sim.truth());
    assert_eq!(
        number(&store, "SELECT count(*) FROM orders"),
        50,
        "nothing is deleted"
    );
    sim.world().rows.push(lost.clone());
    sim.clock.advance(8 * DAY);
    run(&sim, &mut store, &options(sim.kind)).await;
    let told: Vec<_> = store
        .history(&lost.name())
        .unwrap()
        .into_iter()
        .map(|row| row.what)
        .collect();
    assert_eq!(told, ["new", "gone", "back"]);
}

/// Looking into a file needs no right to write to it or beside it.
#[cfg(unix)]
#[tokio::test(start_paused = true)]
async fn what_cannot_be_written_can_be_read() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let (database, log) = (
        folder.path().join("orders.db"),
        folder.path().join("orders.jsonl"),
    );
    let sim = Sim::new(Kind::Windows, 39).filled(30, 3, 0);
    {
        let mut store = SqliteStore::open(&database).unwrap();
        run(&sim, &mut store, &options(sim.kind)).await;
        let mut store = JsonlStore::open(&log).unwrap();
        run(&sim, &mut store, &options(sim.kind)).await;
    }
    std::fs::remove_file(folder.path().join("orders.jsonl.lock")).unwrap();
    let allow = |path: &std::path::Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    allow(&database, 0o444);
    allow(&log, 0o444);
    for mode in [0o755, 0o555] {
        allow(folder.path(), mode);
        let sqlite = SqliteStore::open_read_only(&database).unwrap();
        assert_eq!(sqlite.status(&sim.account).unwrap().stored, 30);
        let mut jsonl = JsonlStore::open_read_only(&log).unwrap();
        assert_eq!(jsonl.status(&sim.account).unwrap().stored, 30);
        assert_eq!(jsonl.lock(&sim.account).unwrap_err().kind(), "read_only");
        assert_eq!(jsonl.reset(&sim.account).unwrap_err().kind(), "read_only");
        assert!(!folder.path().join("orders.jsonl.lock").exists());
    }
    // Nothing keeps root from writing: then the way around is not taken here, and is shown beside its code.
    if std::fs::write(folder.path().join("writable"), "").is_err() {
        assert_eq!(
            SqliteStore::open(&database).unwrap_err().kind(),
            "read_only"
        );
        assert_eq!(JsonlStore::open(&log).unwrap_err().kind(), "read_only");
    }
    allow(folder.path(), 0o755);
    let missing = JsonlStore::open_read_only(folder.path().join("none.jsonl"));
    assert_eq!(missing.unwrap_err().kind(), "io");
    assert!(!folder.path().join("none.jsonl").exists());
}

#[tokio::test(start_paused = true)]
async fn an_order_is_found_by_each_of_its_names() {
    let mut store = SqliteStore::in_memory().unwrap();
    let mut order = Order::new("sim", "main", "o1");
    order.number = Some("#1001".into());
    order.merchant_reference = Some("shop-7".into());
    store_order(&mut store, &order);
    store_order(&mut store, &Order::new("sim", "main", "o2"));
    for name in ["o1", "#1001", "shop-7"] {
        let found = store.find(name).unwrap();
        assert_eq!(found.len(), 1, "{name}");
        assert_eq!(found[0].order.id, "o1");
    }
    assert!(store.find("shop").unwrap().is_empty());
}
