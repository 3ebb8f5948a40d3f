//! What is signed: a push of any content passes by its own signature, and by no other.

use bytes::Bytes;
use linkbest_api::{Md5Signing, Params, SigningStrategy, canonical_text};
use orders_wire::webhook::{Headers, WebhookError, WebhookErrorKind};

use super::in_time::then;
use crate::Result;

const SECRET: &str = "secret";

/// Genuine, whether it can be read or not; `forged` is the same push by another secret.
fn judged<T>(
    own: std::result::Result<T, WebhookError>,
    forged: std::result::Result<T, WebhookError>,
) -> Result<usize> {
    if !matches!(&forged, Err(error) if error.kind() == WebhookErrorKind::Signature) {
        return Err(format!("forged: {:?}", forged.err()));
    }
    match own {
        Ok(_) => Ok(1),
        Err(error) if error.is_genuine() => Ok(0),
        Err(error) => Err(format!("its own signature: {error}")),
    }
}

pub(super) fn clink(body: &Bytes) -> Result<usize> {
    use clink_api::webhooks::{Push, verify};
    let read = |secret| {
        let push = Push::sign(secret, then(), body.clone());
        let headers = push.headers.iter();
        let headers = headers.map(|(name, value)| (*name, value.as_str()));
        verify(&Headers::from_pairs(headers), &push.body, SECRET, then())
    };
    judged(read(SECRET), read("another"))
}

pub(super) fn shopline(body: &Bytes) -> Result<usize> {
    use shopline_api::webhooks::{Push, Topic, verify};
    let read = |secret| {
        let push = Push::sign(secret, Topic::from("orders/create"), "id", body.clone());
        let headers = push.headers.iter();
        let headers = headers.map(|(name, value)| (*name, value.as_str()));
        verify(&Headers::from_pairs(headers), &push.body, SECRET, then())
    };
    judged(read(SECRET), read("another"))
}

/// Fields of a form, as a push and as the parameters of a request.
pub(super) fn linkbest(body: &Bytes) -> Result<usize> {
    use linkbest_api::webhooks::{Push, verify};
    let text = String::from_utf8_lossy(body);
    let fields = text
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    // The vendor sends each name once.
    let fields: std::collections::BTreeMap<_, _> = fields.collect();
    let pairs = || fields.iter().map(|(name, value)| (*name, *value));

    let params = pairs().fold(Params::new(), |params, (name, value)| {
        params.with(name, value)
    });
    let json = params.to_json();
    let again: std::collections::BTreeMap<String, String> =
        serde_json::from_str(&json).map_err(|why| format!("{why}: {json}"))?;
    if !again
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .eq(pairs())
    {
        return Err(format!("other parameters: {json}"));
    }
    let signed = Md5Signing::default().sign(&canonical_text("key", "service", &json), SECRET);
    if signed.len() != 32 {
        return Err(format!("a signature of another form: {signed}"));
    }

    let read = |secret| verify("", &Push::sign(secret, pairs()).body(), SECRET);
    judged(read(SECRET), read("another"))
}
