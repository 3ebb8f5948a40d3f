//! `orders decode`.

use orders_sandbox::Vendor;
use serde_json::Value;

use crate::support::{Place, fixture, fixture_text};

fn decode(vendor: Vendor, file: &str, more: &[&str]) -> crate::support::Ran {
    let path = fixture(vendor, file);
    let mut arguments = vec!["decode", vendor.name(), path.to_str().unwrap()];
    arguments.extend(more);
    Place::new().run(&arguments)
}

#[test]
fn a_page_is_one_line_an_order_in_every_view() {
    for vendor in Vendor::ALL {
        for view in ["raw", "typed", "core"] {
            let ran = decode(vendor, "page-1.json", &["--as", view]);
            assert_eq!((ran.code, ran.err.as_str()), (0, ""));
            assert!(ran.lines().len() > 1, "{vendor} {view}");
            for line in ran.lines() {
                serde_json::from_str::<Value>(line).unwrap();
            }
        }
    }
}

#[test]
fn the_views_of_an_order() {
    for vendor in [Vendor::Clink, Vendor::Linkbest] {
        for view in ["raw", "typed", "core"] {
            let ran = decode(vendor, "full.json", &["--as", view]);
            insta::assert_snapshot!(format!("decode-{vendor}-{view}"), ran.out);
        }
    }
}

#[test]
fn raw_keeps_every_character_but_the_white_space_between() {
    for vendor in Vendor::ALL {
        for file in ["numbers-as-text.json", "text-as-numbers.json", "drift.json"] {
            let ran = decode(vendor, file, &["--as", "raw"]);
            assert_eq!(ran.code, 0, "{}", ran.err);
            let bare = |text: &str| text.split_whitespace().collect::<String>();
            let whole = bare(&fixture_text(vendor, file));
            for line in ran.lines() {
                assert!(whole.contains(&bare(line)), "{vendor} {file}");
            }
        }
    }
}

