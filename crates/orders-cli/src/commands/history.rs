//! `orders history`: what changed in one stored order.

use orders_sync::{Change, HistoryRow, StoredOrder};
use serde::Serialize;

use super::show::layout::title;
use super::show::one;
use crate::args::History;
use crate::exit::{Exit, Failure};
use crate::output::{self, Out, plain};
use crate::times;

/// A longer value is shortened for people.
const WIDTH: usize = 48;

pub(super) async fn run(args: &History, json: bool) -> Result<Exit, Failure> {
    let ((_, store), kept) = one(&args.which).await?;
    let StoredOrder { account, id, .. } = &kept;
    let steps = store.history(account, id).await?;
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
            provider: &account.provider,
            account: &account.label,
            id,
            history: &steps,
        })?)?;
    } else {
        out.line(&title(&kept))?;
        out.line(&table(&steps, args.all))?;
    }
    out.flush()?;
    Ok(Exit::Ok)
}

/// A row of the table for one change, or for several of one part of the order.
struct Shown {
    path: String,
    from: String,
    to: String,
}

/// The changes of one moment. What was added or removed below one element of a list is one row, unless `all` are shown.
fn shown(changes: &[Change], all: bool) -> Vec<Shown> {
    let mut rows = Vec::new();
    for group in changes.chunk_by(|a, b| !all && part(a).is_some() && part(a) == part(b)) {
        let [first, _, ..] = group else {
            rows.extend(group.iter().map(|change| Shown {
                path: plain(&change.path).into_owned(),
                from: value(change.from.as_deref()),
                to: value(change.to.as_deref()),
            }));
            continue;
        };
        let fields = format!("{} fields", group.len());
        let (from, to) = match first.from {
            None => (value(None), format!("added, {fields}")),
            Some(_) => (format!("removed, {fields}"), value(None)),
        };
        let path = part(first).map_or("", |(path, _)| path);
        rows.push(Shown {
            path: plain(path).into_owned(),
            from,
            to,
        });
    }
    rows
}

/// The element of a list that a change adds to or removes from, and which of both.
fn part(change: &Change) -> Option<(&str, bool)> {
    let added = match (&change.from, &change.to) {
        (None, Some(_)) => true,
        (Some(_), None) => false,
        _ => return None,
    };
    let (end, _) = change.path.match_indices(']').find(|(at, _)| {
        let open = change.path.get(..*at).and_then(|before| before.rfind('['));
        let index = open.and_then(|open| change.path.get(open + 1..*at));
        index.is_some_and(|index| index.bytes().all(|b| b.is_ascii_digit()))
    })?;
    Some((change.path.get(..=end)?, added))
}

fn table(steps: &[HistoryRow], all: bool) -> String {
    let mut table = output::rows(&["when", "what", "path", "from", "to"], &[]);
    for step in steps {
        let (when, what) = (times::shown(&step.at), step.what.clone());
        if step.changes.is_empty() {
            table.add_row([when, what, String::new(), String::new(), String::new()]);
            continue;
        }
        for (at, row) in shown(&step.changes, all).into_iter().enumerate() {
            // Changes of one moment show their time once.
            let said = |text: &str| {
                if at == 0 {
                    text.to_owned()
                } else {
                    String::new()
                }
            };
            table.add_row([said(&when), said(&what), row.path, row.from, row.to]);
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
    fn what_was_added_to_a_list_is_one_row_unless_all_are_wanted() {
        let change = |path: &str, from: Option<&str>, to: Option<&str>| Change {
            path: path.to_owned(),
            from: from.map(str::to_owned),
            to: to.map(str::to_owned),
        };
        let changes = [
            change("fulfillments[0].id", None, Some("1")),
            change("fulfillments[0].lines[0].id", None, Some("2")),
            change("fulfillments[1].id", None, Some("3")),
            change("note", None, Some("4")),
            change("refunds[0].id", Some("5"), None),
            change("refunds[0].note", Some("6"), None),
            change("status", Some("7"), Some("8")),
        ];
        let words = |all| {
            let rows = shown(&changes, all).into_iter();
            rows.map(|row| format!("{}: {} > {}", row.path, row.from, row.to))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            words(false),
            [
                "fulfillments[0]: (nothing) > added, 2 fields",
                "fulfillments[1].id: (nothing) > 3",
                "note: (nothing) > 4",
                "refunds[0]: removed, 2 fields > (nothing)",
                "status: 7 > 8",
            ]
        );
        assert_eq!(words(true).len(), changes.len());
    }

    #[test]
    fn long_values_are_cut_and_commands_to_a_terminal_escaped() {
        assert_eq!(value(None), "(nothing)");
        assert_eq!(value(Some("\"\u{1b}[2J\"")), "\"\\u{1b}[2J\"");
        assert_eq!(value(Some(&"é".repeat(60))).chars().count(), WIDTH + 1);
    }
}
