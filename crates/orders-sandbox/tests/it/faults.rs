//! Every fault, as a plain client sees it.

use std::collections::BTreeSet;
use std::time::Duration;

use orders_sandbox::{Fault, FaultRule, Sandbox, Vendor};
use serde_json::{Value, json};

use crate::clink::ask as ask_clink;
use crate::linkbest::ask as ask_linkbest;
use crate::shopline::{links, unlimited};
use crate::store::ask as ask_store;
use crate::support::{Answer, http, now_ms, send};

/// One answer with an error instead of it where the connection broke.
async fn tried(request: reqwest::RequestBuilder) -> Result<(u16, String), reqwest::Error> {
    let response = request.send().await?;
    let status = response.status().as_u16();
    Ok((status, response.text().await?))
}

fn clink(sandbox: &Sandbox, query: &str) -> reqwest::RequestBuilder {
    let url = format!("{}order{query}", sandbox.clink_base_url());
    let request = http().get(url).header("X-API-KEY", sandbox.clink_api_key());
    request.header("X-Timestamp", now_ms().to_string())
}

/// Asks for the first orders of a vendor.
async fn ask(sandbox: &Sandbox, vendor: Vendor) -> Answer {
    match vendor {
        Vendor::Clink => ask_clink(sandbox, "?pageSize=5").await,
        Vendor::Linkbest => {
            let (from, _) = sandbox.linkbest_range();
            let (from, to) = (from.timestamp(), from.timestamp() + 86_400);
            ask_linkbest(
                sandbox,
                json!({"Stime": from.to_string(), "Etime": to.to_string()}),
            )
            .await
        }
        Vendor::Shopline => ask_store(sandbox, "orders.json?limit=5").await,
    }
}

const fn list(vendor: Vendor) -> &'static str {
    match vendor {
        Vendor::Clink => "rows",
        Vendor::Linkbest => "Data",
        Vendor::Shopline => "orders",
    }
}

async fn faulty(fault: Fault) -> Sandbox {
    let sandbox = unlimited(60).await;
    sandbox.set_faults(1, vec![FaultRule::new(fault).times(3)]);
    sandbox
}

#[tokio::test]
async fn failures_in_each_vendors_words() {
    let many = |retry_after_seconds| Fault::TooManyRequests {
        retry_after_seconds,
    };
    let cases = [
        (
            many(Some(7)),
            429,
            [
                r#"{"code":429,"msg":"Too many requests","data":null}"#,
                r#"{"Status":429,"Message":"Too many requests"}"#,
                r#"{"errors":"Too many request"}"#,
            ],
        ),
        (
            Fault::InternalError,
            500,
            [
                r#"{"code":500,"msg":"System error","data":null}"#,
                r#"{"Status":500,"Message":"System error"}"#,
                r#"{"errors":"System error"}"#,
            ],
        ),
        (
            Fault::Unavailable,
            503,
            [
                r#"{"code":503,"msg":"Service unavailable","data":null}"#,
                r#"{"Status":503,"Message":"Service unavailable"}"#,
                r#"{"errors":"Service unavailable"}"#,
            ],
        ),
        (
            Fault::ErrorCode,
            200,
            [
                r#"{"code":429,"msg":"Too many requests","data":null}"#,
                r#"{"Status":5001,"Message":"network busy"}"#,
                r#"{"errors":"The system is busy"}"#,
            ],
        ),
    ];
    for (fault, status, bodies) in cases {
        let sandbox = faulty(fault).await;
        for (vendor, body) in Vendor::ALL.into_iter().zip(bodies) {
            let answer = ask(&sandbox, vendor).await;
            assert_eq!((answer.status, answer.body.as_str()), (status, body));
            let after = answer.headers.get("retry-after");
            let expected = matches!(fault, Fault::TooManyRequests { .. }).then_some("7");
            assert_eq!(after.map(|value| value.to_str().unwrap()), expected);
        }
        assert_eq!(sandbox.fired(), [(fault.name(), 3)]);
        for vendor in Vendor::ALL {
            let answer = ask(&sandbox, vendor).await;
            assert!(
                !answer.raw(list(vendor)).is_empty(),
                "three times and no more"
            );
        }
        let faults: Vec<_> = sandbox.requests().iter().map(|seen| seen.fault).collect();
        assert_eq!(faults[..3], [Some(fault.name()); 3]);
        assert_eq!(faults[3..], [None; 3]);
    }
    let sandbox = faulty(many(None)).await;
    let answer = ask(&sandbox, Vendor::Shopline).await;
    assert_eq!(answer.headers.get("retry-after"), None);
}

