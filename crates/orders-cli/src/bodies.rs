//! How a body of a vendor becomes lines: one for each thing in it.

use bytes::Bytes;
use chrono::DateTime;
use clink_api::webhooks::Resource as Pushed;
use linkbest_api::webhooks::Resource as LinkbestPushed;
use orders_core::{Error, Order, Unreadable};
use orders_wire::{DecodeError, Members, RawJson, Record, Row};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::json_text::one_line;
use crate::kind::Kind;
use crate::output::json;
use crate::vendor::{Vendor, View, typed};

/// What a body becomes.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    pub(crate) lines: Vec<String>,
    pub(crate) unreadable: Vec<Unreadable>,
}

/// The records of a body, and those that cannot be read.
type Read<T> = Result<(Vec<Record<T>>, Vec<Unreadable>), Error>;

/// What makes the core order of a record.
type ToCore<'a, T> = &'a dyn Fn(&Record<T>) -> Order;

/// The things of a kind in a body, each as one line.
///
/// # Errors
/// The vendor's failure, where the body is one; `Decode` where it holds no such thing.
pub(crate) fn lines(
    vendor: Vendor,
    kind: Kind,
    body: &Bytes,
    account: &str,
    view: View,
) -> Result<Lines, Error> {
    match vendor {
        Vendor::Clink => clink(kind, body, account, view),
        Vendor::Linkbest => linkbest(kind, body, account, view),
        Vendor::Shopline => shopline(kind, body, account, view),
    }
}

fn clink(kind: Kind, body: &Bytes, account: &str, view: View) -> Result<Lines, Error> {
    use clink_api::{orders, refunds, webhooks};

    let mapper = clink_api::Mapper::new(account);
    let wrapped = wrapped(body, &["data"]).is_some();
    match kind {
        Kind::Refund => written(
            match wrapped {
                true => alone(refunds::decode_single(body)),
                false => alone(refunds::decode_refund(body)),
            }?,
            view,
            None,
        ),
        Kind::Dispute => written(
            bare::<webhooks::Dispute>(&inner(body, &["data"]))?,
            view,
            None,
        ),
        Kind::Invoice => written(
            bare::<webhooks::Invoice>(&inner(body, &["data"]))?,
            view,
            None,
        ),
        Kind::Subscription => written(
            bare::<webhooks::Subscription>(&inner(body, &["data"]))?,
            view,
            None,
        ),
        Kind::Event => {
            // When a stored push was signed is not known; nothing that is printed says it.
            let event = webhooks::Event::read(body, DateTime::UNIX_EPOCH).map_err(undecodable)?;
            let resource = match &event.resource {
                Pushed::Order(order) if view == View::Core => {
                    return Ok(line(json(&mapper.order(order))?));
                }
                Pushed::Order(order) => typed(&order.value),
                Pushed::Refund(refund) => typed(&refund.value),
                Pushed::Dispute(dispute) => typed(&dispute.value),
                Pushed::Invoice(invoice) => typed(&invoice.value),
                Pushed::Subscription(subscription) => typed(&subscription.value),
                Pushed::Other(text) => Ok(one_line(text.as_str()).into_owned()),
                _ => Ok("null".to_owned()),
            }?;
            event_line(
                &event.id,
                event.name.as_str(),
                &resource,
                event.raw.as_str(),
                view,
            )
        }
        _ => {
            let read = match (has(body, &["rows"]), wrapped) {
                (false, true) => alone(orders::decode_single(body)),
                (false, false) if has(body, &["orderId"]) => alone(orders::decode_order(body)),
                _ => orders::decode_page(body).map(|page| (page.records, page.unreadable)),
            }?;
            written(read, view, Some(&|record| mapper.order(record)))
        }
    }
}

