//! Bodies to give to a reader: any bytes, any JSON, and what vendors send with something changed.

use std::path::Path;

use bytes::Bytes;
use orders_core::{Limits, Query, TimeAxis, Window};
use orders_reader::Position;
use orders_sandbox::Sandbox;
use orders_sync::{Options, Store, pull};

use crate::Result;
use crate::connect::{Way, Wire};
use crate::random::Random;
use crate::scenario::{options, tools};

/// The bodies of the fixtures, what a vendor sends beside bodies, and what is saved in the midst of reading: of streams and
/// of pulls. In paused time.
///
/// # Errors
/// Where they cannot be had.
pub async fn known() -> Result<Vec<Bytes>> {
    let mut known = fixtures()?;
    known.extend(OTHER.map(Bytes::from));
    for way in Way::ALL {
        let saved = saved(way).await?;
        known.extend(saved.into_iter().map(Bytes::from));
    }
    Ok(known)
}

/// Numbers, addresses, headers and forms.
const OTHER: [&str; 5] = [
    "12.50",
    "https://api.example.com/v1/",
    "120",
    "<https://tea.myshopline.com/admin/openapi/v20260301/orders.json?page_info=eyJ&limit=50>; rel=\"next\"",
    "OrderId=1&Amount=2.50&Status=1&Sign=D41D8CD98F00B204E9800998ECF8427E",
];

async fn saved(way: Way) -> Result<Vec<String>> {
    let builder = Sandbox::builder().seed(3).orders(60);
    let sandbox = Wire::Memory.start(builder).await?;
    let source = Wire::Memory.source(&sandbox, way, 3)?;
    let (since, until) = sandbox.linkbest_range();
    let query = match way {
        Way::Linkbest => Query::everything()
            .with_axis(Some(TimeAxis::Updated))
            .with_window(Window::new(since, until)),
        _ => Query::everything(),
    };
    let text = |why: serde_json::Error| why.to_string();
    let slices = source.slices(&query, None).await;
    let mut saved = Vec::new();
    for slice in slices.map_err(|why| why.to_string())?.slices.iter().take(2) {
        let position = Position::begin(slice, Limits::new(60, 50), Some(30), until);
        saved.push(serde_json::to_string(&position).map_err(text)?);
    }

    let store = Store::in_memory().map_err(|why| why.to_string())?;
    let part = Options {
        max_orders: Some(25),
        ..options(way, &sandbox)
    };
    let report = pull(&*source, &store, &part, &tools(&sandbox)).await;
    report.map_err(|why| why.to_string())?;
    let state = store.state(source.account()).await;
    saved.extend(state.map_err(|why| why.to_string())?);

    let mut stream = orders_reader::read(source.into(), query);
    if let Some(Err(why)) = stream.next().await {
        return Err(why.to_string());
    }
    saved.push(serde_json::to_string(&stream.position()).map_err(text)?);
    Ok(saved)
}

/// The bodies of the fixtures, in the same order on every machine.
fn fixtures() -> Result<Vec<Bytes>> {
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
    bodies.sort();
    match bodies.is_empty() {
        true => Err(format!("{}: no bodies", folder.display())),
        false => Ok(bodies.into_iter().map(|(_, body)| body).collect()),
    }
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
#[must_use]
pub fn names(body: &Bytes) -> Vec<&str> {
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
