//! The vendor's words, each with its documented meaning.

use orders_wire::{OpenEnum as _, open_enum};

open_enum! {
    /// Where the order stands.
    pub enum OrderStatus {
        /// Being worked on.
        Open = "open",
        /// Cancelled. Recorded.
        Cancelled = "cancelled",
        /// Cancelled, as the page of `orders.json` spells it.
        Canceled = "canceled",
        /// Listed among the words, but rather a filter: any status, archived orders included.
        Any = "any",
    }
}

impl OrderStatus {
    /// Whether the order was cancelled, in either spelling and any case.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        matches!(self.in_any_case(), Self::Cancelled | Self::Canceled)
    }
}

open_enum! {
    /// Where the payment of the order stands.
    pub enum FinancialStatus {
        /// Not paid.
        Unpaid = "unpaid",
        /// The money is reserved, not yet taken.
        Authorized = "authorized",
        /// The payment is under way.
        Pending = "pending",
        /// A part was paid.
        PartiallyPaid = "partially_paid",
        /// All was paid. Recorded together with the full amount outstanding and no payment details.
        Paid = "paid",
        /// A part was paid back.
        PartiallyRefunded = "partially_refunded",
        /// All was paid back.
        Refunded = "refunded",
    }
}

open_enum! {
    /// Where the goods of an order or of a line are.
    ///
    /// The page promises `unshipped`, `partial` and `shipped` for an order, and `fulfilled`, `partial` and null for a
    /// line. Recorded were, on both, the four-letter text `"null"` and `fulfilled`; the promised words stood in the
    /// order's undocumented `fulfillment_status_v2`.
    pub enum FulfillmentStatus {
        /// Nothing was sent: the four-letter text, not JSON's null.
        Null = "null",
        /// Nothing was sent.
        Unshipped = "unshipped",
        /// A part was sent.
        Partial = "partial",
        /// All was sent (orders).
        Shipped = "shipped",
        /// All was sent.
        Fulfilled = "fulfilled",
    }
}

open_enum! {
    /// What a tax is on. At the order the page calls the field the kind of the tax number, with the example `1`.
    pub enum TaxType {
        /// A tax on goods.
        ProductTax = "product_tax",
        /// A tax on shipping.
        ShippingTax = "shipping_tax",
    }
}

open_enum! {
    /// How the buyer gets the goods. Null unless they are picked up.
    pub enum Service {
        /// Picked up at a store.
        PickUp = "pickUp",
        /// Picked up at a store, as a page of `orders.json` spells it.
        Pickup = "Pickup",
        /// Not picked up: the four-letter text, not JSON's null.
        Null = "null",
    }
}

open_enum! {
    /// A way of paying. Those without a note are the payment providers of these names.
    pub enum PaymentGateway {
        /// SHOPLINE Payments.
        SlPayments = "SLpayments",
        /// PayPal.
        Paypal = "Paypal",
        /// Oceanpayment.
        Oceanpay = "Oceanpay",
        /// 2Checkout.
        TwoCheckout = "TwoCheckout",
        /// AsiaBill.
        AsiaBill = "AsiaBill",
        /// Stripe.
        Stripe = "Stripe",
        /// Pacypay.
        Pacypay = "Pacypay",
        /// WorldPay.
        WorldPay = "WorldPay",
        /// Cash on delivery.
        CashOnDelivery = "COD",
        /// A way of paying that the shop made itself.
        Custom = "CUSTOM",
        /// A correction of the money.
        AdjustPay = "adjustPay",
        /// Xendit, by credit card.
        Xendit = "Xendit",
        /// Xendit, by other ways.
        XenditOther = "XenditOther",
    }
}

open_enum! {
    /// Where a payment stands.
    pub enum PayStatus {
        /// Not paid.
        Unpaid = "unpaid",
        /// Being paid.
        Pending = "pending",
        /// Being checked for fraud.
        Risking = "risking",
        /// Paid.
        Paid = "paid",
        /// Failed, or timed out: the pages differ. Not paid in either case.
        PaidOvertime = "paid_overtime",
        /// Failed.
        PaidFailed = "paid_failed",
    }
}

open_enum! {
    /// What the due date of payment terms counts from.
    pub enum PaymentTermsType {
        /// A fixed date.
        Fixed = "FIXED",
        /// The sending of the goods.
        Fulfillment = "FULFILLMENT",
        /// A number of days.
        Net = "NET",
        /// The receipt of the bill.
        Receipt = "RECEIPT",
        /// The vendor's own word for not known.
        NotKnown = "UNKNOWN",
    }
}

