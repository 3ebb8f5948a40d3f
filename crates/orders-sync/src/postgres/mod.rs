//! Postgres: the tables of all accounts in the schema `orders` of one database, over one connection.

mod address;
mod begin;
mod fault;
mod lease;
#[cfg(feature = "pool")]
mod pool;
mod schema;
mod session;
mod tls;
mod values;

use std::collections::HashMap;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use address::Address;
use begin::{Begin, begin};
use futures_util::FutureExt as _;
use lease::{Holder, Taken};
use orders_core::Account;
#[cfg(feature = "pool")]
pub use pool::pool;
use session::Session;
use tokio::sync::oneshot;

use crate::error::{StoreFault, StorePlace, SyncError};
use crate::sql::{Failed, Kind, Sql, Value, Work, time_text};

/// How long a write waits for rows that another transaction holds.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often a lease is renewed while nothing is written.
const RENEWED: Duration = Duration::from_secs(20);
/// A process that ended a moment ago is still in the server's list: so often an account that looks taken is tried.
const TRIES: u32 = 10;

/// A database of a server.
#[derive(Debug)]
pub(crate) struct Postgres {
    shared: Arc<Shared>,
}

/// What the leases are renewed with, too.
#[derive(Debug)]
struct Shared {
    address: Address,
    read_only: bool,
    /// In milliseconds.
    wait: AtomicU64,
    /// The connection; `None` where it was lost, or left in the midst of something.
    session: tokio::sync::Mutex<Option<Session>>,
    leases: Mutex<HashMap<Account, Lease>>,
}

/// An account that this store has.
#[derive(Debug)]
struct Lease {
    taken: Taken,
    /// Ends the renewing when it is dropped.
    _renewed: oneshot::Sender<()>,
}

impl Postgres {
    pub(crate) async fn connect(address: &str, read_only: bool) -> Result<Self, SyncError> {
        let shared = Shared {
            address: Address::parse(address)?,
            read_only,
            wait: AtomicU64::new(PATIENCE.as_millis() as u64),
            session: tokio::sync::Mutex::default(),
            leases: Mutex::default(),
        };
        let _held = hold();
        let session = shared.connected().await;
        let session = session.map_err(|failed| shared.failed(failed))?;
        *shared.session.lock().await = Some(session);
        let shared = Arc::new(shared);
        Ok(Self { shared })
    }

    pub(crate) fn place(&self) -> StorePlace {
        self.shared.place()
    }

    pub(crate) fn wait_at_most(&self, wait: Duration) {
        let millis = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        self.shared.wait.store(millis, Ordering::Relaxed);
    }

    /// Runs a piece of work in a transaction of its own.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        kind: Kind,
        work: Work<T>,
    ) -> Result<T, SyncError> {
        self.shared.run(kind, work).await
    }

    pub(crate) async fn is_at_work(&self, account: &Account) -> Result<bool, SyncError> {
        let account = account.clone();
        let work: Work<bool> =
            Box::new(move |sql| Box::pin(async move { lease::is_held(sql, &account).await }));
        self.run(Kind::Read, work).await
    }

    pub(crate) async fn lock(&self, account: &Account) -> Result<(), SyncError> {
        let mut holder = self.shared.take(account).await?;
        for _ in 1..TRIES {
            let Err(_) = holder else { break };
            self.shared.pause().await?;
            holder = self.shared.take(account).await?;
        }
        let taken = holder.map_err(|holder| self.shared.failed(is_taken(account, &holder)))?;
        let renewed = renew(&self.shared);
        let lease = Lease {
            taken,
            _renewed: renewed,
        };
        held(&self.shared.leases).insert(account.clone(), lease);
        Ok(())
    }

    pub(crate) async fn unlock(&self, account: &Account) {
        let lease = held(&self.shared.leases).remove(account);
        if let Some(lease) = lease {
            self.shared.release(lease.taken).await;
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let leases: Vec<Lease> = held(&self.shared.leases)
            .drain()
            .map(|(_, it)| it)
            .collect();
        // Where this cannot be done any more, the leases end by themselves.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        for lease in leases {
            let shared = Arc::clone(&self.shared);
            runtime.spawn(async move { shared.release(lease.taken).await });
        }
    }
}

impl Shared {
    fn place(&self) -> StorePlace {
        StorePlace::Address(self.address.shown.clone())
    }

    fn failed(&self, failed: Failed) -> SyncError {
        match failed {
            Failed::Store(fault, message) => SyncError::store(fault, self.place(), message),
            Failed::Sync(error) => error,
        }
    }

    fn wait(&self) -> Duration {
        Duration::from_millis(self.wait.load(Ordering::Relaxed))
    }

    /// A new connection, to a schema of ours.
    async fn connected(&self) -> Result<Session, Failed> {
        let mut session = Session::connect(&self.address).await?;
        schema::prepare(&mut session, !self.read_only, self.wait()).await?;
        Ok(session)
    }

