//! The programs of Postgres on this machine, and the user who may run a server.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::missing::Missing;

/// Where Debian keeps what it does not put on `PATH`.
const VERSIONS: &str = "/usr/lib/postgresql";
/// Who runs the server where root would.
const USER: &str = "postgres";

/// An installed Postgres.
#[derive(Debug)]
pub(crate) struct Installed {
    programs: PathBuf,
    /// What a command has to begin with; empty where this user may run a server.
    as_user: Vec<String>,
}

impl Installed {
    pub(crate) fn find() -> Result<Self, Missing> {
        let programs = on_path("initdb")
            .and_then(|initdb| Some(initdb.canonicalize().ok()?.parent()?.to_owned()))
            .or_else(|| newest(Path::new(VERSIONS)))
            .ok_or_else(|| {
                Missing(format!(
                    "no server is installed: no initdb on PATH nor below {VERSIONS}"
                ))
            })?;
        let as_user = match is_root() {
            false => Vec::new(),
            true => other_user()?,
        };
        Ok(Self { programs, as_user })
    }

    /// A program of Postgres, by its whole path where it lies beside the server.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        let beside = self.programs.join(name);
        match beside.is_file() {
            true => beside,
            false => name.into(),
        }
    }

    /// A command of the server's user, with nothing of the tester's environment.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut words = self
            .as_user
            .iter()
            .map(OsStr::new)
            .chain([program.as_ref()]);
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words);
        plain(command)
    }
}

/// A command with nothing of the tester's environment and folder: `PGHOST` or a password file would mislead it.
pub(crate) fn plain(mut command: Command) -> Command {
    let path = std::env::var_os("PATH").unwrap_or_default();
    command.env_clear().env("PATH", path).env("LC_ALL", "C");
    command.current_dir("/");
    command
}

/// The program's path, if it is on `PATH`.
fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let mut found = std::env::split_paths(&path).map(|folder| folder.join(program));
    found.find(|file| file.is_file())
}

/// The programs of the newest version below a folder.
fn newest(versions: &Path) -> Option<PathBuf> {
    let folders = versions.read_dir().ok()?.flatten();
    let versions = folders.filter_map(|folder| {
        let version: u32 = folder.file_name().to_str()?.parse().ok()?;
        Some((version, folder.path().join("bin")))
    });
    let mut servers = versions.filter(|(_, programs)| programs.join("initdb").is_file());
    let first = servers.next()?;
    Some(servers.fold(first, Ord::max).1)
}

fn is_root() -> bool {
    let user = Command::new("id").arg("-u").output();
    user.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// What makes a command one of the server's user.
fn other_user() -> Result<Vec<String>, Missing> {
    let words: &[&str] = match (on_path("setpriv"), on_path("runuser")) {
        (Some(_), _) => &[
            "setpriv",
            "--reuid=postgres",
            "--regid=postgres",
            "--init-groups",
        ],
        (None, Some(_)) => &["runuser", "-u", USER, "--"],
        (None, None) => {
            let why = "root may not run a server, and neither setpriv nor runuser is installed";
            return Err(Missing(why.to_owned()));
        }
    };
    let words: Vec<_> = words.iter().map(|word| (*word).to_owned()).collect();
    let mut tried = Command::new(&words[0]);
    tried.args(&words[1..]).arg("true").current_dir("/");
    match tried.output() {
        Ok(output) if output.status.success() => Ok(words),
        _ => Err(Missing(format!(
            "root may not run a server, and cannot become the user {USER}"
        ))),
    }
}