fn linkbest(kind: Kind, body: &Bytes, account: &str, view: View) -> Result<Lines, Error> {
    use linkbest_api::{orders, reports, settlements, webhooks};

    let mapper = linkbest_api::Mapper::new(account);
    match kind {
        Kind::Settlement => {
            let page = settlements::decode_page(body)?;
            written((page.records, page.unreadable), view, None)
        }
        Kind::Report => {
            let page = reports::decode_page(body)?;
            written((page.records, page.unreadable), view, None)
        }
        Kind::Event => {
            let event = webhooks::Event::read(body)
                .map_err(|error| Error::decode("", error.to_string()).with_source(error))?;
            let (LinkbestPushed::Order(order) | LinkbestPushed::Review(order)) = &event.resource
            else {
                return Err(Error::decode("", "a push without an order"));
            };
            let id = event.push_id.as_deref().unwrap_or_default();
            match view {
                View::Core => Ok(line(json(&mapper.order(order))?)),
                _ => event_line(
                    id,
                    match &event.resource {
                        LinkbestPushed::Review(_) => "review",
                        _ => "order",
                    },
                    &typed(&order.value)?,
                    &String::from_utf8_lossy(&event.received),
                    view,
                ),
            }
        }
        _ => {
            let page = has(body, &["Data"]) || !has(body, &["Id", "OrderSn"]);
            let read = match page {
                true => orders::decode_page(body).map(|page| (page.records, page.unreadable)),
                false => alone(orders::decode_order(body)),
            }?;
            written(read, view, Some(&|record| mapper.order(record)))
        }
    }
}

fn shopline(kind: Kind, body: &Bytes, account: &str, view: View) -> Result<Lines, Error> {
    use shopline_api::{customers, orders, payments};

    let mapper = shopline_api::Mapper::new(account);
    match kind {
        Kind::Refund => written(
            match has(body, &["refunds"]) {
                true => orders::decode_refunds(body).map(|page| (page.records, page.unreadable)),
                false => bare(&inner(body, &["refund"])),
            }?,
            view,
            None,
        ),
        Kind::Parcel => written(
            match has(body, &["fulfillments"]) {
                true => {
                    orders::decode_fulfillments(body).map(|page| (page.records, page.unreadable))
                }
                false => bare(&inner(body, &["fulfillment"])),
            }?,
            view,
            None,
        ),
        Kind::Transaction => {
            let page = match (
                has(body, &["transactions"]),
                has(body, &["transaction_list"]),
            ) {
                (true, _) => orders::decode_transactions(body),
                (_, true) => orders::decode_transaction_list(body),
                _ => return written(bare::<orders::Transaction>(body)?, view, None),
            }?;
            written((page.records, page.unreadable), view, None)
        }
        Kind::StoreTransaction => payments(
            body,
            "transactions",
            payments::decode_store_transactions,
            view,
        ),
        Kind::Payout => payments(body, "payouts", payments::decode_payouts, view),
        Kind::BalanceTransaction => payments(
            body,
            "transactions",
            payments::decode_balance_transactions,
            view,
        ),
        Kind::Balance => {
            let page = payments::decode_balance(body)?;
            written((page.records, page.unreadable), view, None)
        }
        Kind::Dispute => written(
            bare::<payments::Dispute>(&inner(body, &["detail"]))?,
            view,
            None,
        ),
        Kind::Customer => written(
            match has(body, &["customers"]) {
                true => customers::decode_page(body).map(|page| (page.records, page.unreadable)),
                false => bare(&inner(body, &["customer"])),
            }?,
            view,
            None,
        ),
        _ => {
            let one = one_order(body);
            let read = match (has(body, Vendor::Shopline.lists()), one) {
                (false, Some(order)) => alone(orders::decode_order(&order)),
                (false, None) if has(body, &["id"]) => alone(orders::decode_order(body)),
                _ => orders::decode_page(body).map(|page| (page.records, page.unreadable)),
            }?;
            written(read, view, Some(&|record| mapper.order(record)))
        }
    }
}

/// The rows of a list of SHOPLINE Payments, or one of them by itself.
fn payments<T: Row + Serialize>(
    body: &Bytes,
    list: &str,
    decode: fn(&Bytes) -> Result<shopline_api::Page<T>, Error>,
    view: View,
) -> Result<Lines, Error> {
    let read = match has(body, &[list]) {
        true => decode(body).map(|page| (page.records, page.unreadable)),
        false => bare(body),
    }?;
    written(read, view, None)
}

