//! Windows: rows stand at seconds, in their order. A second with more rows than a page is read by page numbers, forwards
//! and then backwards, as Linkbest's source does.

use std::rc::Rc;

use chrono::DateTime;
use orders_core::{Cursor, Limits, Slice, TimeAxis, Walk, Window};
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
    /// How many answers in a row were repetitions, and whether the second of them was kept.
    repeated: u8,
    kept_twice: bool,
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
            repeated: 0,
            kept_twice: false,
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
        self.last.iter().map(|_| Event::Repeat).collect()
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
        let mut rows: Vec<Row> = rows.skip((number - 1) * PAGE).take(PAGE).copied().collect();
        if let (Event::Repeat, Some(last)) = (how, &self.last) {
            rows.clone_from(last);
        }
        self.last = Some(rows.clone());
        self.repeated = if how == Event::Repeat {
            self.repeated + 1
        } else {
            0
        };
        let full = rows.len() == PAGE;
        let next = match (forwards, number) {
            (true, number) if full => Some(format!("f{}", number + 1)),
            (_, 1) => None,
            (_, number) => Some(format!("b{}", number - 1)),
        };
        let mut answer = Answer::default();
        (answer.sent, answer.rows, answer.full) = (rows.len(), rows.len(), full);
        answer.next = next.map(Cursor::new);
        answer.content = content(rows.iter().map(|row| (row.id, row.version)));
        match self.position.accept(&answer, &mut self.pages) {
            Ok(Accepted::AskAgain | Accepted::Smaller) => return Step::GoesOn,
            Ok(Accepted::Keep | Accepted::Last) => {}
            Err(_) => return Step::Refused,
        }
        self.kept_twice |= self.repeated >= 2;
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

    fn missed(&self) -> bool {
        self.lasting & !self.seen != 0
    }

    fn excuse(&self) -> Option<&'static str> {
        if self.removed & self.appeared != 0 {
            Some("a removal together with an insertion inside one crowded second")
        } else if self.kept_twice {
            Some("a page that the vendor repeats for two requests in a row")
        } else {
            None
        }
    }

    fn beginning(&self) -> String {
        format!("rows at the seconds {:?}", self.seconds)
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

fn explore(sizes: std::ops::RangeInclusive<usize>) {
    let mut tally = Tally::default();
    let what = format!("windows of {} to {} rows", sizes.start(), sizes.end());
    for seconds in sizes.flat_map(beginnings) {
        tally.explore(&Windows::new(&seconds), most_events(), &mut Vec::new());
    }
    tally.report(&what);
}

#[test]
fn windows() {
    explore(0..=4);
}

#[test]
fn larger_windows() {
    explore(5..=5);
}
