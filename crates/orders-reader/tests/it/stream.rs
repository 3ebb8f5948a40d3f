use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use orders_core::{
    Account, Capabilities, Cursor, Error, ErrorKind, Limits, Order, OrderSource, Page, Query,
    Slice, Slices, TimeAxis, Walk, Window,
};

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

fn order(id: &str, version: u32) -> Order {
    let mut order = Order::new("memory", "main", id);
    order.raw = Bytes::from(format!("{id} v{version}"));
    order
}

type Answer = Box<dyn Fn(usize, &Slice, Option<&Cursor>) -> Result<Page, Error> + Send + Sync>;

/// A source whose answers are a function of the request's number, slice and cursor.
struct Memory {
    account: Account,
    asked: Mutex<Vec<(Slice, Option<Cursor>)>>,
    answer: Answer,
}

impl std::fmt::Debug for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Memory")
    }
}

impl Memory {
    fn new(
        answer: impl Fn(usize, &Slice, Option<&Cursor>) -> Result<Page, Error> + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Self {
            account: Account::new("memory", "main"),
            asked: Mutex::default(),
            answer: Box::new(answer),
        })
    }

    fn requests(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

#[async_trait]
impl OrderSource for Memory {
    fn account(&self) -> &Account {
        &self.account
    }

    fn capabilities(&self) -> Capabilities {
        let mut capabilities = Capabilities::default();
        capabilities.windows = Limits::new(86_400, 3);
        capabilities
    }

    async fn slices(&self, _: &Query, _: Option<&Cursor>) -> Result<Slices, Error> {
        Ok(Slices::default())
    }

    async fn page(&self, slice: &Slice, cursor: Option<&Cursor>) -> Result<Page, Error> {
        let number = self.requests();
        self.asked
            .lock()
            .unwrap()
            .push((slice.clone(), cursor.cloned()));
        (self.answer)(number, slice, cursor)
    }
}

async fn read(source: &Arc<Memory>, slice: Slice) -> (Vec<String>, Option<Error>) {
    let mut orders = orders_reader::read_slice(Arc::clone(source) as Arc<dyn OrderSource>, slice);
    let mut rows = Vec::new();
    while let Some(order) = orders.next().await {
        match order {
            Ok(order) => rows.push(String::from_utf8(order.raw.to_vec()).unwrap()),
            Err(error) => {
                assert!(
                    orders.next().await.is_none(),
                    "an error of a page ends the stream"
                );
                return (rows, Some(error));
            }
        }
    }
    (rows, None)
}

/// Pages of `size` over `ids`, by number.
fn numbered(ids: &[&str], size: usize, cursor: Option<&Cursor>) -> Page {
    let page = cursor.map_or(0, |c| c.as_str().parse::<usize>().unwrap());
    let rows: Vec<Order> = ids
        .iter()
        .skip(page * size)
        .take(size)
        .map(|id| order(id, 1))
        .collect();
    let next = (!rows.is_empty()).then(|| Cursor::new((page + 1).to_string()));
    let full = rows.len() == size;
    Page::new(rows)
        .with_next(next)
        .with_total(Some(ids.len() as u64))
        .with_full(full)
}

#[tokio::test]
async fn rows_on_overlapping_edges_are_given_once() {
    // Edges are requested a second wider, so the row at 3600 comes with both halves.
    let rows = [10i64, 3590, 3600, 3605, 7000];
    let source = Memory::new(move |_, slice, cursor| {
        assert!(cursor.is_none());
        let window = slice.window.unwrap().widened(TimeDelta::seconds(1));
        let inside: Vec<Order> = rows
            .iter()
            .filter(|&&s| window.from <= at(s) && at(s) <= window.to)
            .map(|s| order(&s.to_string(), 1))
            .collect();
        let mut page = Page::new(inside.iter().take(3).cloned().collect());
        page.full = inside.len() >= 3;
        Ok(page)
    });
    let slice = Slice::window(
        Walk::Windows,
        TimeAxis::Updated,
        Window::new(at(0), at(7200)).unwrap(),
    );
    let (mut rows, error) = read(&source, slice).await;
    assert!(error.is_none(), "{error:?}");
    rows.sort();
    assert_eq!(rows, ["10 v1", "3590 v1", "3600 v1", "3605 v1", "7000 v1"]);
}

#[tokio::test]
async fn a_changed_row_is_given_again() {
    let source = Memory::new(|number, _, _| {
        let mut page = Page::new(vec![order("a", number as u32)]);
        page.next = (number < 2).then(|| Cursor::new(number.to_string()));
        Ok(page)
    });
    let (rows, error) = read(&source, Slice::partition("c")).await;
    assert!(error.is_none());
    assert_eq!(rows, ["a v0", "a v1", "a v2"]);
}

#[tokio::test]
async fn a_crowded_second_is_read_by_cursor_to_its_end() {
    let ids = ["a", "b", "c", "d", "e", "f", "g"];
    let source = Memory::new(move |_, _, cursor| {
        let mut page = numbered(&ids, 3, cursor);
        page.total = None;
        page.full = page.orders.len() == 3;
        Ok(page)
    });
    let window = Window::new(at(5), at(6)).unwrap();
    let (rows, error) = read(
        &source,
        Slice::window(Walk::Windows, TimeAxis::Updated, window),
    )
    .await;
    assert!(error.is_none());
    assert_eq!(rows.len(), 7);
}

#[tokio::test]
async fn a_pass_that_stepped_over_a_row_is_read_again() {
    // `a` vanishes after page one was read: everything moves up, and `c` is stepped over. As many distinct rows came
    // as the vendor now counts, so counting alone would not notice.
    let source = Memory::new(|number, _, cursor| {
        let ids: &[&str] = if number == 0 {
            &["a", "b", "c", "d"]
        } else {
            &["b", "c", "d"]
        };
        Ok(numbered(ids, 2, cursor))
    });
    let (mut rows, error) = read(&source, Slice::pass()).await;
    assert!(error.is_none());
    rows.sort();
    assert_eq!(rows, ["a v1", "b v1", "c v1", "d v1"]);
}

#[tokio::test]
async fn a_row_that_arrives_in_front_is_fetched_by_two_more_requests() {
    let source = Memory::new(|number, _, cursor| {
        let ids: &[&str] = if number == 0 {
            &["b", "c", "d", "e"]
        } else {
            &["a", "b", "c", "d", "e"]
        };
        Ok(numbered(ids, 2, cursor))
    });
    let (mut rows, error) = read(&source, Slice::pass()).await;
    assert!(error.is_none());
    rows.sort();
    assert_eq!(rows, ["a v1", "b v1", "c v1", "d v1", "e v1"]);
    assert_eq!(
        source.requests(),
        5,
        "three pages, and the first two once more"
    );
}

#[tokio::test]
async fn a_pass_that_stays_short_is_incomplete() {
    let source = Memory::new(|_, _, cursor| {
        let mut page = numbered(&["a", "b", "c"], 2, cursor);
        page.total = Some(9);
        Ok(page)
    });
    let (rows, error) = read(&source, Slice::pass()).await;
    assert_eq!(rows, ["a v1", "b v1", "c v1"]);
    let error = error.unwrap();
    assert_eq!(error.kind(), ErrorKind::Incomplete);
    let message =
        "memory/main: the vendor counts 9 orders, and 3 different orders came in 5 attempts";
    assert_eq!(error.message(), message);
    assert_eq!(
        source.requests(),
        15,
        "five times two pages and an empty one"
    );
}

#[tokio::test]
async fn a_repeated_cursor_is_requested_twice_more_and_then_ends_the_reading() {
    let source = Memory::new(|number, _, _| {
        let mut page = Page::new(vec![order(&number.to_string(), 1)]);
        page.next = Some(Cursor::new("same"));
        Ok(page)
    });
    let (rows, error) = read(&source, Slice::partition("c")).await;
    assert_eq!(
        rows.len(),
        4,
        "what came with the repeated cursor is not lost"
    );
    assert_eq!(error.unwrap().kind(), ErrorKind::Stalled);
    assert_eq!(source.requests(), 4);
}

#[tokio::test]
async fn a_cursor_that_came_once_too_often_costs_nothing() {
    let source = Memory::new(|number, _, _| {
        // The second page comes with the cursor of the first, and then with its own.
        let (row, next) = match number {
            0 => ("a", Some("first")),
            1 => ("b", Some("first")),
            2 => ("b", Some("second")),
            _ => ("c", None),
        };
        let mut page = Page::new(vec![order(row, 1)]);
        page.next = next.map(Cursor::new);
        Ok(page)
    });
    let (rows, error) = read(&source, Slice::partition("c")).await;
    assert_eq!((rows.len(), error.is_none()), (3, true), "{error:?}");
}

#[tokio::test]
async fn a_vendor_that_ignores_the_page_parameter_is_noticed() {
    let source = Memory::new(|number, _, _| {
        let mut page = Page::new(vec![order("a", 1), order("b", 1)]);
        page.next = Some(Cursor::new(number.to_string()));
        Ok(page)
    });
    let (rows, error) = read(&source, Slice::partition("c")).await;
    assert_eq!(rows.len(), 2);
    assert_eq!(error.unwrap().kind(), ErrorKind::Stalled);
}

#[tokio::test]
async fn a_very_crowded_second_gives_each_row_once() {
    let ids: Vec<String> = (0..2000).map(|n| format!("order {n}")).collect();
    let pages = 2000usize.div_ceil(3);
    // Pages forwards to the end, then backwards to the first, as Linkbest's source does.
    let source = Memory::new(move |_, _, cursor| {
        let step = cursor.map_or(0, |c| c.as_str().parse::<usize>().unwrap());
        let number = if step < pages {
            step
        } else {
            2 * pages - 2 - step
        };
        let rows: Vec<Order> = ids
            .iter()
            .skip(number * 3)
            .take(3)
            .map(|id| order(id, 1))
            .collect();
        let mut page = Page::new(rows);
        page.full = page.orders.len() == 3;
        page.next = (step < 2 * pages - 2).then(|| Cursor::new((step + 1).to_string()));
        Ok(page)
    });
    let window = Window::new(at(5), at(6)).unwrap();
    let (rows, error) = read(
        &source,
        Slice::window(Walk::Windows, TimeAxis::Updated, window),
    )
    .await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(rows.len(), 2000);
}

#[tokio::test]
async fn a_full_second_without_a_second_page_is_incomplete() {
    let source = Memory::new(|_, _, _| {
        let mut page = Page::new(vec![order("a", 1), order("b", 1), order("c", 1)]);
        page.full = true;
        Ok(page)
    });
    let window = Window::new(at(5), at(6)).unwrap();
    let (rows, error) = read(
        &source,
        Slice::window(Walk::Windows, TimeAxis::Updated, window),
    )
    .await;
    let error = error.unwrap();
    assert_eq!((rows.len(), error.kind()), (3, ErrorKind::Incomplete));
    assert!(error.to_string().starts_with("memory/main: "), "{error}");
}

#[tokio::test]
async fn empty_pages_behind_a_cursor_are_no_circle() {
    let pages: [&[&str]; 4] = [&["a"], &[], &[], &["b"]];
    let source = Memory::new(move |number, _, _| {
        let rows = pages[number].iter().map(|id| order(id, 1)).collect();
        let next = (number < 3).then(|| Cursor::new(number.to_string()));
        Ok(Page::new(rows).with_next(next))
    });
    let (rows, error) = read(&source, Slice::partition("c")).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!((rows.len(), source.requests()), (2, 4));
}

/// A full page promises more: an empty one behind its cursor may be the page of another list.
#[tokio::test]
async fn an_empty_page_behind_a_full_one_is_requested_once_more() {
    let source = Memory::new(|number, _, _| {
        Ok(match number {
            0 => Page::new(vec![order("a", 1), order("b", 1)])
                .with_next(Some(Cursor::new("2")))
                .with_full(true),
            1 => Page::new(Vec::new()),
            _ => Page::new(vec![order("c", 1)]),
        })
    });
    let (rows, error) = read(&source, Slice::partition("c")).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!((rows.len(), source.requests()), (3, 3));
}

/// Behind a failure the same is requested again, and no row comes twice or is missed.
#[tokio::test]
async fn a_request_that_failed_is_sent_again_where_the_reader_wants_it() {
    let source = Memory::new(|number, _, _| {
        Ok(match number {
            0 => Page::new(vec![order("a", 1)]).with_next(Some(Cursor::new("2"))),
            1 | 2 => return Err(Error::decode("rows", "cut off")),
            _ => Page::new(vec![order("b", 1)]),
        })
    });
    let mut stream = orders_reader::read_slice(source.clone(), Slice::partition("c"));
    let (mut came, mut failed) = (Vec::new(), 0);
    assert!(!stream.request_again(), "nothing failed");
    while let Some(row) = stream.next().await {
        match row {
            Ok(row) => came.push(row.id),
            Err(_) => {
                failed += 1;
                assert!(stream.request_again() && !stream.request_again());
            }
        }
    }
    assert_eq!(
        (came.join(""), failed, source.requests()),
        ("ab".to_owned(), 2, 4)
    );
    // What the reader itself found wrong is not a failed request.
    let circle =
        Memory::new(|_, _, _| Ok(Page::new(vec![order("a", 1)]).with_next(Some(Cursor::new("2")))));
    let mut stream = orders_reader::read_slice(circle, Slice::partition("c"));
    while let Some(row) = stream.next().await {
        let Err(error) = row else { continue };
        assert_eq!(error.kind(), ErrorKind::Stalled);
        assert!(!stream.request_again());
    }
    assert!(stream.next().await.is_none());
}

/// A window without rows may come without its list: it is requested once more, and is then read.
#[tokio::test]
async fn a_window_whose_list_is_missing_twice_has_no_rows() {
    let source = Memory::new(|_, slice, _| {
        if slice.window.unwrap().from < at(86_400) {
            return Err(Error::missing_list("Data", "no list"));
        }
        Ok(Page::new(vec![order("a", 1)]))
    });
    let (rows, error) = read(&source, two_days()).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!((rows, source.requests()), (vec!["a v1".to_owned()], 3));
}

#[tokio::test]
async fn a_window_whose_list_is_missing_once_is_read_by_the_next_answer() {
    let source = Memory::new(|number, slice, _| match number {
        0 => Err(Error::missing_list("Data", "no list")),
        _ => Ok(Page::new(vec![order(
            &slice.window.unwrap().from.timestamp().to_string(),
            1,
        )])),
    });
    let (rows, error) = read(&source, two_days()).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(
        (rows, source.requests()),
        (vec!["0 v1".to_owned(), "86400 v1".to_owned()], 3)
    );
}

/// Behind a cursor nothing shows where a list without its list ends.
#[tokio::test]
async fn a_list_by_cursor_whose_list_is_missing_is_not_read() {
    let source = Memory::new(|_, _, _| Err(Error::missing_list("orders", "no list")));
    let (rows, error) = read(&source, Slice::partition("c")).await;
    assert!(error.is_some_and(|error| error.is_missing_list()));
    assert!(rows.is_empty());
}

fn two_days() -> Slice {
    let window = Window::new(at(0), at(2 * 86_400)).unwrap();
    Slice::window(Walk::Windows, TimeAxis::Updated, window)
}

/// What a vendor answers behind its last page, given all the orders of the window.
type Behind = fn(Vec<Order>) -> Result<Vec<Order>, Error>;

/// A vendor of `rows` orders, one a second, in windows, with so many on a page; also how its pages behind the last are.
fn capped(rows: i64, cap: usize, behind: Behind) -> Arc<Memory> {
    Memory::new(move |_, slice, cursor| {
        let window = slice.window.unwrap();
        let page: usize = cursor.map_or(0, |cursor| cursor.as_str().parse().unwrap());
        let all = (0..rows).filter(|second| window.contains(at(*second)));
        let all: Vec<_> = all.map(|second| order(&second.to_string(), 1)).collect();
        let mut rows: Vec<_> = all.iter().skip(page * cap).take(cap).cloned().collect();
        if page > 0 && rows.is_empty() {
            rows = behind(all)?;
        }
        let next = (!rows.is_empty()).then(|| Cursor::new((page + 1).to_string()));
        Ok(Page::new(rows).with_next(next))
    })
}

#[tokio::test]
async fn a_page_size_that_the_vendor_caps_loses_no_order() {
    for rows in [0, 1, 99, 100, 101, 150, 450] {
        let source = capped(rows, 100, |_| Ok(Vec::new()));
        let (came, error) = read(&source, two_days()).await;
        assert!(error.is_none(), "{error:?}");
        assert_eq!(came.len() as i64, rows);
    }
}

#[tokio::test]
async fn behind_the_largest_last_page_one_request_more_is_enough() {
    let window = Window::new(at(0), at(86_400)).unwrap();
    let day = Slice::window(Walk::Windows, TimeAxis::Updated, window);
    let source = capped(60, 200, |_| Ok(Vec::new()));
    let (came, _) = read(&source, day.clone()).await;
    assert_eq!((came.len(), source.requests()), (60, 2));
    // A vendor that has no page two, or answers with the last one, or leaves its list out.
    let behinds: [Behind; 4] = [
        |all| Ok(all),
        |_| Err(Error::new(ErrorKind::NotFound, "no such page")),
        |_| Err(Error::invalid_request("no such page")),
        |_| Err(Error::missing_list("Data", "no list")),
    ];
    for behind in behinds {
        let source = capped(60, 200, behind);
        let (came, error) = read(&source, day.clone()).await;
        assert!(error.is_none(), "{error:?}");
        assert_eq!(came.len(), 60);
        assert!(source.requests() <= 3, "{}", source.requests());
    }
}

/// The second day is answered with an order of long before, once or always. That answer counts where it comes twice.
#[tokio::test]
async fn an_answer_of_another_window_is_requested_once_more() {
    const DAY: i64 = 86_400;
    let created = |id: &str, seconds| {
        let mut order = order(id, 1);
        order.created_at = Some(at(seconds).fixed_offset());
        Ok(Page::new(vec![order]))
    };
    for (always, expected) in [(false, ["a v1", "b v1"]), (true, ["a v1", "old v1"])] {
        let source =
            Memory::new(
                move |number, slice, _| match slice.window.unwrap().from >= at(DAY) {
                    false => created("a", 60),
                    true if number == 1 || always => created("old", -9 * DAY),
                    true => created("b", DAY + 60),
                },
            );
        let window = Window::new(at(0), at(2 * DAY)).unwrap();
        let slice = Slice::window(Walk::Windows, TimeAxis::Created, window);
        let (rows, error) = read(&source, slice).await;
        assert!(error.is_none(), "{error:?}");
        assert_eq!(rows, expected);
        assert_eq!(source.requests(), 3);
    }
}
