//! `orders list`: the orders of one account, as they come.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use indicatif::ProgressBar;
use orders_core::{Error, Money, Order, OrderSource, Query, TimeAxis, Window};
use serde::Serialize;

use crate::args::{Format, List};
use crate::config::{self, Wanted};
use crate::exit::{Exit, Failure};
use crate::output::{self, Out, counted, plain, say};
use crate::read_query::{self, read_query};
use crate::steady::Notify;
use crate::sums::{What, amounts};
use crate::{customers, progress, sources, test_hooks, times};

pub(crate) async fn run(args: List, json: bool) -> Result<Exit, Failure> {
    let wanted = Wanted {
        vendor: args.vendor,
        account: args.account.as_deref(),
        config: args.config.as_deref(),
        base_url: args.base_url.as_deref(),
    };
    let query = query(&args)?;
    let account = config::account(&wanted, &|name| std::env::var(name).ok())?;
    for warning in &account.warnings {
        output::warn(warning, json);
    }
    let name = format!("{}/{}", account.vendor, account.label);
    let bar = progress::count(&name, args.format == Format::Jsonl);
    let notify = notify(&bar, json);
    let source = sources::steady(&account, None, test_hooks::patience(), notify.clone())?;
    let source: Arc<dyn OrderSource> = Arc::from(source);

    if let Some(error) = lacking(source.as_ref(), &query) {
        return Err(error.into());
    }

    let waits = |wait, error: &Error| {
        if let Some(text) = progress::long_wait(source.account(), wait, error) {
            notify(&text);
        }
    };
    let started = std::time::Instant::now();
    let mut list = Listing::new(&args);
    let retries = read_query::RETRIES.with_haste(test_hooks::haste());
    let pulled = read_query(Arc::clone(&source), &query, retries, &waits, |order| {
        let flow = match order {
            Ok(order) => list.take(&order),
            Err(error) => {
                list.unreadable += 1;
                if let Some(record) = error.record() {
                    bar.suspend(|| say(&output::unreadable(record, json)));
                }
                Ok(ControlFlow::Continue(()))
            }
        };
        bar.set_position(list.count);
        flow
    })
    .await;
    bar.finish_and_clear();
    let end = match pulled {
        Ok(end) => end,
        Err(failure) => {
            list.out.flush()?;
            if list.count > 0 && !json && matches!(failure, Failure::Error(_)) {
                say(&format!(
                    "not complete: {} printed before this error",
                    counted(list.count)
                ));
            }
            return Err(failure);
        }
    };
    list.finish()?;
    let summary = Summary {
        vendor: &source.account().provider,
        account: &source.account().label,
        orders: list.count,
        unreadable: list.unreadable,
        complete: !list.stopped && list.unreadable == 0,
        unproven: end.is_some_and(|end| end.unproven),
        unconfirmed: end.map_or(0, |end| end.unconfirmed),
        elapsed_ms: started.elapsed().as_millis(),
    };
    match json {
        true => say(&output::json(&summary)?),
        false => say(&summary.sentence(started.elapsed(), list.stopped)),
    }
    Ok(match list.unreadable {
        0 => Exit::Ok,
        _ => Exit::Integrity,
    })
}

/// Shows what is waited for. Standard error of `--json` has objects alone.
fn notify(bar: &ProgressBar, json: bool) -> Notify {
    let bar = bar.clone();
    Arc::new(move |text| {
        if !json {
            bar.suspend(|| say(text));
        }
    })
}

/// What is asked of the source.
fn query(args: &List) -> Result<Query, Error> {
    let window = args
        .since
        .map(|since| {
            let until = args.until.unwrap_or_else(Utc::now);
            Window::new(since, until)
                .ok_or_else(|| Error::invalid_request("--until must be after --since"))
        })
        .transpose()?;
    Ok(Query::everything()
        .with_window(window)
        .with_axis(args.axis.map(TimeAxis::from))
        .with_partitions(customers::given(&args.customers)?))
}

/// What a source needs to answer a query and the query lacks, or the other way round: the error names the option.
fn lacking(source: &dyn OrderSource, query: &Query) -> Option<Error> {
    let needs = source.capabilities();
    if !query.partitions.is_empty() && !needs.takes_partitions {
        let message = format!("{} has no filter by customer", source.account());
        return Some(Error::unsupported(message).with_hint("leave --customer out"));
    }
    let axis_only = query.axis.is_some() && !needs.axes.is_empty();
    let (what, option) = if query.window.is_none() && (needs.needs_window || axis_only) {
        ("a window of time", "--since, for example --since 7d")
    } else if query.partitions.is_empty() && needs.needs_partitions {
        ("the customers", "--customer")
    } else {
        return None;
    };
    let message = format!("{} needs {what} for this query", source.account());
    Some(Error::invalid_request(message).with_hint(format!("give {option}")))
}

