//! `orders sandbox`.

use crate::support::{NOW, Place, stable};

#[cfg(unix)]
#[test]
fn its_lines_are_all_that_another_shell_needs() {
    use std::io::{BufRead, BufReader, Read};
    use std::process::Stdio;

    let first = Place::new();
    let mut command = first.command(&["sandbox", "--orders", "6", "--seed", "3"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut place = Place::new();
    let mut values = std::collections::HashMap::new();
    for line in lines.take(15) {
        let line = line.unwrap();
        let (name, value) = line
            .strip_prefix("export ")
            .unwrap()
            .split_once('=')
            .unwrap();
        let value = value.trim_matches('\'').to_owned();
        place = place.with(name, value.clone());
        values.insert(name.to_owned(), value);
    }
    // What `orders receive` and an app's own calls need, each another secret.
    let secrets = [
        "CLINK_WEBHOOK_SECRET",
        "LINKBEST_PUSH_SECRET",
        "SHOPLINE_APP_KEY",
        "SHOPLINE_APP_SECRET",
        "LINKBEST_APP_SECRET",
        "CLINK_API_KEY",
    ];
    let secrets: std::collections::HashSet<_> = secrets.map(|name| &values[name]).into();
    assert!(secrets.len() == 6 && secrets.iter().all(|secret| secret.len() > 8));
    let (since, until) = (&values["LINKBEST_SINCE"], &values["LINKBEST_UNTIL"]);
    let customer = &values["SHOPLINE_CUSTOMER"];
    for (arguments, orders) in [
        (&["list", "clink"][..], 6..=6),
        (
            &["list", "linkbest", "--since", since, "--until", until],
            6..=6,
        ),
        (&["list", "shopline", "--customer", customer], 1..=6),
        (
            &[
                "list",
                "shopline",
                "--since",
                "2020-01-01",
                "--axis",
                "created",
            ],
            6..=6,
        ),
    ] {
        let ran = place.run(arguments);
        assert!(
            ran.code == 0 && orders.contains(&ran.lines().len()),
            "{arguments:?} {}",
            ran.err
        );
    }

    crate::support::signal(&child, "INT");
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let mut printed = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut printed)
        .unwrap();
    assert!(
        printed.contains("Ctrl-C ends it.") && printed.ends_with("stopped\n"),
        "{printed}"
    );
}

/// A sandbox that runs, and a place with what it printed.
#[cfg(unix)]
fn running(arguments: &[&str]) -> (std::process::Child, Place, String) {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;

    let first = Place::new().with("ORDERS_TEST_NOW", NOW);
    let mut command = first.command(&[&["sandbox"], arguments].concat());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut place = Place::new().with("ORDERS_TEST_NOW", NOW);
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    for line in lines.take(15) {
        let line = line.unwrap();
        let (name, value) = line.trim_start_matches("export ").split_once('=').unwrap();
        place = place.with(name, value.trim_matches('\''));
    }
    let mut printed = String::new();
    for line in BufReader::new(child.stderr.take().unwrap()).lines() {
        let line = line.unwrap();
        printed.push_str(&line);
        printed.push('\n');
        if line.starts_with("Ctrl-C") {
            break;
        }
    }
    (child, place, printed)
}

/// What it says to try, tried: the commands of its own text.
#[cfg(unix)]
#[test]
fn time_that_passes_in_the_past_is_seen_by_a_pull() {
    use std::io::{Read, Write};

    let (mut child, place, printed) = running(&["--now", "60d", "--life", "3", "--orders", "30"]);
    let address = printed.split("http://").nth(1).unwrap();
    let address = address.split_whitespace().next().unwrap();
    let text = stable(&printed).replace(address, "127.0.0.1:4010");
    insta::assert_snapshot!("sandbox-in-the-past", text);
    let pull = |words: &str| {
        assert!(
            printed.contains(&format!("pull {words}\n")),
            "{words}: {printed}"
        );
        let words: Vec<_> = ["pull"].into_iter().chain(words.split(' ')).collect();
        let ran = place.run(&[&words[..], &["--json"]].concat());
        assert_eq!(ran.code, 0, "{}", ran.err);
        serde_json::from_str::<serde_json::Value>(&ran.out).unwrap()
    };
    assert_eq!(pull("--all --since 2025-03-06")["new"], 90);
    let body = r#"{"by":"45d"}"#;
    assert!(printed.contains(body));
    let mut socket = std::net::TcpStream::connect(address).unwrap();
    write!(
        socket,
        "POST /_sandbox/clock/advance HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
         connection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    assert!(answer.contains("200 OK"), "{answer}");
    let report = pull("--all --full");
    assert_eq!(
        (&report["new"], &report["complete"]),
        (&405.into(), &true.into())
    );
    assert!(report["changed"].as_u64().unwrap() > 0, "{report}");
    crate::support::signal(&child, "INT");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[cfg(unix)]
#[test]
fn time_that_is_now_has_no_room_and_it_says_so() {
    let (mut child, _, printed) = running(&["--orders", "3"]);
    let address = printed.split("http://").nth(1).unwrap();
    let address = address.split_whitespace().next().unwrap();
    let text = stable(&printed).replace(address, "127.0.0.1:4010");
    insta::assert_snapshot!("sandbox", text);
    crate::support::signal(&child, "INT");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_port_in_use_is_a_matter_of_configuration() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let ran = Place::new().run(&["sandbox", "--port", &port]);
    assert_eq!((ran.code, ran.out.as_str()), (5, ""));
    assert!(
        ran.err.contains(&format!("cannot listen on port {port}")),
        "{}",
        ran.err
    );
}
