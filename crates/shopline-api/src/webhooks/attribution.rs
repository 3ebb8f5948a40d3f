//! A push about what led the buyer of an order to the store: `order_attribution/create`.

use std::fmt;

use orders_wire::{Row, Strict, Text};
use serde::{Deserialize, Serialize};
use serde_with::{serde_as, skip_serializing_none};

/// What led the buyer of an order to the store, thirty days back. Documented; its times have no zone, and are in UTC+8.
#[serde_as]
#[skip_serializing_none]
#[derive(Clone, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct Attribution {
    /// The order's id.
    #[serde_as(as = "Text")]
    pub order_seq: Option<String>,
    /// The store's id.
    #[serde_as(as = "Text")]
    pub store_id: Option<String>,
    /// What the buyer did.
    #[serde_as(as = "Text")]
    pub action_type: Option<String>,
    /// Where the first visit came from, as `Social`.
    #[serde_as(as = "Text")]
    pub first_interact_source: Option<String>,
    /// When the first visit was.
    #[serde_as(as = "Text")]
    pub first_interact_time: Option<String>,
    /// The first page of the first visit.
    #[serde_as(as = "Text")]
    pub first_interact_url: Option<String>,
    /// The page before it.
    #[serde_as(as = "Text")]
    pub first_interact_referer_url: Option<String>,
    /// Where the last visit came from.
    #[serde_as(as = "Text")]
    pub last_interact_source: Option<String>,
    /// When the last visit was.
    #[serde_as(as = "Text")]
    pub last_interact_time: Option<String>,
    /// The first page of the last visit.
    #[serde_as(as = "Text")]
    pub last_interact_url: Option<String>,
    /// The page before it.
    #[serde_as(as = "Text")]
    pub last_interact_referer_url: Option<String>,
    /// Whether the order was placed offline; documented as text.
    #[serde_as(as = "Text")]
    pub is_offline: Option<String>,
    /// A key of the vendor's.
    #[serde_as(as = "Text")]
    pub key: Option<String>,
}

impl Row for Attribution {
    const IDENTITY: &'static [&'static str] = &["orderSeq"];
    const STRICT: Strict = Strict::new(&["orderSeq"], &[]);

    fn is_identified(&self) -> bool {
        self.order_seq.as_deref().is_some_and(|id| !id.is_empty())
    }
}

impl fmt::Debug for Attribution {
    /// Without the addresses: they may say who the buyer is.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attribution")
            .field("order_seq", &self.order_seq)
            .field("first_interact_source", &self.first_interact_source)
            .field("last_interact_source", &self.last_interact_source)
            .finish_non_exhaustive()
    }
}
