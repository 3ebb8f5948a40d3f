//! Linkbest: one order, settlement changes, the report by program.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, TimeDelta};
use orders_sandbox::{Change, Sandbox, Vendor};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::support::{Answer, http, now_ms, send};

const DETAIL: &str = "linkbest.open-service.orders.detail.get";
const SETTLEMENT: &str = "linkbest.open-service.orders.settlement.get";
const REPORT: &str = "linkbest.open-service.report.program.get";

async fn call(sandbox: &Sandbox, service: &str, mut params: Value) -> Answer {
    params["Timestamp"] = (now_ms() / 1000).to_string().into();
    let body = params.to_string();
    let (key, secret) = (sandbox.linkbest_app_key(), sandbox.linkbest_app_secret());
    let sign = md5::compute(format!("{secret}/{key}/{service}{body}{secret}"));
    let base = sandbox.linkbest_base_url();
    let url = format!("{base}{key}/{service}?Sign={sign:X}");
    let request = http().post(url).header("Content-Type", "application/json");
    send(request.body(body)).await
}

pub(crate) async fn detail(sandbox: &Sandbox, program: &Value, order_sn: &Value) -> Answer {
    let params = json!({"ProgramId": program, "OrderSn": order_sn});
    call(sandbox, DETAIL, params).await
}

fn orders(sandbox: &Sandbox) -> Vec<Value> {
    let truth = sandbox.truth(Vendor::Linkbest);
    truth
        .iter()
        .map(|order| serde_json::from_str(&order.json).unwrap())
        .collect()
}

/// Seconds since the epoch of a time in UTC+8.
fn seconds(local: &Value) -> i64 {
    let time = NaiveDateTime::parse_from_str(local.as_str().unwrap(), "%Y-%m-%d %H:%M:%S");
    time.unwrap().and_utc().timestamp() - 8 * 3600
}

fn assert_refused(answer: &Answer, code: u16, word: &str) {
    assert_eq!(answer.status, 400, "{}", answer.body);
    assert_eq!(answer.json()["Status"], code);
    let message = answer.json()["Message"].as_str().unwrap().to_owned();
    assert!(message.contains(word), "{message}");
}

#[tokio::test]
async fn one_order_is_the_text_of_the_list() {
    let sandbox = Sandbox::start().await.unwrap();
    for order in &sandbox.truth(Vendor::Linkbest)[..25] {
        let value: Value = serde_json::from_str(&order.json).unwrap();
        let params = json!({"OrderSn": value["OrderSn"], "ProgramId": value["ProgramId"]});
        let answer = call(&sandbox, DETAIL, params).await;
        let body = format!(
            "{{\"Status\":0,\"Message\":\"success\",\"Data\":{}}}",
            order.json
        );
        assert_eq!(answer.body, body);
    }
    let requests = sandbox.requests();
    assert_eq!(
        requests[0].route,
        format!("/linkbest/{{app_key}}/{DETAIL}"),
        "the log counts by service"
    );
}

#[tokio::test]
async fn an_order_needs_both_of_its_keys() {
    let sandbox = Sandbox::start().await.unwrap();
    let order = &orders(&sandbox)[0];
    let (sn, program) = (&order["OrderSn"], &order["ProgramId"]);
    let cases = [
        (json!({"OrderSn": sn}), 4000, "ProgramId is required"),
        (json!({"ProgramId": program}), 4000, "OrderSn is required"),
        (
            json!({"ProgramId": "", "OrderSn": sn}),
            4000,
            "ProgramId is required",
        ),
        (
            json!({"ProgramId": "1", "OrderSn": sn}),
            4001,
            "does not exist",
        ),
        (
            json!({"ProgramId": program, "OrderSn": "LB0"}),
            4001,
            "does not exist",
        ),
        (
            json!({"ProgramId": program, "OrderSn": sn, "Page": 1}),
            4000,
            "unknown parameter Page",
        ),
    ];
    for (params, code, word) in cases {
        assert_refused(&call(&sandbox, DETAIL, params).await, code, word);
    }
    // The signature is over the service's own name.
    let wrong = call(
        &sandbox,
        "linkbest.open-service.orders.other.get",
        json!({}),
    )
    .await;
    assert_eq!(wrong.status, 404);
}

