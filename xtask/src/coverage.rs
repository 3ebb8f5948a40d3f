//! `cargo xtask coverage`: the contracts against the types, in both directions.
//!
//! Forth: a body in which every field of the contract has a value of its own is decoded and written again; each value
//! must be found where it was. Back: each field that a type can read must stand in the contract.

use std::collections::{BTreeMap, BTreeSet};

use crate::contract::{self, Contract, Field, Grade};
use crate::endpoints;
use crate::generate::full;
use crate::json::Json;
use crate::recorder::Read;
use crate::vendors::{Shape, Types, VENDORS, Vendor};
use crate::workspace::{Result, root};

/// The parts of a crate's `ENDPOINTS.md` that this task writes.
const FIELDS: &str = "coverage";
const ENDPOINTS: &str = "endpoints";

pub(crate) fn run(check: bool) -> Result {
    let wrong: Vec<_> = VENDORS
        .iter()
        .flat_map(|vendor| cover(vendor, check).unwrap_or_else(|why| vec![why]))
        .collect();
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(wrong.join("\n"))
    }
}

/// One vendor's differences, a line each; its `ENDPOINTS.md` gets the tables.
fn cover(vendor: &Vendor, check: bool) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    let mut rows = vec![
        "| Fields of | documented | recorded | inferred | read and written again |".to_owned(),
        "|---|---|---|---|---|".to_owned(),
    ];
    let mut known = Vec::new();
    for shape in vendor.shapes {
        let Some(types) = &shape.types else {
            continue;
        };
        let contract = contract::load(vendor.name, shape.name)?;
        let lost = lost(vendor.name, shape, types, &contract)?;
        println!(
            "{}: {} fields of {}, {} do not survive",
            vendor.name,
            fields(shape, &contract).len(),
            shape.what,
            lost.len()
        );
        rows.push(row(shape, &contract, &lost));
        wrong.extend(lost.into_values());
        known.push((contract, (types.reads)()?));
    }
    let unnamed = unnamed(&known);
    println!(
        "{}: {} fields are read that no contract names",
        vendor.name,
        unnamed.len()
    );
    wrong.extend(unnamed);
    let endpoints = endpoints::load(vendor)?;
    println!("{}", endpoints::shown(vendor, &endpoints));
    let tables = [
        (FIELDS, rows.join("\n")),
        (ENDPOINTS, endpoints::table(&endpoints)),
    ];
    let page = format!("crates/{}/ENDPOINTS.md", vendor.package());
    wrong.extend(update(&page, &tables, check).err());
    Ok(wrong)
}

/// The contract's fields that do not survive, each with what happened to it.
fn lost(
    vendor: &str,
    shape: &Shape,
    types: &Types,
    contract: &Contract,
) -> Result<BTreeMap<String, String>> {
    let mut lost = BTreeMap::new();
    for place in shape.places {
        let sent = alone(full(contract, vendor), shape.places, place);
        let written = (types.rewrite)(&sent.pretty())
            .map_err(|why| format!("{vendor}, {}: {why}", shape.what))?;
        let got = Json::parse(&written)?;
        for field in contract.leaves_below(place) {
            let value = sent.get(&field.path).map(content);
            let found = got.get(&field.path).map(content);
            if value != found {
                let story = format!(
                    "{vendor}, {}: {} was sent as {} and came back as {}",
                    shape.what,
                    field.path,
                    shown(value.as_ref()),
                    shown(found.as_ref())
                );
                lost.insert(field.path.clone(), story);
            }
        }
    }
    Ok(lost)
}

/// A body without the things that stand at other places: it has one list of several.
fn alone(body: Json, places: &[&str], place: &str) -> Json {
    places
        .iter()
        .filter(|other| **other != place)
        .fold(body, |body, other| {
            body.without(other.trim_end_matches("[]"))
        })
}

fn shown(value: Option<&Json>) -> String {
    value.map_or("nothing".to_owned(), |json| json.pretty().trim().to_owned())
}

/// The fields with a value of their own that belong to the things themselves. What the body says around them is read
/// by the crate's envelope and is not part of a type.
fn fields<'a>(shape: &Shape, contract: &'a Contract) -> Vec<&'a Field> {
    let places = shape.places.iter();
    places
        .flat_map(|place| contract.leaves_below(place))
        .collect()
}

