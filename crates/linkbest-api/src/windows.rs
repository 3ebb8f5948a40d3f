//! Ranges of time that are walked in windows which each fit one page.

use std::sync::Arc;

use async_trait::async_trait;
use orders_core::{Cursor, Error, Limits, Page, Slice, TimeAxis, Unreadable, Walk, Window};
use orders_reader::{PageSource, RowKey, RowStream};
use orders_wire::Record;

use crate::VENDOR;
use crate::client::Client;
use crate::mapping::identity;
use crate::orders::{ORDERS_QUERY, Order, OrdersRange};
use crate::request::{LONGEST_WINDOW, MAX_PAGE_SIZE};
use crate::settlements::{SETTLEMENTS_QUERY, Settlement, SettlementsRange};

/// A window and its wider edges stay below the vendor's day: a second before, and one that a fraction of a second may
/// cost.
pub(crate) const LONGEST: u32 = 86_398;
pub(crate) const LIMITS: Limits = Limits::new(LONGEST, MAX_PAGE_SIZE);
const _: () = assert!(LONGEST as i64 + 2 <= LONGEST_WINDOW.num_seconds());

/// What is asked for a window, and what tells its rows apart.
#[async_trait]
pub(crate) trait Range: Send + Sync {
    type Row: Send;
    const SERVICE: &'static str;

    fn window(&self) -> Window;

    /// One page of a window, its edges asked a second wider.
    async fn ask(
        &self,
        client: &Client,
        window: Window,
        page: u32,
    ) -> Result<Rows<Self::Row>, Error>;

    /// The id of a row; empty where its text tells it apart.
    fn id(row: &Self::Row) -> String;
}

#[async_trait]
impl Range for OrdersRange {
    type Row = Order;
    const SERVICE: &'static str = ORDERS_QUERY;

    fn window(&self) -> Window {
        self.window
    }

    async fn ask(&self, client: &Client, window: Window, page: u32) -> Result<Rows<Order>, Error> {
        let answer = client.query_orders(&self.query(window, page)).await?;
        Ok(Rows {
            records: answer.orders,
            unreadable: answer.unreadable,
            sent: answer.sent,
        })
    }

    fn id(order: &Order) -> String {
        identity(order)
    }
}

#[async_trait]
impl Range for SettlementsRange {
    type Row = Settlement;
    const SERVICE: &'static str = SETTLEMENTS_QUERY;

    fn window(&self) -> Window {
        self.window
    }

    async fn ask(
        &self,
        client: &Client,
        window: Window,
        page: u32,
    ) -> Result<Rows<Settlement>, Error> {
        let answer = client.query_settlements(&self.query(window, page)).await?;
        Ok(Rows {
            records: answer.settlements,
            unreadable: answer.unreadable,
            sent: answer.sent,
        })
    }

    /// An order can have several changes and no field numbers them: order number and all, the text tells them apart.
    fn id(_: &Settlement) -> String {
        String::new()
    }
}

/// The rows of one page, and how many the vendor sent, `null` and unreadable ones included.
pub(crate) struct Rows<T> {
    records: Vec<Record<T>>,
    unreadable: Vec<Unreadable>,
    sent: usize,
}

/// The windows of a range, with its filters.
#[derive(Clone, Debug)]
pub(crate) struct WindowSource<R> {
    pub(crate) client: Client,
    pub(crate) range: R,
}

impl<R: Range> WindowSource<R> {
    pub(crate) async fn page(
        &self,
        window: Window,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Record<R::Row>>, Error> {
        let place = Place::read(cursor).map_err(|error| error.at(VENDOR, R::SERVICE))?;
        let answer = self.range.ask(&self.client, window, place.number()).await?;
        let full = answer.sent >= MAX_PAGE_SIZE as usize;
        Ok(Page::new(answer.records)
            .with_next(place.after(full))
            .with_full(full)
            .with_unreadable(answer.unreadable)
            .with_sent(answer.sent))
    }
}

/// Streams over ranges of any length.
impl Client {
    /// All orders of a range of any length, each once (and again where it changed meanwhile).
    ///
    /// The range is walked in windows of less than a day that each fit one page of 200; a window that comes back full
    /// is halved and asked again. A single second with more rows is paged forwards to its end and once more backwards,
    /// so that rows that move meanwhile are met on one of the ways. The stream holds one page. A page that
    /// fails ends it.
    ///
    /// Orders of the last minutes may still be on their way into the vendor's answers: end the range a little before
    /// now, and begin the next where this one ended.
    #[must_use]
    pub fn stream_orders(&self, range: &OrdersRange) -> RowStream<Record<Order>> {
        let slice = Slice::window(Walk::Windows, range.order_field.axis(), range.window);
        let source = WindowSource {
            client: self.clone(),
            range: range.clone(),
        };
        RowStream::new(Arc::new(source), slice)
    }

