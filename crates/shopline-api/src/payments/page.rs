//! One page of a list of SHOPLINE Payments: they differ in nothing but what their rows are.

use bytes::Bytes;
use orders_core::{Error, Unreadable};
use orders_wire::{Record, Row};

use crate::envelope;

/// One page of transactions, payouts or billing records.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct PaymentsPage<T> {
    /// The rows in the vendor's order, each with its exact text.
    pub rows: Vec<Record<T>>,
    /// The rows that could not be read. They cost no other.
    pub unreadable: Vec<Unreadable>,
    /// How many the vendor sent, `null` and unreadable ones included.
    pub sent: usize,
    /// What to request the next page with; `None`: there is none. From the `link` header, so only the client sets it.
    pub next: Option<String>,
    /// What to request the page before with. From the `link` header, so only the client sets it.
    pub previous: Option<String>,
    /// The id under which the vendor can find the request. From the `traceid` header, so only the client sets it.
    pub trace_id: Option<String>,
}

impl<T> Default for PaymentsPage<T> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            unreadable: Vec::new(),
            sent: 0,
            next: None,
            previous: None,
            trace_id: None,
        }
    }
}

/// Reads the list under a name. `null` and an empty list are an empty page.
pub(super) fn decode<T: Row>(body: &Bytes, name: &str) -> Result<PaymentsPage<T>, Error> {
    let rows = envelope::rows(body, name)?;
    Ok(PaymentsPage {
        rows: rows.records,
        unreadable: rows.unreadable,
        sent: rows.sent,
        ..PaymentsPage::default()
    })
}

#[cfg(feature = "client")]
mod calls {
    use bytes::Bytes;
    use orders_core::{Cursor, Error, Page};
    use orders_http::{Endpoint, Reply};
    use orders_wire::Record;

    use super::PaymentsPage;
    use crate::client::Client;
    use crate::failure::decoded;

    impl<T> PaymentsPage<T> {
        /// The page that an endpoint answers.
        pub(in crate::payments) async fn get(
            client: &Client,
            endpoint: Endpoint,
            query: &[(&str, String)],
            decode: fn(&Bytes) -> Result<Self, Error>,
        ) -> Result<Self, Error> {
            let read = |reply: &Reply| {
                let page = decoded(reply, endpoint, decode)?;
                let links = client.links(reply)?;
                Ok(Self {
                    next: links.next,
                    previous: links.previous,
                    trace_id: reply.trace_id().map(str::to_owned),
                    ..page
                })
            };
            client.call(endpoint, &[], query, Bytes::new(), read).await
        }
    }

    impl<T> From<PaymentsPage<T>> for Page<Record<T>> {
        fn from(page: PaymentsPage<T>) -> Self {
            Self::new(page.rows)
                .with_next(page.next.map(Cursor::new))
                .with_unreadable(page.unreadable)
                .with_sent(page.sent)
        }
    }
}
