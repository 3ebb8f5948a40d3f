//! `linkbest.open-service.report.program.get`: clicks and orders of each program.
//!
//! Documented: the parameters, 31 days at most, pages of at most 200, the members, and that all are strings. Inferred:
//! both days are included, days are local to UTC+8, orders count by creation, and a program without orders has a row.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};

use super::body::{Body, Fault};
use super::data::{Filter, Store};
use super::order_json::{PROGRAMS, UTC_PLUS_8, program_id};
use crate::json::{self, Object};

/// The longest report, in days (documented).
const LONGEST: i64 = 31;
const KNOWN: &[&str] = &[
    "EndDate",
    "Page",
    "PageSize",
    "ProgramId",
    "StartDate",
    "WebsiteId",
];

pub(super) fn answer(store: &Store, body: &[u8], now: DateTime<Utc>) -> Result<String, Fault> {
    let params = Body::read(body, now, KNOWN)?;
    let (start, end) = (params.day("StartDate")?, params.day("EndDate")?);
    if start > end {
        return Err(Fault::Invalid("StartDate is after EndDate".to_owned()));
    }
    let days = (end - start).num_days() + 1;
    if days > LONGEST {
        return Err(Fault::Invalid(
            "the time span cannot exceed 31 days".to_owned(),
        ));
    }
    let (skip, take) = params.paging()?;
    let filter = Filter {
        website: params.text("WebsiteId")?,
        ..Filter::default()
    };
    let program = params.text("ProgramId")?;

    let from = start.and_time(NaiveTime::MIN).and_utc().timestamp() - UTC_PLUS_8;
    let to = from + TimeDelta::days(days).num_seconds() - 1;
    let mut orders = [0_u64; PROGRAMS.len()];
    for number in store.created(from, to) {
        let head = &store.heads[number];
        if filter.fits(head) {
            orders[head.program] += 1;
        }
    }
    let rows = (0..PROGRAMS.len())
        .filter(|place| {
            program
                .as_ref()
                .is_none_or(|wanted| program_id(*place) == *wanted)
        })
        .skip(skip)
        .take(take)
        .map(|place| row(place, orders[place], days.unsigned_abs()));
    Ok(json::list(rows))
}

/// Clicks are computed from orders and days, so the same request gets the same answer.
fn row(program: usize, orders: u64, days: u64) -> String {
    let unique = orders * 17 + days * (program as u64 + 1);
    Object::new()
        .text("ProgramId", &program_id(program))
        .text("ProgramName", PROGRAMS[program])
        .text("UniqueClickCount", &unique.to_string())
        .text("ClickCount", &(unique * 3 / 2).to_string())
        .text("OrderCount", &orders.to_string())
        .end()
}
