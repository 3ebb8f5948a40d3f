//! Workers: a queue on the store's own Postgres says which account is pulled next, and the lease in the account's row who
//! may write. The queue may give a job twice, or to two at once; the lease makes that harmless.

pub(crate) mod database;
pub(crate) mod fleet;
mod job;
mod queue;
pub(crate) mod schedule;
mod tokens;

pub(crate) use self::queue::{Work, work};
