//! Where datagrams come from, and where they go.
//!
//! Separate, because it is all that the relay and the sockets have to agree on.

use core::net::{IpAddr, SocketAddr};

/// What carries a client's datagrams.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Road {
    /// Datagrams on one of the server's sockets.
    Udp {
        /// Which socket.
        socket: u8,
        /// The server's address that the client knows, where the system tells.
        local: Option<IpAddr>,
    },
    /// A stream in the clear, by its number.
    Tcp(u64),
    /// A stream in TLS, by its number.
    Tls(u64),
}

/// One client's way to the server: what RFC 8656 §2.2 calls a 5-tuple.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Flow {
    /// What carries it.
    pub road: Road,
    /// The client's address as the socket tells it, which may be an IPv4 one mapped into IPv6.
    pub remote: SocketAddr,
}

impl Flow {
    /// Returns the client's address as it is to be told: an IPv4 address is never dressed up as an IPv6 one.
    pub(crate) fn reflexive(&self) -> SocketAddr {
        SocketAddr::new(self.remote.ip().to_canonical(), self.remote.port())
    }
}
