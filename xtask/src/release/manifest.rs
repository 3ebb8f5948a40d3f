//! The manifest of the workspace: its version and its repository.

use toml::Table;
use toml::Value;

use crate::version::Version;
use crate::workspace::Result;

/// What a release wants of the manifest.
pub(super) struct Manifest {
    text: String,
    table: Table,
}

impl Manifest {
    pub(super) fn parse(text: &str) -> Result<Self> {
        let table = text.parse().map_err(|why| format!("Cargo.toml: {why}"))?;
        let text = text.to_owned();
        Ok(Self { text, table })
    }

    /// The version that all crates have.
    pub(super) fn version(&self) -> Result<Version> {
        let version = self.package("version");
        version
            .ok_or("Cargo.toml has no `version` in [workspace.package]")?
            .parse()
    }

    /// Where the sources are.
    pub(super) fn repository(&self) -> Option<&str> {
        self.package("repository").filter(|url| !url.is_empty())
    }

    fn package(&self, key: &str) -> Option<&str> {
        let package = self.table.get("workspace")?.get("package")?;
        package.get(key)?.as_str()
    }

    /// The text with another version: of the workspace, and of each of its crates as a dependency.
    pub(super) fn with_version(&self, version: Version) -> Result<String> {
        let quoted = |version| format!("version = \"{version}\"");
        let (old, new) = (quoted(self.version()?), quoted(version));
        let mut section = "";
        let mut text = String::new();
        for line in self.text.lines() {
            if line.starts_with('[') {
                section = line;
            }
            let ours = match section {
                "[workspace.package]" => line.starts_with(&old),
                "[workspace.dependencies]" => line.contains("path = "),
                _ => false,
            };
            text += &match ours {
                true => line.replace(&old, &new),
                false => line.to_owned(),
            };
            text += "\n";
        }
        Self::parse(&text)?.has_everywhere(version)?;
        Ok(text)
    }

    /// Whether the workspace and each of its crates as a dependency have this version.
    fn has_everywhere(&self, version: Version) -> Result {
        let found = self.version()?;
        if found != version {
            return Err(format!(
                "Cargo.toml: [workspace.package] has version {found}, not {version}"
            ));
        }
        let dependencies = self
            .table
            .get("workspace")
            .and_then(|it| it.get("dependencies"));
        let dependencies = dependencies.and_then(Value::as_table);
        for (name, dependency) in dependencies.into_iter().flatten() {
            let found = dependency.get("version").and_then(Value::as_str);
            let ours = dependency.get("path").is_some();
            if ours && found.is_some_and(|found| found != version.to_string()) {
                return Err(format!(
                    "Cargo.toml: {name} in [workspace.dependencies] has not version {version}"
                ));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const TEXT: &str = "[workspace.package]\nversion = \"0.1.0\" # all of them\nrust-version = \"1.88\"\n\n\
        [workspace.dependencies]\na = { version = \"0.1.0\", path = \"crates/a\" }\ntest = { path = \"crates/test\" }\n\
        other = { version = \"0.1.0\" }\n";

    #[test]
    fn a_version_is_written_wherever_it_is_ours() {
        let manifest = Manifest::parse(TEXT).unwrap();
        let text = manifest.with_version("0.2.0".parse().unwrap()).unwrap();
        let expected = TEXT.replacen("\"0.1.0\" #", "\"0.2.0\" #", 1).replacen(
            "\"0.1.0\", path",
            "\"0.2.0\", path",
            1,
        );
        assert_eq!(text, expected);
        assert!(text.contains("other = { version = \"0.1.0\" }"));
    }

    #[test]
    fn a_version_that_is_not_found_is_an_error() {
        let version = || "0.2.0".parse().unwrap();
        let behind = TEXT.replace("a = { version = \"0.1.0\"", "a = { version = \"0.0.9\"");
        let why = Manifest::parse(&behind).unwrap().with_version(version());
        assert!(why.unwrap_err().contains("a in [workspace.dependencies]"));
        let indented = TEXT.replace("\nversion = ", "\n  version = ");
        let why = Manifest::parse(&indented).unwrap().with_version(version());
        assert!(why.unwrap_err().contains("[workspace.package]"));
        assert!(Manifest::parse("[workspace]").unwrap().version().is_err());
        assert!(Manifest::parse("[").is_err());
    }

    #[test]
    fn the_repository_is_a_text() {
        let with = |line: &str| {
            let text = TEXT.replacen("\nrust-version", &format!("\n{line}\nrust-version"), 1);
            let manifest = Manifest::parse(&text).unwrap();
            manifest.repository().map(str::to_owned)
        };
        assert_eq!(with(""), None);
        assert_eq!(with("repository = \"\""), None);
        assert_eq!(
            with("repository = \"https://example.com/\"").as_deref(),
            Some("https://example.com/")
        );
    }

    #[test]
    fn the_manifest_of_this_workspace_can_be_released() {
        let text = std::fs::read_to_string(crate::workspace::root().join("Cargo.toml")).unwrap();
        let manifest = Manifest::parse(&text).unwrap();
        let next = manifest.with_version("99.0.0".parse().unwrap()).unwrap();
        assert_eq!(next.matches("\"99.0.0\"").count(), 10);
    }
}
