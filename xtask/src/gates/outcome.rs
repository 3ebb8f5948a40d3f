//! What the gates found, as it is committed.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::workspace::Result;

/// The committed file, in the workspace's folder.
pub(crate) const FILE: &str = "gates.toml";

const HEAD: &str = "\
# What the slow gates found: written by `cargo xtask gates`, required by `cargo xtask release`. Not to be edited.
# `sources` is the hash of the sources that a gate saw: without pages (*.md, docs/) and this file.

";

/// How a gate ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Verdict {
    #[serde(rename = "passed")]
    Passed,
    #[serde(rename = "failed")]
    Failed,
    /// There is nothing yet that the gate could look at.
    #[serde(rename = "not applicable")]
    NotApplicable,
    /// Something from elsewhere is missing, which not every place can have.
    #[serde(rename = "could not be had")]
    NotHad,
}

/// What a gate says in the end: how it ended, and what a reader should know of it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) verdict: Verdict,
    pub(crate) note: String,
}

impl Answer {
    /// An answer with words.
    pub(crate) fn new(verdict: Verdict, note: impl Into<String>) -> Self {
        let note = note.into();
        Self { verdict, note }
    }
}

/// What is kept of one run of one gate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Outcome {
    pub(crate) result: Verdict,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) note: String,
    pub(crate) date: String,
    pub(crate) seconds: u64,
    pub(crate) tools: Vec<String>,
    pub(crate) sources: String,
}

/// The outcomes of all gates that ran, by name.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Outcomes(pub(crate) BTreeMap<String, Outcome>);

impl Outcomes {
    /// Reads the file of a workspace. None there is none has run.
    pub(crate) fn read(workspace: &Path) -> Result<Self> {
        let path = workspace.join(FILE);
        match path.exists() {
            false => Ok(Self::default()),
            true => {
                let text = fs::read_to_string(&path).map_err(|why| format!("{FILE}: {why}"))?;
                toml::from_str(&text).map_err(|why| format!("{FILE}: {why}"))
            }
        }
    }

    /// Writes the file of a workspace.
    pub(crate) fn write(&self, workspace: &Path) -> Result {
        let text = toml::to_string(self).map_err(|why| format!("{FILE}: {why}"))?;
        fs::write(workspace.join(FILE), format!("{HEAD}{text}"))
            .map_err(|why| format!("{FILE}: {why}"))
    }

    /// Why a tree with these sources must not be released: each of these gates has to have seen it, and not failed.
    pub(crate) fn refusals(&self, gates: &[&str], sources: &str) -> Vec<String> {
        gates
            .iter()
            .filter_map(|gate| {
                let what = match self.0.get(*gate) {
                    None => "has no outcome",
                    Some(outcome) if outcome.sources != sources => "saw other sources",
                    Some(outcome) if outcome.result == Verdict::Failed => "failed",
                    Some(_) => return None,
                };
                Some(format!(
                    "the gate `{gate}` {what}: cargo xtask gates --only {gate}"
                ))
            })
            .collect()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn outcome(result: Verdict, sources: &str) -> Outcome {
        Outcome {
            result,
            note: String::new(),
            date: "2026-01-02".to_owned(),
            seconds: 3,
            tools: vec!["cargo 1.95.0".to_owned()],
            sources: sources.to_owned(),
        }
    }

    fn outcomes(all: &[(&str, Outcome)]) -> Outcomes {
        let all = all
            .iter()
            .map(|(name, outcome)| ((*name).to_owned(), outcome.clone()));
        Outcomes(all.collect())
    }

    #[test]
    fn what_is_written_is_read() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Outcomes::read(folder.path()), Ok(Outcomes::default()));
        let mut failed = outcome(Verdict::Failed, "a");
        failed.note = "two lines\nand a \"quote\"".to_owned();
        let written = outcomes(&[
            ("one", failed),
            ("two", outcome(Verdict::NotApplicable, "b")),
        ]);
        written.write(folder.path()).unwrap();
        assert_eq!(Outcomes::read(folder.path()), Ok(written));
    }

    #[test]
    fn a_file_that_somebody_broke_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        for text in [
            "[one]",
            "one = 1",
            "[one]\nresult = \"green\"\ndate = \"\"\nseconds = 1\ntools = []\nsources = \"\"",
        ] {
            fs::write(folder.path().join(FILE), text).unwrap();
            let why = Outcomes::read(folder.path()).unwrap_err();
            assert!(why.starts_with(FILE), "{why}");
        }
    }

    #[test]
    fn a_gate_that_failed_or_saw_something_else_or_nothing_refuses() {
        let outcomes = outcomes(&[
            ("good", outcome(Verdict::Passed, "now")),
            ("none", outcome(Verdict::NotApplicable, "now")),
            ("not had", outcome(Verdict::NotHad, "now")),
            ("old", outcome(Verdict::Passed, "then")),
            ("red", outcome(Verdict::Failed, "now")),
        ]);
        let gates = ["good", "none", "not had", "old", "red", "missing"];
        let why = outcomes.refusals(&gates, "now").join("\n");
        assert_eq!(
            why,
            "the gate `old` saw other sources: cargo xtask gates --only old\n\
             the gate `red` failed: cargo xtask gates --only red\n\
             the gate `missing` has no outcome: cargo xtask gates --only missing"
        );
        assert!(outcomes.refusals(&["good"], "now").is_empty());
    }
}
