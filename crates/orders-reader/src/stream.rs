//! A stream of rows over all pages of a slice, or of a whole query.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use orders_core::{Error, Order, OrderSource, Page, Query, Slice, Slices};

use crate::answer::Proof;
use crate::reading::{Next, Reading, StreamPosition};
use crate::source::{PageSource, QuerySource};

/// The rows of all pages, one by one. It needs no pinning, and holds one page.
///
/// - Each version of a row comes once. A row that changes while it is read comes again.
/// - A record that cannot be read comes as an error with [`Error::record`], and the stream continues.
/// - A page with which the vendor does not move on is requested again, twice at most.
/// - A page that fails comes as an error and ends the stream. So does a slice that is not complete.
/// - [`position`](Self::position) says at any time, after a failure too, where another stream resumes.
///
/// ```
/// use std::sync::Arc;
/// use async_trait::async_trait;
/// use orders_core::{Cursor, Error, Page, Slice, Walk};
/// use orders_reader::{PageSource, Proof, RowKey, RowStream};
///
/// /// Three rows of your own type, two on a page.
/// struct Rows;
///
/// #[async_trait]
/// impl PageSource<u32> for Rows {
///     async fn read_page(&self, _: &Slice, cursor: Option<&Cursor>) -> Result<Page<u32>, Error> {
///         Ok(match cursor {
///             None => Page::new(vec![1, 2]).with_next(Some(Cursor::new("behind 2"))),
///             Some(_) => Page::new(vec![3]),
///         })
///     }
///
///     fn key(&self, row: &u32) -> RowKey {
///         RowKey::new(&row.to_string(), &row.to_be_bytes())
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Error> {
/// let slice = Slice::everything(Walk::Cursor);
/// let mut rows = RowStream::new(Arc::new(Rows), slice.clone());
/// assert_eq!(rows.next().await.transpose()?, Some(1));
///
/// // Another stream, perhaps in another process, reads on behind the row that was given last.
/// let mut rows = RowStream::new(Arc::new(Rows), slice).resume(rows.position());
/// assert_eq!(rows.next().await.transpose()?, Some(2));
/// assert_eq!(rows.next().await.transpose()?, Some(3));
/// assert!(rows.next().await.is_none());
/// assert_eq!(rows.proof(), Some(Proof::Walked));
/// # Ok(())
/// # }
/// ```
pub struct RowStream<T> {
    source: Arc<dyn PageSource<T>>,
    reading: Reading<T>,
    request: Option<Request<T>>,
    ended: bool,
    /// The hash of what is requested: a position of another request is refused.
    requested: u64,
    /// Whether a request failed last, and the reading stands where it was sent.
    refused: bool,
}

// Nothing in it is pinned: the requests are boxed.
impl<T> Unpin for RowStream<T> {}

type Pending<A> = Pin<Box<dyn Future<Output = Result<A, Error>> + Send>>;

enum Request<T> {
    Page(Pending<Page<T>>),
    Slices(Pending<Slices>),
}

/// Reads a whole query of any source: all pages of its slices, all slices, all pages of each.
///
/// ```
/// # use std::sync::Arc;
/// # use orders_core::{Error, OrderSource, Query};
/// # async fn example(source: Arc<dyn OrderSource>) -> Result<(), Error> {
/// let mut orders = orders_reader::read(source, Query::everything());
/// while let Some(order) = orders.next().await {
///     println!("{}", order?.id);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn read(source: Arc<dyn OrderSource>, query: Query) -> RowStream<Order> {
    RowStream::begin(
        Arc::new(QuerySource { source, query }),
        StreamPosition::query(),
    )
}

/// Reads one slice of any source.
#[must_use]
pub fn read_slice(source: Arc<dyn OrderSource>, slice: Slice) -> RowStream<Order> {
    let query = Query::everything();
    RowStream::new(Arc::new(QuerySource { source, query }), slice)
}

