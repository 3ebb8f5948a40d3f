//! Orders: the requests for them and for what belongs to them, the pages, and the order with everything in it.

mod address;
mod attribution;
mod count;
mod customer;
mod customer_orders;
mod discount;
pub(crate) mod filters;
mod fulfillment;
mod fulfillments;
#[cfg(feature = "client")]
mod get;
mod line_item;
#[cfg(feature = "client")]
pub(crate) mod links;
mod list;
mod money;
mod order;
mod page;
pub(crate) mod paging;
mod payment;
mod refund;
mod refunds;
mod search_transactions;
mod secret;
mod status;
mod tax;
mod transaction;
mod transactions;
#[cfg(feature = "client")]
pub(crate) mod window;

pub use address::{Address, Location};
pub use attribution::{
    FirstInteraction, LastInteraction, MAX_ATTRIBUTED, OrderAttribution, decode_attributions,
};
pub use count::{CountOrders, CountStatus, OrderSourceFilter, decode_count};
pub use customer::{ClientDetails, Company, Customer, TokenInfo};
pub use customer_orders::ListCustomerOrders;
pub use discount::{DiscountAllocation, DiscountApplication, DiscountCode};
pub use filters::StatusFilter;
pub use fulfillment::{Fulfillment, ShippingLine, TrackingInfo};
pub use fulfillments::decode_fulfillments;
pub use line_item::{CustomizedAttribute, Duty, LineItem, Property};
#[cfg(feature = "client")]
pub(crate) use list::LIST_ORDERS;
pub use list::{FulfillmentFilter, ListOrders, MAX_CONTRACTS, MAX_IDS, MAX_LIMIT, Sort};
pub use money::{MoneyAmount, MoneySet};
pub use order::{NoteAttribute, Order, ReturnInfo};
pub use page::{decode_order, decode_page};
pub use payment::{CreditLimit, PaymentDetail, PaymentSchedule, PaymentTerms};
pub use refund::{OrderAdjustment, Refund, RefundLineItem};
pub use refunds::{MAX_REFUNDS, decode_refunds};
pub use search_transactions::{SearchTransactions, decode_transaction_list};
pub use secret::SecretText;
pub use status::{
    ActivityType, AdjustmentKind, AllocationMethod, BenefitType, DiscountCodeType, DiscountSource,
    DiscountValueType, FinancialStatus, FulfillmentStatus, LocationType, OrderStatus, ParcelStatus,
    PayStatus, PaymentGateway, PaymentTermsType, PropertyType, RestockType, ReturnStatus,
    RoleVisibility, Service, ShipmentStatus, ShippingSource, SourceName, TargetSelection,
    TargetType, TaxType, TransactionKind, TransactionStatus,
};
pub use tax::TaxLine;
pub use transaction::{CreditCard, Transaction, TransactionDetails};
pub use transactions::decode_transactions;

/// The first of two texts that holds something.
fn either<'a>(newer: &'a Option<String>, older: &'a Option<String>) -> Option<&'a str> {
    let texts = [newer, older].into_iter().filter_map(Option::as_deref);
    texts.into_iter().find(|text| !text.is_empty())
}
