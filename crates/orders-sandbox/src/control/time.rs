//! The virtual clock, and the reset.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use bytes::Bytes;
use chrono::TimeDelta;
use serde::Deserialize;

use super::{Refused, bad, read, respond};
use crate::json::Object;
use crate::world::World;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    seconds: Option<i64>,
    /// `90s`, `90m`, `36h`, `45d`.
    by: Option<String>,
}

impl Advance {
    fn delta(&self) -> Result<TimeDelta, Refused> {
        match (self.seconds, &self.by) {
            (Some(seconds), None) => {
                let by = TimeDelta::try_seconds(seconds);
                by.ok_or_else(|| bad("seconds is too large".to_owned()))
            }
            (None, Some(by)) => duration(by)
                .ok_or_else(|| bad(format!("by must be as 90s, 90m, 36h or 45d, and is {by}"))),
            _ => Err(bad("either seconds or by is required".to_owned())),
        }
    }
}

/// A whole number of seconds, minutes, hours or days, not negative.
fn duration(text: &str) -> Option<TimeDelta> {
    let unit = text.chars().next_back()?;
    let number = text.strip_suffix(unit)?;
    let number: i64 = match number.bytes().all(|byte| byte.is_ascii_digit()) {
        true => number.parse().ok()?,
        false => return None,
    };
    match unit {
        's' => TimeDelta::try_seconds(number),
        'm' => TimeDelta::try_minutes(number),
        'h' => TimeDelta::try_hours(number),
        'd' => TimeDelta::try_days(number),
        _ => None,
    }
}

pub(super) async fn advance(
    State(world): State<Arc<World>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let moved = read(&headers, &body).and_then(|wanted: Advance| wanted.delta());
    respond(moved.map(|by| {
        world.advance(by);
        now(&world)
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

pub(super) async fn reset(
    State(world): State<Arc<World>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let wanted = read(&headers, &body);
    respond(wanted.map(|Nothing {}| {
        world.reset();
        now(&world)
    }))
}

fn now(world: &World) -> String {
    let now = world.virtual_now().to_rfc3339();
    Object::new().text("now", &now).end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_one_unit() {
        assert_eq!(duration("45d"), TimeDelta::try_days(45));
        assert_eq!(duration("36h"), TimeDelta::try_hours(36));
        assert_eq!(duration("90m"), TimeDelta::try_minutes(90));
        assert_eq!(duration("0s"), Some(TimeDelta::zero()));
        for text in [
            "",
            "d",
            "-1d",
            "+1d",
            "1.5d",
            "1d2h",
            "1w",
            "1é",
            "99999999999999999999d",
        ] {
            assert_eq!(duration(text), None, "{text}");
        }
    }
}
