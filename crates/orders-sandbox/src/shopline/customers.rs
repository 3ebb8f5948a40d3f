//! `GET v2/customers.json`: all customers, by cursor. Documented: the path, the envelope, the `link` header. Recorded:
//! `addresses` as a list, and null or the text `N/A` as `last_order_id` of some customers. Inferred: the other members,
//! the default of the limit, and customers by ascending id.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;

use super::data::Store;
use super::listing::{PageSize, Place, Things};
use super::order_json::{self, iso};
use super::paging::by_number;
use super::{auth, failure, people_json};
use crate::json::{self, Object};
use crate::names::Person;
use crate::params::{FirstPage, Params};
use crate::random::Random;
use crate::world::World;

const PAGE: PageSize = PageSize {
    default: 50,
    largest: 250,
};

pub(super) async fn list(
    State(world): State<Arc<World>>,
    Path(version): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
    first: Option<Extension<FirstPage>>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if let Some(refusal) = auth::refusal(&world, &version, &headers, "read_customers") {
        return refusal;
    }
    let place = match Place::read("customers", &Params(query), PAGE) {
        Ok(place) if first.is_some() => place.first(),
        Ok(place) => place,
        Err(why) => return failure(StatusCode::UNPROCESSABLE_ENTITY, &why),
    };
    let since = place.params.get("since_id").map_or("0", String::as_str);
    if by_number(since).is_none() {
        return failure(StatusCode::UNPROCESSABLE_ENTITY, "since_id is not valid");
    }
    let store = world.shopline();
    let mut places: Vec<usize> = (0..store.customers.len()).collect();
    places.sort_unstable_by_key(|place| by_number(&store.customers[*place].id));
    let id = |position: usize| store.customers[places[position]].id.as_str();
    let things = Things {
        count: places.len(),
        id: &id,
        fits: &|position| by_number(id(position)) > by_number(since),
        descending: false,
    };
    let found = things.page(&place);
    let customers = found.positions.iter().map(|position| places[*position]);
    let customers = json::list(customers.map(|place| write(&store, place)));
    let body = Object::new().raw("customers", customers).end();
    things.answer(body, &place, &found, &uri, &headers)
}

pub(super) fn write(store: &Store, place: usize) -> String {
    let mut random = Random::of(store.seed, "shopline-customer", place);
    let customer = &store.customers[place];
    let person = Person::invent(&mut random);
    let last = customer.orders.last().copied();
    // Recorded: both forms of an absent value.
    let nothing = place.is_multiple_of(2).then_some("N/A");
    let last_id = last.map(|number| store.heads[number].id.as_str());
    let last_name = last.map(order_json::name);
    let time = |number: &usize| store.heads[*number].created;
    let since = customer.orders.first().map_or(1_750_000_000_000, time);
    let until = customer.orders.last().map_or(since, time);
    let addresses = match place % 4 {
        3 => "[]".to_owned(),
        _ => json::list([people_json::home(&mut random, &person)]),
    };
    Object::new()
        .text("id", &customer.id)
        .text("email", &person.mail)
        .text("first_name", person.first)
        .text("last_name", person.last)
        .text("phone", &person.phone)
        .text("area_code", random.pick(&["0086", "852", "+1"]))
        .raw("addresses", addresses)
        .text("currency", random.pick(&["USD", "CNY", "EUR"]))
        .raw("orders_count", customer.orders.len())
        .text_or_null("last_order_id", last_id.or(nothing))
        .text_or_null("last_order_name", last_name.as_deref().or(nothing))
        .text_or_null("note", random.pick(&[None, Some(""), Some("VIP")]))
        .text("tags", random.pick(&["", "vip,été"]))
        .raw("verified_email", random.chance(50))
        .text("created_at", &iso(since))
        .text("updated_at", &iso(until))
        .end()
}
