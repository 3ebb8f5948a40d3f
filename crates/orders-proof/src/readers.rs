//! Every public reader of what somebody else wrote, and bodies to give it: any bytes, any JSON, and what vendors send with
//! something changed.

use std::fmt::Debug;
use std::path::Path;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use orders_core::{Slice, TimeAxis, Unreadable, Walk, Window};
use orders_reader::{Answer, Counts, Position, StreamPosition};
use orders_wire::Record;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Result;
use crate::random::Random;

/// What is read, and how many of it there were; an error says what is wrong with the reader, never with the body.
pub type Reader = (&'static str, fn(&Bytes) -> Result<usize>);

/// All of them.
pub const READERS: [Reader; 33] = [
    ("clink orders", |body| {
        let page = clink_api::orders::decode_page(body);
        page.map_or(Ok(0), |page| rows(body, page.records, page.unreadable))
    }),
    ("clink order", |body| {
        record(body, clink_api::orders::decode_single(body))
    }),
    ("clink bare order", |body| {
        record(body, clink_api::orders::decode_order(body))
    }),
    ("clink refund", |body| {
        record(body, clink_api::refunds::decode_single(body))
    }),
    ("clink bare refund", |body| {
        record(body, clink_api::refunds::decode_refund(body))
    }),
    ("clink mapping", |body| {
        Ok(clink_api::Mapper::new("a").read(body).is_ok().into())
    }),
    ("clink push", |body| {
        let mapper = clink_api::Mapper::new("a");
        Ok(clink_api::webhooks::read_push(&mapper, body, then())
            .is_ok()
            .into())
    }),
    ("clink failure", |body| {
        Ok(clink_api::failure::Payload::read(body).is_some().into())
    }),
    ("linkbest orders", |body| {
        let page = linkbest_api::orders::decode_page(body);
        page.map_or(Ok(0), |page| rows(body, page.records, page.unreadable))
    }),
    ("linkbest order", |body| {
        record(body, linkbest_api::orders::decode_single(body))
    }),
    ("linkbest bare order", |body| {
        record(body, linkbest_api::orders::decode_order(body))
    }),
    ("linkbest settlements", |body| {
        let page = linkbest_api::settlements::decode_page(body);
        page.map_or(Ok(0), |page| rows(body, page.records, page.unreadable))
    }),
    ("linkbest reports", |body| {
        let page = linkbest_api::reports::decode_page(body);
        page.map_or(Ok(0), |page| rows(body, page.records, page.unreadable))
    }),
    ("linkbest mapping", |body| {
        Ok(linkbest_api::Mapper::new("a").read(body).is_ok().into())
    }),
    ("linkbest push", |body| {
        let mapper = linkbest_api::Mapper::new("a");
        let read = linkbest_api::webhooks::read_push(&mapper, body).is_ok();
        let query = String::from_utf8_lossy(body);
        drop(linkbest_api::webhooks::verify(
            &query,
            &Bytes::new(),
            "secret",
        ));
        drop(linkbest_api::webhooks::verify("", body, "secret"));
        Ok(read.into())
    }),
    ("shopline orders", |body| {
        let page = shopline_api::orders::decode_page(body);
        page.map_or(Ok(0), |page| rows(body, page.records, page.unreadable))
    }),
    ("shopline bare order", |body| {
        record(body, shopline_api::orders::decode_order(body))
    }),
    ("shopline transactions", |body| {
        let page = shopline_api::orders::decode_transactions(body);
        page.map_or(Ok(0), |page| rows(body, page.records, page.unreadable))
    }),
    ("shopline refunds", |body| {
        let page = shopline_api::orders::decode_refunds(body);
        page.map_or(Ok(0), |page| rows(body, page.records, page.unreadable))
    }),
    ("shopline attributions", |body| {
        let page = shopline_api::orders::decode_attributions(body);
        page.map_or(Ok(0), |page| rows(body, page.records, page.unreadable))
    }),
    ("shopline fulfillments", |body| {
        let page = shopline_api::orders::decode_fulfillments(body);
        page.map_or(Ok(0), |page| rows(body, page.records, page.unreadable))
    }),
    ("shopline transaction list", |body| {
        let page = shopline_api::orders::decode_transaction_list(body);
        page.map_or(Ok(0), |page| rows(body, page.records, page.unreadable))
    }),
    ("shopline customers", |body| {
        let page = shopline_api::customers::decode_page(body);
        page.map_or(Ok(0), |page| rows(body, page.records, page.unreadable))
    }),
    ("shopline store transactions", |body| {
        let page = shopline_api::payments::decode_store_transactions(body);
        page.map_or(Ok(0), |page| rows(body, page.records, page.unreadable))
    }),
    ("shopline balance transactions", |body| {
        let page = shopline_api::payments::decode_balance_transactions(body);
        page.map_or(Ok(0), |page| rows(body, page.records, page.unreadable))
    }),
    ("shopline payouts", |body| {
        let page = shopline_api::payments::decode_payouts(body);
        page.map_or(Ok(0), |page| rows(body, page.records, page.unreadable))
    }),
    ("shopline balance", |body| {
        let page = shopline_api::payments::decode_balance(body);
        page.map_or(Ok(0), |page| rows(body, page.records, page.unreadable))
    }),
    ("shopline count and token", |body| {
        let count = shopline_api::orders::decode_count(body).is_ok();
        let token = shopline_api::tokens::decode_answer(body).is_ok();
        Ok(usize::from(count) + usize::from(token))
    }),
    ("shopline mapping", |body| {
        Ok(shopline_api::Mapper::new("a").read(body).is_ok().into())
    }),
    ("shopline push", |body| {
        let mapper = shopline_api::Mapper::new("a");
        let mut read = 0;
        for topic in ["orders/create", "customers/redact", "disputes/create", "x"] {
            let topic = shopline_api::webhooks::Topic::from(topic);
            let push = shopline_api::webhooks::read_push(&mapper, &topic, body);
            read += usize::from(push.is_ok());
        }
        Ok(read)
    }),
    ("position", |body| {
        let Ok(position) = serde_json::from_slice::<Position>(body) else {
            return Ok(0);
        };
        moved(position);
        Ok(1)
    }),
    ("position of a stream", |body| {
        Ok(serde_json::from_slice::<StreamPosition>(body)
            .is_ok()
            .into())
    }),
    ("text", |body| {
        let text = String::from_utf8_lossy(body);
        let number = orders_wire::parse_decimal(&text).is_ok();
        let address = orders_http::BaseUrl::parse(&text).is_ok();
        let wait = orders_http::parse_retry_after(&text, std::time::UNIX_EPOCH).is_some();
        Ok([number, address, wait].map(usize::from).iter().sum())
    }),
];

fn then() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH
}

