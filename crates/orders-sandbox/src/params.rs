//! The query parameters of a request.

use std::ops::RangeInclusive;

/// Decoded query parameters. If a parameter is repeated, the first one counts.
#[derive(Debug, Default)]
pub(crate) struct Params(pub(crate) Vec<(String, String)>);

/// Marks a request that gets the first page, whatever page it requests.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FirstPage;

impl Params {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// As [`Params::get`]; an empty value counts as none.
    pub(crate) fn filled(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }
}

/// A whole number within a range. The error is the text for the caller.
pub(crate) fn whole_number(
    name: &str,
    value: Option<&str>,
    default: i64,
    range: RangeInclusive<i64>,
) -> Result<i64, String> {
    let Some(value) = value else {
        return Ok(default);
    };
    match value.parse::<i64>() {
        Ok(number) if range.contains(&number) => Ok(number),
        Ok(_) => Err(format!(
            "{name} must be between {} and {}",
            range.start(),
            range.end()
        )),
        Err(_) => Err(format!("{name} must be a whole number")),
    }
}
