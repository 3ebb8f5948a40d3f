//! The ids of customers: from arguments, files and the configuration.

use std::collections::HashSet;
use std::path::Path;

use orders_core::Error;

/// The ids of the arguments and of the files (`@FILE`: one per line, `#` begins a comment), each once.
///
/// # Errors
/// `InvalidRequest` for a file that cannot be read or contains no id.
pub(crate) fn given(given: &[String]) -> Result<Vec<String>, Error> {
    let mut ids = Vec::new();
    for text in given {
        match text.strip_prefix('@') {
            Some(path) => ids.extend(of_file(Path::new(path))?),
            None => ids.push(text.clone()),
        }
    }
    Ok(each_once(ids))
}

/// The ids of a file.
///
/// # Errors
/// As [`given`].
pub(crate) fn of_file(path: &Path) -> Result<Vec<String>, Error> {
    let name = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| Error::invalid_request(format!("cannot read {name}: {error}")))?;
    let lines = text
        .lines()
        .map(|line| line.split('#').next().unwrap_or("").trim());
    let ids: Vec<_> = lines
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect();
    if ids.is_empty() {
        // A request without any id would return all orders.
        return Err(Error::invalid_request(format!("{name} names no customer")));
    }
    Ok(each_once(ids))
}

/// The ids without duplicates.
pub(crate) fn each_once(mut ids: Vec<String>) -> Vec<String> {
    let mut seen = HashSet::new();
    ids.retain(|id| seen.insert(id.clone()));
    ids
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn customers_come_from_arguments_and_files() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "# mine\n11\n\n 12  # the second\r\n10\n").unwrap();
        let named = ["10".to_owned(), format!("@{}", file.path().display())];
        assert_eq!(given(&named).unwrap(), ["10", "11", "12"]);
        std::fs::write(file.path(), "# none\n").unwrap();
        let kind = given(&named).unwrap_err().kind();
        assert_eq!(kind, orders_core::ErrorKind::InvalidRequest);
    }
}
