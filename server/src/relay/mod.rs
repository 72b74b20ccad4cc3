//! STUN and TURN in this process: the sockets of the [`relay`] crate, and what browsers are told of it.
//!
//! In reading order: `options` is what the owner decides; `access` what browsers are told; `service` the relay between its
//! roads, `udp` and `streams`.

mod access;
mod options;
mod service;
mod streams;
mod udp;

pub(crate) use access::{Access, Doors};
pub use options::{RelayConfig, RelayHost, RelayOptions, SharedSecret, TurnUrl};
pub(crate) use service::Service;

use core::net::SocketAddr;
use core::time::Duration;
use relay::Limits;
use std::io;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::UdpSocket;
use tokio::time::{MissedTickBehavior, interval};

/// Between two looks for what has run out.
const TICK: Duration = Duration::from_secs(1);

/// The relay of a server; clones are handles of the same.
#[derive(Debug, Clone)]
pub(crate) struct TurnServer(Arc<Service>);

impl TurnServer {
    /// Takes sockets that are bound.
    ///
    /// # Errors
    /// When the system does not let them be set up.
    pub(crate) fn new(access: &Access, limits: Limits, sockets: Vec<UdpSocket>) -> io::Result<Self> {
        let sockets = sockets.into_iter().map(udp::Socket::new).collect::<io::Result<Vec<_>>>()?;
        Ok(Self(Arc::new(Service::new(access, limits, sockets))))
    }

    /// Serves the sockets, for ever.
    pub(crate) async fn run(&self, access: &Access) {
        let workers = (0..self.0.sockets().len()).map(|number| udp::Worker::start(&self.0, number));
        let _workers: Vec<_> = workers
            .filter_map(|worker| worker.inspect_err(|error| tracing::error!(%error, "no relay over UDP")).ok())
            .collect();
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            self.0.advance();
            access.tidy();
        }
    }

    /// Serves a client on a stream, until it ends.
    pub(crate) async fn serve<S>(&self, stream: S, remote: SocketAddr, secure: bool)
    where
        S: AsyncRead + AsyncWrite + Send + Unpin,
    {
        streams::serve(&self.0, stream, remote, secure).await;
    }

    /// Counts what there is and what was.
    pub(crate) fn figures(&self) -> relay::Figures {
        self.0.figures()
    }
}
