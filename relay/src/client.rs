//! One client's half of TURN.
//!
//! Separate, because each client has a protocol machine of its own: it is found at once, bounded by itself, and gone with
//! everything in it when its owner is. `turn-server-proto` could serve many from one, but would look through all of them
//! for every packet, and forgets no user.

use super::credentials::Owner;
use super::flow::Flow;
use core::net::{IpAddr, Ipv4Addr, SocketAddr};
use core::ops::Range;
use signaling::time::Moment;
use stun_proto::Instant;
use stun_proto::types::TransportType;
use stun_proto::types::message::{IntegrityAlgorithm, IntegrityKey, LongTermCredentials, Message, TransactionId};
use turn_server_proto::api::{
    DelayedMessageOrChannelSend, SocketAllocateError, Transmit, TurnServerApi, TurnServerPollRet,
};
use turn_server_proto::server::TurnServer;
use turn_types::AddressFamily;
use turn_types::transmit::DelayedTransmitBuild as _;

/// What users are asked in (RFC 8489 §9.2). Short, because it is part of what strangers are answered.
pub(crate) const REALM: &str = "parlour";

/// The server's address in the machine, which has one client and so no need to tell addresses apart.
const HERE: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0);

/// Who a client has proved to be, or is about to.
#[derive(Debug)]
pub(crate) struct User {
    pub(crate) owner: Owner,
    pub(crate) username: String,
    key: IntegrityKey,
}

/// What a client's datagram asks for.
#[derive(Debug)]
pub(crate) enum Asked {
    /// A part of it is for whoever has the relayed address `to`.
    Carry { from: SocketAddr, to: SocketAddr, data: Range<usize> },
    /// The client is to be answered.
    Answer(Vec<u8>),
    /// Nothing more.
    Nothing,
}

impl Asked {
    /// Returns the answer, if there is one.
    pub(crate) fn answer(self) -> Option<Vec<u8>> {
        match self {
            Self::Answer(answer) => Some(answer),
            Self::Carry { .. } | Self::Nothing => None,
        }
    }
}

/// One client.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) remote: SocketAddr,
    machine: TurnServer,
    pub(crate) user: Option<User>,
    pub(crate) relayed: Vec<SocketAddr>,
    /// The answer to the last allocation, for a request whose answer was lost on the way (RFC 8489 §6.3.1).
    allocated: Option<(TransactionId, Vec<u8>)>,
    /// When something was last heard that allocates nothing.
    pub(crate) since: Moment,
}

impl Client {
    pub(crate) fn new(flow: &Flow, now: Moment) -> Self {
        // One realm and transport for all: a stream's datagrams are taken apart before they come here.
        let machine = TurnServer::new(TransportType::Udp, HERE, REALM.into());
        Self { remote: flow.reflexive(), machine, user: None, relayed: Vec::new(), allocated: None, since: now }
    }

    /// Takes a name and its password; whether the client knows the password is seen with the request. To be called once: the machine
    /// forgets no name.
    pub(crate) fn expect(&mut self, owner: Owner, username: &str, password: String) {
        let credentials = LongTermCredentials::new(username.into(), password.clone());
        let key = credentials.to_key(REALM.into()).make_key(IntegrityAlgorithm::Sha1);
        self.machine.add_user(username.into(), password);
        self.user = Some(User { owner, username: username.into(), key });
    }

    /// Returns the key of its user, if it has signed this message.
    pub(crate) fn signed(&self, message: &Message<'_>) -> Option<&IntegrityKey> {
        let key = &self.user.as_ref()?.key;
        message.validate_integrity_with_key(key).is_ok().then_some(key)
    }

    /// Returns the answer that an allocation was given, when it is asked for again.
    pub(crate) fn answered(&self, request: &Message<'_>) -> Option<&[u8]> {
        let (transaction, answer) = self.allocated.as_ref()?;
        (*transaction == request.transaction_id()).then_some(answer)
    }

    /// Takes a datagram of the client's.
    pub(crate) fn hear(&mut self, datagram: &[u8], now: Moment) -> Asked {
        let came = Transmit::new(datagram, TransportType::Udp, self.remote, HERE);
        let Some(asked) = self.machine.recv(came, instant(now)) else { return Asked::Nothing };
        let (from, to) = (asked.from, asked.to);
        match asked.data {
            DelayedMessageOrChannelSend::Range(_, data) => Asked::Carry { from, to, data },
            answer => Asked::Answer(answer.build()),
        }
    }

    /// Writes what a peer sent into what its client is sent, if the client permits the peer; returns whether it does.
    pub(crate) fn deliver(
        &mut self,
        from: SocketAddr,
        to: SocketAddr,
        data: &[u8],
        out: &mut Vec<u8>,
        now: Moment,
    ) -> bool {
        let came = Transmit::new(data, TransportType::Udp, from, to);
        let Some(sent) = self.machine.recv(came, instant(now)) else { return false };
        match sent.data {
            DelayedMessageOrChannelSend::Channel(framed) => {
                out.resize(framed.len(), 0);
                framed.write_into(out);
            }
            // `turn-types` 0.7.3 writes an indication into a slice as if it were for a server.
            indication => *out = indication.build(),
        }
        true
    }

    /// Returns the next allocation that the client waits for.
    pub(crate) fn wanted(&mut self, now: Moment) -> Option<AddressFamily> {
        match self.machine.poll(instant(now)) {
            TurnServerPollRet::AllocateSocket { family, .. } => Some(family),
            _ => None,
        }
    }

    /// Gives it, or says that there is none.
    pub(crate) fn allocate(&mut self, family: AddressFamily, address: Option<SocketAddr>, now: Moment) {
        self.relayed.extend(address);
        let address = address.ok_or(SocketAllocateError::InsufficientCapacity);
        let udp = TransportType::Udp;
        self.machine.allocated_socket(udp, HERE, self.remote, udp, family, address, instant(now));
    }

    /// Returns what the client is told of its allocations, once.
    pub(crate) fn told(&mut self, request: TransactionId, now: Moment) -> Option<Vec<u8>> {
        let answer = self.machine.poll_transmit(instant(now))?.data;
        self.allocated = Some((request, answer.clone()));
        Some(answer)
    }

    /// Lets time pass, and returns the relayed addresses that are given up.
    pub(crate) fn settle(&mut self, now: Moment) -> Vec<SocketAddr> {
        let mut gone = Vec::new();
        loop {
            match self.machine.poll(instant(now)) {
                TurnServerPollRet::SocketClose { listen_addr, .. } => gone.push(listen_addr),
                TurnServerPollRet::TcpClose { .. } => {}
                _ => break,
            }
        }
        self.relayed.retain(|address| !gone.contains(address));
        gone
    }
}

fn instant(now: Moment) -> Instant {
    Instant::from_nanos(i64::try_from(now.as_nanos()).unwrap_or(i64::MAX))
}
