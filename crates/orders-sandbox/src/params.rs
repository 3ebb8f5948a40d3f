//! The query of a request, read as pairs.

use std::ops::RangeInclusive;

/// Query parameters, decoded. Of a parameter given twice the first counts.
#[derive(Debug, Default)]
pub(crate) struct Params(pub(crate) Vec<(String, String)>);

/// Marks a request whose page is to be taken for the first, whatever it asks for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FirstPage;

impl Params {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// As [`Params::get`], with an empty value read as none.
    pub(crate) fn filled(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }
}

/// A whole number in its range, or what to tell the caller.
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
