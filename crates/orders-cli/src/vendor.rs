//! The three vendors: their names, and how a body of theirs is read.

use bytes::Bytes;
use clap::ValueEnum;
use orders_core::{Error, Order, Unreadable};
use orders_wire::{Members, Record};
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

    /// Under which names a page holds its list, the contract's own first.
    pub(crate) const fn lists(self) -> &'static [&'static str] {
        match self {
            Self::Clink => &["rows"],
            Self::Linkbest => &["Data"],
            Self::Shopline => &["list", "orders"],
        }
    }

    /// The names that tell a bare order.
    const fn ids(self) -> &'static [&'static str] {
        match self {
            Self::Clink => &["orderId"],
            Self::Linkbest => &["Id", "OrderSn"],
            Self::Shopline => &["id"],
        }
    }

    /// What a body is, by the names in it. What is no object is called a page, whose reader says what is wrong.
    pub(crate) fn shape(self, body: &Bytes) -> Shape {
        let Ok(members) = Members::read(body) else {
            return Shape::Page;
        };
        let has = |wanted: &[&str]| wanted.iter().any(|name| members.get(name).is_some());
        if has(self.ids()) && !has(self.lists()) {
            Shape::Order
        } else {
            Shape::Page
        }
    }

    /// The orders of a body, each as one line, and those that cannot be read.
    ///
    /// # Errors
    /// The vendor's failure, where the body is one; `Decode` where it is neither a page nor an order.
    pub(crate) fn lines(self, body: &Bytes, account: &str, view: View) -> Result<Lines, Error> {
        let whole = self.shape(body) == Shape::Page;
        match self {
            Self::Clink => {
                let (records, unreadable) = match whole {
                    true => clink_api::orders::decode_page(body).map(|p| (p.records, p.unreadable)),
                    false => one(clink_api::orders::decode_order(body)),
                }?;
                let mapper = clink_api::Mapper::new(account);
                lines(&records, unreadable, view, |record| mapper.order(record))
            }
            Self::Linkbest => {
                use linkbest_api::orders::{decode_order, decode_page};
                let (records, unreadable) = match whole {
                    true => decode_page(body).map(|p| (p.records, p.unreadable)),
                    false => one(decode_order(body)),
                }?;
                let mapper = linkbest_api::Mapper::new(account);
                lines(&records, unreadable, view, |record| mapper.order(record))
            }
            Self::Shopline => {
                use shopline_api::orders::{decode_order, decode_page};
                let (records, unreadable) = match whole {
                    true => decode_page(body).map(|p| (p.records, p.unreadable)),
                    false => one(decode_order(body)),
                }?;
                let mapper = shopline_api::Mapper::new(account);
                lines(&records, unreadable, view, |record| mapper.order(record))
            }
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

impl std::fmt::Display for Vendor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}

/// What a body holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// An answer with a list of orders.
    Page,
    /// One order.
    Order,
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

/// What a body becomes.
#[derive(Debug)]
pub(crate) struct Lines {
    pub(crate) lines: Vec<String>,
    pub(crate) unreadable: Vec<Unreadable>,
}

/// A bare order, as a page that holds nothing else.
fn one<T>(read: Result<Record<T>, Error>) -> Result<(Vec<Record<T>>, Vec<Unreadable>), Error> {
    match read {
        Ok(record) => Ok((vec![record], Vec::new())),
        Err(error) => match error.record() {
            Some(record) => Ok((Vec::new(), vec![record.clone()])),
            None => Err(error),
        },
    }
}

fn lines<T: Serialize>(
    records: &[Record<T>],
    unreadable: Vec<Unreadable>,
    view: View,
    core: impl Fn(&Record<T>) -> Order,
) -> Result<Lines, Error> {
    let line = |record: &Record<T>| match view {
        View::Raw => Ok(one_line(record.raw.as_str()).into_owned()),
        View::Typed => typed(&record.value),
        View::Core => json(&core(record)),
    };
    Ok(Lines {
        lines: records.iter().map(line).collect::<Result<_, _>>()?,
        unreadable,
    })
}

/// A typed order as one line: a value of any shape in it is written as it came, line breaks included.
fn typed(order: &impl Serialize) -> Result<String, Error> {
    json(order).map(|text| one_line(&text).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_tell_an_order_from_a_page() {
        let shape =
            |vendor: Vendor, text: &'static str| vendor.shape(&Bytes::from_static(text.as_bytes()));
        assert_eq!(shape(Vendor::Clink, r#"{"orderId":"o"}"#), Shape::Order);
        assert_eq!(
            shape(Vendor::Clink, r#"{"code":200,"rows":null}"#),
            Shape::Page
        );
        assert_eq!(
            shape(Vendor::Linkbest, r#"{"Id":1,"Status":"2"}"#),
            Shape::Order
        );
        assert_eq!(
            shape(Vendor::Linkbest, r#"{"Status":0,"Data":{"Id":1}}"#),
            Shape::Page
        );
        assert_eq!(
            shape(Vendor::Shopline, r#"{"id":"1","status":"open"}"#),
            Shape::Order
        );
        assert_eq!(
            shape(Vendor::Shopline, r#"{"orders":[],"id":"1"}"#),
            Shape::Page
        );
        assert_eq!(shape(Vendor::Shopline, r#"{"errors":"no"}"#), Shape::Page);
        assert_eq!(shape(Vendor::Shopline, "[1"), Shape::Page);
    }
}
