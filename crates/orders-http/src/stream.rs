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

#[cfg(test)]
mod tests {
    use async_trait::async_trait;
    use futures_util::StreamExt;
    use orders_core::{Cursor, ErrorKind, Limits, Page, PageSource, RowKey, Slice};

    use super::*;

    /// Two rows a page; the third page fails.
    struct Failing;

    #[async_trait]
    impl PageSource<u32> for Failing {
        async fn read_page(&self, _: &Slice, cursor: Option<&Cursor>) -> Result<Page<u32>, Error> {
            let page: u32 = cursor.map_or(0, |cursor| cursor.as_str().parse().unwrap());
            if page == 2 {
                return Err(Error::new(ErrorKind::Server, "down"));
            }
            let mut answer = Page::new(vec![page * 2, page * 2 + 1]);
            answer.next = Some(Cursor::new((page + 1).to_string()));
            Ok(answer)
        }

        fn window_limits(&self) -> Limits {
            Limits::default()
        }

        fn key(&self, row: &u32) -> RowKey {
            RowKey::new(&row.to_string(), b"")
        }
    }

    #[tokio::test]
    async fn an_error_comes_once_and_ends_the_stream() {
        let reader = PageReader::owned(std::sync::Arc::new(Failing), Slice::partition("p"));
        let rows: Vec<_> = rows(reader)
            .map(|row| row.map_err(|e| e.kind()))
            .collect()
            .await;
        assert_eq!(rows, [Ok(0), Ok(1), Ok(2), Ok(3), Err(ErrorKind::Server)]);
    }
}
