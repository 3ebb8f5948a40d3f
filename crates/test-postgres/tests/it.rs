//! The server that other tests rely on.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::net::TcpStream;
use std::path::Path;

use test_postgres::{Durability, ROLE, own, shared};

#[test]
fn databases_are_apart() {
    let Some(server) = shared() else { return };
    for name in ["one", "two"] {
        let url = server.create(name).unwrap();
        assert!(url.ends_with(name), "{url}");
        server.psql(name, "CREATE TABLE t (name text)").unwrap();
    }
    server.psql("one", "INSERT INTO t VALUES ('one')").unwrap();
    let names = |database| server.psql(database, "SELECT name FROM t").unwrap();
    assert_eq!(
        (names("one").as_str(), names("two").as_str()),
        ("one\n", "")
    );
    assert_ne!(server.fresh().unwrap(), server.fresh().unwrap());
}

#[test]
fn what_was_committed_outlives_a_crash_and_nothing_outlives_the_server() {
    for durability in [Durability::Fast, Durability::Fsync] {
        let Some(server) = own(durability) else {
            return;
        };
        server.create("kept").unwrap();
        server.psql("kept", "CREATE TABLE t AS SELECT 1").unwrap();
        server.stop_immediate().unwrap();
        assert!(TcpStream::connect(("127.0.0.1", server.port())).is_err());
        server.start_again().unwrap();
        assert_eq!(server.psql("kept", "SELECT * FROM t").unwrap(), "1\n");
        let fsync = server.psql("kept", "SHOW fsync").unwrap();
        assert_eq!(fsync == "on\n", durability == Durability::Fsync);
        let (port, folder) = (server.port(), server.socket_folder().to_owned());
        drop(server);
        assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
        assert!(!Path::new(&folder).exists());
    }
}

#[test]
fn one_role_needs_its_password() {
    let Some(server) = shared() else { return };
    server.create("guarded_one").unwrap();
    let with = server.guarded_url("guarded_one");
    let (user, place) = with.split_once('@').unwrap();
    let (scheme, _) = user.split_once(ROLE).unwrap();
    let ask = |url: &str| {
        let mut psql = std::process::Command::new("psql");
        let psql = psql.args(["-XAtqw", "-d", url, "-c", "SELECT current_user"]);
        psql.env_remove("PGPASSWORD").output().unwrap()
    };
    assert_eq!(ask(&with).stdout, format!("{ROLE}\n").as_bytes());
    for wrong in ["", ":wrong"] {
        let said = ask(&format!("{scheme}{ROLE}{wrong}@{place}"));
        assert!(!said.status.success());
        assert!(String::from_utf8_lossy(&said.stderr).contains("password"));
    }
}
