//! The four routes.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use chrono::{DateTime, Months};

use super::books::{Books, Record};
use super::rows;
use super::span::Rules;
use crate::answer::answer;
use crate::json::{self, Object};
use crate::params::{FirstPage, Params};
use crate::shopline::listing::{PageSize, Place, Things};
use crate::shopline::paging::by_number;
use crate::shopline::{JSON, auth, failure};
use crate::world::World;

/// The version from which billing records and balances have another shape.
const ACCOUNTS: &str = "v20260601";
/// The first version with payouts.
const PAYOUTS: &str = "v20250601";

const STATUSES: &[&str] = &[
    "CREATED",
    "CUSTOMER_ACTION",
    "PROCESSING",
    "SUCCEEDED",
    "FAILED",
    "CANCELLED",
    "CANCELED",
    "EXPIRED",
    "RETRIEVAL_CREATED",
    "RETRIEVAL_FINISHED",
    "RETRIEVAL_CANCELED",
];

type Pairs = Vec<(String, String)>;

/// One row of a list: its id, its text, and when it was made (milliseconds since the epoch).
struct Row {
    id: String,
    text: String,
    time: i64,
    /// What the filters look at, in the order of their names.
    words: Vec<(&'static str, String)>,
}

/// A request for a list.
struct Ask<'a> {
    world: &'a World,
    first: bool,
    uri: &'a Uri,
    headers: &'a HeaderMap,
    place: Place,
}

impl Ask<'_> {
    /// The page of rows, whose ids grow with time, that the place and a span name.
    fn page(&self, name: &str, rows: &[Row], rules: &Rules, descending: bool) -> Response {
        let span = match rules.read(&self.place.params) {
            Ok(span) => span,
            Err(why) => return unfit(&why),
        };
        let since = self.place.params.get("since_id").map(String::as_str);
        if since.is_some_and(|since| by_number(since).is_none()) {
            return unfit("since_id is not valid");
        }
        let behind = |id: &str| match (since, descending) {
            (None, _) => true,
            (Some(since), true) => by_number(id) < by_number(since),
            (Some(since), false) => by_number(id) > by_number(since),
        };
        let fits = |row: &Row| {
            let words = row.words.iter();
            let mut filters =
                words.filter_map(|(name, word)| Some((self.place.params.get(*name)?, word)));
            span.as_ref().is_none_or(|span| span.contains(&row.time))
                && behind(&row.id)
                && filters.all(|(wanted, word)| wanted == word)
        };
        let things = Things {
            count: rows.len(),
            id: &|position| rows[position].id.as_str(),
            fits: &|position| fits(&rows[position]),
            descending,
        };
        let place = match self.first {
            true => self.place.clone().first(),
            false => self.place.clone(),
        };
        let found = things.page(&place);
        let texts = found.positions.iter().map(|position| &rows[*position].text);
        let body = Object::new().raw(name, json::list(texts)).end();
        things.answer(body, &place, &found, self.uri, self.headers)
    }

    fn now(&self) -> i64 {
        self.world.virtual_now().timestamp_millis()
    }
}

fn unfit(why: &str) -> Response {
    failure(StatusCode::UNPROCESSABLE_ENTITY, why)
}

/// Documented: both times or none, at most six months apart, and at most twelve months back.
pub(crate) async fn transactions(
    State(world): State<Arc<World>>,
    Path(version): Path<String>,
    Query(query): Query<Pairs>,
    first: Option<Extension<FirstPage>>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    const RULES: Rules = Rules {
        names: ["date_min", "date_max"],
        months: 6,
        inclusive: false,
    };
    if let Some(refusal) = auth::refusal(&world, &version, &headers, "read_payment") {
        return refusal;
    }
    let size = PageSize {
        default: 100,
        largest: 1000,
    };
    let place = match Place::read("store-transactions", &Params(query), size) {
        Ok(place) => place,
        Err(why) => return unfit(&why),
    };
    let word = |name: &str, words: &[&str]| {
        let word = place.params.get(name);
        word.is_none_or(|word| words.contains(&word.as_str()))
    };
    if !word("transaction_type", &["PAYMENT", "REFUND", "DISPUTE"]) || !word("status", STATUSES) {
        return unfit("transaction_type or status is illegal");
    }
    let back = world.virtual_now().checked_sub_months(Months::new(12));
    let min = place.params.get("date_min");
    let min = min.and_then(|text| DateTime::parse_from_rfc3339(text).ok());
    if min.zip(back).is_some_and(|(min, back)| min < back) {
        return unfit("date_min must be at most 12 months back");
    }
    let ask = Ask {
        world: &world,
        first: first.is_some(),
        uri: &uri,
        headers: &headers,
        place,
    };
    let books = Books::of(&world.shopline(), ask.now());
    let row = |one: &super::books::Transaction| {
        let text = rows::transaction(one);
        let plain = |name: &'static str| {
            let value = json::member(&text, name).unwrap_or_default();
            (name, value.trim_matches('"').to_owned())
        };
        Row {
            id: one.id.clone(),
            time: one.time,
            words: ["transaction_type", "status", "trade_order_id"]
                .map(plain)
                .into(),
            text,
        }
    };
    let rows: Vec<_> = books.transactions.iter().map(row).collect();
    ask.page("transactions", &rows, &RULES, true)
}

