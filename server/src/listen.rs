//! The sockets that the server listens on.
//!
//! Separate, because which there are is decided before anything is served, and what cannot be had is said plainly.

use super::config::{Config, Redirect};
use socket2::{Domain, Protocol, Socket, Type};
use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr};
use tokio::net::TcpListener;

/// Connections that wait in the system's queue while none is accepted.
const QUEUE: i32 = 1024;

/// The sockets, all of which are served alike; the first is the server's address.
#[derive(Debug)]
pub struct Listeners {
    pub(crate) tcp: Vec<TcpListener>,
}

impl From<TcpListener> for Listeners {
    fn from(listener: TcpListener) -> Self {
        Self { tcp: vec![listener] }
    }
}

/// An address cannot be had.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {address}: {error}{}", advice(*.address, .error))]
pub struct CannotListen {
    address: SocketAddr,
    error: io::Error,
}

impl Listeners {
    /// Takes the addresses that the configuration names. To be called inside of the runtime.
    ///
    /// # Errors
    /// [`CannotListen`] for the first that cannot be had and is not optional.
    pub fn bind(config: &Config) -> Result<Self, CannotListen> {
        let mut tcp = vec![bind(config.listen)?];
        if let Some(Redirect { address, is_wanted }) = config.redirect {
            match bind(address) {
                Ok(listener) => tcp.push(listener),
                Err(refused) if is_wanted => return Err(refused),
                Err(refused) => {
                    tracing::warn!("{refused}. Whoever types the domain without https:// may not arrive");
                }
            }
        }
        Ok(Self { tcp })
    }

    /// Returns the server's address, with the port that the system chose where none was named.
    ///
    /// # Errors
    /// The system's.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.tcp.first().map_or_else(|| Err(ErrorKind::NotConnected.into()), TcpListener::local_addr)
    }
}

/// Listens on an address; `[::]` means IPv4 too, and only that where a system has no IPv6.
pub(crate) fn bind(address: SocketAddr) -> Result<TcpListener, CannotListen> {
    let bound = listen(address).or_else(|error| match address {
        // For either reason IPv4 would be refused, too.
        _ if matches!(error.kind(), ErrorKind::AddrInUse | ErrorKind::PermissionDenied) => Err(error),
        SocketAddr::V6(v6) if v6.ip().is_unspecified() => listen((Ipv4Addr::UNSPECIFIED, v6.port()).into()),
        _ => Err(error),
    });
    bound.map_err(|error| CannotListen { address, error })
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    if matches!(address, SocketAddr::V6(v6) if v6.ip().is_unspecified()) {
        socket.set_only_v6(false)?;
    }
    // A restart must not wait for the connections of before.
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(QUEUE)?;
    TcpListener::from_std(socket.into())
}

fn advice(address: SocketAddr, error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::PermissionDenied if address.port() < 1024 => {
            " (ports below 1024 are for root, or for programs with the capability CAP_NET_BIND_SERVICE)".to_owned()
        }
        ErrorKind::AddrInUse => " (another program listens there; name another port, or end it)".to_owned(),
        ErrorKind::AddrNotAvailable => " (this machine has no such address)".to_owned(),
        _ => String::new(),
    }
}