/// A value by its characters: `10.00` and `"10.00"` are the same, `10.00` and `10.0` are not.
fn content(value: &Json) -> Json {
    value.clone().map_leaves(&|_, leaf| match leaf {
        Json::Number(digits) => Json::Text(digits),
        Json::Bool(value) => Json::text(value.to_string()),
        other => other,
    })
}

/// Fields that a type reads and no contract names; each contract comes with what is read of its bodies. One Rust type
/// may stand for one concept in several places (a line item is a line item in an order, a refund and a parcel), so it
/// is enough that a contract names the field at one of them.
fn unnamed(known: &[(Contract, BTreeSet<Read>)]) -> Vec<String> {
    let mut places: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    let mut named = BTreeSet::new();
    for (contract, reads) in known {
        let paths: BTreeSet<&str> = contract
            .fields
            .iter()
            .map(|field| field.path.trim_end_matches("[]"))
            .collect();
        for read in reads {
            let key = read.path.rsplit('.').next().unwrap_or(&read.path);
            let field = (read.owner, key);
            places.entry(field).or_default().push(&read.path);
            if paths.contains(read.path.as_str()) {
                named.insert(field);
            }
        }
    }
    places
        .iter()
        .filter(|(field, _)| !named.contains(*field))
        .map(|((owner, key), paths)| {
            format!(
                "{owner} reads `{key}`, which no contract names at {}",
                paths.join(", ")
            )
        })
        .collect()
}

/// A shape's row of the README's table.
fn row(shape: &Shape, contract: &Contract, lost: &BTreeMap<String, String>) -> String {
    let fields = fields(shape, contract);
    let graded = |grade| fields.iter().filter(|field| field.grade == grade).count();
    let [documented, recorded, inferred] = Grade::ALL.map(graded);
    format!(
        "| {} | {documented} | {recorded} | {inferred} | {} of {} |",
        shape.what,
        fields.len() - lost.len(),
        fields.len()
    )
}

/// Puts the tables between the markers of a README, or fails because other ones stand there.
fn update(page: &str, tables: &[(&str, String)], check: bool) -> Result {
    let path = root().join(page);
    let text = std::fs::read_to_string(&path).map_err(|why| format!("{page}: {why}"))?;
    let mut current = text.clone();
    for (part, table) in tables {
        current = with_table(&current, part, table).ok_or_else(|| {
            format!("{page} lacks the lines <!-- {part}:begin --> and <!-- {part}:end -->")
        })?;
    }
    match check {
        true if current != text => Err(format!(
            "{page} shows other tables: run `cargo xtask coverage`"
        )),
        true => Ok(()),
        false => std::fs::write(&path, current).map_err(|why| format!("{page}: {why}")),
    }
}