/// A position that somebody wrote is asked everything.
fn moved(position: Position) {
    let window = Window::new(then(), DateTime::<Utc>::MAX_UTC);
    let window = window.map(|window| Slice::window(Walk::Windows, TimeAxis::Updated, window));
    for slice in [Slice::pass()].into_iter().chain(window) {
        answered(position.clone(), &slice);
    }
}

fn answered(mut position: Position, slice: &Slice) {
    let _ = position.request(slice);
    let _ = (position.piece(slice), position.pages_left());
    let _ = position.accept(&Answer::default(), &mut Default::default());
    let _ = (position.halve(), position.skip_window());
    let _ = position.decide(Counts::default(), then());
    let _ = position.request(slice);
}

fn record<T>(
    body: &Bytes,
    read: std::result::Result<Record<T>, orders_core::Error>,
) -> Result<usize>
where
    T: Serialize + DeserializeOwned + PartialEq + Debug,
{
    read.map_or(Ok(0), |record| rows(body, vec![record], Vec::new()))
}

/// What is kept of a record is a piece of the body, and its typed view is the same when it is written and read.
fn rows<T>(body: &Bytes, records: Vec<Record<T>>, unreadable: Vec<Unreadable>) -> Result<usize>
where
    T: Serialize + DeserializeOwned + PartialEq + Debug,
{
    let count = records.len();
    for record in &records {
        let written = serde_json::to_vec(&record.value).map_err(|why| why.to_string())?;
        let again: T = serde_json::from_slice(&written)
            .map_err(|why| format!("{why}: {}", String::from_utf8_lossy(&written)))?;
        if again != record.value {
            return Err(format!("{:?} became {again:?}", record.value));
        }
    }
    let raw = records.into_iter().map(|record| record.raw.into_bytes());
    let raw = raw.chain(unreadable.into_iter().map(|record| record.raw));
    for raw in raw.filter(|raw| !raw.is_empty()) {
        let inside = body.as_ptr_range().contains(&raw.as_ptr());
        if !inside && !body.windows(raw.len()).any(|piece| piece == raw) {
            return Err(format!(
                "no piece of the body: {}",
                String::from_utf8_lossy(&raw)
            ));
        }
    }
    Ok(count)
}

/// The bodies of the fixtures, and some short texts.
///
/// # Errors
/// Where they cannot be read.
pub fn fixtures() -> Result<Vec<Bytes>> {
    fn collect(folder: &Path, bodies: &mut Vec<(String, Bytes)>) -> std::io::Result<()> {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            match path.extension().and_then(|it| it.to_str()) {
                _ if path.is_dir() => collect(&path, bodies)?,
                Some("json" | "txt") => {
                    let name = path.display().to_string();
                    bodies.push((name, std::fs::read(&path)?.into()));
                }
                _ => {}
            }
        }
        Ok(())
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let mut bodies = Vec::new();
    collect(&folder, &mut bodies).map_err(|why| format!("{}: {why}", folder.display()))?;
    // In the same order on every machine.
    bodies.sort();
    let mut bodies: Vec<Bytes> = bodies.into_iter().map(|(_, body)| body).collect();
    bodies.extend(["12.50", "https://api.example.com/v1/", "120"].map(Bytes::from));
    Ok(bodies)
}

