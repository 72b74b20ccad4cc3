//! HTTP on a connection, and the sockets that it becomes.
//!
//! Separate, because it does not matter here whether TLS is around it, except for the mark that requests carry.

use super::HEAD_DEADLINE;
use crate::gate::Peer;
use axum::Router;
use axum::body::Body;
use axum::extract::Request as AxumRequest;
use axum::middleware::map_request;
use core::pin::pin;
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tower::ServiceExt as _;

/// What the head of a request may measure.
const HEAD_BYTES: usize = 32 * 1024;

/// An extension of requests that came by our own TLS. Of others it is not known: a proxy may have ended it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Secure;

/// Marks all requests that come to this site.
pub(super) fn mark_secure(site: Router) -> Router {
    site.layer(map_request(async |mut request: AxumRequest| {
        request.extensions_mut().insert(Secure);
        request
    }))
}

/// Answers requests until the client has no more, or the server stops.
pub(super) async fn converse(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    site: Router,
    peer: Peer,
    mut stopping: watch::Receiver<()>,
) {
    let service = site.map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer.clone());
        request.map(Body::new)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_DEADLINE)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service))
        .with_upgrades();
    let mut connection = pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => {}
        _ = stopping.changed() => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}
