//! What reading some orders again found, for people.

use orders_sync::Sample;

use crate::output::{counted, plain};

/// How many orders are named one by one.
const NAMED: usize = 10;

/// The facts, the failures last.
pub(super) fn facts_of(sample: &Sample) -> Vec<String> {
    if let Some(note) = &sample.note {
        return vec![format!("no sample could be read: {}", plain(note))];
    }
    let read = counted(sample.read);
    let mut facts = vec![match sample.same {
        all if all == sample.read => format!("{read} read again: the same as stored"),
        same => format!("{read} read again: {same} the same as stored"),
    }];
    if sample.changed > 0 {
        let ids = sample.changed_ids.iter();
        facts.push(format!("{} changed since, the first:", sample.changed));
        facts.extend(ids.map(|id| format!("  {}", plain(id))));
    }
    if sample.doubted > 0 {
        let doubted = sample.doubted;
        facts.push(format!(
            "{doubted} not known to the vendor, and doubted already"
        ));
    }
    named(&mut facts, &sample.not_compared, |one| {
        format!("order {} not compared:\n  {}", one.id, one.reason)
    });
    named(&mut facts, &sample.differ, |one| {
        format!("order {} differs:\n  {}", one.id, one.path)
    });
    named(&mut facts, &sample.unknown, |id| {
        format!("order {id} is not known to the vendor")
    });
    facts
}

fn named<T>(facts: &mut Vec<String>, all: &[T], words: impl Fn(&T) -> String) {
    let lines = all.iter().take(NAMED).flat_map(|one| {
        let text = words(one);
        let lines: Vec<_> = text.lines().map(|line| plain(line).into_owned()).collect();
        lines
    });
    facts.extend(lines);
    if all.len() > NAMED {
        facts.push(format!("and {} more (--json)", all.len() - NAMED));
    }
}
