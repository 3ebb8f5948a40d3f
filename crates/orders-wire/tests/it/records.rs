use bytes::Bytes;
use orders_wire::{Record, Text, decode, records};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_with::serde_as;

#[serde_as]
#[derive(Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default)]
struct Row {
    #[serde_as(as = "Text")]
    id: Option<String>,
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    rows: &'a RawValue,
}

fn read(body: &'static str) -> Result<Vec<Record<Row>>, String> {
    let body = Bytes::from_static(body.as_bytes());
    let envelope: Envelope<'_> = decode(&body).map_err(|e| e.to_string())?;
    records(&body, envelope.rows, "rows").map_err(|e| e.to_string())
}

#[test]
fn the_raw_record_is_byte_equal_and_shares_the_body() {
    let text = r#"{"rows": [ {"id" : 1.0, "x":[1, 2]} ,null, {"id":"2"}]}"#;
    let rows = read(text).unwrap();
    assert_eq!(rows[0].raw.as_str(), r#"{"id" : 1.0, "x":[1, 2]}"#);
    assert_eq!(rows[0].id.as_deref(), Some("1.0"));
    assert_eq!(rows.len(), 2);
    let raw = rows[1].raw.clone().into_bytes();
    assert!(
        text.as_bytes().as_ptr_range().contains(&raw.as_ptr()),
        "a slice of the body"
    );
    let own = rows[1].raw.detach();
    assert_eq!(own, rows[1].raw);
    assert!(
        !text
            .as_bytes()
            .as_ptr_range()
            .contains(&own.into_bytes().as_ptr())
    );
}

#[test]
fn a_list_may_be_keyed_or_null() {
    assert_eq!(
        read(r#"{"rows":{"0":{"id":1},"7":{"id":2}}}"#)
            .unwrap()
            .len(),
        2
    );
    assert_eq!(read(r#"{"rows":null}"#).unwrap().len(), 0);
}

#[test]
fn an_error_names_the_whole_path() {
    let error = read(r#"{"rows":[{"id":1},{"id":[]}]}"#).unwrap_err();
    assert!(error.ends_with("at rows[1].id"), "{error}");
    let error = read(r#"{"rows":"none"}"#).unwrap_err();
    assert!(error.ends_with("at rows"), "{error}");
    for (row, kind) in [
        ("[1]", "a list"),
        ("7", "a number"),
        ("\"x\"", "a string"),
        ("true", "a boolean"),
    ] {
        let body: &'static str = Box::leak(format!(r#"{{"rows":[{row}]}}"#).into_boxed_str());
        assert_eq!(
            read(body).unwrap_err(),
            format!("expected an object, got {kind} at rows[0]")
        );
    }
    let error = read(r#"{"rows":[{"id":1}"#).unwrap_err();
    assert!(error.contains("EOF"), "{error}");
}

#[test]
fn a_bare_record_is_read() {
    let record = Record::<Row>::read(&Bytes::from_static(b" {\"id\": 5} ")).unwrap();
    assert_eq!(
        (record.id.as_deref(), record.raw.as_str()),
        (Some("5"), "{\"id\": 5}")
    );
}

#[test]
fn bad_utf_8_and_a_byte_order_mark() {
    assert!(
        decode::<Row>(b"{\"id\":\"\xff\"}")
            .unwrap_err()
            .to_string()
            .contains("UTF-8 (at byte 7)")
    );
    assert_eq!(
        decode::<Row>(b"\xef\xbb\xbf{\"id\":1}")
            .unwrap()
            .id
            .as_deref(),
        Some("1")
    );
}

#[test]
fn debug_of_a_record_does_not_show_its_text() {
    let record = Record::<Row>::read(&Bytes::from_static(b"{\"secret\":\"hidden\"}")).unwrap();
    assert!(!format!("{record:?}").contains("hidden"));
}