impl<T: Send + 'static> RowStream<T> {
    /// The rows of one slice.
    #[must_use]
    pub fn new(source: Arc<dyn PageSource<T>>, slice: Slice) -> Self {
        Self::begin(source, StreamPosition::slice(slice))
    }

    fn begin(source: Arc<dyn PageSource<T>>, position: StreamPosition) -> Self {
        let (position, requested) = position.of_request(&source.request());
        Self {
            source,
            reading: Reading::new(position),
            requested,
            request: None,
            ended: false,
            refused: false,
        }
    }

    /// Lets the stream send its last request once more, where the failure of that request ended it: the next row comes as
    /// if it had not failed. `false` where something else ended it, or nothing did: then nothing changes.
    ///
    /// When that makes sense, and after what wait, is [`Retries`](crate::Retries).
    ///
    /// ```no_run
    /// use std::time::Duration;
    /// use orders_core::{Error, Order};
    /// use orders_reader::{AfterFailure, Retries, RowStream};
    ///
    /// /// Gives a vendor that fails five attempts a page, and ten minutes of waits in all.
    /// async fn patient(mut orders: RowStream<Order>, sleep: impl AsyncFn(Duration)) -> Result<u64, Error> {
    ///     let (mut retries, mut tried, mut read) = (Retries::new(5, Duration::from_secs(600)), 0, 0);
    ///     while let Some(order) = orders.next().await {
    ///         match order {
    ///             Ok(_) => (tried, read) = (0, read + 1),
    ///             Err(error) if error.record().is_some() => eprintln!("{error}"),
    ///             Err(error) => {
    ///                 tried += 1;
    ///                 match retries.after(&error, tried) {
    ///                     AfterFailure::Again(wait) if orders.request_again() => sleep(wait).await,
    ///                     _ => return Err(error),
    ///                 }
    ///             }
    ///         }
    ///     }
    ///     Ok(read)
    /// }
    /// ```
    pub fn request_again(&mut self) -> bool {
        let again = std::mem::take(&mut self.refused);
        self.ended &= !again;
        again
    }

    /// The same stream from a position on, which a stream over the same request gave, perhaps in another process.
    ///
    /// A position carries its range and its place among the filtered rows. So one that another request gave is refused: the
    /// next row is the error `InvalidRequest`. Keep one position for each request, and a range beside its position.
    ///
    /// After `Incomplete` or `Stalled` a position only gives the error again: begin anew.
    ///
    /// ```no_run
    /// use std::sync::Arc;
    /// use orders_core::{OrderSource, Query};
    /// use orders_reader::StreamPosition;
    ///
    /// async fn some(source: Arc<dyn OrderSource>) -> Result<(), Box<dyn std::error::Error>> {
    ///     let query = Query::everything();
    ///     let mut orders = orders_reader::read(source, query); // the same query each time
    ///     if let Ok(saved) = std::fs::read("position.json") {
    ///         let position: StreamPosition = serde_json::from_slice(&saved)?;
    ///         orders = orders.resume(position);
    ///     }
    ///     for _ in 0..100 {
    ///         match orders.next().await {
    ///             // Store it before the position: after a crash some come twice, none is lost.
    ///             Some(Ok(order)) => println!("{}", order.id),
    ///             // The position is behind it, too: with `?` each run would end at this record.
    ///             Some(Err(error)) if error.record().is_some() => eprintln!("{error}"),
    ///             Some(Err(error)) => return Err(error.into()),
    ///             None => break,
    ///         }
    ///     }
    ///     std::fs::write("position.json", serde_json::to_vec(&orders.position())?)?;
    ///     Ok(())
    /// }
    /// ```
    #[must_use]
    pub fn resume(self, position: StreamPosition) -> Self {
        Self {
            reading: Reading::new(position),
            request: None,
            ended: false,
            refused: false,
            ..self
        }
    }

    /// Where the stream stands: behind the last row that it gave.
    #[must_use]
    pub fn position(&self) -> StreamPosition {
        self.reading.position()
    }

    /// Why the stream counts as read to its end, where it has ended without an error. Of several slices: the weakest.
    #[must_use]
    pub fn proof(&self) -> Option<Proof> {
        self.reading.proof().filter(|_| self.ended)
    }

    /// How many orders the vendor says there are in the counted list that is read now.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.reading.total()
    }

    /// How many pages were kept, the one whose rows are being given included. It counts from the beginning of this
    /// stream, not from a position.
    #[must_use]
    pub fn pages(&self) -> u64 {
        self.reading.pages()
    }

    /// How many windows were taken as empty although their answer, requested twice, reported success and lacked its
    /// list. Orders may be missing there: read these days again later.
    #[must_use]
    pub fn unconfirmed(&self) -> u64 {
        self.reading.unconfirmed()
    }

    /// The next row; `None` at the end. The same as the `next` of a stream extension, without one.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    fn end(&mut self, error: Error) -> Poll<Option<Result<T, Error>>> {
        self.ended = true;
        Poll::Ready(Some(Err(error)))
    }

    /// Sends a request.
    fn request(&self, next: Next<T>) -> Option<Request<T>> {
        let source = Arc::clone(&self.source);
        Some(match next {
            Next::Page(slice, cursor) => Request::Page(Box::pin(async move {
                source.read_page(&slice, cursor.as_ref()).await
            })),
            Next::Slices(after) => {
                Request::Slices(Box::pin(async move { source.slices(after.as_ref()).await }))
            }
            Next::Give(_) | Next::End => return None,
        })
    }

    /// Waits for the answer to the request that was sent, if any.
    fn poll_answer(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let source = &*self.source;
        let taken = match &mut self.request {
            None => return Poll::Ready(Ok(())),
            Some(Request::Slices(request)) => match ready!(request.as_mut().poll(context)) {
                Ok(slices) => self.reading.listed(slices),
                Err(error) => {
                    self.request = None;
                    self.refused = true;
                    return Poll::Ready(Err(error));
                }
            },
            Some(Request::Page(request)) => match ready!(request.as_mut().poll(context)) {
                Ok(page) => self.reading.page(page, source),
                Err(error) => match self.reading.failed(error) {
                    Ok(accepted) => self.reading.behind_failure(accepted, source),
                    Err(error) => {
                        self.request = None;
                        self.refused = true;
                        return Poll::Ready(Err(error));
                    }
                },
            },
        };
        self.request = None;
        Poll::Ready(taken.map_err(|error| self.source.describe(error)))
    }
}

impl<T: Send + 'static> Stream for RowStream<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if !this.ended && !this.reading.is_of(this.requested) {
            let message = "the position is that of another request";
            let error = Error::invalid_request(message)
                .with_hint("resume the stream of the request that gave it, or begin anew");
            return this.end(this.source.describe(error));
        }
        while !this.ended {
            if let Err(error) = ready!(this.poll_answer(context)) {
                return this.end(error);
            }
            match this.reading.next(&*this.source) {
                Ok(Next::Give(Ok(row))) => return Poll::Ready(Some(Ok(row))),
                Ok(Next::Give(Err(record))) => {
                    let error = this.source.describe(Error::unreadable(record));
                    return Poll::Ready(Some(Err(error)));
                }
                Ok(Next::End) => this.ended = true,
                Ok(next) => this.request = this.request(next),
                Err(error) => {
                    let error = this.source.describe(error);
                    return this.end(error);
                }
            }
        }
        Poll::Ready(None)
    }
}

impl<T> fmt::Debug for RowStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowStream")
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}
