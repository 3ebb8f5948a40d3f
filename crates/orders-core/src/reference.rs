//! What an order is found again by: the vendor's id, or the key that an order without an id has.

use serde::{Deserialize, Serialize};

/// What the id of an order begins with that the vendor gave none; its key follows.
const NO_ID: &str = "no-id/";

/// What a vendor needs to find one order again, and what a store needs to find it among its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OrderRef {
    /// The id, as in [`Order::id`](crate::Order::id).
    pub id: String,
    /// The order number (Linkbest looks an order up by program and number, not by id).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The affiliate program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub program_id: Option<String>,
    /// The key of the order beside its id: see [`Order::key`](crate::Order::key).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

impl OrderRef {
    /// An order by its id alone.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            ..Self::default()
        }
    }

    /// An order that the vendor gave no id, by its key.
    #[must_use]
    pub fn by_key(key: impl Into<String>) -> Self {
        let key = key.into();
        Self {
            id: Self::id_of_key(&key),
            key: Some(key),
            ..Self::default()
        }
    }

    /// Adds the order number.
    #[must_use]
    pub fn with_number(mut self, number: impl Into<String>) -> Self {
        self.number = Some(number.into());
        self
    }

    /// Adds the affiliate program.
    #[must_use]
    pub fn with_program(mut self, program_id: impl Into<String>) -> Self {
        self.program_id = Some(program_id.into());
        self
    }

    /// The id in core of an order that the vendor gave no id: `no-id/` and its key, which must not begin with a slash.
    #[must_use]
    pub fn id_of_key(key: &str) -> String {
        format!("{NO_ID}{key}")
    }

    /// The id in core of an order with an id of the vendor's: that id. Only one that looks like that of an order without
    /// any gets a form that no key gives.
    #[must_use]
    pub fn id_of_vendor(id: &str) -> String {
        match id.starts_with(NO_ID) {
            true => format!("{NO_ID}/{id}"),
            false => id.to_owned(),
        }
    }

    /// Whether the id is made of the key, for want of an id of the vendor's.
    #[must_use]
    pub fn is_by_key(&self) -> bool {
        self.key
            .as_ref()
            .is_some_and(|key| self.id == Self::id_of_key(key))
    }

    /// Whether both are one order. Two ids of the vendor's decide, unless both orders have a program and a number and
    /// these differ: then the vendor gave one id to two orders. Where one of the two has no id of the vendor's, the keys
    /// decide.
    ///
    /// ```
    /// use orders_core::OrderRef;
    ///
    /// let mut pulled = OrderRef::new("100");
    /// pulled.key = Some("7/S1/+".to_owned());
    /// let pushed = OrderRef::by_key("7/S1/+");
    /// assert_eq!(pushed.id, "no-id/7/S1/+");
    /// assert!(pulled.is_same_order(&pushed));
    /// assert!(!pulled.is_same_order(&OrderRef::new("101")));
    /// ```
    #[must_use]
    pub fn is_same_order(&self, other: &Self) -> bool {
        if self.is_by_key() || other.is_by_key() {
            return self.key.is_some() && self.key == other.key;
        }
        self.id == other.id && !self.contradicts(other)
    }

    /// Whether both have a program and a number, and these differ.
    fn contradicts(&self, other: &Self) -> bool {
        fn both(reference: &OrderRef) -> Option<(&str, &str)> {
            reference
                .program_id
                .as_deref()
                .zip(reference.number.as_deref())
        }
        matches!((both(self), both(other)), (Some(mine), Some(theirs)) if mine != theirs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_key(id: &str, key: &str) -> OrderRef {
        OrderRef {
            key: Some(key.to_owned()),
            ..OrderRef::new(id)
        }
    }

    #[test]
    fn an_order_without_an_id_is_found_by_its_key() {
        let pushed = OrderRef::by_key("7/S1/+");
        assert_eq!(pushed.id, "no-id/7/S1/+");
        assert!(pushed.is_by_key());
        let pulled = with_key("101", "7/S1/+");
        assert!(!pulled.is_by_key());
        assert!(pushed.is_same_order(&pulled) && pulled.is_same_order(&pushed));
        assert!(!pushed.is_same_order(&with_key("101", "7/S1/-")));
        assert!(!pushed.is_same_order(&OrderRef::new("101")));
        assert!(!OrderRef::by_key("7/S1/+").is_same_order(&OrderRef::by_key("7/S1/-")));
    }

    #[test]
    fn an_id_that_comes_back_with_another_number_is_another_order() {
        let order = |program: &str, number: &str| {
            let order = OrderRef::new("101");
            let order = order.with_program(program).with_number(number);
            order.clone()
        };
        assert!(order("7", "S1").is_same_order(&order("7", "S1")));
        assert!(!order("7", "S1").is_same_order(&order("7", "S2")));
        assert!(!order("7", "S1").is_same_order(&order("8", "S1")));
        assert!(order("7", "S1").is_same_order(&OrderRef::new("101")));
        assert!(order("7", "S1").is_same_order(&OrderRef::new("101").with_number("S2")));
        assert!(!order("7", "S1").is_same_order(&OrderRef::new("102")));
    }

    #[test]
    fn no_id_of_a_vendor_is_that_of_a_key() {
        for id in ["7", "", "no-id", "no-id/7/S1/+", "no-id//no-id/7/S1/+"] {
            let ours = OrderRef::id_of_vendor(id);
            let key = ours.strip_prefix(NO_ID);
            assert!(key.is_none_or(|key| key.starts_with('/')), "{ours}");
        }
        assert_eq!(OrderRef::id_of_vendor("26"), "26");
    }
}
