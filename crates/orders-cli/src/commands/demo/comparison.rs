//! Compares a file of pulled orders with the sandbox's orders, by content.

use std::collections::HashMap;
use std::io::BufRead;

use orders_core::{Error, ErrorKind, Money, Order};
use orders_sandbox::TruthOrder;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::json_text::one_line;
use crate::sums::{Sums, amounts};
use crate::vendor::Vendor;

/// How many ids of each difference are named.
const NAMED: usize = 3;

/// An order as one line of the file: the core view, with the vendor's exact text unchanged in it.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    order: &'a Order,
    raw: &'a RawValue,
}

/// The line of an order.
///
/// # Errors
/// The raw text is not JSON, which no source returns.
pub(crate) fn line(order: &Order) -> Result<String, Error> {
    let text = String::from_utf8_lossy(&order.raw);
    let text = one_line(&text);
    let raw: &RawValue = orders_wire::decode_text(&text)
        .map_err(|error| Error::decode("raw", error.message()).with_source(error))?;
    crate::output::json(&Line { order, raw })
}

#[derive(Deserialize)]
struct RawOnly<'a> {
    #[serde(borrow)]
    raw: &'a RawValue,
}

/// The orders of one vendor in the file, and their differences from the truth.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) orders: u64,
    pub(crate) lines: u64,
    pub(crate) sums: Sums,
    pub(crate) differences: Differences,
}

/// Ids, by kind of difference.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Differences {
    /// In the sandbox, not in the file.
    pub(crate) missing: Ids,
    /// In the file, not in the sandbox.
    pub(crate) extra: Ids,
    /// More than once in the file.
    pub(crate) twice: Ids,
    /// The raw text differs from the sandbox's.
    pub(crate) changed: Ids,
    /// The raw text is the same, but the core view has other lines or amounts than the sandbox.
    pub(crate) misread: Ids,
}

impl Differences {
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Each kind of difference that occurs, with its word.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'static str, &Ids)> {
        [
            ("missing", &self.missing),
            ("extra", &self.extra),
            ("twice", &self.twice),
            ("changed", &self.changed),
            ("misread", &self.misread),
        ]
        .into_iter()
        .filter(|(_, ids)| ids.count > 0)
    }
}

/// How many, and the first few ids.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Ids {
    pub(crate) count: u64,
    pub(crate) first: Vec<String>,
}

impl Ids {
    fn add(&mut self, id: &str) {
        self.count += 1;
        if self.first.len() < NAMED {
            self.first.push(id.to_owned());
        }
    }
}

/// Reads the file and compares every line with the truth of its vendor.
///
/// # Errors
/// The file cannot be read, or a line was not written by [`line()`].
pub(crate) fn compare(
    file: impl BufRead,
    truth: impl Fn(Vendor) -> Vec<TruthOrder>,
) -> Result<HashMap<Vendor, Found>, Error> {
    let mut checks: HashMap<_, _> = Vendor::ALL
        .into_iter()
        .map(|vendor| (vendor, Check::new(truth(vendor))))
        .collect();
    for (index, text) in file.lines().enumerate() {
        let place = || format!("line {}", index + 1);
        let text = text.map_err(|error| {
            Error::new(ErrorKind::Other, "cannot read the written file again").with_source(error)
        })?;
        let unreadable = |error: orders_wire::DecodeError| {
            Error::decode(place(), error.message()).with_source(error)
        };
        let order: Order = orders_wire::decode_text(&text).map_err(unreadable)?;
        let raw: RawOnly<'_> = orders_wire::decode_text(&text).map_err(unreadable)?;
        let check = checks
            .iter_mut()
            .find(|(vendor, _)| vendor.name() == order.provider);
        match check {
            Some((_, check)) => check.take(&order, raw.raw.get()),
            None => return Err(Error::decode(place(), "an order of no known vendor")),
        }
    }
    let found = |(vendor, check): (Vendor, Check)| (vendor, check.finish());
    Ok(checks.into_iter().map(found).collect())
}

struct Check {
    /// Every expected order, in the truth's order, with the number of times it was found.
    expected: Vec<(TruthOrder, u32)>,
    places: HashMap<String, usize>,
    found: Found,
}

impl Check {
    fn new(truth: Vec<TruthOrder>) -> Self {
        let places = truth
            .iter()
            .enumerate()
            .map(|(place, order)| (order.id.clone(), place));
        Self {
            places: places.collect(),
            expected: truth.into_iter().map(|order| (order, 0)).collect(),
            found: Found::default(),
        }
    }

