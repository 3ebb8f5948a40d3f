//! What each fixture becomes: the typed orders and the core orders as JSON text, or the error. Reviewed as a diff.

use bytes::Bytes;
use shopline_api::{Error, Mapper, OrdersPage, orders};

use crate::fixtures;

fn shown(page: &OrdersPage) -> String {
    let mapper = Mapper::new("main");
    let mut text = String::new();
    for record in &page.orders {
        let typed = pretty(&serde_json::to_string(&record.value).unwrap());
        let core = serde_json::to_string_pretty(&mapper.order(record)).unwrap();
        text.push_str(&format!("typed: {typed}\ncore: {core}\n"));
    }
    if text.is_empty() {
        text.push_str("an empty page\n");
    }
    text
}

/// Indents JSON without reading its values, so that every digit stays.
fn pretty(json: &str) -> String {
    let mut out = String::new();
    let (mut depth, mut in_text, mut escaped) = (0, false, false);
    for c in json.chars() {
        if in_text {
            in_text = escaped || c != '"';
            escaped = !escaped && c == '\\';
            out.push(c);
            continue;
        }
        match c {
            '{' | '[' => depth += 1,
            '}' | ']' => depth -= 1,
            '"' => in_text = true,
            _ => {}
        }
        let new_line = format!("\n{}", "  ".repeat(depth));
        match c {
            '{' | '[' | ',' => out.push_str(&format!("{c}{new_line}")),
            '}' | ']' => out.push_str(&format!("{new_line}{c}")),
            ':' => out.push_str(": "),
            _ => out.push(c),
        }
    }
    out
}

fn outcome(body: &Bytes) -> String {
    match orders::decode_page(body) {
        Ok(page) => shown(&page),
        Err(error) => format!("error: {error}\n"),
    }
}

#[test]
fn every_body() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for name in [fixtures::names(".json"), fixtures::names(".txt")].concat() {
            let body = fixtures::body(&name);
            insta::assert_snapshot!(name.replace('.', "-"), outcome(&body));
        }
    });
}

#[test]
fn a_bare_order() -> Result<(), Error> {
    let page = orders::decode_page(&fixtures::body("page-2.json"))?;
    let bare = Bytes::from(page.orders[0].raw.as_str().to_owned());
    assert_eq!(orders::decode_order(&bare)?, page.orders[0]);
    Ok(())
}