struct Listing<'a> {
    args: &'a List,
    out: Out,
    table: output::Rows,
    count: u64,
    /// Records that could not be read.
    unreadable: u64,
    stopped: bool,
}

impl<'a> Listing<'a> {
    fn new(args: &'a List) -> Self {
        Self {
            args,
            out: Out::new(),
            table: output::rows(&["order", "created", "status", "lines", "amount"], &[3, 4]),
            count: 0,
            unreadable: 0,
            stopped: false,
        }
    }

    fn take(&mut self, order: &Order) -> Result<ControlFlow<()>, Failure> {
        if self.args.max_orders.is_some_and(|most| self.count >= most) {
            self.stopped = true;
            return Ok(ControlFlow::Break(()));
        }
        self.count += 1;
        match self.args.format {
            Format::Jsonl => {
                let line = self.args.vendor.line(order, self.args.view)?;
                self.out.line(&line)?;
                self.out.flush()?;
            }
            Format::Table => {
                let cells = row(order);
                self.table
                    .add_row(cells.iter().map(|cell| plain(cell).into_owned()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn finish(&mut self) -> Result<(), Failure> {
        if self.args.format == Format::Table && self.count > 0 {
            let text = self.table.trim_fmt();
            self.out.line(&text)?;
        }
        self.out.flush()
    }
}

fn row(order: &Order) -> [String; 5] {
    let number = order.number.as_ref().map(|number| format!(" ({number})"));
    let amounts: Vec<_> = amounts(order).map(amount).collect();
    [
        format!("{}{}", order.id, number.unwrap_or_default()),
        order
            .created_at
            .as_ref()
            .map(times::show)
            .unwrap_or_default(),
        status(order),
        order.lines.len().to_string(),
        amounts.join(", "),
    ]
}

fn amount((what, money): (What, &Money)) -> String {
    match what {
        What::Grand | What::Current => money.to_string(),
        What::Estimated => format!("est. {money}"),
        What::Confirmed => format!("conf. {money}"),
    }
}

/// The vendor's own words, on all axes that it has.
fn status(order: &Order) -> String {
    let payment = order.payment.as_ref().map(|s| s.native.as_str());
    let fulfillment = order.fulfillment.as_ref().map(|s| s.native.as_str());
    let commission = order.commission.as_ref().and_then(|c| c.status.as_ref());
    let commission = commission.and_then(|s| serde_json::to_value(s.normal).ok());
    let commission = commission.as_ref().and_then(|word| word.as_str());
    let words: Vec<_> = [payment, fulfillment, commission]
        .into_iter()
        .flatten()
        .collect();
    words.join(", ")
}

/// How the listing ended: one object with --json, else a sentence.
#[derive(Serialize)]
struct Summary<'a> {
    vendor: &'a str,
    account: &'a str,
    orders: u64,
    unreadable: u64,
    complete: bool,
    /// The vendor gave no total: nothing proves that these are all.
    unproven: bool,
    /// Windows that were taken as empty, their list missing twice.
    #[serde(skip_serializing_if = "no_windows")]
    unconfirmed: u64,
    elapsed_ms: u128,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn no_windows(windows: &u64) -> bool {
    *windows == 0
}

impl Summary<'_> {
    fn sentence(&self, elapsed: Duration, stopped: bool) -> String {
        let mut text = format!(
            "{} of {}/{} in {elapsed:.1?}",
            counted(self.orders),
            self.vendor,
            self.account
        );
        if stopped {
            text += "; stopped at --max-orders, there are more";
        }
        if self.unreadable > 0 {
            text += &format!("; not complete: {} more cannot be read", self.unreadable);
        }
        if self.unproven {
            text += "; unproven: the vendor gave no total, and two readings agreed";
        }
        match self.unconfirmed {
            0 => {}
            1 => text += "; the list of 1 window was missing, twice: taken as empty",
            many => {
                text += &format!("; the list of {many} windows was missing, twice: taken as empty");
            }
        }
        text
    }
}
