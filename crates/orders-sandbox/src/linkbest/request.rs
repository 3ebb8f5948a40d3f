//! The body of an order query.

use chrono::{DateTime, Utc};

use super::body::{Body, Fault};
use super::data::{Axis, Filter};

/// The parameters of this service.
const KNOWN: &[&str] = &[
    "Etime",
    "OrderField",
    "Page",
    "PageSize",
    "ProgramId",
    "Status",
    "Stime",
    "SubId",
    "WebsiteId",
];

/// A query that was read and checked.
#[derive(Debug)]
pub(super) struct OrderQuery {
    pub(super) axis: Axis,
    /// First and last second of the window, both included (inferred).
    pub(super) from: i64,
    pub(super) to: i64,
    pub(super) filter: Filter,
    pub(super) skip: usize,
    pub(super) take: usize,
}

pub(super) fn read(body: &[u8], now: DateTime<Utc>) -> Result<OrderQuery, Fault> {
    let params = Body::read(body, now, KNOWN)?;
    let (from, to) = params.window()?;
    let (skip, take) = params.paging()?;
    Ok(OrderQuery {
        axis: axis(&params)?,
        from,
        to,
        filter: Filter {
            status: status(&params)?,
            website: params.text("WebsiteId")?,
            program: params.text("ProgramId")?,
            sub: params.text("SubId")?,
        },
        skip,
        take,
    })
}

/// The three words, with `OrderDatatime` in the vendor's spelling. Refusing any other word is inferred.
fn axis(params: &Body) -> Result<Axis, Fault> {
    match params.text("OrderField")?.as_deref() {
        None | Some("UpdateTime") => Ok(Axis::Update),
        Some("ChargeTime") => Ok(Axis::Charge),
        Some("OrderDatatime") => Ok(Axis::Creation),
        Some(other) => Err(Fault::Invalid(format!("OrderField cannot be {other}"))),
    }
}

fn status(params: &Body) -> Result<Option<i8>, Fault> {
    match params.text("Status")?.as_deref() {
        None => Ok(None),
        Some("-1") => Ok(Some(-1)),
        Some("0") => Ok(Some(0)),
        Some("1") => Ok(Some(1)),
        Some("2") => Ok(Some(2)),
        Some(other) => Err(Fault::Invalid(format!("Status cannot be {other}"))),
    }
}
