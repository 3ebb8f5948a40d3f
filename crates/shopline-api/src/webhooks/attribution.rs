//! A push about what led the buyer of an order to the store: `order_attribution/create`.

use orders_wire::{Row, Strict, object};

object! {
    /// What led the buyer of an order to the store, thirty days back. Documented; its times have no zone, and are in UTC+8.
    #[serde(rename_all = "camelCase")]
    pub struct Attribution {
        /// The order's id.
        pub order_seq: Option<String>,
        /// The store's id.
        pub store_id: Option<String>,
        /// What the buyer did.
        pub action_type: Option<String>,
        /// Where the first visit came from, as `Social`.
        pub first_interact_source: Option<String>,
        /// When the first visit was.
        pub first_interact_time: Option<String>,
        /// The first page of the first visit.
        pub first_interact_url: Option<String>,
        /// The page before it.
        pub first_interact_referer_url: Option<String>,
        /// Where the last visit came from.
        pub last_interact_source: Option<String>,
        /// When the last visit was.
        pub last_interact_time: Option<String>,
        /// The first page of the last visit.
        pub last_interact_url: Option<String>,
        /// The page before it.
        pub last_interact_referer_url: Option<String>,
        /// Whether the order was placed offline; documented as text.
        pub is_offline: Option<String>,
        /// A key of the vendor's.
        pub key: Option<String>,
    }
    debug(order_seq, first_interact_source, last_interact_source)
}

impl Row for Attribution {
    const IDENTITY: &'static [&'static str] = &["orderSeq"];
    const STRICT: Strict = Strict::new(&["orderSeq"], &[]);

    fn is_identified(&self) -> bool {
        self.order_seq.as_deref().is_some_and(|id| !id.is_empty())
    }
}
