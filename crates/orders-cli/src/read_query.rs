//! All orders that answer a query, one by one, from any source: the reader of `orders list`.

use std::ops::ControlFlow;
use std::sync::Arc;

use orders_core::{Error, Order, OrderSource, Query};
use orders_reader::Proof;

use crate::exit::Failure;

/// Reads a query to its end and gives each order to `take`, which may stop. A record that cannot be read is given as an
/// error. Answers why the query counts as read; `None` where `take` stopped.
///
/// # Errors
/// What the source or `take` failed with; the orders given before are not complete then.
pub(crate) async fn read_query(
    source: Arc<dyn OrderSource>,
    query: &Query,
    mut take: impl FnMut(Result<Order, Error>) -> Result<ControlFlow<()>, Failure> + Send,
) -> Result<Option<Proof>, Failure> {
    let mut orders = orders_reader::read(source, query.clone());
    while let Some(order) = orders.next().await {
        let order = match order {
            Err(error) if error.record().is_none() => return Err(error.into()),
            other => other,
        };
        if take(order)?.is_break() {
            return Ok(None);
        }
    }
    Ok(orders.proof())
}
