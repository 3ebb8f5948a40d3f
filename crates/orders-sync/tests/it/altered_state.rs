//! A state that something else has changed: refused, or resumed; never a panic, and never a run without end.

use std::sync::Arc;
use std::time::Duration;

use orders_sync::{Batch, Commit, NoFailpoints, Options, SyncError, pull};
use serde_json::Value;

use crate::bench::{fresh, options, tools};
use crate::sim::{DAY, KINDS, Sim};

/// A generator of numbers: the same seed, the same numbers.
fn next(seed: &mut u64) -> usize {
    *seed = seed
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 33) as usize
}

/// The values inside a value, itself included.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(list) => list.iter().map(count).sum(),
        Value::Object(map) => map.values().map(count).sum::<usize>(),
        _ => 0,
    }
}

/// Replaces the value at a place; `false`: it lies behind this one.
fn replace(value: &mut Value, at: &mut usize, with: &Value) -> bool {
    if *at == 0 {
        *value = with.clone();
        return true;
    }
    *at -= 1;
    match value {
        Value::Array(list) => list.iter_mut().any(|inner| replace(inner, at, with)),
        Value::Object(map) => map.values_mut().any(|inner| replace(inner, at, with)),
        _ => false,
    }
}

#[tokio::test(start_paused = true)]
async fn a_state_that_was_altered_is_refused_or_resumed() {
    let odd = [
        "null",
        "0",
        "-1",
        "1",
        "18446744073709551615",
        "-9223372036854775808",
        "\"\"",
        "\"x\"",
        "[]",
        "{}",
        "true",
        "\"1970-01-01T00:00:00Z\"",
        "\"9999-12-31T23:59:59Z\"",
        "\"-200000-01-01T00:00:00Z\"",
    ];
    let odd = odd.map(|text| serde_json::from_str::<Value>(text).unwrap());
    for kind in KINDS {
        let sim = Sim::new(kind, 801).filled(60, 10, 0);
        // In the midst: jobs, positions and marks are in it.
        let store = fresh().await;
        let part = Options {
            max_orders: Some(25),
            ..options(kind)
        };
        pull(&sim, &store, &part, &tools(&sim)).await.unwrap();
        let state = store.state(&sim.account).await.unwrap().unwrap();
        let state: Value = serde_json::from_str(&state).unwrap();
        sim.clock.advance(DAY);
        let places = count(&state);
        let (mut refused, mut seed) = (0, 7);
        for _ in 0..60 {
            let mut altered = state.clone();
            let mut at = 1 + next(&mut seed) % (places - 1);
            let with = &odd[next(&mut seed) % odd.len()];
            assert!(replace(&mut altered, &mut at, with));
            let at = Commit {
                account: sim.account.clone(),
                run: 1,
                now: crate::sim::at(sim.clock.seconds()),
                mapping: 1,
                state: altered.to_string(),
            };
            let batches = vec![Batch::default()];
            store
                .commit(at, batches, Arc::new(NoFailpoints))
                .await
                .unwrap();
            let calls = sim.calls();
            let (options, tools) = (options(kind), tools(&sim));
            let run = pull(&sim, &store, &options, &tools);
            let ended = tokio::time::timeout(Duration::from_secs(86_400), run).await;
            match ended.unwrap_or_else(|_| panic!("{kind:?}: no end: {altered}")) {
                Ok(_) => {}
                Err(SyncError::State { .. } | SyncError::Options { .. }) => refused += 1,
                Err(error) => panic!("{kind:?}: {error}: {altered}"),
            }
            assert!(sim.calls() - calls < 20_000, "{kind:?}: {altered}");
        }
        assert!((1..60).contains(&refused), "{kind:?}: {refused} refused");
    }
}
