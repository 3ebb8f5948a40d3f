//! The conditions under which a rule fires.

use crate::random::Random;
use crate::vendor::Vendor;

/// The conditions of a rule. All that are set must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Trigger {
    pub(crate) vendor: Option<Vendor>,
    /// The route, with its placeholders, contains this text.
    pub(crate) route: Option<String>,
    /// From 1.
    pub(crate) nth: Option<u64>,
    pub(crate) every: Option<u64>,
    pub(crate) percent: Option<u32>,
    pub(crate) times: Option<u64>,
}

impl Trigger {
    /// Whether the rule counts a request.
    pub(crate) fn matches(&self, vendor: Vendor, route: &str) -> bool {
        self.vendor.is_none_or(|wanted| wanted == vendor)
            && self
                .route
                .as_ref()
                .is_none_or(|text| route.contains(text.as_str()))
    }
}

/// The progress of a rule.
#[derive(Debug)]
pub(crate) struct Count {
    seen: u64,
    fired: u64,
    pub(crate) dice: Random,
}

impl Count {
    /// For the rule at this place of the list. Each rule has dice of its own, so that rules do not affect each other.
    pub(crate) fn new(seed: u64, kind: &str, place: usize) -> Self {
        Self {
            seen: 0,
            fired: 0,
            dice: Random::of(seed, kind, place),
        }
    }

    /// Counts a matching request. Returns whether the rule is due.
    pub(crate) fn meets(&mut self, trigger: &Trigger) -> bool {
        self.seen += 1;
        // The dice are thrown for every request, so that the other conditions do not shift them.
        let chosen = trigger
            .percent
            .is_none_or(|percent| self.dice.chance(u64::from(percent)));
        chosen
            && trigger.nth.is_none_or(|nth| self.seen == nth)
            && trigger
                .every
                .is_none_or(|every| every > 0 && self.seen.is_multiple_of(every))
            && trigger.times.is_none_or(|times| self.fired < times)
    }

    /// Records that the rule has fired.
    pub(crate) fn fire(&mut self) {
        self.fired += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fires(trigger: &Trigger, requests: usize) -> Vec<usize> {
        let mut count = Count::new(3, "test", 0);
        let mut fired = Vec::new();
        for request in 1..=requests {
            if count.meets(trigger) {
                count.fire();
                fired.push(request);
            }
        }
        fired
    }

    #[test]
    fn every_condition_narrows() {
        let all = Trigger::default();
        assert_eq!(fires(&all, 3), [1, 2, 3]);
        let nth = Trigger {
            nth: Some(2),
            ..Trigger::default()
        };
        assert_eq!(fires(&nth, 9), [2]);
        let every = Trigger {
            every: Some(3),
            times: Some(2),
            ..Trigger::default()
        };
        assert_eq!(fires(&every, 30), [3, 6]);
        let never = Trigger {
            every: Some(0),
            ..Trigger::default()
        };
        assert!(fires(&never, 30).is_empty());
        let some = Trigger {
            percent: Some(20),
            ..Trigger::default()
        };
        let fired = fires(&some, 1000);
        assert!((120..280).contains(&fired.len()), "{}", fired.len());
        assert_eq!(fires(&some, 1000), fired);
    }

    #[test]
    fn vendor_and_part_of_the_route_decide() {
        let trigger = Trigger {
            vendor: Some(Vendor::Clink),
            route: Some("order/{id}".to_owned()),
            ..Trigger::default()
        };
        assert!(trigger.matches(Vendor::Clink, "/clink/api/order/{id}"));
        assert!(!trigger.matches(Vendor::Clink, "/clink/api/order"));
        assert!(!trigger.matches(Vendor::Shopline, "/clink/api/order/{id}"));
    }
}
