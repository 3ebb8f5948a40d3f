//! A contract: every field of one of a vendor's bodies, as the vendor's pages and recorded answers state it.

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

    pub(crate) fn of(word: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|known| known.word() == word)
            .ok_or_else(|| format!("unknown grade `{word}`"))
    }
}

/// The contract of the order list; the others are named by their shape.
pub(crate) const ORDERS: &str = "contract";

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

const COLUMNS: [&str; 7] = [
    "path", "type", "required", "format", "values", "grade", "note",
];
const FORMATS: [&str; 24] = [
    "any",
    "boolean",
    "country",
    "currency",
    "decimal",
    "decimal:2",
    "decimal:4",
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

/// The format of a line whose fields are those of another one, named in the column `values` as `contract#path`.
const SAME: &str = "same";
/// The path of a body that is the thing itself.
const BODY: &str = ".";

impl Contract {
    /// Reads `fixtures/<vendor>/<name>.tsv`.
    pub(crate) fn load(vendor: &str, name: &str) -> Result<Self> {
        let path = root()
            .join("fixtures")
            .join(vendor)
            .join(format!("{name}.tsv"));
        let text =
            std::fs::read_to_string(&path).map_err(|why| format!("{}: {why}", path.display()))?;
        Self::parse(&text, &|other| Self::load(vendor, other))
            .map_err(|why| format!("fixtures/{vendor}/{name}.tsv: {why}"))
    }

    /// Reads lines; `other` finds the contracts that they point to.
    fn parse(text: &str, other: &dyn Fn(&str) -> Result<Self>) -> Result<Self> {
        let mut lines = text.lines();
        if lines.next() != Some(&COLUMNS.join("\t")) {
            return Err(format!(
                "the first line must name the columns {}",
                COLUMNS.join(", ")
            ));
        }
        let mut parsed = Parsed::default();
        for (place, line) in lines.enumerate() {
            parsed
                .line(line, other)
                .map_err(|why| format!("line {}: {why}", place + 2))?;
        }
        Ok(parsed.contract)
    }

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

impl FromStr for Contract {
    type Err = String;

    fn from_str(text: &str) -> Result<Self> {
        Self::parse(text, &|name| Err(format!("no contract {name} here")))
    }
}

/// The rest of a path below a place.
fn below<'a>(path: &'a str, place: &str) -> Option<&'a str> {
    match place {
        "" => Some(path),
        _ => path.strip_prefix(place)?.strip_prefix('.'),
    }
}

/// A contract, half read.
#[derive(Default)]
struct Parsed {
    contract: Contract,
    /// Paths of fields that another line brought; a line of their own replaces them.
    brought: Vec<String>,
}

impl Parsed {
    fn line(&mut self, line: &str, other: &dyn Fn(&str) -> Result<Contract>) -> Result {
        let field = parse_line(line)?;
        self.check_place(&field.path)?;
        if field.format != SAME {
            self.put(field);
            return Ok(());
        }
        let pointer = field.values.first().map_or("", String::as_str);
        let (name, from) = pointer
            .split_once('#')
            .ok_or_else(|| format!("`{pointer}` is not `contract#path`"))?;
        let fields = match name {
            "" => same(&field, &self.contract, from)?,
            _ => same(&field, &other(name)?, from)?,
        };
        for field in fields {
            self.brought.push(field.path.clone());
            self.contract.fields.push(field);
        }
        Ok(())
    }

    fn check_place(&self, path: &str) -> Result {
        if self.contract.field(path).is_some()
            && !self.brought.iter().any(|brought| brought == path)
        {
            return Err(format!("{path} stands twice"));
        }
        match path.rsplit_once('.').filter(|_| path != BODY) {
            Some((parent, _)) if self.contract.field(parent).is_none() => {
                Err(format!("{path} stands before its parent {parent}"))
            }
            _ => Ok(()),
        }
    }

    fn put(&mut self, field: Field) {
        self.brought.retain(|brought| *brought != field.path);
        let fields = &mut self.contract.fields;
        match fields.iter().position(|known| known.path == field.path) {
            Some(place) => fields[place] = field,
            None => fields.push(field),
        }
    }
}

