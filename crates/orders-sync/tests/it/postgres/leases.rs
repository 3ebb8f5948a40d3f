//! Who owns an account.

use std::io::{BufRead as _, Write as _};
use std::process::{Command, Stdio};

use orders_core::Account;
use orders_sync::{Store, pull};

use super::{account, cut, one, order, put};
use crate::bench::{Place, options, run, tools};
use crate::sim::{Kind, Sim};
use crate::tables::asked;

const CHILD: &str = "ORDERS_TEST_HOLDS";

/// The lease of an account ends now, as if a minute had passed.
fn expire(address: &str) {
    asked(
        address,
        "UPDATE accounts SET lease_until = clock_timestamp() - interval '1 s'",
    );
}

async fn is_locked(store: &Store) -> bool {
    match store.lock(&account()).await {
        Ok(()) => false,
        Err(error) => {
            assert_eq!(
                (error.kind(), error.is_retryable()),
                ("locked", true),
                "{error}"
            );
            let text = error.to_string();
            assert!(
                text.contains("another run works on sim/main (process "),
                "{text}"
            );
            true
        }
    }
}

#[tokio::test]
async fn an_account_has_one_owner() {
    let Some(place) = Place::postgres() else {
        return;
    };
    let (one, two) = (place.open().await, place.open().await);
    one.lock(&account()).await.unwrap();
    assert!(is_locked(&two).await);
    assert!(is_locked(&one).await, "nor twice by the same store");
    for store in [&one, &two, &place.open_read_only().await] {
        assert!(store.is_at_work(&account()).await.unwrap());
        assert!(
            !store
                .is_at_work(&Account::new("sim", "other"))
                .await
                .unwrap()
        );
    }
    let other = Account::new("sim", "other");
    two.lock(&other).await.unwrap();
    one.unlock(&account()).await;
    assert!(!two.is_at_work(&account()).await.unwrap());
    two.lock(&account()).await.unwrap();
    drop(two);
    one.lock(&account()).await.unwrap();
    one.lock(&other).await.unwrap();
}

/// It was stopped for longer than its lease, and goes on: what it writes counts no more.
#[tokio::test]
async fn an_owner_that_was_frozen_writes_nothing_when_it_wakes_up() {
    let Some(place) = Place::postgres() else {
        return;
    };
    let (frozen, next) = (place.open().await, place.open().await);
    frozen.lock(&account()).await.unwrap();
    put(&frozen, vec![order("1", 1)]).await.unwrap();
    expire(place.address());
    next.lock(&account()).await.unwrap();
    put(&next, vec![order("1", 2)]).await.unwrap();
    for _ in 0..2 {
        let error = put(&frozen, vec![order("1", 3), order("2", 1)])
            .await
            .unwrap_err();
        assert_eq!(error.kind(), "locked");
        assert!(
            error.to_string().contains("has taken sim/main over"),
            "{error}"
        );
        let error = frozen
            .begin_run(&account(), crate::sim::at(0))
            .await
            .unwrap_err();
        assert_eq!(error.kind(), "locked");
    }
    let stored =
        "SELECT string_agg(raw, ' ' ORDER BY id) || (SELECT count(*) FROM runs) FROM orders";
    assert_eq!(one(place.address(), stored), r#"{"id":"1","version":2}0"#);
    // It gives nothing back that is not its own, and can take the account again when that is free.
    frozen.unlock(&account()).await;
    assert!(is_locked(&frozen).await);
    put(&next, vec![order("3", 1)]).await.unwrap();
    next.unlock(&account()).await;
    frozen.lock(&account()).await.unwrap();
    put(&frozen, vec![order("4", 1)]).await.unwrap();
}

/// A lease that has ended is the owner's as long as nobody else took it.
#[tokio::test]
async fn an_owner_that_was_late_goes_on_where_nobody_came() {
    let Some(place) = Place::postgres() else {
        return;
    };
    let (late, next) = (place.open().await, place.open().await);
    late.lock(&account()).await.unwrap();
    expire(place.address());
    assert!(!next.is_at_work(&account()).await.unwrap());
    put(&late, vec![order("1", 1)]).await.unwrap();
    assert!(is_locked(&next).await, "the commit renewed it");
    let left = "SELECT lease_until - clock_timestamp() > interval '55 s' FROM accounts";
    assert_eq!(one(place.address(), left), "t");
}

/// Twenty seconds without a commit renew it, in the background.
#[tokio::test(start_paused = true)]
async fn a_lease_is_renewed_while_nothing_is_written() {
    let Some(place) = Place::postgres() else {
        return;
    };
    let store = place.open().await;
    store.lock(&account()).await.unwrap();
    expire(place.address());
    tokio::time::sleep(std::time::Duration::from_secs(21)).await;
    // Behind the renewing, which may be at it.
    assert!(store.is_at_work(&account()).await.unwrap());
    store.unlock(&account()).await;
    tokio::time::sleep(std::time::Duration::from_secs(100)).await;
    assert_eq!(
        one(place.address(), "SELECT owner IS NULL FROM accounts"),
        "t"
    );
}

#[tokio::test]
async fn an_account_whose_owner_lost_its_connection_is_free_at_once() {
    let Some(place) = Place::postgres() else {
        return;
    };
    let (lost, next) = (place.open().await, place.open().await);
    lost.lock(&account()).await.unwrap();
    cut(place.address());
    assert!(!next.is_at_work(&account()).await.unwrap());
    next.lock(&account()).await.unwrap();
    let error = put(&lost, vec![order("1", 1)]).await.unwrap_err();
    assert_eq!(error.kind(), "locked");
}

/// Run by the test below in a process of its own, which it kills.
#[tokio::test]
async fn holds_an_account_until_it_is_killed() {
    let Ok(address) = std::env::var(CHILD) else {
        return;
    };
    let store = Store::connect(&address).await.unwrap();
    store.lock(&account()).await.unwrap();
    std::io::stdout().write_all(b"\nlocked\n").unwrap();
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn a_killed_process_frees_its_account_at_once() {
    let Some(place) = Place::postgres() else {
        return;
    };
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "postgres::leases::holds_an_account_until_it_is_killed",
            "--nocapture",
        ])
        .env(CHILD, place.address())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = std::io::BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.map(Result::unwrap).any(|line| line == "locked"));
    let store = place.open().await;
    assert!(is_locked(&store).await);
    child.kill().unwrap();
    child.wait().unwrap();
    store.lock(&account()).await.unwrap();
}

/// Two runs of one account at once: one works, the other is refused before it requests anything.
#[tokio::test]
async fn a_second_pull_is_refused() {
    let Some(place) = Place::postgres() else {
        return;
    };
    let sim = Sim::new(Kind::Windows, 31).filled(30, 3, 0);
    let (one, two) = (place.open().await, place.open().await);
    one.lock(&sim.account).await.unwrap();
    let error = pull(&sim, &two, &options(sim.kind), &tools(&sim))
        .await
        .unwrap_err();
    assert_eq!((error.kind(), sim.calls()), ("locked", 0));
    one.unlock(&sim.account).await;
    run(&sim, &two, &options(sim.kind)).await;
}
