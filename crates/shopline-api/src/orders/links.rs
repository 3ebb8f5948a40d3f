//! The `link` header: where the next page is.
//!
//! Documented: `<URL>; rel="next"` and `<URL>; rel="previous"`, `next` first, sent where either exists; a page of the
//! documentation separates them by a comma, another by a line break only. A client of the vendor also reads `prev`. The URL
//! is only read for its `page_info`: the token of the client is never sent where a header points.

use http::HeaderMap;
use orders_core::{Error, ErrorKind};
use orders_http::BaseUrl;
use percent_encoding::percent_decode_str;
use url::{Origin, Url};

/// The hosts that a link header may name.
#[derive(Clone, Debug)]
pub(crate) struct LinkHosts {
    /// What links are relative to.
    base: Url,
    own: [Origin; 2],
}

impl LinkHosts {
    /// The host that the client talks to, and that of the store.
    pub(crate) fn new(base: &BaseUrl, store: &BaseUrl) -> Result<Self, Error> {
        let read = |url: &BaseUrl| {
            Url::parse(url.as_str()).map_err(|why| {
                Error::new(ErrorKind::Config, "the base URL is no URL").with_source(why)
            })
        };
        let (base, store) = (read(base)?, read(store)?);
        let own = [base.origin(), store.origin()];
        Ok(Self { base, own })
    }
}

/// The places before and after a page.
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Links {
    pub(crate) next: Option<String>,
    pub(crate) previous: Option<String>,
}

impl Links {
    /// The links in the headers of an answer. An odd entry beside one that is understood is skipped.
    ///
    /// # Errors
    /// `Decode` for a link to a host that is none of these, and, since taking them for the end would lose orders, for
    /// a next page that cannot be read and for headers of which nothing is understood.
    pub(crate) fn read(headers: &HeaderMap, hosts: &LinkHosts) -> Result<Self, Error> {
        let mut links = Self::default();
        let (mut empty, mut understood) = (true, false);
        for header in headers.get_all(http::header::LINK) {
            let header = String::from_utf8_lossy(header.as_bytes());
            empty &= header.chars().all(|c| c == ',' || c.is_whitespace());
            for (url, rel) in entries(&header) {
                understood |= rel != Rel::Other || !url.contains("page_info=");
                match rel {
                    Rel::Next if links.next.is_none() => {
                        links.next = page_info(url, hosts)?.ok_or_else(|| unreadable(url))?;
                    }
                    Rel::Previous if links.previous.is_none() => {
                        links.previous = page_info(url, hosts)?.flatten();
                    }
                    Rel::Next | Rel::Previous | Rel::Known | Rel::Other => {}
                }
            }
        }
        if !empty && !understood {
            let message = "nothing in the link header is understood";
            return Err(Error::new(ErrorKind::Decode, message).with_hint(
                "where the next page is cannot be known: this is not taken for the last page",
            ));
        }
        links.next = links.next.filter(|token| !token.is_empty());
        links.previous = links.previous.filter(|token| !token.is_empty());
        Ok(links)
    }
}

/// What a link is to the page that it came with.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Rel {
    Next,
    Previous,
    /// Another page, which tells nothing of the next one: the first, the last or this one.
    Known,
    /// Of another kind, which is no page unless it has a `page_info`.
    Other,
}

/// The entries `<URL>; rel="..."` of a header, whatever stands between them.
fn entries(header: &str) -> Vec<(&str, Rel)> {
    let mut entries = Vec::new();
    let mut rest = header;
    while let Some((before, after)) = rest.split_once('>') {
        let end = after.find('<').unwrap_or(after.len());
        let (parameters, next) = after.split_at(end);
        if let (Some((_, url)), Some(rel)) = (before.rsplit_once('<'), rel(parameters)) {
            entries.push((url.trim(), rel));
        }
        rest = next;
    }
    entries
}

