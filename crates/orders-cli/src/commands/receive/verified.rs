//! Whether a push is the vendor's own, and what it says.

use bytes::Bytes;
use chrono::{DateTime, FixedOffset, Utc};
use orders_core::{Meaning, Push};
use orders_wire::webhook::{Headers, WebhookError};

use crate::vendor::{Vendor, linkbest_mapper};

/// What came.
pub(super) enum Verified {
    /// A genuine push, read or not.
    Push(Box<Push>),
    /// A genuine push that asks people to erase somebody's data: the arguments of `orders forget`.
    Erase(Box<Push>, String),
    /// A test of the address by the vendor: nothing is kept.
    Test,
    /// Not the vendor's own.
    Refused(WebhookError),
}

/// The bytes of a request.
pub(super) struct Received<'a> {
    pub(super) headers: Headers<'a>,
    pub(super) query: &'a str,
    pub(super) body: &'a Bytes,
}

/// Verifies a push of an account, and reads it.
pub(super) fn verify(
    (vendor, label, zone): (Vendor, &str, Option<FixedOffset>),
    secret: &str,
    received: &Received<'_>,
    now: DateTime<Utc>,
) -> Verified {
    match vendor {
        Vendor::Clink => clink(label, secret, received, now),
        Vendor::Linkbest => linkbest(label, zone, secret, received),
        Vendor::Shopline => shopline(label, secret, received, now),
    }
}

/// A genuine push that cannot be read is kept; any other failure is a refusal.
fn unread(error: WebhookError, push: impl FnOnce() -> Push) -> Verified {
    if !error.is_genuine() {
        return Verified::Refused(error);
    }
    let mut push = push();
    push.meaning = Meaning::Unread(error.to_string());
    Verified::Push(Box::new(push))
}

fn clink(label: &str, secret: &str, received: &Received<'_>, now: DateTime<Utc>) -> Verified {
    let Received { headers, body, .. } = received;
    match clink_api::webhooks::verify(headers, body, secret, now) {
        Ok(event) => {
            let mapper = clink_api::Mapper::new(label);
            Verified::Push(Box::new(clink_api::webhooks::push(&mapper, &event)))
        }
        Err(error) => unread(error, || Push::new("", "", (*body).clone())),
    }
}

fn linkbest(
    label: &str,
    zone: Option<FixedOffset>,
    secret: &str,
    received: &Received<'_>,
) -> Verified {
    use linkbest_api::webhooks::{Resource, push, verify};

    let Received { query, body, .. } = received;
    match verify(query, body, secret) {
        Ok(event) if matches!(event.resource, Resource::Review(_)) => Verified::Test,
        Ok(event) => {
            let mapper = linkbest_mapper(label, zone);
            Verified::Push(Box::new(push(&mapper, &event)))
        }
        Err(error) => unread(error, || {
            let bytes = match body.is_empty() {
                true => Bytes::copy_from_slice(query.as_bytes()),
                false => (*body).clone(),
            };
            Push::new("", "", bytes)
        }),
    }
}

fn shopline(label: &str, secret: &str, received: &Received<'_>, now: DateTime<Utc>) -> Verified {
    use shopline_api::webhooks::{Resource, push, verify};

    let Received { headers, body, .. } = received;
    match verify(headers, body, secret, now) {
        Ok(event) => {
            let mapper = shopline_api::Mapper::new(label);
            let push = Box::new(push(&mapper, &event));
            let Resource::Redaction(redaction) = &event.resource else {
                return Verified::Push(push);
            };
            // No personal data in a log: the id, or a word for what is in the push.
            let who = redaction.customer.as_ref().map(|customer| {
                let id = customer.id.as_deref().filter(|id| !id.is_empty());
                format!(" --customer {}", id.unwrap_or("E-MAIL"))
            });
            let forget = format!("shopline --account {label}{}", who.unwrap_or_default());
            Verified::Erase(push, forget)
        }
        Err(error) => unread(error, || {
            // Verified with these headers.
            let header = |name| headers.one(name).unwrap_or_default();
            let (id, topic) = ("X-Shopline-Webhook-Id", "X-Shopline-Topic");
            Push::new(header(id), header(topic), (*body).clone())
        }),
    }
}
