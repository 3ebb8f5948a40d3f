//! One server, from its folder to its end.

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, AtomicU32, Ordering};

use crate::installed::{Installed, plain};
use crate::missing::Missing;

/// A role that may own tables in every database made here, and has to name its password.
pub const ROLE: &str = "guarded";

/// The password of [`ROLE`].
pub const PASSWORD: &str = "s3cr%t:w/rd";

/// Its sign for a URL, character by character.
const PASSWORD_IN_URL: &str = "s3cr%25t%3Aw%2Frd";

/// What the folder's name begins with. Short: the path of a socket may have 107 bytes.
const FOLDER: &str = "/tmp/orders-pg.XXXXXX";

/// Below the ports that a system hands out by itself: a connection of somebody else does not take the port of a server
/// that was stopped.
const PORTS: std::ops::Range<u16> = 20_000..30_000;

/// How often another port is tried.
const TRIES: u32 = 5;

/// Ends the server and removes its folder, once the process that holds the other end of the input is gone.
const WATCH: &str = r#"cat >/dev/null; "$0" -D "$1/data" -m immediate -s -w stop; rm -rf "$1""#;

/// What of a server's promises holds where the machine loses power.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Nothing: fast. A stopped or killed server loses nothing.
    Fast,
    /// All, as in production.
    Fsync,
}

/// A running server. Dropped, or with the end of the process in any way, it is stopped and its folder removed.
#[derive(Debug)]
pub struct Server {
    installed: Installed,
    folder: String,
    port: u16,
    durability: Durability,
    watch: Child,
    databases: AtomicU32,
}

impl Server {
    /// Starts a fast one.
    ///
    /// # Errors
    /// Where none is installed, or it does not start.
    pub fn start() -> Result<Self, Missing> {
        Self::start_with(Durability::Fast)
    }

    /// Starts one.
    ///
    /// # Errors
    /// Where none is installed, or it does not start.
    pub fn start_with(durability: Durability) -> Result<Self, Missing> {
        let installed = Installed::find()?;
        Self::of(installed, durability).map_err(Missing)
    }

    fn of(installed: Installed, durability: Durability) -> Result<Self, String> {
        let made = done(installed.command("mktemp").args(["-d", FOLDER]))?;
        let folder = made.trim_end().to_owned();
        let mut watch = installed.command("sh");
        watch
            .args(["-c", WATCH])
            .arg(installed.program("pg_ctl"))
            .arg(&folder);
        watch
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        // Its own group: an interrupted test run interrupts the clearing up no more than a killed one.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut watch, 0);
        let watch = watch
            .spawn()
            .map_err(|why| format!("cannot run sh: {why}"))?;
        let mut server = Self {
            installed,
            folder,
            port: 0,
            durability,
            watch,
            databases: AtomicU32::new(0),
        };
        server.make()?;
        let mut started = Err(String::new());
        for _ in 0..TRIES {
            server.port = free_port()?;
            started = server.start_again();
            if started.is_ok() {
                break;
            }
        }
        started?;
        let password = format!("CREATE ROLE {ROLE} LOGIN PASSWORD '{PASSWORD}'");
        server.psql("postgres", &password)?;
        Ok(server)
    }

    /// Makes its files.
    fn make(&self) -> Result<(), String> {
        let initdb = self.installed.program("initdb");
        let data = format!("{}/data", self.folder);
        let mut initdb = self.installed.command(initdb);
        initdb.args(["-D", &data, "-A", "trust", "-U", "postgres", "--no-sync"]);
        done(initdb.args(["-E", "UTF8", "--locale=C.UTF-8"]))?;
        // The first line that fits a connection holds.
        let rules = Path::new(&data).join("pg_hba.conf");
        let text = std::fs::read_to_string(&rules);
        let text = text.map_err(|why| format!("{}: {why}", rules.display()))?;
        let text = format!("host all {ROLE} all scram-sha-256\n{text}");
        std::fs::write(&rules, text).map_err(|why| format!("{}: {why}", rules.display()))
    }

