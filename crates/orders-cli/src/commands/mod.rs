//! The commands, one file each.

#[cfg(feature = "workers")]
mod accounts;
mod decode;
mod demo;
mod files;
mod forget;
mod gap_words;
mod gaps;
mod gone;
mod history;
mod list;
mod pull;
mod receive;
mod remap;
mod sandbox;
mod show;
mod signals;
mod state;
mod status;
mod verify;
#[cfg(feature = "workers")]
mod work;

use std::future::Future;

use orders_core::{Error, ErrorKind};

#[cfg(feature = "workers")]
pub(crate) use self::pull::options::regular;
use self::signals::Signals;
use crate::args::{Cli, Command};
use crate::exit::{Exit, Failure};

pub(crate) fn run(cli: Cli) -> Result<Exit, Failure> {
    let json = cli.json;
    match cli.command {
        Command::Decode(args) => decode::run(&args, json),
        // A signal simply ends these.
        Command::Status(args) => block_on(status::run(&args, json)),
        Command::Show(args) => block_on(show::run(&args, json)),
        Command::History(args) => block_on(history::run(&args, json)),
        Command::State(args) => block_on(state::run(&args, json)),
        Command::Gaps(args) => block_on(gaps::run(&args, json)),
        Command::Gone(args) => block_on(gone::run(&args, json)),
        Command::Forget(args) => block_on(forget::run(&args, json)),
        Command::Remap(args) => block_on(remap::run(&args, json)),
        Command::Sandbox(args) => block_on(sandbox::run(args, json)),
        Command::Demo(args) => block_on(or_signal(demo::run(args, json))),
        Command::List(args) => block_on(or_signal(list::run(args, json))),
        Command::Verify(args) => block_on(or_signal(verify::run(args, json))),
        // Handles signals itself: what is under way is stored and answered.
        Command::Receive(args) => block_on(receive::run(args, json)),
        #[cfg(feature = "workers")]
        Command::Accounts(args) => block_on(accounts::run(args, json)),
        // Handles signals itself: what is under way is stored.
        #[cfg(feature = "workers")]
        Command::Work(args) => block_on(work::run(args, json)),
        #[cfg(not(feature = "workers"))]
        Command::Accounts(_) | Command::Work(_) => Err(Error::new(
            ErrorKind::Config,
            "this program was built without workers",
        )
        .with_hint("install it with: cargo install orders-cli --features workers")
        .into()),
        // Handles signals itself and saves its state.
        Command::Pull(args) => block_on(pull::run(args, json)),
    }
}

fn block_on<F: Future<Output = Result<Exit, Failure>>>(future: F) -> Result<Exit, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| {
            Error::new(ErrorKind::Other, "cannot start the runtime").with_source(error)
        })?;
    let ended = runtime.block_on(future);
    // After a second signal, requests in flight are not awaited.
    runtime.shutdown_background();
    ended
}

/// The result of the command, or the signal that came first.
async fn or_signal(command: impl Future<Output = Result<Exit, Failure>>) -> Result<Exit, Failure> {
    let mut signals = Signals::listen();
    tokio::select! {
        biased;
        exit = signals.next() => Err(Failure::Stopped(exit)),
        result = command => result,
    }
}
