//! Test hooks: a test of the real program sets its clock, and a point at which it halts. A release has none of them.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use orders_core::Error;
use orders_sync::{Clock, Failpoints};

use crate::steady::Patience;

/// The clock of the program.
///
/// # Errors
/// `Config` if a test set it to something that is not a time.
pub(crate) fn clock() -> Result<Arc<dyn Clock>, Error> {
    on::clock()
}

/// The present time by that clock.
///
/// # Errors
/// As [`clock`].
pub(crate) fn now() -> Result<DateTime<Utc>, Error> {
    clock().map(|clock| clock.now())
}

/// How long the program bears with a vendor.
pub(crate) fn patience() -> Patience {
    on::patience()
}

/// How many times shorter the waits for a vendor that fails are.
pub(crate) fn haste() -> u32 {
    on::haste()
}

/// The points at which the program halts.
///
/// # Errors
/// `Config` if a test named an unknown point.
pub(crate) fn points() -> Result<Arc<dyn Failpoints>, Error> {
    on::points()
}

/// A push was stored and is not answered yet.
pub(crate) fn push_stored() {
    on::push_stored();
}

#[cfg(not(any(debug_assertions, feature = "test-hooks")))]
mod on {
    use super::*;

    pub(super) fn push_stored() {}

    pub(super) fn clock() -> Result<Arc<dyn Clock>, Error> {
        Ok(Arc::new(orders_sync::SystemClock))
    }

    pub(super) fn patience() -> Patience {
        Patience::default()
    }

    pub(super) fn haste() -> u32 {
        1
    }

    pub(super) fn points() -> Result<Arc<dyn Failpoints>, Error> {
        Ok(Arc::new(orders_sync::NoFailpoints))
    }
}

#[cfg(any(debug_assertions, feature = "test-hooks"))]
mod on {
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;

    use orders_core::ErrorKind;
    use orders_sync::{NoFailpoints, Point, SyncError, SystemClock};

    use super::*;
    use crate::output::say;

    /// The instant at which the clock stands, RFC 3339.
    const NOW: &str = "ORDERS_TEST_NOW";
    /// `rows-flushed:3` is the third time that point is passed; `any:3` is the third of any point.
    const PAUSE_AT: &str = "ORDERS_TEST_PAUSE_AT";

    /// So many times shorter are the waits for a vendor that fails.
    const HASTE: &str = "ORDERS_TEST_HASTE";
    /// The time for the first answer, in milliseconds.
    const FIRST_ANSWER: &str = "ORDERS_TEST_FIRST_ANSWER";

    pub(super) fn patience() -> Patience {
        let mut patience = Patience::default();
        patience.wait /= haste();
        patience.unreachable /= haste();
        if let Some(millis) = number(FIRST_ANSWER) {
            patience.first_answer = Duration::from_millis(millis.into());
        }
        patience
    }

    pub(super) fn haste() -> u32 {
        number(HASTE).unwrap_or(1).max(1)
    }

    fn number(name: &str) -> Option<u32> {
        std::env::var(name).ok()?.parse().ok()
    }

    struct Fixed(DateTime<Utc>);

    impl Clock for Fixed {
        fn now(&self) -> DateTime<Utc> {
            self.0
        }
    }

    pub(super) fn clock() -> Result<Arc<dyn Clock>, Error> {
        let Ok(text) = std::env::var(NOW) else {
            return Ok(Arc::new(SystemClock));
        };
        let now = DateTime::parse_from_rfc3339(&text)
            .map_err(|_| Error::new(ErrorKind::Config, format!("{NOW} is no RFC 3339 time")))?;
        Ok(Arc::new(Fixed(now.to_utc())))
    }

    /// Halts for ever when a point is passed for the nth time.
    struct PauseAt {
        point: Option<Point>,
        nth: u64,
        passed: AtomicU64,
    }

    impl Failpoints for PauseAt {
        fn pass(&self, point: Point) -> Result<(), SyncError> {
            if self.point.is_none_or(|wanted| wanted == point)
                && self.passed.fetch_add(1, Ordering::SeqCst) + 1 == self.nth
            {
                // Standard error is not buffered.
                say(&format!("paused at {}", point.as_str()));
                loop {
                    std::thread::park();
                }
            }
            Ok(())
        }
    }

    /// Halts at the first push, where a test names `push-stored`.
    pub(super) fn push_stored() {
        if std::env::var(PAUSE_AT).as_deref() == Ok("push-stored") {
            say("paused at push-stored");
            loop {
                std::thread::park();
            }
        }
    }

    pub(super) fn points() -> Result<Arc<dyn Failpoints>, Error> {
        let Ok(text) = std::env::var(PAUSE_AT) else {
            return Ok(Arc::new(NoFailpoints));
        };
        let wrong = || Error::new(ErrorKind::Config, format!("{PAUSE_AT} is no <point>:<nth>"));
        let (name, nth) = text.split_once(':').ok_or_else(wrong)?;
        let point = Point::ALL.into_iter().find(|point| point.as_str() == name);
        if point.is_none() && name != "any" {
            return Err(wrong());
        }
        Ok(Arc::new(PauseAt {
            point,
            nth: nth.parse().map_err(|_| wrong())?,
            passed: AtomicU64::new(0),
        }))
    }
}
