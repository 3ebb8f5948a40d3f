//! Which keys announce something that must not be shown.

/// Parts of keys that announce a secret, compared in lower case without punctuation.
const SECRET: [&str; 21] = [
    "token",
    "secret",
    "passw",
    "passphrase",
    "pwd",
    "sign",
    "auth",
    "cookie",
    "key",
    "session",
    "credential",
    "hmac",
    "jwt",
    "cardnumber",
    "cvv",
    "cvc",
    "iban",
    "ssn",
    "passport",
    "taxid",
    "taxnumber",
];

/// Parts of keys that announce personal data.
const PERSONAL: [&str; 16] = [
    "mail",
    "phone",
    "mobile",
    "name",
    "address",
    "street",
    "city",
    "zip",
    "postal",
    "postcode",
    "latitude",
    "longitude",
    "birth",
    "company",
    "contact",
    "recipient",
];

/// Whole keys that announce personal data and are too short to look for inside others.
const PERSONAL_WHOLE: [&str; 10] = [
    "ip",
    "browserip",
    "clientip",
    "userip",
    "tel",
    "lat",
    "lng",
    "line1",
    "line2",
    "customer",
];

/// What a key sounds like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeySound {
    Harmless,
    Personal,
    Secret,
}

pub(super) fn sound(key: &str) -> KeySound {
    let plain: String = key
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    if SECRET.iter().any(|part| plain.contains(part)) {
        KeySound::Secret
    } else if PERSONAL.iter().any(|part| plain.contains(part))
        || PERSONAL_WHOLE.contains(&plain.as_str())
    {
        KeySound::Personal
    } else {
        KeySound::Harmless
    }
}

/// Whether a header of this name holds credentials up to the end of its line, whatever stands in between.
pub(super) fn fills_its_line(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    key.contains("authorization") || key.contains("cookie")
}
