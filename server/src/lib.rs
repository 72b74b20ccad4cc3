//! The process around the rooms: what listens, who is let in, which answer carries which header.
//!
//! In reading order: [`config`] is what the owner decides; `listen` and `connections` accept, [`tls`] secures; `router` is the map of the
//! site, `metrics` what it counts; `same_origin`, `gate` and `security_headers` are what every request passes; `site`, `secrets` and
//! `world` are what is around. [`sockets`] come from systemd; [`advice`] is what can be said from inside at the start, [`doctor`] looks from
//! outside, [`health`] asks whether there is a server at all.

mod address;
pub mod advice;
mod allowance;
pub mod config;
mod connections;
pub mod doctor;
mod gate;
pub mod health;
mod language;
mod listen;
mod metrics;
mod no_room;
mod reach;
mod relay;
mod router;
mod same_origin;
mod secrets;
mod security_headers;
mod site;
pub mod sockets;
mod store;
pub mod tls;
mod to_https;
mod trace;
mod world;

pub use self::relay::{Halved, RelayConfig, RelayHost, RelayOptions, SharedSecret, TurnUrl};
pub use address::{Network, ProxyHeader, TrustedProxies};
pub use allowance::PerMinute;
pub use config::{ClientLimits, Command, Config, Options, Unfit};
pub use listen::{CannotListen, Listeners};
pub use same_origin::PublicUrl;
pub use secrets::Secrets;
pub use site::{NoSite, Site};

use self::relay::{Access, TurnServer};
use axum::middleware::from_fn_with_state;
use connections::{Bounds, Reception};
use core::future::Future;
use core::time::Duration;
use gate::Gate;
use signaling::identity::RelayGeneration;
use signaling::rooms::Rooms;
use signaling::time::Moment;
use std::io;
use std::sync::Arc;
use store::Store;
use tls::Tls;
use to_https::to_https;
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};
use world::RealWorld;

/// Between two looks for what is due in the rooms.
const TICK: Duration = Duration::from_millis(200);
/// How long the sockets may take to hear that the server stops.
const LAST_WORDS: Duration = Duration::from_millis(300);

/// Serves on these sockets until `shutdown` is ready; then says so in the rooms, lets requests end, and returns.
///
/// # Errors
/// The system's, when a socket cannot be set up, or a secret neither be read nor made.
pub async fn run(
    listeners: impl Into<Listeners>,
    config: Config,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let mut listeners = listeners.into();
    let doors = listeners.doors(config.tls.as_ref())?;
    let generation = RelayGeneration(world::random() as u32);
    let access = Access::new(&config.relay, relay_secret(&config.secrets)?.as_bytes(), doors, generation);
    let rooms = open_rooms(&config, &access);
    access.open(&rooms);
    let turn = TurnServer::new(&access, config.relay.limits, listeners.udp.take())?;
    let gate = Gate::new(&config.limits);
    let router = router::router(&config, &rooms, &turn, gate.clone());
    let bounds = Bounds { connections: config.limits.open_in_all.get(), write: config.write_deadline };
    let mut reception = Reception::new(router.clone(), gate, bounds, Arc::new(turn.clone()));
    if let Some(tls) = config.tls.clone() {
        let in_the_clear = router.layer(from_fn_with_state(config.public_url.clone(), to_https));
        reception = reception.with_tls(tls, in_the_clear);
    }
    let stopping = async {
        shutdown.await;
        tracing::info!("stopping");
        rooms.stop();
    };
    tokio::select! {
        () = connections::serve(listeners.tcp(), reception, stopping) => sleep(LAST_WORDS).await,
        () = keep_time(&rooms) => {}
        () = keep_certificate(config.tls.as_ref()) => {}
        () = turn.run(&access) => {}
    }
    access.close();
    let (kept, is_kept) = oneshot::channel();
    rooms.settle(move || {
        let _ = kept.send(());
    });
    // A disk that hangs does not keep the process alive.
    let _ = timeout(LAST_WORDS, is_kept).await;
    Ok(())
}

/// Returns the relay's secret, one for this process alone where it cannot be kept.
fn relay_secret(secrets: &Secrets) -> io::Result<String> {
    secrets.relay_secret().or_else(|error| {
        tracing::warn!(%error, "the relay's secret cannot be kept: a new one is made at each start");
        Secrets::nowhere().relay_secret()
    })
}

/// Goes on with the rooms of the state folder, if there is one that can be used.
fn open_rooms(config: &Config, access: &Access) -> Rooms {
    let opened = config.state_dir.as_deref().map(Store::open).transpose();
    let opened = opened.unwrap_or_else(|error| {
        tracing::warn!(%error, "the state folder cannot be used: rooms live in memory, and end with the server");
        None
    });
    let Some((store, records)) = opened else {
        return Rooms::new(config.rooms, RealWorld::new(Moment::ZERO, access.clone()));
    };
    tracing::info!("{} rooms on disk", records.len());
    let written = records.iter().map(|(_, record)| record.written()).max();
    Rooms::restore(config.rooms, RealWorld::new(written.unwrap_or_default(), access.clone()), store, records)
}

async fn keep_time(rooms: &Rooms) {
    loop {
        sleep(TICK).await;
        rooms.advance();
    }
}

/// Goes on for ever: without TLS there is nothing to see to.
async fn keep_certificate(tls: Option<&Tls>) {
    if let Some(tls) = tls {
        tls.keep().await;
    }
    core::future::pending::<()>().await;
}
