//! What a test can do to a running sandbox: change orders, send pushes, move time.

use chrono::{DateTime, TimeDelta, Utc};

use crate::change::{Change, ChangeError};
use crate::push::{Delivery, PushError, PushTarget};
use crate::server::Sandbox;
use crate::shopline::TruthPayments;
use crate::truth::TruthRefund;
use crate::vendor::Vendor;

/// Changes, pushes and time. Pushing needs a Tokio runtime with its timer enabled.
impl Sandbox {
    /// Changes an order at [`Sandbox::virtual_now`]. The id is the one in [`crate::TruthOrder`]. The truth changes at
    /// once. Then the sandbox pushes the events to every target of [`Sandbox::push_to`], and waits until each push is
    /// accepted or abandoned. Returns all attempts.
    ///
    /// # Errors
    /// An unknown order; a change that this vendor does not have; a change that the state of the order does not allow.
    pub async fn change_order(
        &self,
        vendor: Vendor,
        id: &str,
        change: Change,
    ) -> Result<Vec<Delivery>, ChangeError> {
        self.world().change_and_push(vendor, id, change).await
    }

    /// Creates an order at [`Sandbox::virtual_now`] and pushes the event as [`Sandbox::change_order`] does. Returns the
    /// id. A new order is `created` at Clink, has status 0 at Linkbest, and is unpaid and unshipped at SHOPLINE (of the
    /// first customer).
    pub async fn create_order(&self, vendor: Vendor) -> String {
        self.world().create_and_push(vendor).await.0
    }

    /// Registers a target for the pushes of all later changes.
    ///
    /// # Errors
    /// A URL that is not on this machine; a form of another vendor.
    pub fn push_to(&self, vendor: Vendor, target: PushTarget) -> Result<(), PushError> {
        self.world().push_to(vendor, target)
    }

    /// Pushes one event about an order in its present state, and waits until the push is accepted or abandoned. The
    /// events are: for Clink its event names (`order.succeeded`, `refund.created`, `dispute.created`; any other name
    /// gets an invented body); for Linkbest `created`, `confirmed`, `settled`, `invalidated` (which change nothing in the push) and the
    /// test pushes `review` and `review_unsigned`; for SHOPLINE its topics of orders, refunds, fulfillments,
    /// order_transactions and customers.
    ///
    /// # Errors
    /// A URL that is not on this machine; a form of another vendor; an unknown order; an event for which the order has
    /// nothing to send. A push that nobody accepts is not an error: the attempts show it.
    pub async fn push(
        &self,
        vendor: Vendor,
        target: &PushTarget,
        event: &str,
        order: &str,
    ) -> Result<Vec<Delivery>, PushError> {
        self.world().push(vendor, target, &[(event, order)]).await
    }

    /// Pushes several events, each with the id of its order, as [`Sandbox::push`] does. With [`PushTarget::disorder`]
    /// their order is shuffled.
    ///
    /// # Errors
    /// As [`Sandbox::push`]. On an error nothing is sent.
    pub async fn push_all(
        &self,
        vendor: Vendor,
        target: &PushTarget,
        events: &[(&str, &str)],
    ) -> Result<Vec<Delivery>, PushError> {
        self.world().push(vendor, target, events).await
    }

    /// All attempts to deliver a push since the start, oldest first.
    #[must_use]
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.world().pushes.deliveries()
    }

    /// The virtual now: the time of new orders and of changes. It stands still until [`Sandbox::advance`] moves it.
    #[must_use]
    pub fn virtual_now(&self) -> DateTime<Utc> {
        self.world().virtual_now()
    }

    /// Moves the virtual now. The tokens of SHOPLINE age with it: after 10 hours all but the private one have expired.
    /// The timestamps of requests and the rate limit depend on the clock alone.
    ///
    /// With [`crate::SandboxBuilder::life`] new orders arrive meanwhile and all orders change, each event at its own
    /// virtual time. Clink: an order is paid or fails within a day; some are refunded weeks later, in part or in full.
    /// Linkbest: an order ships within days, keeps status 0 for one to six weeks, then gets 1 or (15 of 100) -1, and
    /// goes from 1 to 2 some weeks later. SHOPLINE: an order is paid or cancelled within hours, ships within days, is
    /// sometimes refunded, and is archived after weeks. All of it follows from the seed: one step of ten days gives the
    /// same orders as ten steps of one day. Nothing is pushed. Moving time back undoes nothing.
    pub fn advance(&self, by: TimeDelta) {
        self.world().advance(by);
    }

    /// Resets the sandbox to its start: orders, virtual now, tokens, rate limit. Removes all faults, races, push
    /// targets, deliveries and logged requests. Address and credentials stay.
    pub fn reset(&self) {
        self.world().reset();
    }

    /// Expires every SHOPLINE token at once, [`Sandbox::shopline_access_token`] too. Requests then need a new token.
    pub fn expire_shopline_tokens(&self) {
        self.world().tokens.expire_all();
    }

    /// A code for SHOPLINE's `token/create`, as if a merchant had just authorised the app. Valid once, for ten minutes.
    #[must_use]
    pub fn shopline_code(&self) -> String {
        self.world().tokens.authorise(self.world().token_now())
    }

    /// SHOPLINE's app key (invented).
    #[must_use]
    pub fn shopline_app_key(&self) -> &str {
        &self.world().keys.shopline_app_key
    }

    /// SHOPLINE's app secret (invented). It signs token calls and pushes.
    #[must_use]
    pub fn shopline_app_secret(&self) -> &str {
        &self.world().keys.shopline_app_secret
    }

    /// The secret (invented) that signs Clink's pushes. The whole text is the key, with its prefix (inferred).
    #[must_use]
    pub fn clink_webhook_secret(&self) -> &str {
        &self.world().keys.clink_webhook_secret
    }

    /// The secret (invented) that signs Linkbest's pushes. As on the twin platform, it is not the secret that signs
    /// requests.
    #[must_use]
    pub fn linkbest_push_secret(&self) -> &str {
        &self.world().keys.linkbest_push_secret
    }

    /// All refunds of Clink, those of the newest order first. Clink itself has no list of refunds.
    #[must_use]
    pub fn clink_refunds(&self) -> Vec<TruthRefund> {
        self.world().clink().all_refunds()
    }

    /// What SHOPLINE Payments has in its books at the virtual now.
    #[must_use]
    pub fn shopline_payments(&self) -> TruthPayments {
        let now = self.virtual_now().timestamp_millis();
        TruthPayments::of(&self.world().shopline(), now)
    }
}
