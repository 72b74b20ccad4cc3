//! One HTTP request on one connection.
//!
//! Separate, because a client library that keeps connections, follows redirects and reads proxies from the environment would
//! hide just what is to be seen here.

use super::target::{Stream, silence};
use axum::body::{Body, to_bytes};
use core::time::Duration;
use http::{HeaderMap, Request, StatusCode};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use std::io;
use tokio::time::timeout;

/// A page is rendered in milliseconds, a room is written to a disk.
const PATIENCE: Duration = Duration::from_secs(10);
/// No answer of ours is larger.
const MOST: usize = 1024 * 1024;

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    /// Its status.
    pub(crate) status: StatusCode,
    /// Its headers.
    pub(crate) headers: HeaderMap,
    /// Its text.
    pub(crate) body: String,
}

impl Answer {
    /// Returns a header, or nothing.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// Asks, and reads the whole answer.
///
/// # Errors
/// What broke, and that nothing came in time.
pub(crate) async fn ask(stream: Stream, request: Request<Body>) -> io::Result<Answer> {
    timeout(PATIENCE, exchange(stream, request)).await.map_err(|_| silence())?
}

async fn exchange(stream: Stream, request: Request<Body>) -> io::Result<Answer> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(io::Error::other)?;
    let driver = tokio::spawn(connection);
    let answer = sender.send_request(request).await.map_err(io::Error::other)?;
    let (head, body) = answer.into_parts();
    let body = to_bytes(Body::new(body), MOST).await.map_err(io::Error::other)?;
    driver.abort();
    Ok(Answer { status: head.status, headers: head.headers, body: String::from_utf8_lossy(&body).into_owned() })
}
