//! A user's server that takes pushes and writes down what came.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use tokio::net::TcpListener;

/// One push as it came.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .unwrap_or_else(|| panic!("no header {name}: {:?}", self.headers))
            .to_str()
            .unwrap()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

/// Answers with each of these in turn, and with the last one from then on.
pub(crate) struct Receiver {
    pub(crate) url: String,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Receiver {
    pub(crate) async fn start(answers: &[(u16, &'static str)]) -> Self {
        let answers = answers.to_vec();
        let received = Arc::new(Mutex::new(Vec::new()));
        let into = Arc::clone(&received);
        let take = async move |method: Method, uri: Uri, headers: HeaderMap, body: Bytes| {
            let mut received = into.lock().unwrap();
            let (status, body_of_answer) = answers[received.len().min(answers.len() - 1)];
            received.push(Received {
                method,
                uri,
                headers,
                body: String::from_utf8(body.to_vec()).unwrap(),
            });
            (StatusCode::from_u16(status).unwrap(), body_of_answer)
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        tokio::spawn(async move {
            axum::serve(listener, Router::new().fallback(take))
                .await
                .unwrap();
        });
        Self { url, received }
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }
}
