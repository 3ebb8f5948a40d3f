//! An order as the columns of its rows.

use std::fmt::Display;

use chrono::{DateTime, FixedOffset};
use orders_core::{Adjustment, Amount, Line, Mapped, Order};

use super::value::{Value, millis};
use super::write::{Then, Type, Write};
use crate::amounts::{Column, amounts};

use Type::{Blob, Bool, Int, Text};

/// The first of what the mapping makes of an order, among the columns of a row.
pub(super) const FIRST_MAPPED: usize = 3;

/// The rows of orders: their place, what the mapping made of their text, what is known of the text, when it came.
pub(super) const ORDERS: Write = Write {
    table: "order_rows",
    columns: &[
        ("key", Int),
        ("account", Int),
        ("id", Text),
        ("number", Text),
        ("merchant_reference", Text),
        ("parent_id", Text),
        ("program_id", Text),
        ("identity", Text),
        ("kind", Text),
        ("created_at", Int),
        ("created_offset", Int),
        ("updated_at", Int),
        ("paid_at", Int),
        ("cancelled_at", Int),
        ("settled_at", Int),
        ("payment", Text),
        ("payment_native", Text),
        ("fulfillment", Text),
        ("fulfillment_native", Text),
        ("commission", Text),
        ("commission_native", Text),
        ("closed", Bool),
        ("taxes_included", Bool),
        ("terminal", Bool),
        ("customer_id", Text),
        ("customer_email", Text),
        ("total", Text),
        ("total_currency", Text),
        ("total_minor", Int),
        ("charged", Text),
        ("charged_currency", Text),
        ("charged_minor", Int),
        ("money_back", Text),
        ("money_back_currency", Text),
        ("money_back_minor", Int),
        ("net", Text),
        ("net_currency", Text),
        ("net_minor", Int),
        ("mapping", Int),
        ("view_hash", Int),
        ("content_hash", Blob),
        ("first_seen_at", Int),
        ("changed_at", Int),
        ("seen_at", Int),
        ("mark", Int),
        ("gone_at", Int),
        ("unshown_at", Int),
        ("doubted_at", Int),
        ("doubted_from", Int),
        ("absent_at", Int),
        ("as_of", Int),
        ("pushed_at", Int),
        ("due_at", Int),
    ],
    then: Then::Upsert {
        keep: &["account", "first_seen_at"],
    },
};

/// Pushed orders: no reading has shown them, and no doubt ends.
pub(super) const PUSHED: Write = Write {
    then: Then::Upsert {
        keep: &[
            "account",
            "id",
            "first_seen_at",
            "seen_at",
            "mark",
            "gone_at",
            "unshown_at",
            "doubted_at",
            "doubted_from",
            "absent_at",
        ],
    },
    ..ORDERS
};

/// What a mapping made of stored texts: nothing came.
pub(super) const REMAPPED: Write = Write {
    then: Then::Upsert {
        keep: &[
            "account",
            "id",
            "content_hash",
            "first_seen_at",
            "changed_at",
            "seen_at",
            "mark",
            "gone_at",
            "unshown_at",
            "doubted_at",
            "doubted_from",
            "absent_at",
            "as_of",
            "pushed_at",
            "due_at",
        ],
    },
    ..ORDERS
};

/// Where the time of creation and its offset stand among what the mapping makes of an order.
pub(super) const CREATED_AT: usize = 6;

/// Behind the last of what the mapping makes of an order.
pub(super) const END_MAPPED: usize = 38;

/// Orders that came again as they are stored, or older: every doubt ends.
pub(super) const SEEN: Write = Write {
    table: "order_rows",
    columns: &[
        ("key", Int),
        ("seen_at", Int),
        ("mark", Int),
        ("mapping", Int),
        ("gone_at", Int),
        ("unshown_at", Int),
        ("doubted_at", Int),
        ("doubted_from", Int),
        ("absent_at", Int),
        ("as_of", Int),
        ("pushed_at", Int),
        ("due_at", Int),
    ],
    then: Then::Update,
};

