//! What tells rows and pages apart.

use hmac_sha256::Hash;
use orders_core::Unreadable;

/// Which row it is, and which version of it: the first eight bytes of the SHA-256 of its id and of its raw text. The
/// same row has the same key in every process and version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RowKey {
    pub(crate) id: u64,
    pub(crate) content: u64,
}

impl RowKey {
    /// The key of a row with this id and this raw text. A row without an id is known by its text; rows of the same text
    /// on one page are different rows.
    #[must_use]
    pub fn new(id: &str, raw: &[u8]) -> Self {
        let content = short_hash(raw);
        let id = match id {
            "" => content,
            id => short_hash(id.as_bytes()),
        };
        Self { id, content }
    }

    /// The key of a record that could not be read: its id where it is known, else its text.
    #[must_use]
    pub fn of_unreadable(record: &Unreadable) -> Self {
        Self::new(record.id.as_deref().unwrap_or_default(), &record.raw)
    }

    /// Whether the row has no id of its own.
    pub(crate) fn is_nameless(self) -> bool {
        self.id == self.content
    }

    /// The key of the row that follows `count` rows of the same text on one page.
    pub(crate) fn after_alike(self, count: u64) -> Self {
        match count {
            0 => self,
            count => Self {
                id: combined([self.id, count]),
                content: self.content,
            },
        }
    }
}

/// What a page holds: one hash over the keys of its rows, in their order; `None` for a page without rows.
#[must_use]
pub fn page_content(keys: &[RowKey]) -> Option<u64> {
    let parts = keys.iter().flat_map(|key| [key.id, key.content]);
    (!keys.is_empty()).then(|| combined(parts))
}

pub(crate) fn short_hash(bytes: &[u8]) -> u64 {
    shortened(Hash::hash(bytes))
}

fn combined(parts: impl IntoIterator<Item = u64>) -> u64 {
    let mut hash = Hash::new();
    for part in parts {
        hash.update(part.to_be_bytes());
    }
    shortened(hash.finalize())
}

fn shortened(hash: [u8; 32]) -> u64 {
    hash.iter()
        .take(8)
        .fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_the_same_in_every_version() {
        let key = RowKey::new("order_1", b"{}");
        assert_eq!(
            (key.id, key.content),
            (0x0af8_2b3e_b0b9_60a6, 0x4413_6fa3_55b3_678a)
        );
    }

    #[test]
    fn a_row_without_an_id_is_known_by_its_text() {
        let key = RowKey::new("", b"{}");
        assert!(key.is_nameless() && !RowKey::new("1", b"{}").is_nameless());
        assert_eq!(key.after_alike(0), key);
        assert_ne!(key.after_alike(1).id, key.after_alike(2).id);
        assert_eq!(key.after_alike(1).content, key.content);
    }

    #[test]
    fn the_content_of_a_page_is_its_rows_in_their_order() {
        let (a, b) = (RowKey::new("a", b"1"), RowKey::new("b", b"1"));
        assert_eq!(page_content(&[]), None);
        assert_eq!(page_content(&[a, b]), page_content(&[a, b]));
        assert_ne!(page_content(&[a, b]), page_content(&[b, a]));
        assert_ne!(page_content(&[a]), page_content(&[RowKey::new("a", b"2")]));
    }
}
