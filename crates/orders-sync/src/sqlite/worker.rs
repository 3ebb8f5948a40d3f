//! The thread of a database: where work may block.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Sender, channel};
use std::thread::Builder;

type Work = Box<dyn FnOnce() + Send>;

/// A thread that does one piece of work after the other. It ends with its owner.
#[derive(Debug)]
pub(super) struct Worker(Sender<Work>);

impl Worker {
    pub(super) fn start() -> std::io::Result<Self> {
        let (sender, works) = channel::<Work>();
        let each = move || works.into_iter().for_each(|work| work());
        Builder::new().name("orders-store".to_owned()).spawn(each)?;
        Ok(Self(sender))
    }

    /// Does a piece of work; `None`: it panicked.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let (done, answer) = channel();
        let work = move || {
            // What panicked is taken back by the next transaction; whoever dropped the future waits for nothing.
            let _ = done.send(catch_unwind(AssertUnwindSafe(work)).ok());
        };
        self.0.send(Box::new(work)).ok()?;
        // A clock of tokio's that is paused stands still while a blocking task waits.
        let waited = tokio::task::spawn_blocking(move || answer.recv()).await;
        waited.ok()?.ok()?
    }
}