#[tokio::test]
async fn a_page_of_html_under_200() {
    let sandbox = faulty(Fault::Html).await;
    for vendor in Vendor::ALL {
        let answer = ask(&sandbox, vendor).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.content_type, "text/html; charset=utf-8");
        assert!(answer.body.starts_with("<!DOCTYPE html>"));
    }
}

#[tokio::test]
async fn a_reset_ends_the_connection_without_an_answer() {
    let sandbox = faulty(Fault::Reset).await;
    let error = tried(clink(&sandbox, "")).await.unwrap_err();
    assert!(error.is_request() && !error.is_timeout(), "{error:?}");
    assert!(
        format!("{error:?}").contains("ConnectionReset"),
        "{error:?}"
    );
    assert_eq!(sandbox.requests()[0].status, 0);
    sandbox.clear_faults();
    let client = http();
    let again = || {
        let request = clink(&sandbox, "").build().unwrap();
        client.execute(request)
    };
    assert_eq!(again().await.unwrap().status(), 200);
    sandbox.set_faults(1, vec![FaultRule::new(Fault::Reset).nth(1)]);
    assert!(again().await.is_err(), "also on a connection that was used");
    assert_eq!(again().await.unwrap().status(), 200);
    assert_eq!(sandbox.fired(), [("reset", 2)]);
}

#[tokio::test]
async fn a_cut_body_is_shorter_than_its_length() {
    let sandbox = faulty(Fault::CutBody).await;
    for query in ["?pageSize=50", "?pageSize=1"] {
        let mut response = clink(&sandbox, query).send().await.unwrap();
        assert_eq!(response.status(), 200);
        let length = response.content_length().unwrap();
        let mut came = 0;
        let error = loop {
            match response.chunk().await {
                Ok(Some(chunk)) => came += chunk.len() as u64,
                Ok(None) => panic!("{came} of {length} bytes taken for all"),
                Err(error) => break error,
            }
        };
        assert!(error.is_body() || error.is_decode(), "{error:?}");
        assert!(came > 0 && came <= length / 2, "{came} of {length}");
    }
    let whole = {
        sandbox.clear_faults();
        ask(&sandbox, Vendor::Clink).await
    };
    assert_eq!(whole.raw("rows").len(), 5);
}

#[tokio::test]
async fn a_slow_answer_is_the_right_one() {
    let sandbox = faulty(Fault::Slow(Duration::from_millis(30))).await;
    let slow = ask(&sandbox, Vendor::Clink).await;
    sandbox.clear_faults();
    assert_eq!(slow.body, ask(&sandbox, Vendor::Clink).await.body);
    // One that takes a minute is not waited for.
    sandbox.set_faults(
        1,
        vec![FaultRule::new(Fault::Slow(Duration::from_secs(60)))],
    );
    let impatient = clink(&sandbox, "").timeout(Duration::from_millis(50));
    assert!(tried(impatient).await.unwrap_err().is_timeout());
}

/// Reads a list of two orders a page.
struct Reader<'a> {
    sandbox: &'a Sandbox,
    vendor: Vendor,
    /// SHOPLINE's for the pages from the second on.
    tokens: Vec<String>,
}

impl Reader<'_> {
    async fn page(&mut self, page: usize) -> Vec<String> {
        let from = self.sandbox.linkbest_range().0.timestamp() + 86_400;
        let answer = match self.vendor {
            Vendor::Clink => ask_clink(self.sandbox, &format!("?pageSize=2&pageNum={page}")).await,
            Vendor::Linkbest => {
                let (from, to) = (from.to_string(), (from + 86_400).to_string());
                let over = json!({"Stime": from, "Etime": to, "PageSize": "2", "Page": page});
                ask_linkbest(self.sandbox, over).await
            }
            Vendor::Shopline => {
                let token = match page {
                    1 => String::new(),
                    _ => format!("&page_info={}", self.tokens[page - 2]),
                };
                ask_store(self.sandbox, &format!("orders.json?limit=2{token}")).await
            }
        };
        let link = links(&answer).remove("next").unwrap_or_default();
        if let Some((_, token)) = link.split_once("page_info=")
            && self.tokens.len() < page
        {
            self.tokens.push(token.to_owned());
        }
        answer.raw(list(self.vendor))
    }
}

