use orders_wire::{Exact, ExactNumber, decode_text};
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_with::serde_as;

#[serde_as]
#[derive(Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default)]
struct Amounts {
    #[serde_as(as = "Exact")]
    text: Option<Decimal>,
    #[serde_as(as = "ExactNumber")]
    number: Option<Decimal>,
}

#[serde_as]
#[derive(Debug, PartialEq, Deserialize, Serialize)]
struct Required {
    #[serde_as(as = "Exact")]
    v: Decimal,
}

fn read(json: &str) -> Result<String, String> {
    let body = format!(r#"{{"v":{json}}}"#);
    decode_text::<Required>(&body)
        .map(|r| r.v.to_string())
        .map_err(|e| e.to_string())
}

#[test]
fn numbers_and_strings_keep_value_and_scale() {
    for text in [
        "9.99",
        "10.00",
        "0.1",
        "12345678901234567.89",
        "-0.00",
        "79228162514264337593543950335",
        "18446744073709551616",
        "0",
        "-1",
    ] {
        assert_eq!(read(text).unwrap(), text);
        assert_eq!(read(&format!("\"{text}\"")).unwrap(), text);
    }
    assert_eq!(read("1e2").unwrap(), "100");
    assert_eq!(read("1.10e1").unwrap(), "11.0");
    assert_eq!(read(r#""\u0039.99""#).unwrap(), "9.99");
}

#[test]
fn what_cannot_be_kept_is_an_error_that_names_the_field() {
    for json in [
        "79228162514264337593543950336",
        "0.12345678901234567890123456789012345",
        "1e400",
        "\"1_000\"",
        "\"+1\"",
        "\".5\"",
        "\"1,000.00\"",
        "\" 9.99\"",
        "\"abc\"",
        "true",
        "{}",
        "[]",
        "\"\"",
        "null",
    ] {
        let error = read(json).unwrap_err();
        assert!(error.contains(" at v"), "{json}: {error}");
    }
}

#[test]
fn nothing_is_none_for_an_option() {
    for json in [
        "{}",
        r#"{"text":null,"number":null}"#,
        r#"{"text":"","number":""}"#,
    ] {
        assert_eq!(decode_text::<Amounts>(json).unwrap(), Amounts::default());
    }
}

#[test]
fn one_writer_writes_strings_the_other_numbers() {
    let amounts: Amounts = decode_text(r#"{"text":10.00,"number":"10.00"}"#).unwrap();
    assert_eq!(
        serde_json::to_string(&amounts).unwrap(),
        r#"{"text":"10.00","number":10.00}"#
    );
}

proptest! {
    #[test]
    fn any_decimal_text_survives(mantissa in any::<i128>(), scale in 0u32..=28) {
        let decimal = Decimal::try_from_i128_with_scale(mantissa % (1 << 96), scale).unwrap();
        let json = format!(r#"{{"text":"{decimal}","number":{decimal}}}"#);
        let amounts: Amounts = decode_text(&json).unwrap();
        prop_assert_eq!(serde_json::to_string(&amounts).unwrap(), json);
    }
}
