//! The facts about a request that faults and races need.

use axum::body::{Body, to_bytes};
use axum::extract::{MatchedPath, Request};
use serde_json::{Map, Value};

use crate::json;
use crate::params::Params;
use crate::vendor::Vendor;

/// Far larger than any body of a vendor's request.
const LARGEST_BODY: usize = 2 * 1024 * 1024;

/// One request.
#[derive(Debug, Clone)]
pub(crate) struct RequestInfo {
    pub(crate) vendor: Option<Vendor>,
    pub(crate) method: String,
    /// With placeholders. The path if no route matches.
    pub(crate) route: String,
    pub(crate) path: String,
}

/// The list that a request reads from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listing {
    /// The same for all pages of a list.
    pub(crate) name: String,
    /// Whether the request is for a page after the first.
    pub(crate) goes_on: bool,
}

/// The place of the orders in an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OrdersAt {
    /// A list of orders under this name.
    List(&'static str),
    /// One order under this name.
    One(&'static str),
}

impl OrdersAt {
    /// The texts of all orders in an answer.
    pub(crate) fn texts(self, body: &str) -> Vec<String> {
        match self {
            Self::List(name) => json::elements(&json::member(body, name).unwrap_or_default()),
            Self::One(name) => json::member(body, name).into_iter().collect(),
        }
    }

    /// The answer with each of its orders changed.
    pub(crate) fn changed(self, body: &str, change: impl Fn(&str) -> String) -> String {
        match self {
            Self::List(name) => json::changed(body, name, |list| json::each(list, &change)),
            Self::One(name) => json::changed(body, name, change),
        }
    }
}

impl RequestInfo {
    pub(crate) fn of(request: &Request) -> Self {
        let path = request.uri().path().to_owned();
        let route = request.extensions().get::<MatchedPath>();
        Self {
            vendor: Vendor::of_path(&path),
            method: request.method().to_string(),
            route: route.map_or_else(|| path.clone(), |route| route.as_str().to_owned()),
            path,
        }
    }

    /// The place of the orders in an answer of this route. None for a route without orders.
    pub(crate) fn orders(&self) -> Option<OrdersAt> {
        let route = self.route.as_str();
        match self.vendor? {
            Vendor::Clink if route.ends_with("/order") => Some(OrdersAt::List("rows")),
            Vendor::Clink if route.ends_with("/order/{id}") => Some(OrdersAt::One("data")),
            Vendor::Linkbest if route.ends_with(".orders.query.get") => {
                Some(OrdersAt::List("Data"))
            }
            Vendor::Linkbest if route.ends_with(".orders.detail.get") => {
                Some(OrdersAt::One("Data"))
            }
            Vendor::Shopline if route.ends_with("/customers/{id}/orders.json") => {
                Some(OrdersAt::List("list"))
            }
            Vendor::Shopline if route.ends_with("/{version}/orders.json") => {
                Some(OrdersAt::List("orders"))
            }
            _ => None,
        }
    }

    fn has_pages(&self) -> bool {
        matches!(self.orders(), Some(OrdersAt::List(_)))
            || self.route.ends_with("/v2/customers.json")
            || self.route.ends_with(".settlement.get")
            || self.route.ends_with(".report.program.get")
    }

    /// The list that the request reads from, if any. The request is returned whole.
    pub(crate) async fn listing(&self, request: Request) -> (Option<Listing>, Request) {
        if !self.has_pages() {
            return (None, request);
        }
        match self.vendor {
            Some(Vendor::Linkbest) => {
                let (parts, body) = request.into_parts();
                let body = to_bytes(body, LARGEST_BODY).await.unwrap_or_default();
                let listing = self.linkbest_listing(&body);
                (listing, Request::from_parts(parts, Body::from(body)))
            }
            Some(Vendor::Clink) => (Some(self.clink_listing(&request)), request),
            _ => (Some(self.shopline_listing(&request)), request),
        }
    }

    fn clink_listing(&self, request: &Request) -> Listing {
        let query = query(request);
        let goes_on = query.get("pageNum").is_some_and(|page| page != "1");
        let others = query.0.iter().filter(|(name, _)| name != "pageNum");
        Listing {
            name: format!("{} {:?}", self.path, others.collect::<Vec<_>>()),
            goes_on,
        }
    }

    /// None for a body that is not an object: such a request gets no page anyway.
    fn linkbest_listing(&self, body: &[u8]) -> Option<Listing> {
        let mut members: Map<String, Value> = serde_json::from_slice(body).ok()?;
        members.remove("Timestamp");
        let page = members.remove("Page");
        let page = page.map(|page| page.to_string());
        Some(Listing {
            name: format!("{} {members:?}", self.path),
            goes_on: page.is_some_and(|page| !matches!(page.as_str(), "1" | "\"1\"" | "\"\"")),
        })
    }

    /// For pages after the first, the token holds the other parameters of the list.
    fn shopline_listing(&self, request: &Request) -> Listing {
        Listing {
            name: self.path.clone(),
            goes_on: query(request).filled("page_info").is_some(),
        }
    }
}

fn query(request: &Request) -> Params {
    let pairs = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(request.uri());
    Params(pairs.map(|pairs| pairs.0).unwrap_or_default())
}