    async fn run<T: Send + 'static>(&self, kind: Kind, work: Work<T>) -> Result<T, SyncError> {
        let _held = hold();
        // Taken out: a future that is dropped in the midst of it takes the connection with it, and the transaction.
        let mut slot = self.session.lock().await;
        let kept = slot.take().filter(|session| !session.is_lost());
        let fresh = kept.is_none();
        let connected = match kept {
            Some(session) => Ok(session),
            None => self.connected().await,
        };
        let mut session = connected.map_err(|failed| self.failed(failed))?;
        let mut begun = self.begin(&mut session, kind).await;
        // It was lost since: nothing has happened yet, so it is made anew.
        if !fresh && begun.is_err() && session.is_lost() {
            session = self
                .connected()
                .await
                .map_err(|failed| self.failed(failed))?;
            begun = self.begin(&mut session, kind).await;
        }
        let done = match begun {
            Ok(()) => match whole(work(&mut session)).await {
                Ok(done) => commit(&mut session, kind).await.map(|()| done),
                Err(failed) => Err(failed),
            },
            Err(failed) => Err(failed),
        };
        let ended = match done {
            Ok(_) => true,
            Err(_) => !session.is_lost() && session.end("ROLLBACK").await.is_ok(),
        };
        *slot = ended.then_some(session);
        done.map_err(|failed| self.failed(failed))
    }

    /// Begins a transaction. Where it writes, it holds the rows of this store's accounts, if they are still its own.
    async fn begin(&self, session: &mut Session, kind: Kind) -> Result<(), Failed> {
        let what = match kind {
            _ if self.read_only => Begin::Read,
            Kind::Read => Begin::Read,
            Kind::Write => Begin::Write,
            Kind::Durable | Kind::Erase => Begin::Durable,
        };
        let mut statements = begin(what, self.wait());
        let mut leases = Vec::new();
        if what != Begin::Read {
            let mine = held(&self.leases);
            leases.extend(
                mine.iter()
                    .map(|(account, it)| (account.to_string(), it.taken)),
            );
        }
        // Everybody takes them in this order.
        leases.sort_by_key(|(_, taken)| taken.key);
        for (_, taken) in &leases {
            statements.push_str("; ");
            statements.push_str(&lease::fence(*taken));
        }
        let counts = session.begin(&statements).await?;
        let renewed = counts
            .iter()
            .skip(counts.len().saturating_sub(leases.len()));
        for ((account, _), count) in leases.iter().zip(renewed) {
            if *count != 1 {
                let message = format!(
                    "another run has taken {account} over, since this one was not heard of for a minute: nothing more is written"
                );
                return Err(Failed::Store(StoreFault::Locked, message));
            }
        }
        Ok(())
    }

    async fn take(&self, account: &Account) -> Result<Result<Taken, Holder>, SyncError> {
        let (of, owner) = (account.clone(), format!("process {}", std::process::id()));
        let work: Work<Result<Taken, Holder>> =
            Box::new(move |sql| Box::pin(async move { lease::take(sql, &of, owner).await }));
        self.run(Kind::Write, work).await
    }

    /// Waits a moment at the server: the clock here may stand still.
    async fn pause(&self) -> Result<(), SyncError> {
        let pause = "SELECT pg_sleep(0.05) IS NULL";
        let work: Work<()> = Box::new(move |sql| {
            Box::pin(async move { sql.rows(pause, &[] as &[Value]).await.map(drop) })
        });
        self.run(Kind::Read, work).await
    }

    async fn release(&self, taken: Taken) {
        let work: Work<()> =
            Box::new(move |sql| Box::pin(async move { lease::release(sql, taken).await }));
        // Where it fails, the lease ends by itself.
        let _ = self.run(Kind::Write, work).await;
    }
}

/// A piece of work that panicked is a failure: what it wrote is taken back.
async fn whole<T>(work: impl Future<Output = Result<T, Failed>>) -> Result<T, Failed> {
    let done = AssertUnwindSafe(work).catch_unwind().await;
    done.unwrap_or_else(|_| {
        let message = "the work at the database broke off: a bug".to_owned();
        Err(Failed::Store(StoreFault::Io, message))
    })
}

async fn commit(session: &mut Session, kind: Kind) -> Result<(), Failed> {
    match session.end("COMMIT").await {
        Err(Failed::Store(StoreFault::Unreachable, message)) if kind != Kind::Read => {
            let message = format!(
                "the connection was lost while a commit was under way, so whether it is stored is not known; the next run \
                 reads what is ({message})"
            );
            Err(Failed::Store(StoreFault::Unreachable, message))
        }
        ended => ended,
    }
}

/// Renews the leases now and then, until the answer is dropped.
fn renew(shared: &Arc<Shared>) -> oneshot::Sender<()> {
    let (renewed, mut ended) = oneshot::channel();
    let shared = Arc::downgrade(shared);
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = &mut ended => return,
                () = tokio::time::sleep(RENEWED) => (),
            }
            let Some(shared) = shared.upgrade() else {
                return;
            };
            // A transaction renews them as it begins. What fails here, fails again at the next commit.
            let nothing: Work<()> = Box::new(|_: &mut dyn Sql| Box::pin(async { Ok(()) }));
            let _ = shared.run(Kind::Write, nothing).await;
        }
    });
    renewed
}

fn is_taken(account: &Account, holder: &Holder) -> Failed {
    let owner = holder.owner.as_deref().unwrap_or("another process");
    let until = holder.until.map(time_text).unwrap_or_default();
    let message = format!("another run works on {account} ({owner}, not renewed: until {until})");
    Failed::Store(StoreFault::Locked, message)
}

/// Holds a clock of tokio's that a test paused: it stands still while a blocking task waits.
fn hold() -> Sender<()> {
    let (held, ended) = channel::<()>();
    // It ends when the other end is dropped.
    tokio::task::spawn_blocking(move || ended.recv());
    held
}

fn held<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
