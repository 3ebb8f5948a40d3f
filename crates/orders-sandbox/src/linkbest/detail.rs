//! `linkbest.open-service.orders.detail.get`: one order by program and order number (both documented as required). Code
//! 4001 for an unknown one is documented for the code, not for this service.

use chrono::{DateTime, Utc};

use super::body::{Body, Fault};
use super::data::Store;

pub(super) fn answer(store: &Store, body: &[u8], now: DateTime<Utc>) -> Result<String, Fault> {
    let params = Body::read(body, now, &["ProgramId", "OrderSn"])?;
    let program = params.required_text("ProgramId")?;
    let order_sn = params.required_text("OrderSn")?;
    let number = store
        .by_order_sn(&program, &order_sn)
        .ok_or_else(|| Fault::Missing("the order does not exist".to_owned()))?;
    Ok(store.written(number).json.clone())
}
