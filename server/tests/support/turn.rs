//! A TURN client that does one thing after the other, on a real socket; for whoever has credentials.
//!
//! Separate from the rest of the support, because the relay's load generator uses it too.

#![allow(dead_code, unreachable_pub, reason = "the tests and the load generator each use a part of it")]

use core::fmt;
use relay::framing::{HEADER_BYTES, lengths, pad};
use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::time::Duration;
use stun_proto::types::attribute::{ErrorCode, Nonce, Realm, Username, XorMappedAddress};
use stun_proto::types::message::{
    BINDING, IntegrityAlgorithm, LongTermCredentials, Message, MessageClass, MessageType, MessageWriteVec, Method,
    TransactionId,
};
use stun_proto::types::prelude::*;
use turn_types::attribute::{ChannelNumber, Data, Lifetime, RequestedTransport, XorPeerAddress, XorRelayedAddress};
use turn_types::message::{ALLOCATE, CHANNEL_BIND, CREATE_PERMISSION, REFRESH, SEND};

/// An answer comes sooner, unless there is none.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why something was not to be had.
#[derive(Debug)]
pub enum Trouble {
    /// The server said no, with this code.
    Refused(u16),
    /// The road is broken, or nothing came in time.
    Road(io::Error),
    /// What came makes no sense.
    Nonsense,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(code) => write!(f, "the TURN server refuses: {code}"),
            Self::Road(error) => write!(f, "the TURN server does not answer: {error}"),
            Self::Nonsense => f.write_str("the TURN server talks nonsense"),
        }
    }
}

impl std::error::Error for Trouble {}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Road(error)
    }
}

/// The way to the server.
#[derive(Debug)]
pub enum Wire {
    Udp(UdpSocket),
    Tcp(TcpStream),
}

impl Wire {
    pub fn udp(server: SocketAddr) -> io::Result<Self> {
        let socket = UdpSocket::bind((if server.is_ipv4() { "0.0.0.0" } else { "::" }, 0))?;
        socket.connect(server)?;
        socket.set_read_timeout(Some(PATIENCE))?;
        Ok(Self::Udp(socket))
    }

    pub fn tcp(server: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(server)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self::Tcp(stream))
    }

    pub fn local(&self) -> io::Result<SocketAddr> {
        match self {
            Self::Udp(socket) => socket.local_addr(),
            Self::Tcp(stream) => stream.local_addr(),
        }
    }

    /// Says how long to wait for a datagram.
    pub fn set_patience(&self, patience: Duration) -> io::Result<()> {
        match self {
            Self::Udp(socket) => socket.set_read_timeout(Some(patience)),
            Self::Tcp(stream) => stream.set_read_timeout(Some(patience)),
        }
    }

    pub fn send(&mut self, datagram: &[u8]) -> io::Result<()> {
        match self {
            Self::Udp(socket) => socket.send(datagram).map(drop),
            Self::Tcp(stream) => {
                let mut framed = datagram.to_vec();
                pad(&mut framed);
                stream.write_all(&framed)
            }
        }
    }

    pub fn receive(&mut self) -> io::Result<Vec<u8>> {
        let mut datagram = vec![0; 65_536];
        let length = match self {
            Self::Udp(socket) => socket.recv(&mut datagram)?,
            Self::Tcp(stream) => {
                stream.read_exact(&mut datagram[..HEADER_BYTES])?;
                let header = [datagram[0], datagram[1], datagram[2], datagram[3]];
                let (length, padded) = lengths(header).map_err(io::Error::other)?;
                stream.read_exact(&mut datagram[HEADER_BYTES..padded])?;
                length
            }
        };
        datagram.truncate(length);
        Ok(datagram)
    }
}

/// A client.
#[derive(Debug)]
pub struct TurnClient {
    pub wire: Wire,
    username: String,
    password: String,
    realm: String,
    nonce: String,
}

impl TurnClient {
    pub fn new(wire: Wire, username: &str, password: &str) -> Self {
        let (realm, nonce) = Default::default();
        Self { wire, username: username.into(), password: password.into(), realm, nonce }
    }

    /// Asks where it is seen from.
    pub fn mapped(&mut self) -> Result<SocketAddr, Trouble> {
        self.wire.send(&Message::builder_request(BINDING, MessageWriteVec::new()).finish())?;
        let answer = self.wire.receive()?;
        let answer = Message::from_bytes(&answer).map_err(|_| Trouble::Nonsense)?;
        let mapped = answer.attribute::<XorMappedAddress>().map_err(|_| Trouble::Nonsense)?;
        Ok(mapped.addr(answer.transaction_id()))
    }

