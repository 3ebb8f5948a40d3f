//! Every history of events between answers, over small lists: whenever the machine says that a list is read, each row
//! that existed throughout was read. What it cannot know is named and counted, with the smallest example of each; the
//! crate's README has these as its assumptions. Anything else is a fault.
//!
//! Rows are inserted, deleted, updated and moved between any two answers; the vendor repeats a page; its total is off by
//! one in one answer. Lists have up to five rows, pages two. Histories have up to three events, or as many as
//! `ORDERS_READER_EVENTS` says.

mod cursors;
mod scans;
mod windows;

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What happens in a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    /// A row appears at a place.
    Insert(u8),
    /// The row at a place vanishes.
    Delete(u8),
    /// The row at a place changes where it stands.
    Update(u8),
    /// The row at a place moves to another.
    Move(u8, u8),
    /// The vendor answers with the answer before.
    Repeat,
    /// The vendor answers with success and without its list.
    NoList,
    /// The total of this answer is one too high.
    TotalUp,
    /// The total of this answer is one too low.
    TotalDown,
    /// An answer as it should be.
    Answer,
}

/// Where a history stands after an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    GoesOn,
    /// The machine says that the list is read.
    Complete,
    /// It says that the list is not complete, or that it stalled.
    Refused,
}

/// A list, the machine that reads it, and its driver's memory.
trait Case: Clone {
    /// What may happen to the rows now.
    fn events(&self) -> Vec<Event>;
    /// Lets it happen.
    fn happen(&mut self, event: Event);
    /// How the vendor may answer now, apart from as it should.
    fn odd_answers(&self) -> Vec<Event>;
    /// Requests the next page.
    fn request(&mut self, how: Event) -> Step;
    /// Whether a row that existed throughout was not read.
    fn missed(&self) -> bool;
    /// Why a row was missed, where nothing in the answers shows it.
    fn excuse(&self) -> Option<&'static str>;
    /// The list at its beginning.
    fn beginning(&self) -> String;
}

/// What came of the histories.
#[derive(Debug, Default)]
struct Tally {
    histories: u64,
    complete: u64,
    excepted: BTreeMap<&'static str, (u64, String)>,
    faults: (u64, String),
}

impl Tally {
    /// All histories of a case with up to `events` events.
    fn explore<C: Case>(&mut self, case: &C, events: usize, log: &mut Vec<Event>) {
        let mut answers = vec![Event::Answer];
        // What happens before the first answer is another beginning.
        if events > 0 {
            answers.extend(case.odd_answers());
            let events_now = if log.is_empty() {
                Vec::new()
            } else {
                case.events()
            };
            for event in events_now {
                let mut case = case.clone();
                case.happen(event);
                log.push(event);
                self.explore(&case, events - 1, log);
                log.pop();
            }
        }
        for answer in answers {
            let mut case = case.clone();
            log.push(answer);
            match case.request(answer) {
                Step::GoesOn => {
                    let left = events - usize::from(answer != Event::Answer);
                    self.explore(&case, left, log);
                }
                Step::Complete => self.ended(&case, log, true),
                Step::Refused => self.ended(&case, log, false),
            }
            log.pop();
        }
    }

    fn ended<C: Case>(&mut self, case: &C, log: &[Event], complete: bool) {
        self.histories += 1;
        self.complete += u64::from(complete);
        if !complete || !case.missed() {
            return;
        }
        let text = || format!("{}: {log:?}", case.beginning());
        let (count, example) = match case.excuse() {
            Some(excuse) => {
                let (count, example) = self.excepted.entry(excuse).or_default();
                (count, example)
            }
            None => (&mut self.faults.0, &mut self.faults.1),
        };
        *count += 1;
        let size = |text: &str| (events_in(text), text.len());
        let text = text();
        if example.is_empty() || size(&text) < size(example) {
            *example = text;
        }
    }

    /// Prints what was explored; no history may be a fault.
    #[allow(clippy::print_stdout)]
    fn report(&self, what: &str) {
        let mut text = format!(
            "{what}: {} histories, {} of them read to the end\n",
            self.histories, self.complete
        );
        for (excuse, (count, example)) in &self.excepted {
            writeln!(text, "  excepted, {excuse}: {count}, as {example}").unwrap();
        }
        println!("{text}");
        assert_eq!(
            self.faults.0, 0,
            "{what}: a row was missed: {}",
            self.faults.1
        );
    }
}

/// How many events a history in words has, answers as they should be not counted.
fn events_in(text: &str) -> usize {
    let words = [
        "Insert", "Delete", "Update", "Move", "Repeat", "NoList", "Total",
    ];
    words.iter().map(|word| text.matches(word).count()).sum()
}

/// How many events a history has at most.
fn most_events() -> usize {
    let given = std::env::var("ORDERS_READER_EVENTS").ok();
    given.map_or(3, |text| text.parse().unwrap())
}

/// Where a row can move to: every other place, but a swap of two neighbours only once.
fn moves(rows: u8) -> impl Iterator<Item = Event> {
    (0..rows).flat_map(move |from| {
        let to = (0..rows).filter(move |to| *to != from && *to + 1 != from);
        to.map(move |to| Event::Move(from, to))
    })
}

/// A hash of what a page holds.
fn content(rows: impl Iterator<Item = (u8, u8)>) -> Option<u64> {
    let hash = rows.fold(1, |hash: u64, (id, version)| {
        (hash << 8) + (u64::from(id) << 3) + u64::from(version)
    });
    (hash > 1).then_some(hash)
}
