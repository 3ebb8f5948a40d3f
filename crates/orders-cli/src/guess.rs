//! What a body holds, by the names in it: certain where a name belongs to one kind alone, else not.

use orders_wire::Members;

use crate::kind::Kind;
use crate::vendor::Vendor;

/// What the names of a body say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Guess {
    /// A name belongs to this kind alone.
    Certain(Kind),
    /// These kinds fit.
    Unsure(Vec<Kind>),
}

/// What a body of a vendor holds. A text that is no JSON object holds nothing; the reader of orders says what is wrong
/// with it.
pub(crate) fn guess(vendor: Vendor, body: &[u8]) -> Guess {
    let Ok(members) = Members::read(body) else {
        return Guess::Certain(Kind::Order);
    };
    let names = Names(members);
    match vendor {
        Vendor::Clink => clink(&names),
        Vendor::Linkbest => linkbest(&names),
        Vendor::Shopline => shopline(&names),
    }
    .unwrap_or_else(|| Guess::Unsure(Kind::of(vendor).to_vec()))
}

/// The members of an object, by their names.
struct Names<'a>(Members<'a>);

impl<'a> Names<'a> {
    fn has(&self, name: &str) -> bool {
        self.0.get(name).is_some()
    }

    fn any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.has(name))
    }

    /// The members of the object under a name.
    fn inside(&self, name: &str) -> Option<Self> {
        Members::of(self.0.get(name)?.get()).ok().map(Self)
    }

    /// The members of the first object in the list, or among the members, under a name.
    fn first(&self, name: &str) -> Option<Self> {
        let text = self.0.get(name)?.get();
        if let Ok(items) = serde_json::from_str::<Vec<&serde_json::value::RawValue>>(text) {
            return Members::of(items.first()?.get()).ok().map(Self);
        }
        let members: Members<'a> = Members::of(text).ok()?;
        let inner = members.iter().next().map(|(_, value)| value.get());
        match inner.filter(|inner| inner.starts_with('{')) {
            Some(inner) => Members::of(inner).ok().map(Self),
            None => Some(Self(members)),
        }
    }
}

const fn certain(kind: Kind) -> Option<Guess> {
    Some(Guess::Certain(kind))
}

fn clink(body: &Names<'_>) -> Option<Guess> {
    if body.has("rows") {
        return certain(Kind::Order);
    }
    let text = |name| body.0.text(name);
    let event = text("object").as_deref() == Some("event");
    if event || text("type").is_some_and(|word| word.contains('.')) && body.has("data") {
        return certain(Kind::Event);
    }
    match body.inside("data") {
        Some(data) if !body.has("orderId") => clink_thing(&data),
        _ => clink_thing(body),
    }
}

/// A refund, a dispute and an invoice name their order, too: what they alone have decides.
fn clink_thing(thing: &Names<'_>) -> Option<Guess> {
    const OF_INVOICES: [&str; 5] = [
        "subscriptionId",
        "currentPeriodStart",
        "originalAmount",
        "items",
        "lineItems",
    ];
    let refund = thing.has("refundId");
    if thing.has("chargeBackId") {
        let alone = !refund && !thing.has("amountTotal");
        return alone.then_some(Guess::Certain(Kind::Dispute));
    }
    let order = thing.has("orderId");
    let of_invoices = thing.any(&OF_INVOICES);
    match (refund, thing.has("invoiceId"), order) {
        (true, _, _) if thing.has("amountTotal") => None,
        (true, _, _) => certain(Kind::Refund),
        (false, true, false) => certain(Kind::Invoice),
        (false, true, true) if of_invoices => certain(Kind::Invoice),
        (false, _, true) if !of_invoices => certain(Kind::Order),
        (false, false, false) if thing.has("subscriptionId") => certain(Kind::Subscription),
        _ => None,
    }
}

fn linkbest(body: &Names<'_>) -> Option<Guess> {
    if body.has("Data") {
        // An empty list is no order, no change and no row: nothing is printed.
        return match body.first("Data") {
            Some(row) => linkbest_thing(&row),
            None => certain(Kind::Order),
        };
    }
    match body.has("Sign") {
        true => certain(Kind::Event),
        false => linkbest_thing(body),
    }
}

fn linkbest_thing(thing: &Names<'_>) -> Option<Guess> {
    const OF_SETTLEMENTS: [&str; 4] = [
        "ModifyPrice",
        "ModifySiterCommission",
        "ConfirmPriceOld",
        "ConfirmSiterCommissionOld",
    ];
    const OF_REPORTS: [&str; 3] = ["UniqueClickCount", "ClickCount", "OrderCount"];
    let settlement = thing.any(&OF_SETTLEMENTS);
    let report = thing.any(&OF_REPORTS);
    let order = thing.any(&["Id", "OrderSn"]);
    match (settlement, report, order) {
        (true, false, _) => certain(Kind::Settlement),
        (false, true, false) => certain(Kind::Report),
        (false, false, true) => certain(Kind::Order),
        _ => None,
    }
}

