//! States of older versions in the words of this one.

use serde_json::{Map, Value, json};

/// The old words of a job's phase, and the new ones.
const PHASES: [(&str, &str); 5] = [
    ("warm", "lookback"),
    ("open", "open_orders"),
    ("horizon", "aged"),
    ("unseen", "missing_from_scan"),
    ("growing", "tail"),
];

/// A state of an older version as one of version 5.
///
/// Versions 3 and 4 had the same words, and what a scan did not show as a job: the next full scan shows it again. Version 3
/// knew nothing of the vendor's clock. Version 1 listed the pieces that became gaps, and knew no horizon. Versions 1 and 2 had other words,
/// and positions that cannot be resumed: a slice that was being read is read again from its beginning, and a tail is begun
/// anew.
pub(crate) fn upgraded(mut state: Value, version: u64) -> Value {
    let Some(members) = state.as_object_mut() else {
        return state;
    };
    if version < 3 {
        upgrade_words(members, version);
    }
    // Versions 1 and 2, and the first states of version 3, did not have it.
    members.entry("unproven").or_insert(json!(false));
    if let Some(jobs) = members.get_mut("jobs").and_then(Value::as_array_mut) {
        jobs.retain(|job| job.get("phase") != Some(&json!("missing_from_scan")));
    }
    state
}

fn upgrade_words(members: &mut Map<String, Value>, version: u64) {
    let scan = members.remove("pass");
    let total = scan.as_ref().and_then(|scan| scan.get("total")).cloned();
    members.insert("vendor_total".to_owned(), total.unwrap_or(Value::Null));
    members.insert("scan".to_owned(), scan.unwrap_or(Value::Null));
    for (old, new) in [
        ("shape", "strategy"),
        ("warm_at", "lookback_at"),
        ("size", "window_size"),
    ] {
        rename(members, old, new);
    }
    if let Some(scan) = members.get_mut("scan").and_then(Value::as_object_mut) {
        rename(scan, "listing", "sort_order");
        scan.insert("tail".to_owned(), Value::Null);
    }
    if members.get("strategy") == Some(&json!("pass")) {
        members.insert("strategy".to_owned(), json!("scan"));
    }
    if let Some(jobs) = members.get_mut("jobs").and_then(Value::as_array_mut) {
        jobs.retain(|job| job.get("tier") != Some(&json!("growing")));
        for job in jobs.iter_mut().filter_map(Value::as_object_mut) {
            upgrade_job(job, version);
        }
    }
}

fn upgrade_job(job: &mut Map<String, Value>, version: u64) {
    if version == 1 {
        let failed = job.remove("failed");
        let gaps = failed
            .as_ref()
            .and_then(Value::as_array)
            .map_or(0, Vec::len);
        job.insert("gaps".to_owned(), json!(gaps));
    }
    rename(job, "tier", "phase");
    for (old, new) in PHASES {
        if job.get("phase") == Some(&json!(old)) {
            job.insert("phase".to_owned(), json!(new));
        }
    }
    if let Some(work) = job.get_mut("work").and_then(Value::as_object_mut) {
        rename(work, "horizon", "aged");
    }
    let active = job.insert("active".to_owned(), json!([]));
    let active = active.as_ref().and_then(Value::as_array);
    let slices = active.into_iter().flatten().map(|active| &active["slice"]);
    job.insert("again".to_owned(), slices.cloned().collect());
}

fn rename(members: &mut Map<String, Value>, old: &str, new: &str) {
    if let Some(value) = members.remove(old) {
        members.insert(new.to_owned(), value);
    }
}

#[cfg(test)]
mod tests {
    use orders_core::{Account, Slice, TimeAxis};

    use crate::phase::Phase;
    use crate::state::State;
    use crate::strategy::Strategy;

    /// As version 2 wrote it: an interrupted scan, a tail, and look-ups of what a scan did not show.
    const VERSION_2: &str = r#"{"format":"orders-sync state","version":2,
        "account":{"provider":"clink","label":"main"},"shape":"pass","start":null,
        "watermark":"2026-02-01T00:00:00Z","warm_at":null,"open_at":"2026-02-01T00:00:00Z","full_at":null,
        "horizon":null,"next_horizon":null,"full_requests":7,"size":null,"walked":[0,0],
        "pass":{"listing":"newest_first","tail":"3","total":60,"page_rows":20},"needs_full":true,"marks":4,"jobs":[
        {"tier":"full","started_at":"2026-02-02T00:00:00Z","requests":2,"work":{"query":{"axis":null,"windows":[],
         "partitions":null,"after":null,"begun":1,"listed":false}},"active":[{"id":0,"slice":{"walk":"pages"},
         "place":{"cursor":"3","steps":2,"answers":2,"page":1,"rows":40,"pass":{"mark":4,"reading":1,"total":60},
         "at_end":false}}],"next_id":1,"gaps":0},
        {"tier":"growing","started_at":"2026-02-02T00:00:00Z","requests":0,"work":{"slices":[]},"active":[],
         "next_id":0,"gaps":0},
        {"tier":"unseen","started_at":"2026-02-02T00:00:00Z","requests":0,"work":{"unseen":{"mark":3,
         "since":"2026-02-01T00:00:00Z","after":"a"}},"active":[],"next_id":0,"gaps":0}]}"#;

    #[test]
    fn a_state_of_version_2_is_read_with_its_jobs() {
        let account = Account::new("clink", "main");
        let state = State::read(VERSION_2, &account, Strategy::Scan).unwrap();
        assert_eq!(state.vendor_total, Some(60));
        assert_eq!((state.full_requests, state.marks), (Some(7), 4));
        assert!(state.needs_full && state.watermark.is_some());
        let [full] = state.jobs() else {
            panic!("the others begin anew: {:?}", state.jobs())
        };
        assert_eq!((full.phase, full.requests), (Phase::Full, 2));
        assert_eq!((full.active.len(), &full.again), (0, &vec![Slice::pass()]));
        let again = State::read(&state.text().unwrap(), &account, Strategy::Scan);
        assert_eq!(again.unwrap(), state);
    }

    #[test]
    fn a_state_of_windows_keeps_what_worked() {
        let windows = VERSION_2
            .replace(r#""shape":"pass""#, r#""shape":{"windows":"updated"}"#)
            .replace(r#""size":null"#, r#""size":900"#)
            .replace(r#""tier":"full""#, r#""tier":"warm""#);
        let account = Account::new("clink", "main");
        let strategy = Strategy::Windows(TimeAxis::Updated);
        let state = State::read(&windows, &account, strategy).unwrap();
        assert_eq!(state.window_size, Some(900));
        assert_eq!(state.jobs()[0].phase, Phase::Lookback);
    }
}
