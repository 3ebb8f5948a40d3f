//! The JSON texts of a vendor's orders. Each is made when it is first needed, and kept.

use std::sync::{Arc, OnceLock};

use rust_decimal::Decimal;

use crate::truth::TruthOrder;
use crate::vendor::Vendor;

/// Up to this many texts are kept. With more orders each text is made anew every time (from the seed, so it has the
/// same bytes): a hundred thousand SHOPLINE orders would fill a gigabyte.
const KEPT: usize = 20_000;

/// The text of one order, with its facts.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) json: String,
    pub(crate) lines: usize,
    pub(crate) totals: Vec<(String, Decimal)>,
}

impl Written {
    pub(crate) fn truth(&self, vendor: Vendor, id: String) -> TruthOrder {
        TruthOrder {
            vendor,
            id,
            json: self.json.clone(),
            lines: self.lines,
            totals: self.totals.clone(),
            updated_at: None,
        }
    }
}

/// The texts of all orders of a vendor, by order number.
#[derive(Debug)]
pub(crate) struct Bodies(Vec<OnceLock<Arc<Written>>>);

impl Bodies {
    pub(crate) fn new(orders: usize) -> Self {
        let cells = if orders <= KEPT { orders } else { 0 };
        Self((0..cells).map(|_| OnceLock::new()).collect())
    }

    pub(crate) fn get(&self, number: usize, write: impl FnOnce() -> Written) -> Arc<Written> {
        match self.0.get(number) {
            Some(cell) => Arc::clone(cell.get_or_init(|| Arc::new(write()))),
            None => Arc::new(write()),
        }
    }

    /// Drops the text of an order that has changed.
    pub(crate) fn forget(&mut self, number: usize) {
        if let Some(cell) = self.0.get_mut(number) {
            *cell = OnceLock::new();
        }
    }

    /// Makes room for one more order. Without kept texts nothing changes.
    pub(crate) fn grow(&mut self, orders: usize) {
        if self.0.len() + 1 == orders {
            self.0.push(OnceLock::new());
        }
    }
}

/// The decimal places of a currency (ISO 4217).
pub(crate) fn places(currency: &str) -> u32 {
    match currency {
        "JPY" | "KRW" | "CLP" => 0,
        "KWD" | "BHD" => 3,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_texts_are_kept_and_many_are_made_anew() {
        let written = |json: &str| Written {
            json: json.to_owned(),
            lines: 0,
            totals: Vec::new(),
        };
        let few = Bodies::new(KEPT);
        assert_eq!(few.get(3, || written("a")).json, "a");
        assert_eq!(few.get(3, || written("b")).json, "a");
        let mut changed = Bodies::new(2);
        assert_eq!(changed.get(1, || written("a")).json, "a");
        changed.forget(1);
        assert_eq!(changed.get(1, || written("b")).json, "b");
        changed.grow(3);
        assert_eq!(changed.get(2, || written("c")).json, "c");
        assert_eq!(changed.get(2, || written("d")).json, "c");
        let many = Bodies::new(KEPT + 1);
        assert_eq!(many.get(3, || written("a")).json, "a");
        assert_eq!(many.get(3, || written("b")).json, "b");
    }
}
