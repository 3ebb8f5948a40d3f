//! What is stored comes back as it was, by this crate and by other programs.

use std::process::Command;
use std::sync::Arc;

use orders_core::{Account, Order, Unreadable};
use orders_sync::{Batch, Commit, NoFailpoints, Received, Store};

use super::{one, put};
use crate::bench::Place;
use crate::sim::{T0, at};
use crate::stores::{AMOUNTS, exact_order, store_order};
use crate::tables::{asked, print_left_out};

/// The exact amounts by the programs that come with the databases.
#[tokio::test]
async fn psql_and_sqlite3_show_every_digit() {
    let Some(place) = Place::postgres() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("orders.db");
    let lite = Store::open(&file).unwrap();
    for store in [&lite, &place.open().await] {
        store_order(store, &exact_order()).await;
    }
    drop(lite);
    let columns = "amount, currency, coalesce(CAST(minor AS TEXT), '-')";
    let sql = format!(
        "SELECT {columns} FROM amounts ORDER BY position LIMIT {}",
        AMOUNTS.len()
    );
    let line = |(amount, code, minor): &(&str, &str, Option<i64>)| {
        let minor = minor.map_or("-".to_owned(), |minor| minor.to_string());
        format!("{amount}|{}|{minor}", code.to_uppercase())
    };
    let expected: Vec<String> = AMOUNTS.iter().map(line).collect();
    let server = test_postgres::shared().unwrap();
    let (_, database) = place.address().rsplit_once('/').unwrap();
    let shown = server
        .psql(database, &format!("SET search_path TO orders; {sql}"))
        .unwrap();
    assert_eq!(shown.lines().collect::<Vec<_>>(), expected);
    // As numbers they are the same, trailing zeros included.
    let numbers = format!(
        "SELECT amount_numeric::text = amount FROM amounts ORDER BY position LIMIT {}",
        AMOUNTS.len()
    );
    assert!(
        asked(place.address(), &numbers)
            .iter()
            .flatten()
            .flatten()
            .all(|same| same == "t")
    );
    match Command::new("sqlite3").arg(&file).arg(&sql).output() {
        Ok(output) => {
            let shown = String::from_utf8(output.stdout).unwrap();
            assert_eq!(shown.lines().collect::<Vec<_>>(), expected);
        }
        Err(error) => print_left_out(&format!("the program sqlite3: {error}")),
    }
}

#[tokio::test]
async fn the_text_of_an_order_is_byte_for_byte() {
    let Some(place) = Place::postgres() else {
        return;
    };
    let store = place.open().await;
    let texts: [&[u8]; 4] = [
        "{\"a\":1.50, \"t\":\"ü\\u0000\" }\n".as_bytes(),
        b"{\"zero\":\"\0\"}",
        b"{\"latin\":\"\xe4\"}",
        b"\\x41",
    ];
    for (nth, text) in texts.iter().enumerate() {
        let mut order = Order::new("sim", "main", format!("{nth}"));
        order.raw = text.to_vec().into();
        put(&store, vec![order]).await.unwrap();
    }
    for (nth, text) in texts.iter().enumerate() {
        let found = store.find(&format!("{nth}")).await.unwrap();
        assert_eq!(found[0].raw, text.to_vec(), "{nth}");
    }
    let shown = asked(place.address(), "SELECT raw FROM orders ORDER BY id");
    let shown: Vec<_> = shown
        .into_iter()
        .map(|mut row| row.remove(0).unwrap())
        .collect();
    assert_eq!(shown[0].as_bytes(), texts[0]);
    assert_eq!(shown[1], r#"{"zero":"\000"}"#, "a text cannot hold it");
    assert_eq!(shown[2], r#"{"latin":"\344"}"#);
    assert_eq!(shown[3], r"\x41");
}

/// Postgres has no text with U+0000. Such an id is another one than its likes, and costs no other order.
#[tokio::test]
async fn a_zero_in_a_text_comes_back_and_costs_no_neighbour() {
    let Some(place) = Place::postgres() else {
        return;
    };
    let store = place.open().await;
    let ids = ["a\0b", "a\u{2400}b", "a\u{2400}0b", "ab", "a0b", "\0"];
    let all = |version: u64| {
        let orders = ids.iter().map(|id| {
            let mut order = Order::new("sim", "main", *id);
            order.number = Some(format!("n{id}"));
            order.raw = format!("{{\"version\":{version}}}").into();
            order
        });
        orders.collect::<Vec<_>>()
    };
    let account = Account::new("sim", "main");
    for version in [1, 1, 2] {
        let at = Commit {
            account: account.clone(),
            run: 1,
            now: at(T0),
            mapping: 0,
            state: "{\"a\":\"\\u0000\"}".to_owned(),
        };
        let records = [b"{\"id\":\"\0\xff".to_vec(), b"{".to_vec()];
        let unreadable = records.into_iter().map(|raw| {
            Unreadable::new("rows[0].\0", "no\0reason", raw.into()).with_id(Some("x\0".to_owned()))
        });
        let batch = Batch {
            orders: all(version).into_iter().map(Received::new).collect(),
            unreadable: unreadable.collect(),
            ..Batch::default()
        };
        store
            .commit(at, vec![batch], Arc::new(NoFailpoints))
            .await
            .unwrap();
    }
    assert_eq!(one(place.address(), "SELECT count(*) FROM orders"), "6");
    for id in ids {
        for name in [id.to_owned(), format!("n{id}")] {
            let found = store.find(&name).await.unwrap();
            assert_eq!(found.len(), 1, "{name:?}");
            assert_eq!(
                (&*found[0].id, &*found[0].raw),
                (id, &b"{\"version\":2}"[..])
            );
        }
        let history = store.history(&account, id).await.unwrap();
        let what: Vec<_> = history.iter().map(|row| &*row.what).collect();
        assert_eq!(what, ["new", "changed"], "{id:?}");
    }
    let record = &store.unreadable(&account).await.unwrap()[0];
    assert_eq!(
        (&*record.path, &*record.reason),
        ("rows[0].\0", "no\0reason")
    );
    assert_eq!(record.id.as_deref(), Some("x\0"));
    assert_eq!(record.raw, &b"{"[..]);
    let shown = "SELECT string_agg(id, ' ' ORDER BY id) FROM orders WHERE id LIKE '%␀%'";
    assert_eq!(one(place.address(), shown), "a␀0b a␀␀0b a␀␀b ␀0");
}
