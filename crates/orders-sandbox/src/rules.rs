//! Rules: what goes wrong or happens, and when. Faults and races share them.

use std::collections::BTreeMap;

use crate::random::Random;
use crate::trigger::{Count, Trigger};
use crate::vendor::Vendor;

/// What happens (a [`crate::Fault`] or a [`crate::Race`]), and when. A rule without conditions fires whenever it can.
///
/// A rule counts the requests that match its vendor and its route. The other conditions choose among those. All
/// conditions that are set must hold. For example, `.every(3).times(2)` fires at the third and at the sixth request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Rule<T> {
    pub(crate) effect: T,
    pub(crate) trigger: Trigger,
}

impl<T> Rule<T> {
    /// A rule without conditions.
    pub fn new(effect: T) -> Self {
        Self {
            effect,
            trigger: Trigger::default(),
        }
    }

    /// Only requests to this vendor.
    pub fn vendor(mut self, vendor: Vendor) -> Self {
        self.trigger.vendor = Some(vendor);
        self
    }

    /// Only routes that contain this text: `orders.query.get`, `customers/{id}/orders.json`. Placeholders stand in the
    /// route as in [`crate::RequestRecord::route`].
    pub fn route(mut self, text: impl Into<String>) -> Self {
        self.trigger.route = Some(text.into());
        self
    }

    /// Only the nth counted request. Counting starts at 1; 0 never fires.
    pub fn nth(mut self, nth: u64) -> Self {
        self.trigger.nth = Some(nth);
        self
    }

    /// Only every nth counted request. 0 never fires.
    pub fn every(mut self, every: u64) -> Self {
        self.trigger.every = Some(every);
        self
    }

    /// Each counted request with this probability in percent, by the seed. 0 never fires; 100 and more always fire.
    pub fn percent(mut self, percent: u32) -> Self {
        self.trigger.percent = Some(percent);
        self
    }

    /// At most this many times.
    pub fn times(mut self, times: u64) -> Self {
        self.trigger.times = Some(times);
        self
    }
}

/// The rules in force, the progress of each, and how often each effect has fired.
#[derive(Debug)]
pub(crate) struct Rules<T> {
    rules: Vec<(Rule<T>, Count)>,
    fired: BTreeMap<&'static str, u64>,
}

impl<T> Default for Rules<T> {
    fn default() -> Self {
        Self {
            rules: Vec::new(),
            fired: BTreeMap::new(),
        }
    }
}

impl<T: Copy> Rules<T> {
    /// Replaces the rules. The `kind` keeps the dice of faults and of races apart.
    pub(crate) fn set(&mut self, kind: &str, seed: u64, rules: Vec<Rule<T>>) {
        let counted = |(place, rule)| (rule, Count::new(seed, kind, place));
        self.rules = rules.into_iter().enumerate().map(counted).collect();
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Whether a rule has such an effect.
    pub(crate) fn any(&self, test: impl Fn(T) -> bool) -> bool {
        self.rules.iter().any(|(rule, _)| test(rule.effect))
    }

    /// How often each effect has fired, by its name.
    pub(crate) fn fired(&self) -> BTreeMap<&'static str, u64> {
        self.fired.clone()
    }

    /// Counts a request in each rule that matches it and whose effect is possible. Then calls `act` for each rule that is
    /// due, in the order of the rules. `act` returns the name of the effect if it took place, and the rule has then fired.
    pub(crate) fn apply(
        &mut self,
        (vendor, route): (Vendor, &str),
        possible: impl Fn(T) -> bool,
        mut act: impl FnMut(T, &mut Random) -> Option<&'static str>,
    ) {
        for (rule, count) in &mut self.rules {
            let counts = rule.trigger.matches(vendor, route) && possible(rule.effect);
            if counts
                && count.meets(&rule.trigger)
                && let Some(name) = act(rule.effect, &mut count.dice)
            {
                count.fire();
                *self.fired.entry(name).or_default() += 1;
            }
        }
    }
}
