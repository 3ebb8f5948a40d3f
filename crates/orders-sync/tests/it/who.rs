//! Who is asked: orders of one account are stored, and then another key, or another store, is given under its name.

use std::hash::Hasher;
use std::time::Duration;

use orders_core::{
    Account, Capabilities, Cursor, Error, ErrorKind, Identity, Order, OrderRef, OrderSource, Page,
    Query, Slice, Slices,
};
use orders_sync::{Options, Outcome, Store, Summary, SyncError, pull, verify};

use crate::bench::{fresh, number, options, stored, tools};
use crate::sim::{DAY, Kind, Sim};

/// The simulated vendor behind a key, and in a store that may have a name.
#[derive(Debug)]
struct Keyed<'a> {
    sim: &'a Sim,
    store: Option<&'a str>,
    key: &'a str,
    refused: bool,
    /// Requests other than for pages are never answered.
    held: bool,
}

impl<'a> Keyed<'a> {
    fn new(sim: &'a Sim, key: &'a str) -> Self {
        Self {
            sim,
            store: None,
            key,
            refused: false,
            held: false,
        }
    }

    fn of(sim: &'a Sim, store: &'a str, key: &'a str) -> Self {
        Self {
            store: Some(store),
            ..Self::new(sim, key)
        }
    }
}

#[async_trait::async_trait]
impl OrderSource for Keyed<'_> {
    fn account(&self) -> &Account {
        self.sim.account()
    }

    fn capabilities(&self) -> Capabilities {
        self.sim.capabilities()
    }

    async fn slices(&self, query: &Query, after: Option<&Cursor>) -> Result<Slices, Error> {
        if self.held {
            std::future::pending::<()>().await;
        }
        self.sim.slices(query, after).await
    }

    async fn page(&self, slice: &Slice, cursor: Option<&Cursor>) -> Result<Page, Error> {
        self.sim.page(slice, cursor).await
    }

    async fn fetch(&self, reference: &OrderRef) -> Result<Option<Order>, Error> {
        if self.held {
            std::future::pending::<()>().await;
        }
        match self.refused {
            true => Err(Error::new(ErrorKind::Auth, "no such key")),
            false => self.sim.fetch(reference).await,
        }
    }

    async fn count(&self, slice: &Slice) -> Result<Option<u64>, Error> {
        self.sim.count(slice).await
    }

    fn identify(&self, part: Identity, into: &mut dyn Hasher) -> bool {
        let text = match part {
            Identity::Store => self.store,
            _ => Some(self.key),
        };
        text.inspect(|text| into.write(text.as_bytes())).is_some()
    }

    /// Each call costs two requests.
    fn requests_sent(&self) -> Option<u64> {
        Some(self.sim.calls() * 2)
    }
}

async fn run(source: &Keyed<'_>, store: &Store, options: &Options) -> Result<Summary, SyncError> {
    let report = pull(source, store, options, &tools(source.sim)).await?;
    source.sim.clock.advance(DAY);
    Ok(report.summary)
}

fn filled(kind: Kind) -> Sim {
    let sim = Sim::new(kind, 801).filled(30, 5, 0);
    sim.fetches.store(true, std::sync::atomic::Ordering::SeqCst);
    sim
}

fn noted(summary: &Summary, words: &str) -> bool {
    summary.notes.iter().any(|note| note.contains(words))
}

/// All that a run may write.
async fn written(store: &Store, account: &Account) -> (Vec<(String, String)>, i64, Option<String>) {
    let runs = number(store, "SELECT count(*) FROM runs");
    (stored(store), runs, store.state(account).await.unwrap())
}

#[tokio::test(start_paused = true)]
async fn another_key_under_the_same_name_writes_nothing() {
    for kind in [Kind::NewestFirst, Kind::Windows, Kind::Store] {
        let (mine, other) = (filled(kind), Sim::new(kind, 802));
        let options = options(kind);
        for looks_up in [true, false] {
            let store = fresh().await;
            run(&Keyed::new(&mine, "mine"), &store, &options)
                .await
                .unwrap();
            let before = written(&store, &mine.account).await;
            other
                .fetches
                .store(looks_up, std::sync::atomic::Ordering::SeqCst);
            other.clock.advance(3 * DAY);
            let wrong = Keyed::new(&other, "other");
            let error = run(&wrong, &store, &options).await.unwrap_err();
            assert_eq!(error.kind(), "other_account", "{kind:?}");
            assert!(error.next().contains("--same-account") && !error.is_retryable());
            let error = verify(&wrong, &store, &options, 0, &tools(&other))
                .await
                .unwrap_err();
            assert_eq!(error.kind(), "other_account", "{kind:?}");
            assert_eq!(written(&store, &mine.account).await, before, "{kind:?}");

            let same = Options {
                same_account: true,
                ..options.clone()
            };
            let summary = run(&wrong, &store, &same).await.unwrap();
            assert!(noted(&summary, "as requested"), "{:?}", summary.notes);
            let summary = run(&wrong, &store, &options).await.unwrap();
            assert!(!noted(&summary, "credential"), "once is enough");
        }
    }
}

