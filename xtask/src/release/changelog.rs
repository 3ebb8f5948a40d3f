//! The changelog: what is not released yet, and how it becomes a version.

use crate::version::Version;
use crate::workspace::Result;

const UNRELEASED: &str = "## Unreleased";

/// Why there is nothing to release, or nothing.
pub(super) fn lacks(changelog: &str) -> Option<String> {
    let mut lines = changelog.lines().skip_while(|line| *line != UNRELEASED);
    if lines.next().is_none() {
        return Some(format!("CHANGELOG.md has no heading `{UNRELEASED}`"));
    }
    let mut section = lines.take_while(|line| !line.starts_with("## "));
    match section.any(|line| line.starts_with("- ")) {
        true => None,
        false => Some(format!("CHANGELOG.md has no entry below `{UNRELEASED}`")),
    }
}

/// What was not released becomes this version, of this date.
pub(super) fn released(changelog: &str, version: Version, date: &str) -> Result<String> {
    if let Some(why) = lacks(changelog) {
        return Err(why);
    }
    let heading = format!("## {version} ({date})");
    let lines = changelog.lines().map(|line| match line {
        UNRELEASED => &heading,
        other => other,
    });
    Ok(lines.collect::<Vec<_>>().join("\n") + "\n")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unreleased_becomes_the_version() {
        let before = "# Changelog\n\n## Unreleased\n\n- new\n\n## 0.1.0 (2026-01-02)\n\n- old\n";
        let after =
            "# Changelog\n\n## 0.2.0 (2026-03-04)\n\n- new\n\n## 0.1.0 (2026-01-02)\n\n- old\n";
        let version = "0.2.0".parse().unwrap();
        assert_eq!(
            released(before, version, "2026-03-04").as_deref(),
            Ok(after)
        );
        // Not a second time.
        assert!(released(after, version, "2026-03-04").is_err());
    }

    #[test]
    fn nothing_new_is_no_release() {
        for (changelog, why) in [
            ("# Changelog\n", "no heading"),
            ("## 0.1.0 (unreleased)\n\n- new\n", "no heading"),
            ("## Unreleased\n\nwords\n\n## 0.1.0\n\n- old\n", "no entry"),
            ("## Unreleased\n", "no entry"),
        ] {
            let lacks = lacks(changelog).unwrap();
            assert!(lacks.contains(why), "{changelog}: {lacks}");
        }
        assert_eq!(lacks("## Unreleased\n\n- new\n"), None);
    }

    #[test]
    fn the_changelog_of_this_workspace_can_be_read() {
        let path = crate::workspace::root().join("CHANGELOG.md");
        let changelog = std::fs::read_to_string(path).unwrap();
        assert!(changelog.contains("\n## "), "{changelog}");
        assert!(
            !changelog.contains("(unreleased)"),
            "the heading is `{UNRELEASED}`"
        );
    }
}
