//! All accounts together: how many are due, pulled, failing, and how late the latest is.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::database::Database;
use super::schedule::STATE;
use crate::exit::Failure;
use crate::times;

/// What is to be seen of the schedule and its queue.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default)]
pub(crate) struct Fleet {
    pub(crate) accounts: u64,
    pub(crate) due: u64,
    pub(crate) running: u64,
    pub(crate) parked: u64,
    pub(crate) paused: u64,
    /// Whose last pull failed.
    pub(crate) failing: u64,
    /// How long the account has been due that has been so longest, in seconds.
    pub(crate) oldest_due: u64,
    /// The time up to which the account was read that lies furthest back, RFC 3339; none where no vendor filters by time.
    pub(crate) oldest_watermark: Option<String>,
    /// The same in seconds since 1970.
    pub(crate) oldest_watermark_at: Option<u64>,
    /// Workers, each with how many accounts it pulls.
    pub(crate) workers: Vec<(String, u64)>,
    /// Jobs of the queue that are waiting, and those that it has given up.
    pub(crate) jobs_waiting: u64,
    pub(crate) jobs_failed: u64,
}

impl Database {
    /// Whether any account is scheduled, and all about them.
    pub(crate) async fn fleet(&self) -> Result<Option<Fleet>, Failure> {
        let statement = format!(
            "WITH all_of AS (
                 SELECT {STATE} AS state, s.*, c.state::json->>'watermark' AS watermark
                 FROM orders.schedules s LEFT JOIN orders.accounts a USING (provider, account)
                 LEFT JOIN orders.checkpoints c USING (provider, account)
             )
             SELECT json_build_object('accounts', count(*),
                 'due', count(*) FILTER (WHERE state = 'due'),
                 'running', count(*) FILTER (WHERE state = 'running'),
                 'parked', count(*) FILTER (WHERE state = 'parked'),
                 'paused', count(*) FILTER (WHERE state = 'paused'),
                 'failing', count(*) FILTER (WHERE failures > 0),
                 'oldest_due', coalesce(floor(extract(epoch FROM max(now() - least(due_since, next_at)) FILTER (WHERE state = 'due'))), 0)::bigint,
                 'oldest_watermark', min(watermark),
                 'oldest_watermark_at', floor(extract(epoch FROM min(watermark)::timestamptz))::bigint,
                 'workers', (SELECT coalesce(json_agg(json_build_array(worker, pulled) ORDER BY worker), '[]') FROM (
                     SELECT worker, count(*) AS pulled FROM all_of WHERE state = 'running' AND worker IS NOT NULL
                     GROUP BY worker) w))::text
             FROM all_of"
        );
        let fleet: Option<Fleet> = self.rows(&statement, &[]).await?.pop();
        let Some(mut fleet) = fleet.filter(|fleet| fleet.accounts > 0) else {
            return Ok(None);
        };
        // The queue makes its tables when the first worker begins.
        let made = "SELECT to_json(to_regclass('graphile_worker._private_jobs') IS NOT NULL)::text";
        if self.rows::<bool>(made, &[]).await?.contains(&true) {
            let jobs = "SELECT json_build_array(count(*) FILTER (WHERE locked_at IS NULL AND attempts < max_attempts),
                 count(*) FILTER (WHERE locked_at IS NULL AND attempts >= max_attempts))::text
                 FROM graphile_worker._private_jobs";
            if let Some([waiting, failed]) = self.rows::<[u64; 2]>(jobs, &[]).await?.pop() {
                (fleet.jobs_waiting, fleet.jobs_failed) = (waiting, failed);
            }
        }
        Ok(Some(fleet))
    }
}

impl Fleet {
    /// For people.
    pub(crate) fn lines(&self) -> String {
        let mut text = format!("workers: {} accounts", self.accounts);
        let counts = [
            (self.running, "running"),
            (self.due, "due"),
            (self.failing, "failing"),
            (self.parked, "parked"),
            (self.paused, "paused"),
        ];
        for (count, word) in counts {
            if count > 0 {
                let _ = write!(text, ", {count} {word}");
            }
        }
        if self.oldest_due > 0 {
            let _ = write!(
                text,
                "; the oldest has been due for {}",
                times::duration(self.oldest_due)
            );
        }
        if self.jobs_failed > 0 {
            let _ = write!(text, "; the queue has given up {} jobs", self.jobs_failed);
        }
        for (worker, pulled) in &self.workers {
            let _ = write!(text, "\nworkers: {worker} pulls {pulled}");
        }
        text + "\norders accounts list shows each"
    }

    /// In the text form of Prometheus.
    pub(crate) fn metrics(&self) -> String {
        let mut text = String::new();
        let mut gauge = |name: &str, help: &str, values: &[(&str, u64)]| {
            let _ = writeln!(
                text,
                "# HELP orders_{name} {help}\n# TYPE orders_{name} gauge"
            );
            for (labels, value) in values {
                let _ = writeln!(text, "orders_{name}{labels} {value}");
            }
        };
        let other = self.due + self.running + self.parked + self.paused;
        gauge(
            "accounts",
            "Scheduled accounts by their state.",
            &[
                ("{state=\"due\"}", self.due),
                ("{state=\"running\"}", self.running),
                ("{state=\"parked\"}", self.parked),
                ("{state=\"paused\"}", self.paused),
                ("{state=\"scheduled\"}", self.accounts.saturating_sub(other)),
            ],
        );
        gauge(
            "failing_accounts",
            "Accounts whose last pull failed.",
            &[("", self.failing)],
        );
        gauge(
            "oldest_due_seconds",
            "How long the account has been due that has been so longest.",
            &[("", self.oldest_due)],
        );
        if let Some(at) = self.oldest_watermark_at {
            gauge(
                "oldest_watermark_timestamp_seconds",
                "The time up to which the account was read that lies furthest back.",
                &[("", at)],
            );
        }
        gauge(
            "queue_jobs_waiting",
            "Jobs that the queue has not begun.",
            &[("", self.jobs_waiting)],
        );
        gauge(
            "queue_jobs_failed",
            "Jobs that the queue has given up.",
            &[("", self.jobs_failed)],
        );
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_and_programs_are_shown_the_same() {
        let fleet = Fleet {
            accounts: 9,
            due: 2,
            running: 3,
            parked: 1,
            failing: 1,
            oldest_due: 61,
            oldest_watermark_at: Some(1_770_000_000),
            workers: vec![("host 7".to_owned(), 3)],
            jobs_failed: 4,
            ..Fleet::default()
        };
        assert_eq!(
            fleet.lines(),
            "workers: 9 accounts, 3 running, 2 due, 1 failing, 1 parked; the oldest has been due for 1 min 1 s; the queue has \
             given up 4 jobs\nworkers: host 7 pulls 3\norders accounts list shows each"
        );
        let metrics = fleet.metrics();
        for line in [
            "orders_accounts{state=\"running\"} 3",
            "orders_accounts{state=\"scheduled\"} 3",
            "orders_oldest_due_seconds 61",
            "orders_oldest_watermark_timestamp_seconds 1770000000",
            "orders_queue_jobs_failed 4",
        ] {
            assert!(metrics.lines().any(|own| own == line), "{metrics}");
        }
    }
}
