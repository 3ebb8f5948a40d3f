//! Hashes of what came.

/// The first eight bytes of the SHA-256 of some parts: the same in every process and version.
pub(crate) fn short_hash<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> u64 {
    let mut hash = hmac_sha256::Hash::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let [a, b, c, d, e, f, g, h, ..] = hash.finalize();
    u64::from_le_bytes([a, b, c, d, e, f, g, h])
}

/// The SHA-256 of a text, in lower-case hex.
pub(crate) fn content_hash(text: &[u8]) -> String {
    hex(&hmac_sha256::Hash::hash(text))
}

/// Bytes in lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            // Writing to a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
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