    /// The address of a database, for the user who may do anything.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// The address of a database for [`ROLE`], with its password.
    #[must_use]
    pub fn guarded_url(&self, database: &str) -> String {
        let port = self.port;
        format!("postgres://{ROLE}:{PASSWORD_IN_URL}@127.0.0.1:{port}/{database}")
    }

    /// The port on which it listens, on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The folder of its socket.
    #[must_use]
    pub fn socket_folder(&self) -> &str {
        &self.folder
    }

    /// Makes an empty database of a name of its own; answers its address.
    ///
    /// # Errors
    /// What the server answered.
    pub fn fresh(&self) -> Result<String, String> {
        let nth = self.databases.fetch_add(1, Ordering::SeqCst);
        self.create(&format!("fresh{nth}"))
    }

    /// Makes an empty database, in the place of one of this name if there is one; answers its address. It belongs to
    /// [`ROLE`].
    ///
    /// # Errors
    /// What the server answered.
    pub fn create(&self, name: &str) -> Result<String, String> {
        let drop = format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)");
        let create = format!("CREATE DATABASE \"{name}\" OWNER {ROLE}");
        done(self.client("postgres").args(["-c", &drop, "-c", &create]))?;
        Ok(self.url(name))
    }

    /// What the program `psql` prints for some statements: a row a line, `|` between its values.
    ///
    /// # Errors
    /// What the server answered.
    pub fn psql(&self, database: &str, sql: &str) -> Result<String, String> {
        done(self.client(database).args(["-c", sql]))
    }

    fn client(&self, database: &str) -> Command {
        let mut psql = plain(Command::new(self.installed.program("psql")));
        psql.args(["-XAtq", "-v", "ON_ERROR_STOP=1", "-d"]);
        psql.arg(self.url(database));
        psql
    }

    /// Stops it as a crash would, without a word to anybody.
    ///
    /// # Errors
    /// Where it was stopped before.
    pub fn stop_immediate(&self) -> Result<(), String> {
        done(self.control().args(["-m", "immediate", "stop"])).map(drop)
    }

    /// Starts it again, on the same port and with its databases.
    ///
    /// # Errors
    /// The last lines of its log.
    pub fn start_again(&self) -> Result<(), String> {
        let fast = match self.durability {
            // A thousand databases of a proof would keep autovacuum busy all the time.
            Durability::Fast => "-c fsync=off -c full_page_writes=off -c autovacuum=off",
            Durability::Fsync => "",
        };
        let log = format!("{}/log", self.folder);
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -k {} {fast}",
            self.port, self.folder
        );
        let mut start = self.control();
        done(start.args(["-l", &log, "-o", &options, "start"])).map_err(|why| {
            let log = std::fs::read_to_string(&log).unwrap_or_default();
            let last: Vec<_> = log.lines().rev().take(5).collect();
            format!("{why}: {}", last.join("; "))
        })?;
        Ok(())
    }

    fn control(&self) -> Command {
        let mut control = self.installed.command(self.installed.program("pg_ctl"));
        control.args(["-s", "-w", "-D", &format!("{}/data", self.folder)]);
        control
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.watch.stdin.take());
        // Nobody is left to care for its answer.
        let _ = self.watch.wait();
    }
}

/// A port that nobody listens on now. Each call of a process answers another one.
fn free_port() -> Result<u16, String> {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let many = PORTS.end - PORTS.start;
    // Processes that start together begin apart.
    let first = u16::try_from(std::process::id().wrapping_mul(37) % u32::from(many)).unwrap_or(0);
    for _ in 0..many {
        let nth = NEXT.fetch_add(1, Ordering::SeqCst);
        let port = PORTS.start + first.wrapping_add(nth) % many;
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return Ok(port);
        }
    }
    Err("no port is free".to_owned())
}

/// Runs a command to its end; answers what it printed.
fn done(command: &mut Command) -> Result<String, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output();
    let output = output.map_err(|why| format!("cannot run {program}: {why}"))?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => {
            let arguments: Vec<_> = command
                .get_args()
                .map(|word| word.to_string_lossy())
                .collect();
            let said = String::from_utf8_lossy(&output.stderr);
            Err(format!(
                "{program} {}: {}",
                arguments.join(" "),
                said.trim()
            ))
        }
    }
}
