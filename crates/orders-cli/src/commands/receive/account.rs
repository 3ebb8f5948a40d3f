//! An account whose pushes are received: verified, stored, counted, and shown as a line each.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use orders_core::Push;
use orders_sync::{Clock, Receipt, Store, SystemClock};
use orders_wire::webhook::WebhookError;
use serde::Serialize;

use super::verified::{Received, Verified, verify};
use crate::config::Receiving;
use crate::output::{plain, program, say};
use crate::test_hooks;

/// What to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// It is stored, or needs not be.
    Stored,
    /// It was stored before.
    Known,
    /// It could not be stored: the vendor is to push it again.
    NotStored,
    /// It is not the vendor's own.
    Refused,
}

/// An account whose pushes are received. It holds a secret, so it has no `Debug`.
pub(super) struct Account {
    pub(super) of: Receiving,
    store: Arc<Store>,
    clock: Arc<dyn Clock>,
    json: bool,
    counts: Mutex<BTreeMap<&'static str, u64>>,
}

/// What became of the pushes of an account.
#[derive(Serialize)]
pub(super) struct Summary {
    provider: String,
    account: String,
    #[serde(flatten)]
    counts: BTreeMap<&'static str, u64>,
}

impl Account {
    pub(super) fn new(of: Receiving, store: Arc<Store>, clock: Arc<dyn Clock>, json: bool) -> Self {
        Self {
            of,
            store,
            clock,
            json,
            counts: Mutex::default(),
        }
    }

    /// Stores what came, where it is the vendor's own; what to answer.
    pub(super) async fn receive(&self, received: Received<'_>) -> Answer {
        // As the vendor signs: by the time of this machine.
        let now = SystemClock.now();
        let of = (self.of.vendor, self.of.name.label.as_str(), self.of.zone);
        match verify(of, &self.of.secret, &received, now) {
            Verified::Push(push) => self.keep(*push, None).await,
            Verified::Erase(push, forget) => self.keep(*push, Some(forget)).await,
            Verified::Test => {
                self.count("tests");
                self.show("test", None, "a test of the address: answered, not kept");
                Answer::Stored
            }
            Verified::Refused(error) => self.refuse(&error),
        }
    }

    async fn keep(&self, push: Push, forget: Option<String>) -> Answer {
        let (event, order) = (push.event.clone(), push.order.clone());
        let vendor = self.of.vendor;
        let (label, zone) = (self.of.name.label.clone(), self.of.zone);
        let read = move |text: &Bytes| vendor.read(text, &label, zone);
        let (name, version) = (&self.of.name, vendor.mapping_version());
        let stored = self
            .store
            .receive(name, version, self.clock.now(), push, read)
            .await;
        let receipt = match stored {
            Ok(receipt) => receipt,
            Err(error) => {
                self.count("failed");
                let why = format!("not stored, answered with a failure: {error}");
                self.show(&event, order.as_deref(), &why);
                return Answer::NotStored;
            }
        };
        test_hooks::push_stored();
        self.count(word(&receipt));
        let shown = match &forget {
            Some(arguments) => format!(
                "kept; it asks to erase personal data: {} forget {arguments}",
                program()
            ),
            None => receipt.reason().to_owned(),
        };
        self.show(&event, order.as_deref(), &shown);
        match receipt {
            Receipt::Repeated => Answer::Known,
            _ => Answer::Stored,
        }
    }

    fn refuse(&self, error: &WebhookError) -> Answer {
        self.count("refused");
        self.show("", None, &format!("refused: {error}"));
        Answer::Refused
    }

    fn count(&self, word: &'static str) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry(word).or_default() += 1;
    }

    /// One line a push, without personal data.
    fn show(&self, event: &str, order: Option<&str>, what: &str) {
        let name = &self.of.name;
        if self.json {
            let line = serde_json::json!({
                "provider": name.provider, "account": name.label, "event": event, "order": order, "result": what,
            });
            return say(&line.to_string());
        }
        let mut line = plain(&name.to_string()).into_owned();
        for part in [Some(event).filter(|event| !event.is_empty()), order] {
            line.extend(part.map(|part| format!(" {}", plain(part))));
        }
        say(&format!("{line}: {}", plain(what)));
    }

    pub(super) fn summary(&self) -> Summary {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        Summary {
            provider: self.of.name.provider.clone(),
            account: self.of.name.label.clone(),
            counts: counts.clone(),
        }
    }

    /// The summary for people.
    pub(super) fn line(&self) -> String {
        let Summary { counts, .. } = self.summary();
        let counted = counts.iter().map(|(word, count)| format!("{count} {word}"));
        let mut counted = counted.collect::<Vec<_>>().join(", ");
        if counted.is_empty() {
            counted.push_str("no push came");
        }
        format!("{}: {counted}", plain(&self.of.name.to_string()))
    }
}

/// What became of a push, in one word.
fn word(receipt: &Receipt) -> &'static str {
    match receipt {
        Receipt::Repeated => "repeated",
        Receipt::New => "new",
        Receipt::Changed => "changed",
        Receipt::Older => "older",
        Receipt::Due => "due",
        Receipt::Adjusted => "adjusted",
        Receipt::Unread(_) => "unread",
        Receipt::Forgotten => "forgotten",
        _ => "waiting",
    }
}
