//! Whose schema it is, and which version.

use orders_sync::Store;

use super::{account, one, order, put};
use crate::bench::Place;
use crate::tables::asked;

#[tokio::test]
async fn many_that_connect_at_once_make_one_schema() {
    let Some(place) = Place::postgres() else {
        return;
    };
    let all = (0..6).map(|_| Store::connect(place.address()));
    for store in futures_util::future::join_all(all).await {
        store.unwrap();
    }
    let store = place.open().await;
    put(&store, vec![order("1", 1)]).await.unwrap();
    place.open().await;
    let version = "SELECT string_agg(version::text, ' ') FROM schema_version";
    assert_eq!(one(place.address(), version), "2");
    assert_eq!(one(place.address(), "SELECT count(*) FROM orders"), "1");
}

/// What is stored stays, and what is new is there.
#[tokio::test]
async fn an_older_schema_is_brought_up() {
    let Some(place) = Place::postgres() else {
        return;
    };
    let first = include_str!("../../../src/postgres/p1.sql");
    let made = format!(
        "CREATE SCHEMA orders; SET search_path = orders; CREATE TABLE schema_version (version bigint NOT NULL);
         INSERT INTO schema_version VALUES (1); {first};
         INSERT INTO checkpoints (provider, account, state, updated_at) VALUES ('clink', 'main', '{{}}', now())"
    );
    asked(place.address(), &made);
    let error = Store::connect_read_only(place.address()).await.unwrap_err();
    assert!(error.to_string().contains("its schema is older"), "{error}");
    let store = place.open().await;
    put(&store, vec![order("1", 1)]).await.unwrap();
    for (sql, expected) in [
        ("SELECT version FROM schema_version", "2"),
        ("SELECT state FROM checkpoints WHERE account = 'main'", "{}"),
        ("SELECT count(*) FROM schedules", "0"),
        ("SELECT count(*) FROM orders", "1"),
    ] {
        assert_eq!(one(place.address(), sql), expected, "{sql}");
    }
}

#[tokio::test]
async fn what_is_not_ours_is_left_as_it_is() {
    for (made, kind) in [
        (
            "CREATE SCHEMA orders; CREATE TABLE orders.mine (a int)",
            "foreign_file",
        ),
        (
            "CREATE SCHEMA orders; CREATE VIEW orders.orders AS SELECT 1",
            "foreign_file",
        ),
        (
            "CREATE SCHEMA orders; CREATE TABLE orders.schema_version (version bigint);
             INSERT INTO orders.schema_version VALUES (99)",
            "newer_file",
        ),
    ] {
        let Some(place) = Place::postgres() else {
            return;
        };
        asked(place.address(), made);
        let tables = "SELECT count(*) FROM pg_class WHERE relnamespace = 'orders'::regnamespace";
        let before = one(place.address(), tables);
        for error in [
            Store::connect(place.address()).await.unwrap_err(),
            Store::connect_read_only(place.address()).await.unwrap_err(),
        ] {
            assert_eq!(error.kind(), kind, "{error}");
            assert!(!error.next().contains("file"), "{}", error.next());
        }
        assert_eq!(one(place.address(), tables), before);
    }
}

/// Whoever may not make a schema gets an empty one from somebody who may.
#[tokio::test]
async fn an_empty_schema_is_taken() {
    let Some(place) = Place::postgres() else {
        return;
    };
    asked(place.address(), "CREATE SCHEMA orders");
    put(&place.open().await, vec![order("1", 1)]).await.unwrap();
}

#[tokio::test]
async fn a_reader_needs_something_to_read() {
    let Some(place) = Place::postgres() else {
        return;
    };
    let error = Store::connect_read_only(place.address()).await.unwrap_err();
    assert_eq!(error.kind(), "empty");
    assert!(error.to_string().contains("nothing was pulled"), "{error}");
    put(&place.open().await, vec![order("1", 1)]).await.unwrap();
    let reader = place.open_read_only().await;
    assert_eq!(reader.live(&account()).await.unwrap(), 1);
    let error = put(&reader, vec![order("2", 1)]).await.unwrap_err();
    assert_eq!(error.kind(), "read_only", "{error}");
}

#[tokio::test]
async fn a_database_that_cannot_hold_every_text_is_refused() {
    let Some(server) = test_postgres::shared() else {
        return;
    };
    let name = "ascii";
    let made = format!("CREATE DATABASE {name} ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0");
    server.psql("postgres", &made).unwrap();
    let error = Store::connect(&server.url(name)).await.unwrap_err();
    assert!(error.to_string().contains("SQL_ASCII"), "{error}");
}

/// The statements of this crate are the same for both databases, so the tables have the same columns.
#[tokio::test]
async fn both_schemas_have_the_same_columns() {
    let Some(place) = Place::postgres() else {
        return;
    };
    place.open().await;
    let sqlite = Store::in_memory().unwrap();
    let lite = "SELECT m.name || '.' || c.name FROM sqlite_master m, pragma_table_info(m.name) c
                WHERE m.type IN ('table', 'view') ORDER BY 1";
    let lite = crate::tables::texts(&sqlite, lite);
    let more =
        "SELECT table_name || '.' || column_name COLLATE \"C\" FROM information_schema.columns
                WHERE table_schema = 'orders' ORDER BY 1";
    let more: Vec<_> = asked(place.address(), more)
        .into_iter()
        .map(|mut row| row.remove(0).unwrap())
        .collect();
    let missing: Vec<_> = lite.iter().filter(|name| !more.contains(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let own: Vec<_> = more
        .iter()
        .filter(|name| {
            let workers = name.starts_with("schedules.") || name.starts_with("tokens.");
            !lite.contains(name) && !name.ends_with("_numeric") && !workers
        })
        .collect();
    assert_eq!(
        own,
        [
            "accounts.epoch",
            "accounts.lease_until",
            "accounts.owner",
            "accounts.owner_pid",
            "accounts.owner_started",
            "payments_by_day.charged",
            "schema_version.version",
        ]
    );
}
