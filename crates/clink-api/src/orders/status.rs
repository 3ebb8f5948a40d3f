//! The vendor's words.

orders_wire::open_enum! {
    /// Where an order stands. Documented in the vendor's specification; the list page's sample leaves the field out.
    pub enum OrderStatus {
        /// The order exists, no payment was tried (recorded in webhook fixtures, outside the documented words).
        Created = "created",
        /// The payment is under way.
        Pending = "pending",
        /// The buyer has to do something first.
        RequiresAction = "requires_action",
        /// The payment succeeded. It can still be refunded.
        Success = "success",
        /// The payment failed; see [`Order::failure_code`](crate::Order::failure_code).
        Failed = "failed",
        /// A part of the amount was paid back.
        PartialRefunded = "partial_refunded",
        /// The whole amount was paid back.
        Refunded = "refunded",
    }
}

orders_wire::open_enum! {
    /// Whether an order is one charge of a subscription. Documented in the vendor's specification.
    pub enum OrderType {
        /// A charge of a subscription.
        Recurring = "recurring",
        /// A one-time payment.
        Onetime = "onetime",
    }
}
