//! All orders of a query, page by page, from any source: the reader of `orders list`.

use std::ops::ControlFlow;

use orders_core::{Order, OrderSource, PageReader, Query};

use crate::exit::Failure;

/// Reads every slice to its end. Passes the orders of each page to `take`, which may stop the reading.
///
/// # Errors
/// The error of the source or of `take`. The pages passed before it are then not everything.
pub(crate) async fn read_query(
    source: &dyn OrderSource,
    query: &Query,
    mut take: impl FnMut(Vec<Order>) -> Result<ControlFlow<()>, Failure> + Send,
) -> Result<(), Failure> {
    let mut after = None;
    loop {
        let found = source.slices(query, after.as_ref()).await?;
        for slice in found.slices {
            let mut reader = PageReader::new(source, slice);
            while let Some(page) = reader.next_page().await.transpose()? {
                if take(page.orders)?.is_break() {
                    return Ok(());
                }
            }
        }
        after = found.next;
        if after.is_none() {
            return Ok(());
        }
    }
}
