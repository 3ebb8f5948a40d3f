//! Every reader of what somebody else wrote: bodies, headers, signatures, positions, states.

mod answers;
mod in_time;
mod saved;
mod signed;

use std::fmt::Debug;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use orders_core::{Slice, TimeAxis, Unreadable, Walk, Window};
use orders_reader::{Answer, Counts, Position, StreamPosition};
use orders_wire::Record;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Result;
use in_time::then;

/// What is read, and how many of it there were; an error says what is wrong with the reader, never with the body.
pub type Reader = (&'static str, fn(&Bytes) -> Result<usize>);

/// All of them.
pub const READERS: [Reader; 39] = [
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
    ("shopline link header", answers::link),
    ("excerpt of an answer", answers::excerpt),
    ("clink signature", signed::clink),
    ("linkbest signature", signed::linkbest),
    ("shopline signature", signed::shopline),
    ("state of an account", saved::state),
];

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
