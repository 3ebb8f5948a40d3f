//! Routes that show the truth and the requests.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use futures_core::Stream;

use super::{Refused, bad, respond, vendor};
use crate::json::{self, Object};
use crate::log::{RequestRecord, Route};
use crate::params::{Params, whole_number};
use crate::vendor::Vendor;
use crate::world::World;

/// How many orders are written at once.
const PART: usize = 500;
/// How many requests are listed by default.
const LAST: i64 = 1000;

/// The orders of a vendor, one a line. Without `vendor` those of all vendors, each under `order` beside its `vendor`.
pub(super) async fn truth(
    State(world): State<Arc<World>>,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    let vendors =
        match known(&query, "vendor").and_then(|name| name.as_deref().map(vendor).transpose()) {
            Ok(Some(vendor)) => vec![vendor],
            Ok(None) => Vendor::ALL.to_vec(),
            Err(refused) => return respond(Err(refused)),
        };
    let named = vendors.len() > 1;
    let numbers = |vendor| (vendor, world.numbers(vendor).into_iter());
    let lines = Lines {
        left: vendors.into_iter().rev().map(numbers).collect(),
        world: Arc::clone(&world),
        named,
    };
    let mut response = Response::new(Body::from_stream(lines));
    let kind = HeaderValue::from_static("application/x-ndjson");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

/// Writes the orders as lines, some at a time. Each order is written as it is at that moment.
struct Lines {
    world: Arc<World>,
    /// Whether the next vendor is the last.
    left: Vec<(Vendor, std::vec::IntoIter<usize>)>,
    named: bool,
}

impl Iterator for Lines {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        loop {
            let (vendor, numbers) = self.left.last_mut()?;
            let (vendor, part) = (*vendor, numbers.take(PART).collect::<Vec<_>>());
            if part.is_empty() {
                self.left.pop();
                continue;
            }
            let line = |number| self.line(vendor, &self.world.text(vendor, number));
            return Some(part.into_iter().map(line).collect());
        }
    }
}

impl Lines {
    fn line(&self, vendor: Vendor, order: &str) -> String {
        let line = match self.named {
            true => Object::new()
                .text("vendor", vendor.name())
                .raw("order", order)
                .end(),
            false => order.to_owned(),
        };
        line + "\n"
    }
}

impl Stream for Lines {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.get_mut().next().map(|lines| Ok(lines.into())))
    }
}

/// How often each route returned each status, and the last requests.
pub(super) async fn requests(
    State(world): State<Arc<World>>,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    let last = known(&query, "last")
        .and_then(|last| whole_number("last", last.as_deref(), LAST, 0..=1_000_000).map_err(bad));
    let answer = last.map(|last| {
        let counts = world.log.counts();
        let requests = world.log.last(usize::try_from(last).unwrap_or(0));
        let fired = world.fired().into_iter();
        let fired = fired.fold(Object::new(), |json, (name, times)| json.raw(name, times));
        Object::new()
            .raw("total", counts.values().sum::<u64>())
            .raw("routes", json::list(routes(&counts)))
            .raw("fired", fired.end())
            .raw("requests", json::list(requests.iter().map(request)))
            .end()
    });
    respond(answer)
}

/// One entry a method and route: how many in all, and by status.
fn routes(counts: &BTreeMap<Route, u64>) -> Vec<String> {
    let mut routes: BTreeMap<(&str, &str), Vec<(u16, u64)>> = BTreeMap::new();
    for (route, count) in counts {
        let statuses = routes.entry((&route.route, &route.method)).or_default();
        statuses.push((route.status, *count));
    }
    let entry = |((route, method), statuses): (&(&str, &str), &Vec<(u16, u64)>)| {
        let by_status = statuses
            .iter()
            .fold(Object::new(), |json, (status, count)| {
                json.raw(&status.to_string(), count)
            });
        Object::new()
            .text("route", route)
            .text("method", method)
            .raw(
                "count",
                statuses.iter().map(|(_, count)| count).sum::<u64>(),
            )
            .raw("statuses", by_status.end())
            .end()
    };
    routes.iter().map(entry).collect()
}

fn request(request: &RequestRecord) -> String {
    Object::new()
        .text_or_null("vendor", request.vendor.map(Vendor::name))
        .text("method", &request.method)
        .text("route", &request.route)
        .text("path", &request.path)
        .raw("status", request.status)
        .text_or_null("fault", request.fault)
        .end()
}

/// The value of the route's only parameter.
fn known(query: &[(String, String)], name: &str) -> Result<Option<String>, Refused> {
    if let Some((other, _)) = query.iter().find(|(other, _)| other != name) {
        let why = format!("there is no parameter {other}");
        return Err((StatusCode::BAD_REQUEST, why));
    }
    Ok(Params(query.to_vec()).get(name).map(str::to_owned))
}
