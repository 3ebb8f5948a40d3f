//! Linkbest in memory: rows with a time, windows with edges of either reading, pages by number.

use linkbest_api::http::ClientOptions;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::Request;
use linkbest_api::http::testing::{LongestWait, MemoryTransport, TestClock, response};
use linkbest_api::{Client, ClientBuilder};
use serde_json::Value;

pub(crate) const KEY: &str = "testkey";
pub(crate) const SECRET: &str = "testsecret-topsecret";

/// A client over a transport, with a clock that follows tokio's time.
pub(crate) fn builder(transport: &MemoryTransport) -> ClientBuilder {
    Client::builder(KEY, SECRET)
        .base_url("https://linkbest.test/gateway")
        .account("main")
        .transport(Arc::new(transport.clone()))
        .options(
            ClientOptions::new()
                .clock(Arc::new(TestClock::at_unix_millis(1_792_000_000_000)))
                .randomness(Arc::new(LongestWait)),
        )
}

pub(crate) fn client(transport: &MemoryTransport) -> Client {
    builder(transport).build().unwrap()
}

/// The members of a request's body; all of them are strings.
pub(crate) fn sent(request: &Request<Bytes>) -> Value {
    let body: Value = serde_json::from_slice(request.body()).unwrap();
    assert!(body.as_object().unwrap().values().all(Value::is_string));
    body
}

pub(crate) fn number(body: &Value, name: &str) -> i64 {
    body[name].as_str().unwrap().parse().unwrap()
}

/// Whether `Stime` and `Etime` themselves belong to a window.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Edges {
    pub(crate) first: bool,
    pub(crate) last: bool,
}

impl Edges {
    /// All four readings.
    pub(crate) fn all() -> [Self; 4] {
        [(true, true), (true, false), (false, true), (false, false)]
            .map(|(first, last)| Self { first, last })
    }

    pub(crate) fn inside(self, time: i64, from: i64, to: i64) -> bool {
        (from < time || (self.first && from == time)) && (time < to || (self.last && time == to))
    }
}

/// The page of these rows that a request names.
pub(crate) fn page_of(body: &Value, rows: impl Iterator<Item = String>) -> String {
    let (page, size) = (number(body, "Page"), number(body, "PageSize"));
    let rows: Vec<String> = rows
        .skip(usize::try_from((page - 1) * size).unwrap())
        .take(usize::try_from(size).unwrap())
        .collect();
    format!(
        r#"{{"Status":0,"Message":"success","Data":[{}]}}"#,
        rows.join(",")
    )
}

/// Id and second of each row, in the vendor's order. A test may move rows between requests.
pub(crate) type Rows = Arc<Mutex<Vec<(u32, i64)>>>;

/// Answers queries over `rows`; `after_each` may change them after an answer.
pub(crate) fn serve(
    transport: &MemoryTransport,
    rows: &Rows,
    edges: Edges,
    after_each: impl Fn(usize, &mut Vec<(u32, i64)>) + Send + Sync + 'static,
) {
    let rows = rows.clone();
    let asked = Mutex::new(0);
    transport.otherwise(move |request| {
        let body = sent(request);
        let (from, to) = (number(&body, "Stime"), number(&body, "Etime"));
        assert!(from < to && to - from <= 86_400, "{from}..{to}");
        let mut rows = rows.lock().unwrap();
        let found = rows
            .iter()
            .filter(|(_, time)| edges.inside(*time, from, to))
            .map(|(id, _)| format!(r#"{{"Id":"{id}","ProgramId":"1","OrderSn":"n{id}"}}"#));
        let answer = page_of(&body, found);
        let mut asked = asked.lock().unwrap();
        *asked += 1;
        after_each(*asked, &mut rows);
        Ok(response(200, &[], answer))
    });
}
