//! `orders sandbox`.

use crate::support::Place;

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
    // What the example `receiver` and an app's own calls need, each another secret.
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
    let mut said = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    assert!(
        said.contains("Ctrl-C ends it.") && said.ends_with("stopped\n"),
        "{said}"
    );
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
