//! What one call is made with: the settings of its engine, and the attempt under way.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::SystemTime;

use http::HeaderValue;

use crate::base_url::BaseUrl;
use crate::options::ClientOptions;
use crate::redact::OwnSecrets;
use crate::transport::Transport;

/// The attempt that a request is built for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// Its number, from 1.
    pub number: u32,
    /// The time by the engine's clock: for timestamps and signatures.
    pub now: SystemTime,
}

impl Attempt {
    pub(crate) fn new(number: u32, now: SystemTime) -> Self {
        Self { number, now }
    }
}

/// What an engine works with: checked, and nothing of it changes.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) vendor: &'static str,
    pub(crate) base: BaseUrl,
    pub(crate) options: ClientOptions,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) user_agent: HeaderValue,
    /// What no text about a call shows.
    pub(crate) own: Arc<OwnSecrets>,
    /// How many requests were given to the transport; shared with the engines that are made from this one.
    pub(crate) sent: Arc<AtomicU64>,
}
