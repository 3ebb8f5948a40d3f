use chrono::{DateTime, FixedOffset, NaiveDateTime, Utc};
use orders_wire::{
    EpochMillis, Flag, Integer, IntegerText, IsoTime, List, LocalTime, OneOrMany, Text, Word,
    decode_text, open_enum, unknown_fields,
};
use serde::{Deserialize, Serialize};
use serde_with::{serde_as, skip_serializing_none};

open_enum! {
    /// A status.
    pub enum Status {
        /// Open.
        Open = "open",
        /// By number.
        Two = "2",
    }
}

#[serde_as]
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default)]
struct Shapes {
    #[serde_as(as = "Text")]
    id: Option<String>,
    #[serde_as(as = "Word")]
    status: Option<Status>,
    #[serde_as(as = "Integer")]
    count: Option<i64>,
    #[serde_as(as = "IntegerText")]
    count_text: Option<i64>,
    #[serde_as(as = "Flag")]
    flag: Option<bool>,
    #[serde_as(as = "EpochMillis")]
    millis: Option<DateTime<Utc>>,
    #[serde_as(as = "LocalTime")]
    local: Option<NaiveDateTime>,
    #[serde_as(as = "IsoTime")]
    iso: Option<DateTime<FixedOffset>>,
    #[serde_as(as = "List<Text>")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    words: Vec<String>,
    #[serde_as(as = "List")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    inner: Vec<Shapes>,
    #[serde_as(as = "OneOrMany")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    address: Vec<Shapes>,
}

fn read(json: &str) -> Shapes {
    decode_text(json).unwrap()
}

fn fails(json: &str) -> String {
    decode_text::<Shapes>(json).unwrap_err().to_string()
}

/// What is read from `json` is written as `again`, and read back as the same value.
fn becomes(json: &str, again: &str) {
    let shapes = read(json);
    let written = serde_json::to_string(&shapes).unwrap();
    assert_eq!(written, again, "{json}");
    assert_eq!(read(&written), shapes, "{json}");
}

