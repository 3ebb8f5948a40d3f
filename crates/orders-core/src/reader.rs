//! Reading one slice to its end, whatever its walk: the one engine under every stream and every pull.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use async_trait::async_trait;

use crate::{
    Cursor, Error, ErrorKind, Limits, Order, OrderSource, Page, Slice, Verdict, Walk, WindowWalker,
};

/// No slice has more answers than this: a loop that the other guards did not see ends here.
const MAX_ANSWERS: u64 = 1_000_000;
/// For how many windows (or pages of a cursor) a row is remembered where the walk is not a pass: edges that overlap by
/// a second reach no further, even in windows of a second.
const REMEMBERED: u64 = 8;
/// How often a pass is begun before it counts as incomplete.
const MAX_PASSES: u32 = 5;

/// Something that answers pages of `T`: an [`OrderSource`], or a vendor's client with its own order type.
#[async_trait]
pub trait PageSource<T: Send>: Send + Sync {
    /// One page of a slice: the first, or the one at `cursor`.
    ///
    /// # Errors
    /// What the vendor failed with.
    async fn read_page(&self, slice: &Slice, cursor: Option<&Cursor>) -> Result<Page<T>, Error>;

    /// The bounds of the windows of a [`Walk::Windows`] slice.
    fn window_limits(&self) -> Limits;

    /// The identity and the content of a row.
    fn key(&self, row: &T) -> RowKey;

    /// Adds to an error of the reader what the source knows of itself.
    fn describe(&self, error: Error) -> Error {
        error
    }
}

#[async_trait]
impl<S: OrderSource + ?Sized> PageSource<Order> for S {
    async fn read_page(&self, slice: &Slice, cursor: Option<&Cursor>) -> Result<Page, Error> {
        self.page(slice, cursor).await
    }

    fn window_limits(&self) -> Limits {
        self.capabilities().windows
    }

    fn key(&self, order: &Order) -> RowKey {
        RowKey::new(&order.id, &order.raw)
    }

    fn describe(&self, error: Error) -> Error {
        error.prefixed(&format!("{}: ", self.account()))
    }
}

/// Which row it is, and which version of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RowKey {
    id: u64,
    content: u64,
}

impl RowKey {
    /// The key of a row with this id and this raw text. A row without an id is known by its text.
    #[must_use]
    pub fn new(id: &str, raw: &[u8]) -> Self {
        let content = hash(raw);
        let id = if id.is_empty() { content } else { hash(id) };
        Self { id, content }
    }
}

