//! Requests without a socket, for tests in paused time.

use std::io;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderValue, Request, Response, header};
use tower_service::Service;

use crate::server::Sandbox;
use crate::socket::Cut;

/// Requests in memory.
impl Sandbox {
    /// Answers a request as the server does, without a socket: with the same routes, faults, races and log. The URI may
    /// be absolute or a path; only its path and query count. Only [`crate::Fault::Slow`] waits, so this works in paused
    /// Tokio time (with a [`crate::SandboxBuilder::clock`] that follows it).
    ///
    /// # Errors
    /// Where a client on a socket would not get a whole answer: `ConnectionReset` for [`crate::Fault::Reset`],
    /// `UnexpectedEof` for [`crate::Fault::CutBody`].
    pub async fn handle(&self, request: Request<Bytes>) -> io::Result<Response<Bytes>> {
        let mut request = request.map(Body::from);
        // Here the host stands in the URI. On a socket it comes as a header, and links are built from that.
        let host = request.uri().authority().map(|host| host.to_string());
        let host = host.unwrap_or_else(|| self.address().to_string());
        if let Ok(host) = HeaderValue::try_from(host) {
            request.headers_mut().entry(header::HOST).or_insert(host);
        }
        let cut = Cut::default();
        request.extensions_mut().insert(ConnectInfo(cut.clone()));
        let response = match self.router().call(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await;
        match body {
            _ if cut.is_reset() => Err(io::ErrorKind::ConnectionReset.into()),
            Ok(body) => Ok(Response::from_parts(parts, body)),
            Err(error) => Err(io::Error::new(io::ErrorKind::UnexpectedEof, error)),
        }
    }
}
