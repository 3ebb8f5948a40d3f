//! `orders demo`.

use serde_json::Value;

use crate::support::Place;

#[test]
fn everything_comes_and_is_proven() {
    let place = Place::new();
    let ran = place.run(&["demo", "--orders", "25", "--seed", "9"]);
    assert_eq!(ran.code, 0, "{} {}", ran.out, ran.err);
    for vendor in ["clink    ", "linkbest ", "shopline "] {
        let verdict = format!("✓ {vendor} complete: 25 of 25 orders, each once, byte for byte");
        assert!(ran.out.contains(&verdict), "{}", ran.out);
    }
    // A new order a day comes, and each vendor's are all there again.
    for vendor in ["clink    ", "linkbest ", "shopline "] {
        let verdict = format!("✓ {vendor} 45 days later: 45 new, ");
        assert!(ran.out.contains(&verdict), "{}", ran.out);
    }
    assert_eq!(
        ran.out
            .matches("70 of 70 orders, each once, byte for byte")
            .count(),
        3
    );
    let status = place.run(&["status", "-o", "orders-demo/orders.db", "--json"]);
    let status: Value = serde_json::from_str(&status.out).unwrap();
    assert_eq!(
        (&status["stored"], &status["open_gaps"]),
        (&210.into(), &0.into())
    );
    assert!(
        ran.err.contains("Written to orders-demo/orders.jsonl"),
        "{}",
        ran.err
    );

    let folder = place.folder.path().join("orders-demo");
    assert!(!folder.join("orders.jsonl.partial").exists());
    let text = std::fs::read_to_string(folder.join("orders.jsonl")).unwrap();
    assert_eq!(text.lines().count(), 75);
    for line in text.lines() {
        let order: Value = serde_json::from_str(line).unwrap();
        let own = match order["provider"].as_str().unwrap() {
            "clink" => "orderId",
            "linkbest" => "Id",
            _ => "id",
        };
        assert_eq!(order["id"], order["raw"][own]);
        assert_eq!(order["account"], "sandbox");
    }
}

#[test]
fn the_summary_for_programs_is_one_object() {
    let place = Place::new();
    let ran = place.run(&["demo", "--orders", "5", "--dir", "some/where", "--json"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let summary: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(
        (&summary["complete"], &summary["file"]),
        (&true.into(), &"some/where/orders.jsonl".into())
    );
    for later in summary["later"].as_array().unwrap() {
        assert_eq!(
            (&later["complete"], &later["expected"]),
            (&true.into(), &50.into())
        );
    }
    // Once more: the database of the demo before makes room.
    let ran = place.run(&["demo", "--orders", "0", "--dir", "some/where"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for vendor in summary["vendors"].as_array().unwrap() {
        assert_eq!(
            (&vendor["orders"], &vendor["expected"]),
            (&5.into(), &5.into())
        );
        assert!(
            vendor["requests"].as_u64().unwrap() > 0 && !vendor["amounts"][0]["amount"].is_null()
        );
    }
}

#[test]
fn a_database_of_somebody_else_is_left_as_it_is() {
    let place = Place::new();
    place.write("orders.db", "my diary");
    let ran = place.run(&["demo", "--orders", "0", "--dir", "."]);
    assert_eq!((ran.code, ran.out.as_str()), (5, ""), "{}", ran.err);
    let text = std::fs::read_to_string(place.folder.path().join("orders.db")).unwrap();
    assert_eq!(text, "my diary");
}

#[test]
fn a_folder_that_cannot_be_made_is_an_error() {
    let place = Place::new();
    place.write("file", "");
    let ran = place.run(&["demo", "--orders", "1", "--dir", "file/inside"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(
        ran.err
            .contains("cannot write file/inside/orders.jsonl.partial"),
        "{}",
        ran.err
    );
}

#[cfg(unix)]
#[test]
fn an_interrupted_pull_leaves_nothing_that_looks_complete() {
    use std::process::Stdio;
    use std::time::{Duration, Instant};

    let place = Place::new();
    // So many pages that SHOPLINE's rate limit holds it for a minute.
    let mut command = place.command(&["demo", "--orders", "30000"]);
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let partial = place.folder.path().join("orders-demo/orders.jsonl.partial");
    let start = Instant::now();
    let written = || partial.metadata().is_ok_and(|file| file.len() > 0);
    while !written() && start.elapsed().as_secs() < 30 {
        std::thread::sleep(Duration::from_millis(10));
    }
    crate::support::signal(&child, "INT");
    let ran = crate::support::Ran::from(child.wait_with_output().unwrap());
    assert_eq!((ran.code, ran.out.as_str()), (130, ""), "{}", ran.err);
    assert!(ran.err.contains("not complete"), "{}", ran.err);
    assert!(written() && !partial.with_extension("").exists());
}