#[tokio::test]
async fn pages_that_are_not_the_one_asked_for() {
    for (fault, instead) in [(Fault::DuplicatePage, 1), (Fault::IgnorePage, 0)] {
        for vendor in Vendor::ALL {
            let sandbox = unlimited(120).await;
            let mut reader = Reader {
                sandbox: &sandbox,
                vendor,
                tokens: Vec::new(),
            };
            sandbox.set_faults(1, vec![FaultRule::new(fault).nth(2)]);
            let mut pages = Vec::new();
            for page in [1, 2, 3, 3] {
                pages.push(reader.page(page).await);
            }
            assert_eq!(
                sandbox.fired(),
                [(fault.name(), 1)],
                "first pages do not count"
            );
            assert_eq!(pages[2], pages[instead], "{fault} {vendor}");
            let distinct: BTreeSet<_> = [&pages[0], &pages[1], &pages[3]].into_iter().collect();
            assert_eq!(distinct.len(), 3, "{fault} {vendor}");
            assert!(pages.iter().all(|page| page.len() == 2));
        }
    }
}

#[tokio::test]
async fn a_customers_list_is_a_list_too() {
    let sandbox = unlimited(200).await;
    let customer = &sandbox.shopline_customers()[0];
    let path = format!("customers/{customer}/orders.json");
    let first = ask_store(&sandbox, &format!("{path}?status=open&limit=3")).await;
    let next = links(&first).remove("next").unwrap();
    let (_, token) = next.split_once("page_info=").unwrap();
    let path = format!("{path}?limit=3&page_info={token}");
    let later = || ask_store(&sandbox, &path);
    let second = later().await;
    sandbox.set_faults(1, vec![FaultRule::new(Fault::IgnorePage)]);
    let ignored = later().await;
    assert_eq!(ignored.body, first.body);
    assert_eq!(
        links(&ignored),
        links(&first),
        "the token of the page after comes again"
    );
    sandbox.set_faults(1, vec![FaultRule::new(Fault::DuplicatePage)]);
    assert_eq!(later().await.body, second.body, "nothing to repeat yet");
    assert_eq!(later().await.body, second.body);
    assert_eq!(sandbox.fired(), [("duplicate_page", 1), ("ignore_page", 1)]);
}

#[tokio::test]
async fn what_is_served_is_what_altered_says() {
    for fault in Fault::ALL.into_iter().filter(Fault::is_content) {
        let sandbox = unlimited(30).await;
        let served = |vendor| {
            let orders = sandbox.truth(vendor).into_iter();
            orders
                .map(|order| fault.altered(vendor, &order.json))
                .collect::<BTreeSet<_>>()
        };
        for vendor in Vendor::ALL {
            let truth = sandbox.truth(vendor);
            let right = ask(&sandbox, vendor).await.raw(list(vendor));
            sandbox.set_faults(1, vec![FaultRule::new(fault)]);
            let wrong = ask(&sandbox, vendor).await.raw(list(vendor));
            sandbox.clear_faults();
            assert_eq!(right.len(), wrong.len());
            for (right, wrong) in right.iter().zip(&wrong) {
                assert_ne!(right, wrong, "{fault} {vendor}");
                assert_eq!(fault.altered(vendor, right), *wrong);
            }
            let served = served(vendor);
            assert!(wrong.iter().all(|order| served.contains(order)));
            assert_eq!(sandbox.truth(vendor), truth, "the truth stays");
        }
        let order = &sandbox.truth(Vendor::Clink)[0];
        sandbox.set_faults(1, vec![FaultRule::new(fault).route("order/{id}")]);
        let url = format!("{}order/{}", sandbox.clink_base_url(), order.id);
        let single = http().get(url).header("X-API-KEY", sandbox.clink_api_key());
        let single = send(single.header("X-Timestamp", now_ms().to_string())).await;
        let data = format!("\"data\":{}", fault.altered(Vendor::Clink, &order.json));
        assert!(single.body.contains(&data), "{}", single.body);
    }
}