pub(super) const TEXTS: Write = Write {
    table: "order_texts",
    columns: &[("key", Int), ("raw", Blob)],
    then: Then::Upsert { keep: &[] },
};

pub(super) const AMOUNTS: Write = Write {
    table: "amount_rows",
    columns: &[
        ("key", Int),
        ("position", Int),
        ("kind", Text),
        ("side", Text),
        ("amount", Text),
        ("currency", Text),
        ("minor", Int),
    ],
    then: Then::Insert,
};

pub(super) const LINES: Write = Write {
    table: "line_rows",
    columns: &[
        ("key", Int),
        ("position", Int),
        ("line_id", Text),
        ("product_id", Text),
        ("variant_id", Text),
        ("sku", Text),
        ("title", Text),
        ("quantity", Text),
        ("current_quantity", Text),
        ("unit_price", Text),
        ("unit_price_currency", Text),
        ("unit_price_minor", Int),
        ("discount", Text),
        ("discount_currency", Text),
        ("discount_minor", Int),
        ("tax", Text),
        ("tax_currency", Text),
        ("tax_minor", Int),
        ("total", Text),
        ("total_currency", Text),
        ("total_minor", Int),
        ("commission", Text),
        ("commission_currency", Text),
        ("commission_minor", Int),
        ("fulfillment", Text),
        ("fulfillment_native", Text),
        ("native_status", Text),
        ("merchant_status", Text),
    ],
    then: Then::Insert,
};

pub(super) const ADJUSTMENTS: Write = Write {
    table: "adjustment_rows",
    columns: &[
        ("key", Int),
        ("position", Int),
        ("adjustment_id", Text),
        ("kind", Text),
        ("refund_id", Text),
        ("status", Text),
        ("status_native", Text),
        ("amount", Text),
        ("currency", Text),
        ("minor", Int),
        ("tax", Text),
        ("tax_currency", Text),
        ("tax_minor", Int),
        ("at", Int),
        ("reason", Text),
    ],
    then: Then::Insert,
};

pub(super) const HISTORY: Write = Write {
    table: "history_rows",
    columns: &[
        ("seq", Int),
        ("key", Int),
        ("at", Int),
        ("run", Int),
        ("what", Text),
        ("changes", Text),
        ("content_hash", Blob),
    ],
    then: Then::Insert,
};

/// The tables whose rows are made of an order's text, beside its own row.
pub(super) const PARTS: [Write; 3] = [AMOUNTS, LINES, ADJUSTMENTS];

/// Takes the rows of a table away that belong to some orders.
pub(super) fn without(part: &Write) -> Write {
    Write {
        columns: &[("key", Int)],
        then: Then::Delete,
        ..*part
    }
}

/// The rows of [`PARTS`].
#[derive(Debug, Default)]
pub(super) struct Parts(pub(super) [Vec<Vec<Value>>; 3]);

impl Parts {
    /// Takes those of an order away.
    pub(super) fn remove(&mut self, key: i64) {
        for rows in &mut self.0 {
            rows.retain(|row| row.first() != Some(&Value::Int(key)));
        }
    }

    /// Adds those of an order.
    pub(super) fn add(&mut self, key: i64, order: &Order) {
        let [all_amounts, lines, adjustments] = &mut self.0;
        for (position, amount) in amounts(order).into_iter().enumerate() {
            all_amounts.push(vec![
                key.into(),
                (position as u64).into(),
                amount.kind.into(),
                amount.side.into(),
                amount.amount.into(),
                amount.currency.into(),
                amount.minor.into(),
            ]);
        }
        let numbered = order.lines.iter().enumerate();
        lines.extend(numbered.map(|(position, line)| line_row(key, position as u64, line)));
        let numbered = order.adjustments.iter().enumerate();
        adjustments.extend(numbered.map(|(position, it)| adjustment_row(key, position as u64, it)));
    }
}

fn sent(at: Option<DateTime<FixedOffset>>) -> Value {
    at.map(|at| millis(at.to_utc())).into()
}

fn words<T: Display>(status: Option<&Mapped<T>>) -> [Value; 2] {
    [
        status.map(|status| status.normal.to_string()).into(),
        status.map(|status| status.native.as_str()).into(),
    ]
}

