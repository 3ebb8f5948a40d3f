//! The store's orders of a span of time, on the axis of their creation or of their last change.
//!
//! `orders.json` gives archived orders and the others only apart, so a window is read in two legs: first the orders that
//! are not archived, then those that are. Both edges are requested a second wider. The orders are sorted by id, which never
//! changes, so that a change does not move an order among the others.
//!
//! An order that changes while a window of last changes is read leaves it: its change is then in a later window, which
//! is read with the later time. A cursor that counts rows instead of remembering an id could step over the row behind it
//! (what the vendor's cursor holds is not documented); [`count`] is the check. So is an order that is put into the
//! archive or taken out of it between the two legs, as long as that counts as a change (inferred).

use chrono::{DateTime, TimeDelta, Utc};
use orders_core::{Cursor, Error, ErrorKind, Page, TimeAxis, Window};
use orders_wire::Record;

use super::count::{CountOrders, CountStatus};
use super::filters::StatusFilter;
use super::list::{LIST_ORDERS, ListOrders, Sort};
use super::order::Order;
use super::paging::CursorPages;
use crate::VENDOR;
use crate::client::Client;

const SECOND: TimeDelta = TimeDelta::seconds(1);

/// The axis of a window: that of last changes unless it is said.
pub(crate) fn axis_of(axis: Option<TimeAxis>) -> Result<TimeAxis, Error> {
    match axis {
        None => Ok(TimeAxis::Updated),
        Some(axis @ (TimeAxis::Updated | TimeAxis::Created)) => Ok(axis),
        Some(other) => Err(Error::unsupported(format!(
            "SHOPLINE has no time axis {other:?}: orders are found by creation and by last change"
        ))
        .at(VENDOR, LIST_ORDERS.name)),
    }
}

/// Where in a window a pull is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Place {
    archived: bool,
    page_info: Option<Cursor>,
    /// How many rows this leg had on the pages before. A cursor of an earlier version does not say it.
    before: Option<u64>,
}

const LISTED: &str = "listed";
const ARCHIVED: &str = "archived";

impl Place {
    /// The place of a cursor: the leg, how many rows it had before, and the vendor's own place, as `listed:100 7B6C`. The
    /// second leg begins at `archived `.
    fn read(cursor: Option<&Cursor>) -> Result<Self, Error> {
        let text = cursor.map_or("listed:0 ", Cursor::as_str);
        let place = text.split_once(' ').and_then(|(leg, page_info)| {
            let page_info = (!page_info.is_empty()).then(|| Cursor::new(page_info));
            let (leg, before) = match leg.split_once(':') {
                Some((leg, before)) => (leg, Some(before.parse().ok()?)),
                None => (leg, page_info.is_none().then_some(0)),
            };
            let archived = leg == ARCHIVED;
            let begins = page_info.is_none() && (archived || cursor.is_none());
            let known = archived || leg == LISTED;
            (known && (begins || page_info.is_some())).then_some(Self {
                archived,
                page_info,
                before,
            })
        });
        place.ok_or_else(|| {
            Error::invalid_request("the cursor is not one of this source and slice")
                .at(VENDOR, LIST_ORDERS.name)
        })
    }

    /// How many rows this leg has had with a page of so many.
    fn sent(&self, rows: usize) -> Option<u64> {
        self.before?.checked_add(rows as u64)
    }

    /// The place behind a page of so many rows: its next one, else the second leg, else the end.
    fn after(&self, next: Option<&Cursor>, rows: usize) -> Option<Cursor> {
        let leg = if self.archived { ARCHIVED } else { LISTED };
        match (next, self.archived, self.sent(rows)) {
            (Some(next), _, Some(sent)) => {
                Some(Cursor::new(format!("{leg}:{sent} {}", next.as_str())))
            }
            (Some(next), _, None) => Some(Cursor::new(format!("{leg} {}", next.as_str()))),
            (None, false, _) => Some(Cursor::new(format!("{ARCHIVED} "))),
            (None, true, _) => None,
        }
    }
}

