//! What a test can let happen: changes of orders, pushes, time.

use chrono::{DateTime, TimeDelta, Utc};

use crate::change::{Change, ChangeError};
use crate::push::{Delivery, PushError, PushTarget};
use crate::server::Sandbox;
use crate::truth::TruthRefund;
use crate::vendor::Vendor;

/// Changes, pushes and time. Pushing needs a Tokio runtime with its timer enabled.
impl Sandbox {
    /// Lets something happen to an order, by the id that [`crate::TruthOrder`] has for it, at [`Sandbox::virtual_now`].
    /// The truth changes at once. Then every target of [`Sandbox::push_to`] is told, and this waits until each push was
    /// taken or given up; the attempts come back.
    ///
    /// # Errors
    /// An unknown order, and a change that the vendor does not have or that does not fit the state of the order.
    pub async fn change_order(
        &self,
        vendor: Vendor,
        id: &str,
        change: Change,
    ) -> Result<Vec<Delivery>, ChangeError> {
        self.world().change_and_push(vendor, id, change).await
    }

    /// Lets a new order be made at [`Sandbox::virtual_now`], and tells targets as [`Sandbox::change_order`] does. Its id
    /// comes back. Clink: `created`; Linkbest: status 0; SHOPLINE: unpaid and unshipped, of the first customer.
    pub async fn create_order(&self, vendor: Vendor) -> String {
        self.world().create_and_push(vendor).await.0
    }

    /// Registers a target for the pushes of all changes from now on.
    ///
    /// # Errors
    /// A URL that is not on this machine, and a form that is another vendor's.
    pub fn push_to(&self, vendor: Vendor, target: PushTarget) -> Result<(), PushError> {
        self.world().push_to(vendor, target)
    }

    /// Pushes one event about an order as it is now, and waits until it was taken or given up. Events: Clink's event names
    /// (`order.succeeded`, `refund.created`, any other with a body of our own choice); Linkbest's `created`, `confirmed`,
    /// `settled`, `invalidated` (which change nothing in the push) and the test pushes `review` and `review_unsigned`;
    /// SHOPLINE's topics of orders, refunds, fulfillments, order_transactions and customers.
    ///
    /// # Errors
    /// A URL that is not on this machine, another vendor's form, an unknown order, an event with nothing to tell. That
    /// nobody took the push is no error, but stands in what comes back.
    pub async fn push(
        &self,
        vendor: Vendor,
        target: &PushTarget,
        event: &str,
        order: &str,
    ) -> Result<Vec<Delivery>, PushError> {
        self.world().push(vendor, target, &[(event, order)]).await
    }

    /// Pushes several events (each with the id of its order), as [`Sandbox::push`] does one; the target's disorder is among
    /// them.
    ///
    /// # Errors
    /// As [`Sandbox::push`]; then nothing is sent.
    pub async fn push_all(
        &self,
        vendor: Vendor,
        target: &PushTarget,
        events: &[(&str, &str)],
    ) -> Result<Vec<Delivery>, PushError> {
        self.world().push(vendor, target, events).await
    }

    /// Every attempt to deliver a push since the start, in their order.
    #[must_use]
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.world().pushes.deliveries()
    }

    /// The virtual now: the time of new orders and changes. It stands still unless it is moved.
    #[must_use]
    pub fn virtual_now(&self) -> DateTime<Utc> {
        self.world().virtual_now()
    }

    /// Moves the virtual now. SHOPLINE's tokens age with it (10 hours end all but the private one); the timestamps of
    /// requests and the rate limit go by the clock alone.
    ///
    /// With [`crate::SandboxBuilder::life`] the orders live meanwhile, those from the start too, each event at its own
    /// virtual time and in order of time. Clink: paid or failed within a day, some refunded weeks later in part or all.
    /// Linkbest: shipped within days, 0 for one to six weeks, then 1 or (15 of 100) -1, and from 1 to 2 some weeks later.
    /// SHOPLINE: paid within hours or called off, shipped in days, some refunded, put away after weeks. It follows from the
    /// seed, and it does not matter in how many steps time is moved. No push tells of it, and moving back undoes nothing.
    pub fn advance(&self, by: TimeDelta) {
        self.world().advance(by);
    }

    /// Everything as at the start: orders, virtual now, tokens, rate limit, and no faults, races, targets of pushes,
    /// deliveries or requests in the log. Address and credentials stay.
    pub fn reset(&self) {
        self.world().reset();
    }

    /// Ends every SHOPLINE token at once, [`Sandbox::shopline_access_token`] too: only a new one helps.
    pub fn expire_shopline_tokens(&self) {
        self.world().tokens.expire_all();
    }

    /// A code for SHOPLINE's `token/create`, as if a merchant had just authorised the app: good once, for ten minutes.
    #[must_use]
    pub fn shopline_code(&self) -> String {
        self.world().tokens.authorise(self.world().token_now())
    }

    /// SHOPLINE's app key: invented.
    #[must_use]
    pub fn shopline_app_key(&self) -> &str {
        &self.world().keys.shopline_app_key
    }

    /// SHOPLINE's app secret, which signs token calls and pushes: invented.
    #[must_use]
    pub fn shopline_app_secret(&self) -> &str {
        &self.world().keys.shopline_app_secret
    }

    /// The secret that signs Clink's pushes: invented. All of it is the key, its prefix too (inferred).
    #[must_use]
    pub fn clink_webhook_secret(&self) -> &str {
        &self.world().keys.clink_webhook_secret
    }

    /// The secret that signs Linkbest's pushes: invented, and another than the one of requests, as on the twin platform.
    #[must_use]
    pub fn linkbest_push_secret(&self) -> &str {
        &self.world().keys.linkbest_push_secret
    }

    /// Every refund of Clink, which has no list of them: those of the newest order first.
    #[must_use]
    pub fn clink_refunds(&self) -> Vec<TruthRefund> {
        self.world().clink().all_refunds()
    }
}
