//! The secrets that a client itself holds: masked by their exact text, whatever they look like.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret, SecretString};

/// What stands in place of a masked value.
pub(super) const MASK: &str = "***";
/// A shorter text is no secret, and would be found in many a word.
const SHORTEST: usize = 6;
/// What stays as it is in a URL.
const IN_URL: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The secrets of one client, in each form in which an answer can echo them. No `Debug`.
#[derive(Default)]
pub(crate) struct OwnSecrets(Vec<SecretString>);

impl OwnSecrets {
    /// As they are, percent-encoded, and as JSON writes them. Not base64: no request carries a secret like that.
    pub(crate) fn new(secrets: impl IntoIterator<Item = SecretString>) -> Self {
        let mut forms: Vec<String> = Vec::new();
        for secret in secrets {
            let text = secret.expose_secret().trim();
            if text.len() < SHORTEST {
                continue;
            }
            let encoded = utf8_percent_encode(text, IN_URL).to_string();
            let json = text.replace('\\', r"\\").replace('"', "\\\"");
            forms.extend([
                text.to_owned(),
                lower_codes(&encoded),
                encoded,
                json.replace('/', r"\/"),
                json,
            ]);
        }
        // The longest first: one secret may be the beginning of another.
        forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
        forms.dedup();
        Self(forms.into_iter().map(SecretString::from).collect())
    }

    /// The text with every secret masked. `cut`: the text goes on, so that a secret may have only begun at its end.
    pub(crate) fn mask(&self, text: &str, cut: bool) -> String {
        let mut masked = text.to_owned();
        for form in self.forms() {
            if masked.contains(form) {
                masked = masked.replace(form, MASK);
            }
        }
        let begun = self.forms().filter_map(|form| begun(&masked, form)).max();
        if let Some(length) = begun.filter(|_| cut) {
            masked.truncate(masked.len() - length);
            masked.push_str(MASK);
        }
        masked
    }

    fn forms(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(ExposeSecret::expose_secret)
    }
}

/// How many bytes at the end of the text are the beginning of the secret.
fn begun(text: &str, secret: &str) -> Option<usize> {
    let lengths = (SHORTEST / 2..secret.len()).rev();
    let mut beginnings = lengths.filter_map(|length| secret.get(..length));
    beginnings
        .find(|beginning| text.ends_with(beginning))
        .map(str::len)
}

/// The same with the hex digits of its codes in lower case.
fn lower_codes(encoded: &str) -> String {
    let mut parts = encoded.split('%');
    let mut lower = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (code, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        lower.push('%');
        lower.push_str(&code.to_ascii_lowercase());
        lower.push_str(rest);
    }
    lower
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(secrets: &[&str]) -> OwnSecrets {
        OwnSecrets::new(secrets.iter().map(|text| SecretString::from(*text)))
    }

    #[test]
    fn each_form_of_a_secret_is_masked_whatever_it_looks_like() {
        let own = own(&["plain words", "quo\"te/it\\x", "plain words too"]);
        for (text, masked) in [
            ("the plain words!", "the ***!"),
            ("plain words too", "***"),
            ("?q=plain%20words&b", "?q=***&b"),
            (r#""quo\"te/it\\x""#, r#""***""#),
            (r#""quo\"te\/it\\x""#, r#""***""#),
            ("quo%22te%2Fit%5Cx quo%22te%2fit%5cx", "*** ***"),
            ("plain word", "plain word"),
        ] {
            assert_eq!(own.mask(text, false), masked);
        }
    }

    #[test]
    fn a_secret_that_is_cut_is_masked_as_far_as_it_came() {
        let own = own(&["lbsecretSECRET"]);
        assert_eq!(own.mask("wrong: lbsecretSEC", true), "wrong: ***");
        assert_eq!(own.mask("wrong: lbsecretSEC", false), "wrong: lbsecretSEC");
        assert_eq!(own.mask("wrong: lb", true), "wrong: lb");
    }

    #[test]
    fn what_is_too_short_to_be_a_secret_hides_no_words() {
        assert_eq!(
            own(&["", "1026", "  \n"]).mask("order 1026", true),
            "order 1026"
        );
    }
}
