//! STUN and TURN on UDP.
//!
//! Separate from the streams, because here the system takes and gives many datagrams at once, and that is what makes a
//! relay quick.

use super::service::Service;
use core::net::{IpAddr, SocketAddr};
use quinn_udp::{BATCH_SIZE, RecvMeta, Transmit, UdpSocketState};
use std::io::{self, ErrorKind, IoSliceMut};
use std::net::UdpSocket;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use tokio::io::Interest;
use tokio::sync::oneshot;

/// What the system is asked to hold for the relay while it is busy: a tenth of a second of a full gigabit.
const BUFFER_BYTES: usize = 8 * 1024 * 1024;
/// What one call may bring: several datagrams of one sender come as one.
const RECEIVED_BYTES: usize = 64 * 1024;
/// What one call may send to one client.
const SENT_BYTES: usize = 60 * 1024;

/// A socket of the relay's.
#[derive(Debug)]
pub(super) struct Socket {
    socket: UdpSocket,
    state: UdpSocketState,
}

/// A thread that works off what comes in on a socket, until this is dropped.
///
/// A thread, and no task: the runtime of the pages wakes a second thread for what the first one is about to do, and for one
/// packet at a time that costs as much again as relaying it.
#[derive(Debug)]
pub(super) struct Worker {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// Begins.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub(super) fn start(service: &Arc<Service>, number: usize) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
        let (stop, stopped) = oneshot::channel();
        let service = Arc::clone(service);
        let work = move || {
            runtime.block_on(async {
                tokio::select! {
                    _ = stopped => {}
                    served = service.sockets()[number].serve(&service, number) => {
                        let _ = served.inspect_err(|error| tracing::error!(%error, "the relay's socket is lost"));
                    }
                }
            });
        };
        let thread = thread::Builder::new().name(format!("relay-{number}")).spawn(work)?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // Waited for, so that the port is free afterwards.
        drop(self.stop.take());
        let _ = self.thread.take().map(JoinHandle::join);
    }
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
    pub(super) fn new(socket: tokio::net::UdpSocket) -> io::Result<Self> {
        let socket = socket.into_std()?;
        let state = UdpSocketState::new((&socket).into())?;
        // The system gives what its owner allows; less is no failure.
        let _ = state.set_recv_buffer_size((&socket).into(), BUFFER_BYTES);
        let _ = state.set_send_buffer_size((&socket).into(), BUFFER_BYTES);
        Ok(Self { socket, state })
    }

    /// Works off what comes in, for ever.
    async fn serve(&self, service: &Service, number: usize) -> io::Result<()> {
        let number = u8::try_from(number).map_err(io::Error::other)?;
        let socket = tokio::net::UdpSocket::from_std(self.socket.try_clone()?)?;
        let mut buffers = vec![[0_u8; RECEIVED_BYTES]; BATCH_SIZE];
        let mut slices: Vec<_> = buffers.iter_mut().map(|buffer| IoSliceMut::new(buffer)).collect();
        let mut metas = vec![RecvMeta::default(); BATCH_SIZE];
        loop {
            socket.readable().await?;
            let mut count = 0;
            // What an earlier datagram met on its way is an error too, and nobody's failure.
            let _ = socket.try_io(Interest::READABLE, || {
                count = self.state.recv((&self.socket).into(), &mut slices, &mut metas)?;
                // Fewer than asked for: there is no more, and that need not be asked once more.
                if count < BATCH_SIZE { Err(ErrorKind::WouldBlock.into()) } else { Ok(()) }
            });
            let batch = slices.iter().zip(&metas).take(count);
            service.receive_many(number, batch.flat_map(|(buffer, meta)| datagrams(buffer, meta)));
        }
    }

    /// Sends what has gathered. What the system does not take is lost, as on any network that is full.
    pub(super) fn send(&self, outgoing: &mut Outgoing) {
        if let Some((destination, src_ip)) = outgoing.to.take() {
            let segment_size = Some(outgoing.size);
            let transmit = Transmit { destination, ecn: None, contents: &outgoing.bytes, segment_size, src_ip };
            let _ = self.state.try_send((&self.socket).into(), &transmit);
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
