//! The ways to a server: passwords, TLS, a pooler between.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use orders_core::Account;
use orders_sync::{Outcome, Store, pull};
use test_postgres::{Durability, PASSWORD, Server};

use super::{one, order, put};
use crate::bench::{assert_no_duplicates, options, run, stored, tools};
use crate::sim::{Kind, Sim};
use crate::tables::{asked, print_left_out};

/// No error shows any part of the password.
fn refused(opened: Result<Store, orders_sync::SyncError>, kind: &str) -> String {
    let error = opened.unwrap_err();
    assert_eq!(error.kind(), kind, "{error}");
    let text = format!("{error} {error:?} {}", error.next());
    assert!(!text.contains("s3cr"), "{text}");
    error.to_string()
}

#[tokio::test]
async fn passwords_open_and_are_not_shown() {
    let Some(server) = test_postgres::shared() else {
        return;
    };
    let address = server.fresh().unwrap();
    let database = address.rsplit_once('/').unwrap().1;
    let guarded = server.guarded_url(database);
    let store = Store::connect(&guarded).await.unwrap();
    put(&store, vec![order("1", 1)]).await.unwrap();
    let shown = format!("{} {store:?}", store.place());
    assert!(
        shown.starts_with("postgres://guarded@127.0.0.1:"),
        "{shown}"
    );
    assert!(
        !shown.contains(PASSWORD) && !shown.contains("s3cr"),
        "{shown}"
    );
    let wrong = guarded.replace("s3cr", "s3cr3");
    let text = refused(Store::connect(&wrong).await, "denied");
    assert!(text.contains("password authentication failed"), "{text}");
    let none = format!("postgres://guarded@127.0.0.1:{}/{database}", server.port());
    let text = refused(Store::connect(&none).await, "denied");
    assert!(text.contains("password missing"), "{text}");
    let text = refused(Store::connect(&server.url("nowhere")).await, "denied");
    assert!(text.contains("does not exist"), "{text}");
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let closed = guarded.replace(&server.port().to_string(), &closed.to_string());
    let text = refused(Store::connect(&closed).await, "unreachable");
    assert!(text.contains("refused"), "{text}");
}

#[tokio::test]
async fn a_user_who_may_only_read_reads() {
    let Some(server) = test_postgres::shared() else {
        return;
    };
    let address = server.fresh().unwrap();
    let database = address.rsplit_once('/').unwrap().1;
    asked(
        &address,
        &format!("ALTER DATABASE {database} OWNER TO postgres"),
    );
    let guarded = server.guarded_url(database);
    let text = refused(Store::connect(&guarded).await, "read_only");
    assert!(text.contains("permission denied for database"), "{text}");
    put(
        &Store::connect(&address).await.unwrap(),
        vec![order("1", 1)],
    )
    .await
    .unwrap();
    refused(Store::connect_read_only(&guarded).await, "read_only");
    asked(
        &address,
        "GRANT USAGE ON SCHEMA orders TO guarded; GRANT SELECT ON ALL TABLES IN SCHEMA orders TO guarded",
    );
    let reader = Store::connect_read_only(&guarded).await.unwrap();
    assert_eq!(reader.find("1").await.unwrap().len(), 1);
    assert!(
        !reader
            .is_at_work(&Account::new("sim", "main"))
            .await
            .unwrap()
    );
}

/// A host that is not this machine is talked to over verified TLS; so is this one where the address asks for it.
#[tokio::test]
async fn tls_is_verified() {
    let Some(server) = test_postgres::own(Durability::Fast) else {
        return;
    };
    let made = "COPY (SELECT) TO PROGRAM 'openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test \
                -addext subjectAltName=IP:127.0.0.1 -addext basicConstraints=critical,CA:FALSE \
                -keyout server.key -out server.crt 2>/dev/null && chmod 600 server.key'";
    if let Err(why) = server.psql("postgres", made) {
        print_left_out(&format!("no openssl to make a certificate: {why}"));
        return;
    }
    server
        .psql("postgres", "ALTER SYSTEM SET ssl TO on")
        .unwrap();
    server.stop_immediate().unwrap();
    server.start_again().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let roots = folder.path().join("root certificates.pem");
    let certificate = server
        .psql("postgres", "SELECT pg_read_file('server.crt')")
        .unwrap();
    std::fs::write(&roots, certificate).unwrap();
    let roots = roots
        .display()
        .to_string()
        .replace('/', "%2F")
        .replace(' ', "%20");
    let address = server.fresh().unwrap();
    for mode in ["verify-full", "require"] {
        let store = Store::connect(&format!("{address}?sslmode={mode}&sslrootcert={roots}"))
            .await
            .unwrap();
        put(&store, vec![order("1", 1)]).await.unwrap();
        let encrypted = "SELECT bool_or(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
                         WHERE application_name = 'orders' AND datname = current_database()";
        assert_eq!(one(&address, encrypted), "t", "{mode}");
    }
    let unknown = Store::connect(&format!("{address}?sslmode=require"))
        .await
        .unwrap_err();
    assert!(unknown.to_string().contains("certificate"), "{unknown}");
    let other = address.replace("127.0.0.1", "localhost");
    let other = Store::connect(&format!("{other}?sslmode=verify-full&sslrootcert={roots}"))
        .await
        .unwrap_err();
    assert!(other.to_string().contains("not valid for name"), "{other}");
    let missing = Store::connect(&format!(
        "{address}?sslmode=require&sslrootcert=%2Fnone.pem"
    ))
    .await
    .unwrap_err();
    assert!(
        missing.to_string().contains("sslrootcert /none.pem"),
        "{missing}"
    );
}

