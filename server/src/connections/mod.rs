//! Accepting connections, telling apart what is spoken on them, and letting them end.
//!
//! Separate from what is said on them. Written out instead of `axum::serve`, because connections are counted, requests know
//! their far end, a client that never says anything is given up, and one port speaks several protocols: `stream` looks at the
//! first byte, `http` and [`turn`] go on from there.

mod http;
mod stream;
pub(crate) mod turn;

pub(crate) use http::Secure;
pub(crate) use stream::BoxedStream;

use super::gate::{Gate, Peer};
use super::tls::Tls;
use axum::Router;
use core::future::Future;
use core::pin::pin;
use core::time::Duration;
use futures::future::join_all;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use stream::Spoken;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{sleep, timeout};
use turn::TurnStreams;

/// How long a client may take to begin: to say its first byte, and then to finish the head of a request. An idle connection ends
/// after it, too.
const HEAD_DEADLINE: Duration = Duration::from_secs(30);
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

/// What every connection is brought to, wherever it was accepted; clones count together.
#[derive(Clone)]
pub(crate) struct Reception {
    /// What answers requests; where TLS is spoken, those that come by it.
    site: Router,
    /// What answers them where TLS is spoken, and this request came without.
    in_the_clear: Router,
    gate: Gate,
    tls: Option<Tls>,
    turn: Arc<dyn TurnStreams>,
    write: Duration,
    places: Arc<Semaphore>,
}

impl Reception {
    pub(crate) fn new(site: Router, gate: Gate, bounds: Bounds, turn: Arc<dyn TurnStreams>) -> Self {
        let places = Arc::new(Semaphore::new(bounds.connections));
        Self { in_the_clear: site.clone(), site, gate, tls: None, turn, write: bounds.write, places }
    }

    /// Speaks TLS, too; what comes without it is answered by this.
    pub(crate) fn with_tls(self, tls: Tls, in_the_clear: Router) -> Self {
        Self { tls: Some(tls), in_the_clear, site: http::mark_secure(self.site), ..self }
    }
}

/// Serves on all of these alike until `shutdown` is ready, then lets requests end. Sockets that were upgraded are not waited for.
pub(crate) async fn serve<'a>(
    listeners: impl Iterator<Item = &'a TcpListener>,
    reception: Reception,
    shutdown: impl Future<Output = ()>,
) {
    let (stop, stopping) = watch::channel(());
    let accepting = join_all(listeners.map(|listener| accept_all(listener, &reception, &stopping)));
    tokio::select! {
        _ = pin!(accepting) => {}
        () = pin!(shutdown) => {}
    }
    drop(stopping);
    stop.send_replace(());
    if timeout(ENDING, stop.closed()).await.is_err() {
        tracing::info!("some requests did not end in time");
    }
}

async fn accept_all(listener: &TcpListener, reception: &Reception, stopping: &watch::Receiver<()>) {
    loop {
        match accept(listener, &reception.places).await {
            Ok((stream, address, permit)) => {
                if let Ok(place) = reception.gate.connection(address.ip()) {
                    let peer = Peer::new(address, permit, place);
                    tokio::spawn(reception.clone().receive(stream, peer, stopping.clone()));
                }
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                sleep(OUT_OF_DESCRIPTORS).await;
            }
        }
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
    keep_little_unsent(&stream)?;
    Ok((stream, peer, permit))
}

/// On a path that turns narrow, media that the kernel holds are late media: what does not fit waits where it can be dropped.
#[cfg(target_os = "linux")]
fn keep_little_unsent(stream: &TcpStream) -> io::Result<()> {
    /// What the kernel takes beyond what is on its way: a picture or two of a call.
    const UNSENT_BYTES: u32 = 32 * 1024;
    socket2::SockRef::from(stream).set_tcp_notsent_lowat(UNSENT_BYTES)
}

#[cfg(not(target_os = "linux"))]
fn keep_little_unsent(_: &TcpStream) -> io::Result<()> {
    Ok(())
}

impl Reception {
    /// Goes on as the first byte says. A connection that breaks is the client's affair.
    async fn receive(self, stream: TcpStream, peer: Peer, mut stopping: watch::Receiver<()>) {
        let opened = tokio::select! {
            opened = stream::open(stream, self.write, self.tls.as_ref()) => opened,
            _ = stopping.changed() => return,
        };
        match opened {
            None => {}
            Some(Spoken::Http(stream)) => http::converse(stream, self.in_the_clear, peer, stopping).await,
            Some(Spoken::SecureHttp(stream)) => http::converse(stream, self.site, peer, stopping).await,
            Some(Spoken::Turn { stream, is_secure }) => {
                tokio::select! {
                    () = self.turn.serve(stream, peer, is_secure) => {}
                    _ = stopping.changed() => {}
                }
            }
        }
    }
}
