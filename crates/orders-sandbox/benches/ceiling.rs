//! How fast the sandbox itself is: what any client can reach at most on this machine. Two tasks with one kept connection
//! each read all orders of a vendor and look at nothing.
//!
//! `cargo bench -p orders-sandbox --bench ceiling` takes 20,000 usual and 100,000 small orders a vendor; another number of
//! small orders can be given: `... --bench ceiling -- 1000000`. Run as a test, it only shows that it works.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

use std::time::{Duration, Instant, SystemTime};

use orders_sandbox::{Sandbox, Vendor};
use reqwest::{Client, RequestBuilder};
use serde_json::json;

const USUAL: usize = 20_000;
const SMALL: usize = 100_000;
const FEW: usize = 200;
const TASKS: usize = 2;
const SERVICE: &str = "linkbest.open-service.orders.query.get";

#[tokio::main]
async fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let given = arguments.iter().find_map(|argument| argument.parse().ok());
    // Cargo passes this flag to a benchmark; without it the file runs among the tests.
    let measures = arguments.iter().any(|argument| argument == "--bench");
    let (usual, small) = match measures {
        true => (USUAL, given.unwrap_or(SMALL)),
        false => (FEW, FEW),
    };
    println!("vendor, orders: requests/s, orders/s ({TASKS} connections)");
    for (orders, is_small) in [(usual, false), (small, true)] {
        let before = resident();
        let start = Instant::now();
        let builder = Sandbox::builder().orders(orders).small(is_small);
        let sandbox = builder.shopline_rate_limit(None).start().await.unwrap();
        let kind = if is_small { "small" } else { "usual" };
        println!(
            "built {orders} {kind} orders a vendor in {} ms, {} MB more in memory",
            start.elapsed().as_millis(),
            resident().saturating_sub(before) / 1024
        );
        for vendor in Vendor::ALL {
            let start = Instant::now();
            let requests = read(&sandbox, vendor, orders).await;
            let took = start.elapsed();
            println!(
                "{vendor}, {orders} {kind}: {}, {} ({requests} requests in {} ms)",
                rate(requests, took),
                rate(orders, took),
                took.as_millis()
            );
        }
        println!("{} MB in memory after reading all", resident() / 1024);
    }
}

fn rate(count: usize, took: Duration) -> u128 {
    count as u128 * 1_000_000 / took.as_micros().max(1)
}

/// Kilobytes in memory; 0 where the system does not say.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.map_or(0, |number| number.parse().unwrap_or(0))
}

/// Reads all orders once; how many requests it took.
async fn read(sandbox: &Sandbox, vendor: Vendor, orders: usize) -> usize {
    let reader = |task: usize| async move {
        let client = Client::builder().no_proxy().build().unwrap();
        match vendor {
            Vendor::Clink => clink(sandbox, &client, task, orders).await,
            Vendor::Linkbest => linkbest(sandbox, &client, task).await,
            Vendor::Shopline => shopline(sandbox, &client, task).await,
        }
    };
    let (one, two) = tokio::join!(reader(0), reader(1));
    assert_eq!(
        one.orders + two.orders,
        orders,
        "{vendor}: every order once"
    );
    one.requests + two.requests
}

#[derive(Default)]
struct Done {
    requests: usize,
    orders: usize,
}

impl Done {
    /// Sends a request, and counts the orders of its answer by a member that each has once.
    async fn send(&mut self, request: RequestBuilder, member: &str) -> (Option<String>, usize) {
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        let link = response.headers().get("link");
        let link = link.map(|link| link.to_str().unwrap().to_owned());
        let body = response.text().await.unwrap();
        let orders = body.matches(member).count();
        self.requests += 1;
        self.orders += orders;
        (link, orders)
    }
}

fn milliseconds() -> u128 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    now.unwrap().as_millis()
}

async fn clink(sandbox: &Sandbox, client: &Client, task: usize, orders: usize) -> Done {
    let mut done = Done::default();
    for page in (1..=orders.div_ceil(50)).skip(task).step_by(TASKS) {
        let url = format!(
            "{}order?pageSize=50&pageNum={page}",
            sandbox.clink_base_url()
        );
        let request = client.get(url).header("X-API-KEY", sandbox.clink_api_key());
        let request = request.header("X-Timestamp", milliseconds().to_string());
        done.send(request, "\"orderId\":").await;
    }
    done
}

async fn linkbest(sandbox: &Sandbox, client: &Client, task: usize) -> Done {
    let mut done = Done::default();
    let (from, to) = sandbox.linkbest_range();
    let hours = (from.timestamp()..to.timestamp()).step_by(3600);
    for hour in hours.skip(task).step_by(TASKS) {
        for page in 1.. {
            let body = json!({
                "Stime": hour, "Etime": hour + 3599, "Page": page, "PageSize": 200,
                "Timestamp": milliseconds() / 1000,
            });
            let request = signed(sandbox, client, &body.to_string());
            let (_, orders) = done.send(request, "\"ProgramId\":").await;
            if orders < 200 {
                break;
            }
        }
    }
    done
}

fn signed(sandbox: &Sandbox, client: &Client, body: &str) -> RequestBuilder {
    let (key, secret) = (sandbox.linkbest_app_key(), sandbox.linkbest_app_secret());
    let sign = md5::compute(format!("{secret}/{key}/{SERVICE}{body}{secret}"));
    let url = format!(
        "{}{key}/{SERVICE}?Sign={sign:X}",
        sandbox.linkbest_base_url()
    );
    let request = client.post(url).header("Content-Type", "application/json");
    request.body(body.to_owned())
}

async fn shopline(sandbox: &Sandbox, client: &Client, task: usize) -> Done {
    let mut done = Done::default();
    let base = sandbox.shopline_base_url();
    for customer in sandbox
        .shopline_customers()
        .iter()
        .skip(task)
        .step_by(TASKS)
    {
        let path = format!("{base}admin/openapi/v20260301/customers/{customer}/orders.json");
        let mut next = Some(format!("{path}?status=any&limit=100"));
        while let Some(url) = next.take() {
            let request = client.get(url).bearer_auth(sandbox.shopline_access_token());
            let request = request.header("Content-Type", "application/json; charset=utf-8");
            let (link, _) = done.send(request, "\"total_outstanding\":").await;
            next = link.and_then(|link| {
                let (url, _) = link.split_once(">; rel=\"next\"")?;
                Some(url.trim_start_matches('<').to_owned())
            });
        }
    }
    done
}
