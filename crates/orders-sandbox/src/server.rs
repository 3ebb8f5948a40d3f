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
use crate::caller::only_from_here;
use crate::log::RequestRecord;
use crate::observe::observe;
use crate::socket::{Cut, Sockets};
use crate::truth::TruthOrder;
use crate::vendor::Vendor;
use crate::world::World;
use crate::{clink, control, linkbest, shopline};

/// A running sandbox. Dropping it stops it.
pub struct Sandbox {
    world: Arc<World>,
    router: Router,
    address: SocketAddr,
    /// Dropping this stops the server.
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Sandbox {
    /// The settings, with their defaults.
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
        let app = router
            .clone()
            .layer(middleware::from_fn(only_from_here))
            .into_make_service_with_connect_info::<Cut>();
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

    /// Accepts no more connections, and waits until the open requests are answered.
    pub async fn shutdown(self) {
        drop(self.stop);
        let _ = self.task.await;
    }

    /// The address of the server: 127.0.0.1 and the port.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base URL for Clink's paths (`order`). Ends with a slash.
    #[must_use]
    pub fn clink_base_url(&self) -> String {
        format!("http://{}/clink/api/", self.address)
    }

    /// The base URL for Linkbest's `{APP_KEY}/{SERVICE}`. Ends with a slash.
    #[must_use]
    pub fn linkbest_base_url(&self) -> String {
        format!("http://{}/linkbest/", self.address)
    }

    /// The base URL for SHOPLINE's `admin/openapi/{version}/...`. Ends with a slash.
    #[must_use]
    pub fn shopline_base_url(&self) -> String {
        format!("http://{}/shopline/", self.address)
    }

    /// The secret key for Clink's `X-API-KEY` (invented).
    #[must_use]
    pub fn clink_api_key(&self) -> &str {
        &self.world.keys.clink_api_key
    }

    /// Linkbest's APP_KEY (invented).
    #[must_use]
    pub fn linkbest_app_key(&self) -> &str {
        &self.world.keys.linkbest_app_key
    }

    /// Linkbest's APP_SECRET (invented). It signs requests.
    #[must_use]
    pub fn linkbest_app_secret(&self) -> &str {
        &self.world.keys.linkbest_app_secret
    }

    /// The access token for SHOPLINE's `Authorization: Bearer` (invented).
    #[must_use]
    pub fn shopline_access_token(&self) -> &str {
        &self.world.keys.shopline_access_token
    }

    /// The handle of the SHOPLINE store. It appears in links inside orders, not in the sandbox's address.
    #[must_use]
    pub fn shopline_handle(&self) -> &str {
        &self.world.keys.shopline_handle
    }

    /// The ids of all SHOPLINE customers with orders, each once.
    #[must_use]
    pub fn shopline_customers(&self) -> Vec<String> {
        self.world.shopline().customers()
    }

    /// The range `[from, to)` that covers every `UpdateTime` of Linkbest's orders, in whole seconds. It is five days
    /// long, and grows when orders change.
    #[must_use]
    pub fn linkbest_range(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        self.world.linkbest().range()
    }

    /// Every order of a vendor, in a fixed order. Clink: newest first. Linkbest: by update time and id. SHOPLINE: by
    /// id.
    #[must_use]
    pub fn truth(&self, vendor: Vendor) -> Vec<TruthOrder> {
        self.world.truth(vendor)
    }

    /// The number of orders of a vendor.
    #[must_use]
    pub fn count(&self, vendor: Vendor) -> u64 {
        self.world.count(vendor) as u64
    }

    /// As [`Sandbox::truth`], one order at a time, so that they need not all fit in memory. If an order changes
    /// meanwhile, it is passed as it is when its turn comes.
    pub fn visit_truth(&self, vendor: Vendor, visit: impl FnMut(TruthOrder)) {
        self.world.visit_truth(vendor, visit);
    }

    /// The requests answered since the start (or since [`Sandbox::reset`]), in the order of the answers. The last
    /// 100,000 are kept; `GET /_sandbox/requests` shows how many there were in all.
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

/// Refuses a path without a route as the vendor of that path would.
async fn unknown_path(uri: Uri) -> Response {
    match Vendor::of_path(uri.path()) {
        Some(Vendor::Clink) => clink::unknown_path(),
        Some(Vendor::Linkbest) => linkbest::unknown_path(),
        Some(Vendor::Shopline) => shopline::unknown_path(),
        None => answer::nobodys_path(),
    }
}
