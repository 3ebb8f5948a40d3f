//! The three vendors: their names, and how an order of theirs is printed.

use bytes::Bytes;
use chrono::FixedOffset;
use clap::ValueEnum;
use orders_core::{Error, Order, Push};
use orders_sync::KeptPush;
use serde::{Deserialize, Serialize};

use crate::json_text::one_line;
use crate::output::json;

/// A vendor.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, ValueEnum, Deserialize, Serialize,
)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Vendor {
    /// Clink (clinkbill.com)
    Clink,
    /// Linkbest (developers.linkbest.com)
    Linkbest,
    /// SHOPLINE (myshopline.com)
    Shopline,
}

impl Vendor {
    pub(crate) const ALL: [Self; 3] = [Self::Clink, Self::Linkbest, Self::Shopline];

    /// The word in arguments, files and core orders.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Clink => "clink",
            Self::Linkbest => "linkbest",
            Self::Shopline => "shopline",
        }
    }

    /// The vendor of this word.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|vendor| vendor.name() == name)
    }

    /// The version of the mapping to the common view.
    pub(crate) const fn mapping_version(self) -> u32 {
        match self {
            Self::Clink => clink_api::Mapper::VERSION,
            Self::Linkbest => linkbest_api::Mapper::VERSION,
            Self::Shopline => shopline_api::Mapper::VERSION,
        }
    }

    /// Reads the text of one order of an account; local times of Linkbest are in `zone`, where it is given.
    ///
    /// # Errors
    /// `Decode` where the text is none of an order.
    pub(crate) fn read(
        self,
        text: &Bytes,
        account: &str,
        zone: Option<FixedOffset>,
    ) -> Result<Order, Error> {
        match self {
            Self::Clink => clink_api::Mapper::new(account).read(text),
            Self::Linkbest => linkbest_mapper(account, zone).read(text),
            Self::Shopline => shopline_api::Mapper::new(account).read(text),
        }
    }

    /// Reads a push of an account that was kept; local times of Linkbest are in `zone`, where it is given.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub(crate) fn read_push(
        self,
        kept: &KeptPush,
        account: &str,
        zone: Option<FixedOffset>,
    ) -> Result<Push, String> {
        match self {
            Self::Clink => {
                let mapper = clink_api::Mapper::new(account);
                clink_api::webhooks::read_push(&mapper, &kept.raw, kept.received_at)
                    .map_err(|error| error.to_string())
            }
            Self::Linkbest => {
                let mapper = linkbest_mapper(account, zone);
                linkbest_api::webhooks::read_push(&mapper, &kept.raw)
                    .map_err(|error| error.to_string())
            }
            Self::Shopline => {
                let mapper = shopline_api::Mapper::new(account);
                let topic = shopline_api::webhooks::Topic::from(kept.event.as_str());
                shopline_api::webhooks::read_push(&mapper, &topic, &kept.raw)
                    .map_err(|error| error.to_string())
            }
        }
    }

    /// Under which names a page holds its list, the contract's own first.
    pub(crate) const fn lists(self) -> &'static [&'static str] {
        match self {
            Self::Clink => &["rows"],
            Self::Linkbest => &["Data"],
            Self::Shopline => &["list", "orders"],
        }
    }

    /// One pulled order as one line; the vendor's own view is read from its raw text.
    pub(crate) fn line(self, order: &Order, view: View) -> Result<String, Error> {
        match view {
            View::Core => json(order),
            View::Raw => Ok(one_line(&String::from_utf8_lossy(&order.raw)).into_owned()),
            View::Typed => match self {
                Self::Clink => typed(&clink_api::orders::decode_order(&order.raw)?.value),
                Self::Linkbest => typed(&linkbest_api::orders::decode_order(&order.raw)?.value),
                Self::Shopline => typed(&shopline_api::orders::decode_order(&order.raw)?.value),
            },
        }
    }
}

/// The mapping of Linkbest, with local times in a zone where it is given.
pub(crate) fn linkbest_mapper(account: &str, zone: Option<FixedOffset>) -> linkbest_api::Mapper {
    let mapper = linkbest_api::Mapper::new(account);
    zone.map_or(mapper.clone(), |zone| mapper.zone(zone))
}

impl std::fmt::Display for Vendor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}

/// How an order is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum View {
    /// The vendor's exact text, on one line
    Raw,
    /// Under the vendor's own names, as the types read it
    Typed,
    /// In the common vocabulary
    Core,
}

impl std::fmt::Display for View {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Raw => "raw",
            Self::Typed => "typed",
            Self::Core => "core",
        })
    }
}

/// A typed thing as one line: a value of any shape in it is written as it came, line breaks included.
pub(crate) fn typed(thing: &impl Serialize) -> Result<String, Error> {
    json(thing).map(|text| one_line(&text).into_owned())
}
