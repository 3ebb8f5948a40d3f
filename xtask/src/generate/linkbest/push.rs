//! Pushed orders: v1 as a query, v2 as a body. All are signed with [`SECRET`] by the rule of the sister platform.

use crate::contract::Contract;
use crate::generate::{Body, full};
use crate::json::Json;
use crate::workspace::Result;

use super::order;

/// The thing is the body.
pub(crate) const PLACE: &str = "";

/// The secret of the fixtures' signatures.
const SECRET: &str = "push-secret";

pub(crate) fn bodies(contract: &Contract) -> Result<Vec<Body>> {
    let settled = order(60)?.with("Status", Json::text("2"));
    let review = review()?;
    let confirmed = order(61)?;
    let nested = confirmed.get("Details").cloned().unwrap_or(Json::Null);
    let flat = confirmed.clone().without("Details");
    Ok(vec![
        Body::json("full", &full(contract, "linkbest")),
        query("v1-confirmed", &flat),
        query(
            "v1-details",
            &flat.clone().with("Details", Json::text(compact(&nested))),
        ),
        query(
            "v1-unsettled",
            &flat.clone().with_all([
                ("Status", Json::text("0")),
                ("ConfirmPrice", Json::text("")),
                ("ChargeTime", Json::text("0000-00-00 00:00:00")),
            ]),
        ),
        query(
            "v1-escapes",
            &flat.with("ProgramName", Json::text("茶 & Tea=House + 100%")),
        ),
        query("v1-review", &review),
        Body::json("v2-settled", &signed(&texts(&settled))),
        Body::json("v2-review", &signed(&texts(&review))),
        Body::json(
            "v2-tampered",
            &signed(&texts(&settled)).with("SiterCommission", Json::text("999.00")),
        ),
        Body::json("v2-unsigned", &texts(&settled)),
    ])
}

/// The test order of the sister platform's review: zeros where values should be.
fn review() -> Result<Json> {
    Ok(order(62)?.without("Details").with_all([
        ("Id", Json::text("0")),
        ("ProgramId", Json::text("0")),
        ("ProgramName", Json::text("test program")),
        ("OrderSn", Json::text("0")),
        ("OrderTime", Json::text("0000-00-00 00:00:00")),
        ("ChargeTime", Json::text("0000-00-00 00:00:00")),
        ("OrdersPrice", Json::text("0.00")),
        ("SiterCommission", Json::text("0.00")),
        ("ConfirmPrice", Json::text("0.00")),
        ("ConfirmSiterCommission", Json::text("0.00")),
    ]))
}

/// All values as texts, nested ones as their JSON.
fn texts(order: &Json) -> Json {
    let Json::Object(members) = order else {
        return Json::Null;
    };
    let text = |value: &Json| match value {
        Json::Text(text) | Json::Number(text) => text.clone(),
        other => compact(other),
    };
    let members = members.iter();
    Json::Object(
        members
            .map(|(name, value)| (name.clone(), Json::text(text(value))))
            .collect(),
    )
}

/// The same texts with their checksum: lower-case MD5 of the values in the order of their names, without `Id`, and
/// the secret.
fn signed(texts: &Json) -> Json {
    let Json::Object(members) = texts else {
        return Json::Null;
    };
    let mut sorted: Vec<_> = members.iter().filter(|(name, _)| name != "Id").collect();
    sorted.sort_by_key(|(name, _)| name);
    let mut joined = String::new();
    for (_, value) in sorted {
        if let Json::Text(text) = value {
            joined += text;
        }
    }
    let sign = format!("{:x}", md5::compute(joined + SECRET));
    texts.clone().with("Sign", Json::text(sign))
}

/// A v1 push: the query without its question mark.
fn query(name: &str, order: &Json) -> Body {
    let mut text = String::new();
    if let Json::Object(members) = signed(&texts(order)) {
        for (name, value) in members {
            if let Json::Text(value) = value {
                let and = if text.is_empty() { "" } else { "&" };
                text += &format!("{and}{name}={}", escaped(&value));
            }
        }
    }
    Body::raw(&format!("{name}.query"), &text)
}

fn escaped(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        b' ' => "+".to_owned(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(byte).collect()
}

/// JSON in one line.
fn compact(json: &Json) -> String {
    let pretty = json.pretty();
    let lines: Vec<_> = pretty.lines().map(str::trim_start).collect();
    lines.concat()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_escaped_and_signed_over_its_plain_values() {
        let order = Json::parse(r#"{"Id": "9", "B": "a b&茶", "A": 1.50}"#).unwrap();
        let sign = format!("{:x}", md5::compute("1.50a b&茶push-secret"));
        let expected = format!("Id=9&B=a+b%26%E8%8C%B6&A=1.50&Sign={sign}");
        assert_eq!(query("x", &order), Body::raw("x.query", &expected));
    }

    #[test]
    fn nested_values_stay_json() {
        let order = Json::parse(r#"{"Details": [{"a": "x y", "b": 1}]}"#).unwrap();
        let text = texts(&order).get("Details").cloned();
        assert_eq!(text, Some(Json::text(r#"[{"a": "x y","b": 1}]"#)));
    }
}
