//! The JSON of a Linkbest order.

use chrono::DateTime;
use rust_decimal::Decimal;

use super::data::Head;
use super::figures::{Figures, Line};
use super::small_json;
use crate::bodies::Written;
use crate::json::{self, Object};
use crate::names::goods;
use crate::random::Random;

/// Programs by number: invented shops.
pub(super) const PROGRAMS: &[&str] = &[
    "Example Mall",
    "示例商城",
    "Muster & Söhne",
    "L'Échantillon",
    "サンプル市場",
];

/// Every documented `LbOrderStatus`.
const MERCHANT_STATUSES: &[&str] = &[
    "-1", "1", "2", "21", "3", "31", "32", "4", "41", "5", "6", "7", "8", "81", "82", "9", "10",
    "11",
];
/// The merchant's own words: any language, or a number.
const MERCHANT_WORDS: &[&str] = &["已完成", "shipped", "3", "Zugestellt", "待付款", ""];
/// Unsettled orders of the twin platform carry this as a time (recorded there).
pub(super) const ZERO_DATE: &str = "0000-00-00 00:00:00";
/// Times are local to China (inferred): seconds ahead of UTC.
pub(super) const UTC_PLUS_8: i64 = 8 * 3600;

pub(super) fn program_id(program: usize) -> String {
    (3301 + program).to_string()
}

/// The status that an order has from its seed, before any change.
pub(super) fn born(number: usize) -> i8 {
    [0, 2, 1, 0, -1, 2, 0][number % 7]
}

/// The present amounts of an order, and its order number.
pub(super) struct Draft {
    random: Random,
    pub(super) figures: Figures,
    pub(super) form: Form,
    pub(super) order_sn: String,
}

/// The dice depend only on the order as its seed made it, so a change affects only the members that it concerns.
pub(super) fn draft((seed, small): (u64, bool), number: usize, status: i8) -> Draft {
    let mut random = Random::of(seed, "linkbest-order", number);
    let most_lines = if small { 1 } else { usize::MAX };
    let mut figures = Figures::invent(&mut random, number, born(number), most_lines);
    if status != born(number) {
        let mut later = Random::of(seed, "linkbest-confirmed", number);
        figures.become_now(&mut later, born(number), status);
    }
    // Nothing states whether decimals are numbers or strings. Both occur here, one form per order.
    let form = if random.chance(50) {
        Form::Number
    } else {
        Form::Text
    };
    let order_sn = match small {
        true => small_json::order_sn(number),
        false => format!("LB{}", random.digits(14)),
    };
    Draft {
        random,
        figures,
        form,
        order_sn,
    }
}

pub(super) fn write(draft: Draft, number: usize, head: &Head) -> Written {
    let Draft {
        mut random,
        figures,
        form,
        order_sn,
    } = draft;
    let parent = if random.chance(20) {
        format!("P{}", random.digits(14))
    } else {
        String::new()
    };

    let mut order = Object::new()
        .text("Id", &head.id.to_string())
        .text("ProgramId", &program_id(head.program))
        .text("ProgramName", PROGRAMS[head.program % PROGRAMS.len()])
        .text("WebsiteId", head.website)
        .text_or_null(
            "LinkId",
            random.pick(&[Some("88001"), Some("88002"), Some(""), None]),
        )
        .text("SubId", head.sub)
        .text("OrderSn", &order_sn)
        .text("ParentOrderSn", &parent)
        .text("OrderTime", &local(head.created))
        .raw("OrdersPrice", form.of(figures.price))
        .raw("SiterCommission", form.of(figures.commission))
        .text("Currency", figures.currency)
        .text("Status", &head.status.to_string());
    let nothing = (born(number) == 0).then(|| random.pick(&["\"\"", "null"]));
    order = match &figures.confirmed {
        Some(confirmed) => order
            .raw("ConfirmPrice", form.of(confirmed.price))
            .raw("ConfirmSiterCommission", form.of(confirmed.commission))
            .text("ChargeCurrency", confirmed.currency),
        None => {
            let nothing = nothing.unwrap_or("\"\"");
            order
                .raw("ConfirmPrice", nothing)
                .raw("ConfirmSiterCommission", nothing)
                .raw("ChargeCurrency", nothing)
        }
    };
    let unsettled = (born(number) != 2)
        .then(|| random.pick(&[Some(ZERO_DATE), Some(ZERO_DATE), Some(""), None]));
    order = match head.charged {
        Some(time) => order.text("ChargeTime", &local(time)),
        None => order.text_or_null("ChargeTime", unsettled.unwrap_or(Some(ZERO_DATE))),
    };
    let details = figures.lines.iter().enumerate().map(|(place, line)| {
        let status = MERCHANT_STATUSES[(number + place) % MERCHANT_STATUSES.len()];
        let status = head.merchant.unwrap_or(status);
        detail(&mut random, line, form, status, &order_sn, &parent)
    });
    let json = order.raw("Details", json::list(details)).end();
    // The twin platform runs on PHP, which escapes by default. Some orders are written in that form.
    let json = if number % 4 == 3 {
        json::as_php_writes(&json)
    } else {
        json
    };

    Written {
        json,
        lines: figures.lines.len(),
        totals: figures.totals(),
    }
}

fn detail(
    random: &mut Random,
    line: &Line,
    form: Form,
    status: &str,
    order_sn: &str,
    parent: &str,
) -> String {
    Object::new()
        .text("ItemCate", &random.digits(5))
        .text_or_null(
            "ItemCateName",
            random.pick(&[Some("Home/Kitchen"), Some("家居"), Some("1503"), None]),
        )
        .text("ItemId", &random.digits(12))
        .text("ItemName", goods(random))
        .text("ItemPrice", &line.item_price.to_string())
        .text("ItemCount", &line.count.to_string())
        .raw("OrdersPrice", form.of(line.price))
        .text("OrderStatus", random.pick(MERCHANT_WORDS))
        .raw("OrderCommission", form.of(line.commission))
        .text("OrderSn", order_sn)
        .text("ParentOrderSn", parent)
        .text(
            "ItemImg",
            &format!("https://img.example.com/{}.jpg", random.hex(8)),
        )
        .text("ShopTitle", random.pick(&["Example Shop", "示例旗舰店"]))
        .text("LbOrderStatus", status)
        .end()
}

/// How the decimals of an order are written.
#[derive(Clone, Copy)]
pub(super) enum Form {
    Number,
    Text,
}

impl Form {
    pub(super) fn of(self, amount: Decimal) -> String {
        match self {
            Self::Number => amount.to_string(),
            Self::Text => format!("\"{amount}\""),
        }
    }
}

/// `yyyy-MM-dd HH:mm:ss` in UTC+8.
pub(super) fn local(seconds: i64) -> String {
    match DateTime::from_timestamp(seconds + UTC_PLUS_8, 0) {
        Some(time) => time.format("%Y-%m-%d %H:%M:%S").to_string(),
        None => ZERO_DATE.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_times_are_eight_hours_ahead() {
        // The pair of time stamp and text in the vendor's signature example.
        assert_eq!(local(1_692_696_195), "2023-08-22 17:23:15");
    }
}
