//! A Postgres database in the place of a file: the same commands, the same answers, and no password in any of them.

use orders_sandbox::{Sandbox, Vendor};
use test_postgres::{PASSWORD, ROLE, Server, shared};

use crate::receive::{Receiver, receiving};
use crate::support::{Place, Ran, SINCE, dated, pulling};

/// As it stands in a URL, too.
const SECRETS: [&str; 3] = [PASSWORD, "s3cr", "%25t%3Aw"];

fn silent(ran: &Ran) {
    for secret in SECRETS {
        assert!(!ran.out.contains(secret), "{}", ran.out);
        assert!(!ran.err.contains(secret), "{}", ran.err);
    }
}

fn without_password(server: &Server, name: &str) -> String {
    format!("postgres://{ROLE}@127.0.0.1:{}/{name}", server.port())
}

/// Pulls the vendors into a store. Answers what all commands say of it then.
fn life(sandbox: &Sandbox, place: &Place, store: &str) -> Vec<String> {
    let pull = |vendor: &str| {
        let since = ["--since", SINCE];
        let since = if vendor == "clink" { &[][..] } else { &since };
        let ran = place.run(&[&["pull", vendor, "-o", store, "--json"][..], since].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
        ran.out.replace(store, "STORE")
    };
    let mut all: Vec<_> = ["clink", "linkbest", "shopline"].map(pull).into();
    let said = |words: &[&str]| {
        let ran = place.run(&[words, &["-o", store]].concat());
        assert_eq!(ran.code, 0, "{words:?}: {}", ran.err);
        ran.out.replace(store, "STORE")
    };
    let ids = Vendor::ALL.map(|vendor| sandbox.truth(vendor)[3].id.clone());
    let words = [
        &["status"][..],
        &["status", "--json"],
        &["gaps"],
        &["gone", "list", "--json"],
        &["remap"],
        &["pull", "clink", "--dry-run"],
        &["verify", "linkbest"],
    ];
    all.extend(words.map(said));
    for id in &ids {
        all.extend([said(&["show", id]), said(&["show", id, "--json"])]);
        all.extend([
            said(&["show", id, "--raw"]),
            said(&["history", id, "--json"]),
        ]);
    }
    said(&["state", "reset", "clink", "--yes"]);
    all.push(pull("clink"));
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_says_of_a_database_what_it_says_of_a_file() {
    let Some(server) = shared() else { return };
    server.create("commands").unwrap();
    let mut lives = Vec::new();
    for store in ["here.db", &without_password(server, "commands")] {
        // The numbers of requests are the same, too.
        let sandbox = dated().orders(30).start().await.unwrap();
        let place = pulling(&sandbox).with("PGPASSWORD", PASSWORD);
        lives.push(life(&sandbox, &place, store));
    }
    let [file, database] = lives.try_into().unwrap();
    for (file, database) in file.iter().zip(&database) {
        assert_eq!(file, database);
    }
}

/// Receives pushes of all vendors into a store, pulls, and erases a person and an account. Answers what was said.
async fn pushes(sandbox: &Sandbox, place: &Place, store: &str) -> Vec<String> {
    let receiver = Receiver::into(place, store);
    for (vendor, event) in [
        (Vendor::Clink, "order.succeeded"),
        (Vendor::Linkbest, "created"),
        (Vendor::Shopline, "orders/create"),
        (Vendor::Shopline, "orders/paid"),
    ] {
        let target = receiver.target(vendor.name()).duplicates(1).disorder(true);
        let order = sandbox.truth(vendor)[3].id.clone();
        let sent = sandbox.push(vendor, &target, event, &order).await.unwrap();
        assert!(sent.iter().all(|it| it.accepted), "{sent:?}");
    }
    let mut all = vec![receiver.stop()];
    let email = |provider: Vendor| {
        let ran = place.run(&[
            "show",
            &sandbox.truth(provider)[3].id,
            "--json",
            "-o",
            store,
        ]);
        let shown: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        shown["order"]["customer"]["email"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let mut say = |words: &[&str]| {
        let ran = place.run(&[words, &["-o", store]].concat());
        assert_eq!(ran.code, 0, "{words:?}: {}", ran.err);
        all.push(ran.out.replace(store, "STORE"));
    };
    say(&["status", "--json"]);
    for vendor in Vendor::ALL {
        // One after the other: runs have numbers.
        say(&["pull", vendor.name(), "--since", SINCE]);
        say(&["history", &sandbox.truth(vendor)[3].id, "--json"]);
    }
    say(&["forget", "--customer", &email(Vendor::Shopline), "--yes"]);
    say(&["forget", "clink", "--account", "default", "--yes"]);
    say(&["pull", "shopline", "--since", SINCE, "--full"]);
    say(&["status"]);
    say(&["verify", "shopline"]);
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_receives_and_forgets_as_a_file_does() {
    let Some(server) = shared() else { return };
    server.create("pushes").unwrap();
    let mut lives = Vec::new();
    for store in ["here.db", &without_password(server, "pushes")] {
        let sandbox = dated().orders(30).start().await.unwrap();
        let place = receiving(&sandbox).with("PGPASSWORD", PASSWORD);
        lives.push(pushes(&sandbox, &place, store).await);
    }
    let [file, database] = lives.try_into().unwrap();
    for (file, database) in file.iter().zip(&database) {
        assert_eq!(file, database);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_password_comes_from_the_address_a_variable_or_the_configuration_and_is_shown_by_none()
{
    let Some(server) = shared() else { return };
    server.create("secret").unwrap();
    let sandbox = dated().orders(5).start().await.unwrap();
    let with = server.guarded_url("secret");
    let without = without_password(server, "secret");
    let bare = || pulling(&sandbox);
    let own = bare();
    let config = format!(
        "[defaults]\noutput = \"{with}\"\n[accounts.default]\nvendor = \"clink\"\napi_key_env = \"CLINK_API_KEY\"\n"
    );
    own.write("orders.toml", &config);
    for (place, output) in [
        (bare(), Some(&with)),
        (bare().with("PGPASSWORD", "not this one"), Some(&with)),
        (bare().with("PGPASSWORD", PASSWORD), Some(&without)),
        (bare().with("ORDERS_OUTPUT", &with), None),
        (own, None),
    ] {
        let output: Vec<_> = output.map_or(Vec::new(), |output| vec!["-o", output]);
        for words in [
            &["pull", "clink"][..],
            &["pull", "clink", "--json"],
            &["status"],
            &["status", "--json"],
            &["gaps", "--json"],
        ] {
            let ran = place.run(&[words, &output].concat());
            assert_eq!(ran.code, 0, "{words:?}: {}", ran.err);
            silent(&ran);
            if words == ["status", "--json"] {
                assert!(ran.out.contains(&without), "{}", ran.out);
            }
        }
        let words = ["show", "no such order"];
        silent(&place.run(&[&words[..], &output].concat()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_database_has_its_code_and_names_no_password() {
    let Some(server) = shared() else { return };
    server.create("wrong").unwrap();
    let sandbox = dated().orders(5).start().await.unwrap();
    let place = pulling(&sandbox);
    let port = server.port();
    let user = server.guarded_url("wrong").replace("wrong", "");
    for (address, code, kind) in [
        (format!("{user}no_such_database"), 5, "denied"),
        (
            format!("postgres://{ROLE}:s3cret@127.0.0.1:{port}/wrong"),
            5,
            "denied",
        ),
        (without_password(server, "wrong"), 5, "denied"),
        (
            "postgres://u:s3cret@127.0.0.1:1/wrong".to_owned(),
            1,
            "unreachable",
        ),
        (
            "postgres://u:s3cret@127.0.0.1:1x/wrong".to_owned(),
            2,
            "options",
        ),
        (format!("{user}wrong?sslmode=s3cret"), 2, "options"),
    ] {
        for words in [&["pull", "clink", "--json"][..], &["status", "--json"]] {
            let ran = place.run(&[words, &["-o", &address]].concat());
            assert_eq!(ran.code, code, "{address}, {words:?}: {}", ran.err);
            let line = ran.err.lines().find(|line| line.starts_with('{'));
            let error: serde_json::Value = serde_json::from_str(line.unwrap()).unwrap();
            assert_eq!(error["kind"], kind, "{error}");
            silent(&ran);
        }
        let ran = place.run(&["pull", "clink", "-o", &address]);
        assert_eq!(ran.code, code);
        assert!(ran.err.contains("next"), "{}", ran.err);
        silent(&ran);
    }
    // Nothing was asked of the vendor.
    assert_eq!(sandbox.requests().len(), 0);
}

#[test]
fn nothing_was_pulled_into_an_empty_database() {
    let Some(server) = shared() else { return };
    server.create("empty").unwrap();
    let address = without_password(server, "empty");
    let place = Place::new().with("PGPASSWORD", PASSWORD);
    for command in ["status", "gaps", "remap"] {
        let ran = place.run(&[command, "-o", &address]);
        assert_eq!(ran.code, 1, "{}", ran.err);
        let words = format!("nothing was pulled into {address} yet");
        assert!(ran.err.contains(&words), "{}", ran.err);
    }
}
