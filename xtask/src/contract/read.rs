//! Reading a contract's lines.

use super::fields::{Contract, Field, Grade, below};
use crate::workspace::Result;

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

/// Reads lines; `other` finds the contracts that they point to.
pub(super) fn contract(text: &str, other: &dyn Fn(&str) -> Result<Contract>) -> Result<Contract> {
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
            super::contract(&text, &|name| {
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
