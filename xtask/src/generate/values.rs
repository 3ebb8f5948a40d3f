//! Plausible values, each made from its place alone.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};

use crate::contract::Field;
use crate::json::Json;

/// Changing it changes every fixture.
const SEED: u64 = 20_260_301;

/// A small fixed random source (splitmix64), seeded by a name.
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(name: &str) -> Self {
        // FNV-1a
        let seed = name
            .bytes()
            .fold(SEED ^ 0xcbf2_9ce4_8422_2325, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            });
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low + 1)
    }

    /// So many digits, the first not zero.
    pub(crate) fn digits(&mut self, count: usize) -> String {
        let mut digits = self.between(1, 9).to_string();
        while digits.len() < count {
            digits.push_str(&self.between(0, 9).to_string());
        }
        digits
    }

    /// So many hexadecimal digits.
    pub(crate) fn hex(&mut self, count: usize) -> String {
        (0..count)
            .map(|_| format!("{:x}", self.between(0, 15)))
            .collect()
    }
}

const CURRENCIES: [&str; 6] = ["USD", "CNY", "EUR", "HKD", "GBP", "TWD"];
const COUNTRIES: [&str; 5] = ["US", "CN", "HK", "GB", "TW"];

/// The value of one field of a full body; `place` is the field's place among the leaves.
pub(super) fn value(field: &Field, vendor: &str, place: usize) -> Json {
    if field.format == "any" {
        return Json::object([("id", Json::text(id(field, vendor)))]);
    }
    if field.format == "map" {
        return Json::object([
            ("campaign", Json::text(format!("spring {place}"))),
            ("channel", Json::text(format!("shop {place}"))),
        ]);
    }
    if field.format == "boolean" {
        return Json::Bool(true);
    }
    let text = text(field, vendor, place);
    if field.is_number() {
        Json::Number(text)
    } else {
        Json::Text(text)
    }
}

fn text(field: &Field, vendor: &str, place: usize) -> String {
    // The text "null" has a fixture of its own.
    if let Some(word) = field.values.iter().find(|word| *word != "null") {
        return word.clone();
    }
    let key = field.key();
    match field.format.as_str() {
        "id" => id(field, vendor),
        "currency" => CURRENCIES[place % CURRENCIES.len()].to_owned(),
        "country" => COUNTRIES[place % COUNTRIES.len()].to_owned(),
        "decimal" | "decimal:2" => format!("{}.{:02}", 10 + place, place * 35 % 100),
        "decimal:4" => format!("{}.{:04}", 10 + place, place * 1235 % 10_000),
        "integer" | "quantity" => (1 + place).to_string(),
        "time:ms" => (1_754_819_711_382 + 61_000 * place).to_string(),
        "time:local" => moment(place).format("%Y-%m-%d %H:%M:%S").to_string(),
        "time:iso" => moment(place).format("%Y-%m-%dT%H:%M:%S+08:00").to_string(),
        "email" => format!("buyer{place}@example.com"),
        "phone" => format!("+1555{place:07}"),
        "ip" => format!("2001:db8::{place:x}"),
        "url" => format!("https://www.example.com/{key}/{place}"),
        _ => format!("{} {place}", key.replace('_', " ")),
    }
}

/// A minute for each place, from New Year 2026 on.
fn moment(place: usize) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 1, 1)
        .and_then(|day| day.and_hms_opt(0, 0, 1))
        .unwrap_or_default()
        + TimeDelta::minutes(place as i64)
}

fn id(field: &Field, vendor: &str) -> String {
    let mut dice = Dice::new(&field.path);
    match vendor {
        "clink" => format!("{}_{}", clink_prefix(field.key()), dice.hex(20)),
        "shopline" => format!("2{}", dice.digits(25)),
        _ => dice.digits(12),
    }
}

fn clink_prefix(key: &str) -> &'static str {
    match key {
        "orderId" => "order",
        "refundId" => "rfd",
        "subscriptionId" => "sub",
        "invoiceItemId" => "ii",
        "id" => "event",
        "invoiceId" => "inv",
        "customerId" => "cus",
        "productId" => "prod",
        "priceId" => "price",
        "sessionId" => "sess",
        "paymentInstrumentId" => "pi",
        "channelTransactionId" => "txn",
        _ => "ref",
    }
}
