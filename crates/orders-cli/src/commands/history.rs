//! `orders history`: what changed in one stored order.

use orders_core::Account as Name;
use orders_sync::{Change, HistoryRow};
use serde::Serialize;

use super::show::layout::title;
use super::show::one;
use crate::args::History;
use crate::exit::{Exit, Failure};
use crate::output::{self, Out, plain};
use crate::times;

/// A longer value is shortened for people.
const WIDTH: usize = 48;

pub(super) fn run(args: &History, json: bool) -> Result<Exit, Failure> {
    let ((_, store), kept) = one(&args.which)?;
    let order = &kept.order;
    let name = Name::new(&order.provider, &order.account);
    let steps = store.history(&name, &order.id)?;
    let mut out = Out::new();
    if json {
        #[derive(Serialize)]
        struct Object<'a> {
            provider: &'a str,
            account: &'a str,
            id: &'a str,
            history: &'a [HistoryRow],
        }
        out.line(&output::json(&Object {
            provider: &order.provider,
            account: &order.account,
            id: &order.id,
            history: &steps,
        })?)?;
    } else {
        out.line(&title(order))?;
        out.line(&table(&steps))?;
    }
    out.flush()?;
    Ok(Exit::Ok)
}

fn table(steps: &[HistoryRow]) -> String {
    let mut table = output::rows(&["when", "what", "path", "from", "to"], &[]);
    for step in steps {
        let (when, what) = (times::shown(&step.at), step.what.clone());
        if step.changes.is_empty() {
            table.add_row([when, what, String::new(), String::new(), String::new()]);
            continue;
        }
        for (at, change) in step.changes.iter().enumerate() {
            // Changes of one moment show their time once.
            let said = |text: &str| {
                if at == 0 {
                    text.to_owned()
                } else {
                    String::new()
                }
            };
            let Change { path, from, to, .. } = change;
            table.add_row([
                said(&when),
                said(&what),
                plain(path).into_owned(),
                value(from.as_deref()),
                value(to.as_deref()),
            ]);
        }
    }
    table.trim_fmt()
}

fn value(text: Option<&str>) -> String {
    let Some(text) = text else {
        return "(nothing)".to_owned();
    };
    let shown = plain(text);
    match shown.char_indices().nth(WIDTH) {
        Some((end, _)) => format!("{}…", &shown[..end]),
        None => shown.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_values_are_cut_and_commands_to_a_terminal_escaped() {
        assert_eq!(value(None), "(nothing)");
        assert_eq!(value(Some("\"\u{1b}[2J\"")), "\"\\u{1b}[2J\"");
        assert_eq!(value(Some(&"é".repeat(60))).chars().count(), WIDTH + 1);
    }
}
