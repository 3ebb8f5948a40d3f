//! The schema of a database: whose it is, which version, and how it becomes the newest.

use std::time::Duration;

use super::begin::{Begin, begin};
use super::session::Session;
use crate::error::StoreFault;
use crate::sql::{Failed, first};

/// Each brings the schema from one version to the next; what is released is never edited.
const MIGRATIONS: &[&str] = &[include_str!("p1.sql"), include_str!("p2.sql")];
const NEWEST: i64 = MIGRATIONS.len() as i64;
/// "ORDS": whoever makes or changes the schema holds this lock.
const LOCK: i64 = 0x4f52_4453;
const VERSION: &str =
    "CREATE TABLE schema_version (version bigint NOT NULL); INSERT INTO schema_version VALUES (0)";

/// What is in the schema `orders`.
struct Found {
    exists: bool,
    version: i64,
}

/// Makes the schema where it is missing, brings it to the newest version where it is older, and refuses others.
pub(super) async fn prepare(
    session: &mut Session,
    may_write: bool,
    wait: Duration,
) -> Result<(), Failed> {
    session.begin(&begin(Begin::Read, wait)).await?;
    let found = Found::read(session).await?;
    session.end("COMMIT").await?;
    if found.version == NEWEST {
        return Ok(());
    }
    if !may_write {
        let (fault, message) = match found.version {
            0 => (StoreFault::Empty, "nothing was pulled into it yet"),
            _ => (
                StoreFault::Foreign,
                "its schema is older: pull into it, or remap it, first",
            ),
        };
        return Err(Failed::Store(fault, message.to_owned()));
    }
    session.begin(&begin(Begin::Write, wait)).await?;
    // What a migration takes depends on what is stored.
    let locked = format!("SET LOCAL statement_timeout TO 0; SELECT pg_advisory_xact_lock({LOCK})");
    session.simple(&locked).await?;
    // Another process may have been faster.
    let found = Found::read(session).await?;
    if !found.exists {
        session.simple("CREATE SCHEMA orders").await?;
    }
    if found.version == 0 {
        session.simple(VERSION).await?;
    }
    let before = usize::try_from(found.version).unwrap_or(0);
    for migration in MIGRATIONS.iter().skip(before) {
        session.simple(migration).await?;
    }
    let stamp = format!("UPDATE schema_version SET version = {NEWEST}");
    session.simple(&stamp).await?;
    session.end("COMMIT").await
}

impl Found {
    /// Read within a transaction of the caller's.
    async fn read(session: &mut Session) -> Result<Self, Failed> {
        let statement = "SELECT current_setting('server_encoding'), n.oid IS NOT NULL,
             (SELECT count(*) FROM pg_class c WHERE c.relnamespace = n.oid),
             EXISTS (SELECT FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE c.relnamespace = n.oid
                     AND c.relname = 'schema_version' AND a.attname = 'version')
             FROM (SELECT 1) one LEFT JOIN pg_namespace n ON n.nspname = 'orders'";
        let mut row = crate::sql::one(session, statement, &[]).await?;
        let encoding = row.text(0)?;
        if encoding != "UTF8" {
            let message = format!("its encoding is {encoding}, and has to be UTF8");
            return Err(Failed::Store(StoreFault::Foreign, message));
        }
        let (exists, tables, ours) = (row.flag(1)?, row.count(2)?, row.flag(3)?);
        let version = match ours {
            true => first(session, "SELECT version FROM orders.schema_version", &[])
                .await?
                .map_or(Ok(0), |mut row| row.int(0))?,
            false if tables > 0 => {
                let message = "its schema `orders` is that of another program".to_owned();
                return Err(Failed::Store(StoreFault::Foreign, message));
            }
            false => 0,
        };
        if version > NEWEST {
            let message = format!("its schema has version {version}, this program knows {NEWEST}");
            return Err(Failed::Store(StoreFault::TooNew, message));
        }
        Ok(Self { exists, version })
    }
}
