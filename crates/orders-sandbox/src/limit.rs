//! A leaky bucket in whole numbers: every request adds one, and the bucket leaks at a fixed rate.

use chrono::{DateTime, Utc};

/// The rate limit of one account. Levels are in thousandths of a request, so that milliseconds are exact.
#[derive(Debug)]
pub(crate) struct Bucket {
    per_second: i64,
    room: i64,
    level: i64,
    seen: Option<DateTime<Utc>>,
}

impl Bucket {
    /// An empty bucket that leaks `per_second` requests a second and holds `burst` of them.
    pub(crate) fn new(per_second: u32, burst: u32) -> Self {
        Self {
            per_second: i64::from(per_second),
            room: i64::from(burst) * 1000,
            level: 0,
            seen: None,
        }
    }

    /// Whether the bucket has room for a request at this moment. A request without room adds nothing.
    pub(crate) fn admits(&mut self, now: DateTime<Utc>) -> bool {
        // A clock that goes back leaks nothing.
        let passed = self
            .seen
            .map_or(0, |seen| (now - seen).num_milliseconds().max(0));
        self.seen = Some(self.seen.map_or(now, |seen| seen.max(now)));
        self.level = self
            .level
            .saturating_sub(passed.saturating_mul(self.per_second))
            .max(0);
        if self.level + 1000 > self.room {
            return false;
        }
        self.level += 1000;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    #[test]
    fn holds_a_burst_and_leaks_at_its_rate() {
        let mut bucket = Bucket::new(4, 40);
        let start = DateTime::<Utc>::UNIX_EPOCH;
        assert_eq!((0..100).filter(|_| bucket.admits(start)).count(), 40);
        assert!(!bucket.admits(start + TimeDelta::milliseconds(249)));
        assert!(bucket.admits(start + TimeDelta::milliseconds(250)));
        assert!(!bucket.admits(start + TimeDelta::milliseconds(250)));
        assert!(
            !bucket.admits(start),
            "a clock that goes back must not help"
        );
        let later = start + TimeDelta::seconds(60);
        assert_eq!((0..100).filter(|_| bucket.admits(later)).count(), 40);
    }
}
