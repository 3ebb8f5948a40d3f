//! One call under way: what was sent, how long it took, and whether to send again.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use http::Uri;
use orders_core::{Error, ErrorKind};
use tokio::time::{Instant, timeout};

use crate::endpoint::Endpoint;
use crate::observer::{Event, EventKind};
use crate::origin::Origin;
use crate::redact;
use crate::reply::Reply;
use crate::settings::{Attempt, Settings};
use crate::transport::{TransportError, TransportErrorKind, TransportLimits};

pub(crate) struct Run<'a> {
    settings: &'a Settings,
    endpoint: &'a Endpoint,
    started: Instant,
    /// How many requests were given to the transport.
    sent: u32,
    /// Why the last attempt failed, where there was one.
    last: Option<Error>,
}

/// An attempt that gave no value.
pub(crate) struct Failure {
    error: Error,
    /// The vendor cannot have seen the request.
    unsent: bool,
}

impl Failure {
    pub(crate) fn of_reply(error: Error, reply: &Reply) -> Self {
        reply.describe(error).into()
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self {
            error,
            unsent: false,
        }
    }
}

impl<'a> Run<'a> {
    pub(crate) fn start(settings: &'a Settings, endpoint: &'a Endpoint) -> Self {
        Self {
            settings,
            endpoint,
            started: Instant::now(),
            sent: 0,
            last: None,
        }
    }

    /// Takes a token of the local rate limit, or fails when the deadline passes before one is free.
    pub(crate) async fn wait_for_rate_limit(&mut self) -> Result<(), Error> {
        let Some(limiter) = self.settings.options.bucket() else {
            return Ok(());
        };
        if let Ok(waited) = timeout(self.remaining(), limiter.acquire()).await {
            if !waited.is_zero() {
                tracing::debug!(wait_ms = millis(waited), "waited for the local rate limit");
                self.notify(EventKind::RateLimited { waited });
            }
            return Ok(());
        }
        let limit = limiter.limit();
        let error = Error::new(
            ErrorKind::RateLimit,
            format!(
                "waited for the local rate limit ({} per second, burst {}) until the deadline of {:?} passed",
                limit.per_second, limit.burst, self.settings.options.call_time()
            ),
        )
        .with_hint("send fewer calls at once, or allow a longer deadline");
        let error = self.if_safe_retryable(error);
        let error = self.with_last_failure(error);
        Err(self.finish(error))
    }

    /// The attempt to build a request for.
    pub(crate) fn next_attempt(&self) -> Attempt {
        Attempt::new(self.sent + 1, self.settings.options.time().now())
    }

    /// Sends the request within the attempt timeout and what is left of the deadline.
    pub(crate) async fn send(
        &mut self,
        mut request: http::Request<Bytes>,
    ) -> Result<Reply, Failure> {
        self.check_host(request.uri())?;
        let headers = request.headers_mut();
        if !headers.contains_key(http::header::USER_AGENT) {
            headers.insert(http::header::USER_AGENT, self.settings.user_agent.clone());
        }
        let sent_to = request.uri().clone();
        let limits = TransportLimits::new(self.settings.options.body_cap());
        let limit = self.remaining().min(self.settings.options.attempt_time());

        self.sent += 1;
        self.settings.sent.fetch_add(1, Ordering::Relaxed);
        match timeout(limit, self.settings.transport.send(request, limits)).await {
            Ok(Ok(response)) => self.accept(response, &sent_to),
            Ok(Err(error)) => Err(self.transport_failure(error)),
            Err(_) => Err(self.timed_out()),
        }
    }

    fn check_host(&self, uri: &Uri) -> Result<(), Error> {
        let allowed = self.settings.base.origin();
        let asked = Origin::of(uri);
        if asked.as_ref() == Some(&allowed) {
            return Ok(());
        }
        let asked = asked.map_or_else(|| "no host".to_owned(), |origin| origin.to_string());
        Err(Error::invalid_request(format!(
            "this client sends only to {allowed}, not to {asked}"
        )))
    }

    fn accept(&self, response: http::Response<Bytes>, sent_to: &Uri) -> Result<Reply, Failure> {
        let max_body = self.settings.options.body_cap();
        if response.body().len() > max_body {
            return Err(self.transport_failure(TransportError::too_large(max_body, None)));
        }
        let reply = Reply::new(response, self.settings.options.time().now())
            .hiding(Arc::clone(&self.settings.own));
        if reply.status().is_redirection() {
            let error = redirected(&redirect_target(&reply, sent_to));
            return Err(Failure::of_reply(error, &reply));
        }
        // The status of a failure says enough without its body.
        if reply.is_success() && reply.compression().is_some() {
            return Err(Failure::of_reply(compressed(), &reply));
        }
        Ok(reply)
    }

    fn transport_failure(&self, failure: TransportError) -> Failure {
        let message =
            redact::excerpt_without(failure.message().as_bytes(), 400, &self.settings.own);
        let error = match failure.kind() {
            TransportErrorKind::Connect => Error::new(ErrorKind::Transport, message).retryable(),
            TransportErrorKind::Timeout => {
                self.if_safe_retryable(Error::new(ErrorKind::Timeout, message))
            }
            TransportErrorKind::Interrupted => {
                self.if_safe_retryable(Error::new(ErrorKind::Transport, message))
            }
            TransportErrorKind::TooLarge => Error::new(ErrorKind::TooLarge, message)
                .with_hint("ask for fewer rows at once: a smaller page, or a shorter window"),
            TransportErrorKind::Redirect => redirected(&message),
            TransportErrorKind::Config => Error::new(ErrorKind::Config, message),
            TransportErrorKind::Other => Error::new(ErrorKind::Transport, message),
        };
        let unsent = failure.kind() == TransportErrorKind::Connect;
        let error = match failure.into_source() {
            Some(source) => error.with_source(source),
            None => error,
        };
        Failure { error, unsent }
    }

