//! How many orders a whole report counts.

use std::collections::HashMap;

use orders_core::{Error, ErrorKind};

use super::{ListReport, PROGRAM_REPORT};
use crate::VENDOR;
use crate::client::Client;

/// The orders of a whole report; `None` where a program has no count, or cannot be read.
///
/// A program whose row comes again on a later page with other numbers would be counted twice: that is an error.
pub(crate) async fn count_orders(
    client: &Client,
    request: &ListReport,
) -> Result<Option<u64>, Error> {
    let mut rows = client.stream_report(request);
    let (mut sum, mut before) = (Some(0u64), HashMap::new());
    while let Some(row) = rows.next().await {
        let row = match row {
            Err(error) if error.record().is_some() => return Ok(None),
            row => row?.value,
        };
        let count = row.order_count.and_then(|count| u64::try_from(count).ok());
        sum = sum.and_then(|sum| sum.checked_add(count?));
        let program = row.program_id.unwrap_or_default();
        let page = rows.pages();
        if *before.entry(program.clone()).or_insert(page) != page {
            return Err(moving(&program));
        }
    }
    Ok(sum)
}

fn moving(program: &str) -> Error {
    let message = format!("the report changed while it was read: program {program} came twice");
    Error::new(ErrorKind::Incomplete, message)
        .with_hint("run again")
        .at(VENDOR, PROGRAM_REPORT)
}
