//! What a vendor does in every answer, as long as it is set.

use std::sync::{Mutex, PoisonError};

use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::Response;

use crate::faults::whole;
use crate::json;
use crate::request_info::{OrdersAt, RequestInfo};
use crate::server::Sandbox;
use crate::vendor::Vendor;

/// What a vendor does in every list of orders. The default is what the contract says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[must_use]
pub struct Habits {
    page_rows: Option<u32>,
    empty_list: EmptyList,
}

impl Habits {
    /// The habits of the contract.
    pub fn new() -> Self {
        Self::default()
    }

    /// At most so many rows on a page, at least one, whatever size is requested.
    pub fn page_rows(mut self, rows: u32) -> Self {
        self.page_rows = Some(rows.max(1));
        self
    }

    /// How a list without orders is sent.
    pub fn empty_list(mut self, form: EmptyList) -> Self {
        self.empty_list = form;
        self
    }

    /// The rows of a page for which so many are requested.
    pub(crate) fn rows(self, requested: i64) -> i64 {
        self.page_rows
            .map_or(requested, |rows| requested.min(rows.into()))
    }
}

/// The form of a list without orders. All but the first are inferred.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EmptyList {
    /// `[]`
    #[default]
    List,
    /// The member is left out.
    Missing,
    /// `null`
    Null,
    /// `{}`
    Object,
    /// `""`
    Text,
}

impl EmptyList {
    /// All forms.
    pub const ALL: [Self; 5] = [
        Self::List,
        Self::Missing,
        Self::Null,
        Self::Object,
        Self::Text,
    ];

    /// Its word in the control route: `list`, `missing`, ...
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Missing => "missing",
            Self::Null => "null",
            Self::Object => "object",
            Self::Text => "text",
        }
    }

    /// The body with its list in this form, if it is empty.
    fn shaped(self, body: &str, list: &str) -> String {
        if json::member(body, list).as_deref() != Some("[]") {
            return body.to_owned();
        }
        let as_text = |text: &'static str| json::changed(body, list, |_| text.to_owned());
        match self {
            Self::List => body.to_owned(),
            Self::Missing => json::without(body, &[list]),
            Self::Null => as_text("null"),
            Self::Object => as_text("{}"),
            Self::Text => as_text("\"\""),
        }
    }
}

/// Habits.
impl Sandbox {
    /// Replaces the habits of a vendor, until the next call or a reset.
    pub fn set_habits(&self, vendor: Vendor, habits: Habits) {
        self.world().habits.set(vendor, habits);
    }
}

/// The habits of all vendors.
#[derive(Debug, Default)]
pub(crate) struct AllHabits(Mutex<[Habits; 3]>);

impl AllHabits {
    pub(crate) fn of(&self, vendor: Vendor) -> Habits {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)[place(vendor)]
    }

    pub(crate) fn set(&self, vendor: Vendor, habits: Habits) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)[place(vendor)] = habits;
    }

    pub(crate) fn reset(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Default::default();
    }

    /// The answer with an empty list of orders as the vendor sends it.
    pub(crate) async fn shape(&self, info: &RequestInfo, response: Response) -> Response {
        let form = info.vendor.map(|vendor| self.of(vendor).empty_list);
        let (Some(form), Some(OrdersAt::List(list))) = (form, info.orders()) else {
            return response;
        };
        if form == EmptyList::List || response.status() != StatusCode::OK {
            return response;
        }
        let (mut parts, body) = whole(response).await;
        let shaped = form.shaped(&String::from_utf8_lossy(&body), list);
        parts.headers.remove(header::CONTENT_LENGTH);
        Response::from_parts(parts, Body::from(shaped))
    }
}

fn place(vendor: Vendor) -> usize {
    match vendor {
        Vendor::Clink => 0,
        Vendor::Linkbest => 1,
        Vendor::Shopline => 2,
    }
}
