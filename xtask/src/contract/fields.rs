//! What a contract says of each field.

use crate::workspace::Result;

/// How a fact is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Grade {
    Documented,
    Recorded,
    Inferred,
}

impl Grade {
    pub(crate) const ALL: [Self; 3] = [Self::Documented, Self::Recorded, Self::Inferred];

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Recorded => "recorded",
            Self::Inferred => "inferred",
        }
    }

    pub(crate) fn of(word: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|known| known.word() == word)
            .ok_or_else(|| format!("unknown grade `{word}`"))
    }
}

/// One line of a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) path: String,
    pub(crate) vendor_type: String,
    pub(crate) required: String,
    pub(crate) format: String,
    pub(crate) values: Vec<String>,
    pub(crate) grade: Grade,
}

impl Field {
    /// Holds a value itself, rather than other fields.
    pub(crate) fn is_leaf(&self) -> bool {
        !matches!(self.format.as_str(), "list" | "object")
    }

    /// Stands in failure bodies only.
    pub(crate) fn is_failure(&self) -> bool {
        self.format == "failure"
    }

    /// Sent as a JSON number by the vendor's own word.
    pub(crate) fn is_number(&self) -> bool {
        ["integer", "number", "double", "decimal"]
            .iter()
            .any(|word| self.vendor_type.starts_with(word))
    }

    /// The last name of the path, without `[]`.
    pub(crate) fn key(&self) -> &str {
        let last = self.path.rsplit('.').next().unwrap_or(&self.path);
        last.trim_end_matches("[]")
    }
}

/// All lines of a contract, in their order; lines that point elsewhere are replaced by what they point to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Contract {
    pub(crate) fields: Vec<Field>,
}

impl Contract {
    /// Fields of success bodies that hold a value themselves.
    pub(crate) fn leaves(&self) -> impl Iterator<Item = &Field> {
        self.fields
            .iter()
            .filter(|field| field.is_leaf() && !field.is_failure())
    }

    /// The leaves below one of the places where the things of a body stand; all of them if the body is the thing.
    pub(crate) fn leaves_below(&self, place: &str) -> impl Iterator<Item = &Field> {
        self.leaves()
            .filter(move |field| below(&field.path, place).is_some())
    }

    pub(crate) fn field(&self, path: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.path == path)
    }

    /// The fields below one place, and nothing else.
    pub(crate) fn only(&self, place: &str) -> Self {
        let fields = self.fields.iter();
        Self {
            fields: fields
                .filter(|field| field.path == place || below(&field.path, place).is_some())
                .cloned()
                .collect(),
        }
    }
}

/// The rest of a path below a place.
pub(super) fn below<'a>(path: &'a str, place: &str) -> Option<&'a str> {
    match place {
        "" => Some(path),
        _ => path.strip_prefix(place)?.strip_prefix('.'),
    }
}
