//! A source that bears with a vendor that never answered: it says when no answer comes, and gives up in time. Behind the
//! first answer whoever reads decides what is tried again.

use std::fmt;
use std::future::Future;
use std::hash::Hasher;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use orders_core::{
    Account, Capabilities, Cursor, Error, ErrorKind, Identity, Order, OrderRef, OrderSource, Page,
    Query, Slice, Slices,
};
use tokio::time::{Instant, sleep, timeout_at};

/// How long the program bears with a vendor.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// An answer has to come so soon, where none ever came.
    pub(crate) first_answer: Duration,
    /// A vendor that cannot be reached is tried for so long.
    pub(crate) unreachable: Duration,
    /// The wait before a second try; it doubles.
    pub(crate) wait: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            first_answer: Duration::from_secs(50),
            unreachable: Duration::from_secs(15),
            wait: Duration::from_secs(1),
        }
    }
}

/// Without any answer for so long, the user is notified.
const QUIET: Duration = Duration::from_secs(10);

/// Shows the user what is waited for.
pub(crate) type Notify = Arc<dyn Fn(&str) + Send + Sync>;

/// A source, and the patience with it.
pub(crate) struct Steady {
    source: Box<dyn OrderSource>,
    patience: Patience,
    notify: Notify,
    /// When the first request was sent.
    begun: OnceLock<Instant>,
    /// Whether the vendor ever answered.
    answered: AtomicBool,
    /// Whether the user was notified that no answer comes.
    quiet: AtomicBool,
}

impl Steady {
    pub(crate) fn new(source: Box<dyn OrderSource>, patience: Patience, notify: Notify) -> Self {
        Self {
            source,
            patience,
            notify,
            begun: OnceLock::new(),
            answered: AtomicBool::new(false),
            quiet: AtomicBool::new(false),
        }
    }

    /// Sends a request until the vendor answers, or was tried for long enough. `shows`: whether a value is an answer of the
    /// vendor.
    async fn call<T, F>(
        &self,
        request: impl Fn() -> F + Send + Sync,
        shows: fn(&T) -> bool,
    ) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>> + Send,
    {
        let mut tries = 0;
        loop {
            let error = match self.tried(&request).await {
                Ok(value) => {
                    if shows(&value) {
                        self.answered.store(true, Ordering::Relaxed);
                    }
                    return Ok(value);
                }
                Err(error) => error,
            };
            if error.status().is_some() {
                self.answered.store(true, Ordering::Relaxed);
            }
            let unreached = !self.is_answered()
                && matches!(error.kind(), ErrorKind::Transport | ErrorKind::Timeout);
            if !unreached {
                return Err(error);
            }
            let Some(wait) = self.wait_for_vendor(&error, tries) else {
                return Err(self.unreachable(Some(error)));
            };
            tries += 1;
            sleep(wait).await;
        }
    }

    /// One try; where the vendor never answered, within the time for the first answer.
    async fn tried<T, F>(&self, request: impl Fn() -> F + Send + Sync) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>> + Send,
    {
        if self.is_answered() {
            return request().await;
        }
        let begun = *self.begun.get_or_init(Instant::now);
        let end = begun + self.patience.first_answer;
        let request = request();
        tokio::pin!(request);
        let quiet = (begun + QUIET).max(Instant::now()).min(end);
        if let Ok(answer) = timeout_at(quiet, request.as_mut()).await {
            return answer;
        }
        if quiet < end && !self.quiet.swap(true, Ordering::Relaxed) {
            self.say(&format!("no answer yet, waiting until {}", self.rest(end)));
        }
        match timeout_at(end, request).await {
            Ok(answer) => answer,
            // Another request may have been answered meanwhile.
            Err(_) => Err(self.unreachable(None)),
        }
    }

    /// The wait before a vendor is tried again that never answered, after so many tries again; `None`: it is given up.
    fn wait_for_vendor(&self, error: &Error, tries: u32) -> Option<Duration> {
        let begun = self.begun.get()?;
        let end = *begun + self.patience.unreachable;
        let wait = self.patience.wait.saturating_mul(1 << tries.min(10));
        if Instant::now() + wait > end {
            return None;
        }
        self.say(&format!(
            "no answer yet ({}), trying again until {}",
            error.message(),
            self.rest(end)
        ));
        Some(wait)
    }

    /// The vendor was never reached.
    fn unreachable(&self, last: Option<Error>) -> Error {
        let elapsed = self.begun.get().map_or(Duration::ZERO, Instant::elapsed);
        let account = self.source.account();
        let why = last
            .as_ref()
            .map_or_else(String::new, |last| format!(": {}", last.message()));
        let message = format!("{account} gave no answer in {elapsed:.0?}{why}");
        let error = Error::new(ErrorKind::Unreachable, message).retryable();
        let Some(last) = last else {
            return error.with_attempts(1, elapsed);
        };
        let error = error.with_attempts(last.attempts(), elapsed);
        match (last.vendor(), last.endpoint()) {
            (Some(vendor), Some(endpoint)) => error.at(vendor, endpoint),
            _ => error,
        }
        .with_source(last)
    }

