use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use orders_core::{Error, ErrorKind};
use orders_http::testing::{MemoryTransport, SeededRandomness};
use orders_http::{Attempt, RetryPolicy, TransportErrorKind};

use crate::support::*;

#[tokio::test(start_paused = true)]
async fn after_429_and_503_the_answer_comes() {
    let transport = MemoryTransport::new();
    transport
        .reply(429, "slow down")
        .reply(503, "")
        .reply(200, "data");
    assert_eq!(get(&engine(&transport)).await.unwrap(), "data");
    assert_times(&transport.sent_at(), &[0, 500, 1500]);
}

#[tokio::test(start_paused = true)]
async fn the_last_error_says_how_often_and_how_long_it_was_tried() {
    let transport = MemoryTransport::new();
    transport.otherwise(|_| {
        let headers = [("traceid", "6a98")];
        Ok(orders_http::testing::response(
            503,
            &headers,
            r#"{"token":"abc"}"#,
        ))
    });
    let error = get(&engine(&transport)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Server);
    assert_eq!(
        (error.vendor(), error.endpoint()),
        (Some("acme"), Some("GET orders"))
    );
    assert_eq!(
        (error.status(), error.trace_id()),
        (Some(503), Some("6a98"))
    );
    assert_eq!(error.attempts(), 4);
    assert_times(&[error.elapsed()], &[3500]);
    assert_eq!(error.excerpt(), Some(r#"{"token":"***"}"#));
    assert!(error.is_retryable());
    assert_times(&transport.sent_at(), &[0, 500, 1500, 3500]);
}

#[tokio::test(start_paused = true)]
async fn jitter_spreads_the_waits_under_the_cap() {
    let mut firsts = Vec::new();
    for seed in 0..50 {
        let transport = MemoryTransport::new();
        transport.otherwise(|_| Ok(orders_http::testing::response(503, &[], "")));
        let retry = RetryPolicy::default()
            .max_attempts(9)
            .cap(Duration::from_secs(2));
        let engine = options(&transport)
            .retry(retry)
            .randomness(Arc::new(SeededRandomness::new(seed)))
            .build()
            .unwrap();
        get(&engine).await.unwrap_err();
        let at = transport.sent_at();
        assert_eq!(at.len(), 9);
        let waits: Vec<u128> = at
            .windows(2)
            .map(|two| (two[1] - two[0]).as_millis())
            .collect();
        let ceilings = [500, 1000, 2000, 2000, 2000, 2000, 2000, 2000];
        assert!(
            waits
                .iter()
                .zip(ceilings)
                .all(|(wait, ceiling)| *wait <= ceiling + 1)
        );
        firsts.push(waits[0]);
    }
    assert!(firsts.iter().any(|wait| *wait < 100) && firsts.iter().any(|wait| *wait > 400));
}

#[tokio::test(start_paused = true)]
async fn only_what_read_allows_is_tried_again() {
    for status in [400, 401, 403, 404, 422, 500] {
        let transport = MemoryTransport::new();
        transport.reply(status, "no").reply(200, "data");
        let error = get(&engine(&transport)).await.unwrap_err();
        assert_eq!(error.status(), Some(status));
        assert_eq!((error.attempts(), error.is_retryable()), (1, false));
    }

    // A vendor's own busy code, with HTTP 200.
    let transport = MemoryTransport::new();
    transport.reply(200, r#"{"code":5001}"#).reply(200, "data");
    let busy = |reply: &orders_http::Reply| match reply.body().starts_with(b"{") {
        true => Err(Error::new(ErrorKind::Server, "busy")
            .with_code("5001")
            .retryable()),
        false => Ok(()),
    };
    engine(&transport)
        .run(&READ, |_| orders(), busy)
        .await
        .unwrap();
    assert_eq!(transport.requests().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_error_of_read_gets_what_it_lacks_and_keeps_what_it_has() {
    let transport = MemoryTransport::new();
    transport.reply_with(200, &[("traceid", "6a98")], "{]");
    let read = |_: &orders_http::Reply| -> Result<(), Error> {
        Err(Error::decode("rows[3].id", "no text"))
    };
    let error = engine(&transport)
        .run(&READ, |_| orders(), read)
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "acme GET orders: no text at rows[3].id (decode, HTTP 200, trace 6a98, 1 attempt in 0.0ns); body: {]"
    );

    transport.reply_with(200, &[("traceid", "6a98")], "{]");
    let read = |_: &orders_http::Reply| -> Result<(), Error> {
        Err(Error::decode("a", "b")
            .with_status(207)
            .with_trace_id("own")
            .with_excerpt("own"))
    };
    let error = engine(&transport)
        .run(&READ, |_| orders(), read)
        .await
        .unwrap_err();
    assert_eq!(
        (error.status(), error.trace_id(), error.excerpt()),
        (Some(207), Some("own"), Some("own"))
    );
}

#[tokio::test]
async fn a_compressed_answer_that_was_not_requested_is_named() {
    let gzip = Bytes::from_static(b"\x1f\x8b\x08\x00binary");
    let json = Bytes::from_static(b"{}");
    for (status, encoding, body, named) in [
        (200, None, &gzip, true),
        (200, Some("gzip"), &gzip, true),
        (200, Some("br"), &Bytes::from_static(b"\x8bbinary"), true),
        (200, Some("gzip"), &json, false),
        (200, Some("identity"), &json, false),
        (503, Some("gzip"), &gzip, true),
    ] {
        let transport = MemoryTransport::new();
        let headers: Vec<_> = encoding
            .map(|it| ("content-encoding", it))
            .into_iter()
            .collect();
        transport.reply_with(status, &headers, body.clone());
        let once = options(&transport).retry(RetryPolicy::none());
        let engine = once.build().unwrap();
        let answer = engine.run(&READ, |_| orders(), read).await;
        let Err(error) = answer else {
            assert!(!named, "{encoding:?}");
            continue;
        };
        assert!(named && !error.to_string().contains("binary"), "{error}");
        assert!(error.to_string().contains("compressed"), "{error}");
        let kind = match status {
            200 => ErrorKind::Decode,
            _ => ErrorKind::Server,
        };
        assert_eq!(error.kind(), kind);
    }
}

#[tokio::test(start_paused = true)]
async fn what_must_not_be_sent_twice_is_not() {
    let write = |transport: &MemoryTransport| {
        let engine = engine(transport);
        async move { engine.run(&WRITE, |_| orders(), read).await }
    };
    for kind in [TransportErrorKind::Timeout, TransportErrorKind::Interrupted] {
        let transport = MemoryTransport::new();
        transport.fail(kind).reply(200, "data");
        let error = write(&transport).await.unwrap_err();
        assert_eq!(
            (error.attempts(), error.is_retryable()),
            (1, false),
            "{kind:?}"
        );
    }
    let transport = MemoryTransport::new();
    transport.reply(503, "").reply(200, "data");
    assert_eq!(write(&transport).await.unwrap_err().attempts(), 1);

    let transport = MemoryTransport::new();
    transport.hang();
    assert_eq!(
        write(&transport).await.unwrap_err().kind(),
        ErrorKind::Timeout
    );
    assert_eq!(transport.requests().len(), 1);

    // Nothing was sent: safe for every call.
    let transport = MemoryTransport::new();
    transport
        .fail(TransportErrorKind::Connect)
        .reply(200, "data");
    assert_eq!(write(&transport).await.unwrap(), "data");
}

#[tokio::test(start_paused = true)]
async fn transport_failures_of_reads_are_tried_again() {
    let transport = MemoryTransport::new();
    transport
        .fail(TransportErrorKind::Connect)
        .fail(TransportErrorKind::Timeout)
        .fail(TransportErrorKind::Interrupted)
        .reply(200, "data");
    assert_eq!(get(&engine(&transport)).await.unwrap(), "data");

    let table = [
        (TransportErrorKind::TooLarge, ErrorKind::TooLarge),
        (TransportErrorKind::Redirect, ErrorKind::Config),
        (TransportErrorKind::Other, ErrorKind::Transport),
    ];
    for (kind, expected) in table {
        let transport = MemoryTransport::new();
        transport.fail(kind).reply(200, "data");
        let error = get(&engine(&transport)).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (expected, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn no_retries_means_one_attempt() {
    let transport = MemoryTransport::new();
    transport.reply(429, "").reply(200, "data");
    let engine = options(&transport)
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    assert_eq!(get(&engine).await.unwrap_err().attempts(), 1);
}

#[tokio::test(start_paused = true)]
async fn each_attempt_is_built_anew_with_the_time_it_is_sent() {
    let transport = MemoryTransport::new();
    transport.reply(429, "").reply(429, "").reply(200, "data");
    let seen = Mutex::new(Vec::new());
    let build = |attempt: Attempt| {
        let millis = attempt
            .now
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap()
            .as_millis();
        seen.lock().unwrap().push(attempt.number);
        let request = http::Request::get("https://acme.example/orders")
            .header("x-timestamp", millis.to_string());
        Ok(request.body(Bytes::new()).unwrap())
    };
    engine(&transport).run(&READ, build, read).await.unwrap();

    assert_eq!(*seen.lock().unwrap(), [1, 2, 3]);
    let stamps: Vec<Duration> = transport
        .requests()
        .iter()
        .map(|request| {
            request.headers()["x-timestamp"]
                .to_str()
                .unwrap()
                .parse()
                .unwrap()
        })
        .map(|millis: u64| Duration::from_millis(millis - START_MILLIS))
        .collect();
    assert_times(&stamps, &[0, 500, 1500]);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_cannot_be_built_is_not_sent() {
    let transport = MemoryTransport::new();
    let build = |_: Attempt| Err(Error::invalid_request("limit is above 100"));
    let error = engine(&transport)
        .run(&READ, build, read)
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::InvalidRequest, 0)
    );
    assert_eq!(error.endpoint(), Some("GET orders"));
    assert!(transport.requests().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_user_agent_is_added_where_there_is_none() {
    let transport = MemoryTransport::new();
    transport.reply(200, "").reply(200, "");
    let engine = options(&transport).user_agent("shop/2").build().unwrap();
    get(&engine).await.unwrap();
    let own = |_: Attempt| {
        let request = http::Request::get("https://acme.example/").header("user-agent", "own");
        Ok(request.body(Bytes::new()).unwrap())
    };
    engine.run(&READ, own, read).await.unwrap();
    let agents: Vec<_> = transport
        .requests()
        .iter()
        .map(|request| request.headers()["user-agent"].clone())
        .collect();
    assert_eq!(agents, ["shop/2", "own"]);
}

#[tokio::test]
async fn an_engine_with_senseless_settings_is_refused() {
    let transport = MemoryTransport::new();
    let none = RetryPolicy::default().max_attempts(0);
    let refused = [
        options(&transport).deadline(Duration::ZERO),
        options(&transport).attempt_timeout(Duration::ZERO),
        options(&transport).retry(none),
        options(&transport).max_body(0),
        options(&transport).user_agent("a\nb"),
    ];
    for options in refused {
        assert_eq!(options.build().unwrap_err().kind(), ErrorKind::Config);
    }
}