#[test]
fn a_text_on_one_line_comes_back_as_it_is() {
    let order = r#"{ "orderId":"o\u00e9",  "amountTotal": 1.50 ,"news":12345678901234567.890 }"#;
    let page = format!(r#"{{"code":200,"total":1,"rows":[ {order} ]}}"#);
    for body in [order, &page] {
        let ran = Place::new().run_with(&["decode", "clink", "--as", "raw"], body);
        assert_eq!(
            (ran.code, ran.out.as_str()),
            (0, format!("{order}\n").as_str())
        );
    }
}

#[test]
fn a_single_order_is_told_by_its_shape() {
    for vendor in Vendor::ALL {
        let ran = decode(vendor, "single.json", &["--as", "core"]);
        assert_eq!((ran.code, ran.lines().len()), (0, 1), "{}", ran.err);
        let order: Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(order["provider"], vendor.name());
    }
}

/// What a body holds is seen from it where one kind alone has such a name; `--as core` has a form for orders only.
#[test]
fn what_a_body_holds_is_seen_from_it() {
    for (vendor, file, kind, things) in [
        (Vendor::Clink, "refund/full.json", "refundId", 1),
        (Vendor::Clink, "invoice/full.json", "invoiceId", 1),
        (Vendor::Clink, "subscription/full.json", "subscriptionId", 1),
        (Vendor::Clink, "event/refund.json", "resource", 1),
        (Vendor::Linkbest, "settlement/page-1.json", "ModifyPrice", 2),
        (Vendor::Linkbest, "report/page-1.json", "OrderCount", 2),
        (Vendor::Linkbest, "push/v2-settled.json", "resource", 1),
        (
            Vendor::Shopline,
            "push/refunds-create.json",
            "refund_line_items",
            1,
        ),
        (
            Vendor::Shopline,
            "refunds/recorded.json",
            "refund_line_items",
            2,
        ),
        (
            Vendor::Shopline,
            "fulfillments/single.json",
            "tracking_company",
            1,
        ),
        (Vendor::Shopline, "transactions/full.json", "amount", 1),
        (Vendor::Shopline, "customers/page-1.json", "orders_count", 2),
    ] {
        let ran = decode(vendor, file, &[]);
        assert_eq!(
            (ran.code, ran.lines().len()),
            (0, things),
            "{file} {}",
            ran.err
        );
        for line in ran.lines() {
            let thing: Value = serde_json::from_str(line).unwrap();
            assert!(
                thing.get(kind).is_some() && thing.get("payment").is_none(),
                "{line}"
            );
        }
        let raw = decode(vendor, file, &["--as", "raw"]);
        let bare = |text: &str| text.split_whitespace().collect::<String>();
        assert!(
            bare(&fixture_text(vendor, file)).contains(&bare(raw.lines()[0])),
            "{file}"
        );
        if file == "push/v2-settled.json" {
            continue; // The order in a push has a core form.
        }
        let ran = decode(vendor, file, &["--as", "core"]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{file}");
        assert!(ran.err.contains("--as core is for orders"), "{}", ran.err);
    }
}

#[test]
fn the_envelopes_of_one_order_are_read() {
    for (vendor, body, id) in [
        (
            "clink",
            r#"{"code":200,"msg":"success","data":{"orderId":"o1","status":"success"}}"#,
            "o1",
        ),
        ("shopline", r#"{"order":{"id":"1","status":"open"}}"#, "1"),
        (
            "shopline",
            r#"{"data":{"order":{"id":"1","status":"open"}}}"#,
            "1",
        ),
        (
            "linkbest",
            r#"{"Status":0,"Data":{"Id":"1","OrderSn":"A"}}"#,
            "1",
        ),
        (
            "clink",
            r#"{"id":"e","type":"order.failed","data":{"object":{"orderId":"o1"}}}"#,
            "o1",
        ),
    ] {
        let ran = Place::new().run_with(&["decode", vendor, "--as", "core"], body);
        assert_eq!((ran.code, ran.lines().len()), (0, 1), "{body} {}", ran.err);
        let order: Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(order["id"], id, "{}", ran.out);
    }
    let body = r#"{"code":200,"data":{"orderId":"o1","news":1}}"#;
    let ran = Place::new().run_with(&["decode", "clink", "--drift"], body);
    assert!(ran.err.contains("rows[].news"), "{}", ran.err);
}

#[test]
fn a_body_that_does_not_say_what_it_is_has_to_be_named() {
    let delete = r#"{"id":"1","status":"open"}"#;
    let ran = Place::new().run_with(&["decode", "shopline"], delete);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    for part in ["`id`, `status`", "--kind", "order, refund, parcel"] {
        assert!(ran.err.contains(part), "{}", ran.err);
    }
    let ran = Place::new().run_with(&["decode", "shopline", "--kind", "order"], delete);
    assert_eq!((ran.code, ran.lines().len()), (0, 1), "{}", ran.err);
    let ran = Place::new().run_with(&["decode", "shopline", "--kind", "refund"], delete);
    assert_eq!((ran.code, ran.lines().len()), (0, 1), "{}", ran.err);

    let ran = Place::new().run_with(&["decode", "clink", "--kind", "parcel"], delete);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(
        ran.err.contains("clink has no bodies of the kind parcel"),
        "{}",
        ran.err
    );
    let dispute = r#"{"chargeBackId":"c1","orderId":"o1","status":1}"#;
    let ran = Place::new().run_with(&["decode", "clink"], dispute);
    assert_eq!((ran.code, ran.out.trim_end()), (0, dispute));
    let ran = decode(Vendor::Clink, "refund/full.json", &["--drift"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    // A failure of the vendor is no body of unknown kind.
    let ran = Place::new().run_with(
        &["decode", "clink"],
        r#"{"code":500,"msg":"no","data":null}"#,
    );
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    // One that cannot be read is named, as an order is.
    let refund = r#"{"refunds":[{"id":"1","order_adjustments":[{"amount":"ten"}]},{"id":"2"}]}"#;
    let ran = Place::new().run_with(&["decode", "shopline"], refund);
    assert_eq!((ran.code, ran.lines().len()), (7, 1));
    assert!(
        ran.err
            .starts_with("refunds[0].order_adjustments[0].amount: "),
        "{}",
        ran.err
    );
}

#[test]
fn every_fixture_is_one_line_a_record_in_every_view() {
    for (vendor, file) in [
        (Vendor::Shopline, "full.json"),
        (Vendor::Clink, "full.json"),
        (Vendor::Linkbest, "full.json"),
    ] {
        for view in ["raw", "typed", "core"] {
            let ran = decode(vendor, file, &["--as", view]);
            assert_eq!((ran.code, ran.lines().len()), (0, 1), "{vendor} {view}");
        }
    }
}

#[test]
fn drift_is_its_own_report_and_no_failure() {
    for vendor in Vendor::ALL {
        let ran = decode(vendor, "drift.json", &["--drift"]);
        assert_eq!((ran.code, ran.lines().len()), (0, 1));
        insta::assert_snapshot!(format!("drift-{vendor}"), ran.err);
        let ran = decode(vendor, "drift.json", &["--drift", "--json"]);
        assert_eq!((ran.code, ran.lines().len()), (0, 1));
        assert_eq!(ran.err_json()["vendor"], vendor.name());
        insta::assert_snapshot!(format!("drift-{vendor}-json"), ran.err);
    }
}

#[test]
fn what_the_contract_describes_is_no_drift() {
    for vendor in Vendor::ALL {
        for file in ["full.json", "minimal.json"] {
            let ran = decode(vendor, file, &["--drift"]);
            assert!(
                ran.code == 0 && ran.err.starts_with("no drift: "),
                "{vendor} {file} {}",
                ran.err
            );
        }
    }
}

#[test]
fn a_damaged_body_prints_nothing_and_names_its_path() {
    for (vendor, list) in [
        (Vendor::Clink, "rows"),
        (Vendor::Linkbest, "Data"),
        (Vendor::Shopline, "list"),
    ] {
        for (file, path) in [("cut.txt", list), ("error-html.txt", "")] {
            let ran = decode(vendor, file, &[]);
            assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{vendor} {file}");
            let place = format!("\n  kind   decode\n  at     {path}");
            let named = path.is_empty() || ran.err.contains(&place);
            assert!(ran.err.starts_with("error: ") && named, "{}", ran.err);
            assert!(ran.err.contains("\n  next   "), "{}", ran.err);
            assert!(!ran.err.contains("from"), "no call was made: {}", ran.err);
        }
    }
    insta::assert_snapshot!("decode-damaged", decode(Vendor::Clink, "cut.txt", &[]).err);
}

#[test]
fn an_order_that_cannot_be_read_is_named_and_the_others_are_printed() {
    for (vendor, path) in [
        (Vendor::Clink, "rows[0].amountTotal: order "),
        (Vendor::Linkbest, "Data[0].OrdersPrice: order "),
        (Vendor::Shopline, "list[0].total_weight: order "),
    ] {
        let ran = decode(vendor, "beyond-decimal.json", &[]);
        assert_eq!((ran.code, ran.out.as_str()), (7, ""), "{vendor}");
        assert!(ran.err.starts_with(path), "{}", ran.err);
    }
    let page = r#"{"code":200,"total":3,"rows":[{"orderId":"a"},{"orderId":"b","amountTotal":"ten"},{"orderId":"c"}]}"#;
    let ran = Place::new().run_with(&["decode", "clink", "-"], page);
    assert_eq!((ran.code, ran.lines().len()), (7, 2));
    assert_eq!(
        ran.err,
        "rows[1].amountTotal: order b cannot be read: expected a decimal, got \"ten\": not a decimal number\n"
    );
    let ran = Place::new().run_with(&["decode", "clink", "-", "--json"], page);
    let record = ran.err_json();
    assert_eq!(
        (&record["id"], &record["path"]),
        (&"b".into(), &"rows[1].amountTotal".into())
    );
    let one = r#"{"orderId":"b","amountTotal":"ten"}"#;
    let ran = Place::new().run_with(&["decode", "clink", "-"], one);
    assert_eq!((ran.code, ran.out.as_str()), (7, ""));
    assert!(ran.err.starts_with("amountTotal: order b "), "{}", ran.err);
}

#[test]
fn a_typed_order_is_one_line_whatever_is_in_it() {
    let page = "{\"list\":[{\"id\":\"1\",\"app_id\":{\n  \"a\": 1.50\n}}]}";
    let ran = Place::new().run_with(&["decode", "shopline", "-", "--as", "typed"], page);
    assert_eq!(
        (ran.code, ran.out.as_str()),
        (0, "{\"id\":\"1\",\"app_id\":{\"a\":1.50}}\n")
    );
}

#[test]
fn a_failure_of_the_vendor_is_wrong_input_whatever_its_code() {
    for (vendor, file, words) in [
        (Vendor::Clink, "error-401.json", "auth"),
        (Vendor::Linkbest, "error-4000.json", "invalid request"),
        (Vendor::Shopline, "error-map.json", "status"),
    ] {
        let ran = decode(vendor, file, &[]);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""));
        assert!(ran.err.contains(words), "{}", ran.err);
    }
}

#[test]
fn a_missing_file_is_named() {
    let ran = Place::new().run(&["decode", "clink", "nowhere.json"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(
        ran.err.starts_with("error: cannot read nowhere.json: "),
        "{}",
        ran.err
    );
}