    /// Returns a question that anybody may ask, and that is answered with what to sign.
    pub fn knock() -> Vec<u8> {
        let mut request = Message::builder_request(ALLOCATE, MessageWriteVec::new());
        request.add_attribute(&RequestedTransport::new(RequestedTransport::UDP)).expect("a request");
        request.finish()
    }

    /// Allocates, and returns the relayed address.
    pub fn allocate(&mut self) -> Result<SocketAddr, Trouble> {
        self.wire.send(&Self::knock())?;
        let answer = self.wire.receive()?;
        let answer = Message::from_bytes(&answer).map_err(|_| Trouble::Nonsense)?;
        answer.attribute::<Realm>().map_err(|_| Trouble::Nonsense)?.realm().clone_into(&mut self.realm);
        answer.attribute::<Nonce>().map_err(|_| Trouble::Nonsense)?.nonce().clone_into(&mut self.nonce);
        let udp = RequestedTransport::new(RequestedTransport::UDP);
        let answer = self.ask(ALLOCATE, TransactionId::generate(), &[&udp])?;
        let answer = Message::from_bytes(&answer).map_err(|_| Trouble::Nonsense)?;
        let relayed = answer.attribute::<XorRelayedAddress>().map_err(|_| Trouble::Nonsense)?;
        Ok(relayed.addr(answer.transaction_id()))
    }

    pub fn refresh(&mut self, seconds: u32) -> Result<(), Trouble> {
        self.ask(REFRESH, TransactionId::generate(), &[&Lifetime::new(seconds)]).map(drop)
    }

    pub fn permit(&mut self, peer: SocketAddr) -> Result<(), Trouble> {
        let transaction = TransactionId::generate();
        self.ask(CREATE_PERMISSION, transaction, &[&XorPeerAddress::new(peer, transaction)]).map(drop)
    }

    pub fn bind(&mut self, channel: u16, peer: SocketAddr) -> Result<(), Trouble> {
        let transaction = TransactionId::generate();
        let (channel, peer) = (ChannelNumber::new(channel), XorPeerAddress::new(peer, transaction));
        self.ask(CHANNEL_BIND, transaction, &[&channel, &peer]).map(drop)
    }

    /// Sends to a peer without a channel.
    pub fn indicate(&mut self, peer: SocketAddr, data: &[u8]) -> io::Result<()> {
        let transaction = TransactionId::generate();
        let kind = MessageType::from_class_method(MessageClass::Indication, SEND);
        let mut message = Message::builder(kind, transaction, MessageWriteVec::new());
        message.add_attribute(&XorPeerAddress::new(peer, transaction)).expect("an indication");
        message.add_attribute(&Data::new(data)).expect("an indication");
        self.wire.send(&message.finish())
    }

    /// Sends through a channel.
    pub fn say(&mut self, channel: u16, data: &[u8]) -> io::Result<()> {
        self.wire.send(&frame(channel, data))
    }

    /// Returns what comes through a channel next.
    pub fn hear(&mut self, channel: u16) -> io::Result<Vec<u8>> {
        let datagram = self.wire.receive()?;
        match datagram.strip_prefix(&channel.to_be_bytes()) {
            Some([_, _, data @ ..]) => Ok(data.to_vec()),
            _ => Err(io::Error::other("not from this channel")),
        }
    }

    fn ask(
        &mut self,
        method: Method,
        transaction: TransactionId,
        attributes: &[&dyn AttributeWrite],
    ) -> Result<Vec<u8>, Trouble> {
        let kind = MessageType::from_class_method(MessageClass::Request, method);
        let mut request = Message::builder(kind, transaction, MessageWriteVec::new());
        let own: [&dyn AttributeWrite; 3] = [
            &Username::new(&self.username).expect("short"),
            &Realm::new(&self.realm).expect("short"),
            &Nonce::new(&self.nonce).expect("short"),
        ];
        for attribute in attributes.iter().chain(&own) {
            request.add_attribute(*attribute).expect("a request");
        }
        let signer = LongTermCredentials::new(self.username.clone(), self.password.clone());
        let key = signer.to_key(self.realm.clone()).into();
        request.add_message_integrity(&key, IntegrityAlgorithm::Sha1).expect("not signed yet");
        self.wire.send(&request.finish())?;
        // What is relayed may come first.
        loop {
            let datagram = self.wire.receive()?;
            let Ok(answer) = Message::from_bytes(&datagram) else { continue };
            if answer.transaction_id() == transaction {
                let refused = answer.attribute::<ErrorCode>().ok().map(|error| Trouble::Refused(error.code()));
                return refused.map_or(Ok(datagram), Err);
            }
        }
    }
}

/// Puts data into a channel.
pub fn frame(channel: u16, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).expect("short");
    [&channel.to_be_bytes(), &length.to_be_bytes(), data].concat()
}
