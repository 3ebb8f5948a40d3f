//! A small seeded generator (SplitMix64). It gives the same numbers on every machine and in every release, which the
//! usual crates do not promise.

/// A sequence of numbers that depends only on its seed.
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    /// The sequence of one thing: from the sandbox's seed, a word for its kind, and its number.
    pub(crate) fn of(seed: u64, kind: &str, number: usize) -> Self {
        let mut random = Self(seed ^ 0x6f72_6465_7273_2021);
        for byte in kind.bytes() {
            random.0 = random.next() ^ u64::from(byte);
        }
        random.0 = random.next() ^ (number as u64);
        random.next();
        random
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number in `0..end`; 0 if `end` is 0. (The small bias of the remainder does not matter here.)
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    /// A number in `low..=high`.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = high.saturating_sub(low).max(0).unsigned_abs();
        low.saturating_add_unsigned(self.below(span.saturating_add(1)))
    }

    /// True in `percent` of 100 cases.
    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of the things. There must be at least one.
    pub(crate) fn pick<T: Copy>(&mut self, things: &[T]) -> T {
        things[self.below(things.len() as u64) as usize]
    }

    /// Decimal digits; the first is not 0.
    pub(crate) fn digits(&mut self, count: usize) -> String {
        (0..count)
            .map(|place| {
                let low = u64::from(place == 0);
                char::from(b'0' + (low + self.below(10 - low)) as u8)
            })
            .collect()
    }

    /// Letters and digits, as in the ids of a payment service.
    pub(crate) fn letters(&mut self, count: usize) -> String {
        const ALPHABET: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
        (0..count)
            .map(|_| char::from(self.pick(ALPHABET)))
            .collect()
    }

    /// Lower-case hex digits.
    pub(crate) fn hex(&mut self, count: usize) -> String {
        (0..count)
            .map(|_| char::from(self.pick(b"0123456789abcdef")))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depends_on_seed_kind_and_number_only() {
        let three = |seed, kind, number| {
            let mut random = Random::of(seed, kind, number);
            [random.next(), random.next(), random.next()]
        };
        assert_eq!(three(1, "clink", 5), three(1, "clink", 5));
        assert_ne!(three(1, "clink", 5), three(2, "clink", 5));
        assert_ne!(three(1, "clink", 5), three(1, "clink", 6));
        assert_ne!(three(1, "clink", 5), three(1, "shopline", 5));
    }

    #[test]
    fn stays_in_its_bounds() {
        let mut random = Random::of(1, "bounds", 0);
        for _ in 0..1000 {
            assert!((-3..=4).contains(&random.between(-3, 4)));
            assert!(random.below(7) < 7);
        }
        assert_eq!(random.below(0), 0);
        assert_eq!(random.digits(26).len(), 26);
    }
}
