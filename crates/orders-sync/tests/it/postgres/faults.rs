//! Servers that stop, connections that are cut, disks that are full: a clear error, and the next run completes.

use std::future::Future as _;
use std::task::Poll;

use orders_sync::{Context, Outcome, Point, Store, pull};
use test_postgres::Durability;

use super::{At, account, cut, order, put};
use crate::bench::{Place, assert_no_duplicates, options, run, stored, tools};
use crate::sim::{Kind, Sim};
use crate::tables::asked;

/// The next run after a broken one, with the same store or another.
async fn completes(sim: &Sim, store: &Store, context: &str) {
    let report = run(sim, store, &options(sim.kind)).await;
    assert_eq!(report.summary.outcome, Outcome::Complete, "{context}");
    assert_eq!(stored(store), sim.truth(), "{context}");
    assert_no_duplicates(store, context);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_restarted_in_mid_run() {
    let Some(server) = test_postgres::own(Durability::Fsync) else {
        return;
    };
    let server = std::sync::Arc::new(server);
    for (point, nth) in [
        (Point::PageRead, 3),
        (Point::RowsFlushed, 2),
        (Point::CheckpointWritten, 4),
        (Point::RunEnding, 1),
    ] {
        let context = format!("{point:?} {nth}");
        let address = server.fresh().unwrap();
        let sim = Sim::new(Kind::NewestFirst, 41).filled(120, 3, 0);
        let store = Store::connect(&address).await.unwrap();
        let again = std::sync::Arc::clone(&server);
        let restarts = At::nth(point, nth, move || {
            again.stop_immediate().unwrap();
            again.start_again().unwrap();
        });
        let tools = Context {
            failpoints: restarts,
            ..tools(&sim)
        };
        let done = pull(&sim, &store, &options(sim.kind), &tools).await;
        // Between two commits the connection is made anew, and the account is still its own.
        let between = matches!(point, Point::PageRead | Point::RunEnding);
        assert_eq!(done.is_ok(), between, "{context}: {done:?}");
        if let Err(error) = done {
            assert_eq!(
                (error.kind(), error.is_retryable()),
                ("unreachable", true),
                "{error}"
            );
            assert!(error.next().contains("resumes"), "{}", error.next());
            let unknown = error
                .to_string()
                .contains("whether it is stored is not known");
            assert_eq!(unknown, point == Point::CheckpointWritten, "{error}");
        }
        completes(&sim, &store, &context).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_stopped_and_started_later() {
    let Some(server) = test_postgres::own(Durability::Fast) else {
        return;
    };
    let server = std::sync::Arc::new(server);
    let address = server.fresh().unwrap();
    let sim = Sim::new(Kind::Windows, 42).filled(120, 3, 0);
    let store = Store::connect(&address).await.unwrap();
    let stops = {
        let server = std::sync::Arc::clone(&server);
        At::nth(Point::PageRead, 3, move || server.stop_immediate().unwrap())
    };
    let tools = Context {
        failpoints: stops,
        ..tools(&sim)
    };
    let error = pull(&sim, &store, &options(sim.kind), &tools)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), "unreachable", "{error}");
    let error = store.state(&sim.account).await.unwrap_err();
    assert_eq!(error.kind(), "unreachable", "{error}");
    let error = Store::connect(&address).await.unwrap_err();
    assert_eq!(error.kind(), "unreachable", "{error}");
    assert!(error.to_string().starts_with(&address), "{error}");
    server.start_again().unwrap();
    completes(&sim, &store, "the same store").await;
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_is_cut() {
    for (point, nth) in [
        (Point::RunBegun, 1),
        (Point::PageRead, 2),
        (Point::RowsFlushed, 3),
        (Point::CheckpointWritten, 2),
        (Point::Committed, 2),
    ] {
        let Some(place) = Place::postgres() else {
            return;
        };
        let context = format!("{point:?} {nth}");
        let sim = Sim::new(Kind::Cursor, 43).filled(90, 3, 0);
        let store = place.open().await;
        let address = place.address().to_owned();
        let tools = Context {
            failpoints: At::nth(point, nth, move || assert_eq!(cut(&address), 1)),
            ..tools(&sim)
        };
        let done = pull(&sim, &store, &options(sim.kind), &tools).await;
        let within = matches!(point, Point::RowsFlushed | Point::CheckpointWritten);
        assert_eq!(done.is_err(), within, "{context}: {done:?}");
        if let Err(error) = done {
            assert_eq!(error.kind(), "unreachable", "{error}");
        }
        completes(&sim, &store, &context).await;
    }
}

/// Some triggers fail as the server does.
#[tokio::test]
async fn what_the_server_refuses_is_named_and_nothing_is_half_written() {
    for (code, kind) in [
        ("53100", "disk_full"),
        ("53300", "busy"),
        ("40001", "busy"),
        ("40P01", "busy"),
        ("55P03", "busy"),
        ("57014", "busy"),
        ("42501", "read_only"),
        ("XX001", "corrupt"),
        ("57P01", "unreachable"),
        ("54000", "io"),
    ] {
        let Some(place) = Place::postgres() else {
            return;
        };
        let store = place.open().await;
        put(&store, vec![order("1", 1)]).await.unwrap();
        let fails = format!(
            "CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN RAISE EXCEPTION 'no room for it' USING ERRCODE = '{code}', DETAIL = 'someone@example.com'; END $$;
             CREATE TRIGGER fails BEFORE INSERT ON history_rows FOR EACH STATEMENT EXECUTE FUNCTION fails()"
        );
        asked(place.address(), &fails);
        let error = put(&store, vec![order("1", 2), order("2", 1)])
            .await
            .unwrap_err();
        assert_eq!(error.kind(), kind, "{code}");
        let text = format!("{error} {error:?}");
        assert!(
            text.contains("no room for it") && text.contains(code),
            "{text}"
        );
        assert!(!text.contains("someone"), "{text}");
        asked(place.address(), "DROP TRIGGER fails ON history_rows");
        let before = r#"[("1", "{\"id\":\"1\",\"version\":1}")]"#;
        assert_eq!(format!("{:?}", stored(&store)), before, "{code}");
        put(&store, vec![order("1", 2), order("2", 1)])
            .await
            .unwrap();
        assert_eq!(stored(&store).len(), 2);
    }
}

/// Another transaction holds the account's row.
#[tokio::test]
async fn rows_that_somebody_holds_are_waited_for_so_long() {
    let Some(place) = Place::postgres() else {
        return;
    };
    let store = place.open().await;
    put(&store, vec![order("1", 1)]).await.unwrap();
    let (client, connection) = tokio_postgres::connect(place.address(), tokio_postgres::NoTls)
        .await
        .unwrap();
    tokio::spawn(connection);
    client
        .batch_execute("BEGIN; SELECT * FROM orders.accounts FOR UPDATE")
        .await
        .unwrap();
    store
        .wait_at_most(std::time::Duration::from_millis(30))
        .unwrap();
    let error = put(&store, vec![order("1", 2)]).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.is_retryable()),
        ("busy", true),
        "{error}"
    );
    client.batch_execute("COMMIT").await.unwrap();
    put(&store, vec![order("1", 2)]).await.unwrap();
}

