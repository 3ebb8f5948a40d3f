//! What an order, a refund and a dispute become in the common vocabulary.

use clink_api::Mapper;
use clink_api::orders::decode_order;
use clink_api::refunds::decode_refund;
use clink_api::webhooks::{Event, EventName, Resource};
use orders_core::{
    AdjustmentKind, AdjustmentStatus, Money, Order, OrderKind, PaymentStatus, Sums, TotalKind,
};

fn core(json: &str) -> Order {
    let record = decode_order(&json.as_bytes().to_vec().into()).unwrap();
    Mapper::new("main").order(&record)
}

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

#[test]
fn only_an_order_that_was_paid_has_a_time_and_an_amount_of_payment() {
    for (status, normal, paid) in [
        ("created", PaymentStatus::Unpaid, false),
        ("pending", PaymentStatus::Pending, false),
        ("requires_action", PaymentStatus::RequiresAction, false),
        ("failed", PaymentStatus::Failed, false),
        ("FAILED", PaymentStatus::Failed, false),
        ("on_hold", PaymentStatus::Unknown, false),
        ("success", PaymentStatus::Paid, true),
        ("Success", PaymentStatus::Paid, true),
        ("partial_refunded", PaymentStatus::PartiallyRefunded, true),
        ("refunded", PaymentStatus::Refunded, true),
    ] {
        let order = core(&format!(
            r#"{{"orderId":"o1","status":"{status}","amountTotal":19.90,"paymentCurrency":"usd","paymentTime":1767201195872}}"#
        ));
        let payment = order.payment.as_ref().unwrap();
        assert_eq!((payment.native.as_str(), payment.normal), (status, normal));
        assert_eq!(order.paid_at.is_some(), paid, "{status}");
        let charged = paid.then(|| money("19.90 USD"));
        assert_eq!(order.charged(), charged.as_ref(), "{status}");
        assert_eq!(order.total(), Some(&money("19.90 USD")));
    }
    let wordless = core(r#"{"orderId":"o1","amountTotal":19.90,"paymentTime":1767201195872}"#);
    assert_eq!((wordless.paid_at, wordless.charged()), (None, None));
    let zero = core(r#"{"orderId":"o1","status":"success","paymentTime":0,"createTime":-1}"#);
    assert_eq!((zero.paid_at, zero.created_at), (None, None));
}

#[test]
fn a_refunded_order_does_not_say_how_much_went_back() {
    let order = |status: &str| {
        core(&format!(
            r#"{{"orderId":"o1","status":"{status}","amountTotal":19.90,"paymentCurrency":"USD"}}"#
        ))
    };
    for status in ["refunded", "partial_refunded"] {
        assert!(!order(status).money_back().is_known(), "{status}");
        assert_eq!(order(status).net(), None);
    }
    assert!(order("success").money_back().is_nothing());
    assert_eq!(order("success").net(), Some(money("19.90 USD")));
    assert_eq!(order("failed").net(), None, "nothing was charged");
    assert!(!core(r#"{"orderId":"o1"}"#).money_back().is_known());
}

#[test]
fn the_subtotal_of_a_converted_order_has_no_currency() {
    for (original, currency) in [
        (r#""CNY""#, ""),
        (r#""USD""#, "USD"),
        (r#""usd""#, "USD"),
        (r#""""#, "USD"),
        ("null", "USD"),
    ] {
        let order = core(&format!(
            r#"{{"orderId":"o1","status":"success","amountSubtotal":100,"amountTotal":14.02,"paymentCurrency":"USD",
            "originalCurrency":{original},"priceDataList":[{{"name":"x","unitAmount":100,"quantity":1,"currency":"CNY"}}]}}"#
        ));
        let subtotal = order.amount_of(&TotalKind::Subtotal).unwrap();
        let code = subtotal.shop().unwrap().currency.as_str();
        assert_eq!(code, currency, "{original}");
        assert_eq!(order.total(), Some(&money("14.02 USD")));
        assert_eq!(order.lines[0].unit_price, Some(money("100 CNY")));
    }
    let no_code = core(r#"{"orderId":"o1","amountSubtotal":1,"originalCurrency":"CNY"}"#);
    let subtotal = no_code.amount_of(&TotalKind::Subtotal).unwrap();
    assert_eq!(subtotal.shop(), Some(&money("1")));
}

#[test]
fn a_refund_is_one_payment_back() {
    let mapper = Mapper::new("main");
    for (status, normal) in [
        ("created", AdjustmentStatus::Pending),
        ("received", AdjustmentStatus::Pending),
        ("refunding", AdjustmentStatus::Pending),
        ("pending_review", AdjustmentStatus::Pending),
        ("success", AdjustmentStatus::Succeeded),
        ("SUCCESS", AdjustmentStatus::Succeeded),
        ("failed", AdjustmentStatus::Failed),
        ("closed", AdjustmentStatus::Failed),
        ("review_rejected", AdjustmentStatus::Failed),
        ("reversed", AdjustmentStatus::Unknown),
    ] {
        let refund = decode_refund(&bytes::Bytes::from(format!(
            r#"{{"refundId":"r1","orderId":"o1","refundAmount":5.00,"refundCurrency":"USD","status":"{status}","refundReason":"broken","createTime":1785936113600}}"#
        )));
        let back = mapper.refund(&refund.unwrap());
        assert_eq!(back.kind, AdjustmentKind::Refund);
        assert_eq!(back.normal_status(), normal, "{status}");
        assert_eq!(back.status.as_ref().unwrap().native, status);
        assert_eq!(back.id.as_deref(), Some("r1"));
        assert_eq!(back.reason.as_deref(), Some("broken"));
        assert_eq!(
            back.amount.as_ref().unwrap().shop(),
            Some(&money("5.00 USD"))
        );

        let mut order = core(
            r#"{"orderId":"o1","status":"partial_refunded","amountTotal":19.90,"paymentCurrency":"USD"}"#,
        );
        order.adjust(back.clone());
        order.adjust(back);
        let back = match normal {
            AdjustmentStatus::Succeeded => {
                Sums::AtLeast([("USD".into(), money("5 USD").amount)].into())
            }
            _ => Sums::Unknown,
        };
        assert_eq!(order.money_back(), back, "{status}");
        assert_eq!(order.net(), None, "{status}: there may be other refunds");
    }
}

fn dispute(name: &str) -> (EventName, orders_core::Adjustment) {
    let body = format!(
        r#"{{"id":"event_1","type":"{name}","created":1754819711382,"data":{{"object":{{"chargeBackId":"cb_1","orderId":"o1",
        "disputeAmount":19.90,"disputeCurrency":"usd","originalAmount":140,"originalCurrency":"CNY","reasonCode":"10.4",
        "reasonDescription":"Fraud","networkReasonCode":"4837","status":1,
        "evidenceDeadline":"2026-09-01T00:00:00Z","channelDisputeTime":1785936113600}}}}}}"#
    );
    let event = Event::read(&body.into(), chrono::DateTime::UNIX_EPOCH).unwrap();
    let Resource::Dispute(dispute) = &event.resource else {
        panic!("{event:?}")
    };
    assert_eq!(dispute.status, Some(1));
    let deadline = dispute.evidence_deadline.unwrap();
    assert_eq!(deadline.to_rfc3339(), "2026-09-01T00:00:00+00:00");
    (
        event.name.clone(),
        Mapper::new("main").dispute(dispute, &event.name),
    )
}

#[test]
fn a_dispute_is_a_chargeback_and_no_money_back() {
    for (name, normal) in [
        ("dispute.created", AdjustmentStatus::Pending),
        ("dispute.updated", AdjustmentStatus::Pending),
        ("dispute.won", AdjustmentStatus::Failed),
        ("dispute.lost", AdjustmentStatus::Succeeded),
        ("dispute.closed", AdjustmentStatus::Unknown),
    ] {
        let (_, claim) = dispute(name);
        assert_eq!(claim.kind, AdjustmentKind::Chargeback);
        assert_eq!(claim.normal_status(), normal);
        assert_eq!(claim.status.as_ref().unwrap().native, name);
        assert_eq!(
            claim.amount.as_ref().unwrap().shop(),
            Some(&money("19.90 USD"))
        );
        assert_eq!(claim.reason.as_deref(), Some("Fraud"));
        assert!(claim.at.is_some());
    }
    let mut order =
        core(r#"{"orderId":"o1","status":"success","amountTotal":19.90,"paymentCurrency":"USD"}"#);
    for name in ["dispute.lost", "dispute.created", "dispute.closed"] {
        order.adjust(dispute(name).1);
    }
    assert_eq!(order.adjustments.len(), 1, "one dispute, several events");
    let status = order.adjustments[0].normal_status();
    assert_eq!(status, AdjustmentStatus::Succeeded);
    assert!(order.money_back().is_nothing());
}

#[test]
fn the_kind_is_known_in_any_case() {
    let kind = |word: &str| core(&format!(r#"{{"orderId":"o","type":"{word}"}}"#)).kind;
    assert_eq!(kind("ONETIME"), OrderKind::Sale);
    assert_eq!(kind("recurring"), OrderKind::Subscription);
    assert_eq!(kind("gift"), OrderKind::Unknown);
}
