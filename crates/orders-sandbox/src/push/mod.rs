//! Pushes to a URL on this machine. They are built and signed as the vendor would, retried, duplicated and shuffled on
//! request, and logged.

mod http;
mod log;
mod target;
mod url;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::change::{Change, ChangeError, Changed};
use crate::vendor::Vendor;
use crate::world::World;
use crate::{clink, linkbest, shopline};

pub(crate) use http::encoded;
pub use log::Delivery;
pub use target::{PushError, PushForm, PushTarget};

/// One event that is ready to be sent.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) vendor: Vendor,
    /// The event in the vendor's word.
    pub(crate) event: String,
    /// The vendor's id of this event, the same on every attempt.
    pub(crate) id: String,
    pub(crate) order: String,
    pub(crate) form: PushForm,
    /// Query for a GET, body for a POST.
    pub(crate) payload: String,
    pub(crate) is_get: bool,
}

/// The registered targets, and the log of pushes.
#[derive(Debug, Default)]
pub(crate) struct Pushes {
    made: AtomicUsize,
    targets: Mutex<Vec<(Vendor, PushTarget)>>,
    log: Mutex<Vec<Delivery>>,
}

impl Pushes {
    /// The number of the next event.
    pub(crate) fn number(&self) -> usize {
        self.made.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) fn deliveries(&self) -> Vec<Delivery> {
        locked(&self.log).clone()
    }

    /// Removes all targets and clears the log.
    pub(crate) fn reset(&self) {
        self.made.store(0, Ordering::Relaxed);
        locked(&self.targets).clear();
        locked(&self.log).clear();
    }

    fn targets(&self, vendor: Vendor) -> Vec<PushTarget> {
        let targets = locked(&self.targets);
        let of_vendor = targets.iter().filter(|(of, _)| *of == vendor);
        of_vendor.map(|(_, target)| target.clone()).collect()
    }
}

impl World {
    /// Registers a target for the pushes of every later change.
    pub(crate) fn push_to(&self, vendor: Vendor, target: PushTarget) -> Result<(), PushError> {
        target.check(vendor)?;
        locked(&self.pushes.targets).push((vendor, target));
        Ok(())
    }

    /// Pushes events about orders, and waits until each is accepted or abandoned.
    pub(crate) async fn push(
        &self,
        vendor: Vendor,
        target: &PushTarget,
        events: &[(&str, &str)],
    ) -> Result<Vec<Delivery>, PushError> {
        target.check(vendor)?;
        let messages = events
            .iter()
            .map(|(event, order)| self.message(vendor, target.form, event, order))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(self.deliver(target, messages).await)
    }

    /// Changes an order and pushes the events to every registered target.
    pub(crate) async fn change_and_push(
        &self,
        vendor: Vendor,
        id: &str,
        change: Change,
    ) -> Result<Vec<Delivery>, ChangeError> {
        let changed = self.change(vendor, id, change)?;
        Ok(self.push_events(vendor, &changed).await)
    }

    /// Creates an order and pushes the event to every registered target.
    pub(crate) async fn create_and_push(&self, vendor: Vendor) -> (String, Vec<Delivery>) {
        let created = self.create(vendor);
        let deliveries = self.push_events(vendor, &created).await;
        (created.id, deliveries)
    }

    async fn push_events(&self, vendor: Vendor, changed: &Changed) -> Vec<Delivery> {
        let mut deliveries = Vec::new();
        for target in self.pushes.targets(vendor) {
            // Every event of a change has a payload, and the form was checked when the target was registered.
            let message = |event: &&str| self.message(vendor, target.form, event, &changed.id);
            let messages = changed
                .events
                .iter()
                .filter_map(|event| message(event).ok());
            deliveries.extend(self.deliver(&target, messages.collect()).await);
        }
        deliveries
    }

    fn message(
        &self,
        vendor: Vendor,
        form: PushForm,
        event: &str,
        order: &str,
    ) -> Result<Message, PushError> {
        match vendor {
            Vendor::Clink => clink::message(self, form, event, order),
            Vendor::Linkbest => linkbest::message(self, form, event, order),
            Vendor::Shopline => shopline::message(self, form, event, order),
        }
    }

    async fn deliver(&self, target: &PushTarget, messages: Vec<Message>) -> Vec<Delivery> {
        let copies = 0..=target.duplicates;
        let mut queue: Vec<(usize, &Message)> = messages
            .iter()
            .flat_map(|message| copies.clone().map(move |copy| (copy, message)))
            .collect();
        if target.disorder {
            self.shuffle(&mut queue);
        }
        let mut deliveries = Vec::new();
        for (copy, message) in queue {
            for attempt in self.attempts(target, message, copy).await {
                locked(&self.pushes.log).push(attempt.clone());
                deliveries.push(attempt);
            }
        }
        deliveries
    }

    /// Sends one message until it is accepted or the schedule ends.
    async fn attempts(&self, target: &PushTarget, message: &Message, copy: usize) -> Vec<Delivery> {
        let waits = target.waits(message.vendor);
        let mut attempts = Vec::new();
        for attempt in 0..=waits.len() {
            if attempt > 0 {
                tokio::time::sleep(waits[attempt - 1]).await;
            }
            let answer = http::send(target, message, &self.headers(message)).await;
            let delivery = Delivery::of(target, message, (copy, attempt + 1), answer);
            let accepted = delivery.accepted;
            attempts.push(delivery);
            if accepted {
                break;
            }
        }
        attempts
    }

    /// The signature is made anew for each attempt.
    fn headers(&self, message: &Message) -> Vec<(&'static str, String)> {
        match message.vendor {
            Vendor::Clink => clink::push_headers(self, message),
            Vendor::Linkbest => Vec::new(),
            Vendor::Shopline => shopline::push_headers(self, message),
        }
    }

    /// Shuffles the queue by the seed. The result always differs from the original order.
    fn shuffle(&self, queue: &mut [(usize, &Message)]) {
        let before: Vec<_> = queue
            .iter()
            .map(|(copy, message)| (*copy, message.id.clone()))
            .collect();
        let mut dice = self.dice("disorder", self.pushes.made.load(Ordering::Relaxed));
        for place in (1..queue.len()).rev() {
            queue.swap(place, dice.below(place as u64 + 1) as usize);
        }
        let same = queue
            .iter()
            .zip(&before)
            .all(|((copy, message), (was, id))| copy == was && message.id == *id);
        if same && queue.len() > 1 {
            queue.rotate_left(1);
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
