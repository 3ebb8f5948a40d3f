//! Linkbest as a source of orders: windows of time that each fit one page.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use orders_core::{
    Account, Capabilities, Cursor, Error, Limits, Order as CoreOrder, OrderSource, Page,
    PageSource, Query, RowKey, Slice, Slices, TimeAxis, Walk, Window,
};
use orders_wire::Record;

use crate::client::Client;
use crate::mapping::identity;
use crate::orders::{LONGEST_WINDOW, MAX_PAGE_SIZE, ORDERS_QUERY, Order, OrdersRange};
use crate::{OrderField, VENDOR};

/// A window and its wider edges stay below the vendor's day: a second before, and one that a fraction of a second may
/// cost.
const LONGEST: u32 = 86_398;
const LIMITS: Limits = Limits {
    longest: LONGEST,
    page_rows: MAX_PAGE_SIZE,
};
const _: () = assert!(LONGEST as i64 + 2 <= LONGEST_WINDOW.num_seconds());

/// How long a slice is: seven of the longest windows, so that its last window is not a scrap.
const SLICE: TimeDelta = TimeDelta::seconds(7 * LONGEST as i64);

/// How many slices are given at once.
const SLICES: usize = 100;

/// The windows of a range, with its filters.
#[derive(Clone, Debug)]
pub(crate) struct RangeSource {
    pub(crate) client: Client,
    pub(crate) range: OrdersRange,
}

impl RangeSource {
    async fn page(
        &self,
        window: Window,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Record<Order>>, Error> {
        let place = Place::read(cursor)?;
        let query = self.range.query(window, place.number());
        let answer = self.client.query_orders(&query).await?;
        let full = answer.orders.len() >= MAX_PAGE_SIZE as usize;
        Ok(Page {
            orders: answer.orders,
            next: place.after(full),
            total: None,
            full,
        })
    }
}

/// A page of a window that cannot be split: forwards to the end, then backwards to the first.
///
/// Rows that move towards the beginning are stepped over on the way forwards and met on the way back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

fn foreign(cursor: &Cursor) -> Error {
    refused(format!(
        "{:?} is not a cursor of this source",
        cursor.as_str()
    ))
}

fn refused(message: impl Into<String>) -> Error {
    Error::invalid_request(message).at(VENDOR, ORDERS_QUERY)
}

#[async_trait]
impl PageSource<Record<Order>> for RangeSource {
    async fn read_page(
        &self,
        slice: &Slice,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Record<Order>>, Error> {
        self.page(slice.window.unwrap_or(self.range.window), cursor)
            .await
    }

    fn window_limits(&self) -> Limits {
        LIMITS
    }

    fn key(&self, record: &Record<Order>) -> RowKey {
        RowKey::new(&identity(record), record.raw.as_str().as_bytes())
    }
}

#[async_trait]
impl OrderSource for Client {
    fn account(&self) -> &Account {
        &self.account
    }

    /// Filters by update, settlement and creation time. Pages say no total.
    fn capabilities(&self) -> Capabilities {
        let mut capabilities = Capabilities::default();
        capabilities.axes = vec![TimeAxis::Updated, TimeAxis::Settled, TimeAxis::Created];
        capabilities.windows = LIMITS;
        capabilities
    }

    async fn slices(&self, query: &Query, after: Option<&Cursor>) -> Result<Slices, Error> {
        let Some(window) = query.window else {
            let message = "Linkbest needs a window of time: there is no query for everything";
            return Err(refused(message));
        };
        if !query.partitions.is_empty() {
            let message = "Linkbest's orders are not partitioned";
            return Err(Error::unsupported(message).at(VENDOR, ORDERS_QUERY));
        }
        let axis = query.axis.unwrap_or(TimeAxis::Updated);
        field(axis)?;
        slices(axis, window, after)
    }

    async fn page(&self, slice: &Slice, cursor: Option<&Cursor>) -> Result<Page, Error> {
        let (Some(window), None) = (slice.window, &slice.partition) else {
            return Err(refused("a slice of Linkbest is a window of time"));
        };
        let field = field(slice.axis.unwrap_or(TimeAxis::Updated))?;
        let source = RangeSource {
            client: self.clone(),
            range: OrdersRange::over(window).order_field(field),
        };
        let page = source.page(window, cursor).await?;
        Ok(page.map(|record| -> CoreOrder { self.mapper.order(&record) }))
    }
}

fn field(axis: TimeAxis) -> Result<OrderField, Error> {
    OrderField::of(axis).ok_or_else(|| {
        Error::unsupported(format!("Linkbest has no time axis {axis:?}")).at(VENDOR, ORDERS_QUERY)
    })
}

/// The window in slices; the cursor is where the next one begins.
fn slices(axis: TimeAxis, window: Window, after: Option<&Cursor>) -> Result<Slices, Error> {
    let mut from = match after {
        None => window.from,
        Some(cursor) => DateTime::parse_from_rfc3339(cursor.as_str())
            .map(|from| from.with_timezone(&Utc))
            .ok()
            .filter(|from| window.contains(*from))
            .ok_or_else(|| foreign(cursor))?,
    };
    let mut found = Slices::default();
    while let Some(piece) = Window::new(from, window.to.min(from + SLICE)) {
        if found.slices.len() == SLICES {
            found.next = Some(Cursor::new(from.to_rfc3339()));
            break;
        }
        found.slices.push(Slice::window(Walk::Windows, axis, piece));
        from = piece.to;
    }
    Ok(found)
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

    #[test]
    fn slices_join_to_the_window_over_all_their_pages() {
        let at = |s| DateTime::from_timestamp(s, 0).unwrap();
        let window = Window::new(at(17), at(17 + 400 * 86_400 * 7)).unwrap();
        let (mut after, mut all, mut pages) = (None, Vec::new(), 0);
        loop {
            let found = slices(TimeAxis::Updated, window, after.as_ref()).unwrap();
            all.extend(found.slices.into_iter().map(|s| s.window.unwrap()));
            pages += 1;
            match found.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        assert_eq!(pages, 5);
        assert_eq!(
            (all[0].from, all.last().unwrap().to),
            (window.from, window.to)
        );
        assert!(all.windows(2).all(|pair| pair[0].to == pair[1].from));
        assert!(slices(TimeAxis::Updated, window, Some(&Cursor::new("x"))).is_err());
    }
}
