//! The gate of mutants: a line of what decides about amounts and signatures that somebody gets wrong fails a test.

use std::fs;
use std::path::Path;

use crate::workspace::{Result, command, execute, root};

use super::outcome::{Answer, Verdict};

/// The files whose lines are changed.
const FILES: [&str; 4] = [
    "crates/orders-wire/src/**",
    "crates/orders-core/src/**",
    "crates/*-api/src/auth.rs",
    "crates/*-api/src/webhooks/signature.rs",
];

/// What it may take. The mutants come in an order of chance, so another run sees others.
const TIME: &str = "120m";

/// So many mutants in a hundred have to be caught. Some change nothing that can be observed.
const CAUGHT: usize = 95;

/// Changes lines and runs the tests of their crate, until the time is over.
pub(super) fn run() -> Result<Answer> {
    let files = FILES.map(|file| format!("--file {file}")).join(" ");
    let line = format!(
        "timeout --signal=INT {TIME} cargo mutants --shuffle --output target/gates {files}"
    );
    let folder = root().join("target/gates/mutants.out");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|why| format!("{}: {why}", folder.display()))?;
    }
    // Mutants that were missed, and time that is over, are failures for the tool; the files say what was found.
    let ended = execute(&mut command(&line));
    let [caught, missed, hung] = ["caught", "missed", "timeout"].map(|name| lines(&folder, name));
    judge(caught? + hung?, missed?, ended)
}

fn lines(folder: &Path, name: &str) -> Result<usize> {
    let path = folder.join(format!("{name}.txt"));
    let text = fs::read_to_string(&path).map_err(|why| format!("{}: {why}", path.display()))?;
    Ok(text.lines().count())
}

/// Whether enough was caught, of anything at all.
fn judge(caught: usize, missed: usize, ended: Result) -> Result<Answer> {
    let all = caught + missed;
    if all == 0 {
        return Err(ended
            .err()
            .unwrap_or_else(|| "no mutant was tried".to_owned()));
    }
    let note = format!("{caught} of {all} caught");
    match caught * 100 >= CAUGHT * all {
        true => Ok(Answer::new(Verdict::Passed, note)),
        false => Err(format!("{note}, {CAUGHT} in a hundred are wanted")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enough_mutants_are_caught_or_the_gate_fails() {
        let ended = || Err("it ended with 2".to_owned());
        assert_eq!(
            judge(95, 5, ended()).map(|it| it.note).as_deref(),
            Ok("95 of 100 caught")
        );
        assert_eq!(
            judge(1, 0, Ok(())).map(|it| it.verdict),
            Ok(Verdict::Passed)
        );
        assert_eq!(
            judge(94, 6, ended()).map_err(|why| why.contains("94 of 100 caught")),
            Err(true)
        );
        assert_eq!(judge(0, 0, ended()), Err("it ended with 2".to_owned()));
        assert!(judge(0, 0, Ok(())).is_err());
    }
}
