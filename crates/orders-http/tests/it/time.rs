use std::time::Duration;

use orders_core::ErrorKind;
use orders_http::testing::MemoryTransport;
use orders_http::{RateLimit, RateLimiter, RetryPolicy};
use tokio::time::Instant;

use crate::support::*;

async fn answer_after(retry_after: &str) -> MemoryTransport {
    let transport = MemoryTransport::new();
    transport
        .reply_with(429, &[("retry-after", retry_after)], "slow down")
        .reply(200, "data");
    assert_eq!(get(&engine(&transport)).await.unwrap(), "data");
    transport
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_waited_for_in_each_form() {
    assert_times(&answer_after("7").await.sent_at(), &[0, 7500]);
    assert_times(&answer_after("1.5").await.sent_at(), &[0, 2000]);
    assert_times(
        &answer_after("Sun, 06 Nov 1994 08:49:47 GMT")
            .await
            .sent_at(),
        &[0, 10_500],
    );
    // Passed, or not readable: the own wait alone.
    assert_times(
        &answer_after("Sun, 06 Nov 1994 08:00:00 GMT")
            .await
            .sent_at(),
        &[0, 500],
    );
    assert_times(&answer_after("soon").await.sent_at(), &[0, 500]);
}

#[tokio::test(start_paused = true)]
async fn a_longer_wait_than_allowed_ends_the_call_and_is_named() {
    for (value, seconds) in [("61", 61), ("Sun, 06 Nov 1994 09:49:37 GMT", 3600)] {
        let transport = MemoryTransport::new();
        transport
            .reply_with(429, &[("retry-after", value)], "slow down")
            .reply(200, "data");
        let error = get(&engine(&transport)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::RateLimit);
        assert_eq!(error.retry_after(), Some(Duration::from_secs(seconds)));
        assert_eq!((error.attempts(), error.elapsed()), (1, Duration::ZERO));
        let hint = format!(
            "the vendor asks to wait {seconds}s, longer than the 60s this client waits by itself"
        );
        assert_eq!(error.hint(), Some(hint.as_str()));
        assert!(error.is_retryable(), "later, by the caller");
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_does_not_fit_into_the_deadline_is_not_begun() {
    let transport = MemoryTransport::new();
    transport
        .reply_with(429, &[("retry-after", "30")], "slow down")
        .reply(200, "data");
    let engine = options(&transport)
        .deadline(Duration::from_secs(20))
        .build()
        .unwrap();
    let error = get(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimit);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(30)));
    assert_eq!((error.attempts(), error.elapsed()), (1, Duration::ZERO));
    assert!(error.hint().unwrap().contains("deadline of 20s"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_takes_too_long_is_dropped_and_tried_again() {
    let transport = MemoryTransport::new();
    transport
        .hang()
        .wait(Duration::from_secs(29))
        .reply(200, "data");
    assert_eq!(get(&engine(&transport)).await.unwrap(), "data");
    assert_times(&transport.sent_at(), &[0, 30_500]);

    let transport = MemoryTransport::new();
    transport.hang();
    let engine = options(&transport)
        .attempt_timeout(Duration::from_secs(5))
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    let error = get(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(error.message(), "no whole answer within 5s");
}

#[tokio::test(start_paused = true)]
async fn the_deadline_cuts_an_attempt_and_keeps_the_failure_before_it() {
    let transport = MemoryTransport::new();
    transport.reply(503, "down").hang();
    let engine = options(&transport)
        .deadline(Duration::from_secs(10))
        .build()
        .unwrap();
    let error = get(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(error.message(), "the deadline of 10s passed");
    assert_eq!(error.attempts(), 2);
    assert_times(&[error.elapsed()], &[10_000]);
    let before = std::error::Error::source(&error).unwrap().to_string();
    assert!(before.contains("HTTP 503"), "{before}");
}

#[tokio::test(start_paused = true)]
async fn the_deadline_holds_over_all_attempts() {
    let transport = MemoryTransport::new();
    transport.hang().hang().hang().hang();
    let start = Instant::now();
    let engine = options(&transport)
        .deadline(Duration::from_secs(70))
        .build()
        .unwrap();
    let error = get(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 3));
    assert_times(&[start.elapsed()], &[70_000]);
}

#[tokio::test(start_paused = true)]
async fn attempts_keep_to_the_rate_limit() {
    let transport = MemoryTransport::new();
    transport.otherwise(|_| Ok(orders_http::testing::response(200, &[], "data")));
    let engine = options(&transport)
        .rate_limit(RateLimit::new(4, 2).unwrap())
        .build()
        .unwrap();
    for _ in 0..5 {
        get(&engine.clone()).await.unwrap();
    }
    assert_times(&transport.sent_at(), &[0, 0, 250, 500, 750]);
}

#[tokio::test(start_paused = true)]
async fn a_retry_takes_a_token_too_and_its_timestamp_is_made_after_the_wait() {
    let transport = MemoryTransport::new();
    transport.reply(429, "").reply(200, "data");
    let engine = options(&transport)
        .rate_limit(RateLimit::new(1, 1).unwrap())
        .build()
        .unwrap();
    let build = |attempt: orders_http::Attempt| {
        let since = attempt.now.duration_since(std::time::UNIX_EPOCH).unwrap();
        let late = since.as_millis() - u128::from(START_MILLIS);
        request(&format!("https://acme.example/{late}"))
    };
    engine.run(&READ, build, read).await.unwrap();
    assert_times(&transport.sent_at(), &[0, 1000]);
    let stamp: u64 = transport.requests()[1].uri().path()[1..].parse().unwrap();
    assert!((1000..=1010).contains(&stamp), "{stamp}");
}

#[tokio::test(start_paused = true)]
async fn a_hundred_calls_of_two_engines_share_one_bucket() {
    let transport = MemoryTransport::new();
    transport.otherwise(|_| Ok(orders_http::testing::response(200, &[], "data")));
    let limiter = RateLimiter::new(RateLimit::new(4, 40).unwrap());
    let engines = [
        options(&transport)
            .limiter(limiter.clone())
            .build()
            .unwrap(),
        options(&transport).limiter(limiter).build().unwrap(),
    ];
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..100 {
        let engine = engines[n % 2].clone();
        tasks.spawn(async move { get(&engine).await.unwrap() });
    }
    tasks.join_all().await;
    let at = transport.sent_at();
    assert_eq!(at.iter().filter(|at| at.is_zero()).count(), 40);
    assert_times(&[at[99]], &[15_000]);
}

#[tokio::test(start_paused = true)]
async fn waiting_for_the_rate_limit_counts_against_the_deadline() {
    let transport = MemoryTransport::new();
    transport.reply(200, "data").reply(200, "data");
    let engine = options(&transport)
        .rate_limit(RateLimit::new(1, 1).unwrap())
        .deadline(Duration::from_millis(500))
        .build()
        .unwrap();
    get(&engine).await.unwrap();
    let error = get(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimit);
    assert_eq!(
        error.message(),
        "waited for the local rate limit (1 per second, burst 1) until the deadline of 500ms passed"
    );
    assert_eq!((error.attempts(), error.is_retryable()), (0, true));
    assert_eq!(transport.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_call_leaves_the_engine_working() {
    let transport = MemoryTransport::new();
    transport.hang().reply(200, "data");
    let engine = options(&transport)
        .rate_limit(RateLimit::new(4, 4).unwrap())
        .build()
        .unwrap();
    let dropped = tokio::time::timeout(Duration::from_secs(1), get(&engine));
    assert!(dropped.await.is_err());
    assert_eq!(get(&engine).await.unwrap(), "data");
}
