//! An order's parcels.

use crate::contract::Contract;
use crate::generate::{Body, Dice, full, simple};
use crate::json::Json;
use crate::workspace::Result;

use super::money::lists;
use super::order::money_pair;

const PARCEL: &str = r##"{
    "id": "22076844546781433430580862", "order_id": "21076844538384771008630862", "status": "success",
    "shipment_status": null, "name": "#1012.1", "tracking_number": "TRACK123456", "tracking_numbers": ["TRACK123456"],
    "tracking_url": "", "tracking_urls": [], "tracking_company": "Tea Post",
    "tracking_info_list": [{"tracking_number": "TRACK123456", "tracking_url": "", "tracking_company": "Tea Post"}],
    "created_at": "2026-09-02T21:55:00+08:00", "updated_at": "2026-09-02T21:55:00+08:00"
}"##;

const LINE: &str = r#"{
    "id": 459465, "sku": "TEA-1", "requires_shipping": true, "taxable": true, "variant_id": "", "name": "Green tea",
    "title": "Green tea", "product_id": "", "quantity": 1, "price": "1000000.0", "fulfillment_status": "fulfilled",
    "variant_title": "Large / Red", "location_id": "", "total_discount": "0.0", "fulfillment_quantity": 1, "grams": 0,
    "fulfillable_quantity": 0, "bundle_parent_item": null, "properties": null, "version": "0", "vendor": null
}"#;

pub(crate) fn bodies(contract: &Contract) -> Result<Vec<Body>> {
    let page = |parcels| Json::object([("fulfillments", Json::List(parcels))]);
    let id = Json::object([("id", Json::text("22076844546781433430580862"))]);
    let mut bodies = simple(contract, "shopline", "fulfillments[]", page(vec![id]));
    let recorded = Json::parse(PARCEL)?.with("line_items", Json::List(vec![line()?]));
    let two_parcels = recorded.clone().with_all([
        (
            "tracking_info_list[1].tracking_number",
            Json::text("TRACK2"),
        ),
        (
            "tracking_info_list[1].tracking_company",
            Json::text("Tea Express"),
        ),
        ("tracking_info_list[1].tracking_url", Json::Null),
    ]);
    let null_lists = recorded.clone().with_all([
        ("line_items", Json::Null),
        ("tracking_info_list", Json::Null),
        ("tracking_numbers", Json::Null),
        ("tracking_urls", Json::Null),
    ]);
    let cancelled = recorded.clone().with_all([
        ("status", Json::text("cancelled")),
        ("shipment_status", Json::text("faliure")),
    ]);
    bodies.extend([
        // The id of its line is a number, as recorded.
        Body::json("recorded", &page(vec![recorded.clone()])),
        Body::json("two-numbers", &page(vec![two_parcels])),
        Body::json("null-lists", &page(vec![null_lists])),
        Body::json("cancelled", &page(vec![cancelled])),
        Body::json("single", &recorded),
        Body::json(
            "drift-words",
            &full(contract, "shopline").with("fulfillments[].status", Json::text("lost")),
        ),
    ]);
    bodies.extend(lists("fulfillments"));
    Ok(bodies)
}

fn line() -> Result<Json> {
    let mut dice = Dice::new("shopline parcel");
    let tax = Json::object([
        ("name", Json::Null),
        ("title", Json::text("VAT")),
        ("rate", Json::Null),
        ("price", Json::text("0.0")),
        ("price_set", money_pair("0.0", "0.0")),
    ]);
    Ok(Json::parse(LINE)?
        .with("variant_id", Json::text(format!("1807{}", dice.digits(22))))
        .with("product_id", Json::text(format!("1607{}", dice.digits(22))))
        .with("location_id", Json::text(dice.digits(19)))
        .with("price_set", money_pair("1000000.0", "1000000.0"))
        .with("total_discount_set", money_pair("0.0", "0.0"))
        .with("tax_lines", Json::List(vec![tax.clone(), tax])))
}
