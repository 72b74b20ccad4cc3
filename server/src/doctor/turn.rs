//! A TURN client (RFC 8656) on real sockets: the protocol is the crate's, the roads are ours.
//!
//! Separate from what is tested with it, because this is a client like a browser's, whatever it carries.

use super::target::{PATIENCE, Stream, silence};
use core::future::Future;
use core::net::SocketAddr;
use std::io;
use std::time::Instant;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UdpSocket;
use tokio::time::{sleep_until, timeout};
use turn_client_proto::api::{Transmit, TurnClientApi as _, TurnConfig, TurnEvent, TurnPollRet, TurnRecvRet};
use turn_client_proto::client::TurnClient;
use turn_client_proto::stun::Instant as Since;
use turn_client_proto::stun::auth::Feature;
use turn_client_proto::stun::types::TransportType;
use turn_client_proto::tcp::TurnClientTcp;
use turn_client_proto::types::TurnCredentials;
use turn_client_proto::udp::TurnClientUdp;

/// More than a datagram can be.
const BUFFER: usize = 64 * 1024;

/// What carries the messages.
pub(crate) enum Carrier {
    /// A connected socket.
    Datagrams(UdpSocket),
    /// TCP, perhaps with TLS in it, and the two ends of it.
    Stream(Stream, SocketAddr, SocketAddr),
}

/// Why the relay does not work.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TurnTrouble {
    /// The road to it broke, or nothing came.
    #[error("{0}")]
    Road(#[from] io::Error),
    /// It gives no address: the name or the password is wrong, or there are too many.
    #[error("it gives no relayed address: the password is refused, or there are too many")]
    NoAllocation,
    /// It does not let the two reach each other.
    #[error("it does not let two people of one room reach each other")]
    NoPermission,
    /// It closed, or gave the address back.
    #[error("it took the relayed address back")]
    Closed,
}

/// A relayed address of one's own.
pub(crate) struct Allocation {
    client: TurnClient,
    carrier: Carrier,
    began: Instant,
    buffer: Vec<u8>,
    /// Whether the server ever said anything.
    is_heard: bool,
    /// Where others send to.
    pub(crate) address: SocketAddr,
}

/// Something that came from the relay.
enum News {
    Event(TurnEvent),
    Data(SocketAddr, Vec<u8>),
}

impl Allocation {
    /// Asks for a relayed address.
    ///
    /// # Errors
    /// [`TurnTrouble`]
    pub(crate) async fn new(carrier: Carrier, username: &str, password: &str) -> Result<Self, TurnTrouble> {
        let mut config = TurnConfig::new(TurnCredentials::new(username, password));
        // As browsers do: they know no hidden usernames.
        config.set_anonymous_username(Feature::Disabled);
        let client = match &carrier {
            Carrier::Datagrams(socket) => {
                TurnClientUdp::allocate(socket.local_addr()?, socket.peer_addr()?, config).into()
            }
            Carrier::Stream(_, local, remote) => TurnClientTcp::allocate(*local, *remote, config).into(),
        };
        let nowhere = SocketAddr::from(([0; 4], 0));
        let mut allocation =
            Self { client, carrier, began: Instant::now(), buffer: vec![0; BUFFER], is_heard: false, address: nowhere };
        let asked = in_time(async {
            loop {
                match allocation.news().await? {
                    News::Event(TurnEvent::AllocationCreated(_, address)) => break allocation.address = address,
                    News::Event(TurnEvent::AllocationCreateFailed(_)) => return Err(TurnTrouble::NoAllocation),
                    _ => {}
                }
            }
            Ok(())
        })
        .await;
        match asked {
            Ok(()) => Ok(allocation),
            // A server that knows no such password cannot sign its refusal, and the client heeds none that is not signed.
            Err(TurnTrouble::Road(_)) if allocation.is_heard => Err(TurnTrouble::NoAllocation),
            Err(trouble) => Err(trouble),
        }
    }

