//! What can go wrong in a scenario: each fault and race alone, then mixtures.

use std::fmt;
use std::time::Duration;

use orders_sandbox::{EmptyList, Fault, FaultRule, Habits, Race, RaceRule, Sandbox};

use crate::connect::Way;
use crate::random::Random;

/// Orders that come within one second; in mixtures fewer, but still more than a page.
const CROWD: usize = 500;
const SMALL_CROWD: usize = 220;
/// Rows on a page of a vendor that caps them; in mixtures any number.
const CAP: u32 = 40;

/// One thing that goes wrong.
#[derive(Clone, Copy, Debug)]
pub enum Trouble {
    /// The vendor answers wrongly.
    Fault(Fault),
    /// The vendor's orders change between two answers.
    Race(Race),
    /// The vendor's pages hold at most so many rows, whatever is requested.
    Capped(u32),
    /// The vendor sends a list without orders in another form than `[]`.
    EmptyLists,
    /// This machine's clock is wrong.
    Clock,
    /// A run has the key of another account.
    Stranger,
    /// Open orders are requested again, and all lists of the vendor are empty.
    NothingOpen,
}

impl Trouble {
    /// All of them.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let races = [
            Race::Change,
            Race::Insert,
            Race::Crowd(CROWD),
            Race::LeaveWindow,
            Race::Delete,
        ];
        let others = [
            Self::Capped(CAP),
            Self::EmptyLists,
            Self::Clock,
            Self::Stranger,
            Self::NothingOpen,
        ];
        // A page that is empty though there are orders, and sounds right, is a lie that no client can see.
        let faults = Fault::ALL
            .into_iter()
            .filter(|fault| *fault != Fault::EmptyPage);
        let faults = faults.map(Self::Fault);
        faults.chain(races.map(Self::Race)).chain(others).collect()
    }

    /// Whether it can happen at all: Clink's orders have no update time that they could leave a window by.
    #[must_use]
    pub fn befalls(&self, way: Way) -> bool {
        !matches!((self, way), (Self::Race(Race::LeaveWindow), Way::Clink))
    }

    /// Linkbest's windows have a second page only where one second is crowded.
    fn with_what_it_needs(self, way: Way) -> Vec<Self> {
        match self {
            Self::Fault(Fault::DuplicatePage | Fault::IgnorePage) if way == Way::Linkbest => {
                vec![self, Self::Race(Race::Crowd(CROWD))]
            }
            _ => vec![self],
        }
    }

    /// Whether orders come with other content than the vendor holds, so that only reading them again mends it.
    #[must_use]
    pub fn alters(&self) -> bool {
        matches!(
            self,
            Self::Fault(Fault::ChangedTypes | Fault::UnknownWords | Fault::UnknownFields)
        )
    }
}

/// Each trouble alone for the first seeds, then two to four together.
#[must_use]
pub fn of_seed(way: Way, seed: u64) -> Vec<Trouble> {
    let all: Vec<_> = Trouble::all()
        .into_iter()
        .filter(|trouble| trouble.befalls(way))
        .collect();
    if let Some(alone) = usize::try_from(seed).ok().and_then(|at| all.get(at)) {
        return alone.with_what_it_needs(way);
    }
    let mut random = Random::new(seed, 2);
    let many = 2 + random.below(3);
    let cap = 7 + u32::try_from(random.below(84)).unwrap_or(0);
    let mixed = |trouble: &Trouble| match trouble {
        Trouble::Race(Race::Crowd(_)) => Trouble::Race(Race::Crowd(SMALL_CROWD)),
        Trouble::Capped(_) => Trouble::Capped(cap),
        other => *other,
    };
    let mut troubles: Vec<_> = (0..many)
        .filter_map(|_| random.one(&all).map(mixed))
        .collect();
    // Assumed by the reader: a vendor that caps its pages does not answer page two with page one. Answered so twice, page
    // two is taken for the end of its window.
    if way == Way::Linkbest && troubles.iter().any(|it| matches!(it, Trouble::Capped(_))) {
        let pages = [Fault::IgnorePage, Fault::DuplicatePage];
        troubles.retain(|it| !matches!(it, Trouble::Fault(fault) if pages.contains(fault)));
    }
    troubles
}

/// Lets the troubles loose on a way, with chances of this round. Those that are not the vendor's are left to the
/// scenario.
pub fn unleash(sandbox: &Sandbox, way: Way, troubles: &[Trouble], random: &mut Random) {
    let (mut faults, mut races) = (Vec::new(), Vec::new());
    let mut habits = Habits::new();
    for trouble in troubles {
        match trouble {
            Trouble::Fault(fault) => {
                let fault = match fault {
                    Fault::Slow(_) => Fault::Slow(Duration::from_millis(20)),
                    other => *other,
                };
                let rule = FaultRule::new(fault).vendor(way.vendor());
                faults.push(match random.below(3) {
                    0 => match (fault, random.below(12)) {
                        // There are few second pages; of two answers in a row one is right.
                        (Fault::DuplicatePage | Fault::IgnorePage, n) => rule.every(2 + n % 3),
                        (_, n) => rule.nth(1 + n),
                    },
                    1 => rule.every(2 + random.below(6)),
                    _ => rule.percent(5 + u32::try_from(random.below(30)).unwrap_or(5)),
                });
            }
            Trouble::Race(race) => {
                let rule = RaceRule::new(*race).vendor(way.vendor());
                races.push(match race {
                    Race::Crowd(_) => rule.nth(1 + random.below(6)),
                    Race::Delete => rule.every(2 + random.below(6)).times(4),
                    _ => rule.every(1 + random.below(3)).times(40),
                });
            }
            Trouble::Capped(rows) => habits = habits.page_rows(*rows),

            Trouble::EmptyLists => {
                if let Some(form) = random.one(&EmptyList::ALL[1..]) {
                    habits = habits.empty_list(*form);
                }
            }
            Trouble::Clock | Trouble::Stranger | Trouble::NothingOpen => {}
        }
    }
    sandbox.set_habits(way.vendor(), habits);
    sandbox.set_faults(random.below(u64::MAX), faults);
    sandbox.set_races(random.below(u64::MAX), races);
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fault(fault) => f.write_str(fault.name()),
            Self::Race(race) => write!(f, "{race:?}"),
            other => write!(f, "{other:?}"),
        }
    }
}
