//! The members that were recorded beyond the page.

use rust_decimal::Decimal;

use super::data::Head;
use super::figures::Figures;
use super::order_json::iso;
use crate::json::Object;
use crate::random::Random;

/// Members that stand on no page of this endpoint, but in the recorded orders of its sister.
pub(super) fn recorded(
    order: Object,
    random: &mut Random,
    figures: &Figures,
    head: &Head,
) -> Object {
    let time = iso(head.created);
    let zero = Decimal::new(0, 2);
    order
        .text(
            "fulfillment_status_v2",
            if figures.is_shipped() {
                "shipped"
            } else {
                "unshipped"
            },
        )
        .raw(
            "return_info",
            Object::new().text("return_status", "NO_RETURN").end(),
        )
        .text("checkout_id", &random.digits(20))
        .text("checkout_language", "en")
        .null("company")
        .text("contract_seq", "")
        .null("credit_limit")
        .null("current_total_duties_set")
        .text("deduct_member_point_amount", "0.00")
        .raw(
            "deduct_member_point_amount_set",
            figures.currencies.set(zero),
        )
        .raw("discount_applications", "[]")
        .text("landing_site", "/")
        .text("order_at", &time)
        .text("order_source", "web")
        .null("payment_terms")
        .text_or_null("po_number", random.pick(&[Some(""), None]))
        .null("pos_location_id")
        .text("processed_at", &time)
        .null("processed_user_id")
        .text("referring_site", "")
        .null("source_identifier")
        .text("source_name", "web")
        .null("source_url")
        .text("store_id", "1672369729000")
        .null("tax_description")
        .raw(
            "total_tip_received_set",
            figures.currencies.set(figures.tip),
        )
        .raw(
            "total_outstanding_set",
            figures.currencies.set(figures.outstanding),
        )
        .null("utm_parameters")
        .null("app_id")
}