/// What `rel` says, which may name several relations: `next` above all.
fn rel(parameters: &str) -> Option<Rel> {
    let values = parameters.split(';').filter_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim();
        if !name.trim().eq_ignore_ascii_case("rel") {
            return None;
        }
        match value.strip_prefix(['"', '\'']) {
            Some(quoted) => quoted.split(['"', '\'']).next(),
            None => value.split(',').next(),
        }
    });
    let words: Vec<String> = values
        .flat_map(|value| value.split(|c: char| c == ',' || c.is_whitespace()))
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let any = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    match words.as_slice() {
        [] => None,
        _ if any(&["next"]) => Some(Rel::Next),
        _ if any(&["prev", "previous"]) => Some(Rel::Previous),
        _ if any(&["first", "last", "self"]) => Some(Rel::Known),
        _ => Some(Rel::Other),
    }
}

/// The `page_info` of a URL: `None` where the URL has none or is none, an inner `None` where it is empty.
fn page_info(url: &str, hosts: &LinkHosts) -> Result<Option<Option<String>>, Error> {
    let Ok(url) = hosts.base.join(url) else {
        return Ok(None);
    };
    if !hosts.own.contains(&url.origin()) {
        let message = "the link header points to another host";
        return Err(Error::new(ErrorKind::Decode, message).with_hint(
            "the token goes to the store's own host only; look for who answers in its place",
        ));
    }
    // Not read as a form: a `+` of base64 would become a space.
    let pairs = url.query().unwrap_or_default().split('&');
    let value = pairs
        .filter_map(|pair| pair.split_once('='))
        .find_map(|(name, value)| (name == "page_info").then_some(value));
    Ok(value.map(|value| {
        let token = percent_decode_str(value).decode_utf8_lossy();
        (!token.is_empty()).then(|| token.into_owned())
    }))
}