fn with_table(text: &str, part: &str, table: &str) -> Option<String> {
    let (begin, end) = (
        format!("<!-- {part}:begin -->"),
        format!("<!-- {part}:end -->"),
    );
    let (before, rest) = text.split_once(&begin)?;
    let (_, after) = rest.split_once(&end)?;
    Some(format!("{before}{begin}\n{table}\n{end}{after}"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn contract() -> Contract {
        "path\ttype\trequired\tformat\tvalues\tgrade\tnote\n\
         rows[]\tobject[]\tno\tlist\t\tdocumented\t\n\
         rows[].id\tstring\tno\tid\t\tdocumented\t\n\
         rows[].total\tnumber\tno\tdecimal\t\trecorded\t\n\
         rows[].urls[]\tstring\tno\turl\t\trecorded\t\n\
         others[]\tobject[]\tno\tsame\t#rows[]\tinferred\t\n"
            .parse()
            .unwrap()
    }

    fn shape(places: &'static [&'static str], rewrite: fn(&str) -> Result<String>) -> Shape {
        Shape {
            name: "contract",
            what: "a row",
            places,
            bodies: |_| Ok(Vec::new()),
            types: Some(Types {
                rewrite,
                reads: || Ok(BTreeSet::new()),
            }),
        }
    }

    fn lost_by(shape: &Shape) -> BTreeMap<String, String> {
        lost("clink", shape, shape.types.as_ref().unwrap(), &contract()).unwrap()
    }

    #[test]
    fn what_survives_is_not_lost_whatever_its_spelling() {
        let as_text = |body: &str| {
            let body = Json::parse(body)?.map_leaves(&|_, leaf| content(&leaf));
            Ok(body.pretty())
        };
        assert!(lost_by(&shape(&["rows[]"], as_text)).is_empty());
    }

    #[test]
    fn a_changed_scale_and_a_missing_field_are_lost() {
        let careless = |body: &str| {
            let body = Json::parse(body)?
                .without("rows[].urls")
                .with("rows[].total", Json::number("11.3500"));
            Ok(body.pretty())
        };
        let shape = shape(&["rows[]"], careless);
        let lost = lost_by(&shape);
        assert_eq!(
            lost.keys().collect::<Vec<_>>(),
            ["rows[].total", "rows[].urls[]"]
        );
        assert!(
            lost["rows[].total"].ends_with("was sent as \"11.35\" and came back as \"11.3500\""),
            "{lost:?}"
        );
        assert_eq!(
            row(&shape, &contract(), &lost),
            "| a row | 1 | 2 | 0 | 1 of 3 |"
        );
    }

    #[test]
    fn each_list_of_a_body_is_sent_alone() {
        let one_list = |body: &str| match Json::parse(body)? {
            Json::Object(members) if members.len() == 1 => Ok(body.to_owned()),
            other => Err(format!("{} lists", other.pretty().matches("id").count())),
        };
        let shape = shape(&["rows[]", "others[]"], one_list);
        let lost = lost_by(&shape);
        assert!(lost.is_empty());
        assert_eq!(
            row(&shape, &contract(), &lost),
            "| a row | 1 | 2 | 3 | 6 of 6 |"
        );
    }

    #[test]
    fn a_field_of_a_type_is_known_if_a_contract_names_it_at_one_of_its_places() {
        let read = |owner, path: &str| Read {
            owner,
            path: path.to_owned(),
        };
        let reads = BTreeSet::from([
            read("Order", "rows[].id"),
            read("Order", "rows[].urls"),
            read("Order", "rows[].invented"),
            read("Line", "rows[].line.total"),
            read("Line", "rows[].total"),
        ]);
        // The other body holds the same type, and its contract says less.
        let alone = (
            contract().only("rows[].id"),
            BTreeSet::from([read("Order", "rows[].urls")]),
        );
        assert_eq!(
            unnamed(&[alone, (contract(), reads)]),
            ["Order reads `invented`, which no contract names at rows[].invented"]
        );
    }

    #[test]
    fn the_types_read_every_harmless_variant() {
        for (vendor, shape) in VENDORS
            .iter()
            .flat_map(|vendor| vendor.shapes.iter().map(move |shape| (vendor, shape)))
        {
            let Some(types) = &shape.types else {
                continue;
            };
            let contract = contract::load(vendor.name, shape.name).unwrap();
            for body in (shape.bodies)(&contract).unwrap() {
                let harmless = [
                    "full",
                    "minimal",
                    "nulls-inside",
                    "numbers-as-text",
                    "text-as-numbers",
                    "drift",
                    "drift-words",
                    "ordinary",
                    "recorded",
                    "page-1",
                    "page-2",
                ];
                // An order by itself of which nothing says which it is cannot be read.
                let nameless = shape.name == "detail" && body.name == "nulls-inside.json";
                let named = |name: &&str| body.name == format!("{name}.json");
                if harmless.iter().any(named) && !nameless {
                    let read = (types.rewrite)(&body.text);
                    assert!(
                        read.is_ok(),
                        "{} {} {}: {read:?}",
                        vendor.name,
                        shape.name,
                        body.name
                    );
                }
            }
        }
    }

    #[test]
    fn only_the_lines_between_the_markers_change() {
        let (begin, end) = ("<!-- coverage:begin -->", "<!-- coverage:end -->");
        let page = format!("# A\n{begin}\nold\n{end}\nB\n<!-- endpoints:begin -->\n");
        let updated = with_table(&page, FIELDS, "new").unwrap();
        assert_eq!(
            updated,
            format!("# A\n{begin}\nnew\n{end}\nB\n<!-- endpoints:begin -->\n")
        );
        assert_eq!(with_table(&updated, FIELDS, "new").unwrap(), updated);
        assert_eq!(with_table(&updated, ENDPOINTS, "new"), None);
        assert_eq!(with_table("# A\n", FIELDS, "new"), None);
    }
}
