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
        for file in ["full.json", "minimal.json", "nulls.json"] {
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
    for (vendor, path) in [
        (Vendor::Clink, "rows[0].amountTotal"),
        (Vendor::Linkbest, "Data[0].OrdersPrice"),
        (Vendor::Shopline, "list[0].total_weight"),
    ] {
        for (file, path) in [
            ("beyond-decimal.json", path),
            ("cut.txt", &path[..4]),
            ("error-html.txt", ""),
        ] {
            let ran = decode(vendor, file, &[]);
            assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{vendor} {file}");
            let place = format!("\n  kind   decode\n  at     {path}");
            let named = path.is_empty() || ran.err.contains(&place);
            assert!(ran.err.starts_with("error: ") && named, "{}", ran.err);
            assert!(ran.err.contains("\n  next   "), "{}", ran.err);
        }
    }
    insta::assert_snapshot!(
        "decode-damaged",
        decode(Vendor::Clink, "beyond-decimal.json", &[]).err
    );
}

#[test]
fn one_bad_order_stops_the_whole_page() {
    let page =
        r#"{"code":200,"total":2,"rows":[{"orderId":"a"},{"orderId":"b","amountTotal":"ten"}]}"#;
    let ran = Place::new().run_with(&["decode", "clink", "-", "--json"], page);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    let error = ran.err_json();
    assert_eq!(error["path"], "rows[1].amountTotal");
    assert_eq!(
        (&error["kind"], &error["exit_code"]),
        (&"decode".into(), &1.into())
    );
    assert_eq!(error["retryable"], false);
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
