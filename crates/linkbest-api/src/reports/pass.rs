//! A whole report, page by page.

use std::collections::HashSet;
use std::sync::Arc;

use async_trait::async_trait;
use orders_core::{Cursor, Error, ErrorKind, Page, Slice, Walk};
use orders_reader::{PageSource, RowKey, RowStream};
use orders_wire::Record;

use super::{PROGRAM_REPORT, ProgramReport, QueryReport};
use crate::VENDOR;
use crate::client::Client;
use crate::request::MAX_PAGE_SIZE;

/// The pages of a report, 200 rows each. A page with fewer is the last: there is no total.
#[derive(Clone, Debug)]
pub(crate) struct ReportSource {
    pub(crate) client: Client,
    pub(crate) query: QueryReport,
}

impl Client {
    /// All programs of a report, over all pages; page and page size of `query` are ignored.
    ///
    /// A page with fewer than 200 programs is the last. A program whose numbers change while the report is read may come
    /// again. A vendor that answers the same page twice ends the stream with `Stalled`.
    #[must_use]
    pub fn stream_report(&self, query: &QueryReport) -> RowStream<Record<ProgramReport>> {
        ReportSource {
            client: self.clone(),
            query: query.clone(),
        }
        .stream()
    }
}

impl ReportSource {
    /// Page after page, to the one that is not full.
    fn stream(self) -> RowStream<Record<ProgramReport>> {
        RowStream::new(Arc::new(self), Slice::everything(Walk::Cursor))
    }
}

#[async_trait]
impl PageSource<Record<ProgramReport>> for ReportSource {
    async fn read_page(
        &self,
        _: &Slice,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Record<ProgramReport>>, Error> {
        let number: u32 = cursor
            .map_or(Some(1), |cursor| cursor.as_str().parse().ok())
            .ok_or_else(|| {
                Error::invalid_request("not a cursor of this source").at(VENDOR, PROGRAM_REPORT)
            })?;
        let query = self.query.clone().page(number).page_size(MAX_PAGE_SIZE);
        let answer = self.client.query_report(&query).await?;
        let full = answer.sent >= MAX_PAGE_SIZE as usize;
        let next = number.checked_add(1).filter(|_| full);
        Ok(Page::new(answer.programs)
            .with_next(next.map(|number| Cursor::new(number.to_string())))
            .with_full(full)
            .with_unreadable(answer.unreadable)
            .with_sent(answer.sent))
    }

    fn describe(&self, error: Error) -> Error {
        error.at(VENDOR, PROGRAM_REPORT)
    }

    /// A program's numbers may change while the report is read: its row is known by its whole text.
    fn key(&self, row: &Record<ProgramReport>) -> RowKey {
        RowKey::new("", row.raw.as_str().as_bytes())
    }
}

/// The orders of a whole report; `None` where a program has no count, or cannot be read.
///
/// A program whose row comes again on a later page with other numbers would be counted twice: that is an error.
pub(crate) async fn count_orders(source: ReportSource) -> Result<Option<u64>, Error> {
    let mut rows = source.stream();
    let (mut sum, mut before) = (Some(0u64), HashSet::new());
    while let Some(row) = rows.next().await {
        let row = match row {
            Err(error) if error.record().is_some() => return Ok(None),
            row => row?.value,
        };
        let count = row.order_count.and_then(|count| u64::try_from(count).ok());
        sum = sum.and_then(|sum| sum.checked_add(count?));
        let program = row.program_id.unwrap_or_default();
        if !before.insert(program.clone()) {
            return Err(moving(&program));
        }
    }
    Ok(sum)
}

fn moving(program: &str) -> Error {
    let message = format!("the report changed while it was read: program {program} came twice");
    Error::new(ErrorKind::Incomplete, message)
        .with_hint("run again")
        .at(VENDOR, PROGRAM_REPORT)
}
