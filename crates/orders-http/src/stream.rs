//! A stream of rows over all pages of a slice.

use std::collections::VecDeque;

use futures_core::Stream;
use orders_core::{Error, PageReader, Reads};

/// The rows of all pages that `reader` reads, one by one. It holds one page at a time; an error comes once and ends
/// it.
pub fn rows<S, T>(reader: PageReader<S, T>) -> impl Stream<Item = Result<T, Error>> + Send
where
    S: Reads<T>,
    T: Send,
{
    let start = (reader, VecDeque::new());
    futures_util::stream::try_unfold(start, |(mut reader, mut waiting)| async move {
        loop {
            if let Some(row) = waiting.pop_front() {
                return Ok(Some((row, (reader, waiting))));
            }
            match reader.next_page().await.transpose()? {
                Some(page) => waiting.extend(page.orders),
                None => return Ok(None),
            }
        }
    })
}
