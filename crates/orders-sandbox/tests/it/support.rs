//! A plain HTTP caller, and how raw orders are cut out of a page.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use orders_sandbox::{Sandbox, Vendor};
use serde_json::value::RawValue;

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// The orders under `key`, as the text they stand as.
    pub(crate) fn raw(&self, key: &str) -> Vec<String> {
        let members: BTreeMap<String, &RawValue> = serde_json::from_str(&self.body).unwrap();
        let rows: Vec<&RawValue> = serde_json::from_str(members[key].get()).unwrap();
        rows.into_iter().map(|row| row.get().to_owned()).collect()
    }
}

pub(crate) fn http() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

pub(crate) async fn send(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let headers = response.headers().clone();
    Answer {
        status: response.status().as_u16(),
        content_type: headers
            .get("content-type")
            .map_or_else(String::new, |kind| kind.to_str().unwrap().to_owned()),
        headers,
        body: response.text().await.unwrap(),
    }
}

pub(crate) fn now_ms() -> i64 {
    i64::try_from(
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .as_millis(),
    )
    .unwrap()
}

/// Holds what was pulled against the truth: by content, each once, in any order.
pub(crate) fn assert_is_truth(sandbox: &Sandbox, vendor: Vendor, mut pulled: Vec<String>) {
    let mut truth: Vec<String> = sandbox
        .truth(vendor)
        .into_iter()
        .map(|order| order.json)
        .collect();
    pulled.sort_unstable();
    truth.sort_unstable();
    assert_eq!(pulled.len(), truth.len(), "{vendor}");
    assert!(
        pulled == truth,
        "{vendor}: the same number of orders, but not the same bytes"
    );
}
