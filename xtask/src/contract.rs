//! A contract: every field of one of a vendor's bodies, as the vendor's pages and recorded answers state it.

mod fields;
mod read;

use crate::workspace::{Result, root};

pub(crate) use fields::{Contract, Field, Grade};

/// The contract of the order list; the others are named by their shape.
pub(crate) const ORDERS: &str = "contract";

/// Reads `fixtures/<vendor>/<name>.tsv`.
pub(crate) fn load(vendor: &str, name: &str) -> Result<Contract> {
    let path = root()
        .join("fixtures")
        .join(vendor)
        .join(format!("{name}.tsv"));
    let text =
        std::fs::read_to_string(&path).map_err(|why| format!("{}: {why}", path.display()))?;
    read::contract(&text, &|other| load(vendor, other))
        .map_err(|why| format!("fixtures/{vendor}/{name}.tsv: {why}"))
}

#[cfg(test)]
impl std::str::FromStr for Contract {
    type Err = String;

    fn from_str(text: &str) -> Result<Self> {
        read::contract(text, &|name| Err(format!("no contract {name} here")))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_contract_has_at_least_the_fields_of_its_page() {
        for (vendor, name, documented) in [
            ("clink", ORDERS, 30),
            ("clink", "order", 30),
            ("linkbest", ORDERS, 33),
            ("linkbest", "detail", 33),
            ("linkbest", "settlement", 8),
            ("linkbest", "report", 7),
            ("shopline", ORDERS, 329),
            ("shopline", "refunds", 60),
            ("shopline", "fulfillments", 50),
            ("shopline", "transactions", 35),
            ("shopline", "customers", 65),
            ("shopline", "push", 329),
        ] {
            let contract = load(vendor, name).unwrap();
            let leaves = contract
                .leaves()
                .filter(|field| field.grade == Grade::Documented);
            let count = leaves.count();
            assert!(count >= documented, "{vendor} {name}: {count}");
        }
    }
}
