//! What a store promises: exact amounts, one run at a time, clear errors, nothing half written.

use std::sync::Arc;

use orders_core::{Account, Money, MoneyPair, Order, Total, TotalKind};
use orders_sync::{Batch, Commit, Context, NoFailpoints, Outcome, Point, Received, Store, pull};

use crate::bench::{
    KillAt, Place, assert_no_duplicates, fresh, is_left_out, is_postgres, number, options, rows,
    run, stored, texts, tools,
};
use crate::sim::{DAY, Kind, Sim, T0, at};

pub(crate) const AMOUNTS: [(&str, &str, Option<i64>); 13] = [
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
    // A code is shown in capitals, whatever the vendor wrote.
    ("5", "usd", Some(500)),
    ("12345.000000000", "EUR", Some(1_234_500)),
];

pub(crate) fn exact_order() -> Order {
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

pub(crate) async fn store_order(store: &Store, order: &Order) {
    let at = Commit {
        account: Account::new("sim", "main"),
        run: 1,
        now: at(T0),
        mapping: 0,
        state: "{}".to_owned(),
    };
    let batch = Batch {
        orders: vec![Received::new(order.clone())],
        ..Batch::default()
    };
    store
        .commit(at, vec![batch], Arc::new(NoFailpoints))
        .await
        .unwrap();
}

#[tokio::test]
async fn every_digit_is_kept() {
    let store = fresh().await;
    let order = exact_order();
    store_order(&store, &order).await;
    let kind = if is_postgres() { "pg_typeof" } else { "typeof" };
    let sql =
        format!("SELECT amount, currency, minor, {kind}(amount) FROM amounts ORDER BY position");
    let row = |row: Vec<Option<String>>| match <[_; 4]>::try_from(row).unwrap() {
        [Some(amount), Some(code), minor, Some(kind)] => (
            amount,
            code,
            minor.map(|it| it.parse::<i64>().unwrap()),
            kind,
        ),
        other => panic!("{other:?}"),
    };
    let rows: Vec<_> = rows(&store, &sql).into_iter().map(row).collect();
    for ((amount, code, minor), row) in AMOUNTS.iter().zip(&rows) {
        assert_eq!(
            (*amount, &*code.to_uppercase(), *minor, "text"),
            (&*row.0, &*row.1, row.2, &*row.3)
        );
    }
    assert_eq!(
        (&*rows[13].0, &*rows[14].0, rows[14].2),
        ("5.10", "800", Some(800))
    );
    let found = store.find(&order.id).await.unwrap();
    assert_eq!(found[0].raw, order.raw, "the text comes back whole");
}

#[tokio::test(start_paused = true)]
async fn a_store_of_another_run_is_refused_with_a_clear_word() {
    let place = Place::new();
    let sim = Sim::new(Kind::Windows, 31).filled(30, 3, 0);
    let other = place.open().await;
    other.lock(&sim.account).await.unwrap();
    let store = place.open().await;
    let error = pull(&sim, &store, &options(sim.kind), &tools(&sim))
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
        run(&second, &store, &options(Kind::Cursor))
            .await
            .summary
            .outcome,
        Outcome::Complete
    );
    drop(other);
    assert_eq!(
        run(&sim, &store, &options(sim.kind)).await.summary.outcome,
        Outcome::Complete
    );
    assert_eq!(store.accounts().await.unwrap().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_full_disk_is_told_and_the_next_run_completes() {
    if is_left_out("it is about SQLite's file") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("orders.db");
    let sim = Sim::new(Kind::Windows, 33).filled(300, 5, 0);
    {
        let store = Store::open(&file).unwrap();
        store.limit_size(200 * 1024).unwrap();
        let error = pull(&sim, &store, &options(sim.kind), &tools(&sim))
            .await
            .unwrap_err();
        assert_eq!(error.kind(), "disk_full");
        assert!(error.next().contains("make room"));
    }
    let store = Store::open(&file).unwrap();
    assert!(store.status(&sim.account).await.unwrap().interrupted);
    assert_eq!(
        run(&sim, &store, &options(sim.kind)).await.summary.outcome,
        Outcome::Complete
    );
    assert_eq!(stored(&store), sim.truth());
    assert_no_duplicates(&store, "full disk");
}

#[tokio::test(start_paused = true)]
async fn a_read_only_file_is_told_and_stays_as_it_is() {
    if is_left_out("it is about SQLite's file") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("orders.db");
    let sim = Sim::new(Kind::Windows, 35).filled(30, 3, 0);
    assert_eq!(
        Store::open_read_only(&file).unwrap_err().kind(),
        "io",
        "there is nothing to read yet"
    );
    run(&sim, &Store::open(&file).unwrap(), &options(sim.kind)).await;
    let store = Store::open_read_only(&file).unwrap();
    let before = store.state(&sim.account).await.unwrap();
    let error = pull(&sim, &store, &options(sim.kind), &tools(&sim))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), "read_only");
    assert_eq!(store.state(&sim.account).await.unwrap(), before);
    assert_eq!(store.status(&sim.account).await.unwrap().stored, 30);
}

