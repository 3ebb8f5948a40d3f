//! The statements of every store, written once: what both databases understand, over a seam of three methods.
//!
//! Numbers of values are `?1`, `?2`; `IN {2}` is a value of several. Rows of orders, amounts, lines, adjustments and history
//! are compact: they have one number each, and times in milliseconds; views show them to people.

mod account;
mod adjusted;
mod columns;
mod doubts;
mod failed;
mod forget;
mod gaps;
mod known;
mod open;
mod pushes;
mod read;
mod remap;
mod rows;
mod runs;
mod sample;
mod tombstones;
mod value;
mod write;

use async_trait::async_trait;
use futures_util::future::BoxFuture;

#[cfg(feature = "postgres")]
pub(crate) use account::{make as make_account, names};
pub(crate) use doubts::{confirm, days, doubted, doubts, unshown};
pub(crate) use failed::Failed;
pub use forget::Forgotten;
pub(crate) use forget::{Among, Found, forget, forget_account, look};
pub(crate) use pushes::{ReadPush, again, receive};
pub use read::{HistoryRow, StoredOrder};
pub(crate) use read::{
    accept_gap, created, created_offset, due_days, due_orders, due_slices, gaps, history, live,
    marked, newest, older, orders, pushed, status, unread, unreadable,
};
pub use remap::Remapped;
pub(crate) use remap::{Mapping, fill, some};
pub(crate) use runs::{
    accounts, begin_run, commit, end_run, last_run, reached_by, reset, run_all, state,
};
pub(crate) use sample::sample;
pub(crate) use tombstones::{forgotten, forgotten_shown};
pub(crate) use value::{Row, Value, time_text};
#[cfg(feature = "postgres")]
pub(crate) use write::Type;
pub(crate) use write::{Then, Write};

use crate::error::StoreFault;

/// What a piece of work needs of its transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It reads one state of the database.
    Read,
    /// It writes all or nothing.
    Write,
    /// It writes all or nothing, and is on the disk when it is done.
    Durable,
    /// As durable, and what it deletes is overwritten.
    Erase,
}

/// A piece of work.
pub(crate) type Work<T> =
    Box<dyn for<'a> FnOnce(&'a mut dyn Sql) -> BoxFuture<'a, Result<T, Failed>> + Send>;

/// A connection to a database.
#[async_trait]
pub(crate) trait Sql: Send {
    /// Reads.
    async fn rows(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, Failed>;

    /// Writes; answers how many rows were written.
    async fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, Failed>;

    /// Writes many rows of one table.
    async fn bulk(&mut self, write: &Write, rows: Vec<Vec<Value>>) -> Result<(), Failed>;
}

/// The first row of an answer.
pub(crate) async fn first(
    sql: &mut dyn Sql,
    statement: &str,
    values: &[Value],
) -> Result<Option<Row>, Failed> {
    Ok(sql.rows(statement, values).await?.into_iter().next())
}

/// The one row of an answer that always has one.
pub(crate) async fn one(
    sql: &mut dyn Sql,
    statement: &str,
    values: &[Value],
) -> Result<Row, Failed> {
    let row = first(sql, statement, values).await?;
    row.ok_or_else(|| Failed::Store(StoreFault::Corrupt, "a row of ours is missing".to_owned()))
}
