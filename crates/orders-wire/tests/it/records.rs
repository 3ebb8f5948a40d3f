use bytes::Bytes;
use orders_wire::{
    AnyJson, Exact, JsonType, List, Members, Object, Record, Row, RowError, Rows, Strict, Text,
    decode,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_with::{serde_as, skip_serializing_none};

#[serde_as]
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default)]
struct Order {
    #[serde_as(as = "Text")]
    id: Option<String>,
    #[serde_as(as = "Exact")]
    total: Option<Decimal>,
    #[serde_as(as = "Text")]
    note: Option<String>,
    #[serde_as(as = "Option<Object>")]
    buyer: Option<Buyer>,
    #[serde_as(as = "List")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    lines: Vec<Line>,
    metadata: Option<AnyJson>,
}

#[serde_as]
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default)]
struct Buyer {
    #[serde_as(as = "Text")]
    name: Option<String>,
    #[serde_as(as = "Text")]
    phone: Option<String>,
}

#[serde_as]
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default)]
struct Line {
    #[serde_as(as = "Exact")]
    price: Option<Decimal>,
    #[serde_as(as = "Text")]
    sku: Option<String>,
}

const LINE: Strict = Strict::new(&["price"], &[]);

impl Row for Order {
    const IDENTITY: &'static [&'static str] = &["id"];
    const STRICT: Strict = Strict::new(&["id", "total"], &[("lines", &LINE)]);

    fn is_identified(&self) -> bool {
        self.id.as_deref().is_some_and(|id| !id.is_empty())
    }
}

fn read(body: impl Into<Bytes>) -> Result<Rows<Order>, String> {
    let body = body.into();
    let members = Members::read(&body).map_err(|e| e.to_string())?;
    let rows = members.once("rows").map_err(|e| e.to_string())?.unwrap();
    Rows::of_list(&body, rows, "rows").map_err(|e| e.to_string())
}

