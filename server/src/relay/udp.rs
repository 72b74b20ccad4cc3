//! STUN and TURN on UDP.
//!
//! Separate from the streams, because here the system takes and gives many datagrams at once, and that is what makes a
//! relay quick.

use super::service::Service;
use core::net::{IpAddr, SocketAddr};
use quinn_udp::{BATCH_SIZE, RecvMeta, Transmit, UdpSocketState};
use std::io::{self, IoSliceMut};
use tokio::io::Interest;
use tokio::net::UdpSocket;
use tokio::task::yield_now;

/// What the system is asked to hold for the relay while it is busy: a tenth of a second of a full gigabit.
const BUFFER_BYTES: usize = 8 * 1024 * 1024;
/// What one call may bring: several datagrams of one sender come as one.
const RECEIVED_BYTES: usize = 64 * 1024;
/// What one call may send to one client.
const SENT_BYTES: usize = 60 * 1024;
/// Batches that are worked off before others have their turn.
const TURN: usize = 16;

/// A socket of the relay's.
#[derive(Debug)]
pub(super) struct Socket {
    socket: UdpSocket,
    state: UdpSocketState,
}

/// Datagrams for one client that are sent in one call: all of one size but the last, which may be shorter.
#[derive(Debug, Default)]
pub(super) struct Outgoing {
    to: Option<(SocketAddr, Option<IpAddr>)>,
    size: usize,
    bytes: Vec<u8>,
    /// Whether a shorter one was the last.
    closed: bool,
}

impl Socket {
    pub(super) fn new(socket: UdpSocket) -> io::Result<Self> {
        let state = UdpSocketState::new((&socket).into())?;
        // The system gives what its owner allows; less is no failure.
        let _ = state.set_recv_buffer_size((&socket).into(), BUFFER_BYTES);
        let _ = state.set_send_buffer_size((&socket).into(), BUFFER_BYTES);
        Ok(Self { socket, state })
    }

    /// Works off what comes in, for ever.
    pub(super) async fn serve(&self, service: &Service, number: u8) {
        let mut buffers = vec![[0_u8; RECEIVED_BYTES]; BATCH_SIZE];
        let mut metas = vec![RecvMeta::default(); BATCH_SIZE];
        loop {
            if self.socket.readable().await.is_err() {
                yield_now().await;
                continue;
            }
            for _ in 0..TURN {
                let mut slices: Vec<_> = buffers.iter_mut().map(|buffer| IoSliceMut::new(buffer)).collect();
                let receive = || self.state.recv((&self.socket).into(), &mut slices, &mut metas);
                match self.socket.try_io(Interest::READABLE, receive) {
                    Ok(count) => {
                        let batch = buffers.iter().zip(&metas).take(count);
                        service.receive_many(number, batch.flat_map(|(buffer, meta)| datagrams(buffer, meta)));
                    }
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                    // What an earlier datagram met on its way is told here, and is nobody's failure.
                    Err(_) => {}
                }
            }
            yield_now().await;
        }
    }

    /// Sends what has gathered. What the system does not take is lost, as on any network that is full.
    pub(super) fn send(&self, outgoing: &mut Outgoing) {
        if let Some((destination, src_ip)) = outgoing.to.take() {
            let segment_size = Some(outgoing.size);
            let transmit = Transmit { destination, ecn: None, contents: &outgoing.bytes, segment_size, src_ip };
            let _ = self.socket.try_io(Interest::WRITABLE, || self.state.try_send((&self.socket).into(), &transmit));
        }
        outgoing.bytes.clear();
        outgoing.closed = false;
    }

    /// Adds a datagram to what gathers, and sends that first if it does not go together.
    pub(super) fn gather(&self, outgoing: &mut Outgoing, to: (SocketAddr, Option<IpAddr>), datagram: &[u8]) {
        let together = outgoing.to == Some(to)
            && !outgoing.closed
            && datagram.len() <= outgoing.size
            && outgoing.bytes.len() + datagram.len() <= SENT_BYTES
            && outgoing.bytes.len() / outgoing.size.max(1) < self.state.max_gso_segments();
        if !together {
            self.send(outgoing);
            outgoing.to = Some(to);
            outgoing.size = datagram.len();
        }
        outgoing.closed = datagram.len() < outgoing.size;
        outgoing.bytes.extend_from_slice(datagram);
    }
}

/// Cuts what the system put together.
fn datagrams<'a>(buffer: &'a [u8], meta: &'a RecvMeta) -> impl Iterator<Item = (SocketAddr, Option<IpAddr>, &'a [u8])> {
    let whole = &buffer[..meta.len];
    whole.chunks(meta.stride.max(1)).map(|datagram| (meta.addr, meta.dst_ip, datagram))
}