/// Documented: both times are required, both are in the span, at most three months apart; `limit` is required.
pub(crate) async fn payouts(
    State(world): State<Arc<World>>,
    Path(version): Path<String>,
    Query(query): Query<Pairs>,
    first: Option<Extension<FirstPage>>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    const RULES: Rules = Rules {
        names: ["start_time", "end_time"],
        months: 3,
        inclusive: true,
    };
    if let Some(refusal) = auth::refusal(&world, &version, &headers, "read_payment") {
        return refusal;
    }
    if version.as_str() < PAYOUTS {
        return failure(StatusCode::NOT_FOUND, "Not Found");
    }
    let query = Params(query);
    if query.filled("limit").is_none() {
        return unfit("limit is required");
    }
    let size = PageSize {
        default: 50,
        largest: 100,
    };
    let place = match Place::read("payouts", &query, size) {
        Ok(place) => place,
        Err(why) => return unfit(&why),
    };
    if !place.params.contains_key("start_time") {
        return unfit("start_time and end_time are required");
    }
    let ask = Ask {
        world: &world,
        first: first.is_some(),
        uri: &uri,
        headers: &headers,
        place,
    };
    let books = Books::of(&world.shopline(), ask.now());
    let row = |one: &super::books::Payout| Row {
        id: one.id.clone(),
        text: rows::payout(one),
        time: one.time,
        words: vec![
            (
                "status",
                if one.arrived { "SUCCESS" } else { "PROCESSING" }.to_owned(),
            ),
            ("payout_transaction_no", one.id.clone()),
        ],
    };
    let rows: Vec<_> = books.payouts.iter().map(row).collect();
    ask.page("payouts", &rows, &RULES, false)
}

/// Documented: another shape, other filters and other limits from v20260601 on.
pub(crate) async fn balance_transactions(
    State(world): State<Arc<World>>,
    Path(version): Path<String>,
    Query(query): Query<Pairs>,
    first: Option<Extension<FirstPage>>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    const RULES: Rules = Rules {
        names: ["start_time", "end_time"],
        months: 3,
        inclusive: false,
    };
    if let Some(refusal) = auth::refusal(&world, &version, &headers, "read_payment") {
        return refusal;
    }
    let accounts = version.as_str() >= ACCOUNTS;
    let size = match accounts {
        true => PageSize {
            default: 50,
            largest: 100,
        },
        false => PageSize {
            default: 1000,
            largest: 10_000,
        },
    };
    let mut place = match Place::read("balance-transactions", &Params(query), size) {
        Ok(place) => place,
        Err(why) => return unfit(&why),
    };
    if accounts
        && !["start_time", "payout_id"]
            .iter()
            .any(|name| place.params.contains_key(*name))
    {
        return unfit("start_time and end_time, or payout_id, are required");
    }
    if !accounts {
        // Documented: no filter of time.
        place.params.remove("start_time");
        place.params.remove("end_time");
    }
    let details = place
        .params
        .get("is_settlement_details")
        .is_some_and(|word| word == "true");
    let ask = Ask {
        world: &world,
        first: first.is_some(),
        uri: &uri,
        headers: &headers,
        place,
    };
    let books = Books::of(&world.shopline(), ask.now());
    let row = |one: &Record| {
        let payout = one.payout().map_or("", |payout| payout.id.as_str());
        let status = match one.payout() {
            Some(payout) if payout.arrived => "completed",
            Some(_) => "in progress",
            None => "",
        };
        Row {
            id: one.id().to_owned(),
            text: if accounts {
                rows::account(one)
            } else {
                rows::record(one)
            },
            time: one.time(),
            words: vec![
                ("payout_id", payout.to_owned()),
                ("payout_status", status.to_owned()),
                ("account_type", "PayoutAccount".to_owned()),
            ],
        }
    };
    let batched = accounts && !details;
    let mut rows: Vec<_> = books
        .records()
        .iter()
        .filter(|one| !batched || matches!(one, Record::Payout(_)))
        .map(row)
        .collect();
    if batched {
        for (place, payout) in books.payouts.iter().enumerate() {
            let entries: Vec<_> = books
                .entries
                .iter()
                .filter(|e| e.payout == Some(place))
                .collect();
            rows.push(Row {
                id: payout.id.replacen('3', "2", 1),
                text: rows::batch(payout, &entries),
                time: payout.time,
                words: vec![
                    ("payout_id", payout.id.clone()),
                    ("account_type", "PayoutAccount".to_owned()),
                ],
            });
        }
        rows.sort_by(|a, b| a.id.cmp(&b.id));
    }
    ask.page("transactions", &rows, &RULES, false)
}

/// One amount a currency; from v20260601 on under the names of its accounts.
pub(crate) async fn balance(
    State(world): State<Arc<World>>,
    Path(version): Path<String>,
    headers: HeaderMap,
) -> Response {
    if let Some(refusal) = auth::refusal(&world, &version, &headers, "read_payment") {
        return refusal;
    }
    let now = world.virtual_now().timestamp_millis();
    let balances = Books::of(&world.shopline(), now).balance();
    let balances = balances
        .iter()
        .enumerate()
        .map(|(place, (currency, amount))| {
            let amount = amount.to_string();
            let json = Object::new().text("currency", currency);
            match version.as_str() < ACCOUNTS {
                true => json.text("amount", &amount).end(),
                false => json
                    .text("account_identify_code", &format!("A{place:04}"))
                    .text("pending_settlement_balance", "0.00")
                    .text("payout_account_balance", &amount)
                    .text("payout_account_available_balance", &amount)
                    .text("payout_account_frozen_balance", "0.00")
                    .text("fixed_margin_account_balance", "0.00")
                    .end(),
            }
        });
    let body = Object::new().raw("balance", json::list(balances)).end();
    answer(StatusCode::OK, JSON, body)
}
