//! A minimal HTTP/1.1 client: it sends one request to this machine and reads the whole answer.

use std::fmt::Write;
use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::Message;
use super::target::PushTarget;
use super::url::Url;

/// How many bytes of an answer are read.
const LARGEST: usize = 64 * 1024;

/// The part of an answer that matters.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: String,
}

/// Sends a message once. A failure is returned as text, for the log of deliveries.
pub(super) async fn send(
    target: &PushTarget,
    message: &Message,
    headers: &[(&'static str, String)],
) -> Result<Answer, String> {
    let url = Url::read(&target.url).map_err(str::to_owned)?;
    let exchange = exchange(url.address, request(&url, message, headers));
    match tokio::time::timeout(target.timeout, exchange).await {
        Ok(Ok(bytes)) => read(&bytes).ok_or_else(|| "the answer is not HTTP/1.1".to_owned()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("no answer in time".to_owned()),
    }
}

fn request(url: &Url, message: &Message, headers: &[(&'static str, String)]) -> Vec<u8> {
    let mut head = String::new();
    // Writing into a String cannot fail.
    let _ = match message.is_get {
        true => {
            let joint = if url.path.contains('?') { '&' } else { '?' };
            write!(
                head,
                "GET {}{joint}{} HTTP/1.1\r\n",
                url.path, message.payload
            )
        }
        false => write!(
            head,
            "POST {} HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: {}\r\n",
            url.path,
            message.payload.len()
        ),
    };
    let _ = write!(head, "Host: {}\r\nConnection: close\r\n", url.host);
    for (name, value) in headers {
        let _ = write!(head, "{name}: {value}\r\n");
    }
    head.push_str("\r\n");
    if !message.is_get {
        head.push_str(&message.payload);
    }
    head.into_bytes()
}

async fn exchange(address: SocketAddr, request: Vec<u8>) -> io::Result<Vec<u8>> {
    let mut socket = TcpStream::connect(address).await?;
    socket.write_all(&request).await?;
    let mut answer = Vec::new();
    // A server may keep the connection open despite `Connection: close`. Then its `Content-Length` ends the answer.
    while !is_whole(&answer) && answer.len() < LARGEST {
        match socket.read_buf(&mut answer).await {
            Ok(0) => break,
            // A server that answers early and closes may reset the connection while the request is still being sent.
            Err(_) if !answer.is_empty() => break,
            other => other?,
        };
    }
    Ok(answer)
}

/// Whether the body is as long as its `Content-Length`.
fn is_whole(answer: &[u8]) -> bool {
    let text = String::from_utf8_lossy(answer);
    let Some((head, _)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let length = name
            .eq_ignore_ascii_case("content-length")
            .then_some(value)?;
        length.trim().parse::<usize>().ok()
    });
    let start = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n");
    length
        .zip(start)
        .is_some_and(|(length, start)| answer.len() >= start + 4 + length)
}

fn read(answer: &[u8]) -> Option<Answer> {
    let text = String::from_utf8_lossy(answer);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.strip_prefix("HTTP/1.")?.get(2..5)?.parse().ok()?;
    let chunked = head
        .to_ascii_lowercase()
        .contains("transfer-encoding: chunked");
    Some(Answer {
        status,
        body: if chunked {
            joined(body)
        } else {
            body.to_owned()
        },
    })
}

/// The text of a chunked body.
fn joined(mut rest: &str) -> String {
    let mut body = String::new();
    while let Some((size, chunk)) = rest.split_once("\r\n") {
        let size = size.split(';').next().unwrap_or(size);
        let size = usize::from_str_radix(size.trim(), 16).unwrap_or(0);
        let Some(part) = chunk.get(..size).filter(|_| size > 0) else {
            break;
        };
        body.push_str(part);
        rest = chunk.get(size + 2..).unwrap_or_default();
    }
    body
}

/// A value, percent-encoded for a query.
pub(crate) fn encoded(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn reads_whole_and_chunked_answers() {
        let whole = read(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1").unwrap();
        assert_eq!((whole.status, whole.body.as_str()), (200, "1"));
        let chunked =
            b"HTTP/1.1 503 x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n";
        let chunked = read(chunked).unwrap();
        assert_eq!((chunked.status, chunked.body.as_str()), (503, "abcde"));
        assert!(read(b"SSH-2.0").is_none());
        assert!(is_whole(b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n1"));
        for part in [
            "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n1",
            "HTTP/1.1 200 OK\r\n\r\n1",
            "HTTP",
        ] {
            assert!(!is_whole(part.as_bytes()), "{part}");
        }
    }

    #[test]
    fn encodes_what_a_query_cannot_hold() {
        assert_eq!(encoded("a b&c=标~/"), "a%20b%26c%3D%E6%A0%87~%2F");
    }
}