/// The characters of all numbers and of all texts, in their order.
fn characters(value: &str) -> String {
    value.chars().filter(|c| *c != '"').collect()
}

#[tokio::test]
async fn altered_orders_keep_every_digit() {
    let sandbox = Sandbox::builder().seed(5).orders(60).start().await.unwrap();
    for vendor in Vendor::ALL {
        for order in sandbox.truth(vendor) {
            let of = |fault: Fault| {
                let altered = fault.altered(vendor, &order.json);
                assert_eq!(
                    altered,
                    fault.altered(vendor, &order.json),
                    "a pure function"
                );
                let _: Value = serde_json::from_str(&altered).unwrap();
                altered
            };
            let changed = of(Fault::ChangedTypes);
            assert_eq!(characters(&changed), characters(&order.json));
            assert!(
                of(Fault::UnknownFields)
                    .matches("sandbox_new_member")
                    .count()
                    > 1
            );
            let words: Value = serde_json::from_str(&of(Fault::UnknownWords)).unwrap();
            let word = match vendor {
                Vendor::Linkbest => &words["Status"],
                _ => &words["status"],
            };
            assert!(*word == "sandbox_new_word" || *word == "7", "{words}");
            let broken: Value = serde_json::from_str(&of(Fault::BrokenTypes)).unwrap();
            let objects = broken.as_object().unwrap().values();
            let wrapped = |value: &&Value| value.get("value").is_some();
            assert_eq!(objects.filter(wrapped).count(), 2);
            for fault in Fault::ALL.into_iter().filter(|fault| !fault.is_content()) {
                assert_eq!(of(fault), order.json);
            }
        }
    }
}

#[tokio::test]
async fn rules_choose_by_vendor_route_place_and_dice() {
    let sandbox = unlimited(30).await;
    let statuses = async |rules: Vec<FaultRule>, seed: u64| {
        sandbox.set_faults(seed, rules);
        let mut statuses = Vec::new();
        for _ in 0..12 {
            statuses.push(ask(&sandbox, Vendor::Clink).await.status);
        }
        statuses
    };
    let places = |statuses: &[u16], wanted: u16| {
        let fits = |(place, status): (usize, &u16)| (*status == wanted).then_some(place + 1);
        statuses
            .iter()
            .enumerate()
            .filter_map(fits)
            .collect::<Vec<_>>()
    };
    let fault = || FaultRule::new(Fault::Unavailable);
    assert_eq!(places(&statuses(vec![fault().nth(3)], 1).await, 503), [3]);
    assert_eq!(
        places(&statuses(vec![fault().nth(0)], 1).await, 503),
        [0; 0]
    );
    let every = fault().every(5);
    assert_eq!(places(&statuses(vec![every], 1).await, 503), [5, 10]);
    let times = fault().every(2).times(2);
    assert_eq!(places(&statuses(vec![times], 1).await, 503), [2, 4]);
    let others = vec![
        fault().vendor(Vendor::Linkbest),
        fault().route("order/{id}"),
        fault().percent(0),
    ];
    assert_eq!(places(&statuses(others, 1).await, 503), [0; 0]);
    let mixed = vec![
        fault().every(4),
        FaultRule::new(Fault::InternalError)
            .every(2)
            .route("api/order"),
        fault().percent(100).nth(1).vendor(Vendor::Clink),
    ];
    let mixed = statuses(mixed, 1).await;
    assert_eq!(places(&mixed, 503), [1, 4, 8, 12], "the first rule wins");
    assert_eq!(places(&mixed, 500), [2, 6, 10]);
    let dice = || vec![fault().percent(40)];
    let one = statuses(dice(), 7).await;
    assert_eq!(one, statuses(dice(), 7).await, "the seed decides");
    assert_ne!(one, statuses(dice(), 8).await);
    // The sandbox's own routes are never met.
    sandbox.set_faults(1, vec![fault()]);
    let own = format!("http://{}/_sandbox/deliveries", sandbox.address());
    assert_eq!(send(http().get(own)).await.status, 200);
}

#[test]
fn every_fault_has_a_name_of_its_own() {
    let names: BTreeSet<_> = Fault::ALL.iter().map(Fault::name).collect();
    assert_eq!(names.len(), Fault::ALL.len());
    assert_eq!(Fault::BrokenTypes.to_string(), "broken_types");
}
