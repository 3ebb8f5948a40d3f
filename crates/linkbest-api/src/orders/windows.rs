//! Ranges of time that are read in windows which each fit one page.

use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use orders_core::{Cursor, Error, Limits, Page, Slice, TimeAxis, Walk, Window};
use orders_http::Endpoint;
use orders_reader::{PageSource, RowKey, RowStream};
use orders_wire::Record;

use super::params::{LONGEST_WINDOW, MAX_PAGE_SIZE, Params, Span, broken};
use crate::VENDOR;
use crate::client::Client;
use crate::envelope::Listed;

/// A window and its wider edges stay below the vendor's day: a second before, and one that a fraction of a second may
/// cost.
pub(crate) const LONGEST: u32 = 86_398;
pub(crate) const LIMITS: Limits = Limits::new(LONGEST, MAX_PAGE_SIZE);
const _: () = assert!(LONGEST as i64 + 2 <= LONGEST_WINDOW.num_seconds());

/// A request for the rows of a range of time.
pub(crate) trait Windowed: Clone + Debug + Send + Sync + 'static {
    type Row: Listed + Send + 'static;
    const ENDPOINT: Endpoint;

    /// The whole range.
    fn span(&self) -> Span;

    /// The time that the range is about.
    fn axis(&self) -> TimeAxis;

    /// The same for one page of a window, its edges a second wider.
    fn of_window(&self, window: Window, page: u32) -> Self;

    /// The parameters, if they keep the stated rules.
    fn checked(&self) -> Result<Params, Error>;

    /// The vendor's local time of a row on an axis.
    fn time(row: &Self::Row, axis: TimeAxis) -> Option<NaiveDateTime>;

    /// The id of a row; empty where only its text tells it apart.
    fn id(row: &Self::Row) -> String;
}

/// The windows of a range, with its filters.
#[derive(Clone, Debug)]
pub(crate) struct WindowSource<R> {
    client: Client,
    request: R,
}

impl<R: Windowed> WindowSource<R> {
    pub(crate) fn new(client: &Client, request: &R) -> Self {
        Self {
            client: client.clone(),
            request: request.clone(),
        }
    }

    /// All rows. A range that does not run forwards has no window: its first page is refused.
    pub(crate) fn stream(self) -> RowStream<Record<R::Row>> {
        let slice = match self.request.span().window() {
            Some(window) => Slice::window(Walk::Windows, self.request.axis(), window),
            None => Slice::everything(Walk::Windows),
        };
        RowStream::new(Arc::new(self), slice)
    }

    pub(crate) async fn page(
        &self,
        window: Window,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Record<R::Row>>, Error> {
        let place = Place::read(cursor).map_err(|error| self.describe(error))?;
        let request = self.request.of_window(window, place.number());
        let answer = self.client.page(&R::ENDPOINT, request.checked()).await?;
        Ok(Page::new(answer.records)
            .with_next(place.after(answer.sent))
            .with_full(answer.sent >= MAX_PAGE_SIZE as usize)
            .with_unreadable(answer.unreadable)
            .with_sent(answer.sent)
            .with_answered_at(answer.answered_at))
    }
}

#[async_trait]
impl<R: Windowed> PageSource<Record<R::Row>> for WindowSource<R> {
    async fn read_page(
        &self,
        slice: &Slice,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Record<R::Row>>, Error> {
        let Some(window) = slice.window else {
            return Err(self.describe(broken("the range must end after its beginning")));
        };
        self.page(window, cursor).await
    }

    fn window_limits(&self) -> Limits {
        LIMITS
    }

    /// In the zone of the mapping, which is inferred.
    fn time(&self, row: &Record<R::Row>, slice: &Slice) -> Option<DateTime<Utc>> {
        let local = R::time(&row.value, slice.axis?)?;
        let zone = self.client.mapper().zone_of_times()?;
        Some(local.and_local_timezone(zone).single()?.to_utc())
    }

    fn tolerance(&self) -> TimeDelta {
        TimeDelta::days(1)
    }

    fn behind(&self, _: &Slice, cursor: Option<&Cursor>) -> Option<Cursor> {
        behind(cursor)
    }

    fn request(&self) -> String {
        format!("{:?}", self.request)
    }

    fn describe(&self, error: Error) -> Error {
        error.at(VENDOR, R::ENDPOINT.name)
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

    /// The page behind one of so many rows; never the same page twice in a row. Forwards ends with a page that has none:
    /// whether a page that is not full is the last is for the reader to decide.
    fn after(self, rows: usize) -> Option<Cursor> {
        let next = match self {
            Self::Forwards(number) if rows > 0 => Self::Forwards(number.saturating_add(1)),
            Self::Forwards(1) | Self::Backwards(1) => return None,
            Self::Forwards(number) | Self::Backwards(number) => Self::Backwards(number - 1),
        };
        Some(Cursor::new(match next {
            Self::Forwards(number) => format!("forwards {number}"),
            Self::Backwards(number) => format!("backwards {number}"),
        }))
    }
}

/// The place behind a page without rows.
pub(crate) fn behind(cursor: Option<&Cursor>) -> Option<Cursor> {
    Place::read(cursor).ok()?.after(0)
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
        let (rows, mut cursor) = ([200, 200, 7, 0], None);
        let mut requested = Vec::new();
        loop {
            let place = Place::read(cursor.as_ref()).unwrap();
            requested.push(place.number());
            let rows = rows[place.number() as usize - 1];
            match place.after(rows) {
                Some(next) => cursor = Some(next),
                None => break,
            }
        }
        assert_eq!(requested, [1, 2, 3, 4, 3, 2, 1]);
        assert_eq!(behind(None), None, "a window without rows is read");
        let third = Cursor::new("forwards 3");
        assert_eq!(behind(Some(&third)), Some(Cursor::new("backwards 2")));
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
