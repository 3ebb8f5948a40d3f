//! `fixtures/<vendor>/endpoints.tsv`: which of the vendor's order-family endpoints the crate covers, which not, and
//! why.

use std::path::Path;

use crate::contract::Grade;
use crate::vendors::Vendor;
use crate::workspace::{Result, root};

const COLUMNS: [&str; 8] = [
    "method", "path", "what", "covered", "call", "contract", "reason", "grade",
];
const METHODS: [&str; 6] = ["GET", "POST", "PUT", "PATCH", "DELETE", "push"];

/// How far the crate goes for an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Covered {
    /// A call of its own, with types.
    Typed,
    /// The exact text, with the same authentication, retries and errors.
    Raw,
    No,
}

impl Covered {
    const ALL: [(&'static str, Self); 3] =
        [("typed", Self::Typed), ("raw", Self::Raw), ("no", Self::No)];
}

/// One line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoint {
    method: String,
    path: String,
    what: String,
    covered: Covered,
    /// The crate's function, if it is covered.
    call: String,
    /// The contract of its answer, if it is typed.
    contract: String,
    /// Why it is not typed.
    reason: String,
    grade: Grade,
}

/// Reads a vendor's table and holds it against the crate's source and the contracts.
pub(crate) fn load(vendor: &Vendor) -> Result<Vec<Endpoint>> {
    let file = format!("fixtures/{}/endpoints.tsv", vendor.name);
    let wrong = |why| format!("{file}: {why}");
    let text = std::fs::read_to_string(root().join(&file)).map_err(|why| wrong(why.to_string()))?;
    let endpoints = parse(&text).map_err(wrong)?;
    let source = source(&root().join("crates").join(vendor.package()).join("src"))?;
    let shapes: Vec<_> = vendor.shapes.iter().map(|shape| shape.name).collect();
    for endpoint in &endpoints {
        endpoint.holds(&source, &shapes).map_err(wrong)?;
    }
    Ok(endpoints)
}

fn parse(text: &str) -> Result<Vec<Endpoint>> {
    let mut lines = text.lines();
    if lines.next() != Some(&COLUMNS.join("\t")) {
        return Err(format!(
            "the first line must name the columns {}",
            COLUMNS.join(", ")
        ));
    }
    let mut endpoints: Vec<Endpoint> = Vec::new();
    for (place, line) in lines.enumerate() {
        let number = place + 2;
        let endpoint = parse_line(line).map_err(|why| format!("line {number}: {why}"))?;
        if endpoints
            .iter()
            .any(|known| known.title() == endpoint.title())
        {
            return Err(format!("line {number}: {} stands twice", endpoint.title()));
        }
        endpoints.push(endpoint);
    }
    Ok(endpoints)
}

fn parse_line(line: &str) -> Result<Endpoint> {
    let cells: Vec<&str> = line.split('\t').collect();
    let [method, path, what, covered, call, contract, reason, grade] = cells[..] else {
        return Err(format!(
            "{} cells instead of {}",
            cells.len(),
            COLUMNS.len()
        ));
    };
    if !METHODS.contains(&method) {
        return Err(format!("unknown method `{method}`"));
    }
    let (_, covered) = *Covered::ALL
        .iter()
        .find(|(word, _)| *word == covered)
        .ok_or_else(|| format!("covered is `{covered}`, not typed, raw or no"))?;
    Ok(Endpoint {
        method: method.to_owned(),
        path: path.to_owned(),
        what: what.to_owned(),
        covered,
        call: call.to_owned(),
        contract: contract.to_owned(),
        reason: reason.to_owned(),
        grade: Grade::of(grade)?,
    })
}

impl Endpoint {
    fn title(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// What the line claims is so: the function is there, the contract is there, and a gap has its reason.
    fn holds(&self, source: &str, contracts: &[&str]) -> Result {
        let title = self.title();
        let typed = self.covered == Covered::Typed;
        if typed != self.reason.is_empty() {
            return Err(format!("{title}: a reason belongs to what is not typed"));
        }
        if (self.covered == Covered::No) != self.call.is_empty() {
            return Err(format!("{title}: a call belongs to what is covered"));
        }
        if typed && !contracts.contains(&self.contract.as_str()) {
            return Err(format!("{title}: no contract `{}`", self.contract));
        }
        let name = self.call.rsplit(':').next().unwrap_or_default();
        let defined = ["(", "<"]
            .iter()
            .any(|open| source.contains(&format!("pub fn {name}{open}")))
            || source.contains(&format!("pub async fn {name}("));
        if !self.call.is_empty() && !defined {
            return Err(format!("{title}: the crate has no public `{}`", self.call));
        }
        Ok(())
    }

    fn by(&self) -> String {
        match self.covered {
            Covered::Typed => format!("`{}`", self.call),
            Covered::Raw => format!("raw: `{}`", self.call),
            Covered::No => "no".to_owned(),
        }
    }
}

/// All text of the Rust files below a folder.
fn source(folder: &Path) -> Result<String> {
    let wrong = |why: std::io::Error| format!("{}: {why}", folder.display());
    let mut text = String::new();
    for entry in std::fs::read_dir(folder).map_err(wrong)? {
        let path = entry.map_err(wrong)?.path();
        if path.is_dir() {
            text += &source(&path)?;
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            text += &std::fs::read_to_string(&path).map_err(wrong)?;
        }
    }
    Ok(text)
}

/// How many are typed, raw and not covered.
fn summary(endpoints: &[Endpoint]) -> String {
    let count = |covered| {
        endpoints
            .iter()
            .filter(|one| one.covered == covered)
            .count()
    };
    format!(
        "{} endpoints of the order family: {} typed, {} raw, {} not covered",
        endpoints.len(),
        count(Covered::Typed),
        count(Covered::Raw),
        count(Covered::No)
    )
}

/// The table of the README.
pub(crate) fn table(endpoints: &[Endpoint]) -> String {
    let mut lines = vec![
        format!("{}.", summary(endpoints)),
        String::new(),
        "| Endpoint | What it is | Known how | Covered by | Why not typed |".to_owned(),
        "|---|---|---|---|---|".to_owned(),
    ];
    lines.extend(endpoints.iter().map(|one| {
        let reason = match one.reason.as_str() {
            "" => String::new(),
            reason => format!(" {reason}"),
        };
        format!(
            "| `{}` | {} | {} | {} |{reason} |",
            one.title(),
            one.what,
            one.grade.word(),
            one.by()
        )
    }));
    lines.join("\n")
}

/// The table for a terminal.
pub(crate) fn shown(vendor: &Vendor, endpoints: &[Endpoint]) -> String {
    let width = endpoints.iter().map(|one| one.title().len()).max();
    let width = width.unwrap_or_default();
    let mut lines = vec![format!("{}: {}", vendor.name, summary(endpoints))];
    lines.extend(endpoints.iter().map(|one| {
        let line = format!(
            "  {:width$}  {:24}  {}",
            one.title(),
            one.by().replace('`', ""),
            one.reason
        );
        line.trim_end().to_owned()
    }));
    lines.join("\n")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::vendors::VENDORS;

    const SOURCE: &str =
        "pub async fn get_order(&self) {}\npub fn stream<T>() {}\nfn hidden() {}\n";

    fn table_of(lines: &[&str]) -> Result<Vec<Endpoint>> {
        parse(&format!("{}\n{}\n", COLUMNS.join("\t"), lines.join("\n")))
    }

    #[test]
    fn names_what_is_wrong_with_a_line() {
        let good = "GET\torder\tone\ttyped\tget_order\torder\t\tdocumented";
        for (lines, why) in [
            (vec!["GET\torder"], "line 2: 2 cells"),
            (
                vec!["LOOK\torder\tone\tno\t\t\twhy\tdocumented"],
                "unknown method `LOOK`",
            ),
            (
                vec!["GET\torder\tone\tmaybe\t\t\twhy\tdocumented"],
                "covered is `maybe`",
            ),
            (
                vec!["GET\torder\tone\tno\t\t\twhy\tguessed"],
                "unknown grade `guessed`",
            ),
            (vec![good, good], "line 3: GET order stands twice"),
        ] {
            let said = table_of(&lines).unwrap_err();
            assert!(said.contains(why), "{said}");
        }
        assert!(parse("method\n").unwrap_err().contains("columns"));
    }

    #[test]
    fn a_claim_that_the_crate_does_not_keep_is_refused() {
        for (line, why) in [
            (
                "GET\torder\tone\ttyped\tget_order\torder\t\tdocumented",
                None,
            ),
            (
                "GET\torder\tone\ttyped\torders::stream\torder\t\tdocumented",
                None,
            ),
            ("GET\torder\tone\tno\t\t\twrites\tdocumented", None),
            (
                "GET\torder\tone\ttyped\tget_refund\torder\t\tdocumented",
                Some("no public `get_refund`"),
            ),
            (
                "GET\torder\tone\traw\thidden\t\tlater\tdocumented",
                Some("no public `hidden`"),
            ),
            (
                "GET\torder\tone\ttyped\tget_order\trefund\t\tdocumented",
                Some("no contract `refund`"),
            ),
            (
                "GET\torder\tone\tno\t\t\t\tdocumented",
                Some("a reason belongs"),
            ),
            (
                "GET\torder\tone\ttyped\tget_order\torder\tlater\tdocumented",
                Some("a reason belongs"),
            ),
            (
                "GET\torder\tone\tno\tget_order\t\tlater\tdocumented",
                Some("a call belongs"),
            ),
        ] {
            let endpoint = &table_of(&[line]).unwrap()[0];
            let said = endpoint.holds(SOURCE, &["order"]);
            match why {
                None => assert_eq!(said, Ok(()), "{line}"),
                Some(why) => assert!(said.unwrap_err().contains(why), "{line}"),
            }
        }
    }

    #[test]
    fn the_table_says_who_covers_what_and_why_not() {
        let endpoints = table_of(&[
            "GET\torder\tone\ttyped\tget_order\torder\t\tdocumented",
            "GET\tdispute\tone\traw\traw\t\tno schema\trecorded",
            "POST\torder\tmakes one\tno\t\t\twrites\tdocumented",
        ])
        .unwrap();
        let table = table(&endpoints);
        let lines: Vec<_> = table.lines().collect();
        assert_eq!(
            lines[0],
            "3 endpoints of the order family: 1 typed, 1 raw, 1 not covered."
        );
        assert_eq!(
            lines[4..],
            [
                "| `GET order` | one | documented | `get_order` | |",
                "| `GET dispute` | one | recorded | raw: `raw` | no schema |",
                "| `POST order` | makes one | documented | no | writes |",
            ]
        );
        let shown = shown(&VENDORS[0], &endpoints);
        assert!(shown.contains("\n  POST order   no"), "{shown}");
    }

    #[test]
    fn every_vendor_keeps_what_its_table_claims() {
        for vendor in &VENDORS {
            assert!(load(vendor).unwrap().len() >= 8, "{}", vendor.name);
        }
    }
}
