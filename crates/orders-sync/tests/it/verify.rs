//! Counting again against the vendor.

use chrono::{FixedOffset, TimeDelta};
use orders_sync::verify;

use crate::bench::{fresh, options, run, tools};
use crate::sim::{DAY, Kind, Sim, T0};

#[tokio::test(start_paused = true)]
async fn a_pass_is_verified_by_one_count() {
    let sim = Sim::new(Kind::NewestFirst, 81).filled(90, 20, 0);
    let store = fresh().await;
    let mine = options(sim.kind);
    let error = verify(&sim, &store, &mine, 0, &tools(&sim))
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), sim.calls()),
        ("not_found", 0),
        "nothing was pulled yet"
    );
    run(&sim, &store, &mine).await;
    let found = verify(&sim, &store, &mine, 0, &tools(&sim)).await.unwrap();
    assert_eq!((found.checks.len(), found.requests), (1, 1));
    assert_eq!(
        (found.checks[0].stored, found.checks[0].vendor),
        (90, Some(90))
    );
    assert!(
        found.agrees() == Some(true) && found.compared() == 1 && found.checks[0].note.is_none()
    );
    sim.insert(T0);
    let found = verify(&sim, &store, &mine, 0, &tools(&sim)).await.unwrap();
    assert_eq!(found.agrees(), Some(false));
    assert!(
        found.checks[0]
            .note
            .as_deref()
            .unwrap()
            .contains("pull, then verify")
    );
    let text = serde_json::to_string(&found).unwrap();
    assert_eq!(
        serde_json::from_str::<orders_sync::Verification>(&text).unwrap(),
        found
    );
}

#[tokio::test(start_paused = true)]
async fn windows_are_verified_month_by_month_in_the_vendors_zone() {
    for hours in [8, -7] {
        let mut sim = Sim::new(Kind::Windows, 82);
        sim.hours = hours;
        let sim = sim.filled(400, 29, 0);
        let store = fresh().await;
        run(&sim, &store, &options(sim.kind)).await;
        let offset = FixedOffset::east_opt(hours * 3600).unwrap();
        assert_eq!(
            store.created_offset(&sim.account).await.unwrap(),
            Some(offset)
        );
        let found = verify(&sim, &store, &options(sim.kind), 0, &tools(&sim))
            .await
            .unwrap();
        // 15 October to 14 November: a part of a day, two months, a part of a day.
        let counted: Vec<_> = found.checks.iter().map(|c| c.vendor.is_some()).collect();
        assert_eq!(counted, [false, true, true, false], "{found:?}");
        assert!(
            found.checks[0]
                .note
                .as_deref()
                .unwrap()
                .contains("part of a day")
        );
        assert!(found.agrees() == Some(true) && found.compared() == 2);
        let stored: u64 = found.checks.iter().map(|check| check.stored).sum();
        assert_eq!(stored, 400, "the checks cover all that was pulled");
        // An order that no window of updates ever showed.
        let created = T0 - 10 * DAY;
        sim.insert(created);
        let found = verify(&sim, &store, &options(sim.kind), 0, &tools(&sim))
            .await
            .unwrap();
        assert_eq!(found.agrees(), Some(false));
        let wrong: Vec<_> = found
            .checks
            .iter()
            .filter(|c| c.agrees() == Some(false))
            .collect();
        assert_eq!(wrong.len(), 1);
        assert_eq!(wrong[0].vendor, Some(wrong[0].stored + 1));
    }
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_counted_is_said_and_no_disagreement() {
    let sim = Sim::new(Kind::Cursor, 83).filled(60, 20, 0);
    let store = fresh().await;
    run(&sim, &store, &options(sim.kind)).await;
    let found = verify(&sim, &store, &options(sim.kind), 0, &tools(&sim))
        .await
        .unwrap();
    assert!(found.agrees().is_none() && found.compared() == 0);
    assert!(found.checks[0].note.is_some() && found.checks[0].stored == 60);

    let sim = Sim::new(Kind::Windows, 84).filled(60, 20, 0);
    let store = fresh().await;
    let part = orders_sync::Options {
        max_orders: Some(1),
        ..options(sim.kind)
    };
    run(&sim, &store, &part).await;
    let found = verify(&sim, &store, &part, 0, &tools(&sim)).await.unwrap();
    assert_eq!(found.agrees(), Some(false), "the first pull has not ended");
    let first = "the first pull has not ended";
    assert!(found.unfinished.contains(&first.to_owned()), "{found:?}");
    let differs = |check: &orders_sync::Check| check.agrees() == Some(false);
    assert!(found.checks.iter().any(differs), "the vendor was requested");
    // Orders younger than the watermark are not compared.
    run(&sim, &store, &options(sim.kind)).await;
    sim.insert(sim.clock.seconds() - 60);
    sim.clock.advance(TimeDelta::hours(30).num_seconds());
    sim.insert(sim.clock.seconds() - 60);
    let found = verify(&sim, &store, &options(sim.kind), 0, &tools(&sim))
        .await
        .unwrap();
    assert_eq!(found.agrees(), Some(true), "{found:?}");
}
