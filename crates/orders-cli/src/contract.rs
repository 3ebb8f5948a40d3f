//! The contracts: every documented or recorded field of an order list. The tables in `contract/` are copies of
//! `fixtures/<vendor>/contract.tsv`, kept equal by `cargo xtask fixtures`.

use std::collections::BTreeMap;

use orders_core::{Error, ErrorKind};

use crate::vendor::Vendor;

/// The JSON type that a field is documented to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Promise {
    Text,
    Number,
    Boolean,
    /// An object with members of its own in the contract.
    Object,
    /// An object whose member names are the seller's.
    Map,
    /// The shape is unknown.
    Any,
}

impl Promise {
    /// By the vendor's word for the type.
    fn of(vendor_type: &str) -> Option<Self> {
        let known = [
            ("string", Self::Text),
            ("integer", Self::Number),
            ("number", Self::Number),
            ("double", Self::Number),
            ("decimal", Self::Number),
            ("boolean", Self::Boolean),
            ("object", Self::Object),
            ("map", Self::Map),
            ("any", Self::Any),
        ];
        known
            .into_iter()
            .find_map(|(word, promise)| vendor_type.starts_with(word).then_some(promise))
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Object | Self::Map => "object",
            Self::Any => "any",
        }
    }
}

/// What a value is that can be written with other characters than it came with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Decimal,
    Time,
    Other,
}

impl Form {
    fn of(format: &str, promise: Promise) -> Self {
        match format {
            _ if format.starts_with("time:") => Self::Time,
            _ if format.starts_with("decimal") || format == "quantity" => Self::Decimal,
            _ if promise == Promise::Number => Self::Decimal,
            _ => Self::Other,
        }
    }
}

/// One field, or the elements of one list.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) promise: Promise,
    /// The words that it may hold. Empty means any.
    pub(crate) words: Vec<&'static str>,
    /// What its value is, in whatever JSON type it comes.
    pub(crate) form: Form,
}

/// The fields by their paths; the elements of a list stand under `name[]`.
#[derive(Debug)]
pub(crate) struct Contract {
    fields: BTreeMap<&'static str, Field>,
}

impl Contract {
    /// The contract of a vendor.
    ///
    /// # Errors
    /// Only if the embedded table is damaged, which a test rules out.
    pub(crate) fn of(vendor: Vendor) -> Result<Self, Error> {
        let text = match vendor {
            Vendor::Clink => include_str!("contract/clink.tsv"),
            Vendor::Linkbest => include_str!("contract/linkbest.tsv"),
            Vendor::Shopline => include_str!("contract/shopline.tsv"),
        };
        let fields = text
            .lines()
            .skip(1)
            .map(field)
            .collect::<Option<BTreeMap<_, _>>>();
        let damaged = || Error::new(ErrorKind::Other, "the embedded contract cannot be read");
        Ok(Self {
            fields: fields.ok_or_else(damaged)?,
        })
    }

    pub(crate) fn get(&self, path: &str) -> Option<&Field> {
        self.fields.get(path)
    }

    /// How many fields hold a value themselves.
    pub(crate) fn leaves(&self) -> usize {
        let leaf = |field: &&Field| field.promise != Promise::Object;
        self.fields.values().filter(leaf).count()
    }
}

/// `path type required format values grade note`, separated by tabs.
fn field(line: &'static str) -> Option<(&'static str, Field)> {
    let mut cells = line.split('\t');
    let (path, vendor_type) = (cells.next()?, cells.next()?);
    let (format, values) = (cells.nth(1)?, cells.next()?);
    // Fields of failure bodies have any shape; words are closed lists, other values only samples.
    let promise = match format {
        "failure" => Promise::Any,
        _ => Promise::of(vendor_type)?,
    };
    let closed = matches!(format, "word" | "currency" | "integer:code");
    let words = values.split('|').filter(|word| closed && !word.is_empty());
    let field = Field {
        promise,
        words: words.collect(),
        form: Form::of(format, promise),
    };
    Some((path, field))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_contract_is_read_whole() {
        for (vendor, leaves) in [
            (Vendor::Clink, 35),
            (Vendor::Linkbest, 33),
            (Vendor::Shopline, 480),
        ] {
            let contract = Contract::of(vendor).unwrap();
            assert!(
                contract.leaves() >= leaves,
                "{vendor} {}",
                contract.leaves()
            );
            let list = format!("{}[]", vendor.lists()[0]);
            assert_eq!(contract.get(&list).unwrap().promise, Promise::Object);
        }
    }

    #[test]
    fn only_closed_lists_are_words() {
        let contract = Contract::of(Vendor::Clink).unwrap();
        assert_eq!(contract.get("msg").unwrap().words, [""; 0]);
        assert_eq!(contract.get("code").unwrap().words, ["200"]);
        assert_eq!(
            contract.get("rows[].type").unwrap().words,
            ["recurring", "onetime"]
        );
        assert_eq!(
            contract.get("rows[].metadata").unwrap().promise,
            Promise::Map
        );
    }
}