fn unreadable(url: &str) -> Error {
    let why = match url {
        "" => "without a URL",
        _ => "without a page_info",
    };
    let message = format!("the link header names a next page {why}");
    Error::new(ErrorKind::Decode, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    const URL: &str = "https://tea.myshopline.com/admin/openapi/v20260301/customers/1/orders.json?limit=2&page_info=";

    fn read(headers: &[&str]) -> Result<Links, Error> {
        let base = BaseUrl::parse("https://tea.myshopline.com/").unwrap();
        let hosts = LinkHosts::new(&base, &base).unwrap();
        let mut map = HeaderMap::new();
        for header in headers {
            map.append("link", HeaderValue::from_str(header).unwrap());
        }
        Links::read(&map, &hosts)
    }

    fn links(next: &str, previous: &str) -> Links {
        let token = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Links {
            next: token(next),
            previous: token(previous),
        }
    }

    #[test]
    fn entries_are_found_whatever_separates_them() {
        for separator in [",", ", ", ",\n", "\n", " ", "\r\n ", ";,", ""] {
            for word in ["previous", "prev", "Prev"] {
                let next = format!("<{URL}N>; rel=\"next\"");
                let previous = format!("<{URL}P>; rel=\"{word}\"");
                for both in [
                    format!("{next}{separator}{previous}"),
                    format!("{previous}{separator}{next}"),
                ] {
                    let found = entries(&both);
                    assert_eq!(found.len(), 2, "{both:?}");
                    assert!(found.contains(&(format!("{URL}N").as_str(), Rel::Next)));
                    assert!(found.contains(&(format!("{URL}P").as_str(), Rel::Previous)));
                }
            }
        }
    }

    #[test]
    fn the_end_is_no_next_entry() {
        let previous = format!("<{URL}P>; rel=\"previous\"");
        assert_eq!(read(&[&previous]).unwrap(), links("", "P"));
        assert_eq!(read(&[]).unwrap(), Links::default());
        assert_eq!(read(&[""]).unwrap(), Links::default());
        let empty = format!("<{URL}>; rel=\"next\"");
        assert_eq!(read(&[&empty]).unwrap(), Links::default());
    }

    #[test]
    fn several_headers_and_spellings_are_read() {
        let next = format!("<{URL}a%2Bb+c%3D>; title=\"x, y\"; REL=next");
        let previous = format!("<{URL}P>; rel='prev'");
        assert_eq!(read(&[&previous, &next]).unwrap(), links("a+b+c=", "P"));
        let relative =
            "</admin/openapi/v20260301/customers/1/orders.json?page_info=R>; rel=\"next\"";
        assert_eq!(read(&[relative]).unwrap(), links("R", ""));
        let twice = format!("<{URL}1>; rel=\"next\", <{URL}2>; rel=\"next\"");
        assert_eq!(read(&[&twice]).unwrap(), links("1", ""));
    }

    #[test]
    fn odd_entries_are_skipped() {
        let good = format!("<{URL}N>; rel=\"next\"");
        for odd in [
            "nonsense",
            "<https://tea.myshopline.com/x?page_info=O>",
            "<https://tea.myshopline.com/x?page_info=O>; rel=",
            "<https://tea.myshopline.com/x?page_info=O>; rel=\"further\"",
            "<>",
            "<https://elsewhere.example/>; rel=\"help\"",
            "<broken",
            ">",
            "; rel=\"next\"",
            "<http://[>; rel=\"prev\"",
            "<https://tea.myshopline.com/>; rel=\"prev\"",
        ] {
            let header = format!("{odd}, {good}");
            assert_eq!(read(&[&header]).unwrap(), links("N", ""), "{header}");
            let header = format!("{good}, {odd}");
            assert_eq!(read(&[&header]).unwrap(), links("N", ""), "{header}");
        }
    }

    #[test]
    fn one_entry_may_name_several_relations() {
        for rel in [
            "\"next nofollow\"",
            "\"next last\"",
            "\"nofollow NEXT\"",
            "' Next\tlast '",
            "\"nofollow, next\"",
            "\"last\r\n next\"",
            "\"prev next\"",
            "nofollow; rel=next",
            "next",
        ] {
            let entry = format!("<{URL}N>; rel={rel}");
            let found = entries(&entry);
            assert_eq!(found, [(format!("{URL}N").as_str(), Rel::Next)], "{rel}");
        }
        let header = format!("<{URL}N>; rel=\"next nofollow\"");
        assert_eq!(read(&[&header]).unwrap(), links("N", ""));
        let header = format!("<{URL}P>; rel=\"nofollow previous\"");
        assert_eq!(read(&[&header]).unwrap(), links("", "P"));
    }

    #[test]
    fn a_header_that_is_not_understood_is_no_end() {
        let page = format!("<{URL}N>");
        let bare = format!("{URL}N; rel=\"next\"");
        for header in [
            page.clone(),
            format!("{page}; rel"),
            format!("{page}; rel=\"\""),
            format!("{page}; rel=\"further\""),
            format!("{page}; title=\"next\""),
            bare.clone(),
            format!("<{bare}"),
            "nonsense".to_owned(),
            "<>".to_owned(),
            ">".to_owned(),
        ] {
            let error = read(&[&header]).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Decode, "{header}");
            assert!(error.message().contains("link header"), "{error}");
            let good = format!("<{URL}G>; rel=\"next\"");
            assert_eq!(read(&[&header, &good]).unwrap(), links("G", ""), "{header}");
        }
        for end in [
            format!("<{URL}P>; rel=\"first\", <{URL}P>; rel=\"last\""),
            "</fonts.css>; rel=preload; as=style".to_owned(),
            " , ".to_owned(),
        ] {
            assert_eq!(read(&[&end]).unwrap(), Links::default(), "{end}");
        }
    }

    #[test]
    fn another_host_is_refused() {
        for host in [
            "https://evil.example",
            "http://tea.myshopline.com",
            "https://tea.myshopline.com:8443",
            "https://tea.myshopline.com.evil.example",
            "https://tea.myshopline.com@evil.example",
            "//evil.example",
            "https://other.myshopline.com",
        ] {
            for rel in ["next", "previous"] {
                let header = format!("<{host}/x?page_info=N>; rel=\"{rel}\"");
                let error = read(&[&header]).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Decode, "{header}");
                assert!(error.message().contains("another host"), "{error}");
            }
        }
    }

    #[test]
    fn a_next_page_that_cannot_be_read_is_no_end() {
        for url in ["https://tea.myshopline.com/?limit=2", "", "http://["] {
            let header = format!("<{url}>; rel=\"next\"");
            assert!(read(&[&header]).is_err(), "{header}");
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_makes_it_panic(header in "[<>;,=\"a-z :/?&%]{0,80}") {
            let _ = entries(&header);
            let _ = read(&[&header]);
        }
    }
}
