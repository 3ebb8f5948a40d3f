//! The orders of a customer: the request, the page, and the order with everything in it.

mod address;
mod customer;
mod discount;
mod fulfillment;
mod json;
mod line_item;
mod list;
mod money;
mod order;
mod payment;
mod refund;
mod secret;
mod status;
mod tax;

pub use address::{Address, Location};
pub use customer::{ClientDetails, Company, Customer, TokenInfo};
pub use discount::{DiscountAllocation, DiscountApplication, DiscountCode};
pub use fulfillment::{Fulfillment, ShippingLine, TrackingInfo};
pub use json::Json;
pub use line_item::{CustomizedAttribute, Duty, LineItem, Property};
pub use list::{CustomerOrders, MAX_LIMIT, OrdersPage, StatusFilter, decode_order, decode_page};
pub use money::{MoneyAmount, MoneySet};
pub use order::{NoteAttribute, Order, ReturnInfo};
pub use payment::{CreditLimit, PaymentDetail, PaymentSchedule, PaymentTerms};
pub use refund::{OrderAdjustment, Refund, RefundLineItem, Transaction};
pub use secret::SecretText;
pub use status::{
    AdjustmentKind, AllocationMethod, DiscountCodeType, DiscountSource, DiscountValueType,
    FinancialStatus, FulfillmentStatus, LocationType, OrderStatus, ParcelStatus, PayStatus,
    PaymentGateway, PaymentTermsType, PropertyType, RestockType, ReturnStatus, RoleVisibility,
    Service, ShipmentStatus, ShippingSource, SourceName, TargetSelection, TargetType, TaxType,
    TransactionKind, TransactionStatus,
};
pub use tax::TaxLine;

/// The first of two texts that holds something.
fn either<'a>(newer: &'a Option<String>, older: &'a Option<String>) -> Option<&'a str> {
    let texts = [newer, older].into_iter().filter_map(Option::as_deref);
    texts.into_iter().find(|text| !text.is_empty())
}
