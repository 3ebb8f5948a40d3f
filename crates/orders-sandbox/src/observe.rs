//! Around every request: faults, races, the log, and the header that SHOPLINE puts on every answer.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;

use crate::asked::Asked;
use crate::faults::{self, Fault};
use crate::log::RequestRecord;
use crate::vendor::Vendor;
use crate::world::World;

pub(crate) async fn observe(
    State(world): State<Arc<World>>,
    request: Request,
    next: Next,
) -> Response {
    let asked = Asked::of(&request);
    let (mut response, fault) = match asked.vendor {
        Some(vendor) => answer(&world, vendor, &asked, request, next).await,
        None => (next.run(request).await, None),
    };
    if asked.vendor == Some(Vendor::Shopline)
        && let Ok(trace) = HeaderValue::try_from(world.trace_id())
    {
        response.headers_mut().insert("traceid", trace);
    }
    world.log.add(RequestRecord {
        vendor: asked.vendor,
        method: asked.method,
        route: asked.route,
        path: asked.path,
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
    asked: &Asked,
    request: Request,
    next: Next,
) -> (Response, Option<Fault>) {
    let (listing, request) = match world.faults.need_listing() {
        true => asked.listing(request).await,
        false => (None, request),
    };
    let fault = world.faults.next(asked, listing.as_ref());
    let about = (vendor, asked, listing.as_ref());
    let response = faults::answered(world, fault, about, request, next).await;
    let response = match fault {
        Some(fault) if !fault.gives_answer() => response,
        _ => world.race(asked, response).await,
    };
    (response, fault)
}
