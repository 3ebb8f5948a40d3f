//! The words of SHOPLINE Payments. All documented, none recorded.

use orders_wire::open_enum;

open_enum! {
    /// What kind of movement a transaction is.
    pub enum StoreTransactionType {
        /// The buyer paid.
        Payment = "PAYMENT",
        /// The buyer was paid back.
        Refund = "REFUND",
        /// The buyer's bank asks for the money.
        Dispute = "DISPUTE",
    }
}

open_enum! {
    /// Where a transaction stands. Payments, refunds and disputes have words of their own.
    pub enum StoreTransactionStatus {
        /// It was made.
        Created = "CREATED",
        /// The buyer has to do something.
        CustomerAction = "CUSTOMER_ACTION",
        /// It is under way.
        Processing = "PROCESSING",
        /// The money moved.
        Succeeded = "SUCCEEDED",
        /// No money moved.
        Failed = "FAILED",
        /// Called off, as v20260301 spells it. Of a dispute: tends to be won.
        Cancelled = "CANCELLED",
        /// Called off, as v20260601 spells it.
        Canceled = "CANCELED",
        /// It ran out. Of a dispute: tends to be lost.
        Expired = "EXPIRED",
        /// The time of a dispute ran out at SHOPLINE Payments: tends to be lost.
        SlpExpired = "SLP_EXPIRED",
        /// A dispute waits for the seller's evidence.
        EvidenceRequired = "EVIDENCE_REQUIRED",
        /// The evidence came back to be completed.
        EvidenceReturned = "EVIDENCE_RETURNED",
        /// The seller handed evidence in.
        MerchantSubmitted = "MERCHANT_SUBMITTED",
        /// The evidence is looked at.
        EvidenceUnderReview = "EVIDENCE_UNDER_REVIEW",
        /// A dispute ended, its outcome is still open.
        Resolved = "RESOLVED",
        /// The seller won a dispute.
        Won = "WON",
        /// The seller lost a dispute.
        Lost = "LOST",
        /// A dispute was accepted: lost.
        Accepted = "ACCEPTED",
        /// The seller accepted a dispute: lost.
        MerchantAccepted = "MERCHANT_ACCEPTED",
        /// A dispute before a chargeback began.
        PreChargebackCreated = "PRE_CHARGEBACK_CREATED",
        /// It is being accepted.
        PreChargebackInAccept = "PRE_CHARGEBACK_IN_ACCEPT",
        /// It is being rejected.
        PreChargebackInReject = "PRE_CHARGEBACK_IN_REJECT",
        /// It is running out.
        PreChargebackInExpire = "PRE_CHARGEBACK_IN_EXPIRE",
        /// It was accepted.
        PreChargebackAccepted = "PRE_CHARGEBACK_ACCEPTED",
        /// It was rejected.
        PreChargebackRejected = "PRE_CHARGEBACK_REJECTED",
        /// The bank asks for the papers of a payment.
        RetrievalCreated = "RETRIEVAL_CREATED",
        /// It has them.
        RetrievalFinished = "RETRIEVAL_FINISHED",
        /// It no longer asks.
        RetrievalCanceled = "RETRIEVAL_CANCELED",
        /// A notification of fraud was dealt with.
        FraudFinished = "FRAUD_FINISHED",
    }
}

impl StoreTransactionStatus {
    /// Whether it was called off, in either spelling.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        matches!(self, Self::Cancelled | Self::Canceled)
    }
}

open_enum! {
    /// What kind of dispute it is.
    pub enum DisputeType {
        /// The money is held back.
        Chargeback = "CHARGEBACK",
        /// Before a chargeback.
        PreChargeback = "PRE_CHARGEBACK",
        /// The bank asks for the papers of a payment.
        Retrieval = "RETRIEVAL",
        /// The bank notifies of a fraud.
        FraudNotification = "FRAUD_NOTIFICATION",
    }
}

