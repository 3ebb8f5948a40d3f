//! Lists of the whole store by cursor: the opaque token, the search for matching rows, and the `link` header.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::Response;
use serde_json::Value;

use super::JSON;
use super::paging::{Direction, by_number, entries, from_hex, hex};
use crate::answer::answer;
use crate::json::Object;
use crate::params::{Params, whole_number};

/// The default and the largest size of a page.
#[derive(Debug, Clone, Copy)]
pub(super) struct PageSize {
    pub(super) default: i64,
    pub(super) largest: i64,
}

/// A place in a list, with the filters of the first request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    list: &'static str,
    pub(super) params: BTreeMap<String, String>,
    /// The page starts after this id or ends before it; none for the first page.
    pub(super) edge: Option<String>,
    pub(super) direction: Direction,
    pub(super) limit: i64,
}

impl Place {
    /// The place that a request starts from. With `page_info` only `limit` and `fields` count (documented: all else is
    /// ignored).
    pub(super) fn read(list: &'static str, query: &Params, size: PageSize) -> Result<Self, String> {
        let limit =
            |default| whole_number("limit", query.filled("limit"), default, 1..=size.largest);
        if let Some(token) = query.filled("page_info") {
            let mut place = Self::of_token(list, token)
                .filter(|place| (1..=size.largest).contains(&place.limit))
                .ok_or("page_info is not valid")?;
            place.limit = limit(place.limit)?;
            return Ok(place);
        }
        let filters = |(name, value): &&(String, String)| {
            !value.is_empty() && !matches!(name.as_str(), "limit" | "fields" | "page_info")
        };
        // If a parameter is repeated, the first one counts.
        let params = query.0.iter().rev().filter(filters).cloned().collect();
        Ok(Self {
            list,
            params,
            edge: None,
            direction: Direction::Next,
            limit: limit(size.default)?,
        })
    }

    /// The first page of the same list.
    pub(super) fn first(self) -> Self {
        Self {
            edge: None,
            direction: Direction::Next,
            ..self
        }
    }

    /// In the form of the documented samples, in the recorded hex.
    fn token(&self) -> String {
        let filters = self.params.iter();
        let filters = filters.fold(Object::new(), |json, (name, value)| json.text(name, value));
        let json = Object::new()
            .text("list", self.list)
            .text("queryParamString", &filters.end())
            .text_or_null("sinceId", self.edge.as_deref())
            .text("direction", self.direction.word())
            .raw("limit", self.limit)
            .end();
        hex(&json)
    }

    fn of_token(list: &'static str, token: &str) -> Option<Self> {
        let value: Value = serde_json::from_slice(&from_hex(token)?).ok()?;
        let place = Self {
            list,
            params: serde_json::from_str(value.get("queryParamString")?.as_str()?).ok()?,
            edge: value.get("sinceId")?.as_str().map(str::to_owned),
            direction: Direction::of(value.get("direction")?.as_str()?),
            limit: value.get("limit")?.as_i64()?,
        };
        (place.token() == token).then_some(place)
    }
}

/// A page of a list: positions in it, and whether there is more on either side.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) positions: Vec<usize>,
    more_before: bool,
    more_after: bool,
}

/// A list to search: rows with ids that ascend with their position.
pub(super) struct Things<'a> {
    pub(super) count: usize,
    pub(super) id: &'a dyn Fn(usize) -> &'a str,
    pub(super) fits: &'a dyn Fn(usize) -> bool,
    /// Whether the search goes from the last row to the first.
    pub(super) descending: bool,
}

impl Things<'_> {
    pub(super) fn page(&self, place: &Place) -> Found {
        let take = usize::try_from(place.limit).unwrap_or(0);
        let upwards = (place.direction == Direction::Next) != self.descending;
        let edge = place.edge.as_deref().map(by_number);
        let first_above = edge.map(|edge| self.first(|id| id > edge));
        let first_at = edge.map(|edge| self.first(|id| id >= edge));
        let fits = |position: &usize| (self.fits)(*position);
        let (mut positions, behind, ahead): (Vec<usize>, bool, bool);
        if upwards {
            let start = first_above.unwrap_or(0);
            positions = (start..self.count).filter(fits).take(take).collect();
            let end = positions.last().map_or(start, |last| last + 1);
            behind = (0..start).rev().any(|position| fits(&position));
            ahead = (end..self.count).any(|position| fits(&position));
        } else {
            let end = first_at.unwrap_or(self.count);
            positions = (0..end).rev().filter(fits).take(take).collect();
            let start = positions.last().copied().unwrap_or(end);
            behind = (end..self.count).any(|position| fits(&position));
            ahead = (0..start).rev().any(|position| fits(&position));
        }
        let (more_before, more_after) = match place.direction {
            Direction::Next => (behind, ahead),
            Direction::Previous => {
                positions.reverse();
                (ahead, behind)
            }
        };
        Found {
            positions,
            more_before,
            more_after,
        }
    }

    /// The first position with an id after the given one.
    fn first(&self, past: impl Fn(Option<(usize, &str)>) -> bool) -> usize {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = low + (high - low) / 2;
            if past(by_number((self.id)(middle))) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        low
    }

    /// The answer with this body and the `link` header of the page.
    pub(super) fn answer(
        &self,
        body: String,
        place: &Place,
        found: &Found,
        uri: &Uri,
        headers: &HeaderMap,
    ) -> Response {
        let token = |position: Option<&usize>, direction| {
            let edge = (self.id)(*position?).to_owned();
            let place = Place {
                edge: Some(edge),
                direction,
                ..place.clone()
            };
            Some(place.token())
        };
        let next = token(found.positions.last(), Direction::Next).filter(|_| found.more_after);
        let previous =
            token(found.positions.first(), Direction::Previous).filter(|_| found.more_before);
        let mut response = answer(StatusCode::OK, JSON, body);
        let link = entries(&absolute(uri, headers), place.limit, next, previous);
        if let Some(value) = link.and_then(|link| HeaderValue::try_from(link).ok()) {
            response.headers_mut().insert(header::LINK, value);
        }
        response
    }
}

/// The requested path on the requested host.
pub(super) fn absolute(uri: &Uri, headers: &HeaderMap) -> String {
    let host = headers
        .get(header::HOST)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("127.0.0.1");
    format!("http://{host}{}", uri.path())
}
