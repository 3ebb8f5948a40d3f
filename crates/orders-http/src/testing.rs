//! Doubles for tests: a transport in memory, a clock that follows tokio's paused time, waits without chance.

use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use bytes::Bytes;
use http::StatusCode;
use tokio::time::Instant;

use crate::clock::{Clock, Randomness, part_of};
use crate::transport::{Transport, TransportError, TransportErrorKind, TransportLimits};

type Outcome = Result<http::Response<Bytes>, TransportError>;
type Handler = Box<dyn FnMut(&http::Request<Bytes>) -> Outcome + Send>;
type Fallback = Arc<dyn Fn(&http::Request<Bytes>) -> Outcome + Send + Sync>;

/// A transport without sockets: answers by its script, first step first, and records what was sent.
///
/// Clones share script and record. When the script is over and there is no [`otherwise`](Self::otherwise), sending
/// fails with [`TransportErrorKind::Other`].
///
/// ```
/// use orders_http::testing::MemoryTransport;
/// let transport = MemoryTransport::new();
/// transport.reply(429, "slow down").reply(200, "{}");
/// assert_eq!(transport.requests().len(), 0);
/// ```
#[derive(Clone)]
pub struct MemoryTransport {
    state: Arc<Mutex<State>>,
    started: Instant,
}

#[derive(Default)]
struct State {
    steps: VecDeque<Step>,
    otherwise: Option<Fallback>,
    sent: Vec<(Duration, http::Request<Bytes>)>,
}

enum Step {
    Handle(Handler),
    Wait(Duration),
    Hang,
}

impl Default for MemoryTransport {
    fn default() -> Self {
        Self {
            state: Arc::default(),
            started: Instant::now(),
        }
    }
}

impl MemoryTransport {
    /// A transport with an empty script.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Then answers with this status and body. A number that is no HTTP status is answered as 500.
    pub fn reply(&self, status: u16, body: impl Into<Bytes>) -> &Self {
        self.reply_with(status, &[], body)
    }

    /// Then answers with this status, these headers and this body. Headers that HTTP does not allow are left out.
    pub fn reply_with(
        &self,
        status: u16,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> &Self {
        self.respond(response(status, headers, body))
    }

    /// Then answers with this response.
    pub fn respond(&self, response: http::Response<Bytes>) -> &Self {
        self.handle(move |_| Ok(response.clone()))
    }

    /// Then fails.
    pub fn fail(&self, kind: TransportErrorKind) -> &Self {
        self.handle(move |_| Err(TransportError::new(kind, "failed by script")))
    }

    /// Then answers by looking at the request.
    pub fn handle(
        &self,
        handler: impl FnMut(&http::Request<Bytes>) -> Outcome + Send + 'static,
    ) -> &Self {
        self.push(Step::Handle(Box::new(handler)))
    }

    /// Waits before the answer of the next step.
    pub fn wait(&self, time: Duration) -> &Self {
        self.push(Step::Wait(time))
    }

    /// Then never answers.
    pub fn hang(&self) -> &Self {
        self.push(Step::Hang)
    }

    /// Answers every request after the script is over.
    pub fn otherwise(
        &self,
        handler: impl Fn(&http::Request<Bytes>) -> Outcome + Send + Sync + 'static,
    ) -> &Self {
        self.lock().otherwise = Some(Arc::new(handler));
        self
    }

    /// What was sent, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<http::Request<Bytes>> {
        self.lock()
            .sent
            .iter()
            .map(|(_, request)| request.clone())
            .collect()
    }

    /// When each request was sent, counted from the making of this transport.
    #[must_use]
    pub fn sent_at(&self) -> Vec<Duration> {
        self.lock().sent.iter().map(|(at, _)| *at).collect()
    }

    /// How many answers of the script were not requested.
    #[must_use]
    pub fn left(&self) -> usize {
        let state = self.lock();
        let waits = |step: &&Step| matches!(step, Step::Wait(_));
        state.steps.len() - state.steps.iter().filter(waits).count()
    }

    fn push(&self, step: Step) -> &Self {
        self.lock().steps.push_back(step);
        self
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next_step(&self) -> Option<Step> {
        self.lock().steps.pop_front()
    }

    fn answer_otherwise(&self, request: &http::Request<Bytes>) -> Outcome {
        let fallback = self.lock().otherwise.clone();
        match fallback {
            Some(fallback) => fallback(request),
            None => Err(TransportError::new(
                TransportErrorKind::Other,
                "no answer is scripted for this request",
            )),
        }
    }
}

#[async_trait]
impl Transport for MemoryTransport {
    async fn send(&self, request: http::Request<Bytes>, limits: TransportLimits) -> Outcome {
        self.lock()
            .sent
            .push((self.started.elapsed(), request.clone()));
        let outcome = loop {
            match self.next_step() {
                Some(Step::Wait(time)) => tokio::time::sleep(time).await,
                Some(Step::Hang) => std::future::pending().await,
                Some(Step::Handle(mut handler)) => break handler(&request),
                None => break self.answer_otherwise(&request),
            }
        };
        match outcome {
            Ok(response) if response.body().len() > limits.max_body => {
                Err(TransportError::too_large(limits.max_body, None))
            }
            outcome => outcome,
        }
    }
}

/// Shows numbers only: requests hold secrets.
impl fmt::Debug for MemoryTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.lock();
        f.debug_struct("MemoryTransport")
            .field("steps", &state.steps.len())
            .field("sent", &state.sent.len())
            .finish_non_exhaustive()
    }
}

/// A response from plain parts. A number that is no HTTP status becomes 500; headers that HTTP does not allow are left
/// out.
#[must_use]
pub fn response(
    status: u16,
    headers: &[(&str, &str)],
    body: impl Into<Bytes>,
) -> http::Response<Bytes> {
    let mut response = http::Response::new(body.into());
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in headers {
        let name = http::HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, http::HeaderValue::from_str(value)) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

/// A wall clock that starts at a given time and advances with tokio's time, paused or not.
#[derive(Clone, Copy, Debug)]
pub struct TestClock {
    start: SystemTime,
    started: Instant,
}

impl TestClock {
    /// A clock that shows `unix_millis` (milliseconds since 1970 in UTC) now.
    #[must_use]
    pub fn at_unix_millis(unix_millis: u64) -> Self {
        Self {
            start: SystemTime::UNIX_EPOCH + Duration::from_millis(unix_millis),
            started: Instant::now(),
        }
    }
}

impl Clock for TestClock {
    fn now(&self) -> SystemTime {
        self.start + self.started.elapsed()
    }
}

/// Always waits as long as allowed.
#[derive(Clone, Copy, Debug, Default)]
pub struct LongestWait;

impl Randomness for LongestWait {
    fn up_to(&self, max: Duration) -> Duration {
        max
    }
}

/// Draws the same waits in every run (SplitMix64).
#[derive(Debug)]
pub struct SeededRandomness {
    state: AtomicU64,
}

impl SeededRandomness {
    /// The sequence of this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            state: AtomicU64::new(seed),
        }
    }
}

impl Randomness for SeededRandomness {
    fn up_to(&self, max: Duration) -> Duration {
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut z = self
            .state
            .fetch_add(STEP, Ordering::Relaxed)
            .wrapping_add(STEP);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        part_of(max, z ^ (z >> 31))
    }
}
