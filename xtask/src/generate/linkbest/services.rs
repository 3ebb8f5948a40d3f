//! The other services: one order, changes of settlements, the report by program.

use crate::contract::Contract;
use crate::generate::{Body, Dice, full, simple};
use crate::json::Json;
use crate::workspace::Result;

use super::{failure, order, page};

/// One order (110).
pub(crate) fn detail(contract: &Contract) -> Result<Vec<Body>> {
    let found = |data| page(Vec::new()).with("Data", data);
    let least = found(Json::object([
        ("ProgramId", Json::text("7")),
        ("OrderSn", Json::text("LB1")),
    ]));
    let mut bodies = simple(contract, "linkbest", "Data", least);
    bodies.extend([
        Body::json("ordinary", &found(order(40)?)),
        Body::json("data-list", &page(vec![order(41)?])),
        Body::json("data-list-of-two", &page(vec![order(42)?, order(43)?])),
        Body::json("data-empty-list", &page(Vec::new())),
        Body::json("data-empty-object", &found(Json::Object(Vec::new()))),
        Body::json("data-null", &found(Json::Null)),
        Body::json("data-missing", &found(Json::Null).without("Data")),
        // With HTTP status 400.
        Body::json("error-4001", &failure(4001, "The order does not exist")),
    ]);
    Ok(bodies)
}

/// Changes of settlements (111): four places.
pub(crate) fn settlements(contract: &Contract) -> Result<Vec<Body>> {
    let row = |number| -> Result<Json> {
        let mut dice = Dice::new(&format!("linkbest settlement {number}"));
        let (old, change) = (
            dice.between(10_000_000, 90_000_000),
            dice.between(1, 9_999_999),
        );
        Ok(Json::object([
            ("OrderSn", Json::text(format!("LB{}", dice.digits(14)))),
            ("OrderTime", Json::text("2026-03-01 09:30:00")),
            ("SubId", Json::text("spring")),
            ("ConfirmPriceOld", Json::text(four_places(old))),
            (
                "ModifyPrice",
                Json::text(format!("-{}", four_places(change))),
            ),
            ("ConfirmPrice", Json::text(four_places(old - change))),
            (
                "ConfirmSiterCommissionOld",
                Json::text(four_places(old / 20)),
            ),
            (
                "ModifySiterCommission",
                Json::text(format!("-{}", four_places(change / 20))),
            ),
            (
                "ConfirmSiterCommission",
                Json::text(four_places(old / 20 - change / 20)),
            ),
        ]))
    };
    let least = page(vec![Json::object([("OrderSn", Json::text("LB1"))])]);
    let mut bodies = simple(contract, "linkbest", "Data[]", least);
    bodies.extend(lists(&[row(1)?, row(2)?, row(3)?]));
    bodies.extend([
        Body::json(
            "four-places",
            &page(vec![row(4)?.with_all([
                ("ConfirmPriceOld", Json::number("12.3400")),
                ("ModifyPrice", Json::number("-0.0001")),
                ("ConfirmPrice", Json::text("12.3399")),
            ])]),
        ),
        Body::json(
            "empty-decimals",
            &page(vec![row(5)?.with_all([
                ("ModifyPrice", Json::text("")),
                ("ConfirmSiterCommissionOld", Json::Null),
                ("OrderTime", Json::text("0000-00-00 00:00:00")),
            ])]),
        ),
        Body::json(
            "beyond-decimal",
            &page(vec![row(6)?.with(
                "ConfirmPrice",
                Json::number("79228162514264337593543950336"),
            )]),
        ),
    ]);
    Ok(bodies)
}

/// The report by program (113): counts as text.
pub(crate) fn report(contract: &Contract) -> Result<Vec<Body>> {
    let row = |number: u64| {
        let mut dice = Dice::new(&format!("linkbest report {number}"));
        let orders = dice.between(0, 40);
        let clicks = orders + dice.between(10, 4_000);
        Json::object([
            ("ProgramId", Json::text((1025 + number).to_string())),
            ("ProgramName", Json::text(format!("Tea House {number}"))),
            ("UniqueClickCount", Json::text((clicks - 5).to_string())),
            ("ClickCount", Json::text(clicks.to_string())),
            ("OrderCount", Json::text(orders.to_string())),
        ])
    };
    let least = page(vec![Json::object([("ProgramId", Json::text("1026"))])]);
    let mut bodies = simple(contract, "linkbest", "Data[]", least);
    bodies.extend(lists(&[row(1), row(2), row(3)]));
    bodies.extend([
        Body::json(
            "empty-counts",
            &page(vec![row(4).with_all([
                ("OrderCount", Json::text("")),
                ("ClickCount", Json::Null),
            ])]),
        ),
        Body::json(
            "count-no-number",
            &full(contract, "linkbest").with("Data[].OrderCount", Json::text("many")),
        ),
    ]);
    Ok(bodies)
}

/// Pages, empty pages in their forms, and the failure that a window too long may get.
fn lists(rows: &[Json]) -> Vec<Body> {
    let data = |value| page(Vec::new()).with("Data", value);
    vec![
        Body::json("page-1", &page(rows[..2].to_vec())),
        Body::json("page-2", &page(rows[2..].to_vec())),
        Body::json("empty", &page(Vec::new())),
        Body::json("data-null", &data(Json::Null)),
        Body::json("data-empty-object", &data(Json::Object(Vec::new()))),
        Body::json("data-single", &data(rows[0].clone())),
        Body::json("data-missing", &data(Json::Null).without("Data")),
        // With HTTP status 400.
        Body::json("error-4000", &failure(4000, "The range is too long")),
    ]
}

fn four_places(parts: u64) -> String {
    format!("{}.{:04}", parts / 10_000, parts % 10_000)
}
