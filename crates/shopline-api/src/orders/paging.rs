//! What every list with a cursor has in common: where its pages begin, how long they are, and the stream over them.

use orders_core::Error;

use super::filters::broken;

/// The parameters of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Paging {
    pub(crate) fields: Option<String>,
    pub(crate) limit: Option<u32>,
    pub(crate) page_info: Option<String>,
    pub(crate) since_id: Option<String>,
}

impl Paging {
    /// The rules that every list has; a page holds `most` at most.
    pub(crate) fn check(&self, most: u32, endpoint: &'static str) -> Result<(), Error> {
        if self.limit.is_some_and(|limit| !(1..=most).contains(&limit)) {
            return Err(broken(&format!("limit must be 1 to {most}"), endpoint));
        }
        if self.page_info.as_deref() == Some("") {
            let rule = "page_info is empty: leave it out for the first page";
            return Err(broken(rule, endpoint));
        }
        if self.page_info.is_some() && self.since_id.is_some() {
            let rule = "since_id is for the first page only: beside page_info it is ignored";
            return Err(broken(rule, endpoint));
        }
        Ok(())
    }

    /// The query parameters, under the vendor's names.
    pub(crate) fn parameters(&self) -> [(&'static str, Option<String>); 4] {
        [
            ("fields", self.fields.clone()),
            ("limit", self.limit.map(|limit| limit.to_string())),
            ("page_info", self.page_info.clone()),
            ("since_id", self.since_id.clone()),
        ]
    }
}

#[cfg(feature = "client")]
pub(crate) use pages::{CursorPages, ListRequest};

#[cfg(feature = "client")]
mod pages {
    use std::sync::Arc;

    use async_trait::async_trait;
    use bytes::Bytes;
    use orders_core::{Cursor, Error, Page, Slice, Walk};
    use orders_http::Endpoint;
    use orders_reader::{PageSource, RowKey, RowStream};
    use orders_wire::Record;

    use super::Paging;
    use crate::VENDOR;
    use crate::client::Client;

    /// A request for a list with a cursor.
    pub(crate) trait ListRequest: Clone + Send + Sync + 'static {
        /// What a row of the list is.
        type Row: Send + Sync + 'static;
        /// Where the list is.
        const ENDPOINT: Endpoint;
        /// How many rows a page holds at most. Streams request as many.
        const MAX_LIMIT: u32;

        /// The parameters of the page.
        fn paging(&mut self) -> &mut Paging;

        /// The id of a row.
        fn id(row: &Self::Row) -> Option<&str>;

        /// The values in the path.
        fn values(&self) -> Vec<&str> {
            Vec::new()
        }

        /// The query parameters, if the request keeps the rules.
        fn query(&self) -> Result<Vec<(&'static str, String)>, Error>;

        /// Reads the body of a page.
        fn decode(body: &Bytes) -> Result<crate::Page<Self::Row>, Error>;
    }

    impl Client {
        /// The page that is requested.
        pub(crate) async fn page<R: ListRequest>(
            &self,
            request: &R,
        ) -> Result<crate::Page<R::Row>, Error> {
            let query = request.query()?;
            self.list(
                R::ENDPOINT,
                &request.values(),
                &query,
                Bytes::new(),
                R::decode,
            )
            .await
        }
    }

    /// The pages of a list.
    #[derive(Debug)]
    pub(crate) struct CursorPages<R> {
        pub(crate) client: Client,
        pub(crate) request: R,
    }

    impl<R: ListRequest> CursorPages<R> {
        /// All rows from the request's own page on.
        pub(crate) fn stream(client: &Client, request: &R) -> RowStream<Record<R::Row>> {
            let pages = Self {
                client: client.clone(),
                request: request.clone(),
            };
            RowStream::new(Arc::new(pages), Slice::everything(Walk::Cursor))
        }

        /// The page at a cursor, or the request's own.
        pub(crate) async fn page(
            &self,
            cursor: Option<&Cursor>,
        ) -> Result<Page<Record<R::Row>>, Error> {
            let mut request = self.request.clone();
            let paging = request.paging();
            let limit = *paging.limit.get_or_insert(R::MAX_LIMIT);
            if let Some(cursor) = cursor {
                paging.page_info = Some(cursor.as_str().to_owned());
                paging.since_id = None;
            }
            let page = self.client.page(&request).await?;
            let full = page.sent >= limit as usize;
            Ok(Page::from(page).with_full(full))
        }
    }

    #[async_trait]
    impl<R: ListRequest> PageSource<Record<R::Row>> for CursorPages<R> {
        async fn read_page(
            &self,
            _: &Slice,
            cursor: Option<&Cursor>,
        ) -> Result<Page<Record<R::Row>>, Error> {
            self.page(cursor).await
        }

        fn request(&self) -> String {
            // Not its `Debug`, which hides filters that hold personal data.
            let query = self.request.query().unwrap_or_default();
            format!("{:?} {query:?}", self.request.values())
        }

        fn describe(&self, error: Error) -> Error {
            error.at(VENDOR, R::ENDPOINT.name)
        }

        fn key(&self, record: &Record<R::Row>) -> RowKey {
            let id = R::id(&record.value).unwrap_or_default();
            RowKey::new(id, record.raw.as_str().as_bytes())
        }
    }
}