fn shopline(body: &Names<'_>) -> Option<Guess> {
    if body.any(&["list", "orders"]) {
        return certain(Kind::Order);
    }
    if body.has("id") {
        return shopline_thing(body);
    }
    let data = body.inside("data");
    if body.has("order") || data.is_some_and(|data| data.has("order")) {
        return certain(Kind::Order);
    }
    if body.has("dispute_id") || body.inside("detail").is_some_and(|d| d.has("dispute_id")) {
        return certain(Kind::Dispute);
    }
    if body.has("trade_order_id") {
        return certain(Kind::StoreTransaction);
    }
    if body.has("payout_transaction_no") {
        return certain(Kind::Payout);
    }
    let listed = [
        ("payouts", Kind::Payout),
        ("balance", Kind::Balance),
        ("refunds", Kind::Refund),
        ("fulfillments", Kind::Parcel),
        ("transaction_list", Kind::Transaction),
        ("transactions", Kind::Transaction),
        ("customers", Kind::Customer),
        ("customer", Kind::Customer),
    ];
    let mut found = listed.into_iter().filter(|(name, _)| body.has(name));
    match (found.next(), found.next()) {
        (Some(("transactions", _)), None) => Some(transactions(body.first("transactions"))),
        (Some((_, kind)), None) => certain(kind),
        _ => None,
    }
}

/// Three lists have this name: the first row decides.
fn transactions(first: Option<Names<'_>>) -> Guess {
    let kinds = [
        Kind::Transaction,
        Kind::StoreTransaction,
        Kind::BalanceTransaction,
    ];
    let Some(row) = first else {
        return Guess::Unsure(kinds.to_vec());
    };
    let of = [
        row.any(&["order_id", "gateway", "kind"]),
        row.has("trade_order_id"),
        row.any(&OF_RECORDS),
    ];
    let mut found = kinds.into_iter().zip(of).filter(|(_, fits)| *fits);
    match (found.next(), found.next()) {
        (Some((kind, _)), None) => Guess::Certain(kind),
        _ => Guess::Unsure(kinds.to_vec()),
    }
}

/// What only billing records have.
const OF_RECORDS: [&str; 4] = ["source_type", "net", "settlement_batch_id", "posting_time"];

