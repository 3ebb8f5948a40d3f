//! Windows: rows stand at seconds, in their order. A second with more rows than a page is read by page numbers, forwards
//! and then backwards, as Linkbest's source does.

use std::rc::Rc;

use chrono::DateTime;
use orders_core::{Cursor, Error, Limits, Slice, TimeAxis, Walk, Window};
use orders_reader::{Accepted, Answer, Counts, Decision, Position, RepeatedPages};

use super::{Case, Event, Step, Tally, content, most_events};

const PAGE: usize = 2;
/// The window has so many seconds. A row that moves behind it is deleted here: it is in the next window.
const SECONDS: u8 = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Row {
    second: u8,
    id: u8,
    version: u8,
}

#[derive(Clone)]
struct Windows {
    seconds: Rc<[u8]>,
    rows: Vec<Row>,
    /// The ids of the rows that were in the window throughout, as bits.
    lasting: u32,
    ids: u8,
    position: Position,
    pages: RepeatedPages,
    seen: u32,
    last: Option<Vec<Row>>,
    /// The seconds that lost a row, and those that got one, as bits.
    removed: u32,
    appeared: u32,
    /// How many answers in a row were repetitions or without a list, and whether the second of them was kept.
    odd: u8,
    kept_twice: bool,
    /// How many rows the vendor puts on a page, and whether it leaves lists out.
    cap: usize,
    leaves_out: bool,
}

fn slice() -> Slice {
    let at = |second: u8| DateTime::from_timestamp(second.into(), 0).unwrap();
    let window = Window::new(at(0), at(SECONDS)).unwrap();
    Slice::window(Walk::Windows, TimeAxis::Updated, window)
}

impl Windows {
    fn new(seconds: &[u8]) -> Self {
        let rows = seconds.iter().zip(0..).map(|(second, id)| Row {
            second: *second,
            id,
            version: 0,
        });
        let now = DateTime::UNIX_EPOCH;
        Self {
            seconds: seconds.into(),
            rows: rows.collect(),
            lasting: (1 << seconds.len()) - 1,
            ids: seconds.len() as u8,
            position: Position::begin(&slice(), Limits::new(4, PAGE as u32), None, now),
            pages: RepeatedPages::default(),
            seen: 0,
            last: None,
            removed: 0,
            appeared: 0,
            odd: 0,
            kept_twice: false,
            cap: PAGE,
            leaves_out: false,
        }
    }

    /// The index of a place: the row before which something is put, and its second.
    fn places(&self) -> Vec<(usize, u8)> {
        let mut places = Vec::new();
        for second in 0..SECONDS {
            let begin = self.rows.partition_point(|row| row.second < second);
            let end = self.rows.partition_point(|row| row.second <= second);
            places.extend((begin..=end).map(|at| (at, second)));
        }
        places
    }

    fn remove(&mut self, at: u8) -> Row {
        let row = self.rows.remove(usize::from(at));
        self.removed |= 1 << row.second;
        row
    }

    fn put(&mut self, mut row: Row, place: u8) {
        let (at, second) = self.places()[usize::from(place)];
        row.second = second;
        self.appeared |= 1 << second;
        self.rows.insert(at, row);
    }
}