#[tokio::test]
async fn a_server_without_tls_is_refused_where_tls_is_asked_for() {
    let Some(server) = test_postgres::shared() else {
        return;
    };
    let address = format!("{}?sslmode=require", server.fresh().unwrap());
    let error = Store::connect(&address).await.unwrap_err();
    assert!(
        error.to_string().contains("does not support TLS"),
        "{error}"
    );
}

/// PgBouncer in transaction mode, with fewer connections than stores.
struct Pooler {
    process: Child,
    port: u16,
    _folder: tempfile::TempDir,
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Pooler {
    fn start(server: &Server) -> Option<Self> {
        let program = [
            "/usr/sbin/pgbouncer",
            "/usr/bin/pgbouncer",
            "/usr/local/bin/pgbouncer",
        ];
        let Some(program) = program
            .iter()
            .find(|path| std::path::Path::new(path).exists())
        else {
            print_left_out("pgbouncer is not installed");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let settings = format!(
            "[databases]\n* = host=127.0.0.1 port={} user=postgres\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
             listen_port = {port}\nauth_type = any\npool_mode = transaction\ndefault_pool_size = 2\nunix_socket_dir =\n",
            server.port()
        );
        let file = folder.path().join("pgbouncer.ini");
        std::fs::write(&file, settings).unwrap();
        let mut command = Command::new(program);
        let user = Command::new("id").arg("-u").output().unwrap();
        if user.stdout.trim_ascii() == b"0" {
            use std::os::unix::fs::PermissionsExt as _;
            let open = std::fs::Permissions::from_mode(0o755);
            std::fs::set_permissions(folder.path(), open).unwrap();
            command.args(["-u", "postgres"]);
        }
        let process = command
            .arg(&file)
            .stderr(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let pooler = Self {
            process,
            port,
            _folder: folder,
        };
        Some(pooler)
    }

    /// The same database through it.
    fn address(&self, direct: &str, server: &Server) -> String {
        direct.replace(&format!(":{}/", server.port()), &format!(":{}/", self.port))
    }
}

async fn connected(address: &str) -> Store {
    // It listens a moment after it was started.
    for _ in 0..500 {
        match Store::connect(address).await {
            Err(error) if error.kind() == "unreachable" => {
                tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            }
            connected => return connected.unwrap(),
        }
    }
    panic!("{address} does not answer")
}

#[tokio::test]
async fn everything_works_through_a_pooler() {
    let Some(server) = test_postgres::shared() else {
        return;
    };
    let Some(pooler) = Pooler::start(server) else {
        return;
    };
    let direct = server.fresh().unwrap();
    let address = pooler.address(&direct, server);
    let (one_store, two, three) = (
        connected(&address).await,
        connected(&address).await,
        connected(&address).await,
    );
    let sim = Sim::new(Kind::NewestFirst, 51).filled(120, 3, 0);
    one_store.lock(&sim.account).await.unwrap();
    for other in [&two, &three, &Store::connect(&direct).await.unwrap()] {
        let error = pull(&sim, other, &options(sim.kind), &tools(&sim))
            .await
            .unwrap_err();
        assert_eq!((error.kind(), sim.calls()), ("locked", 0));
    }
    one_store.unlock(&sim.account).await;
    // Three accounts at once, over two connections.
    let mut second = Sim::new(Kind::Cursor, 52).filled(90, 3, 0);
    second.account.label = "second".into();
    let mut third = Sim::new(Kind::Windows, 53).filled(90, 3, 0);
    third.account.label = "third".into();
    let (first_options, second_options, third_options) =
        (options(sim.kind), options(second.kind), options(third.kind));
    let reports = tokio::join!(
        run(&sim, &one_store, &first_options),
        run(&second, &two, &second_options),
        run(&third, &three, &third_options),
    );
    for report in [reports.0, reports.1, reports.2] {
        assert_eq!(report.summary.outcome, Outcome::Complete);
    }
    assert_no_duplicates(&Store::connect(&direct).await.unwrap(), "pooled");
    assert_eq!(stored(&Store::connect(&direct).await.unwrap()).len(), 300);
    // A frozen owner, through the pooler.
    one_store.lock(&sim.account).await.unwrap();
    asked(
        &direct,
        "UPDATE accounts SET lease_until = clock_timestamp() - interval '1 s'",
    );
    two.lock(&sim.account).await.unwrap();
    let mut late = order("late", 1);
    late.account = sim.account.label.clone();
    assert_eq!(
        put(&one_store, vec![late]).await.unwrap_err().kind(),
        "locked"
    );
    assert_eq!(
        one(&direct, "SELECT count(*) FROM orders WHERE id = 'late'"),
        "0"
    );
}
