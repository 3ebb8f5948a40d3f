//! The topics of events.

orders_wire::open_enum! {
    /// What happened. The vendor's topics around orders and their money, and those about personal data; others stay
    /// `Unknown`.
    pub enum Topic {
        /// An order was placed.
        OrdersCreate = "orders/create",
        /// An order was changed. (The vendor's overview page also spells it `orders/update`, which is wrong.)
        OrdersUpdated = "orders/updated",
        /// The lines of an order were edited.
        OrdersEdited = "orders/edited",
        /// An order was paid.
        OrdersPaid = "orders/paid",
        /// An order was cancelled.
        OrdersCancelled = "orders/cancelled",
        /// An order was deleted.
        OrdersDelete = "orders/delete",
        /// All goods of an order were sent.
        OrdersFulfilled = "orders/fulfilled",
        /// A part of the goods was sent.
        OrdersPartiallyFulfilled = "orders/partially_fulfilled",
        /// A payment slip was made; it names neither order nor address.
        OrderTransactionsCreate = "order_transactions/create",
        /// A refund was made.
        RefundsCreate = "refunds/create",
        /// A refund was changed.
        RefundsUpdate = "refunds/update",
        /// A parcel was made.
        FulfillmentsCreate = "fulfillments/create",
        /// A parcel was changed.
        FulfillmentsUpdate = "fulfillments/update",
        /// A draft order was made.
        DraftOrdersCreate = "draft_orders/create",
        /// A draft order was deleted.
        DraftOrdersDelete = "draft_orders/delete",
        /// A return was made.
        ReturnCreate = "return/create",
        /// A return was changed.
        ReturnUpdate = "return/update",
        /// The parcel of a return was made.
        ReturnPackageCreate = "return_package/create",
        /// The parcel of a return was changed.
        ReturnPackageUpdate = "return_package/update",
        /// A dispute of SHOPLINE Payments began (since November 2025).
        PaymentsCreate = "payments/create",
        /// A dispute of SHOPLINE Payments changed (since November 2025).
        PaymentsUpdate = "payments/update",
        /// An order was attributed to what led the buyer to the store.
        OrderAttributionCreate = "order_attribution/create",
        /// The same of an order that was not placed.
        AbandonedOrderAttributionCreate = "abandoned_order_attribution/create",
        /// A customer was made.
        CustomersCreate = "customers/create",
        /// A customer was changed.
        CustomersUpdate = "customers/update",
        /// A customer was deleted.
        CustomersDelete = "customers/delete",
        /// A customer was enabled.
        CustomersEnable = "customers/enable",
        /// A customer was disabled.
        CustomersDisable = "customers/disable",
        /// The personal data of a customer is to be erased. Every public app has to take it.
        CustomersRedact = "customers/redact",
        /// The data of a store is to be erased: the app was uninstalled 48 hours ago. Every public app has to take it.
        MerchantsRedact = "merchants/redact",
    }
}

impl Topic {
    /// The resource that the topic is about: the word before the slash (`orders`, `refunds`, ...).
    #[must_use]
    pub fn resource(&self) -> &str {
        self.as_str().split('/').next().unwrap_or_default()
    }
}
