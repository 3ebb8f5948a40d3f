//! The kinds of things that the vendors' bodies hold, and under which names they come.

use clap::ValueEnum;

use crate::vendor::Vendor;

/// What a body holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// Orders
    Order,
    /// Refunds (Clink, SHOPLINE)
    Refund,
    /// Parcels of an order (SHOPLINE)
    Parcel,
    /// Payments of an order (SHOPLINE)
    Transaction,
    /// Transactions of SHOPLINE Payments (SHOPLINE)
    StoreTransaction,
    /// Payouts of SHOPLINE Payments (SHOPLINE)
    Payout,
    /// Billing records of SHOPLINE Payments (SHOPLINE)
    BalanceTransaction,
    /// The balance of SHOPLINE Payments (SHOPLINE)
    Balance,
    /// A dispute (Clink, SHOPLINE Payments)
    Dispute,
    /// Customers (SHOPLINE)
    Customer,
    /// Settlement changes (Linkbest)
    Settlement,
    /// Rows of a report by program (Linkbest)
    Report,
    /// An invoice of a subscription (Clink)
    Invoice,
    /// A subscription (Clink)
    Subscription,
    /// A push, whatever it is about (Clink, Linkbest)
    Event,
}

impl Kind {
    /// The kinds of a vendor's bodies.
    pub(crate) const fn of(vendor: Vendor) -> &'static [Self] {
        match vendor {
            Vendor::Clink => &[
                Self::Order,
                Self::Refund,
                Self::Dispute,
                Self::Invoice,
                Self::Subscription,
                Self::Event,
            ],
            Vendor::Linkbest => &[Self::Order, Self::Settlement, Self::Report, Self::Event],
            Vendor::Shopline => &[
                Self::Order,
                Self::Refund,
                Self::Parcel,
                Self::Transaction,
                Self::StoreTransaction,
                Self::Payout,
                Self::BalanceTransaction,
                Self::Balance,
                Self::Dispute,
                Self::Customer,
            ],
        }
    }

    /// The word in arguments and messages.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Refund => "refund",
            Self::Parcel => "parcel",
            Self::Transaction => "transaction",
            Self::StoreTransaction => "store-transaction",
            Self::Payout => "payout",
            Self::BalanceTransaction => "balance-transaction",
            Self::Balance => "balance",
            Self::Dispute => "dispute",
            Self::Customer => "customer",
            Self::Settlement => "settlement",
            Self::Report => "report",
            Self::Invoice => "invoice",
            Self::Subscription => "subscription",
            Self::Event => "event",
        }
    }

    /// The words of some kinds, for a message: `order, refund or event`.
    pub(crate) fn words(kinds: &[Self]) -> String {
        let words: Vec<_> = kinds.iter().map(|kind| kind.word()).collect();
        match words.as_slice() {
            [] => String::new(),
            [one] => (*one).to_owned(),
            [first @ .., last] => format!("{} or {last}", first.join(", ")),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_messages_are_those_of_the_arguments() {
        for kind in Kind::value_variants() {
            let argument = kind.to_possible_value().unwrap();
            assert_eq!(argument.get_name(), kind.word());
            assert!(Vendor::ALL.iter().any(|v| Kind::of(*v).contains(kind)));
        }
        assert_eq!(Kind::words(&[Kind::Order]), "order");
        let three = [Kind::Order, Kind::Refund, Kind::Event];
        assert_eq!(Kind::words(&three), "order, refund or event");
    }
}
