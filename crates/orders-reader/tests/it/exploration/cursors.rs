//! Cursors, modelled by key: a page holds the rows behind the key of the last row before, and a row that moves gets a key
//! ahead of all others.

use chrono::DateTime;
use orders_core::{Cursor, Limits, Slice};
use orders_reader::{Accepted, Answer, Counts, Decision, Position, RepeatedPages};

use super::{Case, Event, Step, Tally, content, most_events};

const PAGE: usize = 2;

/// A row: its key, its id, and how often it changed.
type Row = (u32, u8, u8);

#[derive(Clone)]
struct List {
    size: u8,
    rows: Vec<Row>,
    /// The ids of the rows that existed throughout, as bits.
    lasting: u32,
    ids: u8,
    position: Position,
    pages: RepeatedPages,
    seen: u32,
    last: Option<(Vec<Row>, Option<Cursor>)>,
}

impl List {
    fn new(size: u8) -> Self {
        let now = DateTime::UNIX_EPOCH;
        Self {
            size,
            rows: (0..size)
                .map(|id| (1000 * (u32::from(id) + 1), id, 0))
                .collect(),
            lasting: (1 << size) - 1,
            ids: size,
            position: Position::begin(&Slice::partition("p"), Limits::default(), None, now),
            pages: RepeatedPages::default(),
            seen: 0,
            last: None,
        }
    }

    fn key_ahead(&self) -> u32 {
        self.rows.last().map_or(0, |row| row.0) + 1000
    }
}

impl Case for List {
    fn events(&self) -> Vec<Event> {
        let rows = self.rows.len() as u8;
        let mut events: Vec<Event> = (0..=rows).map(Event::Insert).collect();
        events.extend((0..rows).map(Event::Delete));
        events.extend((0..rows).map(Event::Update));
        events.extend((0..rows).map(|from| Event::Move(from, rows)));
        events
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Insert(at) => {
                let at = usize::from(at);
                let before = if at == 0 { 0 } else { self.rows[at - 1].0 };
                let after = self.rows.get(at).map_or(before + 2000, |row| row.0);
                self.rows.insert(at, (before.midpoint(after), self.ids, 0));
                self.ids += 1;
            }
            Event::Delete(at) => {
                let (_, id, _) = self.rows.remove(usize::from(at));
                self.lasting &= !(1 << id);
            }
            Event::Update(at) => self.rows[usize::from(at)].2 += 1,
            Event::Move(from, _) => {
                let key = self.key_ahead();
                let (_, id, version) = self.rows.remove(usize::from(from));
                self.rows.push((key, id, version + 1));
            }
            answer => unreachable!("{answer:?} is an answer"),
        }
    }

    fn odd_answers(&self) -> Vec<Event> {
        self.last.iter().map(|_| Event::Repeat).collect()
    }

    fn request(&mut self, how: Event) -> Step {
        let slice = Slice::partition("p");
        let (_, cursor) = self.position.request(&slice).expect("something to request");
        let after: u32 = cursor.map_or(0, |cursor| cursor.as_str().parse().unwrap());
        let behind = self.rows.iter().filter(|row| row.0 > after);
        let rows: Vec<Row> = behind.clone().take(PAGE).copied().collect();
        let more = behind.count() > PAGE;
        let next = rows.last().filter(|_| more);
        let next = next.map(|row| Cursor::new(row.0.to_string()));
        let (rows, next) = match how {
            Event::Repeat => self.last.clone().expect("an answer before"),
            _ => (rows, next),
        };
        self.last = Some((rows.clone(), next.clone()));
        let mut answer = Answer::default();
        (answer.sent, answer.rows) = (rows.len(), rows.len());
        answer.full = rows.len() == PAGE;
        answer.next = next;
        answer.content = content(rows.iter().map(|row| (row.1, row.2)));
        match self.position.accept(&answer, &mut self.pages) {
            Ok(Accepted::AskAgain | Accepted::Smaller) => return Step::GoesOn,
            Ok(Accepted::Keep | Accepted::Last) => {}
            Err(_) => return Step::Refused,
        }
        self.seen |= rows.iter().fold(0, |seen, row| seen | 1 << row.1);
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
        None
    }

    fn beginning(&self) -> String {
        format!("{} rows", self.size)
    }
}

#[test]
fn lists_by_cursor() {
    let mut tally = Tally::default();
    for size in 0..=5 {
        tally.explore(&List::new(size), most_events(), &mut Vec::new());
    }
    tally.report("lists by cursor");
}
