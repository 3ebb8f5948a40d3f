//! Changes of an order after the start.

use std::error::Error;
use std::fmt;

use crate::vendor::Vendor;

/// A change of an order. Each vendor gives it its own meaning:
///
/// | | Clink | Linkbest | SHOPLINE |
/// |---|---|---|---|
/// | `Pay` | `success` | merchant's status 2 | `paid` |
/// | `Fail` | `failed` | | |
/// | `Ship` | | merchant's status 3 | `fulfilled`, one parcel more |
/// | `RefundPart` | `partial_refunded`, one refund more | | `partially_refunded`, one refund more |
/// | `Refund` | `refunded`, one refund more | merchant's status 9 | `refunded`, one refund more |
/// | `Cancel` | | | `cancelled` |
/// | `Archive` | | | hidden from lists that do not include archived orders |
/// | `Confirm` | | 1, with confirmed amounts | |
/// | `Settle` | | 2, with a settlement time | |
/// | `Invalidate` | | -1, with confirmed amounts of 0 | |
/// | `Edit` | | | one unit of the first product less, without a payment back |
/// | `Touch` | | only the update time | only `updated_at` |
/// | `Delete` | in no answer any more | in no answer any more | in no answer any more |
///
/// A change is refused where the cell is empty, and where the state of the order does not allow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Change {
    /// The buyer pays in full.
    Pay,
    /// The payment fails.
    Fail,
    /// The goods, or the rest of them, are shipped.
    Ship,
    /// A quarter of the total is refunded.
    RefundPart,
    /// The rest of the total is refunded.
    Refund,
    /// The order is cancelled.
    Cancel,
    /// The order is archived.
    Archive,
    /// The merchant confirms the commission.
    Confirm,
    /// The commission is settled.
    Settle,
    /// The commission is refused.
    Invalidate,
    /// One unit of the first product is taken out of the order.
    Edit,
    /// Something changes that no member of the order shows.
    Touch,
    /// The vendor has the order no more. Nothing is pushed.
    Delete,
}

impl Change {
    /// All changes.
    pub const ALL: [Self; 13] = [
        Self::Pay,
        Self::Fail,
        Self::Ship,
        Self::RefundPart,
        Self::Refund,
        Self::Cancel,
        Self::Archive,
        Self::Confirm,
        Self::Settle,
        Self::Invalidate,
        Self::Edit,
        Self::Touch,
        Self::Delete,
    ];

    /// Its word in the control routes: `pay`, `refund_part`, ...
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pay => "pay",
            Self::Fail => "fail",
            Self::Ship => "ship",
            Self::RefundPart => "refund_part",
            Self::Refund => "refund",
            Self::Cancel => "cancel",
            Self::Archive => "archive",
            Self::Confirm => "confirm",
            Self::Settle => "settle",
            Self::Invalidate => "invalidate",
            Self::Edit => "edit",
            Self::Touch => "touch",
            Self::Delete => "delete",
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Why a change was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChangeError {
    /// The vendor has no order of this id.
    UnknownOrder {
        /// The vendor.
        vendor: Vendor,
        /// The id as passed in.
        id: String,
    },
    /// The vendor has no such change, or the state of the order does not allow it.
    Impossible {
        /// The vendor.
        vendor: Vendor,
        /// The change that was requested.
        change: Change,
        /// The state of the order, in the vendor's word.
        status: String,
    },
}

impl fmt::Display for ChangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownOrder { vendor, id } => write!(f, "{vendor} has no order {id}"),
            Self::Impossible {
                vendor,
                change,
                status,
            } => write!(f, "{vendor}: an order that is {status} cannot {change}"),
        }
    }
}

impl Error for ChangeError {}

/// The effect of a change: the order's id as the vendor's pushes name it, and the events it causes, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Changed {
    pub(crate) id: String,
    pub(crate) events: Vec<&'static str>,
}

impl Changed {
    /// A change that is not pushed.
    pub(crate) fn unpushed(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            events: Vec::new(),
        }
    }
}
