//! The contract of one vendor: every field of its order list, as the vendor's pages and recorded answers state it.

use std::collections::HashSet;
use std::str::FromStr;

use crate::{Result, root};

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
}

/// One line of a `contract.tsv`.
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

/// All lines of a `contract.tsv`, in their order.
#[derive(Debug, Clone)]
pub(crate) struct Contract {
    pub(crate) fields: Vec<Field>,
}

const COLUMNS: [&str; 7] = [
    "path", "type", "required", "format", "values", "grade", "note",
];
const FORMATS: [&str; 23] = [
    "any",
    "boolean",
    "country",
    "currency",
    "decimal",
    "decimal:2",
    "email",
    "failure",
    "id",
    "integer",
    "integer:code",
    "ip",
    "list",
    "map",
    "object",
    "phone",
    "quantity",
    "text",
    "time:iso",
    "time:local",
    "time:ms",
    "url",
    "word",
];

impl Contract {
    /// Reads `fixtures/<vendor>/contract.tsv`.
    pub(crate) fn load(vendor: &str) -> Result<Self> {
        let path = root().join("fixtures").join(vendor).join("contract.tsv");
        let text =
            std::fs::read_to_string(&path).map_err(|why| format!("{}: {why}", path.display()))?;
        text.parse()
            .map_err(|why| format!("fixtures/{vendor}/contract.tsv: {why}"))
    }

    /// Fields of success bodies that hold a value themselves.
    pub(crate) fn leaves(&self) -> impl Iterator<Item = &Field> {
        self.fields
            .iter()
            .filter(|field| field.is_leaf() && !field.is_failure())
    }

    pub(crate) fn field(&self, path: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.path == path)
    }
}

impl FromStr for Contract {
    type Err = String;

    fn from_str(text: &str) -> Result<Self> {
        let mut lines = text.lines();
        if lines.next() != Some(&COLUMNS.join("\t")) {
            return Err(format!(
                "the first line must name the columns {}",
                COLUMNS.join(", ")
            ));
        }
        let mut seen = HashSet::new();
        let mut fields = Vec::new();
        for (place, line) in lines.enumerate() {
            let field =
                parse_line(line, &seen).map_err(|why| format!("line {}: {why}", place + 2))?;
            seen.insert(field.path.clone());
            fields.push(field);
        }
        Ok(Self { fields })
    }
}

fn parse_line(line: &str, seen: &HashSet<String>) -> Result<Field> {
    let cells: Vec<&str> = line.split('\t').collect();
    let [path, vendor_type, required, format, values, grade, _note] = cells[..] else {
        return Err(format!(
            "{} cells instead of {}",
            cells.len(),
            COLUMNS.len()
        ));
    };
    if seen.contains(path) {
        return Err(format!("{path} stands twice"));
    }
    if let Some((parent, _)) = path.rsplit_once('.')
        && !seen.contains(parent)
    {
        return Err(format!("{path} stands before its parent {parent}"));
    }
    if !["yes", "no", "unknown"].contains(&required) {
        return Err(format!("required is `{required}`, not yes, no or unknown"));
    }
    if !FORMATS.contains(&format) {
        return Err(format!("unknown format `{format}`"));
    }
    let grade = Grade::ALL
        .into_iter()
        .find(|known| known.word() == grade)
        .ok_or_else(|| format!("unknown grade `{grade}`"))?;
    Ok(Field {
        path: path.to_owned(),
        vendor_type: vendor_type.to_owned(),
        required: required.to_owned(),
        format: format.to_owned(),
        values: values
            .split('|')
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect(),
        grade,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn contract(lines: &[&str]) -> Result<Contract> {
        format!("{}\n{}\n", COLUMNS.join("\t"), lines.join("\n")).parse()
    }

    #[test]
    fn reads_a_line() {
        let one = contract(&[
            "rows[]\tobject[]\tno\tlist\t\tdocumented\t",
            "rows[].state\tstring\tunknown\tword\ta|b\trecorded\ta note",
        ])
        .unwrap();
        let field = one.leaves().next().unwrap();
        assert_eq!((field.key(), field.grade), ("state", Grade::Recorded));
        assert_eq!(field.values, ["a", "b"]);
    }

    #[test]
    fn names_what_is_wrong() {
        let cases = [
            ("a\tstring", "line 2: 2 cells"),
            (
                "a.b\tstring\tno\ttext\t\tdocumented\t",
                "before its parent a",
            ),
            (
                "a\tstring\tmaybe\ttext\t\tdocumented\t",
                "required is `maybe`",
            ),
            (
                "a\tstring\tno\tfloat\t\tdocumented\t",
                "unknown format `float`",
            ),
            (
                "a\tstring\tno\ttext\t\tguessed\t",
                "unknown grade `guessed`",
            ),
            (
                "a\tstring\tno\ttext\t\tdocumented\t\na\tstring\tno\ttext\t\tdocumented\t",
                "a stands twice",
            ),
        ];
        for (line, expected) in cases {
            let why = contract(&[line]).unwrap_err();
            assert!(why.contains(expected), "{why}");
        }
        assert!(
            "path\n"
                .parse::<Contract>()
                .unwrap_err()
                .contains("columns")
        );
    }

    #[test]
    fn every_contract_has_at_least_the_fields_of_its_page() {
        for (vendor, documented) in [("clink", 30), ("linkbest", 33), ("shopline", 329)] {
            let contract = Contract::load(vendor).unwrap();
            let leaves = contract
                .leaves()
                .filter(|field| field.grade == Grade::Documented);
            assert!(leaves.count() >= documented, "{vendor}");
        }
    }
}