#[tokio::test(start_paused = true)]
async fn a_reader_sees_whole_pages_while_a_run_writes() {
    let place = Place::new();
    let sim = Sim::new(Kind::NewestFirst, 36).filled(100, 3, 0);
    let store = place.open().await;
    let tools = Context {
        failpoints: KillAt::nth(Point::RowsFlushed, 4),
        ..tools(&sim)
    };
    pull(&sim, &store, &options(sim.kind), &tools)
        .await
        .unwrap_err();
    let reader = place.open_read_only().await;
    let seen = reader.status(&sim.account).await.unwrap();
    assert!(
        seen.stored.is_multiple_of(20) && seen.stored > 0 && seen.interrupted,
        "{seen:?}"
    );
}

#[test]
fn a_file_of_something_else_is_left_alone() {
    if is_left_out("it is about SQLite's file") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("notes.txt");
    std::fs::write(
        &text,
        "these are my notes, and no database at all; they must stay as they are".repeat(20),
    )
    .unwrap();
    let before = std::fs::read(&text).unwrap();
    assert_eq!(Store::open(&text).unwrap_err().kind(), "foreign_file");
    assert_eq!(std::fs::read(&text).unwrap(), before);

    let other = folder.path().join("other.db");
    let database = Store::open(&other).unwrap();
    database
        .connection()
        .unwrap()
        .execute_batch("PRAGMA application_id = 7")
        .unwrap();
    drop(database);
    assert_eq!(Store::open(&other).unwrap_err().kind(), "foreign_file");

    let newer = folder.path().join("newer.db");
    let database = Store::open(&newer).unwrap();
    database
        .connection()
        .unwrap()
        .execute_batch("PRAGMA user_version = 99")
        .unwrap();
    drop(database);
    assert_eq!(Store::open(&newer).unwrap_err().kind(), "newer_file");
}

#[tokio::test(start_paused = true)]
async fn an_order_that_the_vendor_lost_is_marked_and_comes_back() {
    let sim = Sim::new(Kind::NewestFirst, 38).filled(50, 3, 0);
    let store = fresh().await;
    run(&sim, &store, &options(sim.kind)).await;
    let lost = sim.world().rows.remove(10);
    sim.clock.advance(8 * DAY);
    run(&sim, &store, &options(sim.kind)).await;
    sim.clock.advance(DAY);
    let summary = run(&sim, &store, &options(sim.kind)).await.summary;
    assert_eq!(summary.outcome, Outcome::Complete);
    assert_eq!(stored(&store), sim.truth());
    assert_eq!(
        number(&store, "SELECT count(*) FROM orders"),
        50,
        "nothing is deleted"
    );
    sim.world().rows.push(lost.clone());
    sim.clock.advance(8 * DAY);
    run(&sim, &store, &options(sim.kind)).await;
    let told: Vec<_> = store
        .history(&sim.account, &lost.name())
        .await
        .unwrap()
        .into_iter()
        .map(|row| row.what)
        .collect();
    assert_eq!(told, ["new", "doubted", "gone", "back"]);
    assert_eq!(stored(&store), sim.truth(), "it counts again");
}

