//! `orders show`: one stored order.

mod kept;
pub(super) mod layout;

use std::io::{IsTerminal, Write};

use orders_core::{Error, ErrorKind, Order};
use orders_sync::StoredOrder;
use serde::Serialize;
use serde_json::value::RawValue;

use self::kept::Kept;
use super::files::{Opened, is_named, look};
use crate::args::{Show, Which};
use crate::exit::{Exit, Failure};
use crate::output::{self, Out};

pub(super) async fn run(args: &Show, json: bool) -> Result<Exit, Failure> {
    let (_, kept) = one(&args.which).await?;
    if args.raw {
        return raw(&kept.raw);
    }
    let kept = Kept::of(kept, &args.which)?;
    let mut out = Out::new();
    match json {
        true => out.line(&object(&kept)?)?,
        false => out.line(&layout::text(&kept))?,
    }
    out.flush()?;
    Ok(Exit::Ok)
}

/// The requested order, and the file that contains it.
///
/// # Errors
/// `NotFound`; `InvalidRequest` with the candidates if several orders match.
pub(super) async fn one(which: &Which) -> Result<(Opened, StoredOrder), Failure> {
    let mut opened = look(&which.files).await?;
    let mut found = Vec::new();
    for (file, (_, store)) in opened.iter().enumerate() {
        found.extend(
            store
                .find(&which.id)
                .await?
                .into_iter()
                .map(|kept| (file, kept)),
        );
    }
    found.retain(|(_, kept)| is_named(&kept.account, which.vendor, which.account.as_deref()));
    // An id has priority over a number, and a number over a seller's reference.
    let by_id = |kept: &StoredOrder| kept.id == which.id;
    let by_number = |kept: &StoredOrder| kept.number.as_deref() == Some(which.id.as_str());
    for finds in [&by_id as &dyn Fn(&StoredOrder) -> bool, &by_number] {
        if found.iter().any(|(_, kept)| finds(kept)) {
            found.retain(|(_, kept)| finds(kept));
        }
    }
    match found.len() {
        0 => Err(Error::new(
            ErrorKind::NotFound,
            format!(
                "no stored order has the id, number or reference {}",
                which.id
            ),
        )
        .with_hint(
            "check it, or pull first: the file has the state of the last pull (orders status)",
        )
        .into()),
        1 => {
            let (file, kept) = found.swap_remove(0);
            Ok((opened.swap_remove(file), kept))
        }
        _ => Err(ambiguous(which, &opened, &found).into()),
    }
}

fn ambiguous(which: &Which, opened: &[Opened], found: &[(usize, StoredOrder)]) -> Error {
    let candidate = |(file, kept): &(usize, StoredOrder)| {
        let StoredOrder { account, id, .. } = kept;
        let (provider, label) = (&account.provider, &account.label);
        let file = &opened[*file].0;
        format!("{id} --vendor {provider} --account {label} -o {file}")
    };
    let candidates: Vec<_> = found.iter().take(10).map(candidate).collect();
    let message = format!("{} stored orders match {}", found.len(), which.id);
    Error::invalid_request(message).with_hint(format!("choose one: {}", candidates.join("; ")))
}

/// Prints the vendor's bytes and nothing else; on a terminal, a line break follows.
fn raw(text: &[u8]) -> Result<Exit, Failure> {
    let mut out = std::io::stdout().lock();
    let end: &[u8] = if out.is_terminal() { b"\n" } else { b"" };
    out.write_all(text)
        .and_then(|()| out.write_all(end))
        .and_then(|()| out.flush())
        .map_err(|error| Failure::writing("to standard output", error))?;
    Ok(Exit::Ok)
}

/// The order for programs. The vendor's text stands unchanged under `raw`. If it has line breaks or is not JSON, it
/// stands as a string under `raw_text`.
fn object(kept: &Kept) -> Result<String, Error> {
    #[derive(Serialize)]
    struct Object<'a> {
        provider: &'a str,
        account: &'a str,
        id: &'a str,
        terminal: bool,
        content_hash: &'a str,
        first_seen_at: &'a str,
        changed_at: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        seen_at: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        pushed_at: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        gone_at: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        doubted_at: Option<&'a str>,
        order: &'a Order,
        #[serde(skip_serializing_if = "Option::is_none")]
        raw: Option<&'a RawValue>,
        #[serde(skip_serializing_if = "Option::is_none")]
        raw_text: Option<&'a str>,
    }
    let Kept { order, stored } = kept;
    let text = String::from_utf8_lossy(&stored.raw);
    let raw: Option<&RawValue> = serde_json::from_str(&text)
        .ok()
        .filter(|raw: &&RawValue| raw.get() == text && !text.contains(['\n', '\r']));
    output::json(&Object {
        provider: &order.provider,
        account: &order.account,
        id: &order.id,
        terminal: order.is_terminal(),
        content_hash: &stored.content_hash,
        first_seen_at: &stored.first_seen_at,
        changed_at: &stored.changed_at,
        seen_at: stored.seen_at.as_deref(),
        pushed_at: stored.pushed_at.as_deref(),
        gone_at: stored.gone_at.as_deref(),
        doubted_at: stored.doubted_at.as_deref(),
        order,
        raw_text: raw.is_none().then_some(&*text),
        raw,
    })
}
