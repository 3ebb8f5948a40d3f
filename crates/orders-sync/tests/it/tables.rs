//! The store of a test, and its tables as other programs read them. SQLite in memory; with ORDERS_TEST_STORE=postgres, and
//! the feature, a Postgres database of its own.

use std::io::Write as _;
use std::ops::Deref;
use std::sync::Mutex;

use orders_sync::{Store, StorePlace};
use rusqlite::types::ValueRef;

/// Where a test keeps a store that it opens more than once. It ends with the test.
#[derive(Debug)]
pub(crate) enum Place {
    Folder(tempfile::TempDir),
    #[cfg_attr(not(feature = "postgres"), expect(dead_code))]
    Address(String),
    /// A database whose schema the test may change.
    #[cfg_attr(not(feature = "postgres"), expect(dead_code))]
    Own(String),
}

impl Place {
    pub(crate) fn new() -> Self {
        match is_postgres() {
            #[cfg(feature = "postgres")]
            true => {
                let left = LEFT.lock().unwrap().pop();
                Self::Address(left.unwrap_or_else(|| {
                    let server = test_postgres::shared();
                    let server = server.expect("ORDERS_TEST_STORE asks for a server");
                    server.fresh().unwrap()
                }))
            }
            #[cfg(not(feature = "postgres"))]
            true => panic!("ORDERS_TEST_STORE=postgres needs the feature `postgres`"),
            false => Self::Folder(tempfile::tempdir().unwrap()),
        }
    }

    /// A Postgres database, whatever the other tests run over; `None` where no server is installed.
    #[cfg(feature = "postgres")]
    pub(crate) fn postgres() -> Option<Self> {
        let server = test_postgres::shared()?;
        Some(Self::Own(server.fresh().unwrap()))
    }

    /// The address of a Postgres database.
    #[cfg(feature = "postgres")]
    pub(crate) fn address(&self) -> &str {
        match self {
            Self::Address(address) | Self::Own(address) => address,
            Self::Folder(_) => panic!("it is a file"),
        }
    }

    pub(crate) async fn open(&self) -> Store {
        match self {
            Self::Folder(folder) => Store::open(folder.path().join("orders.db")).unwrap(),
            #[cfg(feature = "postgres")]
            Self::Address(address) | Self::Own(address) => Store::connect(address).await.unwrap(),
            #[cfg(not(feature = "postgres"))]
            Self::Address(_) | Self::Own(_) => panic!("without the feature there is no server"),
        }
    }