/// The text of the one order of a body: the body itself, or what stands in the envelope of an answer about one order.
/// `None` where it is a page.
pub(crate) fn single_order(vendor: Vendor, body: &Bytes) -> Option<Bytes> {
    if has(body, vendor.lists()) {
        return None;
    }
    let names: &[&str] = match vendor {
        Vendor::Clink => {
            if let Some(order) = wrapped(body, &["data"]) {
                return Some(order);
            }
            &["orderId"]
        }
        Vendor::Linkbest => &["Id", "OrderSn"],
        Vendor::Shopline => {
            if let Some(order) = one_order(body) {
                return Some(order);
            }
            &["id"]
        }
    };
    has(body, names).then(|| body.clone())
}

/// SHOPLINE's answers about one order: `{"order": {..}}`, also inside `data`.
fn one_order(body: &Bytes) -> Option<Bytes> {
    wrapped(body, &["order"]).or_else(|| wrapped(&wrapped(body, &["data"])?, &["order"]))
}

fn has(body: &Bytes, names: &[&str]) -> bool {
    let members = Members::read(body).unwrap_or_default();
    names.iter().any(|name| members.get(name).is_some())
}

/// The object under one of the names.
fn wrapped(body: &Bytes, names: &[&str]) -> Option<Bytes> {
    let members = Members::read(body).ok()?;
    let value = names.iter().find_map(|name| members.get(name))?;
    let object = value.get().starts_with('{');
    object.then(|| RawJson::slice_of(body, value).into_bytes())
}

fn inner(body: &Bytes, names: &[&str]) -> Bytes {
    wrapped(body, names).unwrap_or_else(|| body.clone())
}

/// A record by itself, as a list that holds nothing else.
fn bare<T: Row>(text: &Bytes) -> Read<T> {
    let whole: &RawValue = orders_wire::decode(text).map_err(undecodable)?;
    Ok(match Record::of(text, whole) {
        Ok(record) => (vec![record], Vec::new()),
        Err(error) => {
            let raw = error.raw.into_bytes();
            (
                Vec::new(),
                vec![Unreadable::new(error.path, error.reason, raw)],
            )
        }
    })
}

/// The same of a record that a vendor's own reader has read.
fn alone<T>(read: Result<Record<T>, Error>) -> Read<T> {
    match read {
        Ok(record) => Ok((vec![record], Vec::new())),
        Err(error) => match error.record() {
            Some(record) => Ok((Vec::new(), vec![record.clone()])),
            None => Err(error),
        },
    }
}

fn undecodable(error: DecodeError) -> Error {
    Error::decode(error.path(), error.message()).with_source(error)
}

fn written<T: Serialize>(
    (records, unreadable): (Vec<Record<T>>, Vec<Unreadable>),
    view: View,
    core: Option<ToCore<'_, T>>,
) -> Result<Lines, Error> {
    let line = |record: &Record<T>| match (view, core) {
        (View::Raw, _) => Ok(one_line(record.raw.as_str()).into_owned()),
        (View::Core, Some(core)) => json(&core(record)),
        (View::Typed, _) => typed(&record.value),
        (View::Core, None) => Err(only_orders()),
    };
    Ok(Lines {
        lines: records.iter().map(line).collect::<Result<_, _>>()?,
        unreadable,
    })
}

fn event_line(id: &str, name: &str, resource: &str, raw: &str, view: View) -> Result<Lines, Error> {
    match view {
        View::Raw => Ok(line(one_line(raw).into_owned())),
        View::Core => Err(only_orders()),
        View::Typed => {
            let (id, name) = (json(&id)?, json(&name)?);
            Ok(line(format!(
                r#"{{"id":{id},"type":{name},"resource":{resource}}}"#
            )))
        }
    }
}

fn line(text: String) -> Lines {
    Lines {
        lines: vec![text],
        ..Lines::default()
    }
}

/// The common vocabulary has a form for orders only.
pub(crate) fn only_orders() -> Error {
    Error::invalid_request("--as core is for orders; this body holds none")
        .with_hint("use --as typed or --as raw")
}
