//! Sockets that systemd opened before the server was started, and keeps open while it is started anew
//! (`sd_listen_fds(3)`).
//!
//! Separate, because whoever listens should not care who opened the socket. A unit gives its sockets names, by
//! `FileDescriptorName=`: `https` and `http` for pages, `relay` for STUN and TURN.

use listenfd::ListenFd;
use std::io;
use tokio::net::{TcpListener, UdpSocket};

/// The variable that holds the names, separated by colons.
const NAMES: &str = "LISTEN_FDNAMES";

/// What was handed over; nothing where the server was started by hand.
#[derive(Debug, Default)]
pub struct Handed {
    tcp: Vec<(String, std::net::TcpListener)>,
    udp: Vec<(String, std::net::UdpSocket)>,
}

/// A socket is none that the server can use.
#[derive(Debug, thiserror::Error)]
#[error("the socket {name:?} that systemd opened is of no use: {error}")]
pub struct Useless {
    name: String,
    error: io::Error,
}

impl Handed {
    /// Takes what was handed over. To be called once, before there are threads: the variables are taken out, so that no child
    /// mistakes the sockets for its own.
    ///
    /// # Errors
    /// [`Useless`] where something is neither a TCP nor a UDP socket.
    pub fn take() -> Result<Self, Useless> {
        let names = std::env::var(NAMES).unwrap_or_default();
        let mut given = ListenFd::from_env();
        let mut names = names.split(':');
        let mut handed = Self::default();
        for place in 0..given.len() {
            let name = names.next().unwrap_or_default().to_owned();
            let useless = |error| Useless { name: name.clone(), error };
            match given.take_tcp_listener(place) {
                Ok(Some(listener)) => {
                    listener.set_nonblocking(true).map_err(useless)?;
                    handed.tcp.push((name, listener));
                }
                Ok(None) => {}
                Err(_) => {
                    let socket = given.take_udp_socket(place).map_err(useless)?;
                    if let Some(socket) = socket {
                        socket.set_nonblocking(true).map_err(useless)?;
                        handed.udp.push((name, socket));
                    }
                }
            }
        }
        Ok(handed)
    }

    /// Takes a listener of this name, if there is (still) one. To be called inside of the runtime.
    pub(crate) fn tcp(&mut self, name: &str) -> Option<TcpListener> {
        let place = self.tcp.iter().position(|(named, _)| named == name)?;
        TcpListener::from_std(self.tcp.swap_remove(place).1).ok()
    }

    /// Takes a UDP socket of this name, if there is (still) one. To be called inside of the runtime.
    pub(crate) fn udp(&mut self, name: &str) -> Option<UdpSocket> {
        let place = self.udp.iter().position(|(named, _)| named == name)?;
        UdpSocket::from_std(self.udp.swap_remove(place).1).ok()
    }
}
