//! All orders that answer a query, one by one, from any source: the reader of `orders list`.

use std::ops::ControlFlow;
use std::sync::Arc;

use orders_core::{Error, Order, OrderSource, Query};
use orders_reader::Proof;

use crate::exit::Failure;

/// How a query was read to its end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct End {
    /// The vendor gave no total: nothing proves that these are all.
    pub(crate) unproven: bool,
    /// How many windows were taken as empty, their list missing.
    pub(crate) unconfirmed: u64,
}

/// Reads a query to its end and gives each order to `take`, which may stop. A record that cannot be read is given as an
/// error. Answers how it ended; `None` where `take` stopped.
///
/// # Errors
/// What the source or `take` failed with; the orders given before are not complete then.
pub(crate) async fn read_query(
    source: Arc<dyn OrderSource>,
    query: &Query,
    mut take: impl FnMut(Result<Order, Error>) -> Result<ControlFlow<()>, Failure> + Send,
) -> Result<Option<End>, Failure> {
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
    Ok(Some(End {
        unproven: orders.proof().is_some_and(Proof::is_unproven),
        unconfirmed: orders.unconfirmed(),
    }))
}
