//! Many accounts, pulled by workers that are killed, frozen, and lose their database: each ends with what its vendor has.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use orders_sandbox::{Fault, FaultRule, Sandbox};
use serde_json::Value;
use tempfile::TempDir;
use test_postgres::Server;

use crate::Result;
use crate::compare;
use crate::connect::{Way, Wire};
use crate::random::Random;
use crate::scenario::beginning;
use crate::stores::{Database, Tables};

/// Each sandbox has an account at each vendor, named by a letter and the sandbox's number.
const ACCOUNTS: [(Way, char); 3] = [
    (Way::Clink, 'c'),
    (Way::Linkbest, 'l'),
    (Way::ShoplineStore, 's'),
];

/// So many times shorter are the waits of the program.
const HASTE: &str = "ORDERS_TEST_HASTE";

/// How long all accounts may take to be complete once nothing disturbs them.
const PATIENCE: Duration = Duration::from_secs(180);

/// The accounts of some sandboxes, the program, and the database that its workers share.
#[derive(Debug)]
pub struct Works {
    program: PathBuf,
    folder: TempDir,
    variables: BTreeMap<String, String>,
    database: Database,
    sandboxes: Vec<Arc<Sandbox>>,
}

/// A process that works.
#[derive(Debug)]
pub struct Worker(Child);

impl Works {
    /// Whether the program was built with workers.
    ///
    /// # Errors
    /// Where it cannot be run.
    pub fn are_known_to(program: &Path) -> Result<bool> {
        let mut command = Command::new(program);
        // Who has workers finds that this is no database.
        let command = command.args(["work", "--once", "-o", "orders.db"]);
        let output = command.env_clear().output();
        let output = output.map_err(|error| format!("cannot run the program: {error}"))?;
        Ok(output.status.code() == Some(2))
    }

    /// An account at each vendor of each of so many sandboxes, scheduled in an empty database.
    ///
    /// # Errors
    /// Where something of it cannot be made.
    pub async fn new(
        program: &Path,
        server: &Server,
        seed: u64,
        (sandboxes, orders): (u64, usize),
        every: &str,
    ) -> Result<Self> {
        let mut all = Vec::new();
        for nth in 0..sandboxes {
            let builder = Sandbox::builder().seed(seed * 1000 + nth).orders(orders);
            let builder = builder.small(true).shopline_rate_limit(None);
            all.push(Wire::Sockets.start(builder).await?);
        }
        let works = Self {
            program: program.to_owned(),
            folder: tempfile::tempdir().map_err(|error| error.to_string())?,
            variables: variables(&all),
            database: Database(server.fresh()?),
            sandboxes: all,
        };
        let config = works.folder.path().join("orders.toml");
        std::fs::write(config, configuration(&works.sandboxes)).map_err(|why| why.to_string())?;
        works.run(&["accounts", "import", "orders.toml", "--every", every])?;
        Ok(works)
    }

    /// The same, with the waits of a release: what is measured is what a user has.
    #[must_use]
    pub fn unhurried(mut self) -> Self {
        self.variables.remove(HASTE);
        self
    }

