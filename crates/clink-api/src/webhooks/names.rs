//! The names of events.

orders_wire::open_enum! {
    /// What happened. The 44 documented names, and one that the vendor's notes for paying agents have; spelling differs on purpose (`session.complete`, `cancelled`,
    /// `plan_change_canceled`).
    pub enum EventName {
        /// An order was made.
        OrderCreated = "order.created",
        /// The buyer has to do something before an order can be paid.
        OrderNextAction = "order.next_action",
        /// An order was paid. The vendor describes a reply: see [`OrderSucceededReply`](super::OrderSucceededReply).
        OrderSucceeded = "order.succeeded",
        /// The payment of an order failed.
        OrderFailed = "order.failed",
        /// A checkout session was completed.
        SessionComplete = "session.complete",
        /// A checkout session ran out.
        SessionExpired = "session.expired",
        /// A refund was requested.
        RefundCreated = "refund.created",
        /// A refund was paid back.
        RefundSucceeded = "refund.succeeded",
        /// A refund failed.
        RefundFailed = "refund.failed",
        /// A subscription was made.
        SubscriptionCreated = "subscription.created",
        /// A subscription began its trial.
        SubscriptionTrialing = "subscription.trialing",
        /// A subscription became active.
        SubscriptionActivated = "subscription.activated",
        /// A subscription ran out before it was paid.
        SubscriptionIncompleteExpired = "subscription.incomplete_expired",
        /// A charge of a subscription is overdue.
        SubscriptionPastDue = "subscription.past_due",
        /// A subscription was cancelled.
        SubscriptionCancelled = "subscription.cancelled",
        /// The plan of a subscription was changed.
        SubscriptionPlanChanged = "subscription.updated.plan_changed",
        /// A planned change of the plan was called off.
        SubscriptionPlanChangeCanceled = "subscription.updated.plan_change_canceled",
        /// A subscription was renewed.
        SubscriptionRenewed = "subscription.updated.renewed",
        /// A subscription is to end with its period.
        SubscriptionCancelAtPeriodEndSet = "subscription.updated.cancel_at_period_end_set",
        /// A subscription continues after all.
        SubscriptionCancelAtPeriodEndRevoked = "subscription.updated.cancel_at_period_end_revoked",
        /// An invoice was opened.
        InvoiceOpen = "invoice.open",
        /// An invoice was paid.
        InvoicePaid = "invoice.paid",
        /// An invoice was voided.
        InvoiceVoid = "invoice.void",
        /// A dispute began.
        DisputeCreated = "dispute.created",
        /// A dispute changed.
        DisputeUpdated = "dispute.updated",
        /// A dispute was won; `dispute.closed` follows.
        DisputeWon = "dispute.won",
        /// A dispute was lost; `dispute.closed` follows.
        DisputeLost = "dispute.lost",
        /// A dispute was closed.
        DisputeClosed = "dispute.closed",
        /// A customer is to be verified.
        CustomerVerify = "customer.verify",
        /// A payment method was added.
        PaymentMethodAdded = "payment_method.added",
        /// Another payment method became the default.
        PaymentMethodDefaultChange = "payment_method.default_change",
        /// A payment method was changed.
        PaymentMethodUpdate = "payment_method.update",
        /// A payment method was changed, as the vendor's notes for paying agents spell it; which of the two is sent is not
        /// known.
        PaymentMethodUpdated = "payment_method.updated",
        /// A risk rule was changed.
        RiskRuleUpdated = "risk_rule.updated",
        /// An agent's order was paid.
        AgentOrderSucceeded = "agent_order.succeeded",
        /// The payment of an agent's order failed.
        AgentOrderFailed = "agent_order.failed",
        /// A refund of an agent's order was paid back.
        AgentRefundSucceeded = "agent_refund.succeeded",
        /// A refund of an agent's order failed.
        AgentRefundFailed = "agent_refund.failed",
        /// A refund of an agent's order was approved.
        AgentRefundApproved = "agent_refund.approved",
        /// A refund of an agent's order was rejected.
        AgentRefundRejected = "agent_refund.rejected",
        /// A purchase instruction was made.
        PurchaseInstructionCreated = "purchase_instruction.created",
        /// A purchase instruction became active.
        PurchaseInstructionActivated = "purchase_instruction.activated",
        /// A purchase instruction was changed.
        PurchaseInstructionUpdated = "purchase_instruction.updated",
        /// A purchase instruction was cancelled.
        PurchaseInstructionCancelled = "purchase_instruction.cancelled",
        /// A device was bound to a card.
        VicDeviceBindingSucceeded = "vic_device.binding_succeeded",
    }
}

impl EventName {
    /// The resource that the event is about: the word before the first dot (`order`, `refund`, ...).
    #[must_use]
    pub fn resource(&self) -> &str {
        self.as_str().split('.').next().unwrap_or_default()
    }
}