/// What a line brings that points to a field of a contract: this field and all below it, known no better than the
/// line itself.
fn same(line: &Field, contract: &Contract, from: &str) -> Result<Vec<Field>> {
    let head = contract
        .field(from)
        .ok_or_else(|| format!("no field {from}"))?;
    let mut fields = Vec::new();
    if line.path != BODY {
        fields.push(Field {
            path: line.path.clone(),
            format: match head.is_leaf() {
                true => head.format.clone(),
                false if line.path.ends_with("[]") => "list".to_owned(),
                false => "object".to_owned(),
            },
            values: head.values.clone(),
            grade: head.grade.max(line.grade),
            ..line.clone()
        });
    }
    for field in &contract.fields {
        let Some(rest) = below(&field.path, from) else {
            continue;
        };
        fields.push(Field {
            path: match line.path.as_str() {
                BODY => rest.to_owned(),
                path => format!("{path}.{rest}"),
            },
            grade: field.grade.max(line.grade),
            ..field.clone()
        });
    }
    Ok(fields)
}

fn parse_line(line: &str) -> Result<Field> {
    let cells: Vec<&str> = line.split('\t').collect();
    let [path, vendor_type, required, format, values, grade, _note] = cells[..] else {
        return Err(format!(
            "{} cells instead of {}",
            cells.len(),
            COLUMNS.len()
        ));
    };
    if !["yes", "no", "unknown"].contains(&required) {
        return Err(format!("required is `{required}`, not yes, no or unknown"));
    }
    if format != SAME && !FORMATS.contains(&format) {
        return Err(format!("unknown format `{format}`"));
    }
    let grade = Grade::of(grade)?;
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
            let contract = Contract::load(vendor, ORDERS).unwrap();
            let leaves = contract
                .leaves()
                .filter(|field| field.grade == Grade::Documented);
            assert!(leaves.count() >= documented, "{vendor}");
        }
    }

    #[test]
    fn a_line_may_stand_for_fields_that_stand_elsewhere() {
        let page = contract(&[
            "rows[]\tobject[]\tno\tlist\t\tdocumented\t",
            "rows[].id\tstring\tno\tid\t\tdocumented\t",
            "rows[].lines[]\tobject[]\tno\tlist\t\trecorded\t",
            "rows[].lines[].id\tinteger\tno\tid\t\tinferred\t",
            "rows[].linesAgain[]\tobject[]\tno\tsame\t#rows[].lines[]\tdocumented\t",
        ])
        .unwrap();
        let read = |lines: &str| {
            let text = format!("{}\n{lines}\n", COLUMNS.join("\t"));
            Contract::parse(&text, &|name| {
                assert_eq!(name, "page");
                Ok(page.clone())
            })
        };
        let shown = |contract: &Contract| -> Vec<String> {
            let fields = contract.fields.iter();
            fields
                .map(|f| format!("{} {} {}", f.path, f.format, f.grade.word()))
                .collect()
        };
        let one = read(
            "data\tobject\tno\tsame\tpage#rows[]\trecorded\t\n\
             data.id\tinteger\tno\tid\t\tdocumented\tanother type here",
        )
        .unwrap();
        assert_eq!(
            shown(&one),
            [
                "data object recorded",
                "data.id id documented",
                "data.lines[] list recorded",
                "data.lines[].id id inferred",
                "data.linesAgain[] list recorded",
                "data.linesAgain[].id id inferred",
            ]
        );
        assert_eq!(one.field("data.id").unwrap().vendor_type, "integer");
        let bare = read(".\tobject\tno\tsame\tpage#rows[]\tdocumented\t").unwrap();
        assert_eq!(shown(&bare)[0], "id id documented");
        assert_eq!(bare.leaves_below("").count(), 3);
        assert_eq!(bare.leaves_below("lines[]").count(), 1);
        assert_eq!(shown(&bare.only("lines[]")).len(), 2);
        for (wrong, why) in [
            (
                "a\tobject\tno\tsame\tpage#rows\tdocumented\t",
                "no field rows",
            ),
            (
                "a\tobject\tno\tsame\tpage\tdocumented\t",
                "not `contract#path`",
            ),
            (
                "a\tobject\tno\tsame\tpage#rows[].id\tdocumented\t\n\
                 a\tstring\tno\tid\t\tdocumented\t\na\tstring\tno\tid\t\tdocumented\t",
                "a stands twice",
            ),
        ] {
            let said = read(wrong).unwrap_err();
            assert!(said.contains(why), "{said}");
        }
    }
}