    /// A command of the program on the database.
    #[must_use]
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(arguments)
            .args(["-o", &self.database.0])
            .env_clear()
            .envs(&self.variables)
            .current_dir(self.folder.path());
        command
    }

    fn run(&self, arguments: &[&str]) -> Result<String> {
        let output = self.command(arguments).output();
        let output = output.map_err(|error| format!("cannot run the program: {error}"))?;
        match output.status.success() {
            true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
            false => {
                let said = String::from_utf8_lossy(&output.stderr);
                Err(format!("{arguments:?}: {}: {said}", output.status))
            }
        }
    }

    /// Pulls all accounts without workers, so many by one process, one process after the other.
    ///
    /// # Errors
    /// Where one of them does not end well.
    pub fn pull_all(&self, together: usize) -> Result<()> {
        let numbers = 0..self.sandboxes.len();
        let names = ACCOUNTS.into_iter().flat_map(|(_, letter)| {
            let name = move |nth| format!("{letter}{nth}");
            numbers.clone().map(name)
        });
        let names: Vec<_> = names.collect();
        names
            .chunks(together)
            .try_for_each(|names| self.run(&["pull", "--account", &names.join(",")]).map(drop))
    }

    /// Begins a worker that pulls so many accounts at once, each for at most this time.
    ///
    /// # Errors
    /// Where it cannot be run.
    pub fn worker(&self, jobs: usize, budget: &str) -> Result<Worker> {
        let jobs = jobs.to_string();
        let mut command = self.command(&["--json", "work", "--jobs", &jobs, "--budget", budget]);
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        child.map(Worker).map_err(|error| error.to_string())
    }

    /// Waits until the last pull of each account was complete.
    ///
    /// # Errors
    /// Which is not, after some minutes.
    pub fn until_complete(&self) -> Result<()> {
        let until = Instant::now() + PATIENCE;
        loop {
            let listed = self.run(&["accounts", "list", "--json"])?;
            let listed: Value = serde_json::from_str(&listed).map_err(|why| why.to_string())?;
            let all = listed["accounts"].as_array().cloned().unwrap_or_default();
            let ended = |one: &Value| one["outcome"] == "complete" && one["state"] != "running";
            let mut rest = all.iter().filter(|one| !ended(one));
            match rest.next() {
                None if all.len() == self.sandboxes.len() * ACCOUNTS.len() => return Ok(()),
                first if Instant::now() > until => return Err(format!("not complete: {first:?}")),
                _ => std::thread::sleep(Duration::from_millis(300)),
            }
        }
    }

    /// That each account has what its sandbox has, byte for byte, and no order was new twice.
    ///
    /// # Errors
    /// How they differ.
    pub fn assert_pulled(&self) -> Result<()> {
        for (nth, sandbox) in self.sandboxes.iter().enumerate() {
            for (way, letter) in ACCOUNTS {
                let stored = compare::texts(
                    &self.database,
                    &format!(
                        "SELECT id, raw FROM orders WHERE account = '{letter}{nth}' AND gone_at IS NULL"
                    ),
                )?;
                let truth = compare::truth(sandbox, way);
                if stored != truth {
                    let (stored, truth) = (stored.len(), truth.len());
                    return Err(format!("{letter}{nth}: {stored} stored, {truth} true"));
                }
            }
        }
        let twice = "SELECT provider, account, order_id FROM history WHERE what = 'new'
            GROUP BY provider, account, order_id HAVING count(*) > 1";
        match self.database.rows(twice)?.first() {
            None => Ok(()),
            Some(first) => Err(format!("new twice: {first:?}")),
        }
    }

    fn faults(&self, seed: u64) {
        for sandbox in &self.sandboxes {
            let faults = [Fault::InternalError, Fault::CutBody, Fault::Reset];
            let rules = faults.map(|fault| FaultRule::new(fault).percent(3));
            sandbox.set_faults(seed, rules.to_vec());
        }
    }

    /// One number of the database.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn number(&self, sql: &str) -> Result<u64> {
        let rows = self.database.rows(sql)?;
        let value = rows.first().and_then(|row| row.first());
        value
            .and_then(|value| value.parse().ok())
            .ok_or_else(|| format!("no number: {sql}"))
    }
}

impl Worker {
    fn signal(&self, name: &str) -> Result<()> {
        let mut kill = Command::new("kill");
        let status = kill.args([format!("-{name}"), self.0.id().to_string()]);
        match status.status() {
            Ok(status) if status.success() => Ok(()),
            other => Err(format!("cannot send {name}: {other:?}")),
        }
    }

    fn kill(mut self) -> Result<()> {
        self.0.kill().map_err(|error| error.to_string())?;
        self.0.wait().map(drop).map_err(|error| error.to_string())
    }

