//! The output of the demo: each vendor's pull beside the truth.

use std::collections::HashMap;
use std::path::Path;

use orders_core::Error;
use orders_sandbox::Sandbox;
use serde::Serialize;

use super::accounts::theirs;
use super::comparison::{self, Differences, Found};
use super::first_pull::Pulled;
use super::later::Later;
use super::target::{FILE, Target};
use crate::output::{self, plain, program};
use crate::sums::{Sum, Sums};
use crate::vendor::Vendor;

/// One vendor's pull beside the truth.
pub(super) struct Outcome {
    pub(super) pull: Pulled,
    found: Found,
    truth: u64,
    requests: u64,
}

impl Outcome {
    pub(super) fn new(pull: Pulled, found: &mut HashMap<Vendor, Found>, sandbox: &Sandbox) -> Self {
        let vendor = theirs(pull.vendor);
        let requests = sandbox.requests();
        Self {
            found: found.remove(&pull.vendor).unwrap_or_default(),
            truth: sandbox.truth(vendor).len() as u64,
            requests: requests
                .iter()
                .filter(|request| request.vendor == Some(vendor))
                .count() as u64,
            pull,
        }
    }

    pub(super) fn is_complete(&self) -> bool {
        self.pull.error.is_none() && self.found.differences.is_empty()
    }

    fn verdict(&self) -> String {
        let vendor = self.pull.vendor;
        if self.is_complete() {
            let n = self.truth;
            return format!("✓ {vendor:<9} complete: {n} of {n} orders, each once, byte for byte");
        }
        let mut facts: Vec<_> = self.found.differences.iter().map(difference).collect();
        if self.pull.error.is_some() {
            facts.insert(0, "the pull failed".to_owned());
        }
        format!("✗ {vendor:<9} DIFFERS: {}", facts.join("; "))
    }
}

