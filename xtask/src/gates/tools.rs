//! The programs that gates run: which version is there, and how to get one.

use crate::workspace::{Result, command};

/// A program from elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tool {
    /// The command that prints its version.
    pub(super) version: &'static str,
    pub(super) install: &'static str,
}

pub(crate) const CARGO: Tool = tool("cargo --version", "see https://rustup.rs");
pub(crate) const NIGHTLY: Tool = tool(
    "rustup run nightly cargo --version",
    "rustup toolchain install nightly --profile minimal",
);
pub(crate) const CLIPPY: Tool = tool("cargo clippy --version", "rustup component add clippy");
pub(crate) const RUSTUP: Tool = tool("rustup --version", "see https://rustup.rs");
pub(crate) const HACK: Tool = tool("cargo hack --version", "cargo install cargo-hack --locked");
pub(crate) const SEMVER_CHECKS: Tool = tool(
    "cargo semver-checks --version",
    "cargo install cargo-semver-checks --locked",
);
pub(crate) const DENY: Tool = tool("cargo deny --version", "cargo install cargo-deny --locked");
pub(crate) const PUBLIC_API: Tool = tool(
    "cargo public-api --version",
    "cargo install cargo-public-api --locked",
);
pub(crate) const MUTANTS: Tool = tool(
    "cargo mutants --version",
    "cargo install cargo-mutants --locked",
);
pub(crate) const CXX: Tool = tool("c++ --version", "it is in the Debian package g++");
pub(crate) const TIMEOUT: Tool = tool("timeout --version", "it is one of the GNU coreutils");

const fn tool(version: &'static str, install: &'static str) -> Tool {
    Tool { version, install }
}

impl Tool {
    /// Its name and version, or how to install it.
    pub(crate) fn version(&self) -> Result<String> {
        let output = command(self.version).output();
        let output = output.ok().filter(|output| output.status.success());
        let printed = output.and_then(|output| String::from_utf8(output.stdout).ok());
        let line = printed.and_then(|text| text.lines().next().map(str::to_owned));
        line.ok_or_else(|| format!("`{}` does not run: {}", self.version, self.install))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_says_its_version() {
        let version = CARGO.version().unwrap();
        assert!(version.starts_with("cargo 1."), "{version}");
    }

    #[test]
    fn a_missing_tool_says_how_to_get_it() {
        let missing = tool("cargo no-such-tool --version", "cargo install it");
        assert_eq!(
            missing.version().unwrap_err(),
            "`cargo no-such-tool --version` does not run: cargo install it"
        );
        assert!(tool("no-such-program", "look for it").version().is_err());
    }
}
