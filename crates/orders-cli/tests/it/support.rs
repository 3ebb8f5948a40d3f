//! Running the program with nothing of the tester's own environment.

use std::path::PathBuf;
use std::process::Output;

use assert_cmd::Command;
use orders_sandbox::{Sandbox, Vendor};
use tempfile::TempDir;

/// What a run printed, and its exit code.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ran {
    pub(crate) fn lines(&self) -> Vec<&str> {
        self.out.lines().collect()
    }

    /// Standard error as one JSON object.
    pub(crate) fn err_json(&self) -> serde_json::Value {
        serde_json::from_str(&self.err).unwrap_or_else(|why| panic!("{why}: {}", self.err))
    }
}

/// A folder of its own, and an environment without anything of the tester's.
pub(crate) struct Place {
    pub(crate) folder: TempDir,
    variables: Vec<(String, String)>,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            variables: [("TZ", "UTC"), ("ORDERS_TEST_HASTE", "50")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
        }
    }

    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.variables.push((name.to_owned(), value.into()));
        self
    }

    /// With the credentials and addresses of a sandbox.
    pub(crate) fn of(sandbox: &Sandbox) -> Self {
        Self::new()
            .with("CLINK_BASE_URL", sandbox.clink_base_url())
            .with("CLINK_API_KEY", sandbox.clink_api_key())
            .with("LINKBEST_BASE_URL", sandbox.linkbest_base_url())
            .with("LINKBEST_APP_KEY", sandbox.linkbest_app_key())
            .with("LINKBEST_APP_SECRET", sandbox.linkbest_app_secret())
            .with("SHOPLINE_BASE_URL", sandbox.shopline_base_url())
            .with("SHOPLINE_HANDLE", sandbox.shopline_handle())
            .with("SHOPLINE_ACCESS_TOKEN", sandbox.shopline_access_token())
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> std::process::Command {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_orders"));
        command
            .args(arguments)
            .env_clear()
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(self.folder.path());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        let mut command = Command::from_std(self.command(arguments));
        command.finish().into()
    }

    pub(crate) fn run_with(&self, arguments: &[&str], input: &str) -> Ran {
        let mut command = Command::from_std(self.command(arguments));
        command.write_stdin(input).finish().into()
    }
}

trait Finish {
    fn finish(&mut self) -> Output;
}

impl Finish for Command {
    fn finish(&mut self) -> Output {
        self.timeout(std::time::Duration::from_secs(60))
            .output()
            .unwrap()
    }
}

/// What `orders list` needs beside the credentials, to list everything of a vendor.
pub(crate) fn everything(sandbox: &Sandbox, vendor: Vendor, place: &Place) -> Vec<String> {
    let (since, until) = sandbox.linkbest_range();
    match vendor {
        Vendor::Clink => Vec::new(),
        Vendor::Linkbest => vec![
            "--since".to_owned(),
            since.to_rfc3339(),
            "--until".to_owned(),
            until.to_rfc3339(),
        ],
        Vendor::Shopline => {
            let ids = sandbox.shopline_customers().join("\n");
            let path = place.write("customers", &format!("# everybody\n{ids}\n"));
            vec!["--customer".to_owned(), format!("@{}", path.display())]
        }
    }
}

/// A file of the workspace's fixtures.
pub(crate) fn fixture(vendor: Vendor, name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../fixtures")
        .join(vendor.name())
        .join(name)
}

pub(crate) fn fixture_text(vendor: Vendor, name: &str) -> String {
    std::fs::read_to_string(fixture(vendor, name)).unwrap()
}

/// Sends a signal by name to a program that runs.
#[cfg(unix)]
pub(crate) fn signal(child: &std::process::Child, name: &str) {
    let status = std::process::Command::new("kill")
        .args([format!("-{name}"), child.id().to_string()])
        .status();
    assert!(status.unwrap().success());
}

/// The instant that it is for the program, ten minutes after the sandbox's.
pub(crate) const NOW: &str = "2026-03-01T00:10:00Z";
/// Before the oldest order of the sandbox.
pub(crate) const SINCE: &str = "2025-09-01T00:00:00Z";

/// A sandbox whose answers are dated [`NOW`].
pub(crate) fn dated() -> orders_sandbox::SandboxBuilder {
    Sandbox::builder().date(|now| now + chrono::TimeDelta::minutes(10))
}

/// A place with the credentials of a sandbox that is [`dated`], where it is [`NOW`].
pub(crate) fn pulling(sandbox: &Sandbox) -> Place {
    Place::of(sandbox).with("ORDERS_TEST_NOW", NOW)
}

/// Text for people without what differs from run to run.
pub(crate) fn stable(text: &str) -> String {
    let text = text.replace(env!("CARGO_BIN_EXE_orders"), "orders");
    let line = |line: &str| match line.split_once(" in ") {
        Some((before, _)) if line.starts_with("  tried") => format!("{before} in [time]"),
        Some((before, _)) if before.ends_with("attempt") => format!("{before} in [time]"),
        _ => line.to_owned(),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// What a store answers. On a thread of its own: a test may have a runtime already.
pub(crate) fn now<T: Send>(work: impl Future<Output = T> + Send) -> T {
    let wait = || {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        runtime.unwrap().block_on(work)
    };
    std::thread::scope(|scope| scope.spawn(wait).join().unwrap())
}

/// Asserts that a database holds every order of the truth, once, byte for byte.
pub(crate) fn assert_truth(sandbox: &Sandbox, path: &std::path::Path, vendor: Vendor) {
    use orders_sync::Store;

    let store = Store::open_read_only(path).unwrap();
    let truth = sandbox.truth(vendor);
    let accounts = now(store.accounts()).unwrap();
    let account = accounts.iter().find(|a| a.provider == vendor.name());
    let status = now(store.status(account.unwrap())).unwrap();
    assert_eq!(status.stored - status.gone, truth.len() as u64, "{vendor}");
    for order in truth {
        let found = now(store.find(&order.id)).unwrap();
        let found: Vec<_> = found
            .iter()
            .filter(|found| found.account.provider == vendor.name() && found.id == order.id)
            .collect();
        assert_eq!(found.len(), 1, "{vendor} {}", order.id);
        assert_eq!(found[0].raw, order.json.as_bytes(), "{vendor}");
    }
}
