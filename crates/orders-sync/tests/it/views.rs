//! The views that people query, by value.

use std::sync::Arc;

use orders_core::{
    Account, Adjustment, AdjustmentKind, AdjustmentStatus, Commission, CommissionStatus, Line,
    Mapped, Money, Order, OrderRef, PaymentStatus, Total, TotalKind,
};
use orders_sync::{Batch, Commit, NoFailpoints, Received, Store};

use crate::bench::{fresh, rows, time_column};
use crate::sim::{DAY, T0, at};

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

/// An order that was paid on some day behind T0.
fn paid(id: &str, day: i64, charged: &str) -> Order {
    let mut order = Order::new("sim", "main", id);
    order.payment = Some(Mapped::new("ok", PaymentStatus::Paid));
    order.paid_at = Some(at(T0 + day * DAY).fixed_offset());
    order.totals = vec![Total::new(TotalKind::Charged, money(charged))];
    order
}

fn commission(id: &str, status: CommissionStatus, confirmed: Option<&str>) -> Order {
    let mut order = Order::new("sim", "main", id);
    order.created_at = Some(at(T0).fixed_offset());
    let mut commission = Commission::default();
    commission.status = Some(Mapped::new("word", status));
    commission.program_id = Some("9".to_owned());
    commission.estimated = Some(money("1.50 USD"));
    commission.confirmed = confirmed.map(money);
    order.commission = Some(commission);
    order
}

async fn store(batch: Batch) -> impl std::ops::Deref<Target = Store> {
    let store = fresh().await;
    put(&store, batch).await;
    store
}

async fn put(store: &Store, batch: Batch) {
    let at = Commit {
        account: Account::new("sim", "main"),
        run: 1,
        now: at(T0),
        mapping: 1,
        state: "{}".to_owned(),
    };
    let failpoints = Arc::new(NoFailpoints);
    store.commit(at, vec![batch], failpoints).await.unwrap();
}

fn of(orders: impl IntoIterator<Item = Order>) -> Batch {
    Batch {
        orders: orders.into_iter().map(Received::new).collect(),
        ..Batch::default()
    }
}

/// The rows of a query, a text each, its values divided by spaces; `-`: none.
fn shown(store: &Store, sql: &str) -> Vec<String> {
    let line = |row: Vec<Option<String>>| {
        let values = row
            .into_iter()
            .map(|value| value.unwrap_or_else(|| "-".to_owned()));
        values.collect::<Vec<_>>().join(" ")
    };
    rows(store, sql).into_iter().map(line).collect()
}

