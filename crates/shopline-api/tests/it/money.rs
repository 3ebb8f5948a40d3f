//! What was charged, what went back, and what came back: documented, recorded and reported cases.

use orders_core::{AdjustmentKind, AdjustmentStatus, Amount, Order, Sums};

use crate::fixtures;
use crate::mapping::{core, money};

fn shown(sums: &Sums) -> String {
    match sums {
        Sums::Known(sums) => {
            let each = sums
                .iter()
                .map(|(currency, sum)| format!("{sum} {currency}"));
            each.collect::<Vec<_>>().join(", ")
        }
        _ => "unknown".to_owned(),
    }
}

/// An order with one refund that holds these payments.
fn refunded(transactions: &str) -> Order {
    core(&format!(
        r#"{{"id":"1","currency":"EUR","refunds":[{{"id":"9","transactions":{transactions}}}]}}"#
    ))
}

#[test]
fn a_payment_back_is_money_only_where_it_succeeded() {
    for (status, normal, back) in [
        (r#""success""#, AdjustmentStatus::Succeeded, "20.00 EUR"),
        (r#""SUCCESS""#, AdjustmentStatus::Succeeded, "20.00 EUR"),
        (r#""pending""#, AdjustmentStatus::Pending, ""),
        (r#""Pending""#, AdjustmentStatus::Pending, ""),
        (r#""create""#, AdjustmentStatus::Pending, ""),
        (r#""created""#, AdjustmentStatus::Pending, ""),
        (r#""failure""#, AdjustmentStatus::Failed, ""),
        (r#""FAILURE""#, AdjustmentStatus::Failed, ""),
        (r#""fail""#, AdjustmentStatus::Failed, ""),
        (r#""error""#, AdjustmentStatus::Failed, ""),
        (r#""settled""#, AdjustmentStatus::Unknown, "unknown"),
        ("null", AdjustmentStatus::Unknown, "unknown"),
    ] {
        let order = refunded(&format!(
            r#"[{{"id":"t","kind":"refund","status":{status},"amount":"20.00","currency":"EUR"}}]"#
        ));
        let [refund] = order.adjustments.as_slice() else {
            panic!("{:?}", order.adjustments)
        };
        let word = status.trim_matches('"').replace("null", "");
        assert_eq!(refund.kind, AdjustmentKind::Refund);
        assert_eq!(refund.normal_status(), normal, "{status}");
        assert_eq!(refund.status.as_ref().unwrap().native, word);
        assert_eq!(refund.id.as_deref(), Some("t"));
        assert_eq!(refund.refund_id.as_deref(), Some("9"));
        assert_eq!(refund.amount, Some(Amount::Single(money("20.00", "EUR"))));
        assert_eq!(shown(&order.money_back()), back, "{status}");
    }
}

#[test]
fn a_step_and_its_result_are_one_payment_and_others_are_none() {
    let all = |status: &str| {
        refunded(&format!(
            r#"[{{"kind":"refund","status":"{status}","amount":"20.00","currency":"EUR"}},
                {{"kind":"refund","status":"success","amount":"20.00","currency":"EUR"}},
                {{"kind":"void","status":"success","amount":"20.00","currency":"EUR"}},
                {{"kind":"sale","status":"success","amount":"20.00","currency":"EUR"}}]"#
        ))
    };
    for step in ["pending", "create", "created", "FAILURE", "error"] {
        assert_eq!(shown(&all(step).money_back()), "20.00 EUR", "{step}");
        assert_eq!(all(step).adjustments.len(), 2);
    }
    let new =
        refunded(r#"[{"kind":"cash_back","status":"success","amount":"20.00","currency":"EUR"}]"#);
    let unknown = "a kind that we do not know";
    assert_eq!(shown(&new.money_back()), "unknown", "{unknown}");
}

#[test]
fn currencies_are_summed_apart_and_compared_without_case() {
    let order = refunded(
        r#"[{"status":"success","amount":"20.00","currency":"USD"},
            {"status":"success","amount":"5.00","currency":"usd"},
            {"status":"success","amount":"1","currency":"CNy"}]"#,
    );
    assert_eq!(shown(&order.money_back()), "1 CNY, 25.00 USD");
    let bare = refunded(r#"[{"status":"success","amount":"10.00"}]"#);
    let amount = bare.adjustments[0].amount.clone();
    assert_eq!(amount, Some(Amount::Single(money("10.00", ""))));
    assert_eq!(shown(&bare.money_back()), "10.00 ", "none is made up");
}

#[test]
fn goods_that_came_back_are_no_money() {
    let order = |payment: &str, transactions: &str| {
        core(&format!(
            r#"{{"id":"1","financial_status":"{payment}","currency":"USD","refunds":[{{"id":"2",{transactions}
            "refund_line_items":[{{"id":"3","quantity":1,"total_tax":1.90,"subtotal_set":{{
                "shop_money":{{"amount":"500.00","currency_code":"USD"}},
                "presentment_money":{{"amount":"500.00","currency_code":"USD"}}}}}}],
            "order_adjustments":[{{"id":"4","kind":"refund_discrepancy","amount":"500.00","reason":"r"}}]}}]}}"#
        ))
    };
    let nothing = order("unpaid", r#""transactions":[],"transactions_v2":[],"#);
    let [back, less] = nothing.adjustments.as_slice() else {
        panic!("{:?}", nothing.adjustments)
    };
    assert_eq!(back.kind, AdjustmentKind::Return);
    assert_eq!(back.id.as_deref(), Some("2"));
    let value = back.amount.as_ref().unwrap();
    assert_eq!(value.shop(), Some(&money("500.00", "USD")));
    assert_eq!(back.tax, Some(Amount::Single(money("1.90", "USD"))));
    assert_eq!(less.kind, AdjustmentKind::Discrepancy);
    assert_eq!(less.reason.as_deref(), Some("r"));
    assert_eq!((&back.status, &less.status), (&None, &None));
    assert_eq!(shown(&nothing.money_back()), "", "an empty list: nothing");

    for absent in ["", r#""transactions":null,"#] {
        let silent = order("paid", absent);
        let first = &silent.adjustments[0];
        assert_eq!(first.kind, AdjustmentKind::Refund);
        assert_eq!(first.normal_status(), AdjustmentStatus::Unknown);
        assert_eq!(first.amount, None);
        assert_eq!(shown(&silent.money_back()), "unknown");
    }
    for word in ["partially_refunded", "refunded"] {
        let order = order(word, r#""transactions":[],"#);
        assert_eq!(shown(&order.money_back()), "unknown", "{word}");
    }
}

#[test]
fn recorded_refunds_moved_nothing() {
    let body = fixtures::body("refunds/recorded.json");
    let text = String::from_utf8(body.to_vec()).unwrap();
    let members = orders_wire::Members::of(&text).unwrap();
    let refunds = members.get("refunds").unwrap().get();
    let order = core(&format!(
        r#"{{"id":"1","currency":"USD","financial_status":"unpaid","refunds":{refunds}}}"#
    ));
    assert!(order.adjustments.len() >= 4);
    let money_moved = |a: &orders_core::Adjustment| a.kind == AdjustmentKind::Refund;
    assert!(!order.adjustments.iter().any(money_moved));
    assert!(order.money_back().is_nothing());
    // The answer of a cancel: a success of zero.
    let cancel = core(
        r#"{"currency":"USD","financial_status":"unpaid","refunds":[{"id":"2","refund_line_items":null,
        "transactions":[{"kind":"refund","status":"success","amount":"0.0","currency":"USD"}]}]}"#,
    );
    assert!(cancel.money_back().is_nothing());
    assert_eq!(cancel.adjustments.len(), 1);
}

#[test]
fn each_side_of_returned_goods_is_summed_by_itself() {
    let order = core(
        r#"{"currency":"USD","refunds":[{"transactions":[{"status":"success","amount":"10.00","currency":"GBP"}],"refund_line_items":[
        {"subtotal_set":{"shop_money":{"amount":"1.00","currency_code":"USD"},"presentment_money":{"amount":"8.00","currency_code":"HKD"}}},
        {"subtotal":2.00,"subtotal_set":{"presentment_money":{"amount":"2.00","currency_code":"EUR"}}}]}]}"#,
    );
    let [paid, back] = order.adjustments.as_slice() else {
        panic!("{:?}", order.adjustments)
    };
    assert_eq!(paid.amount, Some(Amount::Single(money("10.00", "GBP"))));
    assert_eq!(back.amount, Some(Amount::Single(money("3.00", "USD"))));
    assert_eq!(back.tax, None, "none was sent");
    let shipping = core(
        r#"{"refunds":[{"id":"26","created_at":"2026-03-01T10:00:00+08:00","transactions":[],
        "order_adjustments":[{"id":"27","kind":"shipping_refund","amount":"1.00"},{"id":"28"}]}]}"#,
    );
    let kinds = shipping.adjustments.iter().map(|a| a.kind.to_string());
    let kinds: Vec<_> = kinds.collect();
    assert_eq!(kinds, ["shipping_refund", "order_adjustment"]);
    let at = shipping.adjustments[0].at.unwrap();
    assert_eq!(at.to_rfc3339(), "2026-03-01T10:00:00+08:00");
}

