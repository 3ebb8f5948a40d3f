//! A whole report, page by page.

use std::collections::HashSet;
use std::sync::Arc;

use async_trait::async_trait;
use futures_core::Stream;
use orders_core::{Cursor, Error, ErrorKind, Limits, Page, PageReader, PageSource, RowKey, Slice};

use orders_wire::Record;

use super::{PROGRAM_REPORT, ProgramReport, QueryReport};
use crate::VENDOR;
use crate::client::Client;
use crate::keyed::{Keyed, keyed, records};
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
    pub fn stream_report(
        &self,
        query: &QueryReport,
    ) -> impl Stream<Item = Result<Record<ProgramReport>, Error>> + Send + use<> {
        let source = ReportSource {
            client: self.clone(),
            query: query.clone(),
        };
        records(PageReader::owned(Arc::new(source), Slice::pass()))
    }
}

#[async_trait]
impl PageSource<Keyed<ProgramReport>> for ReportSource {
    async fn read_page(
        &self,
        _: &Slice,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Keyed<ProgramReport>>, Error> {
        let number: u32 = cursor
            .map_or(Some(1), |cursor| cursor.as_str().parse().ok())
            .ok_or_else(|| {
                Error::invalid_request("not a cursor of this source").at(VENDOR, PROGRAM_REPORT)
            })?;
        let query = self.query.clone().page(number).page_size(MAX_PAGE_SIZE);
        let answer = self.client.query_report(&query).await?;
        let full = answer.sent >= MAX_PAGE_SIZE as usize;
        let next = number.checked_add(1).filter(|_| full);
        // A program's numbers may change while the report is read: its row is known by its whole text.
        let rows = keyed(answer.programs, |_| String::new());
        Ok(Page::new(rows)
            .with_next(next.map(|number| Cursor::new(number.to_string())))
            .with_full(full)
            .with_sent(answer.sent))
    }

    fn window_limits(&self) -> Limits {
        Limits::default()
    }

    fn describe(&self, error: Error) -> Error {
        error.at(VENDOR, PROGRAM_REPORT)
    }

    fn key(&self, row: &Keyed<ProgramReport>) -> RowKey {
        row.0
    }
}

/// The orders of a whole report; `None` where a program has no count.
///
/// A program whose row comes again on a later page with other numbers would be counted twice: that is an error.
pub(crate) async fn count_orders(source: ReportSource) -> Result<Option<u64>, Error> {
    let mut reader = PageReader::new(&source, Slice::pass());
    let (mut sum, mut before) = (Some(0u64), HashSet::new());
    while let Some(page) = reader.next_page().await {
        let rows = page?.orders;
        if let Some((_, moved)) = rows
            .iter()
            .find(|(_, row)| before.contains(&row.program_id))
        {
            return Err(moving(moved.program_id.as_deref().unwrap_or_default()));
        }
        for (_, row) in rows {
            let count = row.order_count.and_then(|count| u64::try_from(count).ok());
            sum = sum.and_then(|sum| sum.checked_add(count?));
            before.insert(row.value.program_id);
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
