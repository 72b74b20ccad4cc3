//! Accepting connections, and letting them end.
//!
//! Separate from what is said on them. Written out instead of `axum::serve`, because connections are counted, requests know
//! their far end, and a client that never finishes its headers is given up.

use super::gate::{Gate, Peer};
use axum::Router;
use axum::body::Body;
use core::future::Future;
use core::pin::{Pin, pin};
use core::time::Duration;
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt as _;

/// How long the head of a request may take; an idle connection ends after it, too.
const HEAD_DEADLINE: Duration = Duration::from_secs(30);
/// What the head of a request may measure.
const HEAD_BYTES: usize = 32 * 1024;
/// Between two attempts to accept, when the system has no descriptors left.
const OUT_OF_DESCRIPTORS: Duration = Duration::from_millis(50);
/// How long a client may take nothing of an answer that is being written; conversations on sockets are less patient.
pub(crate) const WRITE_DEADLINE: Duration = Duration::from_secs(30);
/// How long requests may take to end once the server stops.
const ENDING: Duration = Duration::from_secs(2);

/// What connections are held to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    /// How many there may be at once.
    pub(crate) connections: usize,
    /// How long a client may take nothing of what is written.
    pub(crate) write: Duration,
}

/// Serves until `shutdown` is ready, then lets requests end. Sockets that were upgraded are not waited for.
pub(crate) async fn serve(
    listener: &TcpListener,
    router: Router,
    gate: &Gate,
    bounds: Bounds,
    turn: &super::relay::TurnServer,
    shutdown: impl Future<Output = ()>,
) {
    let (stop, stopping) = watch::channel(());
    let places = Arc::new(Semaphore::new(bounds.connections));
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            accepted = accept(listener, &places) => accepted,
            () = &mut shutdown => break,
        };
        match accepted {
            Ok((stream, peer, permit)) => {
                if let Ok(place) = gate.connection(peer.ip()) {
                    let mut first = [0];
                    if stream.peek(&mut first).await.is_ok() && ::relay::framing::is_turn(first[0]) {
                        let turn = turn.clone();
                        tokio::spawn(async move {
                            turn.serve(stream, peer, false).await;
                            drop((permit, place));
                        });
                        continue;
                    }
                    let peer = Peer::new(peer, permit, place);
                    let mut stream = TimeoutStream::new(stream);
                    stream.set_write_timeout(Some(bounds.write));
                    tokio::spawn(converse(Box::pin(stream), peer, router.clone(), stopping.clone()));
                }
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                sleep(OUT_OF_DESCRIPTORS).await;
            }
        }
    }
    drop(stopping);
    stop.send_replace(());
    if timeout(ENDING, stop.closed()).await.is_err() {
        tracing::info!("some requests did not end in time");
    }
}

/// Waits for a free place first: what has none waits in the system's queue.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> io::Result<(TcpStream, SocketAddr, Option<OwnedSemaphorePermit>)> {
    let permit = Arc::clone(places).acquire_owned().await.ok();
    let (stream, peer) = listener.accept().await?;
    stream.set_nodelay(true)?;
    Ok((stream, peer, permit))
}

async fn converse(
    stream: Pin<Box<TimeoutStream<TcpStream>>>,
    peer: Peer,
    router: Router,
    mut stopping: watch::Receiver<()>,
) {
    let service = router.map_request(move |mut request: Request<Incoming>| {
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
    // A connection that breaks is the client's affair.
    tokio::select! {
        _ = connection.as_mut() => {}
        _ = stopping.changed() => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}
