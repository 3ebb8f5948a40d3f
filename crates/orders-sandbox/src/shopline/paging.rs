//! The `link` header and the opaque token in it.
//!
//! The token is upper-case hex, as recorded on the sister endpoint. Its content is ours, after the documented samples:
//! the filters of the first request, an id to start from, and a direction.

use std::fmt::Write;

use serde_json::Value;

use crate::json::Object;

/// A place in one customer's orders, with the filters of the list.
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

/// The direction of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Next,
    Previous,
}

/// The orders of one page, oldest first, and whether there are pages before and after.
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

/// The header of a page with neighbours: `next` first, then `previous` (documented).
pub(super) fn link(url: &str, ask: &PageInfo, page: &Page) -> Option<String> {
    let (first, last) = page.edges.as_ref()?;
    let token = |id: &str, direction: Direction| {
        PageInfo {
            since: id.to_owned(),
            direction,
            ..ask.clone()
        }
        .token()
    };
    let next = page.more_after.then(|| token(last, Direction::Next));
    let previous = page.more_before.then(|| token(first, Direction::Previous));
    entries(url, ask.limit, next, previous)
}

/// The `link` header for the tokens of the pages beside this one, if any.
pub(super) fn entries(
    url: &str,
    limit: i64,
    next: Option<String>,
    previous: Option<String>,
) -> Option<String> {
    let entry = |(token, rel): (Option<String>, &str)| {
        let token = token?;
        Some(format!(
            "<{url}?limit={limit}&page_info={token}>; rel=\"{rel}\""
        ))
    };
    let both = [(next, "next"), (previous, "previous")];
    let entries: Vec<_> = both.into_iter().filter_map(entry).collect();
    (!entries.is_empty()).then(|| entries.join(", "))
}

/// Upper-case hex of a text.
pub(super) fn hex(text: &str) -> String {
    text.bytes()
        .fold(String::with_capacity(text.len() * 2), |mut hex, byte| {
            // Writing into a String cannot fail.
            let _ = write!(hex, "{byte:02X}");
            hex
        })
}

/// The bytes of a text in hex; none where it is none.
pub(super) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    pairs
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

impl PageInfo {
    /// The first page of the same list.
    pub(super) fn first(self) -> Self {
        Self {
            since: self.floor.clone(),
            direction: Direction::Next,
            ..self
        }
    }

    fn token(&self) -> String {
        let json = Object::new()
            .text("sinceId", &self.since)
            .text("direction", self.direction.word())
            .raw("limit", self.limit)
            .text("status", self.status.word())
            .text("uid", &self.customer)
            .text("firstSinceId", &self.floor)
            .end();
        hex(&json)
    }

    /// None for a token that this server did not make.
    pub(super) fn read(token: &str) -> Option<Self> {
        let value: Value = serde_json::from_slice(&from_hex(token)?).ok()?;
        let text = |key| value.get(key).and_then(Value::as_str);
        let info = Self {
            customer: text("uid")?.to_owned(),
            status: StatusFilter::of(text("status")?)?,
            floor: text("firstSinceId")?.to_owned(),
            since: text("sinceId")?.to_owned(),
            direction: Direction::of(text("direction")?),
            limit: value.get("limit")?.as_i64()?,
        };
        (info.token() == token).then_some(info)
    }
}

impl Direction {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Previous => "prev",
        }
    }

    pub(super) fn of(word: &str) -> Self {
        match word {
            "next" => Self::Next,
            _ => Self::Previous,
        }
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
