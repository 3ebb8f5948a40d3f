//! Runs the pulls: all accounts at once, each with its own store, until all have ended or a signal comes.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use orders_core::{Error, ErrorKind};
use orders_sync::{Context, Gap, Mode, Report, Stop, pull};
use tokio::runtime::Handle;
use tokio::task::JoinSet;

use super::ended::Ended;
use super::progress::Lines;
use super::summary;
use super::task::{Ready, Task, hinted};
use crate::commands::signals::Signals;
use crate::exit::{Exit, Failure};
use crate::output::say;
use crate::{test_hooks, times};

pub(super) async fn run(tasks: Vec<Task>, json: bool) -> Result<Exit, Failure> {
    let mut signals = Signals::listen();
    let stop = Stop::default();
    let lines = Arc::new(Lines::new(tasks.iter().map(|task| &task.name), json));
    let tools = Context {
        clock: test_hooks::clock()?,
        stop: stop.clone(),
        observer: lines.clone(),
        failpoints: test_hooks::points()?,
        ..Context::default()
    };
    let mut pulls = begin(tasks, &tools, &lines);
    let mut ended = Vec::new();
    let mut signal = None;
    loop {
        tokio::select! {
            biased;
            exit = signals.next() => {
                if signal.is_some() {
                    lines.clear();
                    return at_once(exit, json);
                }
                signal = Some(exit);
                stop.stop();
                lines.note("stopping, and saving the state; a second signal ends it at once");
            }
            one = pulls.join_next() => match one {
                Some(one) => ended.push(one.map_err(|error| {
                    Error::new(ErrorKind::Other, "a pull broke off").with_source(error)
                })?),
                None => break,
            },
        }
    }
    lines.clear();
    ended.sort_by(|a: &Ended, b| a.name.cmp(&b.name));
    summary::show(&ended, signal, json)
}

/// The end after a second signal.
fn at_once(exit: Exit, json: bool) -> Result<Exit, Failure> {
    if json {
        return Err(Failure::Stopped(exit));
    }
    say("ended at once; stored orders stay; run it again to resume");
    Ok(exit)
}

/// Begins all pulls.
fn begin(tasks: Vec<Task>, tools: &Context, lines: &Arc<Lines>) -> JoinSet<Ended> {
    let mut pulls = JoinSet::new();
    for task in tasks {
        let (tools, handle, lines) = (tools.clone(), Handle::current(), Arc::clone(lines));
        // A thread of its own: writing to a file blocks.
        pulls.spawn_blocking(move || {
            if let Ok(ready) = &task.ready {
                ready.waits.show_in(&lines);
            }
            let ended = one(task, &tools, &handle);
            lines.done(&ended.name);
            ended
        });
    }
    pulls
}

fn one(task: Task, tools: &Context, handle: &Handle) -> Ended {
    let Task { name, ready } = task;
    let mut ended = Ended {
        name,
        output: ready.as_ref().ok().map(|ready| ready.output.clone()),
        limited: ready
            .as_ref()
            .is_ok_and(|ready| ready.options.max_orders.is_some()),
        notes: Vec::new(),
        gaps: Vec::new(),
        result: Err(Failure::Closed),
    };
    ended.result = ready.and_then(|mut ready| {
        ended.notes.append(&mut ready.notes);
        let pull = || pulled(&ready, tools, handle, &mut ended);
        // A bug in one account's pull fails only that account. Its stored orders stay, and its file is released.
        catch_unwind(AssertUnwindSafe(pull)).map_err(|panic| broken(&*panic))?
    });
    ended
}

/// The failure of a pull that panicked.
fn broken(panic: &(dyn Any + Send)) -> Error {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    let message = format!("this pull broke off: {}", text.unwrap_or("a panic"));
    Error::new(ErrorKind::Other, message).with_hint(
        "this is a bug of this program: please report it. Stored orders stay; run it again to resume",
    )
}

fn pulled(
    ready: &Ready,
    tools: &Context,
    handle: &Handle,
    ended: &mut Ended,
) -> Result<Report, Failure> {
    let (name, notes) = (&ended.name, &mut ended.notes);
    let store = handle.block_on(ready.output.open())?;
    let begun = match ready.options.mode {
        Mode::Update if ready.since_given => handle.block_on(store.status(name))?.watermark,
        _ => None,
    };
    let (source, options) = (ready.source.as_ref(), &ready.options);
    let report = handle.block_on(pull(source, &store, options, tools));
    let report = report.map_err(|error| hinted(error, options))?;
    ended.gaps = handle.block_on(store.gaps(name))?;
    ended.gaps.retain(Gap::is_open);
    if let Some(begun) = begun {
        notes.push(format!(
            "resumed from {}: --since sets only where the first pull begins (--since with --until reads a window \
             again, --lookback the last days, --full everything)",
            times::show(&begun)
        ));
    }
    Ok(report)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use orders_core::Account as Name;
    use orders_sync::{Failpoints, Outcome, Point, SyncError, SystemClock};

    use super::*;
    use crate::args::{Cli, Command};
    use crate::config::{Account, Chosen, Settings};
    use crate::vendor::Vendor;

    /// Panics once.
    struct Bug(AtomicBool);

    impl Failpoints for Bug {
        fn pass(&self, point: Point) -> Result<(), SyncError> {
            if point == Point::PageRead && !self.0.swap(true, Ordering::SeqCst) {
                panic!("no {}", "way");
            }
            Ok(())
        }
    }

    /// Two accounts into one file.
    #[tokio::test(flavor = "multi_thread")]
    async fn a_bug_in_one_accounts_pull_ends_no_other() {
        use clap::Parser;

        let sandbox = orders_sandbox::Sandbox::builder().orders(5);
        let sandbox = sandbox.start().await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("orders.db");
        let words = ["orders", "pull", "clink", "-o", file.to_str().unwrap()];
        let Command::Pull(args) = Cli::try_parse_from(words).unwrap().command else {
            unreachable!("the words say pull")
        };
        let task = |label: &str| {
            let account = Account {
                vendor: Vendor::Clink,
                label: label.into(),
                base_url: Some(sandbox.clink_base_url()),
                credentials: [("api_key", sandbox.clink_api_key().to_owned())].into(),
                settings: Settings::default(),
                warnings: Vec::new(),
                tokens: None,
            };
            let chosen = Chosen {
                name: Name::new("clink", label),
                account: Ok(account),
            };
            Task::new(chosen, &args, false, chrono::Utc::now())
        };
        let tasks = vec![task("first"), task("second")];
        let lines = Arc::new(Lines::new(tasks.iter().map(|task| &task.name), false));
        let tools = Context {
            clock: Arc::new(SystemClock),
            stop: Stop::default(),
            observer: lines.clone(),
            failpoints: Arc::new(Bug(AtomicBool::new(false))),
            ..Context::default()
        };
        let ended = begin(tasks, &tools, &lines).join_all().await;
        let (broken, well): (Vec<_>, Vec<_>) = ended.iter().partition(|one| one.result.is_err());
        let ([first], [second]) = (broken.as_slice(), well.as_slice()) else {
            unreachable!("one of two accounts panicked")
        };
        let Err(Failure::Error(error)) = &first.result else {
            unreachable!("it panicked")
        };
        assert_eq!(error.message(), "this pull broke off: no way");
        assert_eq!(first.exit(None), Exit::Failed);
        let report = second
            .result
            .as_ref()
            .unwrap_or_else(|_| panic!("it ran on"));
        assert_eq!(report.summary.outcome, Outcome::Complete);
        assert_eq!(report.summary.counts.new, 5);
    }
}
