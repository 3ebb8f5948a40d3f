//! The client and its builder.

mod builder;

use std::sync::Arc;

use futures_core::Stream;
use futures_util::TryStreamExt;
use orders_core::{Account, Error, PageReader, Reads, Slice, TimeAxis, Walk};
use orders_http::{Call, Engine, Reply};
use orders_wire::Record;
use secrecy::SecretString;
use url::Url;

pub use self::builder::ClientBuilder;
use crate::auth::Credentials;
use crate::envelope::{Row, Rows};
use crate::error::http::check;
use crate::keyed::Keyed;
use crate::orders::{
    self, ORDER_DETAIL, ORDERS_QUERY, Order, OrdersPage, OrdersRange, QueryOrders,
};
use crate::reports::pass::ReportSource;
use crate::reports::{PROGRAM_REPORT, ProgramReport, QueryReport, ReportPage};
use crate::settlements::{
    QuerySettlements, SETTLEMENTS_QUERY, Settlement, SettlementsPage, SettlementsRange,
};
use crate::windows::WindowSource;
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

    /// All orders of a range of any length, each once (and again where it changed meanwhile).
    ///
    /// The range is walked in windows of less than a day that each fit one page of 200; a window that comes back full
    /// is halved and asked again. A single second with more rows is paged forwards to its end and once more backwards,
    /// so that rows that move meanwhile are met on one of the ways. The stream holds one page. An error comes once and
    /// ends it.
    ///
    /// Orders of the last minutes may still be on their way into the vendor's answers: end the range a little before
    /// now, and begin the next where this one ended.
    pub fn stream_orders(
        &self,
        range: &OrdersRange,
    ) -> impl Stream<Item = Result<Record<Order>, Error>> + Send + use<> {
        let slice = Slice::window(Walk::Windows, range.order_field.axis(), range.window);
        let source = WindowSource {
            client: self.clone(),
            range: range.clone(),
        };
        records(PageReader::owned(Arc::new(source), slice))
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

    /// All settlement changes of the orders placed in a range of any length, walked like
    /// [`stream_orders`](Self::stream_orders).
    ///
    /// A change has no id: its whole text tells it from others, and changes of the same text in one answer all come.
    /// Only in a single second with more than 200 changes could two of the same text, on two pages, be taken for one.
    pub fn stream_settlements(
        &self,
        range: &SettlementsRange,
    ) -> impl Stream<Item = Result<Record<Settlement>, Error>> + Send + use<> {
        let slice = Slice::window(Walk::Windows, TimeAxis::Created, range.window);
        let source = WindowSource {
            client: self.clone(),
            range: range.clone(),
        };
        records(PageReader::owned(Arc::new(source), slice))
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

    /// All programs of a report, over all pages; page and page size of `query` are ignored.
    ///
    /// A page with fewer than 200 programs is the last. A program whose numbers change while the report is read may come
    /// again. A vendor that answers the same page twice ends the stream with `Stalled`.
    pub fn stream_report(
        &self,
        query: &QueryReport,
    ) -> impl Stream<Item = Result<Record<ProgramReport>, Error>> + Send + use<> {
        let source = ReportSource {
            client: self.clone(),
            query: query.clone(),
        };
        records(PageReader::owned(Arc::new(source), Slice::pass()))
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

/// The rows of all pages, without their keys.
fn records<S: Reads<Keyed<T>>, T: Send>(
    reader: PageReader<S, Keyed<T>>,
) -> impl Stream<Item = Result<Record<T>, Error>> + Send {
    orders_http::rows(reader).map_ok(|(_, record)| record)
}