/// A clock that a test paused stands still while the store waits: else a seed would not repeat.
#[tokio::test(start_paused = true)]
async fn a_paused_clock_stands_still() {
    let Some(place) = Place::postgres() else {
        return;
    };
    let began = tokio::time::Instant::now();
    let store = place.open().await;
    store.lock(&account()).await.unwrap();
    let timer = tokio::spawn(tokio::time::sleep(std::time::Duration::from_millis(1)));
    for version in 1..20 {
        put(&store, vec![order("1", version)]).await.unwrap();
    }
    store.unlock(&account()).await;
    assert_eq!(began.elapsed(), std::time::Duration::ZERO);
    timer.await.unwrap();
}

/// A future that is dropped in the midst of a statement leaves nothing behind, and the next call works.
#[tokio::test]
async fn a_dropped_future_leaves_no_transaction() {
    let Some(place) = Place::postgres() else {
        return;
    };
    let store = place.open().await;
    put(&store, vec![order("1", 1)]).await.unwrap();
    for polls in 1..40 {
        let mut commit = Box::pin(put(&store, vec![order("1", 2), order("2", 1)]));
        for _ in 0..polls {
            let once =
                |cx: &mut std::task::Context<'_>| Poll::Ready(commit.as_mut().poll(cx).is_ready());
            if std::future::poll_fn(once).await {
                break;
            }
            tokio::task::yield_now().await;
        }
        drop(commit);
        assert!(store.find("1").await.unwrap().len() == 1, "{polls}");
    }
    put(&store, vec![order("1", 3), order("2", 3)])
        .await
        .unwrap();
    assert_eq!(stored(&store).len(), 2);
}
