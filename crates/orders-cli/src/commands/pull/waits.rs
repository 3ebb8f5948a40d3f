//! The waits inside a vendor's client, shown in the line of its account.

use std::fmt;
use std::sync::{Arc, OnceLock};

use clink_api::http::{Event, EventKind, Observer};
use orders_core::{Account as Name, Error, OrderSource};

use super::progress::Lines;
use crate::config::Account;
use crate::{sources, test_hooks};

/// Observes the client of one account. The client is made before the lines are drawn.
pub(in crate::commands) struct Waits {
    account: Name,
    lines: OnceLock<Arc<Lines>>,
}

impl Waits {
    pub(in crate::commands) fn new(account: Name) -> Arc<Self> {
        Arc::new(Self {
            account,
            lines: OnceLock::new(),
        })
    }

    /// The source of the account, whose waits are shown.
    ///
    /// # Errors
    /// As [`sources::steady`].
    pub(in crate::commands) fn source(
        self: &Arc<Self>,
        account: &Account,
    ) -> Result<Box<dyn OrderSource>, Error> {
        let shown = Arc::clone(self);
        let notify = Arc::new(move |text: &str| shown.say(text));
        sources::steady(account, Some(self.clone()), test_hooks::patience(), notify)
    }

    /// Prints what is waited for, where people read it.
    fn say(&self, text: &str) {
        if let Some(lines) = self.lines.get() {
            lines.note(text);
        }
    }

    /// From now on waits are shown here.
    pub(in crate::commands) fn show_in(&self, lines: &Arc<Lines>) {
        let _ = self.lines.set(Arc::clone(lines));
    }
}

impl Observer for Waits {
    fn observe(&self, event: &Event<'_>) {
        let Some(lines) = self.lines.get() else {
            return;
        };
        match event.what {
            EventKind::RateLimited { .. } => lines.limited(&self.account),
            EventKind::Failed {
                error,
                retry_in: Some(wait),
                ..
            } => {
                lines.waits(&self.account, wait, error);
            }
            _ => {}
        }
    }
}

impl fmt::Debug for Waits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Waits").field(&self.account).finish()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use clink_api::http::testing::{LongestWait, MemoryTransport, response};
    use clink_api::http::{ClientOptions, RateLimit};
    use orders_core::Slice;

    use super::*;

    fn name() -> Name {
        Name::new("clink", "main")
    }

    #[tokio::test(start_paused = true)]
    async fn the_waits_of_a_client_are_shown_in_the_line_of_its_account() {
        let name = name();
        let lines = Arc::new(Lines::new([&name].into_iter(), false));
        let waits = Waits::new(name.clone());
        let transport = MemoryTransport::new();
        transport.respond(response(429, &[("retry-after", "7")], "{}"));
        transport.reply(404, "{}").reply(503, "{}").reply(404, "{}");
        let options = ClientOptions::new()
            .transport(Arc::new(transport))
            .randomness(Arc::new(LongestWait))
            .rate_limit(RateLimit::new(1, 1).unwrap())
            .observer(waits.clone());
        let client = clink_api::Client::builder("k").options(options).build();
        let client = client.unwrap();

        // Before there are lines nothing is shown, and nothing is wrong.
        let _ = client.count(&Slice::pass()).await;
        assert_eq!(lines.shown(&name), ("planning".to_owned(), false));
        waits.show_in(&lines);
        let _ = client.count(&Slice::pass()).await;
        let shown = ("waiting for the vendor (1 s)".to_owned(), true);
        assert_eq!(lines.shown(&name), shown);
    }
}
