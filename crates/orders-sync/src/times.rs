//! Times and lengths of time as people read them.

use chrono::{DateTime, TimeDelta, Utc};

/// A time, to the second.
pub(crate) fn second(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

/// A length of time, in its largest unit.
pub(crate) fn length(time: TimeDelta) -> String {
    let (number, unit) = match time {
        time if time.num_days() > 0 => (time.num_days(), "day"),
        time if time.num_hours() > 0 => (time.num_hours(), "hour"),
        time if time.num_minutes() > 0 => (time.num_minutes(), "minute"),
        time => (time.num_seconds(), "second"),
    };
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {unit}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_told_in_its_largest_unit() {
        for (seconds, words) in [
            (0, "0 seconds"),
            (61, "1 minute"),
            (7_300, "2 hours"),
            (5 * 86_400 + 7, "5 days"),
        ] {
            assert_eq!(length(TimeDelta::seconds(seconds)), words);
        }
    }
}
