//! Orders: the requests for them and for what belongs to them, the pages, and the order with everything in it.

mod address;
mod count;
mod customer;
mod discount;
mod fulfillment;
mod line_item;
mod list;
mod money;
mod order;
mod parts;
mod payment;
mod refund;
mod secret;
mod status;
mod store;
mod tax;
mod transaction;

pub use address::{Address, Location};
pub use count::{CountOrders, CountStatus, OrderSourceFilter, decode_count};
pub use customer::{ClientDetails, Company, Customer, TokenInfo};
pub use discount::{DiscountAllocation, DiscountApplication, DiscountCode};
pub use fulfillment::{Fulfillment, ShippingLine, TrackingInfo};
pub use line_item::{CustomizedAttribute, Duty, LineItem, Property};
pub use list::{CustomerOrders, MAX_LIMIT, OrdersPage, StatusFilter, decode_order, decode_page};
pub use money::{MoneyAmount, MoneySet};
pub use order::{NoteAttribute, Order, ReturnInfo};
pub use parts::{FulfillmentsPage, MAX_REFUNDS, RefundsPage, decode_fulfillments, decode_refunds};
pub use payment::{CreditLimit, PaymentDetail, PaymentSchedule, PaymentTerms};
pub use refund::{OrderAdjustment, Refund, RefundLineItem};
pub use secret::SecretText;
pub use status::{
    AdjustmentKind, AllocationMethod, DiscountCodeType, DiscountSource, DiscountValueType,
    FinancialStatus, FulfillmentStatus, LocationType, OrderStatus, ParcelStatus, PayStatus,
    PaymentGateway, PaymentTermsType, PropertyType, RestockType, ReturnStatus, RoleVisibility,
    Service, ShipmentStatus, ShippingSource, SourceName, TargetSelection, TargetType, TaxType,
    TransactionKind, TransactionStatus,
};
pub use store::{FulfillmentFilter, ListOrders, MAX_CONTRACTS, MAX_IDS, Sort};
pub use tax::TaxLine;
pub use transaction::{
    CreditCard, QueryTransactions, Transaction, TransactionDetails, TransactionsPage,
    decode_transaction_list, decode_transactions,
};

/// The first of two texts that holds something.
fn either<'a>(newer: &'a Option<String>, older: &'a Option<String>) -> Option<&'a str> {
    let texts = [newer, older].into_iter().filter_map(Option::as_deref);
    texts.into_iter().find(|text| !text.is_empty())
}
