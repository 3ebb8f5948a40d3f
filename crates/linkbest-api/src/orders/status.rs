//! The vendor's words, each with its documented meaning.

use orders_core::TimeAxis;
use orders_wire::open_enum;

open_enum! {
    /// Where the commission of an order stands at Linkbest (`Status` of an order, and the filter of a query).
    /// Documented: <https://developers.linkbest.com/partner-integration/apis/109>.
    pub enum OrderStatus {
        /// Invalid: there is no commission.
        Invalid = "-1",
        /// Unconfirmed: the amounts are estimates.
        Unconfirmed = "0",
        /// Confirmed, not yet settled.
        Confirmed = "1",
        /// Settled.
        Settled = "2",
    }
}

open_enum! {
    /// The merchant's own status of one order detail, translated by Linkbest (`LbOrderStatus`). It is about the goods
    /// and the buyer's payment, has nothing to do with [`OrderStatus`], and there is no word `0`. Documented.
    pub enum LbOrderStatus {
        /// Unknown to Linkbest.
        UnknownToLinkbest = "-1",
        /// Waiting for the buyer's payment.
        PendingPayment = "1",
        /// Paid.
        Paid = "2",
        /// The merchant works on it.
        Processing = "21",
        /// Shipped.
        Shipped = "3",
        /// On its way.
        InTransit = "31",
        /// The buyer refused the parcel.
        Rejected = "32",
        /// The buyer received it.
        Received = "4",
        /// The merchant is settling it.
        SettlementInProgress = "41",
        /// Settled by the merchant.
        Settled = "5",
        /// Invalid.
        Invalid = "6",
        /// Completed.
        Completed = "7",
        /// In dispute.
        InDispute = "8",
        /// The dispute was resolved.
        DisputeResolved = "81",
        /// The dispute failed.
        DisputeFailed = "82",
        /// Refunded.
        Refunded = "9",
        /// Returned.
        Returned = "10",
        /// Locked by the system.
        SystemLocked = "11",
    }
}

/// Which time of an order a window is about. Closed: the vendor may read an unknown word as the default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OrderField {
    /// When the order last changed. The vendor's default; the time itself is in no field of an order.
    #[default]
    UpdateTime,
    /// When the commission was settled.
    ChargeTime,
    /// When the order was placed; spelt `OrderDatatime` by the vendor.
    OrderDatatime,
}

impl OrderField {
    /// The vendor's word, as the vendor spells it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UpdateTime => "UpdateTime",
            Self::ChargeTime => "ChargeTime",
            Self::OrderDatatime => "OrderDatatime",
        }
    }

    /// The field of a time axis; `None` where Linkbest has none.
    #[must_use]
    pub fn of(axis: TimeAxis) -> Option<Self> {
        match axis {
            TimeAxis::Updated => Some(Self::UpdateTime),
            TimeAxis::Settled => Some(Self::ChargeTime),
            TimeAxis::Created => Some(Self::OrderDatatime),
            _ => None,
        }
    }

    /// The time axis of the field.
    #[must_use]
    pub fn axis(self) -> TimeAxis {
        match self {
            Self::UpdateTime => TimeAxis::Updated,
            Self::ChargeTime => TimeAxis::Settled,
            Self::OrderDatatime => TimeAxis::Created,
        }
    }
}
