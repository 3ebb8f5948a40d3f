//! Files of every older version, opened by this one: nothing that they hold is lost. Each was pulled by the program of its
//! time, from the same invented orders, over two weeks in which some changed, two could not be read and some were deleted.
//! Then two pulls were killed: one while it requested what a full scan had not shown, one in the open orders.

use std::collections::BTreeSet;

use chrono::{TimeZone, Utc};
use orders_core::Account;
use orders_sync::{Status, Store};
use rusqlite::Connection;
use rusqlite::types::Value;

use crate::bench::{is_left_out, number, options, run};
use crate::sim::{Kind, Sim, T0};

struct Old {
    name: &'static str,
    file: &'static str,
    /// States of another version in place of its own: SQL.
    states: &'static str,
    /// What its status says of each account. A killed scan of version 3 or 4 left a job that is none any more.
    accounts: [&'static str; 3],
}

const OLD: [Old; 8] = [
    Old {
        name: "schema 1, state 1",
        file: include_str!("old/v1.sql"),
        states: "",
        accounts: [
            "6 orders, 2 gone, 0 doubted, 2 open, 0 gaps, counted Some(4), to 2026-03-14, interrupted false",
            "6 orders, 1 gone, 0 doubted, 2 open, 4 gaps, counted None, to 2026-03-12, interrupted true",
            "3 orders, 0 gone, 0 doubted, 3 open, 0 gaps, counted None, to 2026-03-14, interrupted false",
        ],
    },
    Old {
        name: "schema 2, state 2",
        file: include_str!("old/v2.sql"),
        states: "",
        accounts: [
            "6 orders, 1 gone, 0 doubted, 3 open, 0 gaps, counted Some(4), to 2026-03-14, interrupted false",
            "6 orders, 1 gone, 0 doubted, 2 open, 4 gaps, counted None, to 2026-03-12, interrupted true",
            "3 orders, 0 gone, 0 doubted, 3 open, 0 gaps, counted None, to 2026-03-14, interrupted false",
        ],
    },
    Old {
        name: "schema 2, state 3",
        file: include_str!("old/v2.sql"),
        states: include_str!("old/v2_state3.sql"),
        accounts: [
            "6 orders, 1 gone, 0 doubted, 3 open, 0 gaps, counted Some(4), to 1970-01-01, interrupted false",
            "6 orders, 1 gone, 0 doubted, 2 open, 4 gaps, counted None, to 2026-03-12, interrupted true",
            "3 orders, 0 gone, 0 doubted, 3 open, 0 gaps, counted None, to 2026-03-14, interrupted false",
        ],
    },
    Old {
        name: "schema 3, state 3",
        file: include_str!("old/v3.sql"),
        states: "",
        accounts: [
            "5 orders, 1 gone, 0 doubted, 2 open, 1 gaps, counted Some(4), to 2026-03-14, interrupted false",
            "6 orders, 1 gone, 0 doubted, 2 open, 1 gaps, counted None, to 2026-03-12, interrupted true",
            "3 orders, 0 gone, 0 doubted, 3 open, 0 gaps, counted None, to 2026-03-14, interrupted false",
        ],
    },
    Old {
        name: "schema 4, state 3",
        file: include_str!("old/v4.sql"),
        states: include_str!("old/v4_state3.sql"),
        accounts: [
            "6 orders, 1 gone, 0 doubted, 3 open, 1 gaps, counted Some(4), to 2026-03-14, interrupted false",
            "6 orders, 1 gone, 0 doubted, 2 open, 1 gaps, counted None, to 2026-03-12, interrupted true",
            "3 orders, 0 gone, 0 doubted, 3 open, 0 gaps, counted None, to 2026-03-14, interrupted false",
        ],
    },
    Old {
        name: "schema 4, state 4",
        file: include_str!("old/v4.sql"),
        states: "",
        accounts: [
            "6 orders, 1 gone, 0 doubted, 3 open, 1 gaps, counted Some(4), to 2026-03-14, interrupted false",
            "6 orders, 1 gone, 0 doubted, 2 open, 1 gaps, counted None, to 2026-03-12, interrupted true",
            "3 orders, 0 gone, 0 doubted, 3 open, 0 gaps, counted None, to 2026-03-14, interrupted false",
        ],
    },
    Old {
        name: "schema 5, state 4",
        file: include_str!("old/v5.sql"),
        states: "",
        accounts: [
            "6 orders, 1 gone, 0 doubted, 3 open, 1 gaps, counted Some(4), to 2026-03-14, interrupted true",
            "6 orders, 0 gone, 1 doubted, 3 open, 1 gaps, counted None, to 2026-03-12, interrupted true",
            "3 orders, 0 gone, 1 doubted, 3 open, 0 gaps, counted None, to 2026-03-14, interrupted false",
        ],
    },
    Old {
        name: "schema 6, state 4",
        file: include_str!("old/v6.sql"),
        states: "",
        accounts: [
            "6 orders, 1 gone, 0 doubted, 3 open, 1 gaps, counted Some(4), to 2026-03-14, interrupted true",
            "6 orders, 0 gone, 1 doubted, 3 open, 1 gaps, counted None, to 2026-03-12, interrupted true",
            "3 orders, 0 gone, 1 doubted, 3 open, 0 gaps, counted None, to 2026-03-14, interrupted false",
        ],
    },
];

const ACCOUNTS: [(&str, Kind); 3] = [
    ("clink", Kind::NewestFirst),
    ("linkbest", Kind::Windows),
    ("shopline", Kind::Store),
];

/// All rows of a table.
struct Table {
    name: &'static str,
    columns: String,
    rows: BTreeSet<String>,
}

impl Table {
    fn read(connection: &Connection, name: &'static str, columns: String) -> Self {
        let sql = format!("SELECT {columns} FROM {name}");
        let mut found = connection.prepare(&sql).unwrap();
        let count = found.column_count();
        let row = |row: &rusqlite::Row<'_>| {
            let values: Result<Vec<Value>, _> = (0..count).map(|at| row.get(at)).collect();
            values.map(|values| format!("{values:?}"))
        };
        let rows = found.query_map([], row).unwrap();
        let rows: BTreeSet<_> = rows.collect::<Result<_, _>>().unwrap();
        Self {
            name,
            columns,
            rows,
        }
    }

