//! `linkbest.open-service.orders.settlement.get`: the changes by settlements, by order time.
//!
//! Documented: the parameters, a day at most, pages of at most 200, the first three amounts, four decimals. Inferred:
//! the names of the commission's amounts, the choice of orders with a row (settled and invalid ones, not all), and the
//! order of rows.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use super::body::{Body, Fault};
use super::data::{Filter, Store};
use super::order_json::{self, local};
use crate::json::{self, Object};
use crate::random::Random;

const KNOWN: &[&str] = &[
    "Etime",
    "OrderSn",
    "Page",
    "PageSize",
    "ProgramId",
    "Stime",
    "SubId",
];

pub(super) fn answer(store: &Store, body: &[u8], now: DateTime<Utc>) -> Result<String, Fault> {
    let params = Body::read(body, now, KNOWN)?;
    let (from, to) = params.window()?;
    let (skip, take) = params.paging()?;
    let filter = Filter {
        program: params.text("ProgramId")?,
        sub: params.text("SubId")?,
        ..Filter::default()
    };
    let order_sn = params.text("OrderSn")?;
    let rows: Vec<_> = store
        .created(from, to)
        .filter(|number| {
            filter.fits(&store.heads[*number])
                && has_row(store, *number)
                && order_sn
                    .as_ref()
                    .is_none_or(|wanted| store.order_sn(*number) == *wanted)
        })
        .skip(skip)
        .take(take)
        .map(|number| row(store, number))
        .collect();
    Ok(json::list(rows))
}

/// Two thirds of the orders that the seed confirmed or refused, and all that were settled or refused later.
fn has_row(store: &Store, number: usize) -> bool {
    let status = store.heads[number].status;
    let changed = status != order_json::born(number);
    matches!(status, -1 | 2) && (changed || !number.is_multiple_of(3))
}

fn row(store: &Store, number: usize) -> String {
    let head = &store.heads[number];
    let mut random = Random::of(store.seed, "linkbest-settlement", number);
    let draft = store.draft(number);
    let figures = draft.figures;
    let mut change = |before: Decimal, now: Decimal| match head.status {
        // The full amount is taken back.
        -1 => (before, -before, now),
        _ => {
            let change = Decimal::new(random.between(-99_999, 99_999), 4);
            (now - change, change, now)
        }
    };
    let confirmed = figures.confirmed.as_ref();
    let (price, commission) = confirmed.map_or((Decimal::ZERO, Decimal::ZERO), |confirmed| {
        (confirmed.price, confirmed.commission)
    });
    let price = change(figures.price, price);
    let commission = change(figures.commission, commission);
    let four = |mut amount: Decimal| {
        amount.rescale(4);
        draft.form.of(amount)
    };
    Object::new()
        .text("OrderSn", &draft.order_sn)
        .text("OrderTime", &local(head.created))
        .text("SubId", head.sub)
        .raw("ConfirmPriceOld", four(price.0))
        .raw("ModifyPrice", four(price.1))
        .raw("ConfirmPrice", four(price.2))
        .raw("ConfirmSiterCommissionOld", four(commission.0))
        .raw("ModifySiterCommission", four(commission.1))
        .raw("ConfirmSiterCommission", four(commission.2))
        .end()
}
