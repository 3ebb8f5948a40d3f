//! An order's refunds and transactions.

use crate::contract::Contract;
use crate::generate::{Body, full, simple};
use crate::json::Json;
use crate::workspace::Result;

use super::order::{money_pair, refund};

/// The list of `orders/:id/transactions.json`, and that of `transactions/query.json`.
pub(crate) const TRANSACTIONS: [&str; 2] = ["transactions[]", "transaction_list[]"];

/// `orders/:id/refunds.json`.
pub(crate) fn refunds(contract: &Contract) -> Result<Vec<Body>> {
    let page = |refunds| Json::object([("refunds", Json::List(refunds))]);
    let id = Json::object([("id", Json::text("2607684453972359256224"))]);
    let mut bodies = simple(contract, "shopline", "refunds[]", page(vec![id]));
    let recorded = refund(40)?.with_all([
        ("order_id", Json::text("21076844537675933358365835")),
        ("total_duties_set", money_pair("0.00", "0.00")),
        ("transactions_v2", Json::List(Vec::new())),
    ]);
    // As cancelling an order was recorded to answer.
    let null_lists = recorded.clone().with_all([
        ("refund_line_items", Json::Null),
        ("order_adjustments", Json::Null),
        ("transactions", Json::Null),
        ("transactions_v2", Json::Null),
    ]);
    let as_text = recorded.clone().with_all([
        ("refund_line_items[].quantity", Json::text("1")),
        ("refund_line_items[].subtotal", Json::text("1000000.00")),
    ]);
    bodies.extend([
        Body::json("recorded", &page(vec![recorded.clone(), refund(41)?])),
        Body::json("null-lists", &page(vec![null_lists])),
        // As the pages of pushes type them.
        Body::json("quantity-as-text", &page(vec![as_text])),
        Body::json("single", &recorded),
        Body::json(
            "drift-words",
            &full(contract, "shopline").with(
                "refunds[].refund_line_items[].restock_type",
                Json::text("donate"),
            ),
        ),
    ]);
    bodies.extend(lists("refunds"));
    Ok(bodies)
}

/// Both lists of transactions.
pub(crate) fn transactions(contract: &Contract) -> Result<Vec<Body>> {
    let mut bodies = Vec::new();
    for place in TRANSACTIONS {
        let list = place.trim_end_matches("[]");
        let id = Json::object([("id", Json::text("3201270984435601569672841384"))]);
        let least = Json::object([(list, Json::List(vec![id]))]);
        let mut of_list = simple(&contract.only(place), "shopline", place, least);
        of_list.extend(lists(list));
        bodies.extend(of_list.into_iter().map(|body| Body {
            name: match list {
                "transactions" => body.name,
                _ => format!("list-{}", body.name),
            },
            ..body
        }));
    }
    let whole = full(contract, "shopline");
    let failed = whole.clone().without("transaction_list").with_all([
        ("transactions[].amount", Json::text("101.0")),
        ("transactions[].status", Json::text("failure")),
        ("transactions[].error_code", Json::text("success")),
        ("transactions[].receipt", Json::Object(Vec::new())),
    ]);
    let gift_card = whole.clone().without("transactions").with(
        "transaction_list[].payment_details.receipt_json",
        Json::text(r#""giftCardId":"30171170664005107786740045","giftCardLastCharacters":"1e36""#),
    );
    bodies.extend([
        Body::json("failed", &failed),
        Body::json("list-gift-card", &gift_card),
        Body::json("both-lists", &whole),
    ]);
    Ok(bodies)
}

/// Lists that hold nothing, and bodies that are no list.
pub(super) fn lists(list: &str) -> Vec<Body> {
    vec![
        Body::json("empty", &Json::object([(list, Json::List(Vec::new()))])),
        Body::json("list-null", &Json::object([(list, Json::Null)])),
        Body::json("list-missing", &Json::object([("count", Json::number(0))])),
        Body::json(
            "error-404",
            &Json::object([("errors", Json::text("The order does not exist."))]),
        ),
        Body::raw(
            "cut.txt",
            &format!("{{\"{list}\": [{{\"id\": \"2607684453972359256224\", \"amount\": \"1"),
        ),
    ]
}
