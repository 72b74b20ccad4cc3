//! The process around the rooms: what listens, who is let in, which answer carries which header.
//!
//! In reading order: [`config`] is what the owner decides; `connections` accepts; `router` is the map of the site, `metrics` what it counts;
//! `doctor` looks from outside, `advice` says at the start what it can from inside; `sockets` come from systemd;
//! `same_origin`, `gate` and `security_headers` are what every request passes; `site` and `world` are what is around.

mod address;
pub mod advice;
mod allowance;
pub mod config;
mod connections;
pub mod doctor;
mod gate;
pub mod health;
mod metrics;
mod no_room;
mod reach;
mod relay;
mod router;
mod same_origin;
mod security_headers;
mod site;
pub mod sockets;
mod store;
mod trace;
mod world;

pub use self::relay::{RelayConfig, RelayHost, RelayOptions, SharedSecret, TurnUrl};
pub use address::{Network, ProxyHeader, TrustedProxies};
pub use allowance::PerMinute;
pub use config::{ClientLimits, Command, Config, Options};
pub use same_origin::PublicUrl;
pub use site::{NoSite, Site};

use connections::Bounds;
use core::future::Future;
use core::time::Duration;
use gate::Gate;
use signaling::rooms::Rooms;
use signaling::time::Moment;
use store::Store;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};
use world::RealWorld;

/// Between two looks for what is due in the rooms.
const TICK: Duration = Duration::from_millis(200);
/// How long the sockets may take to hear that the server stops.
const LAST_WORDS: Duration = Duration::from_millis(300);

/// Serves on this listener until `shutdown` is ready; then says so in the rooms, lets requests end, and returns.
pub async fn run(listener: TcpListener, config: Config, shutdown: impl Future<Output = ()>) {
    let access = relay::Access::new(&config.relay, &secret(), doors(&listener));
    let rooms = open_rooms(&config, &access);
    access.open(&rooms);
    let udp = tokio::net::UdpSocket::bind(listener.local_addr().expect("bound")).await.expect("udp");
    let turn = relay::TurnServer::new(&access, config.relay.limits, vec![udp]).expect("udp");
    let gate = Gate::new(&config.limits);
    let router = router::router(&config, &rooms, &turn, gate.clone());
    let bounds = Bounds { connections: config.limits.open_in_all.get(), write: config.write_deadline };
    let stopping = async {
        shutdown.await;
        tracing::info!("stopping");
        rooms.stop();
    };
    tokio::select! {
        () = connections::serve(&listener, router, &gate, bounds, &turn, stopping) => sleep(LAST_WORDS).await,
        () = keep_time(&rooms) => {}
        () = turn.run(&access) => {}
    }
    let (kept, is_kept) = oneshot::channel();
    rooms.settle(move || {
        let _ = kept.send(());
    });
    // A disk that hangs does not keep the process alive.
    let _ = timeout(LAST_WORDS, is_kept).await;
}

/// Goes on with the rooms of the state folder, if there is one that can be used.
fn open_rooms(config: &Config, access: &relay::Access) -> Rooms {
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

fn secret() -> [u8; 32] {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("random");
    bytes
}

fn doors(listener: &TcpListener) -> relay::Doors {
    let tcp = listener.local_addr().expect("bound");
    relay::Doors { udp: Some(tcp), tcp, tls: None }
}

async fn keep_time(rooms: &Rooms) {
    loop {
        sleep(TICK).await;
        rooms.advance();
    }
}
