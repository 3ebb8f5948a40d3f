//! Faults: wrong answers, by rule and seed.

mod altered;
mod answers;
mod broken;
mod fault;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request};
use axum::http::response::Parts;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::json;
use crate::params::FirstPage;
use crate::request_info::{Listing, OrdersAt, RequestInfo};
use crate::rules::Rules;
use crate::server::Sandbox;
use crate::socket::Cut;
use crate::vendor::Vendor;
use crate::world::World;

pub use fault::{Fault, FaultRule};

/// For how many lists the last page is kept.
const LISTS: usize = 64;

/// Faults.
impl Sandbox {
    /// Replaces the fault rules. If several rules are due for a request, the first one fires; the others have counted
    /// the request. The same seed, rules and requests give the same faults.
    pub fn set_faults(&self, seed: u64, rules: Vec<FaultRule>) {
        self.world().faults.set(seed, rules);
    }

    /// Removes all fault rules. The counts of [`Sandbox::fired`] stay.
    pub fn clear_faults(&self) {
        self.world().faults.set(0, Vec::new());
    }
}

/// The fault rules, and the last page that each list returned.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    rules: Rules<Fault>,
    /// The last page of each list, by the name of the list, the newest at the end. Kept only for rules that repeat a page.
    pages: VecDeque<(String, Parts, Bytes)>,
}

impl Faults {
    pub(crate) fn set(&self, seed: u64, rules: Vec<FaultRule>) {
        let mut state = self.state();
        state.rules.set("fault", seed, rules);
        state.pages.clear();
    }

    pub(crate) fn reset(&self) {
        *self.state() = State::default();
    }

    pub(crate) fn fired(&self) -> BTreeMap<&'static str, u64> {
        self.state().rules.fired()
    }

    /// Whether a rule needs to know which list a request reads.
    pub(crate) fn need_listing(&self) -> bool {
        let of_pages = |fault| matches!(fault, Fault::DuplicatePage | Fault::IgnorePage);
        self.state().rules.any(of_pages)
    }

    /// The fault that a request meets, if any: that of the first rule that is due.
    pub(crate) fn next(&self, info: &RequestInfo, listing: Option<&Listing>) -> Option<Fault> {
        let vendor = info.vendor?;
        let mut state = self.state();
        let State { rules, pages } = &mut *state;
        let later = listing.filter(|listing| listing.goes_on);
        let possible = |fault: Fault| match fault {
            Fault::IgnorePage => later.is_some(),
            Fault::DuplicatePage => {
                later.is_some_and(|list| pages.iter().any(|page| page.0 == list.name))
            }
            Fault::EmptyPage => matches!(info.orders(), Some(OrdersAt::List(_))),
            _ => !fault.is_content() || info.orders().is_some(),
        };
        let mut chosen = None;
        rules.apply((vendor, &info.route), possible, |fault, _| {
            let first = chosen.is_none();
            first.then(|| chosen.insert(fault).name())
        });
        chosen
    }

    /// Keeps a page for the rules that repeat it.
    async fn remember(&self, listing: &Listing, response: Response) -> Response {
        let repeats = |fault| fault == Fault::DuplicatePage;
        if !self.state().rules.any(repeats) || response.status() != StatusCode::OK {
            return response;
        }
        let (parts, body) = whole(response).await;
        let page = (listing.name.clone(), parts.clone(), body.clone());
        let pages = &mut self.state().pages;
        pages.retain(|(name, ..)| *name != listing.name);
        if pages.len() == LISTS {
            pages.pop_front();
        }
        pages.push_back(page);
        Response::from_parts(parts, Body::from(body))
    }

    fn page(&self, listing: &Listing) -> Option<Response> {
        let state = self.state();
        let (_, parts, body) = state
            .pages
            .iter()
            .find(|(name, ..)| *name == listing.name)?;
        Some(Response::from_parts(
            parts.clone(),
            Body::from(body.clone()),
        ))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Answers a request to a vendor: with the fault, or correctly without one.
pub(crate) async fn answered(
    world: &World,
    fault: Option<Fault>,
    (vendor, info, listing): (Vendor, &RequestInfo, Option<&Listing>),
    mut request: Request,
    next: Next,
) -> Response {
    let response = match fault {
        Some(Fault::TooManyRequests {
            retry_after_seconds,
        }) => return answers::too_many_requests(vendor, retry_after_seconds),
        Some(Fault::InternalError) => return answers::internal_error(vendor),
        Some(Fault::Unavailable) => return answers::unavailable(vendor),
        Some(Fault::ErrorCode) => return answers::error_code(vendor, &info.route),
        Some(Fault::Html) => return answers::html(),
        Some(Fault::Reset) => {
            if let Some(ConnectInfo(cut)) = request.extensions().get::<ConnectInfo<Cut>>() {
                cut.reset();
            }
            return broken::nothing();
        }
        Some(Fault::CutBody) => return broken::half(next.run(request).await).await,
        Some(Fault::DuplicatePage) => match listing.and_then(|list| world.faults.page(list)) {
            Some(page) => return page,
            None => next.run(request).await,
        },
        Some(Fault::Slow(by)) => {
            tokio::time::sleep(by).await;
            next.run(request).await
        }
        Some(Fault::IgnorePage) => {
            request.extensions_mut().insert(FirstPage);
            next.run(request).await
        }
        Some(fault) if fault.is_content() => {
            alter(next.run(request).await, fault, vendor, info).await
        }
        Some(Fault::EmptyPage) => emptied(next.run(request).await, info).await,
        _ => next.run(request).await,
    };
    let response = world.habits.shape(info, response).await;
    match listing {
        Some(listing) => world.faults.remember(listing, response).await,
        None => response,
    }
}

/// The answer with each of its orders changed.
async fn alter(response: Response, fault: Fault, vendor: Vendor, info: &RequestInfo) -> Response {
    let Some(orders) = info
        .orders()
        .filter(|_| response.status() == StatusCode::OK)
    else {
        return response;
    };
    let (mut parts, body) = whole(response).await;
    let text = String::from_utf8_lossy(&body);
    let altered = orders.changed(&text, |order| fault.altered(vendor, order));
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(altered))
}

/// The answer as the last page of a list without orders. Clink's total stays.
async fn emptied(response: Response, info: &RequestInfo) -> Response {
    let Some(OrdersAt::List(list)) = info.orders() else {
        return response;
    };
    if response.status() != StatusCode::OK {
        return response;
    }
    let (mut parts, body) = whole(response).await;
    let body = json::changed(&String::from_utf8_lossy(&body), list, |_| "[]".to_owned());
    for name in [header::CONTENT_LENGTH, header::LINK] {
        parts.headers.remove(name);
    }
    Response::from_parts(parts, Body::from(body))
}

/// Reads the whole body of an answer. All handlers here answer with complete texts.
pub(crate) async fn whole(response: Response) -> (Parts, Bytes) {
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    (parts, body)
}