impl Case for Windows {
    fn events(&self) -> Vec<Event> {
        // What happens to seconds that are read already changes nothing: only the rest is touched. An update of a row is
        // its move to a later second, or behind the window.
        let rest = self.position.seconds_left() as u8;
        let open = |second: u8| second >= SECONDS - rest;
        let places = self.places().into_iter().zip(0..);
        let places = places.filter(|((_, second), _)| open(*second));
        let mut events: Vec<Event> = places.map(|(_, place)| Event::Insert(place)).collect();
        let rows = self.rows.iter().zip(0..);
        for (row, at) in rows.filter(|(row, _)| open(row.second)) {
            events.push(Event::Delete(at));
            events.extend((row.second + 1..SECONDS).map(|to| Event::Move(at, to)));
        }
        events
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Insert(place) => {
                let (id, second, version) = (self.ids, 0, 0);
                self.ids += 1;
                self.put(
                    Row {
                        second,
                        id,
                        version,
                    },
                    place,
                );
            }
            Event::Delete(at) => {
                let row = self.remove(at);
                self.lasting &= !(1 << row.id);
            }
            Event::Move(at, second) => {
                let mut row = self.remove(at);
                row.version += 1;
                row.second = second;
                self.appeared |= 1 << second;
                let end = self.rows.partition_point(|row| row.second <= second);
                self.rows.insert(end, row);
            }
            answer => unreachable!("{answer:?} is an answer"),
        }
    }

    fn odd_answers(&self) -> Vec<Event> {
        let repeat = self.last.iter().map(|_| Event::Repeat);
        let left_out = self.leaves_out.then_some(Event::NoList);
        repeat.chain(left_out).collect()
    }

    fn request(&mut self, how: Event) -> Step {
        let (slice, cursor) = self
            .position
            .request(&slice())
            .expect("something to request");
        let window = slice.window.unwrap();
        let (forwards, number) = cursor.as_ref().map_or((true, 1), |cursor| {
            let (way, number) = cursor.as_str().split_at(1);
            (way == "f", number.parse::<usize>().unwrap())
        });
        let inside =
            |row: &&Row| window.contains(DateTime::from_timestamp(row.second.into(), 0).unwrap());
        let rows = self.rows.iter().filter(inside);
        let size = PAGE.min(self.cap);
        let mut rows: Vec<Row> = rows.skip((number - 1) * size).take(size).copied().collect();
        // Of an answer without a list only its place counts.
        let none = |forwards, number| match (forwards, number) {
            (_, 1) => None,
            (_, number) => Some(format!("b{}", number - 1)),
        };
        self.odd = match how {
            Event::NoList | Event::Repeat => self.odd + 1,
            _ => 0,
        };
        if how == Event::NoList {
            let error = Error::missing_list("Data", "no list");
            match self.position.accept_failure(error) {
                Ok(Accepted::Keep) => {
                    rows.clear();
                    let next = none(forwards, number);
                    return self.keep(rows, next.map(Cursor::new), window);
                }
                Ok(_) => return Step::GoesOn,
                Err(_) => return Step::Refused,
            }
        }
        if let (Event::Repeat, Some(last)) = (how, &self.last) {
            rows.clone_from(last);
        }
        self.last = Some(rows.clone());
        let next = match (forwards, rows.is_empty()) {
            (true, false) => Some(format!("f{}", number + 1)),
            _ => none(forwards, number),
        };
        self.keep(rows, next.map(Cursor::new), window)
    }

    fn missed(&self) -> bool {
        self.lasting & !self.seen != 0
    }

    fn excuse(&self) -> Option<&'static str> {
        if self.removed & self.appeared != 0 {
            Some("a removal together with an insertion inside one crowded second")
        } else if self.kept_twice {
            Some("two answers in a row that repeat a page or lack their list")
        } else if self.cap < PAGE && self.removed | self.appeared != 0 {
            Some(
                "a page of rows that appears or vanishes before page two shows that pages are capped",
            )
        } else {
            None
        }
    }

    fn beginning(&self) -> String {
        let cap = match self.cap {
            PAGE => String::new(),
            cap => format!(", pages capped at {cap}"),
        };
        format!("rows at the seconds {:?}{cap}", self.seconds)
    }
}

impl Windows {
    /// What the machine makes of an answer.
    fn keep(&mut self, rows: Vec<Row>, next: Option<Cursor>, window: Window) -> Step {
        let at = |row: &Row| DateTime::from_timestamp(row.second.into(), 0).unwrap();
        let mut answer = Answer::default();
        (answer.sent, answer.rows) = (rows.len(), rows.len());
        answer.full = rows.len() == PAGE;
        answer.next = next;
        answer.content = content(rows.iter().map(|row| (row.id, row.version)));
        answer.outside = !rows.is_empty() && !rows.iter().any(|row| window.contains(at(row)));
        match self.position.accept(&answer, &mut self.pages) {
            Ok(Accepted::AskAgain | Accepted::Smaller) => return Step::GoesOn,
            Ok(Accepted::Keep | Accepted::Last) => {}
            Err(_) => return Step::Refused,
        }
        self.kept_twice |= self.odd >= 2;
        self.seen |= rows.iter().fold(0, |seen, row| seen | 1 << row.id);
        match self
            .position
            .decide(Counts::default(), DateTime::UNIX_EPOCH)
        {
            Ok(Decision::Complete(_)) => Step::Complete,
            Ok(_) => Step::GoesOn,
            Err(_) => Step::Refused,
        }
    }
}

/// All ways in which so many rows stand at seconds.
fn beginnings(rows: usize) -> Vec<Vec<u8>> {
    let mut all = vec![Vec::new()];
    for _ in 0..rows {
        all = all
            .iter()
            .flat_map(|seconds: &Vec<u8>| {
                let from = seconds.last().copied().unwrap_or(0);
                (from..SECONDS).map(|second| [&seconds[..], &[second]].concat())
            })
            .collect();
    }
    all
}

fn explore(what: &str, sizes: std::ops::RangeInclusive<usize>, change: impl Fn(&mut Windows)) {
    let mut tally = Tally::default();
    let what = format!("{what} of {} to {} rows", sizes.start(), sizes.end());
    for seconds in sizes.flat_map(beginnings) {
        let mut windows = Windows::new(&seconds);
        change(&mut windows);
        tally.explore(&windows, most_events(), &mut Vec::new());
    }
    tally.report(&what);
}

#[test]
fn windows() {
    explore("windows", 0..=4, |_| {});
}

#[test]
fn larger_windows() {
    explore("windows", 5..=5, |_| {});
}

#[test]
fn windows_of_capped_pages() {
    explore("windows of capped pages", 0..=2, |windows| windows.cap = 1);
}

#[test]
fn windows_without_lists() {
    explore("windows without lists", 0..=3, |windows| {
        windows.leaves_out = true;
    });
}