/// A body that a seed makes, of some that are known.
#[must_use]
pub fn body(seed: u64, known: &[Bytes]) -> Bytes {
    let mut random = Random::new(seed, 17);
    match random.below(10) {
        0 => bytes(&mut random).into(),
        1 | 2 => {
            let names = known
                .iter()
                .flat_map(|body| names(body))
                .collect::<Vec<_>>();
            let mut text = String::new();
            json(&mut random, &names, 0, &mut text);
            text.into()
        }
        _ => changed(&mut random, known).into(),
    }
}

/// Bytes that may mean something to a reader.
fn bytes(random: &mut Random) -> Vec<u8> {
    const MARKS: &[u8] = b"{}[]\":,\\0123456789-+.eEtruefalsn \n\t\x00\x7f\xc3\xff&=%";
    let length = random.below(300);
    let byte = |_| random.one(MARKS).copied().unwrap_or_default();
    (0..length).map(byte).collect()
}

/// The names of members in a text.
fn names(body: &Bytes) -> Vec<&str> {
    let text = std::str::from_utf8(body).unwrap_or_default();
    let pieces = text.split('"').collect::<Vec<_>>();
    let named = pieces
        .windows(2)
        .filter(|pair| pair[1].trim_start().starts_with(':'));
    named.map(|pair| pair[0]).collect()
}

/// Values that were trouble somewhere.
const ODD: [&str; 26] = [
    "null",
    "true",
    "0",
    "-0",
    "1e999",
    "-1E-400",
    "0.10",
    "1.",
    "00",
    "18446744073709551616",
    "12345678901234567890123456789.5",
    "\"\"",
    "\"0\"",
    "\"1,5\"",
    "\"null\"",
    "\"0000-00-00 00:00:00\"",
    "\"2026-02-30T25:61:61+99:99\"",
    "9223372036854775807",
    "-9223372036854775808",
    "\"\\ud800\"",
    "\"\\u0000\"",
    "[]",
    "{}",
    "[[]]",
    "{\"\":null}",
    "\"1e-29\"",
];

fn json(random: &mut Random, names: &[&str], depth: u64, text: &mut String) {
    if depth > 6 || random.percent(40) {
        text.push_str(random.one(&ODD).copied().unwrap_or("null"));
        return;
    }
    let many = random.below(6);
    let list = random.percent(40);
    text.push(if list { '[' } else { '{' });
    for at in 0..many {
        if at > 0 {
            text.push(',');
        }
        if !list {
            let name = random.one(names).copied().unwrap_or("a");
            text.push_str(&format!("\"{name}\":"));
        }
        json(random, names, depth + 1, text);
    }
    text.push(if list { ']' } else { '}' });
}

/// A known body with something changed: bytes taken away, put in or doubled, a value replaced, two bodies spliced.
fn changed(random: &mut Random, known: &[Bytes]) -> Vec<u8> {
    let mut body = random
        .one(known)
        .map(|body| body.to_vec())
        .unwrap_or_default();
    for _ in 0..=random.below(4) {
        let length = body.len() as u64;
        let at = usize::try_from(random.below(length)).unwrap_or_default();
        let end = at.saturating_add(usize::try_from(random.below(40)).unwrap_or_default());
        let end = end.min(body.len());
        match random.below(6) {
            0 => drop(body.drain(at..end)),
            1 => {
                let piece = body[at..end].to_vec();
                body.splice(at..at, piece);
            }
            2 => {
                let put = bytes(random);
                body.splice(at..end, put.into_iter().take(8));
            }
            3 => body.truncate(at),
            4 => {
                let other = random.one(known).cloned().unwrap_or_default();
                let from = usize::try_from(random.below(other.len() as u64)).unwrap_or_default();
                body.truncate(at);
                body.extend_from_slice(&other[from..]);
            }
            _ => replace(random, &mut body, at),
        }
    }
    body
}

/// Replaces the value behind the next colon.
fn replace(random: &mut Random, body: &mut Vec<u8>, at: usize) {
    let Some(colon) = body[at..].iter().position(|byte| *byte == b':') else {
        return;
    };
    let from = at + colon + 1;
    let rest = &body[from..];
    let length = rest.iter().position(|byte| b",}]".contains(byte));
    let value = random.one(&ODD).copied().unwrap_or("null").bytes();
    body.splice(from..from + length.unwrap_or(rest.len()), value);
}