    /// SIGTERM ends it with 0, soon.
    ///
    /// # Errors
    /// Where it does not.
    pub fn end(mut self) -> Result<()> {
        self.signal("TERM")?;
        let until = Instant::now() + Duration::from_secs(60);
        while Instant::now() < until {
            match self.0.try_wait() {
                Ok(Some(status)) if status.success() => return Ok(()),
                Ok(None) => std::thread::sleep(Duration::from_millis(20)),
                other => return Err(format!("a worker ended with {other:?}")),
            }
        }
        Err("a worker did not end within a minute".to_owned())
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It may have ended before.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn variables(sandboxes: &[Arc<Sandbox>]) -> BTreeMap<String, String> {
    let mut variables = BTreeMap::from([
        ("TZ".to_owned(), "UTC".to_owned()),
        (HASTE.to_owned(), "50".to_owned()),
    ]);
    for (nth, sandbox) in sandboxes.iter().enumerate() {
        for (name, secret) in [
            ('C', sandbox.clink_api_key()),
            ('L', sandbox.linkbest_app_secret()),
            ('S', sandbox.shopline_access_token()),
        ] {
            variables.insert(format!("{name}{nth}"), secret.to_owned());
        }
        let now = sandbox.virtual_now().to_rfc3339();
        variables.insert("ORDERS_TEST_NOW".to_owned(), now);
    }
    variables
}

fn configuration(sandboxes: &[Arc<Sandbox>]) -> String {
    let mut text =
        "[defaults]\nsafety_lag = \"0s\"\nrequests_per_second = 100000\nburst = 100000\n"
            .to_owned();
    for (nth, sandbox) in sandboxes.iter().enumerate() {
        let [ads, shop] =
            [Way::Linkbest, Way::ShoplineStore].map(|way| beginning(way, sandbox).to_rfc3339());
        text.push_str(&format!(
            "[accounts.c{nth}]\nvendor = \"clink\"\napi_key_env = \"C{nth}\"\nbase_url = \"{}\"\n\
             [accounts.l{nth}]\nvendor = \"linkbest\"\napp_key = \"{}\"\napp_secret_env = \"L{nth}\"\n\
             base_url = \"{}\"\nsince = \"{ads}\"\n\
             [accounts.s{nth}]\nvendor = \"shopline\"\nhandle = \"{}\"\naccess_token_env = \"S{nth}\"\n\
             base_url = \"{}\"\nsince = \"{shop}\"\n",
            sandbox.clink_base_url(),
            sandbox.linkbest_app_key(),
            sandbox.linkbest_base_url(),
            sandbox.shopline_handle(),
            sandbox.shopline_base_url(),
        ));
    }
    text
}

/// Two workers; one is killed ten times at random, and the server is stopped hard twice, while vendors fail.
///
/// # Errors
/// Where an account does not become complete, or has something else than the truth.
pub async fn killed(program: &Path, server: &Server, seed: u64, sandboxes: u64) -> Result<()> {
    let works = Works::new(program, server, seed, (sandboxes, 160), "1s").await?;
    works.faults(seed);
    tokio::task::block_in_place(|| {
        let mut random = Random::new(seed, 13);
        let worker = || works.worker(6, "1s");
        let mut workers = vec![worker()?, worker()?];
        for kill in 0..10 {
            std::thread::sleep(Duration::from_millis(100 + random.below(900)));
            workers.remove(0).kill()?;
            if kill % 5 == 3 {
                server.stop_immediate()?;
                std::thread::sleep(Duration::from_millis(random.below(700)));
                server.start_again()?;
            }
            workers.push(worker()?);
        }
        works
            .sandboxes
            .iter()
            .for_each(|sandbox| sandbox.clear_faults());
        // It hands over what is due when it begins.
        workers.push(worker()?);
        works.until_complete()?;
        workers.into_iter().try_for_each(Worker::end)?;
        works.assert_pulled()
    })
    .map_err(|why: String| format!("workers killed, seed {seed}: {why}"))
}

/// A worker is frozen for longer than its lease, and wakes up when another one has taken its accounts over.
///
/// # Errors
/// Where it stores anything that is not true, or an account does not become complete.
pub async fn frozen(program: &Path, server: &Server, seed: u64, sandboxes: u64) -> Result<()> {
    let works = Works::new(program, server, seed, (sandboxes, 160), "1h").await?;
    tokio::task::block_in_place(|| {
        let held = "SELECT count(*) FROM accounts WHERE owner IS NOT NULL";
        let asleep = works.worker(6, "1s")?;
        let until = Instant::now() + Duration::from_secs(20);
        while works.number(held)? == 0 {
            if Instant::now() > until {
                return Err("it has taken no account".to_owned());
            }
        }
        asleep.signal("STOP")?;
        let other = works.worker(6, "1s")?;
        works.until_complete()?;
        asleep.signal("CONT")?;
        std::thread::sleep(Duration::from_secs(3));
        works.until_complete()?;
        asleep.end()?;
        other.end()?;
        works.assert_pulled()
    })
    .map_err(|why: String| format!("a worker frozen, seed {seed}: {why}"))
}
