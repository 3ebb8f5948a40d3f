//! Pieces of work, and places inside them.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// Which of an order's times a window is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TimeAxis {
    /// When the order was placed.
    Created,
    /// When the vendor last changed it.
    Updated,
    /// When its commission was settled.
    Settled,
}

/// A half-open span of time, `from <= t < to`, in UTC.
///
/// ```
/// use chrono::DateTime;
/// use orders_core::Window;
///
/// let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap_or_default();
/// let day = Window::new(at(0), at(86_400)).ok_or("empty")?;
/// // The next day begins where this one ends: no instant is in both.
/// assert!(day.contains(at(0)) && !day.contains(at(86_400)));
/// assert_eq!(Window::new(at(5), at(5)), None);
/// let (early, late) = day.split().ok_or("too short")?;
/// assert_eq!((early.to, late.to), (at(43_200), at(86_400)));
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Window {
    /// The first instant inside.
    pub from: DateTime<Utc>,
    /// The first instant after.
    pub to: DateTime<Utc>,
}

impl Window {
    /// The window `from <= t < to`; `None` where it would be empty or backwards.
    #[must_use]
    pub fn new(from: DateTime<Utc>, to: DateTime<Utc>) -> Option<Self> {
        (from < to).then_some(Self { from, to })
    }

    /// Its length.
    #[must_use]
    pub fn length(&self) -> TimeDelta {
        self.to - self.from
    }

    /// Whether an instant lies inside.
    #[must_use]
    pub fn contains(&self, at: DateTime<Utc>) -> bool {
        self.from <= at && at < self.to
    }

    /// Two windows that together are this one, cut at a whole second; `None` at one second or less.
    #[must_use]
    pub fn split(&self) -> Option<(Self, Self)> {
        let half = self.length().num_seconds() / 2;
        let middle = self.from + TimeDelta::seconds(half);
        if half < 1 || middle >= self.to {
            return None;
        }
        let (from, to) = (self.from, self.to);
        Some((Self { from, to: middle }, Self { from: middle, to }))
    }

    /// The window with both edges moved outwards, for vendors whose edges are not documented. An edge at the end of
    /// all time stays.
    #[must_use]
    pub fn widened(&self, by: TimeDelta) -> Self {
        Self {
            from: self.from.checked_sub_signed(by).unwrap_or(self.from),
            to: self.to.checked_add_signed(by).unwrap_or(self.to),
        }
    }
}

/// How a slice is read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Walk {
    /// In windows that must each fit one page; a page that comes back
    /// full means: split.
    Windows,
    /// By page number over one pass; rows can move between pages while it runs.
    Pages,
    /// By the vendor's own cursor.
    Cursor,
}

/// The bounds of the windows that a walk over windows requests, in whole seconds and rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Limits {
    /// The longest window that the vendor answers, in seconds (at least 1).
    pub longest: u32,
    /// How many rows fit one page (at least 1).
    pub page_rows: u32,
}

impl Limits {
    /// Windows of at most `longest` seconds, whose pages hold at most `page_rows` rows.
    #[must_use]
    pub const fn new(longest: u32, page_rows: u32) -> Self {
        Self { longest, page_rows }
    }
}

impl Default for Limits {
    /// A day, and a hundred rows.
    fn default() -> Self {
        Self::new(86_400, 100)
    }
}

/// A piece of work that the vendor can answer and one worker can own.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Slice {
    /// How it is read to its end.
    pub walk: Walk,
    /// The time axis of the window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub axis: Option<TimeAxis>,
    /// The span of time on that axis; `None`: all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    /// The partition (a SHOPLINE customer); `None`: all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partition: Option<String>,
}

impl Slice {
    /// Everything, by the given walk.
    #[must_use]
    pub fn everything(walk: Walk) -> Self {
        Self {
            walk,
            axis: None,
            window: None,
            partition: None,
        }
    }

    /// One pass over everything, by page number.
    #[must_use]
    pub fn pass() -> Self {
        Self::everything(Walk::Pages)
    }

    /// One partition, by cursor.
    #[must_use]
    pub fn partition(partition: impl Into<String>) -> Self {
        Self::everything(Walk::Cursor).with_partition(partition)
    }

    /// A window on a time axis.
    #[must_use]
    pub fn window(walk: Walk, axis: TimeAxis, window: Window) -> Self {
        Self {
            axis: Some(axis),
            window: Some(window),
            ..Self::everything(walk)
        }
    }

    /// The same slice of one partition.
    #[must_use]
    pub fn with_partition(mut self, partition: impl Into<String>) -> Self {
        self.partition = Some(partition.into());
        self
    }

    /// The same slice over another window.
    #[must_use]
    pub fn over(&self, window: Window) -> Self {
        Self {
            window: Some(window),
            ..self.clone()
        }
    }

    /// Two slices that together are this one; `None` where it has no window, or one of a second or less.
    #[must_use]
    pub fn split(&self) -> Option<(Self, Self)> {
        let (early, late) = self.window?.split()?;
        Some((self.over(early), self.over(late)))
    }
}

/// A place inside a slice, or inside the list of slices. Opaque to everyone but the source that made it, and
/// serialisable, so that another process can resume from it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(String);

impl Cursor {
    /// A cursor of the source's own making.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text that the source put in.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn a_window_is_half_open_and_never_empty() {
        let window = Window::new(at(10), at(20)).unwrap();
        assert!(window.contains(at(10)) && !window.contains(at(20)));
        assert_eq!(Window::new(at(10), at(10)), None);
        assert_eq!(Window::new(at(10), at(9)), None);
    }

    #[test]
    fn halves_join_to_the_whole() {
        for length in 2..100 {
            let whole = Window::new(at(7), at(7 + length)).unwrap();
            let (early, late) = whole.split().unwrap();
            assert_eq!(
                (early.from, early.to, late.to),
                (whole.from, late.from, whole.to)
            );
        }
        assert_eq!(Window::new(at(7), at(8)).unwrap().split(), None);
        assert_eq!(Slice::pass().split(), None);
    }

    #[test]
    fn a_slice_survives_a_restart() {
        let window = Window::new(at(0), at(86_400)).unwrap();
        let slice = Slice::window(Walk::Windows, TimeAxis::Updated, window);
        let json = serde_json::to_string(&slice).unwrap();
        assert_eq!(
            json,
            r#"{"walk":"windows","axis":"updated","window":{"from":"1970-01-01T00:00:00Z","to":"1970-01-02T00:00:00Z"}}"#
        );
        assert_eq!(serde_json::from_str::<Slice>(&json).unwrap(), slice);
    }
}
