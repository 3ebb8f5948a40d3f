//! The client and its builder.

mod builder;

use orders_core::{Account, Error};
use orders_http::{Call, Engine, Reply};
use orders_wire::Record;
use secrecy::SecretString;
use url::Url;

pub use self::builder::ClientBuilder;
use crate::auth::Credentials;
use crate::envelope::{Row, Rows};
use crate::error::http::check;
use crate::orders::{self, ORDER_DETAIL, ORDERS_QUERY, Order, OrdersPage, QueryOrders};
use crate::reports::{PROGRAM_REPORT, QueryReport, ReportPage};
use crate::settlements::{QuerySettlements, SETTLEMENTS_QUERY, SettlementsPage};
use crate::{Mapper, Params, VENDOR};

/// Where the API is. Documented; no test environment is.
pub const DEFAULT_BASE_URL: &str = "https://api.linkbest.com/";

/// The documented services for publishers, for errors and spans of raw calls.
const SERVICES: [&str; 6] = [
    ORDERS_QUERY,
    ORDER_DETAIL,
    SETTLEMENTS_QUERY,
    "linkbest.open-service.stores.plans.get",
    PROGRAM_REPORT,
    "linkbest.service.links.post",
];

/// A client of one Linkbest account. Cheap to clone; clones share the rate limit.
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) account: Account,
    pub(crate) mapper: Mapper,
    engine: Engine,
    base: Url,
    credentials: Credentials,
}

impl Client {
    /// A builder with app key and app secret.
    pub fn builder(
        app_key: impl Into<String>,
        app_secret: impl Into<SecretString>,
    ) -> ClientBuilder {
        ClientBuilder::new(app_key.into(), app_secret.into())
    }

    /// A client with the default settings.
    ///
    /// # Errors
    /// `Config`, where key or secret cannot be one.
    pub fn new(
        app_key: impl Into<String>,
        app_secret: impl Into<SecretString>,
    ) -> Result<Self, Error> {
        Self::builder(app_key, app_secret).build()
    }

    /// One page of orders. A read: it is tried again where that makes sense.
    ///
    /// A window with more rows than its page holds has further pages; there is no total. While orders change, rows move
    /// between pages and some are lost: [`stream_orders`](Self::stream_orders) walks windows that fit one page instead.
    ///
    /// # Errors
    /// `InvalidRequest` where the query breaks a stated rule (nothing is sent); the vendor's failure, also one under
    /// HTTP 200; `Decode` with the JSON path.
    pub async fn query_orders(&self, query: &QueryOrders) -> Result<OrdersPage, Error> {
        let params = checked(ORDERS_QUERY, query.check().map(|()| query.params()))?;
        self.read_rows(ORDERS_QUERY, &params).await
    }

    /// One order as it is now, by its program and its number at the merchant: the vendor finds none by its id.
    ///
    /// # Errors
    /// `InvalidRequest` where one of them is empty (nothing is sent); `NotFound` where the vendor does not have the order;
    /// else as [`query_orders`](Self::query_orders).
    pub async fn get_order(
        &self,
        program_id: &str,
        order_sn: &str,
    ) -> Result<Record<Order>, Error> {
        let params = checked(ORDER_DETAIL, orders::params(program_id, order_sn))?;
        let read = |reply: &Reply| orders::single(check(reply)?.rows(reply.body())?);
        self.run(&reading(ORDER_DETAIL), ORDER_DETAIL, &params, read)
            .await
    }

    /// One page of settlement changes. A window with more rows than its page holds has further pages; there is no total.
    ///
    /// # Errors
    /// As [`query_orders`](Self::query_orders).
    pub async fn query_settlements(
        &self,
        query: &QuerySettlements,
    ) -> Result<SettlementsPage, Error> {
        let params = checked(SETTLEMENTS_QUERY, query.check().map(|()| query.params()))?;
        self.read_rows(SETTLEMENTS_QUERY, &params).await
    }

    /// One page of the report by program: clicks and orders of at most 31 days. Its order count is the number to verify a
    /// pull by creation time against.
    ///
    /// # Errors
    /// As [`query_orders`](Self::query_orders).
    pub async fn query_report(&self, query: &QueryReport) -> Result<ReportPage, Error> {
        let params = checked(PROGRAM_REPORT, query.check().map(|()| query.params()))?;
        self.read_rows(PROGRAM_REPORT, &params).await
    }

    /// Any service, signed, tried again and checked like the others. `Timestamp` is added (and replaced) here. The reply is
    /// given as it came, if its HTTP status and its `Status` say success.
    ///
    /// A service whose name ends in `.get` is taken for a read, and tried again where that makes sense; any other only
    /// where the request was never sent.
    ///
    /// # Errors
    /// As [`query_orders`](Self::query_orders); nothing is decoded but the failure. An error about a service that is
    /// not documented is headed `raw call`.
    pub async fn call(&self, service: &str, params: &Params) -> Result<Reply, Error> {
        let documented = SERVICES.into_iter().find(|known| *known == service);
        let call = Call {
            endpoint: documented.unwrap_or("raw call"),
            retry_safe: service.ends_with(".get"),
        };
        let read = |reply: &Reply| check(reply).map(|_| reply.clone());
        self.run(&call, service, params, read).await
    }

    async fn read_rows<T: Row, P: From<Rows<T>>>(
        &self,
        service: &'static str,
        params: &Params,
    ) -> Result<P, Error> {
        let read = |reply: &Reply| check(reply)?.rows(reply.body()).map(P::from);
        self.run(&reading(service), service, params, read).await
    }

    async fn run<T>(
        &self,
        call: &Call,
        service: &str,
        params: &Params,
        read: impl Fn(&Reply) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        let build = |attempt: orders_http::Attempt| {
            self.credentials
                .request(&self.base, service, params, attempt.now)
        };
        self.engine.run(call, build, read).await
    }
}

/// A typed call: all of them read, so all may be tried again.
fn reading(service: &'static str) -> Call {
    Call {
        endpoint: service,
        retry_safe: true,
    }
}

/// The parameters of a query that keeps the stated rules.
fn checked(service: &'static str, params: Result<Params, Error>) -> Result<Params, Error> {
    params.map_err(|error| error.at(VENDOR, service))
}
