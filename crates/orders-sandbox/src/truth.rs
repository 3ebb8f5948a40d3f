//! The data that a complete pull must contain.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use crate::vendor::Vendor;

/// One order of the sandbox.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TruthOrder {
    /// The vendor of the order.
    pub vendor: Vendor,
    /// The vendor's id: Clink's `orderId`, Linkbest's `Id`, SHOPLINE's `id`.
    pub id: String,
    /// The JSON text, byte for byte as in the pages.
    pub json: String,
    /// The number of lines: entries of Clink's `priceDataList` (0 if that is null), Linkbest's `Details`, SHOPLINE's
    /// `line_items`.
    pub lines: usize,
    /// The grand total with its currency code, in major units and with the scale as served. Clink: `amountTotal` in
    /// `paymentCurrency`. SHOPLINE: `current_total_price` in `currency` (shop money). Linkbest: `OrdersPrice` in
    /// `Currency`, and then, if the order has one, `ConfirmPrice` in `ChargeCurrency`: an estimate and its
    /// confirmation, which must not be added.
    pub totals: Vec<(String, Decimal)>,
    /// Linkbest: the time by which windows of updates find the order. No answer shows it, and a change of nothing visible
    /// moves it, too. `None` for the others.
    pub updated_at: Option<DateTime<Utc>>,
}

/// One refund of the sandbox, for a vendor whose refunds are read by id.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TruthRefund {
    /// The vendor's id.
    pub id: String,
    /// The refunded order.
    pub order_id: String,
    /// The JSON text, byte for byte as in answers and pushes.
    pub json: String,
}
