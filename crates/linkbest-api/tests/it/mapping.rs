//! The order in the common vocabulary.

use bytes::Bytes;
use chrono::FixedOffset;
use linkbest_api::Mapper;
use linkbest_api::orders::decode_order;
use orders_core::{CommissionStatus, OrderKind, TotalKind};

fn map(mapper: &Mapper, json: &str) -> orders_core::Order {
    let record = decode_order(&Bytes::copy_from_slice(json.as_bytes())).unwrap();
    mapper.order(&record)
}

#[test]
fn estimated_and_confirmed_amounts_keep_their_own_currency() {
    let order = map(
        &Mapper::new("main"),
        r#"{"Id":"7","ProgramId":"12","SubId":"","OrdersPrice":10.00,"SiterCommission":"0.50","Currency":"USD",
            "ConfirmPrice":71.2,"ConfirmSiterCommission":3.6,"ChargeCurrency":"CNY","Status":1,
            "Details":[{"ItemPrice":"71.20","OrdersPrice":10.00,"ItemCount":"2","LbOrderStatus":4,
                        "OrderCommission":"0.50","OrderStatus":"已发货"}]}"#,
    );
    let total = |kind| order.amount_of(&kind).unwrap().shop().unwrap().to_string();
    assert_eq!(total(TotalKind::Estimated), "10.00 USD");
    assert_eq!(total(TotalKind::Confirmed), "71.2 CNY");
    let commission = order.commission.as_ref().unwrap();
    assert_eq!(
        commission.estimated.as_ref().unwrap().to_string(),
        "0.50 USD"
    );
    assert_eq!(
        commission.confirmed.as_ref().unwrap().to_string(),
        "3.6 CNY"
    );
    assert_eq!(commission.program_id.as_deref(), Some("12"));
    assert_eq!(commission.sub_id, None, "an empty label is none");
    let line = &order.lines[0];
    assert_eq!(line.unit_price.as_ref().unwrap().to_string(), "71.20 CNY");
    assert_eq!(line.total.as_ref().unwrap().to_string(), "10.00 USD");
    assert_eq!(line.quantity.unwrap().to_string(), "2");
    assert_eq!(line.native_status.as_deref(), Some("4"));
    assert_eq!(line.merchant_status.as_deref(), Some("已发货"));
    assert_eq!(line.commission.as_ref().unwrap().to_string(), "0.50 USD");
    assert_eq!(order.total().unwrap().to_string(), "71.2 CNY");
    assert_eq!((order.charged(), order.net()), (None, None));
    assert!(
        !order.money_back().is_known(),
        "the buyer pays the merchant"
    );
    assert_eq!(order.kind, OrderKind::Affiliate);
    assert_eq!((order.payment, order.fulfillment), (None, None));
}

#[test]
fn an_amount_without_currency_gets_none_invented() {
    let order = map(
        &Mapper::new("main"),
        r#"{"OrdersPrice":1,"ChargeCurrency":"CNY"}"#,
    );
    assert_eq!(order.totals.len(), 1);
    assert!(!order.totals[0].amount.shop().unwrap().currency.is_known());
    assert_eq!(order.commission.unwrap().confirmed, None);
}