open_enum! {
    /// Whether a parcel was sent.
    pub enum ParcelStatus {
        /// Sent.
        Success = "success",
        /// Cancelled.
        Cancelled = "cancelled",
    }
}

open_enum! {
    /// Where a parcel is. Recorded as null only; the words are the pages', their spelling included.
    pub enum ShipmentStatus {
        /// The example of the page; no meaning is given.
        Sended = "sended",
        /// On its way to the buyer.
        OutForDelivery = "out_for_delivery",
        /// Delivered.
        Delivered = "delivered",
        /// Not delivered.
        Failure = "faliure",
        /// Picked up.
        PickedUp = "picked_up",
    }
}

open_enum! {
    /// Where a way of shipping comes from.
    pub enum ShippingSource {
        /// The vendor's word; no meaning is recorded.
        Shipper = "Shipper",
        /// The vendor's app of this name.
        Oneship = "Oneship",
        /// The API.
        Api = "Api",
        /// None: the four-letter text, not JSON's null.
        Null = "null",
    }
}

open_enum! {
    /// What kind of place a [`Location`](super::Location) is.
    pub enum LocationType {
        /// A point of sale, by the older word.
        PosLocation = "posLocation",
        /// A point of sale, by the word that is to be used (documented).
        PosLocationId = "posLocationId",
        /// A place to pick goods up.
        PickupLocation = "pickupLocation",
        /// A place where goods are stored. To be given up for the line's `location_id` (documented); still recorded.
        ProductLocation = "productLocation",
    }
}

open_enum! {
    /// Whether goods went back on stock.
    pub enum RestockType {
        /// Not put back. The only one recorded.
        NoRestock = "no_restock",
        /// Put back because the order was cancelled.
        Cancel = "cancel",
        /// Put back because the buyer returned them.
        Return = "return",
    }
}

open_enum! {
    /// What an adjustment of a refund corrects. The page of `orders.json` has the two descriptions swapped.
    pub enum AdjustmentKind {
        /// What was computed less what was paid back: positive where less was paid back.
        RefundDiscrepancy = "refund_discrepancy",
        /// Shipping that was paid back.
        ShippingRefund = "shipping_refund",
    }
}

open_enum! {
    /// What kind of payment a transaction is.
    pub enum TransactionKind {
        /// Money was reserved.
        Authorization = "authorization",
        /// Reserved money was taken.
        Capture = "capture",
        /// Money was taken at once.
        Sale = "sale",
        /// A reservation was given up.
        Void = "void",
        /// Money was paid back.
        Refund = "refund",
    }
}

open_enum! {
    /// Where a transaction stands. A refund, the list of an order and the answer to a query have words of their own.
    pub enum TransactionStatus {
        /// It was made (the list of an order).
        Create = "create",
        /// It was made (a query).
        Created = "created",
        /// Under way.
        Pending = "pending",
        /// It failed.
        Failure = "failure",
        /// It failed (a query).
        Fail = "fail",
        /// It is done.
        Success = "success",
        /// It broke off with an error.
        Error = "error",
    }
}

open_enum! {
    /// How a property of a line is shown.
    pub enum PropertyType {
        /// As `name: value`.
        Text = "text",
        /// As the name with the pictures behind `urls`.
        Picture = "picture",
        /// As `name: value`, leading to the first of `urls`.
        Link = "link",
    }
}

open_enum! {
    /// Who sees a property of a line.
    pub enum RoleVisibility {
        /// The buyer.
        Customer = "customer",
        /// The seller.
        Merchant = "merchant",
        /// Both.
        All = "all",
        /// Nobody.
        None = "none",
    }
}

open_enum! {
    /// What a discount code does. Chinese words on `orders.json`; the page of a customer's orders has `1` as example.
    pub enum DiscountCodeType {
        /// Takes an amount off.
        AmountOff = "减金额",
        /// Takes a percentage off.
        PercentOff = "打折",
        /// Frees shipping.
        FreeShipping = "免运费",
        /// Offers a further article at a better price.
        AddOn = "加价品",
        /// Any N articles at one price.
        AnyItemsPrice = "任意N件优惠价",
        /// A combination of articles at one price.
        CombinationPrice = "A+B组合优惠价",
        /// A gift.
        Gift = "赠品",
        /// A fixed selling price.
        FixedPrice = "固定售价",
        /// The cheapest article is free.
        CheapestFree = "最低价商品免费",
        /// A price for the package.
        PackagePrice = "打包价",
        /// A percentage off the Nth article.
        NthItemOff = "第N件打折",
        /// Buy some, get some.
        BuyXGetY = "买x送y",
        /// Made by the seller.
        Custom = "自定义",
    }
}