/// One page of a window.
pub(crate) async fn page(
    client: &Client,
    axis: TimeAxis,
    window: Window,
    cursor: Option<&Cursor>,
) -> Result<Page<Record<Order>>, Error> {
    let place = Place::read(cursor)?;
    let pages = CursorPages {
        client: client.clone(),
        request: request(axis, window, place.archived),
    };
    let mut page = pages.page(place.page_info.as_ref()).await?;
    if let (true, None, Some(sent)) = (page.full, &page.next, place.sent(page.sent)) {
        // What was counted is not in doubt: what follows may well be empty.
        page.full = !is_end(client, axis, window, place.archived, sent).await?;
    }
    page.next = place.after(page.next.as_ref(), page.sent);
    Ok(page)
}

/// A full page that names no next one is the last, or its `link` was lost on the way. The vendor's count of the same span
/// settles it: usually one request. `false` where the vendor does not count for this client, which settles nothing: the
/// page is taken for the last one.
///
/// # Errors
/// `Incomplete` where the vendor counts more orders than came; what the count failed with.
async fn is_end(
    client: &Client,
    axis: TimeAxis,
    window: Window,
    archived: bool,
    sent: u64,
) -> Result<bool, Error> {
    let wide = window.widened(SECOND);
    let missing = match Counted::new(client, axis, wide.from, wide.to)
        .missing(archived, sent)
        .await
    {
        Ok(missing) => missing,
        Err(error) => match error.kind() {
            ErrorKind::NotFound | ErrorKind::Permission | ErrorKind::Unsupported => {
                return Ok(false);
            }
            _ => return Err(error),
        },
    };
    let Some(counted) = missing else {
        return Ok(true);
    };
    let message = format!(
        "the last page is full and names no next one: {sent} orders came, and the vendor counts {counted}"
    );
    Err(Error::new(ErrorKind::Incomplete, message)
        .at(VENDOR, LIST_ORDERS.name)
        .with_hint(
            "look for a proxy on the way that drops the link header; shorter windows need none",
        ))
}

/// The vendor's counts of a span, both ends included.
struct Counted<'a> {
    client: &'a Client,
    axis: TimeAxis,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
}

impl<'a> Counted<'a> {
    fn new(client: &'a Client, axis: TimeAxis, from: DateTime<Utc>, to: DateTime<Utc>) -> Self {
        Self {
            client,
            axis,
            from,
            to,
        }
    }

    async fn of(&self, status: CountStatus) -> Result<u64, Error> {
        let request = CountOrders::new().status(status);
        let request = match self.axis {
            TimeAxis::Created => request.created_at_min(self.from).created_at_max(self.to),
            _ => request.updated_at_min(self.from).updated_at_max(self.to),
        };
        self.client.count_orders(&request).await
    }

    async fn listed(&self) -> Result<u64, Error> {
        Ok(self.of(CountStatus::Open).await? + self.of(CountStatus::Cancelled).await?)
    }

    /// How many orders one leg has by the vendor's count, where that is more than came of it.
    async fn missing(&self, archived: bool, sent: u64) -> Result<Option<u64>, Error> {
        let more = |counted: u64| (counted > sent).then_some(counted);
        if archived {
            return Ok(more(self.of(CountStatus::Hidden).await?));
        }
        let any = self.of(CountStatus::Any).await?;
        if any <= sent {
            return Ok(None);
        }
        // It may include the archive.
        let listed = self.listed().await?;
        let hidden = self.of(CountStatus::Hidden).await?;
        Ok(more(match any == listed + hidden {
            true => listed,
            false => any,
        }))
    }
}