    /// All settlement changes of the orders placed in a range of any length, walked like
    /// [`stream_orders`](Self::stream_orders).
    ///
    /// A change has no id: its whole text tells it from others, and changes of the same text in one answer all come.
    /// Only in a single second with more than 200 changes could two of the same text, on two pages, be taken for one.
    #[must_use]
    pub fn stream_settlements(&self, range: &SettlementsRange) -> RowStream<Record<Settlement>> {
        let slice = Slice::window(Walk::Windows, TimeAxis::Created, range.window);
        let source = WindowSource {
            client: self.clone(),
            range: range.clone(),
        };
        RowStream::new(Arc::new(source), slice)
    }
}

#[async_trait]
impl<R: Range> PageSource<Record<R::Row>> for WindowSource<R> {
    async fn read_page(
        &self,
        slice: &Slice,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Record<R::Row>>, Error> {
        let window = slice.window.unwrap_or(self.range.window());
        self.page(window, cursor).await
    }

    fn window_limits(&self) -> Limits {
        LIMITS
    }

    fn describe(&self, error: Error) -> Error {
        error.at(VENDOR, R::SERVICE)
    }

    fn key(&self, row: &Record<R::Row>) -> RowKey {
        RowKey::new(&R::id(&row.value), row.raw.as_str().as_bytes())
    }
}

/// A page of a window that cannot be split: forwards to the end, then backwards to the first.
///
/// Rows that move towards the beginning are stepped over on the way forwards and met on the way back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Place {
    Forwards(u32),
    Backwards(u32),
}

impl Place {
    fn read(cursor: Option<&Cursor>) -> Result<Self, Error> {
        let Some(cursor) = cursor else {
            return Ok(Self::Forwards(1));
        };
        let place = cursor.as_str().split_once(' ').and_then(|(way, number)| {
            let number = number.parse().ok().filter(|number| *number > 0)?;
            match way {
                "forwards" => Some(Self::Forwards(number)),
                "backwards" => Some(Self::Backwards(number)),
                _ => None,
            }
        });
        place.ok_or_else(|| foreign(cursor))
    }

    fn number(self) -> u32 {
        match self {
            Self::Forwards(number) | Self::Backwards(number) => number,
        }
    }

    /// The page after a full or a last one; never the same page twice in a row.
    fn after(self, full: bool) -> Option<Cursor> {
        let next = match self {
            Self::Forwards(number) if full => Self::Forwards(number.saturating_add(1)),
            Self::Forwards(1) | Self::Backwards(1) => return None,
            Self::Forwards(number) | Self::Backwards(number) => Self::Backwards(number - 1),
        };
        Some(Cursor::new(match next {
            Self::Forwards(number) => format!("forwards {number}"),
            Self::Backwards(number) => format!("backwards {number}"),
        }))
    }
}

pub(crate) fn foreign(cursor: &Cursor) -> Error {
    Error::invalid_request(format!(
        "{:?} is not a cursor of this source",
        cursor.as_str()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crowded_second_is_read_forwards_and_then_backwards() {
        // Three pages, the last one short.
        let mut place = Place::read(None).unwrap();
        let mut asked = vec![place.number()];
        while let Some(cursor) = place.after(place.number() < 3) {
            place = Place::read(Some(&cursor)).unwrap();
            if let Place::Backwards(_) = place {
                asked.push(place.number());
                while let Some(cursor) = place.after(true) {
                    place = Place::read(Some(&cursor)).unwrap();
                    asked.push(place.number());
                }
                break;
            }
            asked.push(place.number());
        }
        assert_eq!(asked, [1, 2, 3, 2, 1]);
        assert_eq!(Place::Forwards(1).after(false), None, "one page is enough");
    }

    #[test]
    fn a_foreign_cursor_is_refused() {
        for text in [
            "",
            "2",
            "forwards 0",
            "forwards x",
            "sideways 2",
            "backwards",
        ] {
            assert!(Place::read(Some(&Cursor::new(text))).is_err(), "{text}");
        }
    }
}
