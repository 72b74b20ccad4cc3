//! The clients: two to a room, each with an allocation, and a channel to the other.
//!
//! Separate from the load, because this is done once for all of it.

use super::Result;
use super::load::{Heard, listen_stream, listen_udp};
use super::subject::{Kind, Seat, Subject};
use super::turn::{TurnClient, Wire};
use futures::StreamExt as _;
use quinn_udp::UdpSocketState;
use std::sync::Arc;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

pub(crate) const CHANNEL: u16 = 0x4000;
/// So that the clients are not where something is lost; the system gives what it allows.
const BUFFER_BYTES: usize = 4 * 1024 * 1024;

/// Which way clients go to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Road {
    Udp,
    Tcp,
}

/// What a client sends on.
pub(crate) enum Sender {
    Udp(std::net::UdpSocket, UdpSocketState),
    Tcp(std::net::TcpStream),
}

/// All clients of one server.
pub(crate) struct Pairs {
    road: Road,
    pub(crate) senders: Vec<Sender>,
    pub(crate) heard: Arc<Heard>,
    tasks: Vec<JoinHandle<()>>,
}

impl Pairs {
    pub(crate) fn open(runtime: &Runtime, subject: &Subject, road: Road, count: usize) -> Result<Self> {
        let mut pairs = Self { road, senders: Vec::new(), heard: Arc::default(), tasks: Vec::new() };
        let _inside = runtime.enter();
        for _ in 0..count {
            let two = runtime.block_on(subject.two())?;
            let mut clients = Vec::new();
            for (username, password, seat) in two {
                let wire = match road {
                    Road::Udp => Wire::udp(subject.address)?,
                    Road::Tcp => Wire::tcp(subject.address)?,
                };
                clients.push(TurnClient::new(wire, &username, &password));
                pairs.tasks.extend(seat.map(|seat| tokio::spawn(stay(seat))));
            }
            if subject.kind() != Kind::Echo {
                let addresses = [clients[0].allocate()?, clients[1].allocate()?];
                clients[0].bind(CHANNEL, addresses[1])?;
                clients[1].bind(CHANNEL, addresses[0])?;
            }
            for client in clients {
                pairs.set_up(client.wire)?;
            }
        }
        Ok(pairs)
    }

    pub(crate) fn road(&self) -> Road {
        self.road
    }

    fn set_up(&mut self, wire: Wire) -> Result<()> {
        let heard = Arc::clone(&self.heard);
        match wire {
            Wire::Udp(socket) => {
                socket.set_nonblocking(true)?;
                let state = UdpSocketState::new((&socket).into())?;
                state.set_recv_buffer_size((&socket).into(), BUFFER_BYTES)?;
                state.set_send_buffer_size((&socket).into(), BUFFER_BYTES)?;
                let listener = tokio::net::UdpSocket::from_std(socket.try_clone()?)?;
                let listening = UdpSocketState::new((&listener).into())?;
                self.tasks.push(tokio::spawn(listen_udp(listener, listening, heard)));
                self.senders.push(Sender::Udp(socket, state));
            }
            Wire::Tcp(stream) => {
                stream.set_nonblocking(true)?;
                let listener = tokio::net::TcpStream::from_std(stream.try_clone()?)?;
                self.tasks.push(tokio::spawn(listen_stream(listener, heard)));
                self.senders.push(Sender::Tcp(stream));
            }
        }
        Ok(())
    }
}

impl Drop for Pairs {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// Stays in the room.
async fn stay(mut seat: Seat) {
    while let Some(Ok(_)) = seat.next().await {}
}
