//! A stream that is stopped behind any row is resumed elsewhere: nothing is lost, and no row comes twice.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta};
use orders_core::{
    Account, Capabilities, Cursor, Error, ErrorKind, Limits, Order, OrderSource, Page, Query,
    Slice, Slices, TimeAxis, Unreadable, Walk, Window,
};
use orders_reader::StreamPosition;

/// Seven rows a slice, in pages of three, the fourth unreadable; slices are listed one by one.
#[derive(Debug)]
struct Source {
    account: Account,
    slices: Vec<Slice>,
}

fn window(from: i64, to: i64) -> Window {
    let at = |second| DateTime::from_timestamp(second, 0).unwrap();
    Window::new(at(from), at(to)).unwrap()
}

impl Source {
    fn of(slices: Vec<Slice>) -> Arc<dyn OrderSource> {
        let account = Account::new("memory", "main");
        Arc::new(Self { account, slices })
    }

    /// The numbers of the rows of a slice or of a window; a row stands at twice the second of its number.
    fn rows(&self, slice: &Slice) -> Vec<usize> {
        match (&slice.partition, slice.window) {
            (Some(partition), _) => {
                let first: usize = partition.parse().unwrap();
                (first..first + 7).collect()
            }
            (None, Some(window)) => {
                // Edges are requested a second wider, as some sources do.
                let wide = window.widened(chrono::TimeDelta::seconds(1));
                let second = |row: &usize| DateTime::from_timestamp(2 * *row as i64, 0).unwrap();
                (0..14).filter(|row| wide.contains(second(row))).collect()
            }
            (None, None) => (0..7).collect(),
        }
    }
}

#[async_trait]
impl OrderSource for Source {
    fn account(&self) -> &Account {
        &self.account
    }

    fn capabilities(&self) -> Capabilities {
        let mut capabilities = Capabilities::default();
        capabilities.windows = Limits::new(14, 3);
        capabilities
    }

    async fn slices(&self, _: &Query, after: Option<&Cursor>) -> Result<Slices, Error> {
        let at: usize = after.map_or(0, |after| after.as_str().parse().unwrap());
        let next = (at + 1 < self.slices.len()).then(|| Cursor::new((at + 1).to_string()));
        Ok(Slices::new(vec![self.slices[at].clone()]).with_next(next))
    }

    async fn page(&self, slice: &Slice, cursor: Option<&Cursor>) -> Result<Page, Error> {
        let all = self.rows(slice);
        let page: usize = cursor.map_or(0, |cursor| cursor.as_str().parse().unwrap());
        let rows: Vec<usize> = all.iter().skip(page * 3).take(3).copied().collect();
        let (sent, full) = (rows.len(), rows.len() == 3);
        let more = match slice.walk {
            Walk::Pages => sent > 0,
            _ => (page + 1) * 3 < all.len(),
        };
        let (bad, good): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row % 7 == 3);
        let orders = good.into_iter().map(|row| {
            let mut order = Order::new("memory", "main", row.to_string());
            order.raw = Bytes::from(row.to_string());
            order
        });
        let bad = bad.into_iter().map(|row| {
            let id = Some(row.to_string());
            Unreadable::new("rows[0]", "odd", Bytes::from(row.to_string())).with_id(id)
        });
        Ok(Page::new(orders.collect())
            .with_unreadable(bad.collect())
            .with_next(more.then(|| Cursor::new((page + 1).to_string())))
            .with_total((slice.walk == Walk::Pages).then_some(all.len() as u64))
            .with_full(full))
    }
}

/// Up to `most` rows from a position on, and the position behind them, saved and read back.
async fn some(
    source: &Arc<dyn OrderSource>,
    position: Option<&str>,
    most: usize,
) -> (Vec<String>, String) {
    let mut rows = orders_reader::read(source.clone(), Query::everything());
    if let Some(position) = position {
        let position: StreamPosition = serde_json::from_str(position).unwrap();
        rows = rows.resume(position);
    }
    let mut came = Vec::new();
    while came.len() < most {
        let Some(row) = rows.next().await else { break };
        came.push(match row {
            Ok(order) => order.id,
            Err(error) => {
                let record = error.record().unwrap_or_else(|| panic!("{error}"));
                format!("unreadable {}", record.id.as_deref().unwrap())
            }
        });
    }
    (came, serde_json::to_string(&rows.position()).unwrap())
}

