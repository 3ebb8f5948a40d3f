//! What a program can show while a run works: how many are done, and how many are left.

use std::sync::{Arc, Mutex};

use orders_core::Account;
use orders_sync::{
    Context, Event, Mode, Observer, Options, Outcome, Phase, Point, Progress, Store, Unit, pull,
};

use crate::bench::{KillAt, fresh, options, run, tools};
use crate::sim::{DAY, Kind, Sim};

/// The progress of each job, in order.
#[derive(Default)]
struct Seen(Mutex<Vec<(Phase, Vec<Progress>)>>);

impl Observer for Seen {
    fn event(&self, _: &Account, event: &Event<'_>) {
        let mut jobs = self.0.lock().unwrap();
        match event {
            Event::Job { phase, .. } => jobs.push((*phase, Vec::new())),
            Event::Progress(progress) => {
                assert_eq!(progress.phase, jobs.last().unwrap().0);
                jobs.last_mut().unwrap().1.push(*progress);
            }
            _ => {}
        }
    }
}

async fn watched(sim: &Sim, store: &Store, options: &Options) -> Vec<(Phase, Vec<Progress>)> {
    let seen = Arc::new(Seen::default());
    let tools = Context {
        observer: seen.clone(),
        ..tools(sim)
    };
    let report = pull(sim, store, options, &tools).await.unwrap();
    assert_eq!(report.summary.outcome, Outcome::Complete);
    let jobs = std::mem::take(&mut *seen.0.lock().unwrap());
    for (_, progress) in &jobs {
        let done: Vec<_> = progress.iter().map(|p| p.done).collect();
        let counted: Vec<_> = (1..=progress.len() as u64).collect();
        assert_eq!(done, counted, "each is told once");
    }
    jobs
}

fn of(jobs: &[(Phase, Vec<Progress>)], tier: Phase) -> &[Progress] {
    &jobs.iter().find(|job| job.0 == tier).unwrap().1
}

/// Done and left together stay near what it took in the end, and nothing is left at the end.
fn assert_near(progress: &[Progress], unit: Unit, percent: u64) {
    let all = progress.len() as u64;
    for p in &progress[progress.len() / 4..] {
        assert_eq!(p.unit, unit);
        let said = p.done + p.left.unwrap();
        assert!(
            said * 100 >= all * (100 - percent) && said * 100 <= all * (100 + percent),
            "{said} foretold, {all} done: {p:?}"
        );
    }
    assert_eq!(progress.last().unwrap().left, Some(0));
}

#[tokio::test(start_paused = true)]
async fn windows_are_counted_by_their_length() {
    let sim = Sim::new(Kind::Windows, 71).filled(2000, 29, 0);
    let store = fresh().await;
    let jobs = watched(&sim, &store, &options(sim.kind)).await;
    assert_near(of(&jobs, Phase::New), Unit::Windows, 40);
    // A run that takes up the job counts its own windows, and what is left of the whole.
    let store = fresh().await;
    let killed = Context {
        failpoints: KillAt::nth(Point::Committed, 60),
        ..tools(&sim)
    };
    pull(&sim, &store, &options(sim.kind), &killed)
        .await
        .unwrap_err();
    let jobs = watched(&sim, &store, &options(sim.kind)).await;
    assert_near(of(&jobs, Phase::New), Unit::Windows, 40);
}

#[tokio::test(start_paused = true)]
async fn pages_of_a_pass_are_counted_by_the_total() {
    let sim = Sim::new(Kind::OldestFirst, 72).filled(590, 20, 0);
    let store = fresh().await;
    let jobs = watched(&sim, &store, &options(sim.kind)).await;
    let pages = of(&jobs, Phase::Full);
    assert_eq!(pages.len(), 30);
    assert!(pages.iter().all(|p| p.done + p.left.unwrap() == 30));
    sim.clock.advance(DAY);
    sim.insert(sim.clock.seconds() - 3600);
    let jobs = watched(&sim, &store, &options(sim.kind)).await;
    assert!(of(&jobs, Phase::Tail).iter().all(|p| p.left.is_none()));
}

#[tokio::test(start_paused = true)]
async fn partitions_left_are_known_also_after_a_kill() {
    let sim = Sim::new(Kind::Cursor, 73).filled(300, 20, 0);
    let all = Options {
        partitions: (0..40).map(|customer| customer.to_string()).collect(),
        ..options(sim.kind)
    };
    let store = fresh().await;
    let killed = Context {
        failpoints: KillAt::nth(Point::Committed, 20),
        ..tools(&sim)
    };
    pull(&sim, &store, &all, &killed).await.unwrap_err();
    let jobs = watched(&sim, &store, &all).await;
    let left = of(&jobs, Phase::Full);
    let sums: Vec<_> = left.iter().map(|p| p.done + p.left.unwrap()).collect();
    assert!(sums.iter().all(|sum| *sum == left.len() as u64), "{sums:?}");
    assert!(left.len() > 5 && left.len() < 40 && left[0].unit == Unit::Partitions);
}

#[tokio::test(start_paused = true)]
async fn open_orders_and_gaps_are_counted_one_by_one() {
    let sim = Sim::new(Kind::NewestFirst, 74).filled(50, 20, 0);
    let store = fresh().await;
    run(&sim, &store, &options(sim.kind)).await;
    sim.clock.advance(2 * DAY);
    let only = Options {
        mode: Mode::OnlyOpen,
        ..options(sim.kind)
    };
    let jobs = watched(&sim, &store, &only).await;
    let orders = of(&jobs, Phase::OpenOrders);
    assert_eq!(orders.len(), 50);
    assert!(
        orders
            .iter()
            .all(|p| p.unit == Unit::Orders && p.done + p.left.unwrap() == 50)
    );

    let sim = Sim::new(Kind::Windows, 75).filled(100, 20, 0);
    let oldest = sim.world().rows.iter().map(|row| row.updated).min();
    sim.world().poison = oldest;
    let store = fresh().await;
    assert_eq!(run(&sim, &store, &options(sim.kind)).await.summary.gaps, 1);
    sim.world().poison = None;
    let jobs = watched(&sim, &store, &options(sim.kind)).await;
    let gaps = of(&jobs, Phase::Gaps);
    assert_eq!(
        (gaps.len(), gaps[0].unit, gaps[0].left),
        (1, Unit::Gaps, Some(0))
    );
}
