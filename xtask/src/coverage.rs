//! `cargo xtask coverage`: the contracts against the types, in both directions.
//!
//! Forth: a body in which every field of the contract has a value of its own is decoded and written again; each value
//! must be found where it was. Back: each field that a type can read must stand in the contract.

use std::collections::{BTreeMap, BTreeSet};

use crate::contract::{Contract, Field, Grade};
use crate::generate::full;
use crate::json::Json;
use crate::recorder::Read;
use crate::vendors::{VENDORS, Vendor};
use crate::{Result, root};

const BEGIN: &str = "<!-- coverage:begin -->";
const END: &str = "<!-- coverage:end -->";

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

/// One vendor's differences, a line each; its README gets the table.
fn cover(vendor: &Vendor, check: bool) -> Result<Vec<String>> {
    let contract = Contract::load(vendor.name)?;
    let lost = lost(vendor, &contract)?;
    let unnamed = unnamed(&contract, &(vendor.reads)()?);
    println!(
        "{}: {} fields of an order, {} do not survive, {} are read that the contract does not name",
        vendor.name,
        order_leaves(vendor, &contract).count(),
        lost.len(),
        unnamed.len()
    );
    let readme = format!("crates/{}/README.md", vendor.package());
    let outdated = update(&readme, &table(vendor, &contract, &lost), check).err();
    Ok(lost.into_values().chain(unnamed).chain(outdated).collect())
}

/// The contract's fields that do not survive, each with what happened to it.
fn lost(vendor: &Vendor, contract: &Contract) -> Result<BTreeMap<String, String>> {
    let sent = full(contract, vendor.name);
    let written =
        (vendor.rewrite)(&sent.pretty()).map_err(|why| format!("{}: {why}", vendor.name))?;
    let got = Json::parse(&written)?;
    let mut lost = BTreeMap::new();
    for field in order_leaves(vendor, contract) {
        let value = sent.get(&field.path).map(content);
        let found = got.get(&field.path).map(content);
        if value != found {
            let shown = |value: &Option<Json>| {
                value
                    .as_ref()
                    .map_or("nothing".to_owned(), |json| json.pretty().trim().to_owned())
            };
            let story = format!(
                "{}: {} was sent as {} and came back as {}",
                vendor.name,
                field.path,
                shown(&value),
                shown(&found)
            );
            lost.insert(field.path.clone(), story);
        }
    }
    Ok(lost)
}

/// The fields with a value of their own that belong to an order. What the body says around the orders is read by the
/// crate's envelope and is not part of a type.
fn order_leaves<'a>(vendor: &Vendor, contract: &'a Contract) -> impl Iterator<Item = &'a Field> {
    let orders = format!("{}.", vendor.orders);
    contract
        .leaves()
        .filter(move |field| field.path.starts_with(&orders))
}

/// A value by its characters: `10.00` and `"10.00"` are the same, `10.00` and `10.0` are not.
fn content(value: &Json) -> Json {
    value.clone().map_leaves(&|_, leaf| match leaf {
        Json::Number(digits) => Json::Text(digits),
        Json::Bool(value) => Json::text(value.to_string()),
        other => other,
    })
}

/// Fields that a type reads and the contract does not name. One Rust type may stand for one concept in several
/// places (a line item is a line item in an order, a refund and a parcel), so it is enough that the contract names
/// the field at one of them.
fn unnamed(contract: &Contract, reads: &BTreeSet<Read>) -> Vec<String> {
    let mut places: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for read in reads {
        let key = read.path.rsplit('.').next().unwrap_or(&read.path);
        places
            .entry((read.owner, key))
            .or_default()
            .push(&read.path);
    }
    let known: BTreeSet<&str> = contract
        .fields
        .iter()
        .map(|field| field.path.trim_end_matches("[]"))
        .collect();
    places
        .iter()
        .filter(|(_, paths)| !paths.iter().any(|path| known.contains(path)))
        .map(|((owner, key), paths)| {
            format!(
                "{owner} reads `{key}`, which the contract does not name at {}",
                paths.join(", ")
            )
        })
        .collect()
}