/// Looking into a file needs no right to write to it or beside it.
#[cfg(unix)]
#[tokio::test(start_paused = true)]
async fn what_cannot_be_written_can_be_read() {
    if is_left_out("it is about SQLite's file") {
        return;
    }
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("orders.db");
    let sim = Sim::new(Kind::Windows, 39).filled(30, 3, 0);
    {
        let store = Store::open(&database).unwrap();
        run(&sim, &store, &options(sim.kind)).await;
    }
    let allow = |path: &std::path::Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    allow(&database, 0o444);
    for mode in [0o755, 0o555] {
        allow(folder.path(), mode);
        let sqlite = Store::open_read_only(&database).unwrap();
        assert_eq!(sqlite.status(&sim.account).await.unwrap().stored, 30);
    }
    // Nothing keeps root from writing: then the way around is not taken here, and is shown beside its code.
    if std::fs::write(folder.path().join("writable"), "").is_err() {
        assert_eq!(Store::open(&database).unwrap_err().kind(), "read_only");
    }
    allow(folder.path(), 0o755);
    let missing = Store::open_read_only(folder.path().join("none.db"));
    assert_eq!(missing.unwrap_err().kind(), "io");
    assert!(!folder.path().join("none.db").exists());
}

#[tokio::test(start_paused = true)]
async fn an_order_is_found_by_each_of_its_names() {
    let store = fresh().await;
    let mut order = Order::new("sim", "main", "o1");
    order.number = Some("#1001".into());
    order.merchant_reference = Some("shop-7".into());
    store_order(&store, &order).await;
    store_order(&store, &Order::new("sim", "main", "o2")).await;
    for name in ["o1", "#1001", "shop-7"] {
        let found = store.find(name).await.unwrap();
        assert_eq!(found.len(), 1, "{name}");
        assert_eq!(found[0].id, "o1");
    }
    assert!(store.find("shop").await.unwrap().is_empty());
}

/// The query of the README, on orders of which this much is known.
#[tokio::test]
async fn the_query_of_what_is_paid_counts_what_is_not_known() {
    use orders_core::{Adjustment, AdjustmentKind, AdjustmentStatus, Mapped, PaymentStatus};

    let readme = include_str!("../../README.md");
    let (_, sql) = readme.split_once("-- What is paid").unwrap();
    let sql = sql.split_once('\n').unwrap().1;
    let sql = sql.split_once("```").unwrap().0;

    let store = fresh().await;
    let money = |text: &str| text.parse::<Money>().unwrap();
    let add = async |id: &str, status, charged: Option<&str>, back: &[(&str, AdjustmentStatus)]| {
        let mut order = Order::new("sim", "main", id);
        order.raw = format!("{{\"id\":\"{id}\"}}").into();
        order.payment = Some(Mapped::new("", status));
        let charged = charged.map(|text| Total::new(TotalKind::Charged, money(text)));
        order.totals.extend(charged);
        for (amount, status) in back {
            let mut refund = Adjustment::new(AdjustmentKind::Refund).with_status("", *status);
            refund.amount = Some(money(amount).into());
            order.adjustments.push(refund);
        }
        store_order(&store, &order).await;
    };
    use AdjustmentStatus::{Pending, Succeeded};
    add("1", PaymentStatus::Paid, Some("19.90 usd"), &[]).await;
    add(
        "2",
        PaymentStatus::Refunded,
        Some("10 USD"),
        &[("10.00 USD", Succeeded)],
    )
    .await;
    add(
        "3",
        PaymentStatus::PartiallyRefunded,
        Some("5 USD"),
        &[("1 USD", Succeeded), ("2 USD", Pending)],
    )
    .await;
    add("4", PaymentStatus::PartiallyRefunded, Some("7 USD"), &[]).await;
    add(
        "5",
        PaymentStatus::PartiallyRefunded,
        Some("7 USD"),
        &[("3 GBP", Succeeded)],
    )
    .await;
    add("6", PaymentStatus::Paid, None, &[]).await;
    add("7", PaymentStatus::Failed, None, &[]).await;
    add("8", PaymentStatus::Paid, Some("500 JPY"), &[]).await;

    let columns = "coalesce(charged_currency, '?') || ' ' || coalesce(CAST(charged AS TEXT), '?') || ' ' || coalesce(CAST(net AS TEXT), '?') || ' ' ||
                   charged_unknown || ' ' || money_back_unknown";
    let sql = sql.trim().trim_end_matches(';');
    let mut shown = texts(&store, &format!("SELECT {columns} FROM ({sql}) AS paid"));
    shown.sort();
    assert_eq!(shown, ["? ? ? 1 0", "JPY 500 500 0 0", "USD 4890 2390 0 1"]);
    let pending = "SELECT minor FROM amounts WHERE kind = 'adjustment:refund:pending'";
    assert_eq!(number(&store, pending), 200);
}
