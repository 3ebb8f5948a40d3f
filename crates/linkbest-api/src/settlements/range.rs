//! A range of order times of any length, to be walked in windows that the vendor answers.

use chrono::{DateTime, Utc};
use orders_core::{Error, Window};

use super::query::Filters;
use crate::request::broken;

/// All settlement changes of the orders placed in a range of any length, for a stream.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SettlementsRange {
    pub(crate) window: Window,
    filters: Filters,
}

impl SettlementsRange {
    /// The range `from <= t < to` of **order times**. A change made today belongs to the day on which its order was
    /// placed: to meet late changes, ask again for the past.
    ///
    /// # Errors
    /// [`InvalidRequest`](orders_core::ErrorKind::InvalidRequest) for a range that is empty or runs backwards.
    pub fn new(from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Self, Error> {
        let window = Window::new(from, to);
        Ok(Self {
            window: window.ok_or_else(|| broken("the range must end after its beginning"))?,
            filters: Filters::default(),
        })
    }

    /// Only orders of this program.
    #[must_use]
    pub fn program_id(mut self, id: impl Into<String>) -> Self {
        self.filters.program_id = Some(id.into());
        self
    }

    /// Only the order with this number.
    #[must_use]
    pub fn order_sn(mut self, number: impl Into<String>) -> Self {
        self.filters.order_sn = Some(number.into());
        self
    }

    /// Only orders with this label.
    #[must_use]
    pub fn sub_id(mut self, id: impl Into<String>) -> Self {
        self.filters.sub_id = Some(id.into());
        self
    }

    /// The query for the rows of one window, with edges as wide as those of the order list.
    #[cfg(feature = "client")]
    pub(crate) fn query(&self, window: Window, page: u32) -> super::QuerySettlements {
        let from = window.widened(chrono::TimeDelta::seconds(1)).from;
        let mut query = super::QuerySettlements::new(from, window.to)
            .page(page)
            .page_size(crate::request::MAX_PAGE_SIZE);
        query.filters = self.filters.clone();
        query
    }
}
