//! HMAC-SHA256, as Clink and SHOPLINE sign with it.

use std::fmt::Write;

/// Lower-case hex of the HMAC-SHA256 of a text.
pub(crate) fn hex(secret: &str, text: &[u8]) -> String {
    mac(secret, text)
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            // Writing into a String cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

/// The HMAC-SHA256 of a text.
pub(crate) fn mac(secret: &str, text: &[u8]) -> [u8; 32] {
    hmac_sha256::HMAC::mac(text, secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231, test case 2.
    #[test]
    fn agrees_with_the_published_vector() {
        assert_eq!(
            hex("Jefe", b"what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }
}
