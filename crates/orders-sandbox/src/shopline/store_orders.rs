//! `GET orders.json` and `GET orders/count.json`: the orders of the whole store.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;

use super::data::Store;
use super::listing::{PageSize, Place, Things};
use super::order_filter::{Fault, OrderFilter, Use};
use super::{JSON, auth, failure};
use crate::answer::answer;
use crate::json::{self, Object};
use crate::params::{FirstPage, Params};
use crate::vendor::Vendor;
use crate::world::World;

/// Recorded; the page says 50.
const PAGE: PageSize = PageSize {
    default: 20,
    largest: 100,
};

pub(super) async fn list(
    State(world): State<Arc<World>>,
    Path(version): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
    first: Option<Extension<FirstPage>>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if let Some(refusal) = auth::refusal(&world, &version, &headers, "read_orders") {
        return refusal;
    }
    let query = Params(query);
    let read = || {
        let mut place = Place::read("orders", &query, PAGE).map_err(Fault::Invalid)?;
        place.limit = world.habits.of(Vendor::Shopline).rows(place.limit);
        let place = if first.is_some() {
            place.first()
        } else {
            place
        };
        let filter = OrderFilter::read(&place.params, Use::List)?;
        Ok((place, filter))
    };
    let (place, filter) = match read() {
        Ok(read) => read,
        Err(fault) => return refused(fault),
    };
    let store = world.shopline();
    let candidates = filter.candidates(&store);
    let number = |position: usize| candidates.as_ref().map_or(position, |all| all[position]);
    let things = Things {
        count: candidates.as_ref().map_or(store.heads.len(), Vec::len),
        id: &|position| &store.heads[number(position)].id,
        fits: &|position| filter.fits(&store, number(position)),
        descending: filter.descending,
    };
    let found = things.page(&place);
    let numbers = found.positions.iter().map(|position| number(*position));
    let orders = json::list(numbers.map(|number| shown(&store, number, query.filled("fields"))));
    let body = Object::new().raw("orders", orders).end();
    things.answer(body, &place, &found, &uri, &headers)
}

/// The order, or the members of it that `fields` names.
fn shown(store: &Store, number: usize, fields: Option<&str>) -> String {
    let written = store.written(number);
    match fields {
        Some(fields) => {
            let names: Vec<_> = fields.split(',').map(str::trim).collect();
            json::only(&written.json, &names)
        }
        None => written.json.clone(),
    }
}

pub(super) async fn count(
    State(world): State<Arc<World>>,
    Path(version): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Response {
    if let Some(refusal) = auth::refusal(&world, &version, &headers, "read_orders") {
        return refusal;
    }
    let filled = |(_, value): &(String, String)| !value.is_empty();
    let params = query.into_iter().rev().filter(filled).collect();
    let filter = match OrderFilter::read(&params, Use::Count) {
        Ok(filter) => filter,
        Err(fault) => return refused(fault),
    };
    let store = world.shopline();
    let count = match filter.candidates(&store) {
        Some(numbers) => numbers
            .into_iter()
            .filter(|number| filter.fits(&store, *number))
            .count(),
        None => (0..store.heads.len())
            .filter(|number| filter.fits(&store, *number))
            .count(),
    };
    answer(
        StatusCode::OK,
        JSON,
        Object::new().raw("count", count).end(),
    )
}

fn refused(fault: Fault) -> Response {
    match fault {
        Fault::Invalid(why) => failure(StatusCode::UNPROCESSABLE_ENTITY, &why),
        Fault::NotPlayed(why) => failure(StatusCode::NOT_IMPLEMENTED, &why),
    }
}