#[test]
fn an_id_may_be_a_number_of_any_length() {
    becomes(
        r#"{"id":21076844529148410284138412}"#,
        r#"{"id":"21076844529148410284138412"}"#,
    );
    becomes(r#"{"id":"RDP7684"}"#, r#"{"id":"RDP7684"}"#);
    becomes(r#"{"id":""}"#, r#"{"id":""}"#);
    becomes(r#"{"id":"a\n\"é\u00e9"}"#, r#"{"id":"a\n\"éé"}"#);
    assert!(fails(r#"{"id":{"x":1}}"#).ends_with("at id"));
}

#[test]
fn half_a_surrogate_pair_does_not_fail_a_page() {
    becomes(
        r#"{"id":"a\ud83d b\udE00\ud83d\ude00\n"}"#,
        "{\"id\":\"a\u{fffd}d83d b\u{fffd}de00\u{1f600}\\n\"}",
    );
    assert!(fails(r#"{"id":"\x"}"#).contains("escape"));
}

#[test]
fn a_new_word_is_kept() {
    assert_eq!(read(r#"{"status":"open"}"#).status, Some(Status::Open));
    assert_eq!(read(r#"{"status":2}"#).status, Some(Status::Two));
    assert_eq!(
        read(r#"{"status":"OPEN"}"#).status,
        Some(Status::Unknown("OPEN".into()))
    );
    becomes(r#"{"status":"brand new"}"#, r#"{"status":"brand new"}"#);
    assert_eq!(read(r#"{"status":""}"#).status, None);
    assert_eq!(read(r#"{"status":null}"#).status, None);
}

#[test]
fn whole_numbers_come_in_any_spelling() {
    for json in [
        r#"{"count":2}"#,
        r#"{"count":"2"}"#,
        r#"{"count":2.0}"#,
        r#"{"count":2e0}"#,
    ] {
        becomes(json, r#"{"count":2}"#);
    }
    becomes(r#"{"count_text":-1}"#, r#"{"count_text":"-1"}"#);
    for json in [
        r#"{"count":2.5}"#,
        r#"{"count":"+2"}"#,
        r#"{"count":99999999999999999999}"#,
        r#"{"count":true}"#,
    ] {
        assert!(fails(json).ends_with("at count"), "{json}");
    }
}

#[test]
fn flags_come_in_any_spelling() {
    for json in [
        r#"{"flag":true}"#,
        r#"{"flag":"true"}"#,
        r#"{"flag":1}"#,
        r#"{"flag":"1"}"#,
    ] {
        becomes(json, r#"{"flag":true}"#);
    }
    becomes(r#"{"flag":""}"#, "{}");
    assert!(fails(r#"{"flag":"yes"}"#).ends_with("at flag"));
}

#[test]
fn times_are_exact() {
    becomes(r#"{"millis":1754819711382}"#, r#"{"millis":1754819711382}"#);
    becomes(
        r#"{"millis":"1754819711382"}"#,
        r#"{"millis":1754819711382}"#,
    );
    becomes(
        r#"{"local":"2026-03-01 08:03:10"}"#,
        r#"{"local":"2026-03-01 08:03:10"}"#,
    );
    becomes(r#"{"local":"0000-00-00 00:00:00"}"#, "{}");
    becomes(
        r#"{"iso":"2026-09-02T21:44:06+08:00"}"#,
        r#"{"iso":"2026-09-02T21:44:06+08:00"}"#,
    );
    becomes(
        r#"{"iso":"2025-10-20T19:18:08.465+00:00"}"#,
        r#"{"iso":"2025-10-20T19:18:08.465+00:00"}"#,
    );
    becomes(
        r#"{"iso":"2025-10-20T19:18:08+0800"}"#,
        r#"{"iso":"2025-10-20T19:18:08+08:00"}"#,
    );
    becomes(r#"{"iso":"","local":"","millis":""}"#, "{}");
    assert!(fails(r#"{"iso":"2024-06-05 08:00"}"#).ends_with("at iso"));
    assert!(fails(r#"{"local":"2026-13-01 00:00:00"}"#).ends_with("at local"));
    assert!(fails(r#"{"millis":9223372036854775807}"#).ends_with("at millis"));
}

#[test]
fn a_list_may_be_null_absent_or_keyed() {
    for json in [
        "{}",
        r#"{"words":null}"#,
        r#"{"words":[]}"#,
        r#"{"words":{}}"#,
        r#"{"words":""}"#,
    ] {
        becomes(json, "{}");
    }
    becomes(r#"{"words":{"0":"a","5":7}}"#, r#"{"words":["a","7"]}"#);
    becomes(
        r#"{"inner":[{"count":1},null,{"count":2}]}"#,
        r#"{"inner":[{"count":1},{"count":2}]}"#,
    );
    becomes(
        r#"{"inner":{"12":{"count":1}}}"#,
        r#"{"inner":[{"count":1}]}"#,
    );
    assert!(fails(r#"{"words":"a"}"#).ends_with("at words"));
    assert!(
        fails(r#"{"inner":{"list":{"count":1}}}"#)
            .contains("an object with the member \"list\" at inner")
    );
}

#[test]
fn one_object_or_a_list_of_them() {
    becomes(r#"{"address":{"count":1}}"#, r#"{"address":{"count":1}}"#);
    becomes(r#"{"address":[{"count":1}]}"#, r#"{"address":{"count":1}}"#);
    becomes(
        r#"{"address":[{"count":1},{"count":2}]}"#,
        r#"{"address":[{"count":1},{"count":2}]}"#,
    );
    becomes(r#"{"address":null}"#, "{}");
}

#[test]
fn unknown_fields_are_listed_with_a_count() {
    let json = r#"{"id":1,"new":1,"inner":[{"x":1},{"x":2,"count":1}],"address":{"y":{"z":1}}}"#;
    let fields: Vec<_> = unknown_fields::<Shapes>(json)
        .unwrap()
        .into_iter()
        .collect();
    assert_eq!(
        fields,
        [
            ("address.y".into(), 1),
            ("inner[].x".into(), 2),
            ("new".into(), 1)
        ]
    );
}
