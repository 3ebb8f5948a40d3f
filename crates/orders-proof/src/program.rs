//! The real program, killed where it must do no harm, and run again.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};

use chrono::TimeDelta;
use orders_sandbox::Sandbox;
use orders_sync::Store;
use tempfile::TempDir;

use crate::Result;
use crate::compare;
use crate::connect::Way;
use crate::scenario::beginning;
use crate::stores::{Database, Place, Tables};

/// How many runs may follow a kill.
const RUNS: usize = 4;

/// What the program writes when it has stopped at a point.
const PAUSED: &str = "paused at ";

/// The program `orders`, with a folder of its own and nothing of the tester's environment.
#[derive(Debug)]
pub struct Program {
    executable: PathBuf,
    folder: TempDir,
    way: Way,
    database: Option<Database>,
}

/// A run that waits at a point, until it is killed or dropped.
#[derive(Debug)]
pub struct Paused {
    child: Child,
    /// Kept open: the program must not fail on a closed pipe.
    _stderr: BufReader<ChildStderr>,
}

impl Program {
    /// The program for one way, with a new store.
    ///
    /// # Errors
    /// Where no folder or database can be made.
    pub fn new(executable: impl Into<PathBuf>, place: Place<'_>, way: Way) -> Result<Self> {
        match place {
            Place::Sqlite => Self::with(executable, None, way),
            Place::Postgres(server) => Self::with(executable, Some(Database(server.fresh()?)), way),
        }
    }

    /// The program for one way, with a file of its own where no database is named.
    ///
    /// # Errors
    /// Where no folder can be made.
    pub fn with(
        executable: impl Into<PathBuf>,
        database: Option<Database>,
        way: Way,
    ) -> Result<Self> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        Ok(Self {
            executable: executable.into(),
            folder,
            way,
            database,
        })
    }

    /// The program beside the running test or soak: cargo puts all of a workspace into one folder.
    ///
    /// # Errors
    /// Where it was not built.
    pub fn beside() -> Result<PathBuf> {
        let here = std::env::current_exe().map_err(|error| error.to_string())?;
        let name = format!("orders{}", std::env::consts::EXE_SUFFIX);
        let found = here
            .ancestors()
            .skip(1)
            .take(2)
            .map(|folder| folder.join(&name));
        let mut found = found.filter(|path| path.is_file());
        found
            .next()
            .ok_or_else(|| "the program is not built: cargo build -p orders-cli".to_owned())
    }

    /// Whether the program was built to store in Postgres.
    ///
    /// # Errors
    /// Where it cannot be run.
    pub fn knows_postgres(executable: &Path) -> Result<bool> {
        let mut command = Command::new(executable);
        // Nobody listens there: who knows Postgres finds that out, and who does not ends as of wrong usage.
        command.args(["status", "-o", "postgres://nobody@127.0.0.1:1/none"]);
        let output = command.env_clear().output();
        let output = output.map_err(|error| format!("cannot run the program: {error}"))?;
        Ok(output.status.code() != Some(2))
    }

    /// The file that it pulls into, where it has no database.
    #[must_use]
    pub fn file(&self) -> PathBuf {
        self.folder.path().join("orders.db")
    }

    /// What it has pulled.
    ///
    /// # Errors
    /// Where its file cannot be opened.
    pub fn tables(&self) -> Result<Box<dyn Tables>> {
        if let Some(database) = &self.database {
            return Ok(Box::new(database.clone()));
        }
        let store = Store::open_read_only(self.file()).map_err(|error| error.to_string())?;
        Ok(Box::new(store))
    }

    /// The command `orders pull` for everything of the sandbox, at its virtual now.
    ///
    /// # Errors
    /// Where the list of customers cannot be written.
    pub fn pull(&self, sandbox: &Sandbox) -> Result<Command> {
        let mut command = self.command(sandbox)?;
        command.args([
            "--json",
            "pull",
            self.way.vendor().name(),
            "-o",
            match &self.database {
                None => "orders.db",
                Some(Database(address)) => address,
            },
        ]);
        self.narrow(&mut command, sandbox)?;
        Ok(command)
    }

    /// The command `orders list --as raw` for everything of the sandbox, at its virtual now.
    ///
    /// # Errors
    /// Where the list of customers cannot be written.
    pub fn list(&self, sandbox: &Sandbox) -> Result<Command> {
        let mut command = self.command(sandbox)?;
        command.args(["list", self.way.vendor().name(), "--as", "raw"]);
        self.narrow(&mut command, sandbox)?;
        Ok(command)
    }

    fn command(&self, sandbox: &Sandbox) -> Result<Command> {
        let mut command = Command::new(&self.executable);
        command.env_clear().current_dir(self.folder.path());
        command.envs(environment(sandbox));
        command.env("ORDERS_TEST_NOW", sandbox.virtual_now().to_rfc3339());
        let config =
            "[defaults]\nsafety_lag = \"0s\"\nrequests_per_second = 100000\nburst = 100000\n";
        self.write("orders.toml", config)?;
        Ok(command)
    }

    /// Which orders: all of the sandbox.
    fn narrow(&self, command: &mut Command, sandbox: &Sandbox) -> Result<()> {
        match self.way {
            Way::Clink => {}
            Way::Linkbest | Way::ShoplineStore => {
                command.args(["--since", &beginning(self.way, sandbox).to_rfc3339()]);
            }
            Way::ShoplineCustomers => {
                self.write("customers", &sandbox.shopline_customers().join("\n"))?;
                command.args(["--customer", "@customers"]);
            }
        }
        Ok(())
    }

    fn write(&self, name: &str, text: &str) -> Result<()> {
        let path = self.folder.path().join(name);
        std::fs::write(path, text).map_err(|error| error.to_string())
    }

    /// Runs until the nth passing of a point; `None` where the program ends before.
    ///
    /// # Errors
    /// Where it cannot be run.
    pub fn pause_at(&self, sandbox: &Sandbox, point: &str, nth: u64) -> Result<Option<Paused>> {
        let mut child = self
            .pull(sandbox)?
            .env("ORDERS_TEST_PAUSE_AT", format!("{point}:{nth}"))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("cannot run {}: {error}", self.executable.display()))?;
        let Some(stderr) = child.stderr.take() else {
            return Err("the program has no standard error".to_owned());
        };
        let mut stderr = BufReader::new(stderr);
        let mut line = String::new();
        loop {
            line.clear();
            match stderr.read_line(&mut line) {
                Ok(0) | Err(_) => {
                    child.wait().map_err(|error| error.to_string())?;
                    return Ok(None);
                }
                Ok(_) if line.starts_with(PAUSED) => {
                    return Ok(Some(Paused {
                        child,
                        _stderr: stderr,
                    }));
                }
                Ok(_) => {}
            }
        }
    }

    /// Runs until the program says that everything was pulled.
    ///
    /// # Errors
    /// What it said instead, the last time.
    pub fn until_complete(&self, sandbox: &Sandbox) -> Result<()> {
        let mut said = String::new();
        for _ in 0..RUNS {
            let output = self
                .pull(sandbox)?
                .output()
                .map_err(|error| error.to_string())?;
            if output.status.success() {
                return Ok(());
            }
            said = format!(
                "{}: {}{}",
                output.status,
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            );
        }
        Err(format!("never complete: {said}"))
    }
}

