//! The files that the program makes and reads: private, found by their path alone, and refused where they are none.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use orders_sandbox::Vendor;

use crate::support::{Place, SINCE, assert_truth, dated, pulling};

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
}

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o777
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_a_path_and_nothing_else() {
    let sandbox = dated().orders(5).start().await.unwrap();
    for name in [":memory:", "file:x?mode=memory", "file:orders.db", "./-o"] {
        let place = pulling(&sandbox);
        let output = format!("--output={name}");
        let ran = place.run(&["pull", "clink", &output]);
        assert_eq!(ran.code, 0, "{name}: {}", ran.err);
        let path = place.folder.path().join(name);
        assert_truth(&sandbox, &path, Vendor::Clink);
        for entry in std::fs::read_dir(place.folder.path()).unwrap() {
            let path = entry.unwrap().path();
            assert_eq!(mode(&path), 0o600, "{}", path.display());
        }
        let status = place.run(&["status", &output]);
        assert!(
            status.out.contains("clink/default"),
            "{name}: {}",
            status.out
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_file_is_refused_at_once() {
    let sandbox = dated().orders(5).start().await.unwrap();
    let place = pulling(&sandbox);
    let pipe = place.folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    std::fs::create_dir(place.folder.path().join("folder")).unwrap();
    let began = Instant::now();
    for (name, words) in [
        ("pipe", "it is a pipe, not a file"),
        ("folder", "it is a folder, not a file"),
        ("/dev/null", "it is a device, not a file"),
        ("missing/orders.db", "/missing does not exist"),
    ] {
        let ran = place.run(&["pull", "clink", "-o", name]);
        assert_eq!(ran.code, 1, "{name}: {}", ran.err);
        assert!(ran.err.contains(words), "{name}: {}", ran.err);
    }
    for command in ["status", "gaps", "remap"] {
        let ran = place.run(&[command, "-o", "pipe"]);
        assert_ne!(ran.code, 0, "{command}: {}", ran.out);
    }
    assert!(began.elapsed() < Duration::from_secs(30), "nothing waited");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_that_others_can_read_is_warned_about() {
    let sandbox = dated().orders(5).start().await.unwrap();
    let place = Place::new().with("CLINK_BASE_URL", sandbox.clink_base_url());
    let key = place.write("clink.key", sandbox.clink_api_key());
    place.write(
        "orders.toml",
        "[accounts.main]\nvendor = \"clink\"\napi_key_file = \"clink.key\"\n",
    );
    let warning = "clink.key can be read by others than its owner: chmod 600 clink.key";
    for command in ["list", "pull", "verify"] {
        for open in [0o644, 0o660, 0o604] {
            set_mode(&key, open);
            let ran = place.run(&[command, "clink"]);
            assert!(
                ran.err.starts_with(&format!("warning: {warning}\n")),
                "{command}: {}",
                ran.err
            );
            assert_ne!(ran.code, 5, "it is a warning: {}", ran.err);
        }
        let ran = place.run(&[command, "clink", "--json"]);
        let first: serde_json::Value =
            serde_json::from_str(ran.err.lines().next().unwrap()).unwrap();
        assert_eq!(first["warning"], warning);
        set_mode(&key, 0o600);
        let ran = place.run(&[command, "clink"]);
        assert!(!ran.err.contains("warning"), "{command}: {}", ran.err);
    }
}

#[test]
fn a_window_before_all_orders_is_code_2() {
    let place = Place::new()
        .with("LINKBEST_APP_KEY", "1")
        .with("LINKBEST_APP_SECRET", "2");
    for arguments in [
        ["pull", "linkbest", "--since", "0001-01-01"],
        ["pull", "linkbest", "--since", "1970-01-01"],
        ["list", "linkbest", "--since", "1999-12-30"],
        ["pull", "linkbest", "--lookback", "99999d"],
    ] {
        let ran = place.run(&arguments);
        assert_eq!(ran.code, 2, "{}", ran.err);
        assert!(ran.err.contains("before 2000"), "{}", ran.err);
    }
}

#[test]
fn a_lookback_of_nothing_is_code_2() {
    let place = Place::new();
    let ran = place.run(&["pull", "linkbest", "--lookback", "0d"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("nothing would be read again"),
        "{}",
        ran.err
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_customers_that_a_setting_names_is_configuration() {
    let sandbox = dated().orders(5).start().await.unwrap();
    let place = pulling(&sandbox);
    place.write(
        "orders.toml",
        "[accounts.store]\nvendor = \"shopline\"\nhandle_env = \"SHOPLINE_HANDLE\"\n\
         access_token_env = \"SHOPLINE_ACCESS_TOKEN\"\ncustomers_file = \"none.txt\"\n",
    );
    let ran = place.run(&["pull", "--account", "store"]);
    assert_eq!(ran.code, 5, "{}", ran.err);
    assert!(
        ran.err.contains("customers_file: cannot read none.txt"),
        "{}",
        ran.err
    );
    let ran = place.run(&[
        "pull",
        "shopline",
        "--customer",
        "@none.txt",
        "--since",
        SINCE,
    ]);
    assert_eq!(ran.code, 2, "an argument is usage: {}", ran.err);
}

#[test]
fn small_mistakes_of_arguments_are_named() {
    let place = Place::new();
    for command in ["list", "pull"] {
        let ran = place.run(&[command, "clink", "--max-orders", "0"]);
        assert_eq!(ran.code, 2, "{command}: {}", ran.err);
        assert!(ran.err.contains("--max-orders"), "{}", ran.err);
    }
    let ran = place.run(&["pull", "clink", "-o", "orders.txt"]);
    assert_ne!(ran.code, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_status_of_no_such_account_is_a_failure() {
    let sandbox = dated().orders(5).start().await.unwrap();
    let place = pulling(&sandbox);
    assert_eq!(place.run(&["pull", "clink"]).code, 0);
    for arguments in [
        &["status", "--account", "nope"][..],
        &["status", "linkbest"],
    ] {
        let ran = place.run(arguments);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{}", ran.err);
        assert!(
            ran.err.contains("no such account in the file"),
            "{}",
            ran.err
        );
    }
    assert_eq!(place.run(&["status"]).code, 0);
}

/// As the help says: with the same arguments each time.
#[tokio::test(flavor = "multi_thread")]
async fn a_lookback_may_repeat_where_the_first_pull_began() {
    let sandbox = dated().orders(5).start().await.unwrap();
    let place = pulling(&sandbox);
    for _ in 0..2 {
        let arguments = ["pull", "shopline", "--since", SINCE, "--lookback", "2d"];
        let ran = place.run(&arguments);
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert_truth(
            &sandbox,
            &place.folder.path().join("orders.db"),
            Vendor::Shopline,
        );
    }
}
