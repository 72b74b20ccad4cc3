//! How much one address may ask for, at the doors where it is asked.
//!
//! Separate from the counting, because this knows which request is what, and who is exempt.

use super::address::{Client, TrustedProxies};
use super::allowance::{Allowance, Place, Places};
use super::config::ClientLimits;
use app::pages::FromHere;
use app::signaling::door::{Door, Doorkeeper};
use app::signaling::{ROOMS_PATH, SIGNALING_PATH};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use core::time::Duration;
use http::header::{HOST, RETRY_AFTER};
use http::{Method, StatusCode};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::OwnedSemaphorePermit;

/// A name of the domain name system and a port (RFC 1035 §2.3.4) are never longer.
const LONGEST_HOST: usize = 255 + ":65535".len();

/// The far end of a TCP connection, and the places that it takes; an extension of every request. The places are free when
/// the last clone is dropped: with the connection, or with the conversation on the socket that it became.
#[derive(Debug, Clone)]
pub(crate) struct Peer(Arc<Connection>);

#[derive(Debug)]
struct Connection {
    address: SocketAddr,
    _in_all: Option<OwnedSemaphorePermit>,
    _of_client: Option<Place>,
}

impl Peer {
    pub(crate) fn new(address: SocketAddr, in_all: Option<OwnedSemaphorePermit>, of_client: Option<Place>) -> Self {
        Self(Arc::new(Connection { address, _in_all: in_all, _of_client: of_client }))
    }

    /// Returns where the connection comes from; behind a proxy, from that.
    pub(crate) fn address(&self) -> SocketAddr {
        self.0.address
    }
}

/// What a conversation holds for as long as it lasts.
#[derive(Debug)]
struct Entrance {
    gate: Gate,
    client: Client,
    /// What its request called us.
    host: Option<Box<str>>,
    _peer: Peer,
    _place: Option<Place>,
}

impl Doorkeeper for Entrance {
    fn admits(&self) -> bool {
        self.gate.is_exempt(self.client) || self.gate.0.joins.take(self.client.address, Instant::now()).is_ok()
    }

    fn hears(&self, bytes: usize) -> bool {
        let (counters, address, now) = (&self.gate.0, self.client.address, Instant::now());
        self.gate.is_exempt(self.client)
            || (counters.messages.take(address, now).is_ok()
                && counters.bytes.take_many(address, bytes as f64, now).is_ok())
    }

    fn reached_at(&self) -> Option<&str> {
        self.host.as_deref()
    }
}

/// Counts what clients do; clones count together.
#[derive(Debug, Clone)]
pub(crate) struct Gate(Arc<Counters>);

#[derive(Debug)]
struct Counters {
    proxies: TrustedProxies,
    loopback: bool,
    rooms: Allowance,
    joins: Allowance,
    sockets: Allowance,
    messages: Allowance,
    bytes: Allowance,
    open_sockets: Places,
    connections: Places,
}

impl Gate {
    pub(crate) fn new(limits: &ClientLimits) -> Self {
        Self(Arc::new(Counters {
            proxies: limits.proxies.clone(),
            loopback: limits.loopback,
            rooms: Allowance::new(limits.rooms),
            joins: Allowance::new(limits.joins),
            sockets: Allowance::new(limits.connections),
            messages: Allowance::new(limits.messages),
            bytes: Allowance::new(limits.bytes),
            open_sockets: Places::new(limits.open.get()),
            connections: Places::new(limits.open.get()),
        }))
    }

    /// Lets a TCP connection in: `Err` when its address has too many, `Ok(None)` when they are not counted. A proxy's are
    /// not: it speaks for many.
    pub(crate) fn connection(&self, address: IpAddr) -> Result<Option<Place>, ()> {
        let address = address.to_canonical();
        if (address.is_loopback() && !self.0.loopback) || self.0.proxies.contain(address) {
            return Ok(None);
        }
        self.0.connections.take(address).map(Some).ok_or(())
    }

    /// Lets a socket in.
    fn socket(&self, client: Client, peer: Peer, host: Option<Box<str>>) -> Result<Door, Duration> {
        let place = if self.is_exempt(client) {
            None
        } else {
            self.0.sockets.take(client.address, Instant::now())?;
            Some(self.0.open_sockets.take(client.address).ok_or(Duration::from_secs(1))?)
        };
        Ok(Door::new(Entrance { gate: self.clone(), client, host, _peer: peer, _place: place }))
    }

    fn room(&self, client: Client) -> Result<(), Duration> {
        if self.is_exempt(client) { Ok(()) } else { self.0.rooms.take(client.address, Instant::now()) }
    }

    fn is_exempt(&self, client: Client) -> bool {
        client.is_here && !self.0.loopback
    }
}

/// Passes a request, or answers it with 429.
pub(crate) async fn gate(State(gate): State<Gate>, mut request: Request, next: Next) -> Response {
    let passed = match request.extensions_mut().remove::<Peer>() {
        Some(peer) => {
            let client = gate.0.proxies.client(peer.address().ip(), request.headers());
            if client.is_here {
                request.extensions_mut().insert(FromHere);
            }
            match (request.uri().path(), request.method()) {
                (SIGNALING_PATH, &Method::GET) => gate.socket(client, peer, host(&request)).map(Some),
                (ROOMS_PATH, &Method::POST) => gate.room(client).map(|()| None),
                _ => Ok(None),
            }
        }
        None => Ok(None),
    };
    match passed {
        Ok(Some(door)) => {
            request.extensions_mut().insert(door);
            next.run(request).await
        }
        Ok(None) => next.run(request).await,
        Err(wait) => too_many(wait),
    }
}

/// Returns what the request calls us. It is the client's word, and matters to nobody else.
fn host(request: &Request) -> Option<Box<str>> {
    let named = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    named.filter(|host| !host.is_empty() && host.len() <= LONGEST_HOST).map(Box::from)
}

fn too_many(wait: Duration) -> Response {
    let seconds = (wait.as_secs() + 1).to_string();
    (StatusCode::TOO_MANY_REQUESTS, [(RETRY_AFTER, seconds)], "Too many requests; try again shortly.\n").into_response()
}
