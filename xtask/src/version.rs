//! Versions as this workspace has them: three numbers.

use std::fmt;
use std::str::FromStr;

use crate::workspace::Result;

/// Major, minor and patch, compared as numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version([u64; 3]);

impl FromStr for Version {
    type Err = String;

    fn from_str(text: &str) -> Result<Self> {
        let numbers: Vec<_> = text.split('.').map(number).collect();
        match numbers[..] {
            [Some(major), Some(minor), Some(patch)] => Ok(Self([major, minor, patch])),
            _ => Err(format!("`{text}` is no version such as 0.2.0")),
        }
    }
}

/// A number as it is written in a version: digits, and no zero in front of others.
fn number(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, patch] = self.0;
        write!(f, "{major}.{minor}.{patch}")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        text.parse().unwrap()
    }

    #[test]
    fn versions_are_compared_as_numbers() {
        for (lower, higher) in [
            ("0.1.0", "0.1.1"),
            ("0.9.0", "0.10.0"),
            ("0.99.99", "1.0.0"),
        ] {
            assert!(version(lower) < version(higher), "{lower} {higher}");
        }
        assert_eq!(version("0.1.0").to_string(), "0.1.0");
    }

    #[test]
    fn anything_else_is_no_version() {
        for text in [
            "",
            "1",
            "1.0",
            "1.0.0.0",
            "v1.0.0",
            "1.0.0-rc.1",
            "01.0.0",
            "1.+1.0",
            "1. 0.0",
        ] {
            assert!(text.parse::<Version>().is_err(), "{text}");
        }
    }
}
