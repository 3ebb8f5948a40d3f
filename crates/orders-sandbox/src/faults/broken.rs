//! Answers that are cut off.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use futures_core::Stream;

use super::whole;

/// Sends half of the body under the `Content-Length` of all of it, then ends the connection.
pub(super) async fn half(response: Response) -> Response {
    let (mut parts, body) = whole(response).await;
    let length = HeaderValue::from(body.len());
    parts.headers.insert(header::CONTENT_LENGTH, length);
    let half = body.slice(..body.len() / 2);
    Response::from_parts(parts, Body::from_stream(Breaking::after(half)))
}

/// Ends the connection before the first byte of the answer.
pub(super) fn nothing() -> Response {
    Response::new(Body::from_stream(Breaking(VecDeque::from([Step::Break]))))
}

/// A body that ends with an error.
struct Breaking(VecDeque<Step>);

enum Step {
    Send(Bytes),
    /// Gives the server time to send what it has.
    Wait,
    Break,
}

impl Breaking {
    fn after(bytes: Bytes) -> Self {
        Self(VecDeque::from([Step::Send(bytes), Step::Wait, Step::Break]))
    }
}

impl Stream for Breaking {
    type Item = io::Result<Bytes>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match self.get_mut().0.pop_front() {
            Some(Step::Send(bytes)) => Poll::Ready(Some(Ok(bytes))),
            Some(Step::Wait) => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Some(Step::Break) => Poll::Ready(Some(Err(io::Error::other("broken on purpose")))),
            None => Poll::Ready(None),
        }
    }
}