fn difference((word, ids): (&'static str, &comparison::Ids)) -> String {
    let more = if ids.count > ids.first.len() as u64 {
        ", ..."
    } else {
        ""
    };
    let first = ids.first.join(", ");
    format!("{} {word} ({}{more})", ids.count, plain(&first))
}

/// The table and the verdicts.
pub(super) fn text(results: &[Outcome]) -> String {
    let headings = [
        "vendor", "orders", "lines", "amounts", "", "requests", "time",
    ];
    let mut table = output::table(&headings, &[1, 2, 5, 6]);
    for result in results {
        let (words, amounts) = amounts(&result.found.sums);
        table.add_row([
            result.pull.vendor.name().to_owned(),
            result.found.orders.to_string(),
            result.found.lines.to_string(),
            words,
            amounts,
            result.requests.to_string(),
            format!("{:.2} s", result.pull.elapsed.as_secs_f64()),
        ]);
    }
    let verdicts: Vec<_> = results.iter().map(Outcome::verdict).collect();
    format!("{}\n\n{}", table.trim_fmt(), verdicts.join("\n"))
}

/// The sums, two in a row: the words for their meanings, and the amounts.
fn amounts(sums: &Sums) -> (String, String) {
    const BESIDE: usize = 2;
    let sums: Vec<Sum> = sums.iter().collect();
    let width = sums.iter().map(|sum| sum.amount().len()).max().unwrap_or(0);
    let (mut words, mut lines) = (Vec::new(), Vec::new());
    for group in sums.chunk_by(|a, b| a.what == b.what) {
        for (index, row) in group.chunks(BESIDE).enumerate() {
            let first = group.first().filter(|_| index == 0);
            words.push(first.map_or("", |sum| sum.what.word()));
            let cell = |sum: &Sum| format!("{:>width$} {:<3}", sum.amount(), plain(&sum.currency));
            lines.push(row.iter().map(cell).collect::<Vec<_>>().join("  "));
        }
    }
    (words.join("\n"), lines.join("\n"))
}

pub(super) fn next(target: &Target, database: &Path, complete: bool) -> String {
    if !complete && !target.partial.exists() {
        return format!(
            "\n{} is complete; {} is not.",
            target.complete.display(),
            database.display()
        );
    }
    if !complete {
        return format!(
            "\nThe orders received are in {}. It was not renamed to {FILE}, since it is not complete.",
            target.partial.display()
        );
    }
    let file = target.complete.display();
    let (program, database) = (program(), database.display());
    format!(
        "
Written to {file}: one line an order, the common view with the vendor's exact text under \"raw\".
And to {database}: every order, what changed in it, and how far each account is.

What to try next:
  head -n 1 {file}
      look at an order
  {program} status -o {database}
      what is stored, and how far each account is
  {program} show ID -o {database}
      one order, in our words and the vendor's; history ID: what changed in it
  {program} sandbox
      the same three vendors, for your own program
  {program} list clink --help
      the orders of an account of yours
  {program} decode clink FILE
      a response body that you kept"
    )
}

pub(super) fn summary(
    results: &[Outcome],
    later: &[Later],
    target: &Target,
    database: &Path,
    complete: bool,
) -> Result<String, Error> {
    #[derive(Serialize)]
    struct Summary<'a> {
        complete: bool,
        file: String,
        vendors: Vec<VendorSummary<'a>>,
        database: String,
        later: &'a [Later],
    }
    #[derive(Serialize)]
    struct VendorSummary<'a> {
        vendor: Vendor,
        complete: bool,
        orders: u64,
        expected: u64,
        lines: u64,
        amounts: Vec<Sum>,
        requests: u64,
        elapsed_ms: u128,
        differences: &'a Differences,
        #[serde(skip_serializing_if = "Option::is_none")]
        error: Option<String>,
    }
    let vendors = results.iter().map(|result| VendorSummary {
        vendor: result.pull.vendor,
        complete: result.is_complete(),
        orders: result.found.orders,
        expected: result.truth,
        lines: result.found.lines,
        amounts: result.found.sums.iter().collect(),
        requests: result.requests,
        elapsed_ms: result.pull.elapsed.as_millis(),
        differences: &result.found.differences,
        error: result.pull.error.as_ref().map(Error::to_string),
    });
    let file = match results.iter().all(Outcome::is_complete) {
        true => &target.complete,
        false => &target.partial,
    };
    output::json(&Summary {
        complete,
        file: file.display().to_string(),
        vendors: vendors.collect(),
        database: database.display().to_string(),
        later,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::time::Duration;

    use orders_core::{Error, Money, Order, Total, TotalKind};

    use super::*;

    fn outcome(vendor: Vendor, totals: &[(TotalKind, &str, &str)], truth: u64) -> Outcome {
        let mut found = Found {
            orders: 2,
            lines: 3,
            ..Found::default()
        };
        for (kind, amount, currency) in totals {
            let mut order = Order::new(vendor.name(), "sandbox", "1");
            let money = Money::parse(amount, *currency).unwrap();
            order.totals.push(Total::new(kind.clone(), money));
            found.sums.add(&order);
        }
        let pull = Pulled {
            vendor,
            elapsed: Duration::from_millis(1234),
            error: None,
        };
        Outcome {
            pull,
            found,
            truth,
            requests: 4,
        }
    }

    #[test]
    fn the_table_and_the_verdicts() {
        let clink = outcome(
            Vendor::Clink,
            &[
                (TotalKind::Grand, "1234.50", "EUR"),
                (TotalKind::Grand, "7", "JPY"),
                (TotalKind::Grand, "0.120", "KWD"),
            ],
            2,
        );
        let mut linkbest = outcome(
            Vendor::Linkbest,
            &[
                (TotalKind::Estimated, "10.00", "USD"),
                (TotalKind::Confirmed, "68.10", "CNY"),
            ],
            9,
        );
        let ids = |first: &[&str], count| comparison::Ids {
            count,
            first: first.iter().map(|id| (*id).to_owned()).collect(),
        };
        linkbest.found.differences.missing = ids(&["11", "12", "13"], 8);
        linkbest.found.differences.extra = ids(&["21"], 1);
        let mut shopline = outcome(Vendor::Shopline, &[], 2);
        shopline.pull.error = Some(Error::invalid_request("no"));

        assert!(clink.is_complete() && !linkbest.is_complete() && !shopline.is_complete());
        insta::assert_snapshot!(text(&[clink, linkbest, shopline]));
    }
}