/// Every row of the settlement changes, by days and pages of seven.
async fn settlements(sandbox: &Sandbox) -> Vec<Value> {
    let created: Vec<_> = orders(sandbox)
        .iter()
        .map(|order| seconds(&order["OrderTime"]))
        .collect();
    let (mut from, end) = (
        *created.iter().min().unwrap(),
        *created.iter().max().unwrap(),
    );
    let mut rows = Vec::new();
    while from <= end {
        for page in 1.. {
            let params = json!({"Stime": from.to_string(), "Etime": (from + 86_399).to_string(), "Page": page, "PageSize": "7"});
            let answer = call(sandbox, SETTLEMENT, params).await;
            let found = answer.json()["Data"].as_array().unwrap().clone();
            let last = found.len() < 7;
            rows.extend(found);
            if last {
                break;
            }
        }
        from += 86_400;
    }
    rows
}

fn amount(value: &Value, text: &str, name: &str) -> Decimal {
    // From the text: a reader of numbers would lose the places.
    let (_, rest) = text.split_once(&format!("\"{name}\":")).unwrap();
    let amount = rest.split([',', '}']).next().unwrap().trim_matches('"');
    assert!(!value[name].is_null());
    amount.parse().unwrap()
}

#[tokio::test]
async fn settlement_changes_have_four_places_and_add_up() {
    let sandbox = Sandbox::builder().orders(200).start().await.unwrap();
    let orders = orders(&sandbox);
    let rows = settlements(&sandbox).await;
    assert!(rows.len() > 30);
    let mut changed = 0;
    for row in &rows {
        let order = orders
            .iter()
            .find(|order| order["OrderSn"] == row["OrderSn"])
            .unwrap();
        assert_eq!(row["OrderTime"], order["OrderTime"]);
        assert_eq!(row["SubId"], order["SubId"]);
        assert!(matches!(order["Status"].as_str(), Some("2" | "-1")));
        let params = json!({
            "Stime": seconds(&row["OrderTime"]),
            "Etime": seconds(&row["OrderTime"]),
            "OrderSn": row["OrderSn"],
            "ProgramId": order["ProgramId"],
            "SubId": order["SubId"],
        });
        let alone = call(&sandbox, SETTLEMENT, params).await;
        assert_eq!(alone.json()["Data"].as_array().unwrap().len(), 1);
        for (old, change, now, member) in [
            (
                "ConfirmPriceOld",
                "ModifyPrice",
                "ConfirmPrice",
                "ConfirmPrice",
            ),
            (
                "ConfirmSiterCommissionOld",
                "ModifySiterCommission",
                "ConfirmSiterCommission",
                "ConfirmSiterCommission",
            ),
        ] {
            let [old, change, now] = [old, change, now].map(|name| amount(row, &alone.body, name));
            assert_eq!((old.scale(), change.scale(), now.scale()), (4, 4, 4));
            assert_eq!(old + change, now);
            let text = sandbox.truth(Vendor::Linkbest);
            let text = text
                .iter()
                .find(|text| Some(text.id.as_str()) == order["Id"].as_str())
                .unwrap();
            assert_eq!(now, amount(order, &text.json, member));
            changed += u32::from(!change.is_zero());
        }
    }
    assert!(changed > 0);
    let id = orders.iter().find(|order| order["Status"] == "0").unwrap();
    let id = id["Id"].as_str().unwrap();
    sandbox
        .change_order(Vendor::Linkbest, id, Change::Settle)
        .await
        .unwrap();
    assert_eq!(settlements(&sandbox).await.len(), rows.len() + 1);
}

#[tokio::test]
async fn settlement_parameters_are_strict() {
    let sandbox = Sandbox::start().await.unwrap();
    for (params, word) in [
        (json!({"Etime": "1"}), "Stime is required"),
        (json!({"Stime": "0", "Etime": "86401"}), "1 day"),
        (json!({"Stime": "2", "Etime": "1"}), "after"),
        (
            json!({"Stime": "0", "Etime": "1", "PageSize": 201}),
            "PageSize",
        ),
        (
            json!({"Stime": "0", "Etime": "1", "Status": "1"}),
            "unknown parameter Status",
        ),
    ] {
        assert_refused(&call(&sandbox, SETTLEMENT, params).await, 4000, word);
    }
}

