//! The gate of versions: a change that breaks users of the last release has the version number of a breaking release.

use crate::git::Git;
use crate::package::{arguments, published};
use crate::workspace::{Result, command, execute, root};

use super::outcome::{Answer, Verdict};
use super::tools::SEMVER_CHECKS;

/// Compares the crates with the last tag, under the version that the manifest has now.
pub(super) fn run() -> Result<Answer> {
    compare(&Git::at(&root()), &arguments(&published(&root())?))
}

fn compare(git: &Git, packages: &str) -> Result<Answer> {
    let Some(last) = git.last_version()? else {
        return Ok(Answer::new(
            Verdict::NotApplicable,
            "no tag to compare with",
        ));
    };
    let note = format!("compared with v{last} by {}", SEMVER_CHECKS.version()?);
    let line = format!("cargo semver-checks --baseline-rev v{last} {packages}");
    execute(&mut command(&line)).map_err(|why| format!("{note}: {why}"))?;
    Ok(Answer::new(Verdict::Passed, note))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn without_a_tag_there_is_nothing_to_compare_with() {
        let folder = tempfile::tempdir().unwrap();
        let git = Git::at(folder.path());
        git.print(&["init", "--quiet"]).unwrap();
        let answer = compare(&git, "").unwrap();
        assert_eq!(answer.verdict, Verdict::NotApplicable);
        assert_eq!(answer.note, "no tag to compare with");
    }
}
