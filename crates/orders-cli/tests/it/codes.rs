//! One cause has one exit code, whatever the command.

use orders_sandbox::{Sandbox, Vendor};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{Place, SINCE, assert_truth, pulling};

#[tokio::test(flavor = "multi_thread")]
async fn one_accounts_bad_setting_stops_no_other() {
    let sandbox = Sandbox::builder().orders(5).start().await.unwrap();
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
    let sandbox = Sandbox::builder().orders(5).start().await.unwrap();
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