fn request(axis: TimeAxis, window: Window, archived: bool) -> ListOrders {
    let wide = window.widened(SECOND);
    let request = ListOrders::new()
        .status(StatusFilter::Any)
        .hidden_order(archived)
        .sort(Sort::Id);
    match axis {
        TimeAxis::Created => request.created_at_min(wide.from).created_at_max(wide.to),
        _ => request.updated_at_min(wide.from).updated_at_max(wide.to),
    }
}

/// How many orders the vendor counts in a window, archived ones included.
///
/// Whether the status `any` counts archived orders is not said in so many words. The counts of `open`, `cancelled` and
/// `hidden` tell; where they do not add up either way there is no answer.
pub(crate) async fn count(
    client: &Client,
    axis: TimeAxis,
    window: Window,
) -> Result<Option<u64>, Error> {
    // Both ends belong to a span of the vendor's, whose times are whole seconds.
    let (from, to) = (first_second(window.from), last_second(window.to));
    let (Some(from), Some(to)) = (from, to) else {
        return Ok(Some(0));
    };
    if to < from {
        return Ok(Some(0));
    }
    let counted = Counted::new(client, axis, from, to);
    let any = counted.of(CountStatus::Any).await?;
    let hidden = counted.of(CountStatus::Hidden).await?;
    if hidden == 0 {
        return Ok(Some(any));
    }
    let others = counted.listed().await?;
    Ok(match any {
        any if any == others + hidden => Some(any),
        any if any == others => Some(any + hidden),
        _ => None,
    })
}

/// The first whole second at a time or behind it; `None` where time ends before.
fn first_second(from: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let up = i64::from(from.timestamp_subsec_nanos() > 0);
    DateTime::from_timestamp(from.timestamp().checked_add(up)?, 0)
}

/// The last whole second before a time; `None` where time begins behind it.
fn last_second(to: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let down = i64::from(to.timestamp_subsec_nanos() == 0);
    DateTime::from_timestamp(to.timestamp().checked_sub(down)?, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_found_up_to_the_ends_of_time() {
        let millis = |ms| DateTime::from_timestamp_millis(ms).unwrap();
        for (at, first, last) in [
            (millis(2_000), 2_000, 1_000),
            (millis(2_001), 3_000, 2_000),
            (millis(-1), 0, -1_000),
        ] {
            assert_eq!(first_second(at), Some(millis(first)), "{at}");
            assert_eq!(last_second(at), Some(millis(last)), "{at}");
        }
        let (min, max) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
        assert_eq!((first_second(min), last_second(min)), (Some(min), None));
        assert_eq!(first_second(max), None);
        assert_eq!(last_second(max).unwrap().timestamp(), max.timestamp());
    }

    #[test]
    fn a_window_is_read_in_two_legs() {
        let start = Place::read(None).unwrap();
        let cursor = |text: &str| Some(Cursor::new(text));
        assert_eq!(start.after(cursor("p").as_ref(), 7), cursor("listed:7 p"));
        let second = Place::read(cursor("listed:7 p").as_ref()).unwrap();
        assert_eq!(second.after(cursor("q").as_ref(), 3), cursor("listed:10 q"));
        assert_eq!(second.after(None, 3), cursor("archived "));
        let archived = Place::read(cursor("archived ").as_ref()).unwrap();
        assert_eq!((archived.archived, &archived.page_info), (true, &None));
        assert_eq!(
            archived.after(cursor("q").as_ref(), 5),
            cursor("archived:5 q")
        );
        assert_eq!(archived.after(None, 5), None);
        // As earlier versions wrote it.
        let later = Place::read(cursor("archived q").as_ref()).unwrap();
        assert_eq!((later.page_info.clone(), later.before), (cursor("q"), None));
        assert_eq!(later.after(cursor("r").as_ref(), 5), cursor("archived r"));
        for text in [
            "",
            "listed ",
            "listed:0 ",
            "listed:x p",
            "p",
            "archived",
            "other p",
        ] {
            assert!(Place::read(cursor(text).as_ref()).is_err(), "{text:?}");
        }
    }
}