open_enum! {
    /// How far a dispute has come (from v20260601).
    pub enum DisputeStage {
        /// The chargeback.
        Chargeback = "CHARGEBACK",
        /// Before the arbitration.
        PreArbitration = "PRE_ARBITRATION",
        /// The arbitration.
        Arbitration = "ARBITRATION",
    }
}

open_enum! {
    /// Which fee a transaction has.
    pub enum FeeType {
        /// For cards of the store's country.
        Domestic = "domestic",
        /// For cards of other countries.
        International = "international",
    }
}

open_enum! {
    /// Where a payout stands. Two endpoints have words of their own.
    pub enum PayoutStatus {
        /// It was made.
        Created = "CREATED",
        /// It is under way.
        Processing = "PROCESSING",
        /// The money arrived.
        Success = "SUCCESS",
        /// It did not arrive.
        Failed = "FAILED",
        /// It is under way (billing records and `payout.json`).
        InProgress = "in progress",
        /// The bank has it (billing records and `payout.json`).
        AcceptedByBank = "accepted by bank",
        /// The money arrived (billing records and `payout.json`).
        Completed = "completed",
        /// It did not arrive (billing records and `payout.json`).
        FailedInLowerCase = "failed",
        /// It is sent once more (billing records and `payout.json`).
        Retrying = "retrying",
    }
}

open_enum! {
    /// What a billing record books. The words in lower case are those up to v20260301, those in upper case from
    /// v20260601 on: there are about sixty, of which these are the common ones.
    pub enum BalanceTransactionType {
        /// A payment.
        Payment = "payment",
        /// A refund.
        Refund = "refund",
        /// A refund that failed: the money came back.
        RefundFailure = "refund_failure",
        /// A chargeback.
        Chargeback = "chargeback",
        /// A chargeback that was won: the money came back.
        ChargebackWon = "chargeback_won",
        /// A fee that was given back (in the vendor's sample, not in its list).
        FeeReversed = "fee_reversed",
        /// Money held back as a reserve.
        ReserveHeld = "reserve_held",
        /// A reserve set free.
        ReserveReleased = "reserve_released",
        /// A correction of the books.
        AccountingAdjustment = "accounting_adjustment",
        /// Money that the store paid in.
        TransferIn = "transfer_in",
        /// A payout.
        Payout = "payout",
        /// One batch of settlement; its records come with `is_settlement_details` instead. Never add both up.
        SettlementBatch = "SETTLEMENT",
        /// A payment, from v20260601.
        PaymentRecord = "PAYMENT",
        /// The fee of a payment that was given back.
        PaymentFeeReturned = "PAYMENT_FEE_RETURNED",
        /// A refund, from v20260601.
        RefundRecord = "REFUND",
        /// The fee of a refund.
        RefundFee = "REFUND_FEE",
        /// A chargeback that began.
        ChargebackInitiated = "CHARGEBACK_INITIATED",
        /// The fee of a chargeback.
        ChargebackFee = "CHARGEBACK_FEE",
        /// A chargeback that was won, from v20260601.
        ChargebackWonRecord = "CHARGEBACK_WON",
        /// A chargeback that was lost.
        ChargebackLost = "CHARGEBACK_LOST",
        /// A payout, from v20260601.
        PayoutRecord = "PAYOUT",
        /// A payout that failed.
        PayoutFailed = "PAYOUT_FAILED",
        /// A payout that came back.
        PayoutReturned = "PAYOUT_RETURNED",
    }
}

impl BalanceTransactionType {
    /// Whether it is the payout itself: the money that left, and not one of the records that make it up.
    #[must_use]
    pub fn is_payout(&self) -> bool {
        matches!(self, Self::Payout | Self::PayoutRecord)
    }
}

open_enum! {
    /// Which of the store's accounts a billing record belongs to (from v20260601).
    pub enum AccountType {
        /// What is to be settled.
        PendingSettlement = "PendingSettlementAccount",
        /// What is to be paid out.
        Payout = "PayoutAccount",
        /// The margin that revolves.
        RevolvingMargin = "RevolvingMarginAccount",
        /// The margin that is fixed.
        FixedMargin = "FixedMarginAccount",
    }
}
