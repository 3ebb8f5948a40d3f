//! A file of an older version is brought to the newest one, with everything in it.

use orders_sync::{Outcome, Store};
use rusqlite::Connection;

use crate::bench::{assert_no_duplicates, is_left_out, number, options, run, stored};
use crate::sim::{DAY, Kind, Sim};

/// The vendor as it was when the program of version 1 wrote the file, and eight days later was killed.
fn vendor() -> Sim {
    let sim = Sim::new(Kind::Windows, 91).filled(12, 10, 0);
    for index in 0..6 {
        let updated = sim.world().rows[index].updated;
        sim.world().change(index, 2, updated);
    }
    sim.clock.advance(8 * DAY + 60);
    sim
}

const TABLES: [&str; 6] = [
    "orders",
    "amounts",
    "history",
    "checkpoints",
    "gaps",
    "runs",
];

fn rows(connection: &Connection) -> Vec<(String, Vec<String>)> {
    let texts = |table: &str| {
        // The columns that every version has.
        let columns = match table {
            "orders" => {
                "provider, account, id, number, merchant_reference, parent_id, kind, created_at, updated_at, paid_at, \
                 cancelled_at, settled_at, payment, payment_native, fulfillment, fulfillment_native, commission, \
                 commission_native, closed, taxes_included, terminal, customer_id, customer_email, raw, content_hash, \
                 first_seen_at, changed_at, seen_at, gone_at"
            }
            "history" => "provider, account, seq, order_id, at, run, what, changes, content_hash",
            "gaps" => {
                "provider, account, missing, kind, reason, first_at, last_at, tries, filled_at"
            }
            _ => "*",
        };
        let mut found = connection
            .prepare(&format!("SELECT {columns} FROM {table} ORDER BY 1, 2, 3"))
            .unwrap();
        let columns = found.column_count();
        let rows = found.query_map([], |row| {
            (0..columns)
                .map(|column| row.get::<_, rusqlite::types::Value>(column))
                .collect::<Result<Vec<_>, _>>()
        });
        let rows: Vec<_> = rows.unwrap().collect::<Result<_, _>>().unwrap();
        rows.into_iter().map(|row| format!("{row:?}")).collect()
    };
    TABLES
        .iter()
        .map(|table| ((*table).to_owned(), texts(table)))
        .collect()
}

#[tokio::test(start_paused = true)]
async fn a_file_of_version_1_keeps_all_rows_and_is_pulled_on() {
    if is_left_out("it is about SQLite's file") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("orders.db");
    let old = Connection::open(&file).unwrap();
    old.execute_batch(include_str!("v1.sql")).unwrap();
    let before = rows(&old);
    assert_eq!(before[0].1.len(), 12);
    drop(old);

    // Reading does not migrate, and says so.
    let error = Store::open_read_only(&file).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("pull into it, or remap it, first"),
        "{error}"
    );
    let store = Store::open(&file).unwrap();
    assert_eq!(number(&store, "PRAGMA user_version"), 7);
    assert_eq!(
        rows(&store.connection().unwrap()),
        before,
        "every row is as it was"
    );

    let sim = vendor();
    assert!(store.status(&sim.account).await.unwrap().interrupted);
    // Changed behind the back of every window; the killed run had not asked these yet.
    for index in [6, 8] {
        let updated = sim.world().rows[index].updated;
        sim.world().change(index, 2, updated);
    }
    let summary = run(&sim, &store, &options(sim.kind)).await.summary;
    assert_eq!(
        (summary.outcome, summary.counts.new, summary.counts.changed),
        (Outcome::Complete, 0, 2),
        "what was interrupted is gone on with"
    );
    assert_eq!(stored(&store), sim.truth());
    assert_no_duplicates(&store, "migrated");
    drop(store);

    // Once is enough, and the schema is the one of a new file.
    let store = Store::open(&file).unwrap();
    let schema = |store: &Store| {
        let sql = "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name)";
        store
            .connection()
            .unwrap()
            .query_row(sql, [], |row| row.get::<_, String>(0))
            .unwrap()
            .replace('"', "")
    };
    assert_eq!(schema(&store), schema(&Store::in_memory().unwrap()));
}