    pub(crate) async fn open_read_only(&self) -> Store {
        match self {
            Self::Folder(folder) => Store::open_read_only(folder.path().join("orders.db")).unwrap(),
            #[cfg(feature = "postgres")]
            Self::Address(address) | Self::Own(address) => {
                Store::connect_read_only(address).await.unwrap()
            }
            #[cfg(not(feature = "postgres"))]
            Self::Address(_) | Self::Own(_) => panic!("without the feature there is no server"),
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        match self {
            Self::Folder(_) => (),
            // Making a database takes longer than most tests: it is emptied, and the next one gets it.
            Self::Address(address) => {
                asked(address, EMPTIED);
                LEFT.lock().unwrap().push(std::mem::take(address));
            }
            Self::Own(address) => {
                if let Some((server, database)) = address.rsplit_once('/') {
                    let gone = format!("DROP DATABASE {database} WITH (FORCE)");
                    asked(&format!("{server}/postgres"), &gone);
                }
            }
        }
    }
}

/// The databases that ended tests left, empty.
static LEFT: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Ends what is still connected, and empties what is there. Numbers are not used twice: nothing that comes late hits the
/// next test.
const EMPTIED: &str = "
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
    DO $$
    DECLARE names text;
    BEGIN
        SELECT string_agg(format('orders.%I', tablename), ', ') INTO names FROM pg_tables
        WHERE schemaname = 'orders' AND tablename <> 'schema_version';
        IF names IS NOT NULL THEN
            EXECUTE 'TRUNCATE ' || names;
        END IF;
    END
    $$";

/// A store that ends with its test.
#[derive(Debug)]
pub(crate) struct TestStore {
    store: Store,
    /// Dropped behind it.
    _place: Option<Place>,
}

impl Deref for TestStore {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

/// An empty store.
pub(crate) async fn fresh() -> TestStore {
    if !is_postgres() {
        let store = Store::in_memory().unwrap();
        return TestStore {
            store,
            _place: None,
        };
    }
    let place = Place::new();
    TestStore {
        store: place.open().await,
        _place: Some(place),
    }
}

/// How many of so many seeds are run: a server takes longer for each.
pub(crate) fn seeds(all: u64) -> u64 {
    if is_postgres() { all.min(8) } else { all }
}

/// Whether the tests run over Postgres.
pub(crate) fn is_postgres() -> bool {
    std::env::var_os("ORDERS_TEST_STORE").is_some_and(|value| value == "postgres")
}

/// Prints what is left out and why, past the test harness.
pub(crate) fn print_left_out(what: &str) {
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test");
    let line = format!("left out: {test}: {what}\n");
    // Whoever closed the stream does not read it.
    let _ = std::io::stderr().write_all(line.as_bytes());
}

/// Whether a test is left out that is about SQLite's file.
pub(crate) fn is_left_out(what: &str) -> bool {
    let left_out = is_postgres();
    if left_out {
        print_left_out(&format!("over Postgres: {what}"));
    }
    left_out
}

/// What a query answers, each value as text.
pub(crate) fn rows(store: &Store, sql: &str) -> Vec<Vec<Option<String>>> {
    if let StorePlace::Address(address) = store.place() {
        return asked(&address, sql);
    }
    let file = store.connection().unwrap();
    let mut statement = file.prepare(sql).unwrap();
    let columns = statement.column_count();
    let mut found = statement.query([]).unwrap();
    let mut rows = Vec::new();
    while let Some(row) = found.next().unwrap() {
        let values = (0..columns).map(|column| match row.get_ref(column).unwrap() {
            ValueRef::Null => None,
            ValueRef::Integer(number) => Some(number.to_string()),
            ValueRef::Real(number) => panic!("{number} is a float"),
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
                Some(String::from_utf8(bytes.to_vec()).unwrap())
            }
        });
        rows.push(values.collect());
    }
    rows
}

/// The first column of what a query answers.
pub(crate) fn texts(store: &Store, sql: &str) -> Vec<String> {
    let rows = rows(store, sql).into_iter();
    rows.map(|mut row| row.swap_remove(0).unwrap()).collect()
}

/// The number that a query answers; a flag is 0 or 1.
pub(crate) fn number(store: &Store, sql: &str) -> i64 {
    match &*texts(store, sql)[0] {
        "f" => 0,
        "t" => 1,
        number => number.parse().unwrap(),
    }
}

/// A time of a table or view that people read, as a text of SQLite's.
pub(crate) fn time_column(name: &str) -> String {
    match is_postgres() {
        true => format!(r#"to_char({name} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')"#),
        false => name.to_owned(),
    }
}

/// Writes by hand; answers how many rows.
pub(crate) fn execute(store: &Store, sql: &str) -> usize {
    match store.place() {
        StorePlace::Address(address) => asked(&address, &format!("{sql} RETURNING 1")).len(),
        _ => store.connection().unwrap().execute(sql, []).unwrap(),
    }
}

/// What some statements answer, over a connection of their own, on a thread of its own: the test's clock may stand still.
#[cfg(feature = "postgres")]
pub(crate) fn asked(address: &str, sql: &str) -> Vec<Vec<Option<String>>> {
    use tokio_postgres::{Config, NoTls, SimpleQueryMessage};

    let mut config: Config = address.parse().unwrap();
    config.options("-c search_path=orders");
    let statements = sql.to_owned();
    let work = async move {
        let (client, connection) = config.connect(NoTls).await.unwrap();
        tokio::spawn(connection);
        let answers = client.simple_query(&statements).await.unwrap();
        let rows = answers.into_iter().filter_map(|answer| match answer {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        let row = |row: tokio_postgres::SimpleQueryRow| {
            let values = (0..row.len()).map(|at| row.get(at).map(str::to_owned));
            values.collect()
        };
        rows.map(row).collect()
    };
    let thread = std::thread::spawn(|| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime.unwrap().block_on(work)
    });
    thread.join().unwrap_or_else(|_| panic!("{sql}"))
}

#[cfg(not(feature = "postgres"))]
fn asked(_: &str, _: &str) -> Vec<Vec<Option<String>>> {
    Vec::new()
}
