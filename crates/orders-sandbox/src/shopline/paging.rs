//! The `link` header and the opaque token in it.
//!
//! The token is upper-case hex, as recorded on the sister endpoint. What it says is ours, after the documented samples:
//! the filters of the first request, an id to start from, and a direction.

use std::fmt::Write;

use serde_json::Value;

use crate::json::Object;

/// A place in one customer's orders, with the filters it was reached by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PageInfo {
    pub(super) customer: String,
    pub(super) status: StatusFilter,
    /// `since_id` of the first request: only later ids belong to the listing.
    pub(super) floor: String,
    /// The page starts after this id, or ends before it.
    pub(super) since: String,
    pub(super) direction: Direction,
    pub(super) limit: i64,
}

/// The values of `status`: only `any` includes archived orders (documented).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StatusFilter {
    Open,
    Cancelled,
    Any,
}

/// Which way a page lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Next,
    Previous,
}

/// The orders of one page, oldest first, and what lies around it.
pub(super) struct Page {
    pub(super) numbers: Vec<usize>,
    /// The first and last id on it.
    pub(super) edges: Option<(String, String)>,
    pub(super) more_before: bool,
    pub(super) more_after: bool,
}

/// A key that sorts ids of decimal digits as numbers of any length; none for another text.
pub(super) fn by_number(id: &str) -> Option<(usize, &str)> {
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits = id.trim_start_matches('0');
    Some((digits.len(), digits))
}

/// The header of a page that has another beside it: `next` first, then `previous` (documented).
pub(super) fn link(url: &str, ask: &PageInfo, page: &Page) -> Option<String> {
    let (first, last) = page.edges.as_ref()?;
    let entry = |id: &str, direction: Direction| {
        let token = PageInfo {
            since: id.to_owned(),
            direction,
            ..ask.clone()
        }
        .token();
        let rel = match direction {
            Direction::Next => "next",
            Direction::Previous => "previous",
        };
        format!(
            "<{url}?limit={}&page_info={token}>; rel=\"{rel}\"",
            ask.limit
        )
    };
    let next = page.more_after.then(|| entry(last, Direction::Next));
    let previous = page.more_before.then(|| entry(first, Direction::Previous));
    let entries: Vec<_> = next.into_iter().chain(previous).collect();
    (!entries.is_empty()).then(|| entries.join(", "))
}

impl PageInfo {
    fn token(&self) -> String {
        let json = Object::new()
            .text("sinceId", &self.since)
            .text(
                "direction",
                if self.direction == Direction::Next {
                    "next"
                } else {
                    "prev"
                },
            )
            .raw("limit", self.limit)
            .text("status", self.status.word())
            .text("uid", &self.customer)
            .text("firstSinceId", &self.floor)
            .end();
        json.bytes()
            .fold(String::with_capacity(json.len() * 2), |mut hex, byte| {
                let _ = write!(hex, "{byte:02X}");
                hex
            })
    }

    /// None for a token that this server did not make.
    pub(super) fn read(token: &str) -> Option<Self> {
        let pairs = token.as_bytes().chunks(2);
        let bytes: Option<Vec<u8>> = pairs
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
            .collect();
        let value: Value = serde_json::from_slice(&bytes?).ok()?;
        let text = |key| value.get(key).and_then(Value::as_str);
        let info = Self {
            customer: text("uid")?.to_owned(),
            status: StatusFilter::of(text("status")?)?,
            floor: text("firstSinceId")?.to_owned(),
            since: text("sinceId")?.to_owned(),
            direction: if text("direction")? == "next" {
                Direction::Next
            } else {
                Direction::Previous
            },
            limit: value.get("limit")?.as_i64()?,
        };
        (info.token() == token).then_some(info)
    }
}

impl StatusFilter {
    const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Cancelled => "cancelled",
            Self::Any => "any",
        }
    }

    fn of(word: &str) -> Option<Self> {
        [Self::Open, Self::Cancelled, Self::Any]
            .into_iter()
            .find(|filter| filter.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_says_where_to_go_on() {
        let info = PageInfo {
            customer: "2002697754".to_owned(),
            status: StatusFilter::Any,
            floor: "0".to_owned(),
            since: "21050224312121887324667162".to_owned(),
            direction: Direction::Previous,
            limit: 7,
        };
        let token = info.token();
        assert!(
            token
                .bytes()
                .all(|byte| byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte))
        );
        assert_eq!(PageInfo::read(&token), Some(info));
        assert_eq!(PageInfo::read(&token.to_ascii_lowercase()), None);
        assert_eq!(PageInfo::read("ABC"), None);
        assert_eq!(PageInfo::read("zz€"), None);
    }

    #[test]
    fn ids_sort_as_numbers() {
        assert!(by_number("999") < by_number("21050224312121887324667162"));
        assert_eq!(by_number("000"), by_number("0"));
        assert_eq!(by_number("1e3"), None);
        assert_eq!(by_number(""), None);
    }
}