#[tokio::test(start_paused = true)]
async fn lines_and_adjustments_of_an_order() {
    let mut order = paid("1", 0, "30.00 EUR");
    let mut line = Line::default();
    line.id = Some("l1".to_owned());
    line.sku = Some("S".to_owned());
    line.quantity = Some("2".parse().unwrap());
    line.unit_price = Some(money("15.000 EUR"));
    line.discount = Some(money("0.50 EUR"));
    line.native_status = Some("packed".to_owned());
    order.lines = vec![line, Line::default()];
    let refund = Adjustment::new(AdjustmentKind::Refund);
    let mut refund = refund.with_status("done", AdjustmentStatus::Succeeded);
    refund.id = Some("r1".to_owned());
    refund.amount = Some(money("10.10 EUR").into());
    refund.tax = Some(money("1.10 EUR").into());
    refund.at = Some(at(T0 + DAY).fixed_offset());
    refund.reason = Some("late".to_owned());
    let pending = Adjustment::new(AdjustmentKind::Refund);
    let mut pending = pending.with_status("waits", AdjustmentStatus::Pending);
    pending.amount = Some(money("5 JPY").into());
    order.adjustments = vec![refund, pending];
    let store = store(of([order])).await;
    assert_eq!(
        shown(
            &store,
            "SELECT provider, account, order_id, position, line_id, sku, quantity, current_quantity, unit_price,
                    unit_price_currency, unit_price_minor, discount, discount_minor, tax, native_status, merchant_status
             FROM order_lines ORDER BY position"
        ),
        [
            "sim main 1 0 l1 S 2 - 15.000 EUR 1500 0.50 50 - packed -",
            "sim main 1 1 - - - - - - - - - - - -",
        ]
    );
    let query = format!(
        "SELECT provider, account, order_id, position, adjustment_id, kind, status, status_native, amount, currency, minor,
                tax, tax_currency, tax_minor, {}, reason
         FROM adjustments ORDER BY position",
        time_column("at")
    );
    let later = at(T0 + DAY).to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
    assert_eq!(
        shown(&store, &query),
        [
            format!(
                "sim main 1 0 r1 refund succeeded done 10.10 EUR 1010 1.10 EUR 110 {later} late"
            ),
            "sim main 1 1 - refund pending waits 5 JPY 5 - - - - -".to_owned(),
        ]
    );
    assert_eq!(
        shown(
            &store,
            "SELECT kind, side, amount, currency, minor FROM amounts ORDER BY position"
        ),
        [
            "charged single 30.00 EUR 3000",
            "adjustment:refund single 10.10 EUR 1010",
            "adjustment:refund:pending single 5 JPY 5",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn commissions_are_open_until_they_are_decided() {
    let orders = [
        commission("1", CommissionStatus::Pending, None),
        commission("2", CommissionStatus::Pending, Some("1.200 USD")),
        commission("3", CommissionStatus::Settled, Some("1.20 USD")),
        commission("4", CommissionStatus::Invalid, None),
        commission("5", CommissionStatus::Pending, None),
        paid("6", 0, "1.00 EUR"),
    ];
    let store = store(of(orders)).await;
    let gone = Batch {
        gone: vec!["5".to_owned()],
        ..Batch::default()
    };
    put(&store, gone).await;
    assert_eq!(
        shown(
            &store,
            "SELECT id, program_id, commission, estimated, estimated_currency, estimated_minor, confirmed,
                    confirmed_currency, confirmed_minor
             FROM open_commissions ORDER BY id"
        ),
        [
            "1 9 pending 1.50 USD 150 - - -",
            "2 9 pending 1.50 USD 150 1.200 USD 120",
        ]
    );
    assert_eq!(
        shown(&store, "SELECT id FROM current_orders ORDER BY id"),
        ["1", "2", "3", "4", "6"]
    );
}

#[tokio::test(start_paused = true)]
async fn payments_of_a_day_are_summed_by_currency() {
    let mut unpaid = paid("7", 0, "9.00 EUR");
    unpaid.paid_at = None;
    let orders = [
        paid("1", 0, "10.10 EUR"),
        paid("2", 0, "0.20 EUR"),
        paid("3", 0, "500 JPY"),
        paid("4", 1, "1.00 EUR"),
        // No minor units: of an unknown currency, and of a fraction of one.
        paid("5", 1, "2.00 XXZ"),
        paid("6", 1, "0.001 EUR"),
        unpaid,
        paid("8", 0, "100.00 EUR"),
    ];
    let store = store(of(orders)).await;
    let gone = Batch {
        gone: vec!["8".to_owned()],
        ..Batch::default()
    };
    put(&store, gone).await;
    let day = |days: i64| at(T0 + days * DAY).format("%Y-%m-%d").to_string();
    let expected = [
        format!("sim main {} EUR 2 1030 0", day(0)),
        format!("sim main {} JPY 1 500 0", day(0)),
        format!("sim main {} EUR 2 100 1", day(1)),
        format!("sim main {} XXZ 1 - 1", day(1)),
    ];
    assert_eq!(
        shown(
            &store,
            "SELECT provider, account, day, currency, orders, charged_minor, not_summed FROM payments_by_day
             ORDER BY day, currency"
        ),
        expected
    );
}

/// A list that no total proves says nothing of orders that the vendor cannot be asked for: they are not doubted.
#[tokio::test(start_paused = true)]
async fn an_unproven_list_doubts_no_order_without_an_id() {
    use orders_sync::{DoneReading, ReadingOf};
    let by_key = |key: &str| {
        let mut order = Order::new("sim", "main", OrderRef::id_of_key(key));
        order.key = Some(key.to_owned());
        order
    };
    for (proven, unshown) in [(true, 3), (false, 1)] {
        let mut by_text = Order::new("sim", "main", "");
        by_text.raw = "{}".into();
        let orders = [Order::new("sim", "main", "1"), by_key("k"), by_text];
        let store = store(of(orders)).await;
        let read = DoneReading {
            began: at(T0 + 1),
            of: ReadingOf::List { mark: 1, proven },
        };
        let batch = Batch {
            read: Some(read),
            ..Batch::default()
        };
        put(&store, batch).await;
        let found = store.unshown(&Account::new("sim", "main"), None, 10).await;
        let found: Vec<_> = found.unwrap().into_iter().map(|order| order.id).collect();
        assert_eq!(found.len(), unshown, "{proven}: {found:?}");
        assert!(found.contains(&"1".to_owned()), "{proven}");
    }
}
