//! The commands, one file each.

mod decode;
mod demo;
mod list;
mod sandbox;

use std::future::Future;

use orders_core::{Error, ErrorKind};

use crate::args::{Cli, Command};
use crate::exit::{Exit, Failure};

pub(crate) fn run(cli: Cli) -> Result<Exit, Failure> {
    let json = cli.json;
    match cli.command {
        // Reads and prints only: no runtime, and a signal simply ends it.
        Command::Decode(args) => decode::run(&args, json),
        Command::Sandbox(args) => block_on(sandbox::run(args, json)),
        Command::Demo(args) => block_on(or_signal(demo::run(args, json))),
        Command::List(args) => block_on(or_signal(list::run(args, json))),
    }
}

fn block_on<F: Future<Output = Result<Exit, Failure>>>(future: F) -> Result<Exit, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| {
            Error::new(ErrorKind::Other, "cannot start the runtime").with_source(error)
        })?;
    runtime.block_on(future)
}

/// The command's end, or the signal that came before it.
async fn or_signal(command: impl Future<Output = Result<Exit, Failure>>) -> Result<Exit, Failure> {
    tokio::select! {
        // In this order: the signals are listened to before the command begins.
        biased;
        exit = stop_signal() => Err(Failure::Stopped(exit)),
        result = command => result,
    }
}

/// Waits for Ctrl-C or a request to terminate.
async fn stop_signal() -> Exit {
    tokio::select! {
        _ = tokio::signal::ctrl_c() => Exit::Interrupted,
        () = terminated() => Exit::Terminated,
    }
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}