/// A page of one good order, this one, and another good one: the second alone, and its neighbours unhurt.
fn one(row: &str) -> Result<Record<Order>, RowError> {
    let body = format!(r#"{{"rows":[{{"id":1,"total":1.50}},{row},{{"id":3}}]}}"#);
    let mut rows = read(body).unwrap();
    assert_eq!(rows.sent, 3, "{row}");
    assert_eq!(rows.records.len() + rows.unreadable.len(), 3, "{row}");
    let ids = [&rows.records[0], rows.records.last().unwrap()].map(|r| r.id.clone().unwrap());
    assert_eq!(ids, ["1", "3"], "{row}");
    match rows.unreadable.pop() {
        Some(error) => Err(error),
        None => Ok(rows.records.remove(1)),
    }
}

#[test]
fn the_raw_record_is_byte_equal_and_shares_the_body() {
    let text = r#"{"rows": [ {"id" : 1.0, "x":[1, 2]} ,null, {"id":"2"}]}"#;
    let rows = read(text).unwrap();
    let records = rows.records;
    assert_eq!(records[0].raw.as_str(), r#"{"id" : 1.0, "x":[1, 2]}"#);
    assert_eq!(records[0].id.as_deref(), Some("1.0"));
    assert_eq!((records.len(), rows.sent), (2, 3));
    let raw = records[1].raw.clone().into_bytes();
    assert!(
        text.as_bytes().as_ptr_range().contains(&raw.as_ptr()),
        "a slice of the body"
    );
    let own = records[1].raw.detach();
    assert_eq!(own, records[1].raw);
    assert!(
        !text
            .as_bytes()
            .as_ptr_range()
            .contains(&own.into_bytes().as_ptr())
    );
}

#[test]
fn a_list_may_be_keyed_or_null() {
    let keyed = read(r#"{"rows":{"0":{"id":1},"7":{"id":2}}}"#).unwrap();
    assert_eq!(keyed.records.len(), 2);
    assert_eq!(read(r#"{"rows":null}"#).unwrap().sent, 0);
    let error = read(r#"{"rows":"none"}"#).unwrap_err();
    assert!(error.ends_with("at rows"), "{error}");
    let error = read(r#"{"rows":[{"id":1}"#).unwrap_err();
    assert!(error.contains("EOF"), "{error}");
}

#[test]
fn a_strict_leaf_costs_its_record_and_no_other() {
    for (row, path, reason) in [
        (
            r#"{"id":2,"total":"1,234.50"}"#,
            "total",
            "expected a decimal",
        ),
        (r#"{"id":2,"total":true}"#, "total", "got a boolean"),
        (r#"{"id":{"x":1}}"#, "id", "expected text"),
        (
            r#"{"id":2,"lines":[{},{"price":[]}]}"#,
            "lines[1].price",
            "expected a decimal",
        ),
        (
            r#"{"id":2,"lines":{"0":{"price":"x"}}}"#,
            "lines.0.price",
            "expected a decimal",
        ),
        (
            r#"{"id":2,"lines":[["9.99","sku"]]}"#,
            "lines[0]",
            "expected an object",
        ),
        (r#"{"id":2,"lines":"none"}"#, "lines", "expected a list"),
        (r#"{"id":2,"total":1,"total":2}"#, "total", "comes twice"),
        (
            r#"{"id":2,"buyer":{"name":"a","name":"b"}}"#,
            "buyer.name",
            "comes twice",
        ),
        (r#"{"total":2}"#, "id", "without id"),
        (r#"{"id":"","total":2}"#, "id", "without id"),
        ("[2]", "", "expected an object, got list"),
        ("7", "", "got number"),
        ("\"x\"", "", "got text"),
        ("true", "", "got boolean"),
        (
            r#"{"id":2,"total":12345678901234567890123456789012345}"#,
            "total",
            "more digits",
        ),
    ] {
        let error = one(row).unwrap_err();
        let whole = match path {
            "" => "rows[1]".to_owned(),
            path => format!("rows[1].{path}"),
        };
        assert_eq!(error.path, whole, "{row}");
        assert!(error.reason.contains(reason), "{row}: {}", error.reason);
        assert_eq!(error.raw.as_str(), row);
    }
}

#[test]
fn any_other_leaf_is_none_and_named() {
    for (row, path, found) in [
        (
            r#"{"id":2,"total":1.50,"note":[1]}"#,
            "note",
            JsonType::List,
        ),
        (
            r#"{"id":2,"total":1.50,"buyer":["x"]}"#,
            "buyer",
            JsonType::List,
        ),
        (
            r#"{"id":2,"total":1.50,"buyer":"x"}"#,
            "buyer",
            JsonType::Text,
        ),
        (
            r#"{"id":2,"total":1.50,"buyer":1.5}"#,
            "buyer",
            JsonType::Number,
        ),
        (
            r#"{"id":2,"total":1.50,"buyer":{"phone":{}}}"#,
            "buyer.phone",
            JsonType::Object,
        ),
        (
            r#"{"id":2,"lines":[{"sku":{}}],"total":1.50}"#,
            "lines[0].sku",
            JsonType::Object,
        ),
    ] {
        let record = one(row).unwrap();
        assert_eq!(record.total.unwrap().to_string(), "1.50", "{row}");
        assert_eq!(record.raw.as_str(), row);
        let drift: Vec<_> = record
            .drift
            .iter()
            .map(|d| (d.path.as_str(), d.found))
            .collect();
        assert_eq!(drift, [(path, found)], "{row}");
    }
    let many =
        one(r#"{"id":2,"note":{},"buyer":{"name":[],"phone":[1]},"lines":[null,{"sku":[]}]}"#)
            .unwrap();
    assert_eq!(many.drift.len(), 4);
    assert_eq!(many.buyer, Some(Buyer::default()));
    assert_eq!(many.lines, [Line::default()]);
}

#[test]
fn a_record_of_nothing_but_odd_leaves_ends() {
    let line = r#"{"sku":[]},"#.repeat(101);
    let row = format!(r#"{{"id":2,"lines":[{}]}}"#, line.trim_end_matches(','));
    assert_eq!(one(&row).unwrap_err().path, "rows[1].lines[100].sku");
}

#[test]
fn nothing_in_the_place_of_an_object_is_none_without_a_word() {
    for row in [
        r#"{"id":2,"buyer":""}"#,
        r#"{"id":2,"buyer":[ ]}"#,
        r#"{"id":2,"buyer":null}"#,
        r#"{"id":2,"lines":["",[],null]}"#,
    ] {
        let record = one(row).unwrap();
        assert_eq!(
            (record.drift.as_slice(), &record.buyer),
            (&[][..], &None),
            "{row}"
        );
        assert!(record.lines.is_empty(), "{row}");
    }
}

#[test]
fn half_a_pair_in_a_name_fails_nothing_and_makes_no_two_into_one() {
    let row = r#"{"id":"a\ud83d","x\ud83d":1,"metadata":{"n\ud83d":"x","n\ud83e":"y"},"note":[]}"#;
    let record = one(row).unwrap();
    assert_eq!(record.raw.as_str(), row);
    assert_eq!(record.id.as_deref(), Some("a\u{fffd}d83d"));
    let names: Vec<_> = record
        .metadata
        .as_ref()
        .unwrap()
        .members()
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names, ["n\u{fffd}d83d", "n\u{fffd}d83e"]);
    assert_eq!(
        one(r#"{"id":"a\ud83e"}"#).unwrap().id.as_deref(),
        Some("a\u{fffd}d83e")
    );
}

#[test]
fn a_bare_record_is_read() {
    let body = Bytes::from_static(b" {\"id\": 5} ");
    let whole: &RawValue = decode(&body).unwrap();
    let record = Record::<Order>::of(&body, whole).unwrap();
    assert_eq!(
        (record.id.as_deref(), record.raw.as_str()),
        (Some("5"), "{\"id\": 5}")
    );
}

#[test]
fn bad_utf_8_and_a_byte_order_mark() {
    assert!(
        decode::<Order>(b"{\"id\":\"\xff\"}")
            .unwrap_err()
            .to_string()
            .contains("UTF-8 (at byte 7)")
    );
    assert_eq!(
        decode::<Order>(b"\xef\xbb\xbf{\"id\":1}")
            .unwrap()
            .id
            .as_deref(),
        Some("1")
    );
}

#[test]
fn debug_of_a_record_does_not_show_its_text() {
    let record = one(r#"{"id":2,"secret":"hidden","metadata":{"a":"hidden"}}"#).unwrap();
    assert!(!format!("{record:?}").contains("hidden"));
}

#[test]
fn a_record_is_written_and_read_with_every_byte_of_its_text() {
    let record = one("{ \"id\":2,\"total\" : 1.50,\"note\":[\"é\\u00e9\"]}").unwrap();
    let value = serde_json::to_value(&record).unwrap();
    assert_eq!(value["raw"], record.raw.as_str());
    assert_eq!(value["drift"][0]["found"], "list");
    assert_eq!(
        serde_json::from_value::<Record<Order>>(value).unwrap(),
        record
    );
    let text = serde_json::to_string(&record).unwrap();
    assert_eq!(
        serde_json::from_str::<Record<Order>>(&text).unwrap(),
        record
    );
    let broken = serde_json::from_str::<Record<Order>>(r#"{"value":{},"raw":"{"}"#);
    assert!(broken.unwrap_err().to_string().contains("no JSON"));
}

#[test]
fn a_list_of_one_may_stand_without_its_list() {
    let body = Bytes::from_static(br#"{"id":1,"total":"x"}"#);
    let whole: &RawValue = decode(&body).unwrap();
    let rows = Rows::<Order>::of_one(&body, whole, "data");
    assert_eq!(
        (rows.sent, rows.unreadable[0].path.as_str()),
        (1, "data.total")
    );
    let list = Bytes::from_static(br#"[{"id":1},{"id":[]}]"#);
    let whole: &RawValue = decode(&list).unwrap();
    let rows = Rows::<Order>::of_list(&list, whole, "list").unwrap();
    assert_eq!(rows.unreadable[0].path, "list[1].id");
    assert!(Rows::<Order>::of_list(&list, serde_json::from_str("7").unwrap(), "list").is_err());
}