/// An amount as three columns.
fn exact(column: Column) -> [Value; 3] {
    let Column {
        amount,
        currency,
        minor,
    } = column;
    [amount.into(), currency.into(), minor.into()]
}

/// What the mapping makes of an order, in the order of [`ORDERS`] from [`FIRST_MAPPED`] to [`END_MAPPED`].
pub(super) fn mapped(order: &Order) -> Vec<Value> {
    let commission = order.commission.as_ref();
    let customer = order.customer.as_ref();
    let mut values: Vec<Value> = vec![
        order.number.as_deref().into(),
        order.merchant_reference.as_deref().into(),
        order.parent_id.as_deref().into(),
        commission.and_then(|it| it.program_id.as_deref()).into(),
        order.key.as_deref().into(),
        order.kind.as_str().into(),
        sent(order.created_at),
        order
            .created_at
            .map(|at| i64::from(at.offset().local_minus_utc()))
            .into(),
        sent(order.updated_at),
        sent(order.paid_at),
        sent(order.cancelled_at),
        sent(order.settled_at),
    ];
    values.extend(words(order.payment.as_ref()));
    values.extend(words(order.fulfillment.as_ref()));
    values.extend(words(commission.and_then(|it| it.status.as_ref())));
    values.extend([
        order.closed.into(),
        order.taxes_included.into(),
        order.is_terminal().into(),
        customer.and_then(|customer| customer.id.as_deref()).into(),
        customer
            .and_then(|customer| customer.email.as_deref())
            .into(),
    ]);
    for sum in [
        Column::of(order.total()),
        Column::of(order.charged()),
        Column::of_sums(&order.money_back()),
        Column::of(order.net().as_ref()),
    ] {
        values.extend(exact(sum));
    }
    values
}

/// The mapped columns as JSON, to be compared.
pub(super) fn as_json(mapped: &[Value]) -> String {
    let names = ORDERS.columns[FIRST_MAPPED..END_MAPPED].iter();
    let value = |value: &Value| match value {
        Value::Int(number) => Some(serde_json::Value::from(*number)),
        Value::Bool(flag) => Some(serde_json::Value::from(i64::from(*flag))),
        Value::Text(text) => Some(serde_json::Value::from(text.as_str())),
        _ => None,
    };
    let known = names
        .zip(mapped)
        .filter_map(|((name, _), it)| Some(((*name).to_owned(), value(it)?)));
    serde_json::Value::Object(known.collect()).to_string()
}

fn line_row(key: i64, position: u64, line: &Line) -> Vec<Value> {
    let mut row: Vec<Value> = vec![
        key.into(),
        position.into(),
        line.id.as_deref().into(),
        line.product_id.as_deref().into(),
        line.variant_id.as_deref().into(),
        line.sku.as_deref().into(),
        line.title.as_deref().into(),
        line.quantity.map(|it| it.to_string()).into(),
        line.current_quantity.map(|it| it.to_string()).into(),
    ];
    for money in [
        &line.unit_price,
        &line.discount,
        &line.tax,
        &line.total,
        &line.commission,
    ] {
        row.extend(exact(Column::of(money.as_ref())));
    }
    row.extend(words(line.fulfillment.as_ref()));
    row.extend([
        line.native_status.as_deref().into(),
        line.merchant_status.as_deref().into(),
    ]);
    row
}

fn adjustment_row(key: i64, position: u64, it: &Adjustment) -> Vec<Value> {
    let shop = |it: &Option<Amount>| exact(Column::of(it.as_ref().and_then(Amount::shop)));
    let mut row: Vec<Value> = vec![
        key.into(),
        position.into(),
        it.id.as_deref().into(),
        it.kind.to_string().into(),
        it.refund_id.as_deref().into(),
    ];
    row.extend(words(it.status.as_ref()));
    row.extend(shop(&it.amount));
    row.extend(shop(&it.tax));
    row.extend([sent(it.at), it.reason.as_deref().into()]);
    row
}
