//! The program over vendors whose totals and pages are not what they should be.

#[path = "../../../orders-reader/tests/liars/table.rs"]
mod table;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use table::{End, Liar, PAGE, Said, liars};
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use crate::support::Place;

/// A liar over HTTP, in Clink's words.
struct Clink {
    liar: Liar,
    requests: AtomicUsize,
}

impl Respond for Clink {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let number = |name: &str| {
            let mut pairs = request.url.query_pairs();
            pairs.find_map(|(key, value)| (key == name).then(|| value.parse().unwrap()))
        };
        assert_eq!(number("pageSize"), Some(PAGE));
        let before = self.requests.fetch_add(1, Ordering::SeqCst);
        let answer = self.liar.answer(before, number("pageNum").unwrap_or(1));
        let row = |number| {
            format!(
                r#"{{"orderId":"order_{number}","amountTotal":1.50,"createTime":1700000000000}}"#
            )
        };
        let rows = answer.rows.map(|rows| rows.map(row).collect::<Vec<_>>());
        let rows = rows.map_or("null".to_owned(), |rows| format!("[{}]", rows.join(",")));
        let total = match answer.total {
            Said::Number(total) => format!(r#""total":{total},"#),
            Said::Null => r#""total":null,"#.to_owned(),
            Said::Nothing => String::new(),
        };
        let body = format!(r#"{{"code":200,{total}"rows":{rows}}}"#);
        ResponseTemplate::new(200).set_body_raw(body, "application/json")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn list_gives_every_order_or_says_that_it_did_not() {
    for liar in liars() {
        let server = MockServer::start().await;
        let requests = AtomicUsize::new(0);
        Mock::given(method("GET"))
            .respond_with(Clink { liar, requests })
            .mount(&server)
            .await;
        let url = format!("{}/api/", server.uri());
        let place = Place::new().with("CLINK_API_KEY", "sk_test_hush");
        let ran = place.run(&["list", "clink", "--base-url", &url]);
        let seen = format!("{}, {liar:?}: {}", liar.name, ran.err);
        let unproven = ran.err.contains("unproven");
        let came: BTreeSet<_> = ran.lines().into_iter().collect();
        match liar.end {
            End::Refused => assert!(matches!(ran.code, 1 | 7), "{} {seen}", ran.code),
            end => {
                assert_eq!((ran.code, unproven), (0, end == End::Unproven), "{seen}");
                assert_eq!(came.len(), liar.orders, "{seen}");
            }
        }
        assert_eq!(came.len(), ran.lines().len(), "{seen}");
        // The server waits for itself when it is dropped, which a task that never yields cannot.
        tokio::task::yield_now().await;
    }
}