/// The README's table, by grade.
fn table(vendor: &Vendor, contract: &Contract, lost: &BTreeMap<String, String>) -> String {
    let mut lines = vec![
        "| Fields of an order | in the contract | read and written again |".to_owned(),
        "|---|---|---|".to_owned(),
    ];
    let mut row = |title: &str, grades: &[Grade]| {
        let fields: Vec<_> = order_leaves(vendor, contract)
            .filter(|field| grades.contains(&field.grade))
            .collect();
        let covered = fields
            .iter()
            .filter(|field| !lost.contains_key(&field.path))
            .count();
        if !fields.is_empty() {
            lines.push(format!("| {title} | {} | {covered} |", fields.len()));
        }
    };
    for grade in Grade::ALL {
        row(grade.word(), &[grade]);
    }
    row("all", &Grade::ALL);
    lines.join("\n")
}

/// Puts the table between the markers of a README, or fails because another one stands there.
fn update(readme: &str, table: &str, check: bool) -> Result {
    let path = root().join(readme);
    let text = std::fs::read_to_string(&path).map_err(|why| format!("{readme}: {why}"))?;
    let current = with_table(&text, table)
        .ok_or_else(|| format!("{readme} lacks the lines {BEGIN} and {END}"))?;
    match check {
        true if current != text => Err(format!(
            "{readme} shows another table: run `cargo xtask coverage`"
        )),
        true => Ok(()),
        false => std::fs::write(&path, current).map_err(|why| format!("{readme}: {why}")),
    }
}

fn with_table(text: &str, table: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{table}\n{END}{after}"))
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
         rows[].urls[]\tstring\tno\turl\t\trecorded\t\n"
            .parse()
            .unwrap()
    }

    fn vendor(rewrite: fn(&str) -> Result<String>) -> Vendor {
        Vendor {
            name: "clink",
            orders: "rows[]",
            bodies: |_| Ok(Vec::new()),
            rewrite,
            reads: || Ok(BTreeSet::new()),
        }
    }

    #[test]
    fn what_survives_is_not_lost_whatever_its_spelling() {
        let as_text = |body: &str| {
            let body = Json::parse(body)?.map_leaves(&|_, leaf| content(&leaf));
            Ok(body.pretty())
        };
        assert!(lost(&vendor(as_text), &contract()).unwrap().is_empty());
    }

    #[test]
    fn a_changed_scale_and_a_missing_field_are_lost() {
        let careless = |body: &str| {
            let body = Json::parse(body)?
                .without("rows[].urls")
                .with("rows[].total", Json::number("11.3500"));
            Ok(body.pretty())
        };
        let lost = lost(&vendor(careless), &contract()).unwrap();
        assert_eq!(
            lost.keys().collect::<Vec<_>>(),
            ["rows[].total", "rows[].urls[]"]
        );
        assert!(
            lost["rows[].total"].ends_with("was sent as \"11.35\" and came back as \"11.3500\""),
            "{lost:?}"
        );
        let table = table(&vendor(careless), &contract(), &lost);
        assert!(
            table.ends_with("| documented | 1 | 1 |\n| recorded | 2 | 0 |\n| all | 3 | 1 |"),
            "{table}"
        );
    }

    #[test]
    fn a_field_of_a_type_is_known_if_the_contract_names_it_at_one_of_its_places() {
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
        assert_eq!(
            unnamed(&contract(), &reads),
            ["Order reads `invented`, which the contract does not name at rows[].invented"]
        );
    }

    #[test]
    fn the_types_read_every_harmless_variant() {
        for vendor in &VENDORS {
            let contract = Contract::load(vendor.name).unwrap();
            for body in (vendor.bodies)(&contract).unwrap() {
                let harmless = [
                    "full",
                    "minimal",
                    "nulls",
                    "numbers-as-text",
                    "text-as-numbers",
                    "drift",
                    "page-1",
                    "page-2",
                ];
                if harmless
                    .iter()
                    .any(|name| body.name == format!("{name}.json"))
                {
                    let read = (vendor.rewrite)(&body.text);
                    assert!(read.is_ok(), "{} {}: {read:?}", vendor.name, body.name);
                }
            }
        }
    }

    #[test]
    fn only_the_lines_between_the_markers_change() {
        let readme = format!("# A\n{BEGIN}\nold\n{END}\nB\n");
        let updated = with_table(&readme, "new").unwrap();
        assert_eq!(updated, format!("# A\n{BEGIN}\nnew\n{END}\nB\n"));
        assert_eq!(with_table(&updated, "new").unwrap(), updated);
        assert_eq!(with_table("# A\n", "new"), None);
    }
}