async fn resumes_behind_every_row(slices: Vec<Slice>) {
    let source = Source::of(slices);
    let (mut all, _) = some(&source, None, usize::MAX).await;
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), count, "each row comes once: {all:?}");
    for stop in 0..=count {
        let (mut came, position) = some(&source, None, stop).await;
        let (rest, _) = some(&source, Some(&position), usize::MAX).await;
        came.extend(rest);
        came.sort();
        assert_eq!(came, all, "stopped behind {stop} rows");
    }
    // A process that ends behind each row.
    let (mut came, mut position) = some(&source, None, 1).await;
    for _ in 1..count {
        let (row, next) = some(&source, Some(&position), 1).await;
        came.extend(row);
        position = next;
    }
    came.sort();
    assert_eq!(came, all);
    assert!(some(&source, Some(&position), 1).await.0.is_empty());
}

#[tokio::test]
async fn a_counted_list_resumes() {
    resumes_behind_every_row(vec![Slice::pass()]).await;
}

#[tokio::test]
async fn several_counted_lists_resume() {
    let slice = |first: usize| Slice::pass().with_partition(first.to_string());
    resumes_behind_every_row(vec![slice(0), slice(7), slice(14)]).await;
}

#[tokio::test]
async fn lists_by_cursor_resume() {
    let slice = |first: usize| Slice::partition(first.to_string());
    resumes_behind_every_row(vec![slice(0), slice(7), slice(14)]).await;
}

#[tokio::test]
async fn windows_resume() {
    let slice = |from, to| Slice::window(Walk::Windows, TimeAxis::Updated, window(from, to));
    resumes_behind_every_row(vec![slice(0, 14), slice(14, 28)]).await;
}

#[tokio::test]
async fn a_position_of_another_form_is_refused_with_what_to_do() {
    let source = Source::of(vec![Slice::pass()]);
    let (_, position) = some(&source, None, 1).await;
    let other = position.replacen(r#""version":1"#, r#""version":2"#, 1);
    let error = serde_json::from_str::<StreamPosition>(&other).unwrap_err();
    assert!(error.to_string().contains("begin anew"), "{error}");
}

#[tokio::test]
async fn a_list_of_slices_that_goes_in_a_circle_is_stalled() {
    #[derive(Debug)]
    struct Circle(Account);
    #[async_trait]
    impl OrderSource for Circle {
        fn account(&self) -> &Account {
            &self.0
        }
        fn capabilities(&self) -> Capabilities {
            Capabilities::default()
        }
        async fn slices(&self, _: &Query, _: Option<&Cursor>) -> Result<Slices, Error> {
            Ok(Slices::default().with_next(Some(Cursor::new("same"))))
        }
        async fn page(&self, _: &Slice, _: Option<&Cursor>) -> Result<Page, Error> {
            Ok(Page::new(Vec::new()))
        }
    }
    let source = Arc::new(Circle(Account::new("memory", "main")));
    let mut rows = orders_reader::read(source, Query::everything());
    let error = rows.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), orders_core::ErrorKind::Stalled);
    assert!(rows.next().await.is_none());
}

/// Where rows are expected, an answer without any is requested once more, and then it is what it is.
#[test]
fn an_empty_answer_is_doubted_where_rows_are_expected() {
    use orders_reader::{Accepted, Answer, Position, RepeatedPages};

    let begin = DateTime::UNIX_EPOCH;
    for slice in [
        Slice::partition("p"),
        Slice::window(Walk::Windows, TimeAxis::Updated, window(0, 60)),
    ] {
        let mut pages = RepeatedPages::default();
        let plain = Position::begin(&slice, Limits::new(86_400, 3), None, begin);
        let accepted = plain.clone().accept(&Answer::default(), &mut pages);
        assert_eq!(accepted.unwrap(), Accepted::Last);
        let mut position = plain.expecting_rows();
        let accepted = position.accept(&Answer::default(), &mut pages);
        assert_eq!(accepted.unwrap(), Accepted::AskAgain);
        let accepted = position.accept(&Answer::default(), &mut pages);
        assert_eq!(accepted.unwrap(), Accepted::Last);
    }
}

#[tokio::test]
async fn a_position_of_another_request_is_refused_and_an_older_one_is_not() {
    let source = Source::of(vec![Slice::pass()]);
    let position = orders_reader::read(source.clone(), Query::everything()).position();
    let window = Window::new(
        DateTime::UNIX_EPOCH,
        DateTime::UNIX_EPOCH + TimeDelta::days(1),
    );
    let other = Query::everything().with_window(window);
    let resumed = |position| orders_reader::read(source.clone(), other.clone()).resume(position);
    let mut foreign = resumed(position.clone());
    let error = foreign.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
    assert!(foreign.next().await.is_none());
    assert_eq!(foreign.position(), position);
    // Positions of earlier versions do not name their request.
    let mut older = serde_json::to_value(&position).unwrap();
    assert!(older.as_object_mut().unwrap().remove("request").is_some());
    let mut older = resumed(serde_json::from_value(older).unwrap());
    assert!(older.next().await.unwrap().is_ok());
}
