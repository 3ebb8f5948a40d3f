//! Small bodies and what must come out of them, as the program prints it.

use std::collections::{BTreeMap, BTreeSet};

use orders_core::Money;
use serde_json::Value;

use crate::support::{Place, Ran};

/// One body: what it is about, whose it is, how it is printed, and what must hold.
struct Case {
    about: &'static str,
    vendor: &'static str,
    view: &'static str,
    body: &'static str,
    holds: fn(&Ran, &[Value]) -> bool,
}

/// The payments back of an order that have this status, by currency.
fn paid_back(order: &Value, status: &str) -> BTreeMap<String, String> {
    let all = order["adjustments"].as_array().cloned().unwrap_or_default();
    let back = all
        .iter()
        .filter(|it| it["kind"] == "refund" && it["status"]["normal"] == status);
    let amounts = back.filter_map(|it| {
        let sides = [
            &it["amount"],
            &it["amount"]["shop"],
            &it["amount"]["presentment"],
        ];
        let one = sides.into_iter().find(|side| side["amount"].is_string())?;
        let text = format!("{} {}", one["amount"].as_str()?, one["currency"].as_str()?);
        Some(text.parse::<Money>().unwrap())
    });
    let amounts: Vec<Money> = amounts.collect();
    let sums = Money::sum_by_currency(&amounts).unwrap().into_iter();
    sums.map(|(currency, sum)| (currency.to_string(), sum.to_string()))
        .collect()
}

fn sums(wanted: &[(&str, &str)]) -> BTreeMap<String, String> {
    let wanted = wanted.iter();
    wanted
        .map(|(code, sum)| ((*code).to_owned(), (*sum).to_owned()))
        .collect()
}

fn ids(out: &[Value]) -> Vec<&str> {
    out.iter()
        .filter_map(|order| order["id"].as_str())
        .collect()
}

/// The currencies of the totals of a kind.
fn totals<'a>(order: &'a Value, kind: &str) -> Vec<&'a str> {
    let totals = order["totals"].as_array().into_iter().flatten();
    let some = totals.filter(|total| total["kind"] == kind);
    some.map(|total| total["amount"]["currency"].as_str().unwrap_or_default())
        .collect()
}

fn grand(out: &[Value]) -> Vec<&str> {
    let totals = out
        .iter()
        .map(|order| &order["totals"][0]["amount"]["amount"]);
    totals.filter_map(Value::as_str).collect()
}

fn different(out: &[Value], name: &str) -> usize {
    out.iter()
        .map(|order| order[name].to_string())
        .collect::<BTreeSet<_>>()
        .len()
}

#[test]
fn each_case_comes_out_as_it_must() {
    let place = Place::new();
    let file = place.folder.path().join("body.json");
    for case in CASES {
        std::fs::write(&file, case.body).unwrap();
        let path = file.to_str().unwrap();
        let ran = place.run(&["decode", case.vendor, path, "--as", case.view]);
        let lines = ran.lines();
        let out: Vec<Value> = lines
            .iter()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert!((case.holds)(&ran, &out), "{}: {ran:?}", case.about);
    }
}

