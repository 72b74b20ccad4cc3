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
pub use options::{Halved, RelayConfig, RelayHost, RelayOptions, SharedSecret, TurnUrl};
pub(crate) use service::Service;

use crate::connections::BoxedStream;
use crate::connections::turn::TurnStreams;
use crate::gate::Peer;
use core::future::pending;
use core::time::Duration;
use futures::future::{BoxFuture, select_all};
use relay::Limits;
use std::io;
use std::sync::Arc;
use tokio::net::UdpSocket;
use tokio::time::{MissedTickBehavior, interval};

/// Between two looks for what has run out.
const TICK: Duration = Duration::from_secs(1);
/// So many of them are between two looks for rooms that are gone.
const TIDY: u64 = 60;

/// The relay of a server; clones are handles of the same.
#[derive(Debug, Clone)]
pub(crate) struct TurnServer(Arc<Service>);

impl TurnServer {
    /// Takes sockets that are bound.
    ///
    /// # Errors
    /// When the system does not let them be set up.
    pub(crate) fn new(
        access: &Access,
        limits: Limits,
        sockets: impl IntoIterator<Item = UdpSocket>,
    ) -> io::Result<Self> {
        let sockets = sockets.into_iter().map(udp::Socket::new).collect::<io::Result<Vec<_>>>()?;
        Ok(Self(Arc::new(Service::new(access, limits, sockets))))
    }

    /// Serves the sockets. Ends only when that can go on no longer, which it says: whoever watches the process starts it anew.
    pub(crate) async fn run(&self, access: &Access) {
        let workers = (0..self.0.sockets().len()).map(|number| udp::Worker::start(&self.0, number));
        let mut workers = match workers.collect::<io::Result<Vec<_>>>() {
            Ok(workers) => workers,
            Err(error) => return tracing::error!(%error, "the relay over UDP cannot begin"),
        };
        let ended = async {
            match workers.as_mut_slice() {
                [] => pending().await,
                workers => drop(select_all(workers.iter_mut().map(|worker| Box::pin(worker.ended()))).await),
            }
        };
        tokio::select! {
            () = self.keep_time(access) => {}
            () = ended => tracing::error!("the relay over UDP has ended"),
        }
    }

    async fn keep_time(&self, access: &Access) {
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        for count in 0_u64.. {
            ticks.tick().await;
            self.0.advance(access);
            if count.is_multiple_of(TIDY) {
                access.tidy();
            }
        }
    }

    /// Counts what there is and what was.
    pub(crate) fn figures(&self) -> relay::Figures {
        self.0.figures()
    }
}

impl TurnStreams for TurnServer {
    fn serve(&self, stream: BoxedStream, peer: Peer, is_secure: bool) -> BoxFuture<'static, ()> {
        let service = Arc::clone(&self.0);
        Box::pin(async move { streams::serve(&service, stream, peer, is_secure).await })
    }
}
