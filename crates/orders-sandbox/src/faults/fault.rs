//! The faults that an answer can have.

use std::fmt;
use std::time::Duration;

use super::altered;
use crate::rules::Rule;
use crate::vendor::Vendor;

/// A fault of an answer. The first eleven concern the answer as a whole. The last four are the content faults: they change
/// the orders in it.
///
/// A content fault changes what is served, not the data: [`crate::Sandbox::truth`] stays the same. The text served for
/// an order is [`Fault::altered`] of its text in the truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// HTTP 429 in the vendor's form. Documented: SHOPLINE's `{"errors":"Too many request"}`, Linkbest's status code.
    /// Inferred: Clink's. No vendor documents `Retry-After`.
    TooManyRequests {
        /// The header `Retry-After`, in seconds. None sends no such header.
        retry_after_seconds: Option<u64>,
    },
    /// HTTP 500 in the vendor's error form.
    InternalError,
    /// HTTP 503 in the vendor's error form.
    Unavailable,
    /// The connection is reset (TCP RST) before the first byte of an answer. The request has no effect.
    Reset,
    /// The correct answer, after a delay. Needs a Tokio runtime with its timer enabled.
    Slow(Duration),
    /// The correct answer with its full `Content-Length`, but the connection ends after half of the body.
    CutBody,
    /// HTTP 200 with a page of HTML.
    Html,
    /// HTTP 200 with a temporary error of the vendor. Clink: `code` 429 (inferred). Linkbest: `Status` 5001, network
    /// busy (documented; HTTP 200 is inferred). SHOPLINE: `errors` (inferred).
    ErrorCode,
    /// For a page after the first: the page that the same list returned last.
    DuplicatePage,
    /// For a page after the first: the first page.
    IgnorePage,
    /// The correct answer without its orders, as if there were none.
    EmptyPage,
    /// In each order, numbers become strings, and strings that are plain numbers become numbers, digit by digit.
    /// Booleans stay. A careful client reads the same order.
    ChangedTypes,
    /// In each order, the id and the total become objects. No client can read such an order.
    BrokenTypes,
    /// In each order, the status words are unknown ones. The rest stays, and the order can be read.
    UnknownWords,
    /// Each order, and each object inside it, has one additional unknown member.
    UnknownFields,
}

/// A [`Fault`], and the requests that it affects. The rule counts only requests on which the fault can show. Content
/// faults: requests to routes that return orders. [`Fault::IgnorePage`]: requests for a page after the first.
/// [`Fault::DuplicatePage`]: such requests to a list that has answered before. Requests to a path of no vendor never
/// count.
pub type FaultRule = Rule<Fault>;

impl Fault {
    /// Each fault once. The 429 has no `Retry-After`; the delay is 20 milliseconds.
    pub const ALL: [Self; 15] = [
        Self::TooManyRequests {
            retry_after_seconds: None,
        },
        Self::InternalError,
        Self::Unavailable,
        Self::Reset,
        Self::Slow(Duration::from_millis(20)),
        Self::CutBody,
        Self::Html,
        Self::ErrorCode,
        Self::DuplicatePage,
        Self::IgnorePage,
        Self::EmptyPage,
        Self::ChangedTypes,
        Self::BrokenTypes,
        Self::UnknownWords,
        Self::UnknownFields,
    ];

    /// Its name in the control routes and in [`crate::Sandbox::fired`]: `too_many_requests`, `cut_body`, ...
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::TooManyRequests { .. } => "too_many_requests",
            Self::InternalError => "internal_error",
            Self::Unavailable => "unavailable",
            Self::Reset => "reset",
            Self::Slow(_) => "slow",
            Self::CutBody => "cut_body",
            Self::Html => "html",
            Self::ErrorCode => "error_code",
            Self::DuplicatePage => "duplicate_page",
            Self::IgnorePage => "ignore_page",
            Self::EmptyPage => "empty_page",
            Self::ChangedTypes => "changed_types",
            Self::BrokenTypes => "broken_types",
            Self::UnknownWords => "unknown_words",
            Self::UnknownFields => "unknown_fields",
        }
    }

    /// Whether it changes the orders in an answer: true for the last four.
    #[must_use]
    pub const fn is_content(&self) -> bool {
        matches!(
            self,
            Self::ChangedTypes | Self::BrokenTypes | Self::UnknownWords | Self::UnknownFields
        )
    }

    /// Whether the client gets a whole answer of the vendor, correct or not.
    pub(crate) const fn gives_answer(&self) -> bool {
        let lies = matches!(
            self,
            Self::Slow(_) | Self::DuplicatePage | Self::IgnorePage | Self::EmptyPage
        );
        self.is_content() || lies
    }

    /// The text that a content fault serves for an order of the vendor. Other faults return the text unchanged. Every
    /// digit and every character of a string stays, and members keep their order. A text that is not a JSON object is
    /// returned unchanged.
    #[must_use]
    pub fn altered(&self, vendor: Vendor, order_json: &str) -> String {
        match self {
            Self::ChangedTypes => altered::changed_types(order_json),
            Self::BrokenTypes => altered::broken_types(vendor, order_json),
            Self::UnknownWords => altered::unknown_words(vendor, order_json),
            Self::UnknownFields => altered::unknown_fields(order_json),
            _ => order_json.to_owned(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
