//! Response bodies made from the contracts: the same ones every time.

pub(crate) mod clink;
pub(crate) mod linkbest;
pub(crate) mod shopline;
mod values;

use crate::contract::{Contract, Field};
use crate::json::Json;

pub(crate) use values::Dice;
use values::value;

/// One fixture file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Body {
    pub(crate) name: String,
    pub(crate) text: String,
}

impl Body {
    fn json(name: &str, json: &Json) -> Self {
        Self {
            name: format!("{name}.json"),
            text: json.pretty(),
        }
    }

    fn raw(name: &str, text: &str) -> Self {
        Self {
            name: name.to_owned(),
            text: text.to_owned(),
        }
    }
}

/// Every field of the contract, each with a value of its own.
pub(crate) fn full(contract: &Contract, vendor: &str) -> Json {
    let mut body = Json::Null;
    for (place, field) in contract.leaves().enumerate() {
        *body.at(&field.path) = value(field, vendor, place);
    }
    body
}

/// Two orders that say nothing: one whose members are null, one whose innermost members are.
fn nulls(contract: &Contract, vendor: &str, orders: &str) -> Json {
    let mut body = full(contract, vendor);
    let order = body.at(orders).clone();
    let shallow = match order.clone() {
        Json::Object(members) => Json::Object(
            members
                .into_iter()
                .map(|(key, _)| (key, Json::Null))
                .collect(),
        ),
        other => other,
    };
    let deep = order.map_leaves(&|_, _| Json::Null);
    let list = orders.trim_end_matches("[]");
    body.with(list, Json::List(vec![shallow, deep]))
}

/// The full body with every number written as text.
fn numbers_as_text(contract: &Contract, vendor: &str) -> Json {
    full(contract, vendor).map_leaves(&|_, value| match value {
        Json::Number(digits) => Json::Text(digits),
        other => other,
    })
}

/// The full body with numbers wherever text can be one: ids, codes, amounts, names.
fn text_as_numbers(contract: &Contract, vendor: &str) -> Json {
    full(contract, vendor).map_leaves(&|path, value| {
        let Json::Text(text) = value else {
            return value;
        };
        let format = contract
            .field(path)
            .map(|field: &Field| field.format.as_str());
        let is_number = Json::parse(&text).is_ok_and(|json| matches!(json, Json::Number(_)));
        match format {
            _ if is_number => Json::Number(text),
            Some("id" | "text") => Json::number(Dice::new(path).digits(9)),
            _ => Json::Text(text),
        }
    })
}

/// The bodies that are made the same way for every vendor.
fn common(contract: &Contract, vendor: &str, orders: &str) -> Vec<Body> {
    vec![
        Body::json("full", &full(contract, vendor)),
        Body::json("nulls", &nulls(contract, vendor, orders)),
        Body::json("numbers-as-text", &numbers_as_text(contract, vendor)),
        Body::json("text-as-numbers", &text_as_numbers(contract, vendor)),
    ]
}

/// Fields and nested fields nobody documented; each vendor adds unknown words of its own.
fn drift(body: Json, orders: &str) -> Json {
    body.with(
        "envelopeNews",
        Json::text("a field of the envelope that no page names"),
    )
    .with(
        &format!("{orders}.orderNews"),
        Json::number("12345678901234567.890"),
    )
    .with(
        &format!("{orders}.orderNewsObject"),
        Json::object([("inner", Json::List(vec![Json::number("1.10"), Json::Null]))]),
    )
}

/// `cents` as major units with two places.
fn two_places(cents: u64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::vendors::VENDORS;

    #[test]
    fn a_full_body_has_every_leaf_and_no_free_value_twice() {
        for vendor in &VENDORS {
            let contract = Contract::load(vendor.name).unwrap();
            let mut body = full(&contract, vendor.name);
            let mut seen: HashMap<String, &str> = HashMap::new();
            for field in contract.leaves() {
                let value = body.at(&field.path).clone();
                assert_ne!(value, Json::Null, "{}", field.path);
                if matches!(
                    field.format.as_str(),
                    "word" | "boolean" | "currency" | "country" | "integer:code"
                ) || !field.values.is_empty()
                {
                    continue;
                }
                let twin = seen.insert(value.pretty(), &field.path);
                assert_eq!(twin, None, "{} has the value of another field", field.path);
            }
        }
    }

    #[test]
    fn bodies_are_the_same_every_time_and_named_once() {
        for vendor in &VENDORS {
            let contract = Contract::load(vendor.name).unwrap();
            let bodies = (vendor.bodies)(&contract).unwrap();
            assert_eq!(bodies, (vendor.bodies)(&contract).unwrap());
            let mut names: Vec<_> = bodies.iter().map(|body| &body.name).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), bodies.len());
        }
    }

    #[test]
    fn json_files_are_json() {
        for vendor in &VENDORS {
            let contract = Contract::load(vendor.name).unwrap();
            for body in (vendor.bodies)(&contract).unwrap() {
                let is_json = Json::parse(&body.text).is_ok();
                assert_eq!(is_json, body.name.ends_with(".json"), "{}", body.name);
            }
        }
    }
}
