//! The targets of pushes.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use super::url::Url;
use crate::vendor::Vendor;

/// The vendors' intervals are divided by this, unless a target has intervals of its own.
const COMPRESSION: u32 = 1_000_000;

/// A URL on this machine that receives pushes, and how they are sent.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PushTarget {
    /// `http://` and a loopback host (`localhost`, `127.x.x.x`, `[::1]`). Every other URL is refused: nothing that the
    /// sandbox sends leaves the machine.
    pub url: String,
    /// How many more times each event is sent. Default 0.
    pub duplicates: usize,
    /// Whether events (and their duplicates) that are sent together are shuffled, by the seed. Default false.
    pub disorder: bool,
    /// The intervals before each retry of a push that was not accepted. None (the default) is the vendor's schedule
    /// ([`Vendor::push_schedule`]), a million times faster. An empty list means no retry.
    pub intervals: Option<Vec<Duration>>,
    /// The timeout of one attempt. Default 5 seconds, as documented for SHOPLINE.
    pub timeout: Duration,
    /// The form of the vendor's push.
    pub form: PushForm,
}

/// The forms of pushes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum PushForm {
    /// Clink's envelope, Linkbest's push 2.0 (POST), SHOPLINE's signature in hex.
    #[default]
    Usual,
    /// Clink's deprecated envelope: flattened, `evt_` ids, ISO time.
    ClinkFlattened,
    /// Linkbest's push 1.0: GET with the order as query parameters.
    LinkbestV1,
    /// SHOPLINE's signature in base64.
    ShoplineBase64,
}

impl PushForm {
    /// Its name in the control routes: `usual`, `clink_flattened`, `linkbest_v1`, `shopline_base64`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Usual => "usual",
            Self::ClinkFlattened => "clink_flattened",
            Self::LinkbestV1 => "linkbest_v1",
            Self::ShoplineBase64 => "shopline_base64",
        }
    }

    pub(crate) fn of(name: &str) -> Option<Self> {
        [
            Self::Usual,
            Self::ClinkFlattened,
            Self::LinkbestV1,
            Self::ShoplineBase64,
        ]
        .into_iter()
        .find(|form| form.name() == name)
    }

    fn is_of(self, vendor: Vendor) -> bool {
        match self {
            Self::Usual => true,
            Self::ClinkFlattened => vendor == Vendor::Clink,
            Self::LinkbestV1 => vendor == Vendor::Linkbest,
            Self::ShoplineBase64 => vendor == Vendor::Shopline,
        }
    }
}

impl PushTarget {
    /// A target with all defaults. The URL is checked when a push is sent or the target is registered.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            duplicates: 0,
            disorder: false,
            intervals: None,
            timeout: Duration::from_secs(5),
            form: PushForm::Usual,
        }
    }

    /// Sets [`PushTarget::duplicates`].
    #[must_use]
    pub fn duplicates(mut self, duplicates: usize) -> Self {
        self.duplicates = duplicates;
        self
    }

    /// Sets [`PushTarget::disorder`].
    #[must_use]
    pub fn disorder(mut self, disorder: bool) -> Self {
        self.disorder = disorder;
        self
    }

    /// Sets [`PushTarget::intervals`].
    #[must_use]
    pub fn intervals(mut self, intervals: impl Into<Vec<Duration>>) -> Self {
        self.intervals = Some(intervals.into());
        self
    }

    /// Sets [`PushTarget::timeout`].
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets [`PushTarget::form`].
    #[must_use]
    pub fn form(mut self, form: PushForm) -> Self {
        self.form = form;
        self
    }

    pub(super) fn check(&self, vendor: Vendor) -> Result<(), PushError> {
        Url::read(&self.url).map_err(|why| PushError::Url {
            url: self.url.clone(),
            why,
        })?;
        if self.form.is_of(vendor) {
            return Ok(());
        }
        Err(PushError::Form {
            vendor,
            form: self.form,
        })
    }

    pub(super) fn waits(&self, vendor: Vendor) -> Vec<Duration> {
        match &self.intervals {
            Some(intervals) => intervals.clone(),
            None => vendor
                .push_schedule()
                .into_iter()
                .map(|wait| wait / COMPRESSION)
                .collect(),
        }
    }
}

impl Vendor {
    /// The intervals before each retry of a push that was not accepted. SHOPLINE: 19 (documented). Clink: ten within
    /// about a day, each twice as long as the one before (the number is from secondary sources, the first interval is
    /// inferred). Linkbest: three of 30 seconds, as on its twin platform.
    #[must_use]
    pub fn push_schedule(self) -> Vec<Duration> {
        const HOUR: u64 = 3600;
        let seconds: Vec<u64> = match self {
            Self::Clink => (0..10).map(|attempt| 84 << attempt).collect(),
            Self::Linkbest => vec![30; 3],
            Self::Shopline => {
                let first = [0, 5, 10, 30, 45, 60, 120, 300, 720, 2280, HOUR, 2 * HOUR];
                [&first[..], &[4 * HOUR; 7]].concat()
            }
        };
        seconds.into_iter().map(Duration::from_secs).collect()
    }
}

/// Why nothing was pushed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PushError {
    /// It is not a URL, or not one on this machine.
    Url {
        /// The URL as passed in.
        url: String,
        /// The reason.
        why: &'static str,
    },
    /// The vendor has no order with this id.
    UnknownOrder {
        /// The vendor.
        vendor: Vendor,
        /// The id as passed in.
        id: String,
    },
    /// The sandbox cannot build such an event, or the order lacks what the event is about: a refund, a parcel.
    Event {
        /// The vendor.
        vendor: Vendor,
        /// The event as passed in.
        event: String,
    },
    /// The form belongs to another vendor.
    Form {
        /// The vendor.
        vendor: Vendor,
        /// The form as passed in.
        form: PushForm,
    },
}

impl fmt::Display for PushError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url { url, why } => write!(f, "cannot push to {url}: {why}"),
            Self::UnknownOrder { vendor, id } => write!(f, "{vendor} has no order {id}"),
            Self::Event { vendor, event } => {
                write!(f, "{vendor}: nothing to push as {event} for this order")
            }
            Self::Form { vendor, form } => {
                write!(f, "{vendor} has no pushes of the form {}", form.name())
            }
        }
    }
}

impl Error for PushError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schedules_are_as_long_as_their_docs_say() {
        let hours =
            |vendor: Vendor| vendor.push_schedule().iter().sum::<Duration>().as_secs() / 3600;
        assert_eq!(Vendor::Shopline.push_schedule().len(), 19);
        assert_eq!(hours(Vendor::Shopline), 31);
        assert_eq!(Vendor::Clink.push_schedule().len(), 10);
        assert_eq!(hours(Vendor::Clink), 23);
        let waits = PushTarget::new("http://localhost/").waits(Vendor::Shopline);
        assert!(waits.iter().sum::<Duration>() < Duration::from_secs(1));
    }
}
