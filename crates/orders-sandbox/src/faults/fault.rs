//! What can go wrong with an answer.

use std::fmt;
use std::time::Duration;

use super::altered;
use crate::rules::Rule;
use crate::vendor::Vendor;

/// Something that goes wrong with an answer. The first ten concern the answer as a whole; the last four, the content
/// faults, what stands in it.
///
/// A content fault changes what is served, never what is held: [`crate::Sandbox::truth`] stays as it was. What was served
/// instead of an order is [`Fault::altered`] of the order's text in the truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// HTTP 429 as the vendor says it. SHOPLINE's `{"errors":"Too many request"}` is documented, Linkbest's status code too,
    /// Clink's is inferred. No vendor documents `Retry-After`.
    TooManyRequests {
        /// The header `Retry-After`, in seconds; none for no such header.
        retry_after_seconds: Option<u64>,
    },
    /// HTTP 500 in the vendor's shape of an error.
    InternalError,
    /// HTTP 503 in the vendor's shape of an error.
    Unavailable,
    /// The connection is reset (TCP RST) before the first byte of an answer. The request is not answered at all.
    Reset,
    /// The answer is right, but comes later. Needs a Tokio runtime with its timer enabled.
    Slow(Duration),
    /// The right answer with its full `Content-Length`, but the connection ends after half of the body.
    CutBody,
    /// HTTP 200 with a page of HTML.
    Html,
    /// HTTP 200 with an error of the vendor that may be gone at the next attempt: Clink's `code` 429 (inferred), Linkbest's
    /// `Status` 5001, network busy (documented; that it comes under HTTP 200 is inferred), SHOPLINE's `errors` (inferred).
    ErrorCode,
    /// Instead of a page after the first, the page that the same list answered last.
    DuplicatePage,
    /// Instead of a page after the first, the first.
    IgnorePage,
    /// In each order, numbers stand as texts, and texts that are plain numbers stand as numbers, digit by digit. Booleans
    /// stay. A careful client reads the same order.
    ChangedTypes,
    /// In each order, an object stands where its id and its total belong. No client can read it.
    BrokenTypes,
    /// In each order, its status words are ones that nobody knows. The rest stays, and the order can be read.
    UnknownWords,
    /// In each order, and in each object inside of it, there is one member more that nobody knows.
    UnknownFields,
}

/// A [`Fault`], and the requests that it affects. It counts only requests on which the fault can show: for the four content
/// faults those to routes that return orders, for [`Fault::IgnorePage`] those for a page after the first, and for
/// [`Fault::DuplicatePage`] such of these whose list has answered before. A route of no vendor never counts.
pub type FaultRule = Rule<Fault>;

impl Fault {
    /// Each fault once: 429 without `Retry-After`, slow by 20 milliseconds.
    pub const ALL: [Self; 14] = [
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
        Self::ChangedTypes,
        Self::BrokenTypes,
        Self::UnknownWords,
        Self::UnknownFields,
    ];

    /// Its word in the control routes and in [`crate::Sandbox::fired`]: `too_many_requests`, `cut_body`, ...
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
            Self::ChangedTypes => "changed_types",
            Self::BrokenTypes => "broken_types",
            Self::UnknownWords => "unknown_words",
            Self::UnknownFields => "unknown_fields",
        }
    }

    /// Whether it changes what stands in orders: true for the last four.
    #[must_use]
    pub const fn is_content(&self) -> bool {
        matches!(
            self,
            Self::ChangedTypes | Self::BrokenTypes | Self::UnknownWords | Self::UnknownFields
        )
    }

    /// Whether a whole answer of the vendor comes, be it the right one or not.
    pub(crate) const fn gives_answer(&self) -> bool {
        self.is_content() || matches!(self, Self::Slow(_) | Self::DuplicatePage | Self::IgnorePage)
    }

    /// The text that is served instead of an order of the vendor, under a content fault; under any other the same text.
    /// The digits of every number and the characters of every text stay as they are, and members keep their order. A text
    /// that is no JSON object comes back as it is.
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
