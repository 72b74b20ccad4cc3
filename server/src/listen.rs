//! The sockets that the server listens on.
//!
//! Separate, because which there are is decided before anything is served, and what cannot be had is said plainly.

use super::config::{Config, Redirect};
use super::relay::Doors;
use super::sockets::Handed;
use super::tls::Tls;
use socket2::{Domain, Protocol, Socket, Type};
use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr};
use tokio::net::{TcpListener, UdpSocket};

/// Connections that wait in the system's queue while none is accepted.
const QUEUE: i32 = 1024;

/// Ports that are tried for one that is free for TCP and UDP, where none was named.
const ATTEMPTS: usize = 16;

/// The sockets. Those for TCP are all served alike.
#[derive(Debug)]
pub struct Listeners {
    /// The server's address.
    site: TcpListener,
    /// For whoever types no https.
    redirect: Option<TcpListener>,
    /// The relay's, where it has an address of its own.
    relay: Option<TcpListener>,
    pub(crate) udp: Option<UdpSocket>,
}

impl From<TcpListener> for Listeners {
    /// Takes the same port of UDP along, if it is free.
    fn from(site: TcpListener) -> Self {
        let udp = site.local_addr().and_then(listen_udp).ok();
        Self { site, redirect: None, relay: None, udp }
    }
}

/// An address cannot be had.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {address}{}: {error}{}", if *.is_udp { " (UDP)" } else { "" }, advice(*.address, .error))]
pub struct CannotListen {
    address: SocketAddr,
    is_udp: bool,
    error: io::Error,
}

impl Listeners {
    /// Takes the addresses that the configuration names, but for the sockets that systemd has opened already. To be called inside
    /// of the runtime.
    ///
    /// # Errors
    /// [`CannotListen`] for the first that cannot be had and is not optional.
    pub fn bind(config: &Config, mut handed: Handed) -> Result<Self, CannotListen> {
        let site = handed.tcp("https").or_else(|| handed.tcp("http").filter(|_| config.tls.is_none()));
        let (relay_tcp, relay_udp) = (handed.tcp("relay"), handed.udp("relay"));
        let (site, relay, udp) = match (config.relay.is_inside(), config.relay.listen, site) {
            (false, _, site) => (given_or(site, config.listen, bind)?, None, None),
            (true, None, None) if relay_udp.is_none() => {
                let (site, udp) = bind_both(config.listen)?;
                (site, None, Some(udp))
            }
            (true, None, site) => {
                let site = given_or(site, config.listen, bind)?;
                let address = site.local_addr().unwrap_or(config.listen);
                (site, relay_tcp, Some(given_or(relay_udp, address, bind_udp)?))
            }
            (true, Some(_), site) if relay_udp.is_some() => {
                (given_or(site, config.listen, bind)?, relay_tcp, relay_udp)
            }
            (true, Some(address), site) => {
                let (relay, udp) = bind_both(address)?;
                (given_or(site, config.listen, bind)?, Some(relay), Some(udp))
            }
        };
        if let Some(redirect) = handed.tcp("http").filter(|_| config.tls.is_some()) {
            return Ok(Self { site, redirect: Some(redirect), relay, udp });
        }
        let redirect = match config.redirect.map(|Redirect { address, is_wanted }| (bind(address), is_wanted)) {
            Some((Err(refused), true)) => return Err(refused),
            Some((Err(refused), false)) => {
                tracing::warn!("{refused}. Whoever types the domain without https:// may not arrive");
                None
            }
            Some((Ok(listener), _)) => Some(listener),
            None => None,
        };
        Ok(Self { site, redirect, relay, udp })
    }

    /// Returns the server's address, with the port that the system chose where none was named.
    ///
    /// # Errors
    /// The system's.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.site.local_addr()
    }

    /// Returns where the relay is reached. TLS counts only with a certificate that browsers accept: for a relay they ask nobody.
    ///
    /// # Errors
    /// The system's.
    pub(crate) fn doors(&self, tls: Option<&Tls>) -> io::Result<Doors> {
        let tcp = self.relay.as_ref().unwrap_or(&self.site).local_addr()?;
        let udp = self.udp.as_ref().map(UdpSocket::local_addr).transpose()?;
        let tls = tls.filter(|tls| tls.is_trusted()).map(|_| self.site.local_addr()).transpose()?;
        Ok(Doors { udp, tcp, tls })
    }

    pub(crate) fn tcp(&self) -> impl Iterator<Item = &TcpListener> {
        [Some(&self.site), self.redirect.as_ref(), self.relay.as_ref()].into_iter().flatten()
    }
}

/// Takes what systemd opened, or else the address.
fn given_or<T>(
    given: Option<T>,
    address: SocketAddr,
    bind: impl Fn(SocketAddr) -> Result<T, CannotListen>,
) -> Result<T, CannotListen> {
    given.map_or_else(|| bind(address), Ok)
}

fn bind_udp(address: SocketAddr) -> Result<UdpSocket, CannotListen> {
    or_ipv4(address, listen_udp).map_err(|error| CannotListen { address, is_udp: true, error })
}

/// Takes one port for TCP and UDP.
fn bind_both(address: SocketAddr) -> Result<(TcpListener, UdpSocket), CannotListen> {
    let mut attempts = if address.port() == 0 { ATTEMPTS } else { 1 };
    loop {
        attempts -= 1;
        let listener = bind(address)?;
        let taken = listener.local_addr().unwrap_or(address);
        match or_ipv4(taken, listen_udp) {
            Ok(socket) => return Ok((listener, socket)),
            Err(error) if attempts == 0 => return Err(CannotListen { address: taken, is_udp: true, error }),
            Err(_) => {}
        }
    }
}

/// Listens on an address; `[::]` means IPv4 too, and only that where a system has no IPv6.
pub(crate) fn bind(address: SocketAddr) -> Result<TcpListener, CannotListen> {
    or_ipv4(address, listen).map_err(|error| CannotListen { address, is_udp: false, error })
}

fn or_ipv4<T>(address: SocketAddr, listen: impl Fn(SocketAddr) -> io::Result<T>) -> io::Result<T> {
    listen(address).or_else(|error| match address {
        // For either reason IPv4 would be refused, too.
        _ if matches!(error.kind(), ErrorKind::AddrInUse | ErrorKind::PermissionDenied) => Err(error),
        SocketAddr::V6(v6) if v6.ip().is_unspecified() => listen((Ipv4Addr::UNSPECIFIED, v6.port()).into()),
        _ => Err(error),
    })
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = socket(address, Type::STREAM, Protocol::TCP)?;
    // A restart must not wait for the connections of before.
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(QUEUE)?;
    TcpListener::from_std(socket.into())
}

fn listen_udp(address: SocketAddr) -> io::Result<UdpSocket> {
    let socket = socket(address, Type::DGRAM, Protocol::UDP)?;
    socket.bind(&address.into())?;
    UdpSocket::from_std(socket.into())
}

fn socket(address: SocketAddr, kind: Type, protocol: Protocol) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(address), kind, Some(protocol))?;
    if matches!(address, SocketAddr::V6(v6) if v6.ip().is_unspecified()) {
        socket.set_only_v6(false)?;
    }
    socket.set_nonblocking(true)?;
    Ok(socket)
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
