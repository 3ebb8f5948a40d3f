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
use orders_core::{Cursor, Error, Page, TimeAxis, Window};
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
}

const LISTED: &str = "listed ";
const ARCHIVED: &str = "archived ";

impl Place {
    fn read(cursor: Option<&Cursor>) -> Result<Self, Error> {
        let at = |archived, page_info: &str| Self {
            archived,
            page_info: (!page_info.is_empty()).then(|| Cursor::new(page_info)),
        };
        let Some(cursor) = cursor else {
            return Ok(at(false, ""));
        };
        let text = cursor.as_str();
        if let Some(page_info) = text.strip_prefix(ARCHIVED) {
            return Ok(at(true, page_info));
        }
        match text.strip_prefix(LISTED) {
            Some(page_info) if !page_info.is_empty() => Ok(at(false, page_info)),
            _ => Err(
                Error::invalid_request("the cursor is not one of this source and slice")
                    .at(VENDOR, LIST_ORDERS.name),
            ),
        }
    }

    /// The place behind a page: its next one, else the second leg, else the end.
    fn after(&self, next: Option<&Cursor>) -> Option<Cursor> {
        match (next, self.archived) {
            (Some(next), true) => Some(Cursor::new(format!("{ARCHIVED}{}", next.as_str()))),
            (Some(next), false) => Some(Cursor::new(format!("{LISTED}{}", next.as_str()))),
            (None, false) => Some(Cursor::new(ARCHIVED)),
            (None, true) => None,
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
    if place.archived {
        // Should the filter add archived orders to the others, the others were given before.
        page.orders
            .retain(|order| order.hidden_order != Some(false));
    }
    page.next = place.after(page.next.as_ref());
    Ok(page)
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
    let counted = |status| {
        let request = CountOrders::new().status(status);
        let request = match axis {
            TimeAxis::Created => request.created_at_min(from).created_at_max(to),
            _ => request.updated_at_min(from).updated_at_max(to),
        };
        async move { client.count_orders(&request).await }
    };
    let any = counted(CountStatus::Any).await?;
    let hidden = counted(CountStatus::Hidden).await?;
    if hidden == 0 {
        return Ok(Some(any));
    }
    let others = counted(CountStatus::Open).await? + counted(CountStatus::Cancelled).await?;
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
        assert_eq!(start.after(cursor("p").as_ref()), cursor("listed p"));
        assert_eq!(start.after(None), cursor("archived "));
        let archived = Place::read(cursor("archived ").as_ref()).unwrap();
        assert_eq!((archived.archived, &archived.page_info), (true, &None));
        assert_eq!(archived.after(cursor("q").as_ref()), cursor("archived q"));
        assert_eq!(archived.after(None), None);
        let later = Place::read(cursor("archived q").as_ref()).unwrap();
        assert_eq!(later.page_info, cursor("q"));
        for text in ["", "listed ", "p", "archived"] {
            assert!(Place::read(cursor(text).as_ref()).is_err(), "{text:?}");
        }
    }
}
