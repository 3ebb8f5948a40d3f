//! The database behind a store: SQLite, or Postgres where that is switched on.

use std::sync::MutexGuard;
use std::time::Duration;

use orders_core::Account;
use rusqlite::Connection;

use crate::error::{StorePlace, SyncError};
#[cfg(feature = "postgres")]
use crate::postgres::Postgres;
use crate::sql::{Kind, Work};
use crate::sqlite::Sqlite;

/// A database that runs pieces of work, and hands each account to one run at a time.
#[derive(Debug)]
pub(crate) enum Database {
    Sqlite(Sqlite),
    #[cfg(feature = "postgres")]
    Postgres(Postgres),
}

impl Database {
    pub(crate) fn place(&self) -> StorePlace {
        match self {
            Self::Sqlite(file) => file.place(),
            #[cfg(feature = "postgres")]
            Self::Postgres(server) => server.place(),
        }
    }

    /// The connection of SQLite.
    pub(crate) fn connection(&self) -> Option<MutexGuard<'_, Connection>> {
        match self {
            Self::Sqlite(file) => Some(file.connection()),
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => None,
        }
    }

    pub(crate) fn limit_size(&self, bytes: u64) -> Result<(), SyncError> {
        match self {
            Self::Sqlite(file) => file.limit_size(bytes),
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => Err(SyncError::options(
                "the size of a Postgres database is not limited here",
                "limit it at the server",
            )),
        }
    }

    pub(crate) fn wait_at_most(&self, wait: Duration) -> Result<(), SyncError> {
        match self {
            Self::Sqlite(file) => file.wait_at_most(wait),
            #[cfg(feature = "postgres")]
            Self::Postgres(server) => {
                server.wait_at_most(wait);
                Ok(())
            }
        }
    }

    pub(crate) async fn is_at_work(&self, account: &Account) -> Result<bool, SyncError> {
        match self {
            Self::Sqlite(file) => Ok(file.is_at_work(account)),
            #[cfg(feature = "postgres")]
            Self::Postgres(server) => server.is_at_work(account).await,
        }
    }

    pub(crate) async fn lock(&self, account: &Account) -> Result<(), SyncError> {
        match self {
            Self::Sqlite(file) => file.lock(account).await,
            #[cfg(feature = "postgres")]
            Self::Postgres(server) => server.lock(account).await,
        }
    }

    pub(crate) async fn unlock(&self, account: &Account) {
        match self {
            Self::Sqlite(file) => file.unlock(account),
            #[cfg(feature = "postgres")]
            Self::Postgres(server) => server.unlock(account).await,
        }
    }

    /// Removes what was deleted from the disk. Answers whether that could be done: a server does it in its own time.
    pub(crate) async fn rewrite(&self) -> Result<bool, SyncError> {
        match self {
            Self::Sqlite(file) => file.rewrite().await,
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => Ok(false),
        }
    }

    /// Runs a piece of work in a transaction of its own.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        kind: Kind,
        work: Work<T>,
    ) -> Result<T, SyncError> {
        match self {
            Self::Sqlite(file) => file.run(kind, work).await,
            #[cfg(feature = "postgres")]
            Self::Postgres(server) => server.run(kind, work).await,
        }
    }
}
