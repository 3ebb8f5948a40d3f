//! Where serde or another crate's features stand between the text and the adapter: exact or refused, never wrong.

use orders_wire::{Exact, Text};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_with::serde_as;

const NUMBER: &str = "12345678901234567.10";

#[serde_as]
#[derive(Debug, Deserialize)]
struct Amount {
    #[serde_as(as = "Exact")]
    v: Decimal,
}

#[derive(Debug, Deserialize)]
struct Flattened {
    #[serde(flatten)]
    inner: Amount,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Untagged {
    Amount(Amount),
}

#[serde_as]
#[derive(Debug, Deserialize)]
struct BesideFlatten {
    #[serde_as(as = "Exact")]
    v: Decimal,
    #[serde(flatten)]
    #[allow(dead_code)]
    rest: std::collections::BTreeMap<String, serde_json::Value>,
}

/// What the user's own types do must not depend on us.
#[derive(Debug, Deserialize)]
struct UsersOwn {
    #[serde(flatten)]
    inner: UsersInner,
}

#[derive(Debug, Deserialize)]
struct UsersInner {
    v: i64,
}

fn exact_or_refused(read: Result<Decimal, String>) {
    match read {
        Ok(decimal) => assert_eq!(decimal.to_string(), NUMBER),
        Err(error) => assert!(!error.is_empty()),
    }
}

fn json() -> String {
    format!(r#"{{"v":{NUMBER}}}"#)
}

#[test]
fn through_value_a_fraction_is_exact_or_refused() {
    let value: serde_json::Value = serde_json::from_str(&json()).unwrap();
    exact_or_refused(
        serde_json::from_value::<Amount>(value)
            .map(|a| a.v)
            .map_err(|e| e.to_string()),
    );
}

#[test]
fn through_a_buffer_a_fraction_is_exact_or_refused() {
    let text = json();
    exact_or_refused(
        serde_json::from_str::<Flattened>(&text)
            .map(|a| a.inner.v)
            .map_err(|e| e.to_string()),
    );
    let untagged = serde_json::from_str::<Untagged>(&text).map_err(|e| e.to_string());
    exact_or_refused(untagged.map(|Untagged::Amount(a)| a.v));
    exact_or_refused(
        serde_json::from_reader::<_, Amount>(text.as_bytes())
            .map(|a| a.v)
            .map_err(|e| e.to_string()),
    );
}

#[test]
fn through_a_buffer_strings_and_integers_work() {
    for (json, text) in [(r#"{"v":"10.00"}"#, "10.00"), (r#"{"v":10}"#, "10")] {
        let value: serde_json::Value = serde_json::from_str(json).unwrap();
        assert_eq!(
            serde_json::from_value::<Amount>(value)
                .unwrap()
                .v
                .to_string(),
            text
        );
        assert_eq!(
            serde_json::from_str::<Flattened>(json)
                .unwrap()
                .inner
                .v
                .to_string(),
            text
        );
        let Untagged::Amount(amount) = serde_json::from_str(json).unwrap();
        assert_eq!(amount.v.to_string(), text);
    }
}

#[test]
fn a_named_field_beside_flatten_is_exact() {
    let amount: BesideFlatten = serde_json::from_str(&json()).unwrap();
    assert_eq!(amount.v.to_string(), NUMBER);
}

#[test]
fn the_wrappers_that_name_paths_are_exact() {
    let text = json();
    let deserializer = &mut serde_json::Deserializer::from_str(&text);
    let amount: Amount = serde_path_to_error::deserialize(deserializer).unwrap();
    assert_eq!(amount.v.to_string(), NUMBER);
    let deserializer = &mut serde_json::Deserializer::from_str(&text);
    let amount: Amount = serde_ignored::deserialize(deserializer, |_| {}).unwrap();
    assert_eq!(amount.v.to_string(), NUMBER);
}

#[test]
fn a_long_id_through_a_value_is_exact_or_refused() {
    #[serde_as]
    #[derive(Deserialize)]
    struct Id {
        #[serde_as(as = "Text")]
        id: String,
    }
    let json = r#"{"id":21076844529148410284138412}"#;
    assert_eq!(
        serde_json::from_str::<Id>(json).unwrap().id,
        "21076844529148410284138412"
    );
    let value: serde_json::Value = serde_json::from_str(json).unwrap();
    if let Ok(id) = serde_json::from_value::<Id>(value) {
        assert_eq!(id.id, "21076844529148410284138412");
    }
}

#[test]
fn the_users_own_types_are_left_alone() {
    assert_eq!(
        serde_json::from_str::<UsersOwn>(r#"{"v":5}"#)
            .unwrap()
            .inner
            .v,
        5
    );
    let plain: serde_json::Value = serde_json::from_str("1.5").unwrap();
    assert_eq!(plain.as_f64(), Some(1.5));
}

#[test]
fn a_number_becomes_text_in_a_value_and_comes_back_whole() {
    #[serde_as]
    #[derive(Debug, PartialEq, Deserialize, serde::Serialize)]
    struct Priced {
        #[serde_as(as = "orders_wire::ExactNumber")]
        v: Option<Decimal>,
    }
    for text in ["10.00", NUMBER, "-0.00", "7"] {
        let json = format!(r#"{{"v":{text}}}"#);
        let priced: Priced = serde_json::from_str(&json).unwrap();
        assert_eq!(serde_json::to_string(&priced).unwrap(), json);
        let pretty = serde_json::to_string_pretty(&priced).unwrap();
        assert!(pretty.contains(&format!(": {text}")), "{pretty}");
        let value = serde_json::to_value(&priced).unwrap();
        assert_eq!(value["v"], text);
        let again: Priced = serde_json::from_value(value).unwrap();
        assert_eq!(serde_json::to_string(&again).unwrap(), json);
    }
}
