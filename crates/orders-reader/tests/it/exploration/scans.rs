//! Counted lists.

use chrono::DateTime;
use orders_core::{Cursor, Limits, Slice};
use orders_reader::{Accepted, Answer, Counts, Decision, Position, RepeatedPages};

use super::{Case, Event, Step, Tally, content, most_events, moves};

const PAGE: usize = 2;

/// A row: its id, and how often it changed.
type Row = (u8, u8);

#[derive(Clone)]
struct Scan {
    size: u8,
    rows: Vec<Row>,
    /// The ids of the rows that existed throughout, as bits.
    lasting: u32,
    ids: u8,
    position: Position,
    pages: RepeatedPages,
    /// In which attempt each id was seen last; 0: never.
    seen: [u8; 16],
    last: Option<(Vec<Row>, u64)>,
    /// In which generations a row was removed, appeared, or a total was wrong, as bits.
    removed: u32,
    appeared: u32,
    wrong: u32,
    /// In which generations two totals were wrong.
    wrong_twice: u32,
}

impl Scan {
    fn new(size: u8) -> Self {
        let now = DateTime::UNIX_EPOCH;
        Self {
            size,
            rows: (0..size).map(|id| (id, 0)).collect(),
            lasting: (1 << size) - 1,
            ids: size,
            position: Position::begin(&Slice::pass(), Limits::default(), None, now),
            pages: RepeatedPages::default(),
            seen: [0; 16],
            last: None,
            removed: 0,
            appeared: 0,
            wrong: 0,
            wrong_twice: 0,
        }
    }

    fn generation(&self) -> u32 {
        1 << self.position.generation()
    }

    fn seen_since(&self, attempt: u32) -> u64 {
        let seen = self.seen.iter().filter(|at| u32::from(**at) >= attempt);
        seen.count() as u64
    }
}

impl Case for Scan {
    fn events(&self) -> Vec<Event> {
        let rows = self.rows.len() as u8;
        let mut events: Vec<Event> = (0..=rows).map(Event::Insert).collect();
        events.extend((0..rows).map(Event::Delete));
        events.extend((0..rows).map(Event::Update));
        events.extend(moves(rows));
        events
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Insert(at) => {
                self.rows.insert(usize::from(at), (self.ids, 0));
                self.ids += 1;
                self.appeared |= self.generation();
            }
            Event::Delete(at) => {
                let (id, _) = self.rows.remove(usize::from(at));
                self.lasting &= !(1 << id);
                self.removed |= self.generation();
            }
            Event::Update(at) => self.rows[usize::from(at)].1 += 1,
            Event::Move(from, to) => {
                let row = self.rows.remove(usize::from(from));
                self.rows.insert(usize::from(to), row);
            }
            answer => unreachable!("{answer:?} is an answer"),
        }
    }

    fn odd_answers(&self) -> Vec<Event> {
        let mut odd = vec![Event::TotalUp];
        if !self.rows.is_empty() {
            odd.push(Event::TotalDown);
        }
        if self.last.is_some() {
            odd.push(Event::Repeat);
        }
        odd
    }

    fn request(&mut self, how: Event) -> Step {
        let slice = Slice::pass();
        let (_, cursor) = self.position.request(&slice).expect("something to request");
        let number: usize = cursor.map_or(0, |cursor| cursor.as_str().parse().unwrap());
        let rows: Vec<Row> = self
            .rows
            .iter()
            .skip(number * PAGE)
            .take(PAGE)
            .copied()
            .collect();
        let true_total = self.rows.len() as u64;
        let (rows, total) = match how {
            Event::Repeat => self.last.clone().expect("an answer before"),
            Event::TotalUp => (rows, true_total + 1),
            Event::TotalDown => (rows, true_total - 1),
            _ => (rows, true_total),
        };
        if total != true_total {
            self.wrong_twice |= self.wrong & self.generation();
            self.wrong |= self.generation();
        }
        self.last = Some((rows.clone(), total));
        let mut answer = Answer::default();
        (answer.sent, answer.rows) = (rows.len(), rows.len());
        answer.full = rows.len() == PAGE;
        answer.total = Some(total);
        answer.next = (!rows.is_empty()).then(|| Cursor::new((number + 1).to_string()));
        answer.content = content(rows.iter().copied());
        match self.position.accept(&answer, &mut self.pages) {
            Ok(Accepted::AskAgain | Accepted::Smaller) => return Step::GoesOn,
            Ok(Accepted::Keep | Accepted::Last) => {}
            Err(_) => return Step::Refused,
        }
        let attempt = self.position.attempt();
        for (id, _) in rows {
            self.seen[usize::from(id)] = attempt as u8;
        }
        let counts = Counts {
            generation: self.seen_since(self.position.generation()),
            attempt: self.seen_since(attempt),
            late: 0,
        };
        match self.position.decide(counts, DateTime::UNIX_EPOCH) {
            Ok(Decision::Continue | Decision::Attempt { .. }) => Step::GoesOn,
            Ok(Decision::Complete(_)) => Step::Complete,
            Err(_) => Step::Refused,
        }
    }

    fn missed(&self) -> bool {
        (0..16).any(|id| self.lasting & 1 << id != 0 && self.seen[id] == 0)
    }

    fn excuse(&self) -> Option<&'static str> {
        if self.removed & self.appeared != 0 {
            Some("a removal together with an appearance")
        } else if self.removed & self.wrong != 0 {
            Some("a removal together with a wrong total")
        } else if self.wrong_twice & self.appeared != 0 {
            Some("an appearance together with two wrong totals")
        } else {
            None
        }
    }

    fn beginning(&self) -> String {
        format!("{} rows", self.size)
    }
}

#[test]
fn counted_lists() {
    let mut tally = Tally::default();
    for size in 0..=5 {
        tally.explore(&Scan::new(size), most_events(), &mut Vec::new());
    }
    tally.report("counted lists");
}
