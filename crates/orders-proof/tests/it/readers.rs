//! No bytes make a reader panic, forget what came, or write another value than it read.

use std::panic::{AssertUnwindSafe, catch_unwind};

use bytes::Bytes;
use orders_proof::bodies::{body, known};
use orders_proof::readers::READERS;

/// So many bodies are given to each reader.
const BODIES: u64 = 1000;

/// Answers how much each reader has read.
fn read(bodies: impl Iterator<Item = (String, Bytes)>) -> [usize; READERS.len()] {
    let mut found = [0; READERS.len()];
    for (of, body) in bodies {
        for ((name, read), found) in READERS.iter().zip(&mut found) {
            let done = catch_unwind(AssertUnwindSafe(|| read(&body)));
            let text = || String::from_utf8_lossy(&body).into_owned();
            match done {
                Ok(Ok(count)) => *found += count,
                Ok(Err(why)) => panic!("{name}, {of}: {why}\n{}", text()),
                Err(_) => panic!("{name}, {of}: it panicked\n{}", text()),
            }
        }
    }
    found
}

#[tokio::test(start_paused = true)]
async fn every_fixture_is_read_by_every_reader() {
    let known = known().await.unwrap().into_iter().enumerate();
    let found = read(known.map(|(at, body)| (format!("body {at}"), body)));
    for ((name, _), count) in READERS.iter().zip(found) {
        assert!(count > 0, "{name} has read nothing");
    }
}

#[tokio::test(start_paused = true)]
async fn any_body_is_read_or_refused_and_never_more() {
    let known = known().await.unwrap();
    read((0..BODIES).map(|seed| (format!("seed {seed}"), body(seed, &known))));
    // What a body of so many bytes may take, in all that was read here.
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|it| it.trim().trim_end_matches(" kB").parse::<u64>().ok());
        assert!(peak.is_some_and(|kib| kib < 512 * 1024), "{peak:?} KiB");
    }
}

/// Far deeper than any vendor nests: refused, not followed to the end of the stack.
#[test]
fn depth_is_refused() {
    for open in ["[", "{\"rows\":", "{\"orders\":[", "{\"a\":[{\"b\":"] {
        let body = open.repeat(100_000);
        read(std::iter::once((open.to_owned(), body.into())));
    }
}
