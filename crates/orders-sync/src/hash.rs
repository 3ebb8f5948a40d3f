//! Hashes of what came.

use std::io::{self, Write};

use aws_lc_rs::digest::{Context, SHA256, digest};
use orders_core::Order;

/// The first eight bytes of the SHA-256 of some parts: the same in every process and version.
pub(crate) fn short_hash<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> u64 {
    let mut hash = Context::new(&SHA256);
    for part in parts {
        hash.update(&(part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let hash = hash.finish();
    let first = hash.as_ref().iter().take(8);
    first.rfold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

/// A hash of an order in the common vocabulary, the same in every process: it notices that a mapping reads a text
/// differently. FNV-1a: nobody chooses texts that collide, and each order pays for it.
pub(crate) fn view_hash(order: &Order) -> i64 {
    let mut hash = Fnv(0xcbf2_9ce4_8422_2325);
    // What is made of strings and numbers is written without fail.
    let _ = serde_json::to_writer(&mut hash, order);
    // Its bits: SQLite has no unsigned numbers.
    hash.0.cast_signed()
}

struct Fnv(u64);

impl Write for Fnv {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The SHA-256 of a text, in lower-case hex.
pub(crate) fn content_hash(text: &[u8]) -> String {
    hex(digest(&SHA256, text).as_ref())
}

/// Bytes in lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |digit: u8| char::from_digit(digit.into(), 16).unwrap_or_default();
    let digits = bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]);
    digits.collect()
}

/// The bytes of lower-case hex; of anything else, its own bytes.
pub(crate) fn unhex(text: &str) -> Vec<u8> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let pairs = text.as_bytes().chunks(2).map(|pair| match pair {
        [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    });
    let bytes: Option<Vec<u8>> = pairs.collect();
    bytes.unwrap_or_else(|| text.as_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_and_back() {
        assert_eq!(unhex(&hex(&[0, 10, 255])), [0, 10, 255]);
        assert_eq!(unhex("no hex"), b"no hex");
    }

    #[test]
    fn a_hash_tells_parts_apart() {
        let hash = |parts: &[&str]| short_hash(parts.iter().map(|part| part.as_bytes()));
        assert_eq!(hash(&["ab", "c"]), hash(&["ab", "c"]));
        assert_ne!(hash(&["ab", "c"]), hash(&["a", "bc"]));
    }
}