    fn timed_out(&mut self) -> Failure {
        if self.remaining().is_zero() {
            let message = format!(
                "the deadline of {:?} passed",
                self.settings.options.call_time()
            );
            let error = self.if_safe_retryable(Error::new(ErrorKind::Timeout, message));
            return self.with_last_failure(error).into();
        }
        let message = format!(
            "no whole answer within {:?}",
            self.settings.options.attempt_time()
        );
        self.if_safe_retryable(Error::new(ErrorKind::Timeout, message))
            .into()
    }

    /// How long to wait before the next attempt, or the call's error where there is none.
    pub(crate) fn wait_before_retry(&mut self, failure: Failure) -> Result<Duration, Error> {
        let failure = Failure {
            error: self.masked(failure.error),
            ..failure
        };
        let next = self.next_wait(&failure);
        self.failed(&failure.error, next.as_ref().ok().copied());
        match next {
            Ok(wait) => {
                self.last = Some(failure.error);
                Ok(wait)
            }
            Err(Some(hint)) => Err(self.finish(failure.error.with_hint(hint))),
            Err(None) => Err(self.finish(failure.error)),
        }
    }

    /// The wait, or why there is none where that is worth saying.
    fn next_wait(&self, failure: &Failure) -> Result<Duration, Option<String>> {
        let retry = self.settings.options.retries();
        let safe = self.endpoint.retry_safe || failure.unsent;
        if !safe || !failure.error.is_retryable() {
            return Err(None);
        }
        let asked = failure.error.retry_after();
        if let Some(asked) = asked.filter(|asked| *asked > retry.max_retry_after) {
            return Err(Some(format!(
                "the vendor asks to wait {asked:?}, longer than the {:?} this client waits by itself",
                retry.max_retry_after
            )));
        }
        if self.sent >= retry.max_attempts {
            return Err(None);
        }
        let wait = retry.wait(self.sent, asked, self.settings.options.chance());
        if wait >= self.remaining() {
            return Err(Some(format!(
                "a wait of {wait:.1?} before the next attempt does not fit into the deadline of {:?}",
                self.settings.options.call_time()
            )));
        }
        Ok(wait)
    }

    /// The error as the caller gets it.
    pub(crate) fn finish(&self, error: Error) -> Error {
        self.masked(error)
            .at(self.settings.vendor, self.endpoint.name)
            .with_attempts(self.sent, self.started.elapsed())
    }

    /// The error without the client's own secrets.
    fn masked(&self, error: Error) -> Error {
        error.with_texts(|text| self.settings.own.mask(text, false))
    }

    pub(crate) fn succeeded(&self, reply: &Reply) {
        let trace_id = reply.trace_id();
        let trace_id = trace_id.map(|trace_id| self.settings.own.mask(trace_id, false));
        let trace_id = trace_id.as_deref();
        tracing::debug!(
            vendor = self.settings.vendor,
            endpoint = self.endpoint.name,
            attempt = self.sent,
            status = reply.status().as_u16(),
            trace_id,
            elapsed_ms = millis(self.started.elapsed()),
            "answered"
        );
        self.notify(EventKind::Succeeded {
            status: reply.status().as_u16(),
            trace_id,
        });
    }

    fn failed(&self, error: &Error, wait: Option<Duration>) {
        tracing::warn!(
            vendor = self.settings.vendor,
            endpoint = self.endpoint.name,
            attempt = self.sent,
            kind = error.kind().as_str(),
            status = error.status(),
            trace_id = error.trace_id(),
            wait_ms = wait.map(millis),
            elapsed_ms = millis(self.started.elapsed()),
            "attempt failed"
        );
        self.notify(EventKind::Failed {
            error,
            retry_in: wait,
        });
    }

    fn notify(&self, what: EventKind<'_>) {
        if let Some(observer) = self.settings.options.observed_by() {
            observer.observe(&Event {
                vendor: self.settings.vendor,
                endpoint: self.endpoint.name,
                attempts: self.sent,
                elapsed: self.started.elapsed(),
                what,
            });
        }
    }

    fn remaining(&self) -> Duration {
        self.settings
            .options
            .call_time()
            .saturating_sub(self.started.elapsed())
    }

    fn if_safe_retryable(&self, error: Error) -> Error {
        if self.endpoint.retry_safe || self.sent == 0 {
            error.retryable()
        } else {
            error
        }
    }

    fn with_last_failure(&mut self, error: Error) -> Error {
        match self.last.take() {
            Some(last) => error.with_source(last),
            None => error,
        }
    }
}

fn compressed() -> Error {
    let message = "the answer is compressed, which was not requested";
    Error::new(ErrorKind::Decode, message).with_hint("look for a proxy on the way that compresses")
}

fn redirected(target: &str) -> Error {
    Error::new(
        ErrorKind::Config,
        format!("redirected to {target}, not followed"),
    )
    .with_hint("check the base URL, or a proxy on the way")
}

fn redirect_target(reply: &Reply, sent_to: &Uri) -> String {
    let Some(location) = reply.header("location") else {
        return "nowhere (no Location header)".to_owned();
    };
    // A relative address stays on the host; only its path or query differs.
    let target = location.parse::<Uri>().ok();
    match target.as_ref().map(|uri| (Origin::of(uri), uri.host())) {
        Some((Some(origin), _)) if Some(&origin) == Origin::of(sent_to).as_ref() => {
            "another path of the same host".to_owned()
        }
        Some((Some(origin), _)) => origin.to_string(),
        Some((None, None)) if !location.starts_with("//") => {
            "another path of the same host".to_owned()
        }
        _ => "an address that cannot be read".to_owned(),
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
