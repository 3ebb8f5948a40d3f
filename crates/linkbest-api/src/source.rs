//! Linkbest as a source of orders: windows of time that each fit one page.

use std::hash::Hasher;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, TimeDelta, Utc};
use orders_core::{
    Account, Capabilities, Cursor, Error, ErrorKind, Identity, Order as CoreOrder, OrderRef,
    OrderSource, Page, Query, Slice, Slices, TimeAxis, Walk, Window,
};

use crate::VENDOR;
use crate::client::Client;
use crate::failure::Code;
use crate::mapping::Mapper;
use crate::orders::windows::{LIMITS, LONGEST, WindowSource, behind, foreign};
use crate::orders::{ListOrders, ORDERS_QUERY, OrderField};
use crate::reports::count::count_orders;
use crate::reports::{ListReport, MAX_DAYS};

/// How long a slice is: seven of the longest windows, so that its last window is not a scrap.
const SLICE: TimeDelta = TimeDelta::seconds(7 * LONGEST as i64);

/// How many slices are given at once.
const SLICES: usize = 100;

fn refused(message: impl Into<String>) -> Error {
    Error::invalid_request(message).at(VENDOR, ORDERS_QUERY)
}

#[async_trait]
impl OrderSource for Client {
    fn account(&self) -> &Account {
        self.account()
    }

    /// Filters by update, settlement and creation time. Pages say no total. Orders are looked up by program and number,
    /// and counted by the report where a slice is whole days of creation time.
    fn capabilities(&self) -> Capabilities {
        let mut capabilities = Capabilities::default();
        capabilities.axes = vec![TimeAxis::Updated, TimeAxis::Settled, TimeAxis::Created];
        capabilities.windows = LIMITS;
        capabilities.needs_window = true;
        capabilities.counts = true;
        capabilities.fetches = true;
        capabilities.zone_inferred = true;
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
        let request = ListOrders::new(window.from, window.to).order_field(field);
        let page = WindowSource::new(self, &request)
            .page(window, cursor)
            .await?;
        Ok(page.map(|record| -> CoreOrder { self.mapper().order(&record) }))
    }

    fn behind(&self, _: &Slice, cursor: Option<&Cursor>) -> Option<Cursor> {
        behind(cursor)
    }

    /// By program and order number; the id is of no use here. An order that came by a push has both.
    ///
    /// An answer that is the requested order keeps the id of the reference: where it leaves its `Id` out, and where the
    /// reference is by key alone. An answer of another sign is the sale to a correction, or the correction to a sale: it
    /// is another order, and has its own id.
    async fn fetch(&self, reference: &OrderRef) -> Result<Option<CoreOrder>, Error> {
        let filled = |part: &'_ Option<String>| part.clone().unwrap_or_default();
        let (program, number) = (filled(&reference.program_id), filled(&reference.number));
        match self.get_order(&program, &number).await {
            Ok(record) => {
                let mut order = self.mapper().order(&record);
                let answer = order.reference();
                let asked_for = answer.program_id == reference.program_id
                    && answer.number == reference.number
                    && (reference.key.is_none() || answer.key == reference.key);
                let unnamed = answer.is_by_key() || reference.is_by_key();
                if asked_for && unnamed && !reference.id.is_empty() {
                    order.id.clone_from(&reference.id);
                }
                Ok(Some(order))
            }
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn read(&self, raw: &Bytes) -> Option<Result<CoreOrder, Error>> {
        Some(self.mapper().read(raw))
    }

    fn mapping_version(&self) -> u32 {
        Mapper::VERSION
    }

    /// The sum of the order counts of the report by program, for a window of creation time that is one to 31 whole days
    /// in the zone of the mapping (UTC+8 unless the builder says otherwise). `None` for every other slice, and where a
    /// program has no count.
    ///
    /// That the report counts by the day of creation, in that zone, is inferred.
    async fn count(&self, slice: &Slice) -> Result<Option<u64>, Error> {
        let days = self
            .mapper()
            .zone_of_times()
            .and_then(|zone| days(slice, zone));
        let Some((first, last)) = days else {
            return Ok(None);
        };
        count_orders(self, &ListReport::new(first, last)).await
    }

    /// Whose an app key is, is not documented: only the credential is known.
    fn identify(&self, part: Identity, into: &mut dyn Hasher) -> bool {
        let known = part == Identity::Credential;
        if known {
            self.identify(into);
        }
        known
    }

    fn requests_sent(&self) -> Option<u64> {
        Some(self.requests_sent())
    }
}

/// Whether the vendor says that there is no such order. A service or an address that is not there says something else.
fn is_absent(error: &Error) -> bool {
    let about_the_order = match error.code() {
        Some(code) => Code::of(code) == Code::NotFound,
        None => error.status() == Some(200),
    };
    error.kind() == ErrorKind::NotFound && about_the_order
}

/// The first and the last of the whole local days that a slice of creation times is.
fn days(slice: &Slice, zone: FixedOffset) -> Option<(NaiveDate, NaiveDate)> {
    if slice.axis != Some(TimeAxis::Created) || slice.partition.is_some() {
        return None;
    }
    let midnight = |at: DateTime<Utc>| {
        let local = at.with_timezone(&zone).naive_local();
        (local.time() == NaiveTime::MIN).then(|| local.date())
    };
    let window = slice.window?;
    let (first, after) = (midnight(window.from)?, midnight(window.to)?);
    let fits = (1..=MAX_DAYS).contains(&(after - first).num_days());
    Some((first, after.pred_opt()?)).filter(|_| fits)
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
            .ok_or_else(|| foreign(cursor).at(VENDOR, ORDERS_QUERY))?,
    };
    let mut found = Slices::default();
    while let Some(piece) = Window::new(
        from,
        from.checked_add_signed(SLICE)
            .map_or(window.to, |to| to.min(window.to)),
    ) {
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
