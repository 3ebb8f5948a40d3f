//! What surrounds a body: the header that leads to the next page, and what an error shows of an answer.

use std::sync::Arc;

use bytes::Bytes;
use orders_http::testing::MemoryTransport;
use orders_http::{ClientOptions, redact};
use shopline_api::orders::ListOrders;

use super::in_time::ended;
use crate::Result;

/// A page whose link header is this text, read by the client: a next page, the end, or an error.
pub(super) fn link(text: &Bytes) -> Result<usize> {
    let Ok(value) = http::HeaderValue::from_bytes(text) else {
        return Ok(0);
    };
    let mut answer = http::Response::new(Bytes::from_static(b"{\"orders\":[]}"));
    answer.headers_mut().insert(http::header::LINK, value);
    let page = ended(async {
        let transport = MemoryTransport::new();
        transport.respond(answer);
        let options = ClientOptions::new()
            .transport(Arc::new(transport))
            .no_rate_limit();
        let client = shopline_api::Client::builder("tea", "token")
            .options(options)
            .build()?;
        client.list_orders(&ListOrders::new()).await
    })?;
    Ok(page.is_ok().into())
}

/// So many characters are shown.
const SHOWN: usize = 80;

/// One bounded line, whatever it is made from.
pub(super) fn excerpt(body: &Bytes) -> Result<usize> {
    let line = redact::excerpt(body, SHOWN);
    let length = line.chars().count();
    let end = format!("… ({} bytes)", body.len());
    if line.chars().any(char::is_control) {
        return Err(format!("a control character: {line:?}"));
    }
    match length > SHOWN && (!line.ends_with(&end) || length > SHOWN + end.chars().count()) {
        true => Err(format!("{length} characters: {line:?}")),
        false => Ok(1),
    }
}