#[test]
fn charged_is_the_sum_of_the_payments_that_are_paid() {
    const PAID: &str = r#"{"pay_status":"paid","pay_amount":12.5}"#;
    const FAILED: &str = r#"{"pay_status":"paid_failed","pay_amount":3}"#;
    let list = |payments: &[&str]| format!("[{}]", payments.join(","));
    for (payment, details, charged) in [
        (
            "paid",
            list(&[PAID, r#"{"pay_status":"PAID","pay_amount":"7.50"}"#]),
            "20.00 EUR",
        ),
        ("refunded", list(&[PAID]), "12.5 EUR"),
        ("paid", list(&[FAILED, PAID]), "12.5 EUR"),
        (
            "partially_paid",
            list(&[PAID, r#"{"pay_status":"pending","pay_amount":5}"#]),
            "12.5 EUR",
        ),
        (
            "unpaid",
            list(&[FAILED, r#"{"pay_status":"paid_overtime","pay_amount":3}"#]),
            "0 EUR",
        ),
        ("paid", list(&[]), "unknown"),
        ("paid", "null".to_owned(), "unknown"),
        ("unpaid", list(&[]), "unknown"),
        ("paid", list(&[FAILED]), "unknown"),
        ("paid", list(&[r#"{"pay_status":"paid"}"#]), "unknown"),
        (
            "paid",
            list(&[PAID, r#"{"pay_status":"captured","pay_amount":3}"#]),
            "unknown",
        ),
        ("paid", list(&[PAID, r#"{"pay_amount":3}"#]), "unknown"),
    ] {
        let order = core(&format!(
            r#"{{"currency":"eur","financial_status":"{payment}","current_total_price":"99","payment_details":{details}}}"#
        ));
        let shown = order.charged().map(ToString::to_string);
        assert_eq!(
            shown.as_deref().unwrap_or("unknown"),
            charged,
            "{payment} {details}"
        );
    }
}

#[test]
fn net_needs_what_was_charged_and_what_went_back_in_one_currency() {
    let net = |payment: &str, refunds: &str| {
        let order = core(&format!(
            r#"{{"currency":"EUR","financial_status":"{payment}","current_total_price":"99",
            "payment_details":[{{"pay_status":"paid","pay_amount":50}}],"refunds":{refunds}}}"#
        ));
        order.net().map(|money| money.to_string())
    };
    let back = |amount: &str| format!(r#"[{{"transactions":[{{"status":"success",{amount}}}]}}]"#);
    assert_eq!(net("paid", "[]").as_deref(), Some("50 EUR"));
    let some = back(r#""amount":"20.00","currency":"EUR""#);
    assert_eq!(
        net("partially_refunded", &some).as_deref(),
        Some("30.00 EUR")
    );
    assert_eq!(net("partially_refunded", "[]"), None);
    assert_eq!(
        net("paid", &back(r#""amount":"20.00","currency":"GBP""#)),
        None
    );
    assert_eq!(
        net("paid", r#"[{"refund_line_items":[{"subtotal":5}]}]"#),
        None
    );
}

#[test]
fn paid_at_is_the_last_payment_that_is_paid() {
    let paid_at = |payment: &str| {
        let order = core(&format!(
            r#"{{"financial_status":"{payment}","processed_at":"2026-01-01T00:00:00+08:00","order_at":"2026-01-01T00:00:00+08:00",
            "payment_details":[
            {{"pay_status":"paid","processed_at":"2026-01-02T10:00:00+08:00"}},
            {{"pay_status":"paid","processed_at":"2026-01-02T03:00:00Z"}},
            {{"pay_status":"paid","processed_at":"1970-01-01T08:00:00+08:00"}},
            {{"pay_status":"paid_failed","processed_at":"2026-01-03T00:00:00+08:00"}}]}}"#
        ));
        order.paid_at.map(|at| at.to_rfc3339())
    };
    for payment in ["paid", "partially_refunded", "refunded"] {
        assert_eq!(
            paid_at(payment).as_deref(),
            Some("2026-01-02T03:00:00+00:00")
        );
    }
    for payment in ["unpaid", "pending", "partially_paid", "authorized", "new"] {
        assert_eq!(paid_at(payment), None, "{payment}");
    }
    let bare = core(r#"{"financial_status":"paid","processed_at":"2026-01-01T00:00:00Z"}"#);
    assert_eq!(bare.paid_at, None);
}

#[test]
fn the_lines_of_an_edited_order_add_up() {
    let order = |more: &str| {
        core(&format!(
            r#"{{"id":"1","currency":"EUR","total_line_items_price":"96.00","total_discounts":"19.20",
            "current_total_price":"38.40","current_total_discounts":"9.60",{more}"line_items":[
            {{"id":"L","price":"48.00","quantity":2,"fulfillable_quantity":1,"discount_allocations":[{{"amount":"19.20"}}],
              "tax_lines":[{{"price":"3.00"}},{{"price":"1.00"}}]}}],
            "refunds":[{{"id":"R","refund_line_items":[{{"line_item_id":"L","quantity":1,"subtotal":38.40}}]}}]}}"#
        ))
    };
    let edited = order("");
    let line = &edited.lines[0];
    assert_eq!(line.quantity.unwrap().to_string(), "2");
    assert_eq!(line.current_quantity.unwrap().to_string(), "1");
    assert_eq!(line.unit_price, Some(money("48.00", "EUR")));
    assert_eq!(line.discount, Some(money("19.20", "EUR")));
    assert_eq!(line.tax, Some(money("4.00", "EUR")));
    assert_eq!(line.total, None, "the vendor sends none");
    // 1 x 48.00 less the current discounts of 9.60.
    assert_eq!(edited.total(), Some(&money("38.40", "EUR")));
    let mut all = edited.adjustments.iter();
    let back = all.find(|a| a.kind == AdjustmentKind::Return).unwrap();
    assert_eq!(back.amount, Some(Amount::Single(money("38.40", "EUR"))));

    let agrees = order(r#""current_subtotal_price":"48.00","#);
    assert_eq!(agrees.lines[0].current_quantity.unwrap().to_string(), "1");
    let differs = order(r#""current_subtotal_price":"96.00","#);
    assert_eq!(differs.lines[0].current_quantity, None);
}

#[test]
fn what_is_left_of_a_line_is_known_or_said_to_be_not() {
    let left = |refunded: &str| {
        let order = core(&format!(
            r#"{{"line_items":[{{"id":"L","quantity":2}}],"refunds":[{{"refund_line_items":[{refunded}]}}]}}"#
        ));
        order.lines[0].current_quantity.map(|left| left.to_string())
    };
    assert_eq!(left("").as_deref(), Some("2"));
    assert_eq!(
        left(r#"{"line_item_id":"M","quantity":1}"#).as_deref(),
        Some("2")
    );
    assert_eq!(
        left(r#"{"line_item":{"id":"L"},"quantity":2}"#).as_deref(),
        Some("0")
    );
    assert_eq!(left(r#"{"line_item_id":"L"}"#), None);
    assert_eq!(left(r#"{"quantity":1}"#), None);
    assert_eq!(left(r#"{"line_item_id":"L","quantity":3}"#), None);
}

mod property {
    use std::collections::BTreeMap;

    use orders_core::{Currency, Decimal, Sums};
    use proptest::prelude::*;

    use super::refunded;

    /// A payment: kind, status, cents, currency.
    fn payment() -> impl Strategy<Value = (&'static str, &'static str, i64, &'static str)> {
        (
            prop::sample::select(vec!["refund", "Refund", "void", "sale", "capture"]),
            prop::sample::select(vec![
                "success", "SUCCESS", "pending", "create", "created", "failure", "FAIL", "error",
            ]),
            0..10_000_000_i64,
            prop::sample::select(vec!["USD", "usd", "EUR", "CNy"]),
        )
    }

    proptest! {
        /// Whatever a refund holds, money back is what its payments back of status success come to.
        #[test]
        fn money_back_is_the_sum_of_the_payments_that_succeeded(
            payments in prop::collection::vec(payment(), 0..8),
        ) {
            let rows = payments.iter().map(|(kind, status, cents, currency)| {
                let amount = Decimal::new(*cents, 2);
                format!(r#"{{"kind":"{kind}","status":"{status}","amount":"{amount}","currency":"{currency}"}}"#)
            });
            let rows = rows.collect::<Vec<_>>().join(",");
            let goods = r#""refund_line_items":[{"subtotal":5}],"order_adjustments":[{"kind":"refund_discrepancy","amount":"5"}]"#;
            let order = refunded(&format!(r#"[{rows}],{goods}"#));
            let mut sums: BTreeMap<Currency, Decimal> = BTreeMap::new();
            for (kind, status, cents, currency) in payments {
                if kind.eq_ignore_ascii_case("refund") && status.eq_ignore_ascii_case("success") {
                    *sums.entry(Currency::new(currency)).or_default() += Decimal::new(cents, 2);
                }
            }
            prop_assert_eq!(order.money_back(), Sums::Known(sums));
        }
    }
}
