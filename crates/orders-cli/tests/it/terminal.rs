//! What a terminal gets, and what a file or a pipe gets.

use std::fs::OpenOptions;
use std::io::Read;
use std::process::Stdio;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::Place;

/// Runs the program with a terminal as its standard output, and answers what the terminal got.
fn on_terminal(place: &Place, arguments: &[&str]) -> String {
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&terminal).unwrap();
    unlockpt(&terminal).unwrap();
    let name = ptsname(&terminal, Vec::new()).unwrap();
    let mut options = OpenOptions::new();
    let other = options.read(true).write(true).open(name.to_str().unwrap());
    let mut command = place.command(arguments);
    command.stdout(other.unwrap()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    // The program alone holds the other end: the terminal ends with it.
    drop(command);
    let reader = std::thread::spawn(move || {
        let (mut got, mut part) = (Vec::new(), [0; 1024]);
        let mut terminal = std::fs::File::from(terminal);
        while let Ok(length @ 1..) = terminal.read(&mut part) {
            got.extend_from_slice(&part[..length]);
        }
        got
    });
    assert!(child.wait().unwrap().success());
    String::from_utf8(reader.join().unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn json_gives_a_terminal_no_commands_and_a_pipe_the_same_bytes() {
    const ID: &str = "a\u{9b}31m\u{202e}\u{7f}é";
    let body = format!(r#"{{"code":200,"total":1,"rows":[{{"orderId":"{ID}"}}]}}"#);
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_body_raw(body, "application/json");
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let place = Place::new()
        .with("CLINK_API_KEY", "k")
        .with("CLINK_BASE_URL", server.uri());
    for view in ["core", "typed", "raw"] {
        let list = ["list", "clink", "--as", view];
        let piped = place.run(&list);
        assert!(piped.out.contains(ID), "{view}: {}", piped.out);
        let shown = on_terminal(&place, &list);
        let escaped = r"a\u009b31m\u202e\u007fé";
        assert!(shown.contains(escaped), "{view}: {shown:?}");
        let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(value(&shown), value(&piped.out), "{view}");
    }

    assert_eq!(place.run(&["pull", "clink"]).code, 0);
    let show = ["show", ID, "--json"];
    assert!(place.run(&show).out.contains(ID));
    let shown = on_terminal(&place, &show);
    assert!(
        !shown.contains(['\u{9b}', '\u{202e}', '\u{7f}']),
        "{shown:?}"
    );
}