#[tokio::test]
async fn the_report_counts_the_orders_of_local_days() {
    let sandbox = Sandbox::builder().orders(400).start().await.unwrap();
    let orders = orders(&sandbox);
    let days: Vec<_> = orders
        .iter()
        .map(|order| order["OrderTime"].as_str().unwrap()[..10].to_owned())
        .collect();
    let last = days.iter().max().unwrap();
    let first = (last.parse::<chrono::NaiveDate>().unwrap() - TimeDelta::days(30)).to_string();
    let expected = |website: Option<&str>, from: &str| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for (order, day) in orders.iter().zip(&days) {
            let of_website = website.is_none_or(|website| order["WebsiteId"] == website);
            if of_website && from <= day.as_str() && day <= last {
                *counts
                    .entry(order["ProgramId"].as_str().unwrap().to_owned())
                    .or_default() += 1;
            }
        }
        counts
    };
    for (website, from) in [(None, &first), (Some("1026"), &first), (None, last)] {
        let mut params = json!({"StartDate": from, "EndDate": last});
        if let Some(website) = website {
            params["WebsiteId"] = website.into();
        }
        let answer = call(&sandbox, REPORT, params).await;
        let mut counts = BTreeMap::new();
        for row in answer.json()["Data"].as_array().unwrap() {
            let number = |name: &str| row[name].as_str().unwrap().parse::<usize>().unwrap();
            assert!(number("UniqueClickCount") <= number("ClickCount"));
            assert!(row["ProgramName"].is_string());
            if number("OrderCount") > 0 {
                let program = row["ProgramId"].as_str().unwrap().to_owned();
                counts.insert(program, number("OrderCount"));
            }
        }
        assert_eq!(counts, expected(website, from));
    }
    let page = json!({"StartDate": first, "EndDate": last, "PageSize": "2", "Page": "3"});
    let page = call(&sandbox, REPORT, page).await;
    assert_eq!(page.json()["Data"].as_array().unwrap().len(), 1);
    let one = json!({"StartDate": first, "EndDate": last, "ProgramId": "3302"});
    let one = call(&sandbox, REPORT, one).await;
    assert_eq!(one.json()["Data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn report_parameters_are_strict() {
    let sandbox = Sandbox::start().await.unwrap();
    for (params, word) in [
        (json!({"EndDate": "2026-01-31"}), "StartDate is required"),
        (
            json!({"StartDate": "2026-01-01", "EndDate": "2026-02-01"}),
            "31 days",
        ),
        (
            json!({"StartDate": "2026-01-02", "EndDate": "2026-01-01"}),
            "after",
        ),
        (
            json!({"StartDate": "2026-1-1", "EndDate": "2026-01-31"}),
            "yyyy-MM-dd",
        ),
        (
            json!({"StartDate": "2026-02-30", "EndDate": "2026-03-01"}),
            "yyyy-MM-dd",
        ),
        (
            json!({"StartDate": 20_260_101, "EndDate": "2026-01-31"}),
            "yyyy-MM-dd",
        ),
    ] {
        assert_refused(&call(&sandbox, REPORT, params).await, 4000, word);
    }
    let whole = json!({"StartDate": "2026-01-01", "EndDate": "2026-01-31"});
    assert_eq!(call(&sandbox, REPORT, whole).await.status, 200);
}

#[tokio::test]
async fn a_change_moves_on_the_axis_and_is_covered() {
    let sandbox = Sandbox::start().await.unwrap();
    let (_, before) = sandbox.linkbest_range();
    sandbox.advance(TimeDelta::hours(3));
    let order = sandbox.truth(Vendor::Linkbest)[0].clone();
    sandbox
        .change_order(Vendor::Linkbest, &order.id, Change::Touch)
        .await
        .unwrap();
    let (_, after) = sandbox.linkbest_range();
    assert_eq!(after, before + TimeDelta::hours(3) + TimeDelta::seconds(1));
    let moved = sandbox.truth(Vendor::Linkbest).pop().unwrap();
    assert_eq!((moved.id, moved.json), (order.id, order.json));
    assert_eq!(sandbox.virtual_now(), before + TimeDelta::hours(3));
    assert!(DateTime::UNIX_EPOCH < before);
}