    fn all(connection: &Connection) -> Vec<Self> {
        let names = [
            "orders",
            "amounts",
            "history",
            "checkpoints",
            "gaps",
            "runs",
            "unreadable",
        ];
        let mut tables = Vec::new();
        for name in names {
            // What later versions compute from the text, keep apart, or number by account.
            let sql = "SELECT group_concat(name) FROM pragma_table_info(?1) WHERE NOT (?1 = 'history' AND name = 'seq')
                       AND NOT (?1 = 'orders' AND name IN ('core', 'reference', 'key', 'mapping', 'unshown_at',
                       'doubted_from', 'absent_at'))";
            let columns: Option<String> =
                connection.query_row(sql, [name], |row| row.get(0)).unwrap();
            tables.extend(columns.map(|columns| Self::read(connection, name, columns)));
        }
        tables
    }
}

impl Old {
    fn write(&self, path: &std::path::Path) -> Vec<Table> {
        let connection = Connection::open(path).unwrap();
        connection.execute_batch(self.file).unwrap();
        connection.execute_batch(self.states).unwrap();
        Table::all(&connection)
    }
}

/// The exact texts of the orders and of the records that could not be read.
fn texts(store: &Store) -> BTreeSet<String> {
    let sql = "SELECT raw FROM orders UNION SELECT raw FROM unreadable";
    let connection = store.connection().unwrap();
    let mut found = connection.prepare(sql).unwrap();
    let rows = found.query_map([], |row| row.get(0)).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

fn told(status: &Status) -> String {
    format!(
        "{} orders, {} gone, {} doubted, {} open, {} gaps, counted {:?}, to {}, interrupted {}",
        status.stored,
        status.gone,
        status.doubted,
        status.open,
        status.gaps.len(),
        status.vendor_count,
        status.watermark.unwrap_or_default().format("%F"),
        status.interrupted,
    )
}

#[tokio::test]
async fn every_row_of_an_older_file_is_there_after_it_was_opened() {
    if is_left_out("it is about SQLite's file") {
        return;
    }
    for old in &OLD {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("orders.db");
        let before = old.write(&file);
        let store = Store::open(&file).unwrap();
        assert_eq!(number(&store, "PRAGMA user_version"), 7, "{}", old.name);
        for table in &before {
            assert!(!table.rows.is_empty(), "{}: {}", old.name, table.name);
            let now = Table::read(
                &store.connection().unwrap(),
                table.name,
                table.columns.clone(),
            );
            assert_eq!(now.rows, table.rows, "{}: {}", old.name, table.name);
        }
        for ((provider, _), expected) in ACCOUNTS.iter().zip(old.accounts) {
            let account = Account::new(*provider, "default");
            let status = store.status(&account).await.unwrap();
            assert_eq!(told(&status), expected, "{}: {provider}", old.name);
        }
        // Amounts of no, of three and of four places, and as many digits as a decimal holds.
        for amount in [
            "46635",
            "12.345",
            "1234567890123456789012.3456",
            "0.1234567890123456789012345678",
        ] {
            let sql = format!("SELECT count(*) FROM amounts WHERE amount = '{amount}'");
            assert!(number(&store, &sql) > 0, "{}: {amount}", old.name);
        }
    }
}

/// The vendors have no order any more: what a pull reads of them takes nothing away.
#[tokio::test(start_paused = true)]
async fn an_older_file_is_pulled_on() {
    if is_left_out("it is about SQLite's file") {
        return;
    }
    for old in &OLD {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("orders.db");
        old.write(&file);
        let store = Store::open(&file).unwrap();
        let before = texts(&store);
        let (orders, gone) = (
            "SELECT count(*) FROM orders",
            "SELECT count(*) FROM orders WHERE gone_at IS NOT NULL",
        );
        let counts = (number(&store, orders), number(&store, gone));
        for (provider, kind) in ACCOUNTS {
            let mut sim = Sim::new(kind, 5);
            sim.account = Account::new(provider, "default");
            let now = Utc.with_ymd_and_hms(2026, 3, 14, 12, 0, 0).unwrap();
            sim.clock.advance(now.timestamp() - T0);
            let summary = run(&sim, &store, &options(kind)).await.summary;
            let status = store.status(&sim.account).await.unwrap();
            let seen = format!("{}, {provider}: {summary:?}", old.name);
            assert!(summary.requests > 0, "{seen}");
            assert!(!status.interrupted, "{seen}");
        }
        assert_eq!(texts(&store), before, "{}", old.name);
        assert_eq!(number(&store, orders), counts.0, "{}", old.name);
        assert!(number(&store, gone) >= counts.1, "{}", old.name);
    }
}