/// What the program reads from its environment to pull from a sandbox.
#[must_use]
pub fn environment(sandbox: &Sandbox) -> [(&'static str, String); 9] {
    [
        ("TZ", "UTC".to_owned()),
        ("CLINK_BASE_URL", sandbox.clink_base_url()),
        ("CLINK_API_KEY", sandbox.clink_api_key().to_owned()),
        ("LINKBEST_BASE_URL", sandbox.linkbest_base_url()),
        ("LINKBEST_APP_KEY", sandbox.linkbest_app_key().to_owned()),
        (
            "LINKBEST_APP_SECRET",
            sandbox.linkbest_app_secret().to_owned(),
        ),
        ("SHOPLINE_BASE_URL", sandbox.shopline_base_url()),
        ("SHOPLINE_HANDLE", sandbox.shopline_handle().to_owned()),
        (
            "SHOPLINE_ACCESS_TOKEN",
            sandbox.shopline_access_token().to_owned(),
        ),
    ]
}

impl Paused {
    /// `kill -9`.
    ///
    /// # Errors
    /// Where the process cannot be killed.
    pub fn kill(mut self) -> Result<()> {
        self.child.kill().map_err(|error| error.to_string())?;
        self.child.wait().map_err(|error| error.to_string())?;
        Ok(())
    }

    /// The most memory that the process ever held, in KiB, as the system counts it; `None` where it does not say.
    #[must_use]
    pub fn peak_memory(&self) -> Option<u64> {
        let status = Path::new("/proc")
            .join(self.child.id().to_string())
            .join("status");
        let status = std::fs::read_to_string(status).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
        line.split_whitespace().nth(1)?.parse().ok()
    }
}

impl Drop for Paused {
    fn drop(&mut self) {
        // It may have been killed before.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Kills the program at a point, lets eight days pass at the vendor (a list without a filter by time is passed in full
/// weekly), and runs it again. Answers whether the point was reached.
///
/// # Errors
/// Where the program does not become complete, or has something else than the truth, or an order twice.
pub async fn killed_at(
    executable: &Path,
    place: Place<'_>,
    way: Way,
    point: &str,
    nth: u64,
    seed: u64,
) -> Result<bool> {
    let builder = Sandbox::builder()
        .date(|now| now)
        .seed(seed)
        .orders(160)
        .small(true)
        .life(10);
    let sandbox = builder.shopline_rate_limit(None).start().await;
    let sandbox = sandbox.map_err(|error| error.to_string())?;
    let program = Program::new(executable, place, way)?;
    // The sandbox answers on other threads meanwhile.
    tokio::task::block_in_place(|| {
        let paused = program.pause_at(&sandbox, point, nth)?;
        let reached = paused.is_some();
        if let Some(paused) = paused {
            paused.kill()?;
        }
        sandbox.advance(TimeDelta::days(8));
        program.until_complete(&sandbox)?;
        let stored = program.tables()?;
        compare::assert_equal(&*stored, &compare::truth(&sandbox, way))?;
        Ok(reached)
    })
    .map_err(|why: String| format!("{way:?} killed at {point}:{nth}, seed {seed}: {why}"))
}
