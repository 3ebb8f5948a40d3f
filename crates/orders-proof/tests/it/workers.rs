//! Many accounts, pulled by workers that are killed, frozen, and lose their database.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use orders_proof::connect::{Way, Wire};
use orders_proof::program::Program;
use orders_proof::random::Random;
use orders_proof::scenario::beginning;
use orders_proof::stores::{Database, Tables};
use orders_sandbox::{Fault, FaultRule, Sandbox};
use tempfile::TempDir;
use test_postgres::{Durability, leave_out, own};

/// Each of them has an account at each vendor.
const SANDBOXES: u64 = 14;
const VENDORS: [Way; 3] = [Way::Clink, Way::Linkbest, Way::ShoplineStore];

/// The program, if it has workers.
fn program() -> Option<PathBuf> {
    let program = Program::beside().unwrap();
    let mut command = Command::new(&program);
    command
        .args(["work", "--once", "-o", "orders.db"])
        .env_clear();
    // Who has workers finds that this is no database.
    if command.output().unwrap().status.code() == Some(2) {
        return Some(program);
    }
    leave_out(
        "the program is built without workers: cargo test --workspace --features orders-cli/workers",
    );
    None
}

/// The accounts of some sandboxes, the program, and the database that it works on.
struct Works {
    program: PathBuf,
    folder: TempDir,
    variables: BTreeMap<String, String>,
    database: String,
}

