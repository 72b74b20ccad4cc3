//! Asking a STUN server for one's own address (RFC 8489), over UDP.
//!
//! Separate from TURN, because it needs no password and most calls need no more.

use super::target::silence;
use core::time::Duration;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Instant;
use tokio::net::UdpSocket;
use tokio::time::timeout;
use turn_client_proto::stun::types::attribute::XorMappedAddress;
use turn_client_proto::stun::types::message::{BINDING, Message, MessageWriteVec};
use turn_client_proto::stun::types::prelude::MessageWrite as _;

/// How long to wait for each answer: a request can be lost, and RFC 8489 §6.2.1 lets it be said again.
const WAITS: [Duration; 4] =
    [Duration::from_millis(500), Duration::from_secs(1), Duration::from_secs(1), Duration::from_secs(2)];
/// No answer of a STUN server is larger than one datagram.
const DATAGRAM: usize = 1500;

/// What a STUN server saw.
#[derive(Debug)]
pub(crate) struct Seen {
    /// This machine, from over there.
    pub(crate) as_address: SocketAddr,
    /// How long it took.
    pub(crate) within: Duration,
}

/// Asks this server.
///
/// # Errors
/// `TimedOut` where no answer comes, what the system says, and `InvalidData` where the answer is none.
pub(crate) async fn ask(server: SocketAddr) -> io::Result<Seen> {
    let socket = datagrams(server).await?;
    let request = Message::builder_request(BINDING, MessageWriteVec::new());
    let question = request.finish();
    let id = Message::from_bytes(&question).map_err(io::Error::other)?.transaction_id();
    let mut buffer = [0; DATAGRAM];
    for wait in WAITS {
        let began = Instant::now();
        socket.send(&question).await?;
        let Ok(received) = timeout(wait, socket.recv(&mut buffer)).await else { continue };
        let answer = Message::from_bytes(&buffer[..received?]).map_err(|_| io::ErrorKind::InvalidData)?;
        if answer.transaction_id() != id {
            continue;
        }
        let mapped = answer.attribute::<XorMappedAddress>().map_err(|_| io::ErrorKind::InvalidData)?;
        return Ok(Seen { as_address: mapped.addr(id), within: began.elapsed() });
    }
    Err(silence())
}

/// Opens a socket for datagrams to this address alone.
///
/// # Errors
/// What the system says.
pub(crate) async fn datagrams(server: SocketAddr) -> io::Result<UdpSocket> {
    let any = match server.ip() {
        IpAddr::V4(_) => SocketAddr::from(([0; 4], 0)),
        IpAddr::V6(_) => SocketAddr::from(([0; 16], 0)),
    };
    let socket = UdpSocket::bind(any).await?;
    socket.connect(server).await?;
    Ok(socket)
}
