//! The layer around every request: faults, races, the log, and the headers of every answer.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::faults::{self, Fault};
use crate::log::RequestRecord;
use crate::request_info::RequestInfo;
use crate::vendor::Vendor;
use crate::world::World;

pub(crate) async fn observe(
    State(world): State<Arc<World>>,
    request: Request,
    next: Next,
) -> Response {
    let info = RequestInfo::of(&request);
    let (mut response, fault) = match info.vendor {
        Some(vendor) => answer(&world, vendor, &info, request, next).await,
        None => (next.run(request).await, None),
    };
    let date = world.date().format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    if let Ok(date) = HeaderValue::try_from(date) {
        response.headers_mut().insert(header::DATE, date);
    }
    if info.vendor == Some(Vendor::Shopline)
        && let Ok(trace) = HeaderValue::try_from(world.trace_id())
    {
        response.headers_mut().insert("traceid", trace);
    }
    world.log.add(RequestRecord {
        vendor: info.vendor,
        method: info.method,
        route: info.route,
        path: info.path,
        status: match fault {
            Some(Fault::Reset) => 0,
            _ => response.status().as_u16(),
        },
        fault: fault.map(|fault| fault.name()),
    });
    response
}

async fn answer(
    world: &World,
    vendor: Vendor,
    info: &RequestInfo,
    request: Request,
    next: Next,
) -> (Response, Option<Fault>) {
    let (listing, request) = match world.faults.need_listing() {
        true => info.listing(request).await,
        false => (None, request),
    };
    let fault = world.faults.next(info, listing.as_ref());
    let about = (vendor, info, listing.as_ref());
    let response = faults::answered(world, fault, about, request, next).await;
    let response = match fault {
        Some(fault) if !fault.gives_answer() => response,
        _ => world.race(info, response).await,
    };
    (response, fault)
}