#[test]
fn each_status_has_its_place() {
    for (word, normal, terminal) in [
        ("-1", CommissionStatus::Invalid, true),
        ("0", CommissionStatus::Pending, false),
        ("1", CommissionStatus::Confirmed, false),
        ("2", CommissionStatus::Settled, true),
        ("3", CommissionStatus::Unknown, false),
    ] {
        let order = map(&Mapper::new("main"), &format!(r#"{{"Status":"{word}"}}"#));
        let status = order.commission.as_ref().unwrap().status.clone().unwrap();
        assert_eq!((status.native.as_str(), status.normal), (word, normal));
        assert_eq!(order.is_terminal(), terminal);
    }
    assert_eq!(
        map(&Mapper::new("main"), "{}").commission.unwrap().status,
        None
    );
}

#[test]
fn the_zone_is_an_input() {
    for nothing in [
        "0000-00-00 00:00:00",
        "1970-01-01 08:00:00",
        "1970-01-01 00:00:00",
        "0001-01-01 00:00:00",
        "-0001-11-30 00:00:00",
    ] {
        let order = map(
            &Mapper::new("main"),
            &format!(r#"{{"ChargeTime":"{nothing}"}}"#),
        );
        assert_eq!(order.settled_at, None, "{nothing}");
    }
    let json = r#"{"OrderTime":"2026-03-01 00:30:00","ChargeTime":"0000-00-00 00:00:00"}"#;
    let order = map(&Mapper::new("main"), json);
    assert_eq!(
        order.created_at.unwrap().to_rfc3339(),
        "2026-03-01T00:30:00+08:00"
    );
    assert_eq!(order.settled_at, None);
    let utc = Mapper::new("main").zone(FixedOffset::east_opt(0).unwrap());
    assert_eq!(
        map(&utc, json).created_at.unwrap().to_rfc3339(),
        "2026-03-01T00:30:00+00:00"
    );
}

#[test]
fn without_an_id_an_order_is_its_program_number_and_sign() {
    let id = |json| map(&Mapper::new("main"), json).id;
    for (json, expected) in [
        (r#"{"Id":"7","ProgramId":"12","OrderSn":"a"}"#, "7"),
        (r#"{"Id":7,"OrderSn":"a"}"#, "7"),
        (r#"{"Id":"","ProgramId":12,"OrderSn":"a"}"#, "no-id/12/a/+"),
        (r#"{"Id":0,"ProgramId":12,"OrderSn":"a"}"#, "no-id/12/a/+"),
        (
            r#"{"Id":"0","ProgramId":12,"OrderSn":"a","OrdersPrice":"5.00"}"#,
            "no-id/12/a/+",
        ),
        (
            r#"{"ProgramId":12,"OrderSn":"a","OrdersPrice":"-5.00"}"#,
            "no-id/12/a/-",
        ),
        (
            r#"{"ProgramId":12,"OrderSn":"a","OrdersPrice":-0.00,"SiterCommission":-1}"#,
            "no-id/12/a/+",
        ),
        (
            r#"{"ProgramId":12,"OrderSn":"a","OrdersPrice":null,"SiterCommission":-1}"#,
            "no-id/12/a/-",
        ),
        (
            r#"{"ProgramId":12,"OrderSn":"a","OrdersPrice":"","SiterCommission":"1"}"#,
            "no-id/12/a/+",
        ),
        (
            r#"{"Id":"no-id/12/a/+","ProgramId":12,"OrderSn":"a"}"#,
            "no-id//no-id/12/a/+",
        ),
        (r#"{"ProgramId":"1/2","OrderSn":"a"}"#, "no-id/1%2F2/a/+"),
        (r#"{"ProgramId":"1","OrderSn":"2/a"}"#, "no-id/1/2/a/+"),
        (
            r#"{"ProgramId":"1%2F2","OrderSn":"a"}"#,
            "no-id/1%252F2/a/+",
        ),
        (r#"{"OrderSn":"a"}"#, ""),
        (r#"{"ProgramId":"0","OrderSn":"a"}"#, ""),
        (r#"{"ProgramId":"1","OrderSn":"0"}"#, ""),
        ("{}", ""),
    ] {
        assert_eq!(id(json), expected, "{json}");
    }
}

#[test]
fn a_sale_and_its_correction_stay_two_orders_in_every_status() {
    let row = |id: &str, price: &str, status: &str| {
        let json = format!(
            r#"{{{id}"ProgramId":"7","OrderSn":"S1","OrdersPrice":"{price}","SiterCommission":"5.40","Currency":"USD","Status":"{status}"}}"#
        );
        map(&Mapper::new("main"), &json).reference()
    };
    for status in ["0", "1", "2", "-1"] {
        let (sale, correction) = (row("", "180.00", status), row("", "-180.00", status));
        assert_ne!(sale.id, correction.id);
        assert!(!sale.is_same_order(&correction));
        assert!(sale.is_same_order(&row("", "170.00", "0")));
        assert!(correction.is_same_order(&row("", "-180.00", "0")));
        assert!(sale.is_same_order(&row(r#""Id":"5","#, "180.00", "2")));
    }
}

#[test]
fn the_reference_carries_what_a_lookup_needs() {
    let json = r#"{"Id":"7","ProgramId":"12","OrderSn":"a","ParentOrderSn":"p"}"#;
    let order = map(&Mapper::new("main"), json);
    let reference = order.reference();
    assert_eq!(reference.number.as_deref(), Some("a"));
    assert_eq!(reference.program_id.as_deref(), Some("12"));
    assert_eq!(order.parent_id.as_deref(), Some("p"));
    assert_eq!(order.raw, json.as_bytes());
}
