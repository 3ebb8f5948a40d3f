//! What an order without an id is known by, and the zone of its times.

use chrono::FixedOffset;

/// China Standard Time: the zone of the vendor's times, by inference.
pub(crate) fn china() -> Option<FixedOffset> {
    FixedOffset::east_opt(8 * 3600)
}

/// The key of a program, a number and a sign. No two give the same: the program's slashes are escaped.
pub(crate) fn key_of(program: &str, number: &str, negative: bool) -> String {
    let program = program.replace('%', "%25").replace('/', "%2F");
    let sign = if negative { '-' } else { '+' };
    format!("{program}/{number}/{sign}")
}
