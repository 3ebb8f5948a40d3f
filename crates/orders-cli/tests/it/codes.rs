//! One cause has one exit code, whatever the command.

use orders_sandbox::{Fault, FaultRule, Sandbox, Vendor};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{Place, SINCE, assert_truth, dated, pulling};

#[tokio::test(flavor = "multi_thread")]
async fn one_accounts_bad_setting_stops_no_other() {
    let sandbox = dated().orders(5).start().await.unwrap();
    let place = pulling(&sandbox);
    place.write(
        "orders.toml",
        "[accounts.main]\nvendor = \"clink\"\napi_key_env = \"CLINK_API_KEY\"\n\
         [accounts.wrong]\nvendor = \"linkbest\"\napp_key = \"k\"\napp_secret_env = \"S\"\nlookback = \"3 days\"\n",
    );
    let ran = place.run(&["pull", "--account", "main"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let ran = place.run(&["pull", "--all", "--json"]);
    let error = ran.err_json();
    assert_eq!((ran.code, &error["exit_code"]), (3, &5.into()));
    assert_eq!(error["account"], "linkbest/wrong");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("lookback must be"), "{message}");
    for command in [
        &["pull", "--account", "wrong"][..],
        &["verify", "--account", "wrong"],
        &["list", "linkbest", "--account", "wrong", "--since", "1d"],
    ] {
        assert_eq!(place.run(command).code, 5, "{command:?}");
    }
}

#[test]
fn two_settings_for_one_thing_are_an_error() {
    for (settings, words) in [
        (
            "vendor = \"shopline\"\nhandle = \"h\"\naccess_token_env = \"T\"\ncustomers = [\"1\"]\ncustomers_file = \"ids.txt\"",
            "account a: customers and customers_file contradict each other",
        ),
        (
            "vendor = \"clink\"\napi_key_env = \"K\"\napi_key_file = \"key\"",
            "account a: api_key_env and api_key_file contradict each other",
        ),
        (
            "vendor = \"linkbest\"\napp_key = \"k\"\napp_key_env = \"K\"\napp_secret_env = \"S\"",
            "account a: app_key and app_key_env contradict each other",
        ),
    ] {
        let place = Place::new().with("K", "k").with("T", "t").with("S", "s");
        place.write("ids.txt", "2\n3\n");
        place.write("key", "k\n");
        place.write("orders.toml", &format!("[accounts.a]\n{settings}"));
        let ran = place.run(&["pull", "--account", "a"]);
        assert_eq!(ran.code, 5, "{}", ran.err);
        assert!(ran.err.contains(words), "{}", ran.err);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_that_a_vendor_lacks_is_wrong_usage_and_leaves_no_state() {
    let sandbox = dated().orders(5).start().await.unwrap();
    let place = pulling(&sandbox);
    for command in [
        &["pull", "linkbest", "--customer", "5", "--since", SINCE][..],
        &["list", "linkbest", "--customer", "5", "--since", SINCE],
    ] {
        let ran = place.run(command);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.err);
        assert!(ran.err.contains("customer"), "{}", ran.err);
    }
    let ran = place.run(&["pull", "linkbest", "--since", SINCE]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_truth(
        &sandbox,
        &place.folder.path().join("orders.db"),
        Vendor::Linkbest,
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_is_configuration_whatever_the_command() {
    let server = MockServer::start().await;
    let moved = ResponseTemplate::new(302).insert_header("location", "https://login.example.com/");
    Mock::given(any()).respond_with(moved).mount(&server).await;
    let place = Place::new().with("CLINK_API_KEY", "k");
    let url = format!("{}/api/", server.uri());
    for command in ["list", "pull"] {
        let ran = place.run(&[command, "clink", "--base-url", &url]);
        assert_eq!(ran.code, 5, "{command}: {}", ran.err);
        assert!(ran.err.contains("login.example.com"), "{}", ran.err);
    }
}

/// An address at which nobody listens.
fn nobody() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}/", listener.local_addr().unwrap())
}

/// A place that has pulled from a vendor, which then moved to another address.
async fn moved(url: &str) -> (Sandbox, Place) {
    let sandbox = dated().orders(5).start().await.unwrap();
    let place = pulling(&sandbox);
    let ran = place.run(&["pull", "--all", "--since", SINCE]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let place = ["CLINK", "LINKBEST", "SHOPLINE"]
        .into_iter()
        .fold(place, |place, vendor| {
            place.with(&format!("{vendor}_BASE_URL"), url)
        });
    (sandbox, place)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vendor_that_cannot_be_reached_is_code_1_from_every_command() {
    let (_sandbox, place) = moved(&nobody()).await;
    for vendor in Vendor::ALL {
        let name = vendor.name();
        for command in [
            &["list", name, "--since", "1d"][..],
            &["pull", name, "--lookback", "2d"],
            &["verify", name],
        ] {
            // Clink has no filter by time.
            let clink = if command[0] == "verify" {
                command
            } else {
                &command[..2]
            };
            let command = if vendor == Vendor::Clink {
                clink
            } else {
                command
            };
            let ran = place.run(command);
            assert_eq!(
                (ran.code, ran.out.as_str()),
                (1, ""),
                "{command:?} {}",
                ran.err
            );
            for words in ["unreachable", "no answer", "could not connect"] {
                assert!(ran.err.contains(words), "{command:?} {words}: {}", ran.err);
            }
            let ran = place.run(&[command, &["--json"]].concat());
            let error = ran.err_json();
            assert_eq!(
                (ran.code, &error["kind"], &error["exit_code"]),
                (1, &"unreachable".into(), &1.into()),
                "{command:?}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vendor_that_never_answers_is_given_up() {
    let server = MockServer::start().await;
    let silent = ResponseTemplate::new(200).set_delay(std::time::Duration::from_secs(60));
    Mock::given(any()).respond_with(silent).mount(&server).await;
    let place = Place::new()
        .with("CLINK_API_KEY", "k")
        .with("ORDERS_TEST_FIRST_ANSWER", "1000");
    for command in ["list", "pull"] {
        let url = format!("{}/api/", server.uri());
        let ran = place.run(&[command, "clink", "--base-url", &url]);
        assert_eq!(
            (ran.code, ran.out.as_str()),
            (1, ""),
            "{command}: {}",
            ran.err
        );
        assert!(ran.err.contains("gave no answer in 1s"), "{}", ran.err);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_reads_a_page_again_that_cannot_be_used() {
    let sandbox = dated().orders(60).start().await.unwrap();
    let place = Place::of(&sandbox);
    let (since, until) = sandbox.linkbest_range();
    let (since, until) = (since.to_rfc3339(), until.to_rfc3339());
    for (fault, failing) in [
        (Fault::InternalError, &[1, 2, 4][..]),
        (Fault::Html, &[1, 2, 4]),
        // A page is requested once more by the reader's own rule, and then again.
        (Fault::IgnorePage, &[1, 2]),
    ] {
        for vendor in Vendor::ALL {
            let rule = |nth: &u64| FaultRule::new(fault).vendor(vendor).nth(*nth);
            sandbox.set_faults(1, failing.iter().map(rule).collect());
            let mut command = vec!["list", vendor.name()];
            match vendor {
                Vendor::Clink => {}
                Vendor::Linkbest => command.extend(["--since", &since, "--until", &until]),
                _ => command.extend(["--since", SINCE]),
            }
            let ran = place.run(&command);
            let seen = format!("{vendor} {fault:?}: {}", ran.err);
            assert_eq!((ran.code, ran.lines().len()), (0, 60), "{seen}");
        }
    }
}

#[test]
fn an_address_in_the_wrong_place_shows_no_password() {
    let place = Place::new();
    let address = "postgres://u:hush@h/x";
    for arguments in [
        &["pull", "clink", address][..],
        &[address],
        &["list", address],
        &["pull", "clink", "--since", address],
    ] {
        let ran = place.run(arguments);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
        assert!(ran.err.contains("postgres://u@h/x"), "{}", ran.err);
        assert!(!ran.err.contains("hush"), "{}", ran.err);
    }
}

#[cfg(not(feature = "postgres"))]
#[test]
fn without_postgres_the_program_says_how_to_get_it() {
    let place = Place::new().with("CLINK_API_KEY", "k");
    for command in [&["pull", "clink"][..], &["status"], &["remap"], &["gaps"]] {
        let output = ["-o", "postgres://u:hush@h/x"];
        let ran = place.run(&[command, &output].concat());
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.err);
        assert!(ran.err.contains("--features postgres"), "{}", ran.err);
        assert!(!ran.err.contains("hush"), "{}", ran.err);
        assert!(!ran.err.contains("--since"), "{}", ran.err);
    }
}