fn hash(value: impl Hash) -> u64 {
    // The default keys: the same rows hash the same in every run.
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Reads a slice page by page: halves windows that come back full, follows cursors, gives each version of a row
/// once, and ends.
///
/// - [`Walk::Windows`]: no window is left before it fitted one page (or was paged to its end at one second). A window
///   that is full, cannot be split and has no further page is [`Incomplete`](ErrorKind::Incomplete).
/// - [`Walk::Pages`]: a pass is only over when as many distinct rows were seen as the vendor says there are; else it
///   is read again (rows moved between pages), and at last reported as [`Incomplete`](ErrorKind::Incomplete). Where
///   the vendor's total shrinks, a row has vanished and another may have been stepped over: counting starts anew.
///   Assumed: no row vanishes while another appears between the same two answers, which no total can show.
/// - [`Walk::Cursor`]: ends when the vendor gives no further cursor.
///
/// A cursor or a page that comes twice in a row is [`Stalled`](ErrorKind::Stalled). After an error of the source,
/// calling [`next_page`](Self::next_page) again asks for the same page again; after the reader's own errors it ends.
#[derive(Debug)]
pub struct PageReader<S, T> {
    source: S,
    slice: Slice,
    walker: Option<WindowWalker>,
    cursor: Option<Cursor>,
    used_cursors: HashSet<u64>,
    last_page: Option<u64>,
    window_rows: usize,
    windows: u64,
    seen: HashMap<u64, Seen>,
    counted: u64,
    epoch: u64,
    answers: u64,
    passes: u32,
    total: Option<u64>,
    done: bool,
    /// The reader's own error, told after the page that was good.
    failed: Option<Error>,
    rows: std::marker::PhantomData<fn() -> T>,
}

impl<'a, S: PageSource<T> + ?Sized, T: Send> PageReader<&'a S, T> {
    /// A reader that borrows its source, at the beginning of a slice.
    #[must_use]
    pub fn new(source: &'a S, slice: Slice) -> Self {
        Self::owned(source, slice)
    }
}

/// Which version of a row was given, and when it was last seen: at which answer, or in which epoch of a pass.
#[derive(Clone, Copy, Debug)]
struct Seen {
    content: u64,
    at: u64,
}

/// Lets a reader borrow its source or own it.
pub trait Reads<T: Send>: Send + Sync {
    /// What is read from.
    type Source: PageSource<T> + ?Sized;
    /// The source.
    fn source(&self) -> &Self::Source;
}

impl<T: Send, S: PageSource<T> + ?Sized> Reads<T> for &S {
    type Source = S;
    fn source(&self) -> &S {
        self
    }
}

impl<T: Send, S: PageSource<T> + ?Sized> Reads<T> for std::sync::Arc<S> {
    type Source = S;
    fn source(&self) -> &S {
        self
    }
}

impl<S: Reads<T>, T: Send> PageReader<S, T> {
    /// A reader at the beginning of a slice, over a borrowed source or an `Arc` of one.
    #[must_use]
    pub fn owned(source: S, slice: Slice) -> Self {
        let walker = match (slice.walk, slice.window) {
            (Walk::Windows, Some(window)) => {
                Some(WindowWalker::new(window, source.source().window_limits()))
            }
            _ => None,
        };
        Self {
            source,
            slice,
            walker,
            cursor: None,
            used_cursors: HashSet::new(),
            last_page: None,
            window_rows: 0,
            windows: 0,
            seen: HashMap::new(),
            counted: 0,
            epoch: 0,
            answers: 0,
            passes: 1,
            total: None,
            done: false,
            failed: None,
            rows: std::marker::PhantomData,
        }
    }

    /// How many orders the vendor last said there are, where it does.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// The next page, with the rows not given before (possibly none); `None` at the end of the slice.
    ///
    /// # Errors
    /// What the source failed with; `Stalled` where it goes in circles; `Incomplete` where rows are missing.
    pub async fn next_page(&mut self) -> Option<Result<Page<T>, Error>> {
        if let Some(error) = self.failed.take() {
            self.done = true;
            return Some(Err(error));
        }
        while let Some(slice) = self.current() {
            let page = self
                .source
                .source()
                .read_page(&slice, self.cursor.as_ref())
                .await;
            let taken = match page {
                Ok(page) => self.take(page),
                Err(error) => return Some(Err(error)),
            };
            match taken {
                Ok(Some(page)) => return Some(Ok(page)),
                Ok(None) => {}
                Err(error) => {
                    self.done = true;
                    return Some(Err(error));
                }
            }
        }
        None
    }

    /// What to ask now: the walker's window, or the slice as it is.
    fn current(&self) -> Option<Slice> {
        match (&self.walker, self.done) {
            (_, true) => None,
            (Some(walker), _) => walker.next_window().map(|window| self.slice.over(window)),
            (None, _) => Some(self.slice.clone()),
        }
    }

    /// Moves on behind an answer; `None` where its rows will come again in smaller windows.
    fn take(&mut self, mut page: Page<T>) -> Result<Option<Page<T>>, Error> {
        self.answers += 1;
        if self.answers > MAX_ANSWERS {
            return Err(self.stalled(format!("more than {MAX_ANSWERS} pages in one slice")));
        }
        self.note_total(page.total);
        if self.must_split(&page) {
            return Ok(None);
        }
        self.refuse_same_page(&page)?;
        self.window_rows += page.orders.len();
        self.forget();
        let mut keys = page
            .orders
            .iter()
            .map(|row| self.source.source().key(row))
            .collect::<Vec<_>>()
            .into_iter();
        page.orders
            .retain(|_| keys.next().is_none_or(|key| self.is_new(key)));
        let unread =
            self.walker.is_some() && self.cursor.is_none() && page.full && page.next.is_none();
        self.failed = if unread {
            Some(self.unread())
        } else {
            self.advance(page.next.clone()).err()
        };
        Ok(Some(page))
    }

    /// Whether the window must be asked again in smaller pieces.
    fn must_split(&mut self, page: &Page<T>) -> bool {
        let Some(walker) = self.walker.as_mut().filter(|_| self.cursor.is_none()) else {
            return false;
        };
        let splittable = walker
            .next_window()
            .is_some_and(|window| window.split().is_some());
        page.full && splittable && walker.answered(page.orders.len(), true) == Verdict::Smaller
    }

    /// A vendor that ignores the page parameter answers the same page for ever.
    fn refuse_same_page(&mut self, page: &Page<T>) -> Result<(), Error> {
        let source = self.source.source();
        let content = page
            .orders
            .iter()
            .map(|row| source.key(row))
            .collect::<Vec<_>>();
        let content = (!content.is_empty()).then(|| hash(content));
        if self.cursor.is_some() && content.is_some() && content == self.last_page {
            return Err(self.stalled("the vendor answered the same page twice".to_owned()));
        }
        self.last_page = content;
        Ok(())
    }

    /// A total that shrinks means that a row vanished: what was counted so far proves nothing any more.
    fn note_total(&mut self, total: Option<u64>) {
        let Some(now) = total else { return };
        if self.slice.walk == Walk::Pages && self.total.is_some_and(|before| now < before) {
            self.epoch += 1;
            self.counted = 0;
        }
        self.total = Some(now);
    }

    fn advance(&mut self, next: Option<Cursor>) -> Result<(), Error> {
        // A pass that is read again may end as soon as nothing is missing.
        if self.passes > 1 && self.total.is_some_and(|total| self.counted >= total) {
            self.done = true;
            return Ok(());
        }
        if let Some(next) = next {
            if !self.used_cursors.insert(hash(next.as_str())) {
                return Err(self.stalled("the vendor gave the same cursor twice".to_owned()));
            }
            self.cursor = Some(next);
            return Ok(());
        }
        self.cursor = None;
        self.used_cursors.clear();
        if let Some(walker) = &mut self.walker {
            walker.answered(self.window_rows, false);
            self.window_rows = 0;
            self.windows += 1;
            return Ok(());
        }
        self.end_pass()
    }

    /// A pass ends when all rows were seen; else it is read again.
    fn end_pass(&mut self) -> Result<(), Error> {
        let total = self.total.filter(|_| self.slice.walk == Walk::Pages);
        let missing = total.is_some_and(|total| self.counted < total);
        if !missing {
            self.done = true;
        } else if self.passes < MAX_PASSES {
            self.passes += 1;
            self.last_page = None;
        } else {
            let message = format!(
                "the vendor says there are {} orders, {} were found in {MAX_PASSES} passes",
                total.unwrap_or_default(),
                self.counted
            );
            let error = Error::new(ErrorKind::Incomplete, message)
                .with_hint("orders moved between pages while they were read: run again");
            return Err(self.source.source().describe(error));
        }
        Ok(())
    }

    /// Whether this version of the row was not given yet; notes that it was seen now.
    fn is_new(&mut self, key: RowKey) -> bool {
        let at = match self.slice.walk {
            Walk::Pages => self.epoch,
            Walk::Windows => self.windows,
            Walk::Cursor => self.answers,
        };
        let seen = Seen {
            content: key.content,
            at,
        };
        let before = self.seen.insert(key.id, seen);
        if before.is_none_or(|before| before.at != at) {
            self.counted += 1;
        }
        before.is_none_or(|before| before.content != key.content)
    }

    /// Forgets rows that no overlapping edge can bring again. A pass remembers all: its end is proven by counting.
    fn forget(&mut self) {
        let now = match self.slice.walk {
            Walk::Pages => return,
            Walk::Windows => self.windows,
            Walk::Cursor => self.answers,
        };
        if self.answers.is_multiple_of(REMEMBERED) {
            self.seen.retain(|_, seen| seen.at + REMEMBERED > now);
        }
    }

    fn unread(&self) -> Error {
        let message = "a window of one second holds more orders than one page, and the vendor gives no second one";
        self.source
            .source()
            .describe(Error::new(ErrorKind::Incomplete, message))
    }

    fn stalled(&self, message: String) -> Error {
        let error = Error::new(ErrorKind::Stalled, message).with_hint(
            "stopped here so as not to loop; what was read before is complete up to this page",
        );
        self.source.source().describe(error)
    }
}