impl Works {
    fn new(program: PathBuf, database: String, sandboxes: &[Arc<Sandbox>]) -> Self {
        let mut text =
            "[defaults]\nsafety_lag = \"0s\"\nrequests_per_second = 100000\nburst = 100000\n"
                .to_owned();
        let mut variables = BTreeMap::from([
            ("TZ".to_owned(), "UTC".to_owned()),
            ("ORDERS_TEST_HASTE".to_owned(), "50".to_owned()),
        ]);
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
            for (name, secret) in [
                ("C", sandbox.clink_api_key()),
                ("L", sandbox.linkbest_app_secret()),
                ("S", sandbox.shopline_access_token()),
            ] {
                variables.insert(format!("{name}{nth}"), secret.to_owned());
            }
            variables.insert(
                "ORDERS_TEST_NOW".to_owned(),
                sandbox.virtual_now().to_rfc3339(),
            );
        }
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("orders.toml"), text).unwrap();
        Self {
            program,
            folder,
            variables,
            database,
        }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(arguments)
            .args(["-o", &self.database])
            .env_clear()
            .envs(&self.variables)
            .current_dir(self.folder.path());
        command
    }

    fn run(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn worker(&self) -> Worker {
        let mut command = self.command(&["--json", "work", "--jobs", "6", "--budget", "1s"]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        Worker(command.spawn().unwrap())
    }

    /// The accounts whose last pull was not complete.
    fn unfinished(&self) -> Vec<String> {
        let listed: serde_json::Value =
            serde_json::from_str(&self.run(&["accounts", "list", "--json"])).unwrap();
        let all = listed["accounts"].as_array().unwrap().iter();
        let rest = all.filter(|one| one["outcome"] != "complete" || one["state"] == "running");
        rest.map(ToString::to_string).collect()
    }
}

struct Worker(Child);

impl Worker {
    fn signal(&self, name: &str) {
        let mut kill = Command::new("kill");
        kill.args([format!("-{name}"), self.0.id().to_string()]);
        assert!(kill.status().unwrap().success());
    }

    fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }

    /// SIGTERM ends it with 0, soon.
    fn end(mut self) {
        self.signal("TERM");
        let until = Instant::now() + Duration::from_secs(60);
        while Instant::now() < until {
            if let Some(status) = self.0.try_wait().unwrap() {
                assert!(status.success(), "{status}");
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("a worker did not end within a minute");
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn sandboxes(seed: u64) -> Vec<Arc<Sandbox>> {
    let mut all = Vec::new();
    for nth in 0..SANDBOXES {
        let builder = Sandbox::builder()
            .seed(seed * 100 + nth)
            .orders(160)
            .small(true);
        let builder = builder.shopline_rate_limit(None);
        all.push(Wire::Sockets.start(builder).await.unwrap());
    }
    all
}

/// That each account has what its sandbox has, byte for byte.
fn assert_pulled(database: &Database, sandboxes: &[Arc<Sandbox>]) {
    for (nth, sandbox) in sandboxes.iter().enumerate() {
        for (way, letter) in VENDORS.into_iter().zip(["c", "l", "s"]) {
            let rows = database.rows(&format!(
                "SELECT id, raw FROM orders.orders WHERE account = '{letter}{nth}' AND gone_at IS NULL"
            ));
            let pairs = rows
                .unwrap()
                .into_iter()
                .map(|row| (row[0].clone(), row[1].clone()));
            let stored: BTreeMap<_, _> = pairs.collect();
            let truth = orders_proof::compare::truth(sandbox, way);
            assert_eq!(stored.len(), truth.len(), "{letter}{nth}");
            assert!(stored == truth, "{letter}{nth} differs");
        }
    }
    let twice = "SELECT provider, account, order_id FROM orders.history WHERE what = 'new'
        GROUP BY provider, account, order_id HAVING count(*) > 1";
    assert_eq!(database.rows(twice).unwrap(), Vec::<Vec<String>>::new());
}

fn until_all_are_complete(works: &Works) {
    let until = Instant::now() + Duration::from_secs(180);
    loop {
        let rest = works.unfinished();
        match rest.first() {
            None => return,
            Some(first) => assert!(
                Instant::now() < until,
                "{} are not complete: {first}",
                rest.len()
            ),
        }
        std::thread::sleep(Duration::from_millis(500));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_workers_and_a_server_that_goes_away_lose_nothing() {
    let (Some(program), Some(server)) = (program(), own(Durability::Fast)) else {
        return;
    };
    let database = server.fresh().unwrap();
    let sandboxes = sandboxes(7).await;
    let works = Works::new(program, database.clone(), &sandboxes);
    let rules = || {
        let faults = [Fault::InternalError, Fault::CutBody, Fault::Reset];
        faults
            .map(|fault| FaultRule::new(fault).percent(3))
            .to_vec()
    };
    for sandbox in &sandboxes {
        sandbox.set_faults(1, rules());
    }
    tokio::task::block_in_place(|| {
        works.run(&["accounts", "import", "orders.toml", "--every", "1s"]);
        let mut random = Random::new(7, 13);
        let mut workers = vec![works.worker(), works.worker()];
        for kill in 0..10 {
            std::thread::sleep(Duration::from_millis(200 + random.below(900)));
            workers.remove(0).kill();
            if kill % 5 == 3 {
                server.stop_immediate().unwrap();
                std::thread::sleep(Duration::from_millis(random.below(700)));
                server.start_again().unwrap();
            }
            workers.push(works.worker());
        }
        for sandbox in &sandboxes {
            sandbox.clear_faults();
        }
        // It hands over what is due when it begins.
        workers.push(works.worker());
        until_all_are_complete(&works);
        workers.into_iter().for_each(Worker::end);
        assert_pulled(&Database(database), &sandboxes);
    });
}

/// A worker that was frozen for longer than its lease, and wakes up, stores nothing of what another one has taken over.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frozen_worker_that_wakes_up_stores_nothing_wrong() {
    let (Some(program), Some(server)) = (program(), own(Durability::Fast)) else {
        return;
    };
    let database = server.fresh().unwrap();
    let sandboxes = sandboxes(8).await;
    let works = Works::new(program, database.clone(), &sandboxes);
    tokio::task::block_in_place(|| {
        works.run(&["accounts", "import", "orders.toml", "--every", "1h"]);
        let frozen = works.worker();
        std::thread::sleep(Duration::from_millis(700));
        frozen.signal("STOP");
        let taken = "SELECT count(*) FROM orders.accounts WHERE owner IS NOT NULL";
        let held = Database(database.clone()).rows(taken).unwrap()[0][0].clone();
        let other = works.worker();
        until_all_are_complete(&works);
        frozen.signal("CONT");
        std::thread::sleep(Duration::from_secs(3));
        until_all_are_complete(&works);
        frozen.end();
        other.end();
        assert_pulled(&Database(database), &sandboxes);
        assert_ne!(held, "0", "it was frozen before it had an account");
    });
}
