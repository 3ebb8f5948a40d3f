//! What the sandbox was asked, and how it answered.

use std::sync::{Mutex, PoisonError};

use crate::vendor::Vendor;

/// One request that was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestRecord {
    /// Whose path was asked; none for a path of no vendor.
    pub vendor: Option<Vendor>,
    /// The HTTP method, in capitals.
    pub method: String,
    /// The route with its holes, to count by: `/shopline/admin/openapi/{version}/customers/{id}/orders.json`. The path
    /// itself where no route fits.
    pub route: String,
    /// The path as asked, without its query (which can hold a signature or a token of paging).
    pub path: String,
    /// The HTTP status of the answer. Clink's failures under HTTP 200 stand here as 200; 0 where the connection was reset
    /// instead of an answer.
    pub status: u16,
    /// The name of the fault that the request met, if any.
    pub fault: Option<&'static str>,
}

/// All requests since the start, in the order in which they were answered.
#[derive(Debug, Default)]
pub(crate) struct Log(Mutex<Vec<RequestRecord>>);

impl Log {
    pub(crate) fn add(&self, record: RequestRecord) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(record);
    }

    /// Nothing was asked.
    pub(crate) fn reset(&self) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    pub(crate) fn all(&self) -> Vec<RequestRecord> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
