//! Rows beside what tells them apart, so that overlapping answers give each once.

use std::collections::HashMap;

use futures_core::Stream;
use futures_util::TryStreamExt;
use orders_core::{Error, PageReader, Reads, RowKey};
use orders_wire::Record;

/// A row beside its key.
pub(crate) type Keyed<T> = (RowKey, Record<T>);

/// The rows of one answer with their keys: an id, where `id` gives one, else the row's whole text.
///
/// Rows of the same text in one answer are different rows (an order can be settled, taken back and settled again):
/// the first, the second, ... of them are told apart, and an overlapping answer repeats them in the same number.
pub(crate) fn keyed<T>(rows: Vec<Record<T>>, id: impl Fn(&T) -> String) -> Vec<Keyed<T>> {
    let mut alike: HashMap<RowKey, u32> = HashMap::new();
    let keyed = rows.into_iter().map(|row| {
        let (id, text) = (id(&row.value), row.raw.as_str());
        let key = RowKey::new(&id, text.as_bytes());
        if !id.is_empty() {
            return (key, row);
        }
        let count = alike.entry(key).or_default();
        *count += 1;
        let key = match count {
            1 => key,
            count => RowKey::new(&format!("{count} of {text}"), text.as_bytes()),
        };
        (key, row)
    });
    keyed.collect()
}

/// The rows of all pages, without their keys.
pub(crate) fn records<S: Reads<Keyed<T>>, T: Send>(
    reader: PageReader<S, Keyed<T>>,
) -> impl Stream<Item = Result<Record<T>, Error>> + Send {
    orders_http::rows(reader).map_ok(|(_, record)| record)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alike_rows_are_told_apart_and_known_again() {
        let row = |text: &'static str| Record::<serde_json::Value>::read(&text.into()).unwrap();
        let keys = |texts: &[&'static str], id: &str| -> Vec<RowKey> {
            let rows = texts.iter().map(|text| row(text)).collect();
            keyed(rows, |_| id.to_owned())
                .into_iter()
                .map(|(key, _)| key)
                .collect()
        };
        let first = keys(&[r#"{"a":1}"#, r#"{"a":2}"#, r#"{"a":1}"#], "");
        assert!(first[0] != first[1] && first[0] != first[2] && first[1] != first[2]);
        let again = keys(&[r#"{"a":1}"#, r#"{"a":1}"#], "");
        assert_eq!(again, [first[0], first[2]]);
        let same = keys(&[r#"{"a":1}"#, r#"{"a":1}"#], "7");
        assert_eq!(same[0], same[1]);
    }
}