    fn take(&mut self, order: &Order, raw: &str) {
        let found = &mut self.found;
        found.orders += 1;
        found.lines += order.lines.len() as u64;
        found.sums.add(order);
        let expected = self
            .places
            .get(&order.id)
            .and_then(|place| self.expected.get_mut(*place));
        let Some((truth, seen)) = expected else {
            found.differences.extra.add(&order.id);
            return;
        };
        *seen += 1;
        if *seen == 2 {
            found.differences.twice.add(&order.id);
        } else if raw != truth.json {
            found.differences.changed.add(&order.id);
        } else if !is_read_alike(order, truth) {
            found.differences.misread.add(&order.id);
        }
    }

    fn finish(mut self) -> Found {
        for (order, seen) in &self.expected {
            if *seen == 0 {
                self.found.differences.missing.add(&order.id);
            }
        }
        self.found
    }
}

/// The sandbox computes lines and amounts independently: the core view must have as many lines, and the same amounts to
/// the digit.
fn is_read_alike(order: &Order, truth: &TruthOrder) -> bool {
    let text = |money: &Money| (money.currency.to_string(), money.amount.to_string());
    let ours = amounts(order).map(|(_, money)| text(money));
    let theirs = truth
        .totals
        .iter()
        .map(|(currency, amount)| (currency.clone(), amount.to_string()));
    order.lines.len() == truth.lines && ours.eq(theirs)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use orders_sandbox::Sandbox;

    async fn truth() -> Vec<TruthOrder> {
        let sandbox = Sandbox::builder().orders(9).start().await.unwrap();
        sandbox.truth(orders_sandbox::Vendor::Clink)
    }

    fn lines(truth: &[TruthOrder]) -> Vec<String> {
        let mapper = clink_api::Mapper::new("sandbox");
        let order = |truth: &TruthOrder| {
            let record = clink_api::orders::decode_order(&truth.json.clone().into()).unwrap();
            line(&mapper.order(&record)).unwrap()
        };
        truth.iter().map(order).collect()
    }

    fn clink(lines: &[String], truth: &[TruthOrder]) -> Found {
        let file = lines.join("\n");
        let of = |vendor| match vendor {
            Vendor::Clink => truth.to_vec(),
            _ => Vec::new(),
        };
        let mut found = compare(file.as_bytes(), of).unwrap();
        found.remove(&Vendor::Clink).unwrap()
    }

    fn shown(found: &Found) -> Vec<String> {
        let show =
            |(word, ids): (&str, &Ids)| format!("{} {word}: {}", ids.count, ids.first.join(" "));
        found.differences.iter().map(show).collect()
    }

    #[tokio::test]
    async fn the_same_orders_in_any_order_are_no_difference() {
        let truth = truth().await;
        let mut lines = lines(&truth);
        lines.reverse();
        let found = clink(&lines, &truth);
        assert_eq!(
            (found.orders, found.differences),
            (9, Differences::default())
        );
        assert!(lines[0].ends_with(&format!(r#","raw":{}}}"#, truth[8].json)));
    }

    #[tokio::test]
    async fn every_kind_of_difference_is_seen() {
        let truth = truth().await;
        let lines = lines(&truth);
        let ids: Vec<_> = truth.iter().map(|order| order.id.as_str()).collect();

        assert_eq!(
            shown(&clink(&lines[2..], &truth)),
            [format!("2 missing: {} {}", ids[0], ids[1])]
        );
        assert_eq!(
            shown(&clink(&lines[..4], &[])),
            [format!("4 extra: {} {} {}", ids[0], ids[1], ids[2])]
        );
        let again = [&lines[..], &lines[3..4], &lines[3..4]].concat();
        assert_eq!(
            shown(&clink(&again, &truth)),
            [format!("1 twice: {}", ids[3])]
        );

        let mut other = truth.clone();
        other[4].json.insert(1, ' ');
        assert_eq!(
            shown(&clink(&lines, &other)),
            [format!("1 changed: {}", ids[4])]
        );

        let mut other = truth.clone();
        other[5].lines += 1;
        // The same value with another scale is another text.
        let (_, amount) = &mut other[6].totals[0];
        amount.rescale(amount.scale() + 1);
        assert_eq!(
            shown(&clink(&lines, &other)),
            [format!("2 misread: {} {}", ids[5], ids[6])]
        );
    }

    #[test]
    fn a_foreign_file_is_refused_by_its_line() {
        let first = r#"{"provider":"clink","id":"1","raw":{}}"#;
        for second in [
            "",
            "{",
            r#"{"provider":"other","raw":{}}"#,
            r#"{"provider":"clink"}"#,
        ] {
            let file = format!("{first}\n{second}\n");
            let error = compare(file.as_bytes(), |_| Vec::new()).unwrap_err();
            assert_eq!(error.path(), Some("line 2"), "{second}");
        }
    }
}
