//! All orders that answer a query, one by one, from any source: the reader of `orders list`.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use orders_core::{Error, Order, OrderSource, Query};
use orders_reader::{AfterFailure, Proof, Retries};

use crate::exit::Failure;

/// The attempts of a reading that stores nothing: what cannot be read ends it, so a page is requested more often than by a
/// pull, and all waits take two minutes at most.
pub(crate) const RETRIES: Retries = Retries::new(6, Duration::from_secs(120));

/// How a query was read to its end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct End {
    /// The vendor gave no total: nothing proves that these are all.
    pub(crate) unproven: bool,
    /// How many windows were taken as empty, their list missing.
    pub(crate) unconfirmed: u64,
}

/// Reads a query to its end and gives each order to `take`, which may stop. A record that cannot be read is given as an
/// error. A request that fails is sent again as `retries` has it; `waits` is shown each wait before that. Answers how it
/// ended; `None` where `take` stopped.
///
/// # Errors
/// What the source or `take` failed with; the orders given before are not complete then.
pub(crate) async fn read_query(
    source: Arc<dyn OrderSource>,
    query: &Query,
    mut retries: Retries,
    waits: &(dyn Fn(Duration, &Error) + Send + Sync),
    mut take: impl FnMut(Result<Order, Error>) -> Result<ControlFlow<()>, Failure> + Send,
) -> Result<Option<End>, Failure> {
    let mut orders = orders_reader::read(source, query.clone());
    let (mut tried, mut pages) = (0, 0);
    while let Some(order) = orders.next().await {
        let order = match order {
            Err(error) if error.record().is_none() => {
                // Behind a page that was read another request failed.
                tried = if pages == orders.pages() {
                    tried + 1
                } else {
                    1
                };
                pages = orders.pages();
                if orders.request_again()
                    && let AfterFailure::Again(wait) = retries.after(&error, tried)
                {
                    waits(wait, &error);
                    tokio::time::sleep(wait).await;
                    continue;
                }
                return Err(error.into());
            }
            other => other,
        };
        if take(order)?.is_break() {
            return Ok(None);
        }
    }
    Ok(Some(End {
        unproven: orders.proof().is_some_and(Proof::is_unproven),
        unconfirmed: orders.unconfirmed(),
    }))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::Mutex;

    use async_trait::async_trait;
    use orders_core::{Account, Capabilities, Cursor, ErrorKind, Page, Slice, Slices};
    use tokio::time::Instant;

    use super::*;

    /// Answers in turn; behind the last answer there is an empty page.
    #[derive(Debug)]
    struct Played {
        account: Account,
        failures: Mutex<Vec<Error>>,
    }

    #[async_trait]
    impl OrderSource for Played {
        fn account(&self) -> &Account {
            &self.account
        }

        fn capabilities(&self) -> Capabilities {
            Capabilities::default()
        }

        async fn slices(&self, _: &Query, _: Option<&Cursor>) -> Result<Slices, Error> {
            Ok(Slices::new(vec![Slice::partition("c")]))
        }

        async fn page(&self, _: &Slice, _: Option<&Cursor>) -> Result<Page, Error> {
            match self.failures.lock().unwrap().pop() {
                Some(error) => Err(error),
                None => Ok(Page::new(Vec::<Order>::new())),
            }
        }
    }

    /// Reads; answers the failure, the seconds that it took, and those of the waits that were shown.
    async fn waited(failures: Vec<Error>) -> (Option<ErrorKind>, u64, Vec<u64>) {
        let source = Arc::new(Played {
            account: Account::new("clink", "main"),
            failures: Mutex::new(failures),
        });
        let (begun, shown) = (Instant::now(), Mutex::new(Vec::new()));
        let waits = |wait: Duration, _: &Error| shown.lock().unwrap().push(wait.as_secs());
        let take = |_| Ok(ControlFlow::Continue(()));
        let ended = read_query(source, &Query::everything(), RETRIES, &waits, take).await;
        let kind = match ended {
            Err(Failure::Error(error)) => Some(error.kind()),
            other => other.map(|_| None).unwrap(),
        };
        (kind, begun.elapsed().as_secs(), shown.into_inner().unwrap())
    }

    /// The same kinds of failures, after the same waits, as a pull: the rule is the reader's.
    #[tokio::test(start_paused = true)]
    async fn what_failed_is_requested_again_by_the_rule_of_pulls() {
        let cut = || Error::decode("rows", "cut off");
        let down = || Error::new(ErrorKind::Server, "busy").retryable();
        let found = waited(vec![down(), cut()]).await;
        assert_eq!(found, (None, 5, vec![1, 4]));
        // A list that is missing where no window may be empty.
        let missing = Error::missing_list("orders", "no list");
        assert_eq!(waited(vec![missing]).await, (None, 1, vec![1]));
        let always = |error: fn() -> Error| (0..20).map(|_| error()).collect();
        let (kind, seconds, _) = waited(always(cut)).await;
        assert_eq!(
            (kind, seconds),
            (Some(ErrorKind::Decode), 1 + 2 + 4 + 8 + 16)
        );
        let (kind, seconds, _) = waited(always(down)).await;
        assert_eq!(
            (kind, seconds),
            (Some(ErrorKind::Server), 62),
            "two minutes at most"
        );
        let refused = || Error::invalid_request("no such customer");
        let found = waited(vec![refused()]).await;
        assert_eq!(found, (Some(ErrorKind::InvalidRequest), 0, vec![]));
    }
}
