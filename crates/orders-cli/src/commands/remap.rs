//! `orders remap`: stored texts through the mapping of this version.

use bytes::Bytes;
use orders_sync::{KeptPush, Remapped};
use serde::Serialize;

use super::files::{change, is_named};
use crate::args;
use crate::config;
use crate::exit::{Exit, Failure};
use crate::output::{self, Out, plain};
use crate::test_hooks;
use crate::vendor::Vendor;

/// What became of one account.
#[derive(Serialize)]
struct Row {
    file: String,
    provider: String,
    account: String,
    #[serde(flatten)]
    done: Remapped,
    /// Pushes that waited, or could not be read, and are applied now.
    pushes: u64,
}

pub(super) async fn run(args: &args::Remap, json: bool) -> Result<Exit, Failure> {
    let now = test_hooks::clock()?.now();
    let mut rows = Vec::new();
    for (output, store) in change(&args.files).await? {
        for account in store.accounts().await? {
            let vendor = Vendor::named(&account.provider);
            let named = is_named(&account, args.vendor, args.account.as_deref());
            let Some(vendor) = vendor.filter(|_| named) else {
                continue;
            };
            let zone = config::time_zone(args.files.config.as_deref(), &account)?;
            let label = account.label.clone();
            let read = move |text: &Bytes| vendor.read(text, &label, zone);
            let version = vendor.mapping_version();
            let done = store.remap(&account, version, now, read.clone()).await?;
            let label = account.label.clone();
            let read_push = move |kept: &KeptPush| vendor.read_push(kept, &label, zone);
            let pushes = store
                .read_pushes_again(&account, version, now, read, read_push)
                .await?;
            rows.push(Row {
                file: output.to_string(),
                provider: account.provider,
                account: account.label,
                done,
                pushes,
            });
        }
    }
    let kept: u64 = rows.iter().map(|row| row.done.kept).sum();
    let mut out = Out::new();
    match json {
        true => out.line(&output::json(&serde_json::json!({ "accounts": rows }))?)?,
        false => rows.iter().try_for_each(|row| out.line(&line(row)))?,
    }
    out.flush()?;
    Ok(match kept {
        0 => Exit::Ok,
        _ => Exit::Integrity,
    })
}

fn line(row: &Row) -> String {
    let Remapped {
        read,
        changed,
        kept,
        filled,
        ..
    } = row.done;
    let name = format!("{}/{}", row.provider, row.account);
    let mut text = format!("{}: {read} read again, {changed} changed", plain(&name));
    if filled > 0 {
        text.push_str(&format!(", {filled} that could not be read are stored now"));
    }
    if row.pushes > 0 {
        text.push_str(&format!(", {} pushes applied", row.pushes));
    }
    if kept > 0 {
        text.push_str(&format!(", {kept} cannot be read and stay as they are"));
    }
    text
}
