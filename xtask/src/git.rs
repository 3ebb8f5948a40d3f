//! What git knows of a working tree.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::version::Version;
use crate::workspace::Result;

/// What a gate does not look at: pages, and what the gates write themselves.
const NO_SOURCES: [&str; 3] = [":!*.md", ":!docs", ":!gates.toml"];

/// A working tree.
#[derive(Debug)]
pub(crate) struct Git(PathBuf);

impl Git {
    /// The one in this folder.
    pub(crate) fn at(folder: &Path) -> Self {
        Self(folder.to_owned())
    }

    /// What a command of git prints.
    pub(crate) fn print(&self, arguments: &[&str]) -> Result<String> {
        self.with_input(arguments, "")
    }

    /// The files that are changed, or new and not ignored.
    pub(crate) fn changed(&self) -> Result<Vec<String>> {
        let changed = self.print(&["status", "--porcelain"])?;
        let paths = changed.lines().filter_map(|line| line.get(3..));
        Ok(paths.map(str::to_owned).collect())
    }

    /// One hash of all sources that git tracks. Where only pages differ it is the same.
    pub(crate) fn sources(&self) -> Result<String> {
        let listing = [&["ls-files", "--stage", "--", "."][..], &NO_SOURCES].concat();
        let listing = self.print(&listing)? + "\n";
        self.with_input(&["hash-object", "--stdin"], &listing)
    }

    /// The highest tag that names a version.
    pub(crate) fn last_version(&self) -> Result<Option<Version>> {
        let tags = self.print(&["tag", "--list", "v*"])?;
        let versions = tags.lines().filter_map(|tag| tag.strip_prefix('v'));
        Ok(versions.filter_map(|tag| tag.parse().ok()).max())
    }

    fn with_input(&self, arguments: &[&str], input: &str) -> Result<String> {
        let failed = |why: std::io::Error| format!("cannot run git: {why}");
        let mut git = Command::new("git");
        git.args(arguments).current_dir(&self.0);
        git.stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut git = git.spawn().map_err(failed)?;
        if let Some(mut pipe) = git.stdin.take() {
            // A command that reads no input may end before it is written.
            drop(pipe.write_all(input.as_bytes()));
        }
        let output = git.wait_with_output().map_err(failed)?;
        match output.status.success() {
            true => Ok(String::from_utf8_lossy(&output.stdout)
                .trim_end()
                .to_owned()),
            false => Err(format!(
                "git {}: {}",
                arguments.join(" "),
                String::from_utf8_lossy(&output.stderr).trim_end()
            )),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_of_the_sources_alone() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        let git = Git::at(folder.path());
        git.print(&["init", "--quiet"]).unwrap();
        let hash = || {
            git.print(&["add", "."]).unwrap();
            git.sources().unwrap()
        };
        write("src/lib.rs", "one");
        let first = hash();
        for page in ["README.md", "src/README.md", "docs/a.sql", "gates.toml"] {
            write(page, "a page");
            assert_eq!(hash(), first, "{page}");
        }
        write("src/lib.rs", "two");
        assert_ne!(hash(), first);
        write("src/lib.rs", "one");
        assert_eq!(hash(), first);
        write("build.rs", "");
        assert_ne!(hash(), first);
    }

    #[test]
    fn the_last_version_is_the_highest() {
        let folder = tempfile::tempdir().unwrap();
        let git = Git::at(folder.path());
        git.print(&["init", "--quiet"]).unwrap();
        assert_eq!(git.last_version(), Ok(None));
        let author = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
        let commit = ["commit", "--quiet", "--allow-empty", "--message", "a"];
        git.print(&[&author[..], &commit].concat()).unwrap();
        for tag in ["v0.9.0", "v0.10.0", "v0.2.0", "very-old"] {
            git.print(&["tag", tag]).unwrap();
        }
        assert_eq!(git.last_version(), Ok(Some("0.10.0".parse().unwrap())));
    }

    #[test]
    fn what_git_refuses_is_an_error_in_its_words() {
        let folder = tempfile::tempdir().unwrap();
        let why = Git::at(folder.path()).print(&["log"]).unwrap_err();
        assert!(why.starts_with("git log: fatal: "), "{why}");
    }
}
