//! Response bodies made from the contracts: the same ones every time.

pub(crate) mod clink;
pub(crate) mod linkbest;
pub(crate) mod shopline;
mod values;

use crate::contract::{Contract, Field};
use crate::json::{Json, join};

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

/// Things that say nothing: one whose members are null, one whose innermost members are. Both are in one list, or in
/// a body each.
fn nulls(contract: &Contract, vendor: &str, place: &str) -> Vec<Body> {
    let mut body = full(contract, vendor);
    let thing = body.at(place).clone();
    let shallow = match thing.clone() {
        Json::Object(members) => Json::Object(
            members
                .into_iter()
                .map(|(key, _)| (key, Json::Null))
                .collect(),
        ),
        other => other,
    };
    let deep = thing.map_leaves(&|_, _| Json::Null);
    match place.strip_suffix("[]") {
        Some(list) => {
            let both = Json::List(vec![shallow, deep]);
            vec![Body::json("nulls", &body.with(list, both))]
        }
        None => vec![
            Body::json("nulls", &body.clone().with(place, shallow)),
            Body::json("nulls-inside", &body.with(place, deep)),
        ],
    }
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

/// The bodies that are made the same way for every shape.
fn common(contract: &Contract, vendor: &str, place: &str) -> Vec<Body> {
    let mut bodies = vec![
        Body::json("full", &full(contract, vendor)),
        Body::json("numbers-as-text", &numbers_as_text(contract, vendor)),
        Body::json("text-as-numbers", &text_as_numbers(contract, vendor)),
    ];
    bodies.extend(nulls(contract, vendor, place));
    bodies
}

/// The bodies of a small shape: the common ones, the drift, and the one that says least.
fn simple(contract: &Contract, vendor: &str, place: &str, least: Json) -> Vec<Body> {
    let mut bodies = common(contract, vendor, place);
    bodies.push(Body::json("drift", &drift(full(contract, vendor), place)));
    bodies.push(Body::json("minimal", &least));
    bodies
}

/// Fields and nested fields nobody documented; each vendor adds unknown words of its own.
fn drift(body: Json, place: &str) -> Json {
    body.with(
        "envelopeNews",
        Json::text("a field of the envelope that no page names"),
    )
    .with(
        &join(place, "orderNews"),
        Json::number("12345678901234567.890"),
    )
    .with(
        &join(place, "orderNewsObject"),
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
    use crate::vendors::{Shape, VENDORS};

    /// Each shape with the name of its vendor, its contract and its bodies.
    fn shapes() -> Vec<(&'static str, &'static Shape, Contract, Vec<Body>)> {
        let mut all = Vec::new();
        for vendor in &VENDORS {
            for shape in vendor.shapes {
                let contract = crate::contract::load(vendor.name, shape.name).unwrap();
                let bodies = (shape.bodies)(&contract).unwrap();
                all.push((vendor.name, shape, contract, bodies));
            }
        }
        all
    }

    #[test]
    fn a_full_body_has_every_leaf_and_no_free_value_twice() {
        for (vendor, _, contract, _) in shapes() {
            let mut body = full(&contract, vendor);
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
        for (vendor, shape, contract, bodies) in shapes() {
            assert!(!bodies.is_empty(), "{vendor} {}", shape.name);
            assert_eq!(bodies, (shape.bodies)(&contract).unwrap());
            let mut names: Vec<_> = bodies.iter().map(|body| &body.name).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), bodies.len(), "{vendor} {}", shape.name);
        }
    }

    #[test]
    fn json_files_are_json() {
        for (_, _, _, bodies) in shapes() {
            for body in bodies {
                let is_json = Json::parse(&body.text).is_ok();
                assert_eq!(is_json, body.name.ends_with(".json"), "{}", body.name);
            }
        }
    }

    #[test]
    fn a_thing_alone_has_a_body_for_each_kind_of_nothing() {
        let contract: Contract = "path\ttype\trequired\tformat\tvalues\tgrade\tnote\n\
             data\tobject\tno\tobject\t\tdocumented\t\n\
             data.id\tstring\tno\tid\t\tdocumented\t\n\
             data.price\tobject\tno\tobject\t\tdocumented\t\n\
             data.price.unit\tnumber\tno\tdecimal:4\t\tdocumented\t\n"
            .parse()
            .unwrap();
        let texts = |bodies: Vec<Body>| -> Vec<String> {
            let flat = |body: Body| body.text.split_whitespace().collect();
            bodies.into_iter().map(flat).collect()
        };
        assert_eq!(
            texts(nulls(&contract, "clink", "data")),
            [
                r#"{"data":{"id":null,"price":null}}"#,
                r#"{"data":{"id":null,"price":{"unit":null}}}"#
            ]
        );
        let bare = contract.only("data.price");
        assert_eq!(texts(nulls(&bare, "clink", "")).len(), 2);
        assert!(full(&contract, "clink").pretty().contains("11.1235"));
    }
}