    /// Opens the way to and from another's relayed address: a permission, and a channel for little overhead.
    ///
    /// # Errors
    /// [`TurnTrouble`]
    pub(crate) async fn open_to(&mut self, peer: SocketAddr) -> Result<(), TurnTrouble> {
        let refused = |_| TurnTrouble::NoPermission;
        self.client
            .create_permission(TransportType::Udp, peer.ip(), self.now())
            .map_err(|_| TurnTrouble::NoPermission)?;
        in_time(async {
            loop {
                match self.news().await? {
                    News::Event(TurnEvent::PermissionCreated(..)) => {
                        self.client.bind_channel(TransportType::Udp, peer, self.now()).map_err(refused)?;
                    }
                    News::Event(TurnEvent::ChannelCreated(..)) => return Ok(()),
                    News::Event(TurnEvent::PermissionCreateFailed(..) | TurnEvent::ChannelCreateFailed(..)) => {
                        return Err(TurnTrouble::NoPermission);
                    }
                    _ => {}
                }
            }
        })
        .await
    }

    /// Sends to another's relayed address.
    ///
    /// # Errors
    /// [`TurnTrouble`]
    pub(crate) async fn send(&mut self, peer: SocketAddr, data: &[u8]) -> Result<(), TurnTrouble> {
        let sent = self.client.send_to(TransportType::Udp, peer, data, self.now());
        if let Some(message) = sent.map_err(|_| TurnTrouble::Closed)? {
            self.carrier.send(&message.build().data).await?;
        }
        Ok(())
    }

    /// Returns the next that another sent. Nothing is lost when it is not waited for to the end.
    ///
    /// # Errors
    /// [`TurnTrouble`]
    pub(crate) async fn receive(&mut self) -> Result<(SocketAddr, Vec<u8>), TurnTrouble> {
        loop {
            if let News::Data(peer, data) = self.news().await? {
                return Ok((peer, data));
            }
        }
    }

    /// Gives the address back, which else would count for some minutes.
    pub(crate) async fn give_back(mut self) {
        if self.client.delete(self.now()).is_ok() {
            // Until the server has said yes, which closes it.
            let _ = timeout(PATIENCE, async { while self.news().await.is_ok() {} }).await;
        }
    }

    fn now(&self) -> Since {
        Since::from_std(self.began)
    }

    async fn news(&mut self) -> Result<News, TurnTrouble> {
        loop {
            while let Some(message) = self.client.poll_transmit(self.now()) {
                self.carrier.send(&message.data).await?;
            }
            if let Some(data) = self.client.poll_recv(self.now()) {
                return Ok(News::Data(data.peer, data.data().to_vec()));
            }
            if let Some(event) = self.client.poll_event() {
                return Ok(News::Event(event));
            }
            let due = match self.client.poll(self.now()) {
                TurnPollRet::WaitUntil(due) => due.to_std(self.began),
                TurnPollRet::Closed => match self.client.poll_event() {
                    Some(event) => return Ok(News::Event(event)),
                    None => return Err(TurnTrouble::Closed),
                },
                // Only relays to TCP peers, which nobody here asks for.
                _ => continue,
            };
            let read = tokio::select! {
                read = self.carrier.receive(&mut self.buffer) => read?,
                () = sleep_until(due.into()) => continue,
            };
            self.is_heard = true;
            let (transport, from, to) = (self.client.transport(), self.client.remote_addr(), self.client.local_addr());
            let message = Transmit::new(&self.buffer[..read], transport, from, to);
            if let TurnRecvRet::PeerData(data) = self.client.recv(message, Since::from_std(self.began)) {
                return Ok(News::Data(data.peer, data.data().to_vec()));
            }
        }
    }
}

impl Carrier {
    async fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Datagrams(socket) => socket.send(bytes).await.map(|_| ()),
            Self::Stream(stream, ..) => {
                stream.write_all(bytes).await?;
                stream.flush().await
            }
        }
    }

    async fn receive(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Datagrams(socket) => socket.recv(buffer).await,
            Self::Stream(stream, ..) => match stream.read(buffer).await? {
                0 => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the server closed the connection")),
                read => Ok(read),
            },
        }
    }
}

async fn in_time<T>(work: impl Future<Output = Result<T, TurnTrouble>>) -> Result<T, TurnTrouble> {
    timeout(PATIENCE, work).await.map_err(|_| silence())?
}