/// A bare thing. They all have an `id`; an order has no `order_id`.
fn shopline_thing(thing: &Names<'_>) -> Option<Guess> {
    const OF_ORDERS: [&str; 12] = [
        "financial_status",
        "fulfillment_status",
        "current_total_price",
        "total_outstanding",
        "order_status_url",
        "shipping_lines",
        "payment_details",
        "refunds",
        "fulfillments",
        "customer",
        "cancelled_at",
        "discount_codes",
    ];
    const OF_PARCELS: [&str; 4] = [
        "tracking_number",
        "tracking_numbers",
        "tracking_company",
        "shipment_status",
    ];
    let of = [
        (
            thing.any(&["refund_line_items", "order_adjustments"]),
            Kind::Refund,
        ),
        (thing.any(&OF_PARCELS), Kind::Parcel),
        (
            thing.any(&["gateway", "kind"]) && thing.has("amount"),
            Kind::Transaction,
        ),
        (thing.any(&OF_RECORDS), Kind::BalanceTransaction),
        (
            thing.any(&["orders_count", "total_spent", "last_order_id"]),
            Kind::Customer,
        ),
        (thing.any(&OF_ORDERS) && !thing.has("order_id"), Kind::Order),
    ];
    let mut found = of.into_iter().filter(|(fits, _)| *fits);
    match (found.next(), found.next()) {
        (Some((_, kind)), None) => certain(kind),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_belongs_to_one_kind_decides() {
        use Kind::{
            Balance, BalanceTransaction, Customer, Dispute, Event, Invoice, Order, Parcel, Payout,
            Refund, Report, Settlement, StoreTransaction, Transaction,
        };
        use Vendor::{Clink, Linkbest, Shopline};
        for (vendor, body, kind) in [
            (Clink, r#"{"code":200,"rows":null}"#, Order),
            (Clink, r#"{"orderId":"o"}"#, Order),
            (
                Clink,
                r#"{"orderId":"o","invoiceId":"i","sessionId":"s"}"#,
                Order,
            ),
            (Clink, r#"{"code":200,"data":{"orderId":"o"}}"#, Order),
            (Clink, r#"{"refundId":"r","orderId":"o"}"#, Refund),
            (Clink, r#"{"code":200,"data":{"refundId":"r"}}"#, Refund),
            (
                Clink,
                r#"{"invoiceId":"i","orderId":"o","items":[]}"#,
                Invoice,
            ),
            (
                Clink,
                r#"{"id":"e","type":"order.failed","data":{"object":{}}}"#,
                Event,
            ),
            (Linkbest, r#"{"Id":1,"Status":"2"}"#, Order),
            (Linkbest, r#"{"Status":0,"Data":{"Id":1}}"#, Order),
            (
                Linkbest,
                r#"{"Status":0,"Data":{"0":{"OrderSn":"1"}}}"#,
                Order,
            ),
            (Linkbest, r#"{"Status":0,"Data":[]}"#, Order),
            (
                Linkbest,
                r#"{"Status":0,"Data":[{"OrderSn":"1","ModifyPrice":1}]}"#,
                Settlement,
            ),
            (
                Linkbest,
                r#"{"Status":0,"Data":[{"ProgramId":1,"ClickCount":1}]}"#,
                Report,
            ),
            (Linkbest, r#"{"Id":"1","OrderSn":"1","Sign":"ab"}"#, Event),
            (Shopline, r#"{"orders":[],"id":"1"}"#, Order),
            (Shopline, r#"{"order":{"id":"1"}}"#, Order),
            (Shopline, r#"{"data":{"order":{"id":"1"}}}"#, Order),
            (
                Shopline,
                r#"{"id":"1","refunds":[],"financial_status":"paid"}"#,
                Order,
            ),
            (Shopline, r#"{"refunds":[]}"#, Refund),
            (
                Shopline,
                r#"{"id":"1","order_id":"2","refund_line_items":[]}"#,
                Refund,
            ),
            (Shopline, r#"{"fulfillments":null}"#, Parcel),
            (
                Shopline,
                r#"{"id":"1","order_id":"2","tracking_number":""}"#,
                Parcel,
            ),
            (
                Shopline,
                r#"{"transactions":[{"trade_order_id":"1"}]}"#,
                StoreTransaction,
            ),
            (
                Shopline,
                r#"{"transactions":[{"id":"1","net":"1.00"}]}"#,
                BalanceTransaction,
            ),
            (
                Shopline,
                r#"{"transactions":[{"id":"1","kind":"sale"}]}"#,
                Transaction,
            ),
            (Shopline, r#"{"payouts":[]}"#, Payout),
            (Shopline, r#"{"balance":{"amount":"1"}}"#, Balance),
            (
                Clink,
                r#"{"chargeBackId":"c","orderId":"o","status":1}"#,
                Dispute,
            ),
            (Shopline, r#"{"detail":{"dispute_id":"d"}}"#, Dispute),
            (Shopline, r#"{"transaction_list":[]}"#, Transaction),
            (Shopline, r#"{"id":"1","orders_count":2}"#, Customer),
            // The reader says what is wrong with these.
            (Shopline, "[1", Order),
            (Clink, "<html>", Order),
        ] {
            let found = guess(vendor, body.as_bytes());
            assert_eq!(found, Guess::Certain(kind), "{vendor} {body}");
        }
    }

    #[test]
    fn what_several_kinds_have_is_not_certain() {
        for (vendor, body) in [
            (Vendor::Clink, r#"{"code":200,"msg":"success"}"#),
            (
                Vendor::Clink,
                r#"{"orderId":"o","refundId":"r","amountTotal":1}"#,
            ),
            (Vendor::Linkbest, r#"{"Status":0,"Data":[{"ProgramId":1}]}"#),
            (Vendor::Shopline, r#"{"id":"1"}"#),
            (Vendor::Shopline, r#"{"id":"1","status":"open"}"#),
            (Vendor::Shopline, r#"{"refunds":[],"fulfillments":[]}"#),
            (Vendor::Shopline, r#"{"count":7}"#),
        ] {
            let found = guess(vendor, body.as_bytes());
            assert_eq!(found, Guess::Unsure(Kind::of(vendor).to_vec()), "{body}");
        }
        let three = [
            Kind::Transaction,
            Kind::StoreTransaction,
            Kind::BalanceTransaction,
        ];
        for body in [r#"{"transactions":[]}"#, r#"{"transactions":[{"id":"1"}]}"#] {
            let found = guess(Vendor::Shopline, body.as_bytes());
            assert_eq!(found, Guess::Unsure(three.to_vec()), "{body}");
        }
    }
}