    fn is_answered(&self) -> bool {
        self.answered.load(Ordering::Relaxed)
    }

    fn say(&self, text: &str) {
        (self.notify)(&format!("{}: {text}", self.source.account()));
    }

    /// The time until `end`, for people.
    fn rest(&self, end: Instant) -> String {
        let rest = end.saturating_duration_since(Instant::now());
        format!("{rest:.0?} from now")
    }
}

impl fmt::Debug for Steady {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Steady").field(&self.source).finish()
    }
}

// Every method is passed on, those with a default, too.
#[async_trait]
impl OrderSource for Steady {
    fn account(&self) -> &Account {
        self.source.account()
    }

    fn capabilities(&self) -> Capabilities {
        self.source.capabilities()
    }

    async fn slices(&self, query: &Query, after: Option<&Cursor>) -> Result<Slices, Error> {
        // Slices need no request at most vendors: they show nothing.
        self.call(|| self.source.slices(query, after), |_| false)
            .await
    }

    async fn page(&self, slice: &Slice, cursor: Option<&Cursor>) -> Result<Page, Error> {
        self.call(|| self.source.page(slice, cursor), |_| true)
            .await
    }

    fn behind(&self, slice: &Slice, cursor: Option<&Cursor>) -> Option<Cursor> {
        self.source.behind(slice, cursor)
    }

    async fn fetch(&self, reference: &OrderRef) -> Result<Option<Order>, Error> {
        self.call(|| self.source.fetch(reference), |_| true).await
    }

    fn read(&self, raw: &Bytes) -> Option<Result<Order, Error>> {
        self.source.read(raw)
    }

    fn mapping_version(&self) -> u32 {
        self.source.mapping_version()
    }

    fn identify(&self, part: Identity, into: &mut dyn Hasher) -> bool {
        self.source.identify(part, into)
    }

    fn requests_sent(&self) -> Option<u64> {
        self.source.requests_sent()
    }

    async fn count(&self, slice: &Slice) -> Result<Option<u64>, Error> {
        self.call(|| self.source.count(slice), Option::is_some)
            .await
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    /// Gives prepared answers.
    #[derive(Debug)]
    struct Played {
        account: Account,
        answers: Mutex<Vec<Result<u64, Error>>>,
        silent: bool,
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
            Ok(Slices::default())
        }

        async fn page(&self, _: &Slice, _: Option<&Cursor>) -> Result<Page, Error> {
            Err(Error::unsupported("no pages"))
        }

        async fn count(&self, _: &Slice) -> Result<Option<u64>, Error> {
            if self.silent {
                std::future::pending::<()>().await;
            }
            let next = self.answers.lock().unwrap().pop();
            next.unwrap_or_else(|| Err(refused())).map(Some)
        }
    }

    fn refused() -> Error {
        Error::new(ErrorKind::Transport, "connection refused").retryable()
    }

    fn cut() -> Error {
        Error::decode("rows[0]", "the text is cut off").with_status(200)
    }

    /// A source with these answers, and what it says.
    fn steady(answers: Vec<Result<u64, Error>>, silent: bool) -> (Steady, Arc<Mutex<Vec<String>>>) {
        let said = Arc::new(Mutex::new(Vec::new()));
        let notes = Arc::clone(&said);
        let played = Played {
            account: Account::new("clink", "main"),
            answers: Mutex::new(answers.into_iter().rev().collect()),
            silent,
        };
        let notify: Notify = Arc::new(move |text| notes.lock().unwrap().push(text.to_owned()));
        let steady = Steady::new(Box::new(played), Patience::default(), notify);
        (steady, said)
    }

    async fn count(source: &Steady) -> Result<Option<u64>, Error> {
        source.count(&Slice::pass()).await
    }

    #[tokio::test(start_paused = true)]
    async fn a_vendor_that_never_answers_is_given_up_within_a_minute() {
        for silent in [false, true] {
            let (source, said) = steady(Vec::new(), silent);
            let begun = Instant::now();
            let error = count(&source).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unreachable, "{error}");
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "{:?}",
                begun.elapsed()
            );
            let said = said.lock().unwrap().clone();
            assert!(said[0].starts_with("clink/main: no answer yet"), "{said:?}");
            // All requests of a run share that time.
            let again = Instant::now();
            assert!(count(&source).await.is_err());
            assert!(again.elapsed() < Duration::from_secs(1));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_vendor_that_comes_back_in_time_is_read_and_then_no_longer_timed() {
        let (source, _) = steady(vec![Err(refused()), Err(refused()), Ok(7)], false);
        assert_eq!(count(&source).await.unwrap(), Some(7));
        sleep(Duration::from_secs(500)).await;
        let error = count(&source).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transport, "it was reached before");
    }

    #[tokio::test(start_paused = true)]
    async fn what_an_answer_failed_with_is_for_whoever_reads() {
        let server = || Error::new(ErrorKind::Server, "system busy").with_status(500);
        for error in [cut(), server(), server().retryable()] {
            let (source, _) = steady(vec![Err(error), Ok(7)], false);
            let begun = Instant::now();
            assert!(count(&source).await.is_err());
            assert_eq!(begun.elapsed(), Duration::ZERO);
        }
    }
}
