//! What a pull must have found when it is complete.

use rust_decimal::Decimal;

use crate::vendor::Vendor;

/// One order as the sandbox holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TruthOrder {
    /// Whose order it is.
    pub vendor: Vendor,
    /// The vendor's id of it: Clink's `orderId`, Linkbest's `Id`, SHOPLINE's `id`.
    pub id: String,
    /// The JSON text as it stands inside pages, byte for byte.
    pub json: String,
    /// How many lines it has: entries of Clink's `priceDataList` (0 where that is null), Linkbest's `Details`, SHOPLINE's
    /// `line_items`.
    pub lines: usize,
    /// The grand total with its currency code, in major units and with the scale as served. Clink: `amountTotal` in
    /// `paymentCurrency`. SHOPLINE: `current_total_price` in `currency` (shop money). Linkbest: `OrdersPrice` in
    /// `Currency` and then, for an order that has one, `ConfirmPrice` in `ChargeCurrency`; these are the estimate and
    /// what became of it, never to be added up.
    pub totals: Vec<(String, Decimal)>,
}

/// One refund as the sandbox holds it, of a vendor whose refunds are asked for by id.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TruthRefund {
    /// The vendor's id of it.
    pub id: String,
    /// The order that it pays back.
    pub order_id: String,
    /// The JSON text as it stands in answers and pushes, byte for byte.
    pub json: String,
}