open_enum! {
    /// Where a discount comes from.
    pub enum DiscountSource {
        /// Given by hand.
        Manual = "manual",
        /// Given by a campaign without a code.
        Automatic = "automatic",
        /// Given for a code.
        DiscountCode = "discount_code",
    }
}

open_enum! {
    /// Whether the value of a discount is an amount or a percentage.
    pub enum DiscountValueType {
        /// An amount in shop currency.
        FixAmount = "fix_amount",
        /// A percentage.
        Percentage = "percentage",
    }
}

open_enum! {
    /// How a discount is spread.
    pub enum AllocationMethod {
        /// Once, over all lines it is for.
        Across = "across",
        /// On each line it is for.
        Each = "each",
    }
}

open_enum! {
    /// Which lines a discount is for.
    pub enum TargetSelection {
        /// Lines that were named.
        Explicit = "explicit",
        /// All lines.
        All = "all",
        /// Lines that fulfil a condition.
        Entitled = "entitled",
    }
}

open_enum! {
    /// What a discount is for.
    pub enum TargetType {
        /// Goods.
        LineItem = "line_item",
        /// Shipping.
        ShippingLine = "shipping_line",
    }
}

open_enum! {
    /// What kind of app brought the order. Documented.
    pub enum SourceName {
        /// A distribution app of the marketing system.
        SalesPluginOf = "sales_plugin_of",
        /// The referral app of the membership system.
        MemberPluginReferral = "member_plugin_referral",
    }
}

open_enum! {
    /// What kind of campaign a discount comes from. Numbers, each documented.
    pub enum ActivityType {
        /// A flash sale.
        FlashSale = "0",
        /// A promotion for a limited time.
        LimitedTime = "1",
        /// A bundle.
        Bundle = "2",
        /// A discount code.
        DiscountCode = "3",
        /// A one-page store.
        OnePageStore = "4",
        /// A free gift.
        FreeGift = "5",
        /// A pre-order.
        PreOrder = "6",
        /// A further article.
        AddOn = "7",
        /// A gift box.
        GiftBox = "8",
        /// A better article in place of another.
        Upsell = "9",
    }
}

open_enum! {
    /// What a discount gives. Numbers, each documented; there is no 0 and no 10.
    pub enum BenefitType {
        /// No discount.
        None = "-1",
        /// An amount off.
        AmountOff = "1",
        /// A discount.
        Discount = "2",
        /// Free shipping.
        FreeShipping = "3",
        /// An article at a mark-up.
        MarkedUp = "4",
        /// A price for any N articles.
        AnyItemsPrice = "5",
        /// A price for a combination of articles.
        CombinationPrice = "6",
        /// A gift.
        Gift = "7",
        /// A fixed price.
        FixedPrice = "8",
        /// The cheapest article is free.
        CheapestFree = "9",
        /// A discount on the Nth article.
        NthItem = "11",
        /// Buy some, get some.
        BuyXGetY = "12",
        /// Made by the seller.
        Custom = "13",
        /// An amount for N articles.
        AmountForItems = "14",
    }
}

open_enum! {
    /// Whether goods of the order are being returned, and where a return stands. The pages of returns, of their pushes and
    /// the announcements spell the words each in their own way.
    pub enum ReturnStatus {
        /// None are. The only one recorded.
        NoReturn = "NO_RETURN",
        /// The buyer asks for a return (pushes).
        Requested = "REQUESTED",
        /// The seller declined it (pushes).
        Declined = "DECLINED",
        /// It is under way.
        Open = "OPEN",
        /// Goods and money are back.
        Closed = "CLOSED",
        /// It was called off, as the pushes spell it: its goods can be returned once more.
        Canceled = "CANCELED",
        /// It was called off, as the vendor announced it for December 2025.
        Cancelled = "cancelled",
    }
}

impl ReturnStatus {
    /// Whether the return was called off, in any case and with one l or two.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        let word = self.as_str();
        word.eq_ignore_ascii_case("canceled") || word.eq_ignore_ascii_case("cancelled")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_return_is_called_off_in_any_spelling() {
        for word in ["CANCELED", "cancelled", "CANCELLED", "Canceled"] {
            assert!(ReturnStatus::from(word).is_cancelled(), "{word}");
        }
        for word in ["OPEN", "NO_RETURN", "DECLINED", ""] {
            assert!(!ReturnStatus::from(word).is_cancelled(), "{word}");
        }
    }
}
