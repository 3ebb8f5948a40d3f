//! What time it is, and how long to wait by chance: both injected, so that tests are deterministic.

use std::fmt;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::{Duration, SystemTime};

/// Says what time it is on the wall: for the timestamp of a request and for `Retry-After` dates.
///
/// Timeouts and waits do not use it: they use tokio's monotonic time, which tests can pause.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The time now.
    fn now(&self) -> SystemTime;
}

/// The clock of the system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}

/// Draws the length of a wait, so that clients that failed together do not come back together.
pub trait Randomness: Send + Sync + fmt::Debug {
    /// A wait from zero to `max`, both included, each as likely as any other.
    fn up_to(&self, max: Duration) -> Duration;
}

/// Randomness from the seed that the standard library draws for its hash maps. Not for secrets.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandomness;

impl Randomness for SystemRandomness {
    fn up_to(&self, max: Duration) -> Duration {
        part_of(max, RandomState::new().build_hasher().finish())
    }
}

/// The part `random / 2^64` of `max`.
pub(crate) fn part_of(max: Duration, random: u64) -> Duration {
    let nanos = u64::try_from(max.as_nanos()).unwrap_or(u64::MAX);
    let part = (u128::from(random) * (u128::from(nanos) + 1)) >> 64;
    Duration::from_nanos(u64::try_from(part).unwrap_or(nanos))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_stays_within_its_bounds() {
        let max = Duration::from_secs(10);
        assert_eq!(part_of(max, 0), Duration::ZERO);
        assert_eq!(part_of(max, u64::MAX), max);
        assert_eq!(part_of(max, u64::MAX / 2), Duration::from_secs(5));
        assert_eq!(part_of(Duration::ZERO, u64::MAX), Duration::ZERO);
        assert!(part_of(Duration::MAX, u64::MAX) > Duration::from_secs(500 * 365 * 86_400));
    }

    #[test]
    fn the_default_randomness_spreads() {
        let max = Duration::from_secs(1);
        let draws: Vec<Duration> = (0..1000).map(|_| SystemRandomness.up_to(max)).collect();
        assert!(draws.iter().all(|draw| *draw <= max));
        let low = draws.iter().filter(|draw| **draw < max / 2).count();
        assert!((300..700).contains(&low), "{low} of 1000 in the lower half");
    }
}
