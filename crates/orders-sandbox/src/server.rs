//! The running server.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::http::Uri;
use axum::middleware;
use axum::response::Response;
use chrono::{DateTime, Utc};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::answer;
use crate::builder::SandboxBuilder;
use crate::log::RequestRecord;
use crate::observe::observe;
use crate::socket::{Cut, Sockets};
use crate::truth::TruthOrder;
use crate::vendor::Vendor;
use crate::world::World;
use crate::{clink, control, linkbest, shopline};

/// A running sandbox. It stops when it is dropped.
pub struct Sandbox {
    world: Arc<World>,
    router: Router,
    address: SocketAddr,
    /// Dropping it tells the server to stop.
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Sandbox {
    /// Settings to start from.
    pub fn builder() -> SandboxBuilder {
        SandboxBuilder::new()
    }

    /// Starts with all defaults.
    ///
    /// # Errors
    /// When no port can be bound.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    pub(crate) fn world(&self) -> &World {
        &self.world
    }

    pub(crate) fn router(&self) -> Router {
        self.router.clone()
    }

    pub(crate) async fn serve(world: Arc<World>, port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel::<()>();
        let router = router(Arc::clone(&world));
        let app = router.clone().into_make_service_with_connect_info::<Cut>();
        let task = tokio::spawn(async move {
            let until = async move {
                let _ = stopped.await;
            };
            let _ = axum::serve(Sockets(listener), app)
                .with_graceful_shutdown(until)
                .await;
        });
        Ok(Self {
            world,
            router,
            address,
            stop,
            task,
        })
    }

    /// Stops taking connections and waits until the open requests are answered.
    pub async fn shutdown(self) {
        drop(self.stop);
        let _ = self.task.await;
    }

    /// Where it listens: 127.0.0.1 and its port.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base that Clink's paths (`order`) are joined to. Ends in a slash.
    #[must_use]
    pub fn clink_base_url(&self) -> String {
        format!("http://{}/clink/api/", self.address)
    }

    /// The base that Linkbest's `{APP_KEY}/{SERVICE}` is joined to. Ends in a slash.
    #[must_use]
    pub fn linkbest_base_url(&self) -> String {
        format!("http://{}/linkbest/", self.address)
    }

    /// The base that SHOPLINE's `admin/openapi/{version}/...` is joined to. Ends in a slash.
    #[must_use]
    pub fn shopline_base_url(&self) -> String {
        format!("http://{}/shopline/", self.address)
    }

    /// The secret key for Clink's `X-API-KEY`: invented.
    #[must_use]
    pub fn clink_api_key(&self) -> &str {
        &self.world.keys.clink_api_key
    }

    /// Linkbest's APP_KEY: invented.
    #[must_use]
    pub fn linkbest_app_key(&self) -> &str {
        &self.world.keys.linkbest_app_key
    }

    /// Linkbest's APP_SECRET that requests are signed with: invented.
    #[must_use]
    pub fn linkbest_app_secret(&self) -> &str {
        &self.world.keys.linkbest_app_secret
    }

    /// The access token for SHOPLINE's `Authorization: Bearer`: invented.
    #[must_use]
    pub fn shopline_access_token(&self) -> &str {
        &self.world.keys.shopline_access_token
    }

    /// The handle of the played SHOPLINE store. It stands in the orders' links, not in the sandbox's address.
    #[must_use]
    pub fn shopline_handle(&self) -> &str {
        &self.world.keys.shopline_handle
    }

    /// The ids of all SHOPLINE customers that have orders, each once.
    #[must_use]
    pub fn shopline_customers(&self) -> Vec<String> {
        self.world.shopline().customers()
    }

    /// The times `[from, to)` that cover every `UpdateTime` of Linkbest's orders: whole seconds, five days, and more once
    /// orders have changed.
    #[must_use]
    pub fn linkbest_range(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        self.world.linkbest().range()
    }

    /// Every order of a vendor, in a fixed order: Clink's newest first, Linkbest's by update time and id, SHOPLINE's by
    /// id.
    #[must_use]
    pub fn truth(&self, vendor: Vendor) -> Vec<TruthOrder> {
        self.world.truth(vendor)
    }

    /// How many orders a vendor has.
    #[must_use]
    pub fn count(&self, vendor: Vendor) -> u64 {
        self.world.orders(vendor) as u64
    }

    /// As [`Sandbox::truth`], one order after the other, so that not all have to be held at once. An order that changes
    /// meanwhile comes as it is when its turn comes.
    pub fn visit_truth(&self, vendor: Vendor, visit: impl FnMut(TruthOrder)) {
        self.world.visit_truth(vendor, visit);
    }

    /// The requests answered since the start (or [`Sandbox::reset`]), in the order of the answers: the last 100,000. How
    /// many there were in all is told by `GET /_sandbox/requests`.
    #[must_use]
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.world.log.all()
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

fn router(world: Arc<World>) -> Router {
    Router::new()
        .merge(clink::routes())
        .merge(linkbest::routes())
        .merge(shopline::routes())
        .merge(control::routes())
        .fallback(unknown_path)
        .layer(middleware::from_fn_with_state(Arc::clone(&world), observe))
        .with_state(world)
}

/// A path that no route serves is refused as the vendor it belongs to would.
async fn unknown_path(uri: Uri) -> Response {
    match Vendor::of_path(uri.path()) {
        Some(Vendor::Clink) => clink::unknown_path(),
        Some(Vendor::Linkbest) => linkbest::unknown_path(),
        Some(Vendor::Shopline) => shopline::unknown_path(),
        None => answer::nobodys_path(),
    }
}