/// Runs at a vendor that never answers, and stops the run after a minute.
async fn stopped(source: &Keyed<'_>, store: &Store, options: &Options) -> Summary {
    let tools = tools(source.sim);
    let run = async { pull(source, store, options, &tools).await.unwrap().summary };
    let stop = async {
        tokio::time::sleep(Duration::from_secs(60)).await;
        tools.stop.stop();
    };
    let both = async { tokio::join!(run, stop).0 };
    let ended = tokio::time::timeout(Duration::from_secs(61), both).await;
    ended.expect("the stop signal ends it")
}

#[tokio::test(start_paused = true)]
async fn a_stop_ends_the_look_up_that_recognises_the_account_and_nothing_is_written() {
    let sim = filled(Kind::NewestFirst);
    let options = options(sim.kind);
    let store = fresh().await;
    let mine = run(&Keyed::new(&sim, "mine"), &store, &options).await;
    let before = written(&store, &sim.account).await;
    let held = Keyed {
        held: true,
        ..Keyed::new(&sim, "rotated")
    };
    let summary = stopped(&held, &store, &options).await;
    assert_eq!(summary.outcome, Outcome::Stopped);
    assert_eq!(summary.watermark, mine.unwrap().watermark);
    assert_eq!((summary.provider, summary.requests), ("sim".to_owned(), 0));
    assert_eq!(written(&store, &sim.account).await, before);
    // The account is not locked any more.
    run(&Keyed::new(&sim, "rotated"), &store, &options)
        .await
        .unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_stop_ends_the_wait_for_a_list_of_slices() {
    let sim = filled(Kind::Store);
    let options = options(sim.kind);
    let store = fresh().await;
    let held = Keyed {
        held: true,
        ..Keyed::new(&sim, "mine")
    };
    let summary = stopped(&held, &store, &options).await;
    assert_eq!((summary.outcome, summary.pulled), (Outcome::Stopped, 0));
    let summary = run(&Keyed::new(&sim, "mine"), &store, &options).await;
    assert_eq!(summary.unwrap().outcome, Outcome::Complete);
    assert_eq!(stored(&store), sim.truth());
}

#[tokio::test(start_paused = true)]
async fn a_rotated_key_is_known_by_a_stored_order() {
    for kind in [Kind::NewestFirst, Kind::Store] {
        let (sim, options) = (filled(kind), options(kind));
        let store = fresh().await;
        run(&Keyed::new(&sim, "old"), &store, &options)
            .await
            .unwrap();
        let mut rotated = Keyed::new(&sim, "new");
        rotated.refused = true;
        let before = written(&store, &sim.account).await;
        let error = run(&rotated, &store, &options).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Auth.as_str(), "its own code");
        assert_eq!(written(&store, &sim.account).await, before);

        rotated.refused = false;
        for first in [true, false] {
            let summary = run(&rotated, &store, &options).await.unwrap();
            assert_eq!(summary.outcome, Outcome::Complete);
            assert_eq!(noted(&summary, "knows stored orders"), first);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_new_token_of_the_same_store_and_an_empty_account_are_noted() {
    let (sim, options) = (filled(Kind::Store), options(Kind::Store));
    let store = fresh().await;
    run(&Keyed::of(&sim, "tea", "a"), &store, &options)
        .await
        .unwrap();
    let mut renewed = Keyed::of(&sim, "tea", "b");
    renewed.refused = true;
    let calls = sim.calls();
    let summary = run(&renewed, &store, &options).await.unwrap();
    assert!(noted(&summary, "the store is the same"));
    let sent = (sim.calls() - calls) * 2;
    assert_eq!(summary.requests, sent, "as the source counts");

    let empty = Sim::new(Kind::NewestFirst, 803);
    let store = fresh().await;
    for (key, is_new) in [("a", false), ("b", true)] {
        let summary = run(&Keyed::new(&empty, key), &store, &options).await;
        assert_eq!(noted(&summary.unwrap(), "nothing is stored yet"), is_new);
    }
}

#[tokio::test(start_paused = true)]
async fn a_state_shows_no_key_and_two_states_show_nothing_of_each_other() {
    let (sim, options) = (filled(Kind::Store), options(Kind::Store));
    let mut hashes = std::collections::BTreeSet::new();
    for _ in 0..2 {
        let store = fresh().await;
        let source = Keyed::of(&sim, "tea-house", "sk_secret");
        run(&source, &store, &options).await.unwrap();
        let text = store.state(&sim.account).await.unwrap().unwrap();
        assert!(!text.contains("sk_secret") && !text.contains("tea-house"));
        let state: serde_json::Value = serde_json::from_str(&text).unwrap();
        for part in ["store", "credential"] {
            hashes.insert(state["asked"][part].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(hashes.len(), 4);
}