const CASES: &[Case] = &[
    Case {
        about: "a pending payment back is no money back",
        vendor: "shopline",
        view: "core",
        body: r#"{"list":[{"id":"1","currency":"EUR","refunds":[{"id":"9","transactions":[{"kind":"refund","status":"pending","amount":"20.00","currency":"EUR"}]}]}]}"#,
        holds: |_, out| {
            paid_back(&out[0], "succeeded").is_empty()
                && paid_back(&out[0], "pending") == sums(&[("EUR", "20.00")])
        },
    },
    Case {
        about: "a failure in upper case is a failure",
        vendor: "shopline",
        view: "core",
        body: r#"{"list":[{"id":"1","currency":"EUR","refunds":[{"id":"9","transactions":[{"kind":"refund","status":"FAILURE","amount":"20.00","currency":"EUR"},{"kind":"refund","status":"success","amount":"20.00","currency":"EUR"}]}]}]}"#,
        holds: |_, out| paid_back(&out[0], "succeeded") == sums(&[("EUR", "20.00")]),
    },
    Case {
        about: "one order that cannot be read costs no other",
        vendor: "clink",
        view: "core",
        body: r#"{"code":200,"msg":"success","total":3,"rows":[{"orderId":"o1","amountTotal":1.50,"paymentCurrency":"USD"},{"orderId":"o2","amountTotal":"1,234.50","paymentCurrency":"USD"},{"orderId":"o3","amountTotal":3.50,"paymentCurrency":"USD"}]}"#,
        holds: |ran, out| {
            ran.code == 7
                && ids(out) == ["o1", "o3"]
                && ran.err.contains("o2")
                && ran.err.contains("amountTotal")
        },
    },
    Case {
        about: "a separator of thousands is refused, never guessed",
        vendor: "linkbest",
        view: "core",
        body: r#"{"Status":0,"Message":"success","Data":[{"Id":"1","OrderSn":"A","ConfirmPrice":"1,234.56","ChargeCurrency":"USD"}]}"#,
        holds: |ran, out| ran.code == 7 && out.is_empty(),
    },
    Case {
        about: "a decimal comma is refused, never guessed",
        vendor: "linkbest",
        view: "core",
        body: r#"{"Status":0,"Message":"success","Data":[{"Id":"1","OrderSn":"A","ConfirmPrice":"1.234,56","ChargeCurrency":"USD"}]}"#,
        holds: |ran, out| ran.code == 7 && out.is_empty(),
    },
    Case {
        about: "a sale and its correction without an id are two orders",
        vendor: "linkbest",
        view: "core",
        body: r#"{"Status":0,"Message":"success","Data":[{"ProgramId":"7","OrderSn":"S1","OrdersPrice":"180.00","SiterCommission":"5.40","Currency":"USD","Status":"1"},{"ProgramId":"7","OrderSn":"S1","OrdersPrice":"-180.00","SiterCommission":"-5.40","Currency":"USD","Status":"1"}]}"#,
        holds: |_, out| ids(out) == ["no-id/7/S1/+", "no-id/7/S1/-"],
    },
    Case {
        about: "a payment time of zero is none",
        vendor: "clink",
        view: "core",
        body: r#"{"code":200,"msg":"success","total":1,"rows":[{"orderId":"o1","status":"created","createTime":1767201195872,"paymentTime":0}]}"#,
        holds: |_, out| out[0]["paid_at"].is_null(),
    },
    Case {
        about: "a settlement in 1970 is none",
        vendor: "linkbest",
        view: "core",
        body: r#"{"Status":0,"Message":"success","Data":[{"Id":"1","OrderSn":"A","Status":"0","ChargeTime":"1970-01-01 08:00:00"}]}"#,
        holds: |_, out| out[0]["settled_at"].is_null(),
    },
    Case {
        about: "a failed payment was not paid",
        vendor: "clink",
        view: "core",
        body: r#"{"code":200,"msg":"success","total":1,"rows":[{"orderId":"o1","status":"failed","failureCode":"card_declined","amountTotal":19.90,"paymentCurrency":"USD","paymentTime":1767201195872}]}"#,
        holds: |_, out| out[0]["paid_at"].is_null() && out[0]["payment"]["normal"] == "failed",
    },
    Case {
        about: "the subtotal of a converted order has no currency",
        vendor: "clink",
        view: "core",
        body: r#"{"code":200,"msg":"success","total":1,"rows":[{"orderId":"o1","status":"success","amountSubtotal":100,"amountTotal":14.02,"paymentCurrency":"USD","originalCurrency":"CNY","priceDataList":[{"name":"x","unitAmount":100,"quantity":1,"currency":"CNY"}]}]}"#,
        holds: |_, out| totals(&out[0], "subtotal") == [""] && totals(&out[0], "grand") == ["USD"],
    },
    Case {
        about: "an empty text for an object is none: SHOPLINE",
        vendor: "shopline",
        view: "core",
        body: r#"{"list":[{"id":"1","shipping_address":""},{"id":"2"}]}"#,
        holds: |ran, out| ran.code == 0 && ids(out) == ["1", "2"],
    },
    Case {
        about: "an empty text for an object is none: Clink",
        vendor: "clink",
        view: "core",
        body: r#"{"code":200,"msg":"success","total":2,"rows":[{"orderId":"o1","paymentMethod":""},{"orderId":"o2"}]}"#,
        holds: |ran, out| ran.code == 0 && ids(out) == ["o1", "o2"],
    },
    Case {
        about: "metadata may be any JSON",
        vendor: "clink",
        view: "core",
        body: r#"{"code":200,"msg":"success","total":2,"rows":[{"orderId":"o1","metadata":"{\"a\":\"b\"}"},{"orderId":"o2"}]}"#,
        holds: |ran, out| ran.code == 0 && ids(out) == ["o1", "o2"],
    },
    Case {
        about: "half a surrogate pair in a name costs nothing",
        vendor: "clink",
        view: "core",
        body: r#"{"code":200,"msg":"success","total":2,"rows":[{"orderId":"o1","metadata":{"note \ud83d":"x"}},{"orderId":"o2"}]}"#,
        holds: |ran, out| ran.code == 0 && ids(out) == ["o1", "o2"],
    },
    Case {
        about: "seventeen digits are kept",
        vendor: "linkbest",
        view: "raw",
        body: r#"{"Status":0,"Message":"success","Data":[{"Id":"1","OrderSn":"A","OrdersPrice":277.199999999999989,"Currency":"CNY"}]}"#,
        holds: |ran, _| ran.code == 0 && ran.out.contains("277.199999999999989"),
    },
    Case {
        about: "exponents are exact",
        vendor: "clink",
        view: "core",
        body: r#"{"code":200,"msg":"success","total":4,"rows":[{"orderId":"o1","amountTotal":1.0000000000000000005e18},{"orderId":"o2","amountTotal":1E-2},{"orderId":"o3","amountTotal":-0.00},{"orderId":"o4","amountTotal":0e0}]}"#,
        holds: |_, out| grand(out) == ["1000000000000000000.5", "0.01", "-0.00", "0"],
    },
    Case {
        about: "a known name twice fails its order",
        vendor: "clink",
        view: "core",
        body: r#"{"code":200,"msg":"success","total":1,"rows":[{"orderId":"o1","amountTotal":10,"amountTotal":-10,"paymentCurrency":"USD"}]}"#,
        holds: |ran, out| ran.code == 7 && out.is_empty(),
    },
    Case {
        about: "the hour that comes twice is two times",
        vendor: "shopline",
        view: "core",
        body: r#"{"list":[{"id":"1","created_at":"2026-11-01T01:30:00-04:00"},{"id":"2","created_at":"2026-11-01T01:30:00-05:00"},{"id":"3","created_at":"2026-06-30T23:59:60+08:00"}]}"#,
        holds: |ran, out| ran.code == 0 && different(out, "created_at") == 3,
    },
    Case {
        about: "a currency in lower case is the same currency",
        vendor: "shopline",
        view: "core",
        body: r#"{"list":[{"id":"1","currency":"EUR","refunds":[{"id":"9","transactions":[{"kind":"refund","status":"success","amount":"20.00","currency":"USD"},{"kind":"refund","status":"success","amount":"5.00","currency":"usd"}]}]}]}"#,
        holds: |_, out| paid_back(&out[0], "succeeded") == sums(&[("USD", "25.00")]),
    },
    Case {
        about: "an order is one line, whatever its text",
        vendor: "shopline",
        view: "typed",
        body: r#"{"list":[{"id":"1","app_id":{
  "a": 1
}}]}"#,
        holds: |ran, _| ran.lines().len() == 1,
    },
    Case {
        about: "a refund without payments moved nothing, and its discrepancy adds nothing",
        vendor: "shopline",
        view: "core",
        body: r#"{"list":[{"id":"1","status":"cancelled","financial_status":"unpaid","currency":"USD","current_total_price":"500.00","total_outstanding":"500.00","created_at":"2024-01-01T09:00:00+08:00","cancelled_at":"2024-01-01T10:00:00+08:00","refunds":[{"id":"2","created_at":"2024-01-01T10:00:00+08:00","transactions":[],"transactions_v2":[],"refund_line_items":[{"id":"3","quantity":1,"subtotal_set":{"shop_money":{"amount":"500.00","currency_code":"USD"},"presentment_money":{"amount":"500.00","currency_code":"USD"}}}],"order_adjustments":[{"id":"4","kind":"refund_discrepancy","amount":"500.00","amount_set":{"shop_money":{"amount":"500.00","currency_code":"USD"},"presentment_money":{"amount":"500.00","currency_code":"USD"}}}]}]}]}"#,
        holds: |_, out| {
            paid_back(&out[0], "succeeded").is_empty() && paid_back(&out[0], "pending").is_empty()
        },
    },
    Case {
        about: "a refund is no order",
        vendor: "clink",
        view: "core",
        body: r#"{"refundId":"r1","orderId":"o1","refundAmount":5.0,"refundCurrency":"USD","status":"success","createTime":1785936113600}"#,
        holds: |ran, out| ran.code == 2 && out.is_empty(),
    },
    Case {
        about: "the answer of one order is that order",
        vendor: "clink",
        view: "core",
        body: r#"{"code":200,"msg":"success","data":{"orderId":"o1","status":"success"}}"#,
        holds: |_, out| ids(out) == ["o1"],
    },
    Case {
        about: "an order that was cancelled and never paid is closed",
        vendor: "shopline",
        view: "core",
        body: r#"{"list":[{"id":"1","status":"cancelled","financial_status":"unpaid","currency":"USD","current_total_price":"500.00","total_outstanding":"500.00","created_at":"2024-01-01T09:00:00+08:00","cancelled_at":"2024-01-01T10:00:00+08:00"}]}"#,
        holds: |_, out| out[0]["closed"] == true,
    },
    Case {
        about: "a list is no object: none, and no failure",
        vendor: "clink",
        view: "typed",
        body: r#"{"code":200,"total":2,"rows":[{"orderId":"o1","paymentMethod":["CARD","pi_1"]},{"orderId":"o2"}]}"#,
        holds: |ran, out| ran.code == 0 && out.len() == 2 && out[0]["paymentMethod"].is_null(),
    },
];
